"""A group of questions that ask the same: opened, joined, answered, or handed on to board or author."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from articles import queries
from articles.content.alike import alike
from articles.content.document import Level
from articles.content.render import render as render_text
from articles.desk.answering import answer, answering
from articles.desk.inquiry_forms import AskMember, BeginArticle, GiveNote, Title
from articles.desk.rooms import editors
from articles.models import Inquiry, InquiryState, Publication, PublishedReply, Question
from articles.web import OfficeRequest
from articles.workflow import Blocked, WorkflowError, carrying, replies
from articles.workflow import inquiries as steps
from articles.workflow.telling import answer_inquiry

_TEXTS = ("publication__clinical", "publication__plain", "publication__references")
_OFFERED = 20


@require_http_methods(["GET", "HEAD", "POST"])
@editors
def new(request: OfficeRequest) -> HttpResponse:
    """Open a group from the questions that the address (or form) names, or add them to one that is there."""
    given = request.POST if request.method == "POST" else request.GET
    chosen = [
        int(each)
        for each in given.getlist("question")
        if each.isascii() and each.isdigit() and len(each) < 10
    ]
    found = list(_questions().filter(pk__in=chosen, inquiry__isnull=True, answered_at__isnull=True))
    if not found and request.method != "POST":
        messages.warning(request, "Choose at least one open question that stands alone.")
        return HttpResponseRedirect(reverse("desk:questions"), status=303)
    form = Title(request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST":
        into = request.POST.get("into", "")
        try:
            if into:
                inquiry = steps.join(_number(into), chosen, actor=request.user)
            else:
                inquiry = steps.open_inquiry(chosen, actor=request.user, title=request.POST.get("title", ""))
        except Inquiry.DoesNotExist:
            raise BadRequest("There is no such group.") from None
        except Blocked as blocked:
            for issue in blocked.issues:
                if issue.message not in form.errors.get("title", []):
                    form.add_error("title" if issue.code == "title" else None, issue.message)
            refusal = None
        except WorkflowError as refused:
            refusal = refused
        else:
            messages.success(request, "Joined the group." if into else "The group is open.")
            return _to(inquiry.pk)
    context = {"questions": found, "form": form, "refusal": refusal, "groups": _groups_for(found)}
    status = refusal.status if refusal else 422 if form.is_bound else 200
    return render(request, "desk/inquiry_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@editors
def inquiry(request: OfficeRequest, pk: int) -> HttpResponse:
    """One group. A POST answers everybody in it, once."""
    if request.method != "POST":
        return _page(request, pk)
    asked = list(_asked(pk).filter(answered_at__isnull=True))

    def page(**what: Any) -> HttpResponse:
        return _page(request, pk, tried="answer", **what)

    response = answer(
        request,
        asked,
        send=lambda **given: answer_inquiry(pk, actor=request.user, **given),
        page=page,
        back=reverse("desk:inquiry", args=[pk]),
    )
    if response is not None:
        return response
    mailed = sum(bool(each.email) for each in asked)
    messages.success(
        request,
        f"Answered. The answer goes to {mailed} reader{'' if mailed == 1 else 's'}."
        if mailed
        else "Marked as handled.",
    )
    return _to(pk)


@require_POST
@editors
def join(request: OfficeRequest, pk: int) -> HttpResponse:
    chosen = [_number(each) for each in request.POST.getlist("question")]
    return _step(request, pk, "join", "Joined the group.", lambda: steps.join(pk, chosen, actor=request.user))


@require_POST
@editors
def take_out(request: OfficeRequest, pk: int) -> HttpResponse:
    question = _number(request.POST.get("question", ""))
    done = "Taken out. The question stands alone again."
    return _step(request, pk, "take_out", done, lambda: steps.take_out(pk, question, actor=request.user))


@require_POST
@editors
def retitle(request: OfficeRequest, pk: int) -> HttpResponse:
    given = {"title": request.POST.get("title", ""), "seen": request.POST.get("seen", "")}
    return _step(request, pk, "retitle", "Saved.", lambda: steps.retitle(pk, actor=request.user, **given))


@require_POST
@editors
def ask_member(request: OfficeRequest, pk: int) -> HttpResponse:
    form = AskMember(request.POST, inquiry=get_object_or_404(Inquiry, pk=pk))
    if not form.is_valid():
        return _page(request, pk, tried="ask_member", typed=request.POST, status=422)
    given = form.cleaned_data
    done = f"{given['member']} is asked, and hears of it by mail."
    return _step(request, pk, "ask_member", done, lambda: replies.ask_member(pk, actor=request.user, **given))


@require_POST
@editors
def begin_article(request: OfficeRequest, pk: int) -> HttpResponse:
    form = BeginArticle(request.POST)
    if not form.is_valid():
        return _page(request, pk, tried="begin_article", typed=request.POST, status=422)
    given = form.cleaned_data
    done = f"An article is begun for {given['author']}, who hears of it by mail."
    return _step(
        request, pk, "begin_article", done, lambda: carrying.begin_article(pk, actor=request.user, **given)
    )


@require_POST
@editors
def ask_revision(request: OfficeRequest, pk: int) -> HttpResponse:
    note = request.POST.get("note", "")
    done = "The authors are asked to answer it in a revision."
    return _step(
        request, pk, "ask_revision", done, lambda: carrying.ask_revision(pk, actor=request.user, note=note)
    )


@require_POST
@editors
def reopen(request: OfficeRequest, pk: int) -> HttpResponse:
    note = request.POST.get("note", "")
    done = "Taken back. The question is open at the desk again."
    return _step(request, pk, "reopen", done, lambda: steps.reopen(pk, actor=request.user, note=note))


@require_POST
@editors
def withdraw_reply(request: OfficeRequest, pk: int) -> HttpResponse:
    note = request.POST.get("note", "")
    done = "Withdrawn. Readers no longer see this answer."
    return _step(
        request, pk, "withdraw_reply", done, lambda: replies.withdraw_reply(pk, actor=request.user, note=note)
    )


def _step(request: OfficeRequest, pk: int, name: str, done: str, step: Callable[[], object]) -> HttpResponse:
    get_object_or_404(Inquiry, pk=pk)
    try:
        step()
    except WorkflowError as refusal:
        return _page(request, pk, tried=name, typed=request.POST, refusal=refusal, status=refusal.status)
    messages.success(request, done)
    return _to(pk)


def _page(
    request: OfficeRequest,
    pk: int,
    *,
    tried: str = "",
    typed: QueryDict | None = None,
    issues: Any = (),
    refusal: WorkflowError | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a group; after a refusal with what was tried standing open, and all that was typed."""
    found = get_object_or_404(queries.inquiries(), pk=pk)
    asked = list(_asked(pk))
    waiting = [each for each in asked if each.answered_at is None]
    is_open = found.state == InquiryState.OPEN

    def of(name: str) -> QueryDict | None:
        return typed if tried == name else None

    reply = getattr(found, "reply", None)
    may_answer = is_open or found.state == InquiryState.WITH_BOARD
    context = {
        "inquiry": found,
        "questions": asked,
        "answering": answering(of("answer"), waiting, issues=issues, otherwise=found.title)
        if may_answer
        else None,
        "alike": _alike(found) if not found.is_answered else [],
        "title": Title(of("retitle") or {"title": found.title}),
        "ask_member": AskMember(of("ask_member"), inquiry=found) if is_open else None,
        "begin_article": BeginArticle(of("begin_article")) if is_open else None,
        "note": GiveNote(of(tried) if tried in ("ask_revision", "reopen", "withdraw_reply") else None),
        "reply": reply,
        "reply_text": _shown(found) if reply is not None and reply.body else None,
        "published": _published(found),
        "history": list(
            found.history.select_related("history_user").order_by("-history_date", "-history_id")[:20]
        ),
        "refusal": refusal,
        "tried": tried,
        "unsent": typed.get("answer", "") or typed.get("note", "") if refusal is not None and typed else "",
    }
    return render(request, "desk/inquiry.html", context, status=status)


def _asked(pk: int) -> Any:
    return _questions().filter(inquiry=pk).order_by("created_at", "pk")


def _questions() -> Any:
    return (
        Question.objects.select_related("publication", "answered_by")
        .defer(*_TEXTS)
        .order_by("created_at", "pk")
    )


def _alike(inquiry: Inquiry) -> list[dict[str, Any]]:
    """Open questions that stand alone and ask nearly this, each with the reason. One query."""
    others = list(
        _questions()
        .filter(answered_at__isnull=True, inquiry__isnull=True)
        .order_by("-created_at", "-pk")[:500]
    )
    return [
        {"question": others[found.place], "why": "Says " + ", ".join(f"“{word}”" for word in found.shared)}
        for found in alike(inquiry.title, [each.text for each in others])
    ]


def _groups_for(questions: list[Question]) -> list[Inquiry]:
    """Groups that are not answered: those about the same articles first, then the newest."""
    articles = {each.publication.article_id for each in questions}
    groups = queries.inquiries().exclude(state=InquiryState.ANSWERED).order_by("-opened_at")[:200]
    return sorted(groups, key=lambda each: each.article_id not in articles)[:_OFFERED]


def _shown(inquiry: Inquiry) -> Any:
    """The member's answer as it is written now, rendered as readers would see it."""
    live = Publication.objects.live().filter(article=inquiry.article_id).defer("clinical", "plain").first()
    references = live.references if live else []
    return render_text(inquiry.reply.document(references), Level.CLINICAL, "draft-")


def _published(inquiry: Inquiry) -> PublishedReply | None:
    return PublishedReply.objects.live().filter(reply__inquiry=inquiry).first()


def _number(value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise BadRequest("The form names no question.")
    return int(value)


def _to(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:inquiry", args=[pk]), status=303)
