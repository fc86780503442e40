"""The editors' desk: what waits for an editor, every article, and the steps an editor takes with one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import get_text_list
from django.views.decorators.http import require_POST, require_safe

from articles import queries, workflow
from articles.desk import article_page, forms
from articles.desk.standing import in_words, standing, with_decisions
from articles.models import Article
from articles.states import State
from articles.web import OfficeRequest, article_or_404, insiders, shows_workflow_errors
from articles.workflow import WorkflowError

PAGE_SIZE = 25
SEARCH_LENGTH = 200

editors = insiders("is_editor")


@require_safe
@editors
def home(request: OfficeRequest) -> HttpResponse:
    """What needs an editor, then every article, by state, by words, a page at a time."""
    state = request.GET.get("state", "")
    words = request.GET.get("q", "").replace("\x00", "")[:SEARCH_LENGTH].strip()
    listed = queries.all_articles(state=state, words=words)
    page = Paginator(with_decisions(listed), PAGE_SIZE).get_page(request.GET.get("page"))
    first = not state and not words and page.number == 1
    today = timezone.localdate()
    needing = queries.needs_an_editor(today)
    waiting = list(with_decisions(needing)[:PAGE_SIZE]) if first else []
    counts = queries.counts_by_state()
    context = {
        "page_obj": page,
        "rows": [(article, standing(article, today)) for article in page],
        "waiting": [(article, standing(article, today)) for article in waiting],
        "more": needing.count() - PAGE_SIZE if len(waiting) == PAGE_SIZE else 0,
        "first": first,
        "choices": [
            _choice("", "All", sum(counts.values()), state, words),
            *(_choice(each.value, each.label, counts[each], state, words) for each in State),
        ],
        "rooms": rooms("home"),
        "state": state,
        "words": words,
    }
    return render(request, "desk/home.html", context)


def rooms(current: str) -> list[dict[str, Any]]:
    """The parts of the desk, as tabs."""
    waiting = queries.questions().count()
    parts = (
        ("home", "Articles", 0),
        ("questions", "Readers’ questions", waiting),
        ("policy", "Editorial policy", 0),
    )
    return [
        {"label": label, "href": reverse(f"desk:{name}"), "current": name == current, "count": count}
        for name, label, count in parts
    ]


def _choice(state: str, label: str, count: int, current: str, words: str) -> dict[str, Any]:
    query = urlencode({name: value for name, value in (("state", state), ("q", words)) if value})
    return {
        "label": f"{label} {count}",
        "href": f"{reverse('desk:home')}?{query}" if query else reverse("desk:home"),
        "current": state == current,
    }


def _article(
    request: OfficeRequest, pk: int, *, refusal: WorkflowError | None = None, status: int = 200
) -> HttpResponse:
    shown = article_or_404(request.user, pk)
    step = request.resolver_match.url_name if request.method == "POST" and request.resolver_match else ""
    context = article_page.context(shown, request.user, step=step or "", typed=request.POST, refusal=refusal)
    return render(request, "desk/article.html", context, status=status)


@require_safe
@editors
def article(request: OfficeRequest, pk: int) -> HttpResponse:
    """Everything about one article that an editor acts on, and the acts."""
    return _article(request, pk)


@require_POST
@editors
@shows_workflow_errors(_article)
def assign(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.Assign(request.POST, article=_of(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    workflow.assign(pk, actor=request.user, **form.cleaned_data)
    member, due = form.cleaned_data["member"], form.cleaned_data["due"]
    return _done(request, pk, f"{member} reviews this version now, and is told. Due {in_words(due)}.")


@require_POST
@editors
@shows_workflow_errors(_article)
def unassign(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.Unassign(request.POST, article=_of(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    released = workflow.unassign(pk, actor=request.user, **form.cleaned_data)
    who = f"{form.cleaned_data['member']} is released from this review, and is told."
    alone = released.state == State.SUBMITTED
    return _done(request, pk, f"{who} Nobody reviews it now: assign another member." if alone else who)


@require_POST
@editors
@shows_workflow_errors(_article)
def remind(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.Remind(request.POST, article=_of(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    workflow.remind(pk, actor=request.user, **form.cleaned_data)
    return _done(request, pk, f"{form.cleaned_data['member']} is reminded by mail.")


@require_POST
@editors
@shows_workflow_errors(_article)
def reaffirm(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.Reaffirm(request.POST, article=_of(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    asked = workflow.reaffirm(pk, actor=request.user, **form.cleaned_data)
    alone = asked.state == State.SUBMITTED
    told = "Nobody who approved it last can be asked: assign somebody." if alone else "The reviewers are told."
    return _done(request, pk, f"A round of reaffirmation is open. {told}")


@require_POST
@editors
@shows_workflow_errors(_article)
def decline(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.Decline(request.POST, article=_of(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    declined = workflow.decline(pk, actor=request.user, **form.cleaned_data)
    return _done(request, pk, f"Declined. {declined.author} is told, with your reason.")


@require_POST
@editors
@shows_workflow_errors(_article)
def retire(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.Retire(request.POST, article=_of(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    workflow.retire(pk, actor=request.user, notice=form.cleaned_data["note"])
    return _done(request, pk, "Retired. Readers see your notice in its place.")


@require_POST
@editors
@shows_workflow_errors(_article)
def set_coauthors(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.SetCoauthors(request.POST, article=_of(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    changed = workflow.set_coauthors(pk, actor=request.user, **form.cleaned_data)
    names = [str(person) for person in changed.coauthors.order_by("name")]
    told = f"Co-authors are now {get_text_list(names, 'and')}." if names else "There are no co-authors now."
    return _done(request, pk, told)


@require_POST
@editors
@shows_workflow_errors(_article)
def move_address(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.MoveAddress(request.POST, article=_of(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    moved = workflow.move_address(pk, actor=request.user, **form.cleaned_data)
    address = forms.current_address(moved)
    slug = address.slug if address else ""
    return _done(request, pk, f"The address is /articles/{slug}/ now. The old one leads there.")


def _of(request: OfficeRequest, pk: int) -> Article:
    return article_or_404(request.user, pk)


def _done(request: HttpRequest, pk: int, told: str) -> HttpResponse:
    messages.success(request, told)
    return HttpResponseRedirect(reverse("desk:article", args=[pk]), status=303)
