"""Steps on single statements: a verdict, a thread opened, resolved, opened again, marked.

Each answers with the page, at the statement (303), or to htmx with the parts of the page that it changed.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.content.replace import as_typed
from articles.content.statements import Statement
from articles.models import Thread
from articles.reviewing.forms import MarkForm, ThreadForm, cleaned
from articles.reviewing.pages import article, passkey, review_of
from articles.reviewing.review import Review
from articles.states import State
from articles.talk import Where
from articles.web import OfficeRequest, article_or_404, insiders, own_path, shows_workflow_errors
from articles.workflow.case import Case


@require_safe
@insiders("is_board_member")
def beside(request: OfficeRequest, pk: int) -> HttpResponse:
    """What stands beside the text for a statement (at=) or thread (thread=); without htmx the whole page."""
    if not request.htmx:
        return HttpResponseRedirect(f"{reverse('reviewing:article', args=[pk])}?{request.GET.urlencode()}")
    review = review_of(request, pk)
    return render(request, "reviewing/beside.html", {"review": review, "beside": review.beside})


@require_safe
@insiders("is_board_member")
def row(request: OfficeRequest, pk: int) -> HttpResponse:
    """One statement again (at=), after something was said in a thread of it; only for htmx."""
    review = review_of(request, pk)
    if not request.htmx or review.beside.row is None:
        raise Http404("There is no such statement.")
    return render(request, "reviewing/changed.html", _parts(review) | {"said_only": True})


@require_POST
@insiders("is_board_member")
@shows_workflow_errors(article)
def sign_off(request: OfficeRequest, pk: int) -> HttpResponse:
    given = cleaned(MarkForm(request.POST))
    anchor = given.pop("statement")
    found = _statement(_case(request, pk), anchor, given["version"])
    digest = found.digest if found is not None else ""
    if "note" not in request.POST:
        # The buttons beside the text send none: the same verdict again is no word against its note.
        given["note"] = None
    workflow.sign_off(pk, statement=digest, actor=request.user, **given)
    return _changed(request, pk, at=anchor)


@require_POST
@insiders("is_board_member")
@shows_workflow_errors(article)
def open_thread(request: OfficeRequest, pk: int) -> HttpResponse:
    given = cleaned(ThreadForm(request.POST))
    found = _statement(_case(request, pk), given.pop("statement"), given["version"])
    # The box for another wording holds the statement as it is, and comes back so from who only comments.
    if found is not None and given["suggestion"].split() == as_typed(found.html).split():
        given["suggestion"] = ""
    digest = found.digest if found is not None else ""
    given["keeps_sources"] = not given.pop("leave_out")
    made = workflow.open_thread(pk, statement=digest, actor=request.user, **given)
    return _changed(request, pk, thread=made.pk, opened=True)


@require_POST
@insiders("is_board_member")
@shows_workflow_errors(article)
def resolve(request: OfficeRequest, pk: int, thread: int) -> HttpResponse:
    return _on_thread(request, pk, thread, workflow.resolve, "The thread is resolved.")


@require_POST
@insiders("is_board_member")
@shows_workflow_errors(article)
def reopen(request: OfficeRequest, pk: int, thread: int) -> HttpResponse:
    return _on_thread(request, pk, thread, workflow.reopen, "The thread is open again.")


@require_POST
@insiders("is_board_member")
@shows_workflow_errors(article)
def mark(request: OfficeRequest, pk: int, thread: int) -> HttpResponse:
    """Say that a thread must be fixed before approval (must_fix=1), or that it need not."""
    must_fix = request.POST.get("must_fix") == "1"
    said = "The thread must be fixed before approval." if must_fix else "The thread need not be fixed."
    return _on_thread(request, pk, thread, workflow.set_must_fix, said, must_fix=must_fix)


def _on_thread(
    request: OfficeRequest, pk: int, thread: int, step: Any, said: str, **given: Any
) -> HttpResponse:
    try:
        step(pk, thread=thread, actor=request.user, **given)
    except Thread.DoesNotExist as unknown:
        raise Http404("This article has no such thread, or it is not open to you.") from unknown
    return _changed(request, pk, thread=thread, said=said)


def _case(request: OfficeRequest, pk: int) -> Case:
    return Case(article_or_404(request.user, pk), request.user)


def _statement(case: Case, named: str, version: int) -> Statement | None:
    """The statement with this anchor, or digest, in the text as it stands.

    Raises Http404 when it has none. None for a form about another version: that is the workflow's to refuse.
    """
    found = (each for each in case.statements.values() if named in (each.anchor, each.digest))
    statement = next(found, None)
    if statement is None and case.article.version == version:
        raise Http404("This version has no such statement.")
    return statement


def _changed(
    request: OfficeRequest,
    pk: int,
    *,
    at: str = "",
    thread: int | None = None,
    opened: bool = False,
    said: str = "",
) -> HttpResponse:
    """The answer to a step that was taken: what it changed on the page, or the page at the same place.

    said: what happened, for a page of the office that does not show it by itself.
    """
    review = review_of(request, pk, at=at, thread=thread)
    place = f"#{at}" if at else f"#thread-{thread}"
    asked = {"at": at} if at else {"thread": str(thread)}
    back = review.asked.to(show="statements", **asked)
    if review.article.state != State.UNDER_REVIEW:
        # It was the last thing that the approvals given before had waited for.
        messages.success(
            request, f"Version {review.article.version} is approved. Readers see it from now on."
        )
        return _moved(request, review.asked.to())
    if not request.htmx:
        # Threads stand on other pages of the office too, whose forms name the page to go back to.
        came_from = own_path(Where.posted(request.POST).next, back)
        if not came_from.startswith(review.asked.to().partition("?")[0]):
            messages.success(request, said)
        return HttpResponseRedirect(came_from.partition("#")[0] + place, status=303)
    context = _parts(review) | {
        "opened": opened,
        "passkey": passkey(request, review),
        "verdict_too": bool(at) and request.POST.get("beside") == at,
    }
    return render(request, "reviewing/changed.html", context)


def _parts(review: Review) -> dict[str, Any]:
    row = review.beside.row
    return {
        "review": review,
        "beside": review.beside,
        "row": row,
        "heading": review.statements.heading_of(row.anchor) if row is not None else None,
        "thread": review.beside.asked_for,
    }


def _moved(request: OfficeRequest, address: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address, status=303)
