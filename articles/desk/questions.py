"""Readers' follow-up questions: listed, grouped, answered, and forgotten when their time is over."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from articles import queries
from articles.content.alike import Alike, alike
from articles.desk.answering import answer, answering
from articles.desk.rooms import PAGE_SIZE, editors, rooms
from articles.models import Inquiry, Question
from articles.web import OfficeRequest
from articles.workflow import WorkflowError
from articles.workflow.telling import answer_question

_SECTIONS = (
    (queries.OPEN, "Open"),
    (queries.BEING_ANSWERED, "Being answered"),
    (queries.ANSWERED, "Answered"),
    (queries.REPORTS, "Reports"),
)
_COMPARED = 500  # open questions among which those that ask the same are looked for


@require_safe
@editors
def questions(request: OfficeRequest) -> HttpResponse:
    """What readers ask: groups and single questions in one list, narrowed down by the address."""
    show = request.GET.get("show", "")
    show = show if show in dict(_SECTIONS) else queries.OPEN
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    page = Paginator(queries.asked(show, words), PAGE_SIZE).get_page(request.GET.get("page"))
    here = reverse("desk:questions")
    choices = []
    for key, label in _SECTIONS:
        said = urlencode({name: value for name, value in (("show", key), ("q", words)) if value})
        choices.append(
            {
                "label": f"{label} {queries.asked(key, words).count()}",
                "href": f"{here}?{said}" if said else here,
                "current": key == show,
            }
        )
    context = {
        "page_obj": page,
        "rows": _rows(list(page)),
        "show": show,
        "words": words,
        "title": dict(_SECTIONS)[show],
        "answered": show == queries.ANSWERED,
        "choices": choices,
        "rooms": rooms("questions"),
    }
    return render(request, "desk/questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@editors
def question(request: OfficeRequest, pk: int) -> HttpResponse:
    """One question: where it came from, what is like it, and its answer. A POST answers it, once."""
    asked = get_object_or_404(_questions(), pk=pk)

    def page(
        *,
        typed: QueryDict | None = None,
        issues: Any = (),
        refusal: WorkflowError | None = None,
        status: int = 200,
    ) -> HttpResponse:
        now = get_object_or_404(_questions(), pk=pk)
        is_free = now.answered_at is None and now.inquiry_id is None
        context = {
            "question": now,
            "answering": answering(typed, [now], issues=issues) if is_free else None,
            "alike": _alike(now) if is_free else [],
            "refusal": refusal,
            "unsent": typed if typed is not None and refusal is not None else None,
        }
        return render(request, "desk/question.html", context, status=status)

    if request.method != "POST":
        return page()
    response = answer(
        request,
        [asked],
        send=lambda **given: answer_question(pk, actor=request.user, **given),
        page=page,
        back=reverse("desk:question", args=[pk]),
    )
    if response is not None:
        return response
    told = f"Answered. The answer goes to {asked.email}." if asked.email else "Marked as handled."
    messages.success(request, told)
    return HttpResponseRedirect(reverse("desk:questions"), status=303)


def _questions() -> QuerySet[Question]:
    return Question.objects.select_related("publication", "answered_by", "inquiry").defer(
        "publication__clinical", "publication__plain", "publication__references"
    )


def _rows(found: list[Any]) -> list[dict[str, Any]]:
    """The rows of a page in its order: two queries, whatever its length."""
    groups = queries.inquiries().in_bulk([key for what, key, _ in found if what == "inquiry"])
    alone = _questions().in_bulk([key for what, key, _ in found if what == "question"])
    rows = []
    for what, key, _ in found:
        row = (groups if what == "inquiry" else alone).get(key)
        if row is not None:
            rows.append({what: row, "pick": isinstance(row, Question) and row.answered_at is None})
    return rows


def _alike(question: Question) -> list[dict[str, Any]]:
    """Open questions and groups that ask nearly the same, the nearest first, each with why. Two queries."""
    others: list[Question | Inquiry] = list(
        _questions()
        .filter(answered_at__isnull=True, inquiry__isnull=True)
        .exclude(pk=question.pk)
        .order_by("-created_at")[:_COMPARED]
    )
    others += list(queries.inquiries().exclude(state="answered").order_by("-opened_at")[:_COMPARED])
    texts = [each.text if isinstance(each, Question) else each.title for each in others]
    return [_resembling(others[found.place], found, question) for found in alike(question.text, texts)]


def _resembling(other: Question | Inquiry, found: Alike, question: Question) -> dict[str, Any]:
    shared = ", ".join(f"“{word}”" for word in found.shared)
    same = other.publication.article_id == question.publication.article_id
    return {
        "question" if isinstance(other, Question) else "inquiry": other,
        "why": f"Both say {shared}" + (" · about the same article" if same else ""),
    }
