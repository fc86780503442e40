"""The talk about an article, for all who take part in it: every thread, one, and the answer in it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.models import Thread
from articles.office.place import place
from articles.talk import Shown, Talk, Typed, Where
from articles.web import OfficeRequest, article_or_404, insiders, own_path
from articles.workflow import WorkflowError, sight
from articles.workflow.case import Case

PAGE_SIZE = 20
# What to show, by the word in the address: label, and what an empty list says.
_FILTERS = {
    "": ("Open", "No thread is open", "Reviewers open threads on statements while they review."),
    "must-fix": (
        "Must fix",
        "Nothing must be fixed",
        "What reviewers mark so stands here until it is resolved.",
    ),
    "outdated": (
        "About earlier words",
        "Every open thread is about words that still stand",
        "When a statement changes, the threads about it are shown here until they are resolved.",
    ),
    "resolved": ("Resolved", "No thread is resolved yet", "A reviewer resolves a thread when it is settled."),
    "all": ("All", "Nobody has commented yet", "Reviewers open threads on statements while they review."),
}


@require_safe
@insiders()
def threads(request: OfficeRequest, pk: int) -> HttpResponse:
    """The threads of an article that this person may see: ?show= a filter, &page=."""
    case = _case(request, pk)
    wanted = request.GET.get("show", "")
    wanted = wanted if wanted in _FILTERS else ""
    talk = Talk(case, Where(next=request.get_full_path()))
    found = {name: [each for each in case.threads if _passes(name, each, talk)] for name in _FILTERS}
    page = Paginator(found[wanted], PAGE_SIZE).get_page(request.GET.get("page"))
    label, title, text = _FILTERS[wanted]
    context = place(case.article, request.user, "threads") | {
        "page": page,
        "threads": talk.show(list(page)),
        "shown": label,
        "empty": {"title": title, "text": text},
        "choices": [
            {
                "label": f"{_FILTERS[name][0]} {len(each)}",
                "href": f"?show={name}" if name else request.path,
                "current": name == wanted,
            }
            for name, each in found.items()
        ],
        "is_blind": case.is_blind,
    }
    return render(request, "office/threads.html", context)


@insiders()
def thread(
    request: OfficeRequest, pk: int, thread: int, *, typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    """One thread on a page of its own; after a refusal with what was typed, and why."""
    case = _case(request, pk)
    shown = _shown(case, thread, Where(next=reverse("office:thread", args=[pk, thread]), is_open=True), typed)
    context = place(case.article, request.user, "threads") | {"thread": shown}
    return render(request, "office/thread.html", context, status=status)


@require_POST
@insiders()
def answer(request: OfficeRequest, pk: int, thread: int) -> HttpResponse:
    """Say something in a thread (text, quote, done), and go back to where it was read (next)."""
    found = _thread(_case(request, pk), thread)
    where = Where.posted(request.POST)
    text = request.POST.get("text", "")
    try:
        workflow.answer(
            pk,
            thread=thread,
            actor=request.user,
            text=text,
            done=bool(request.POST.get("done")),
            quote=_quoted(found, request.POST.get("quote", "")),
        )
    except WorkflowError as refusal:
        typed = Typed(text=text, quote=request.POST.get("quote", ""), messages=_in_words(refusal))
        return _again(request, pk, thread, where, typed, refusal.status)
    if request.htmx:
        return _part(request, pk, thread, where)
    messages.success(
        request, "Your answer is in the thread." if text.strip() else "The thread is marked as done."
    )
    return HttpResponseRedirect(_onward(pk, thread, where), status=303)


def _case(request: OfficeRequest, pk: int) -> Case:
    return Case(article_or_404(request.user, pk), request.user)


def _thread(case: Case, pk: int) -> Any:
    try:
        return sight.thread(case, pk)
    except Thread.DoesNotExist as unknown:
        raise Http404("This article has no such thread, or it is not open to you.") from unknown


def _shown(case: Case, pk: int, where: Where, typed: Typed | None = None) -> Shown:
    (shown,) = Talk(case, where).show([_thread(case, pk)])
    return shown.with_typed(typed) if typed else shown


def _part(
    request: OfficeRequest, pk: int, thread: int, where: Where, typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    """The thread alone, for htmx; what else on the page counts threads hears of it."""
    shown = _shown(_case(request, pk), thread, where, typed)
    response = render(request, "components/thread.html", {"thread": shown}, status=status)
    response["HX-Trigger-After-Swap"] = "talked"
    return response


def _again(
    request: OfficeRequest, pk: int, pk_of_thread: int, where: Where, typed: Typed, status: int
) -> HttpResponse:
    if request.htmx:
        return _part(request, pk, pk_of_thread, where, typed, status)
    return thread(request, pk, pk_of_thread, typed=typed, status=status)


def _in_words(refusal: WorkflowError) -> list[str]:
    issues = getattr(refusal, "issues", None)
    return [issue.message for issue in issues] if issues else [refusal.message]


def _quoted(thread: Any, wanted: str) -> str:
    """The words that a choice of the form names, of this thread and no other; "" for anything else."""
    texts = {"statement": thread.quote} | {f"comment-{each.pk}": each.text for each in thread.seen_comments}
    return str(texts.get(wanted, ""))


def _onward(pk: int, thread: int, where: Where) -> str:
    """Back to the page of our own that the form names, at the thread; else to the thread's own page."""
    return f"{own_path(where.next, reverse('office:thread', args=[pk, thread]))}#thread-{thread}"


_Filter = Callable[[Thread, Talk], bool]
_PASSES: dict[str, _Filter] = {
    "": lambda thread, talk: thread.is_open,
    "must-fix": lambda thread, talk: thread.is_open and thread.is_must_fix,
    "outdated": lambda thread, talk: thread.is_open and talk.is_outdated(thread),
    "resolved": lambda thread, talk: not thread.is_open,
    "all": lambda thread, talk: True,
}


def _passes(name: str, thread: Thread, talk: Talk) -> bool:
    return _PASSES[name](thread, talk)
