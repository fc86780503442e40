"""The board's door: the queue, the review page, and the steps that are taken there."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles import queries, workflow
from articles.reviewing import signing
from articles.reviewing.forms import ApprovalForm, DecisionForm, NoteForm, RecuseForm, cleaned
from articles.reviewing.pages import article
from articles.reviewing.queue import Queue
from articles.states import State
from articles.web import OfficeRequest, article_or_404, insiders, shows_workflow_errors


@require_safe
@insiders("is_board_member")
def queue(request: OfficeRequest) -> HttpResponse:
    context = {
        "queue": Queue(request.user, request.GET),
        "readers": queries.inquiries_waiting_for(request.user),
    }
    return render(request, "reviewing/queue.html", context)


@require_POST
@insiders("is_board_member")
@shows_workflow_errors(article)
def claim(request: OfficeRequest, pk: int) -> HttpResponse:
    taken = workflow.claim(pk, actor=request.user)
    messages.success(request, f"You are now reviewing version {taken.version}.")
    return _to(pk)


@require_POST
@insiders("is_board_member")
@shows_workflow_errors(article)
def accept_review(request: OfficeRequest, pk: int) -> HttpResponse:
    taken = workflow.accept_review(pk, actor=request.user)
    messages.success(
        request, f"You are now reviewing version {taken.version}. The editors see it at the desk."
    )
    return _to(pk)


@require_POST
@insiders("is_board_member")
@shows_workflow_errors(article)
def decline_review(request: OfficeRequest, pk: int) -> HttpResponse:
    workflow.decline_review(pk, actor=request.user, note=cleaned(NoteForm(request.POST))["note"])
    messages.success(request, "You declined. The editors are told, and ask somebody else.")
    return _to(pk)


@require_POST
@insiders("is_board_member")
@shows_workflow_errors(article)
def with_passkey(request: OfficeRequest, pk: int) -> HttpResponse:
    """Sign with a passkey instead of the password: it is asked for on a page of its own."""
    article_or_404(request.user, pk)
    return signing.ask_for_passkey(request, pk)


@require_POST
@insiders("is_board_member")
@shows_workflow_errors(article)
def approve(request: OfficeRequest, pk: int) -> HttpResponse:
    given = cleaned(ApprovalForm(request.POST))
    signed = workflow.approve(
        pk, actor=request.user, signature=signing.signature(request, given.pop("password")), **given
    )
    signing.forget(request, pk)
    if signed.state == State.APPROVED:
        messages.success(request, f"Version {signed.version} is approved. Readers see it from now on.")
    else:
        messages.success(
            request, f"Your approval of version {signed.version} is signed. It waits for your colleagues."
        )
    return _to(pk)


@require_POST
@insiders("is_board_member")
@shows_workflow_errors(article)
def request_changes(request: OfficeRequest, pk: int) -> HttpResponse:
    returned = workflow.request_changes(pk, actor=request.user, **cleaned(DecisionForm(request.POST)))
    messages.success(
        request, f"Version {returned.version} is back with {returned.author}, who is told your reason."
    )
    return _to(pk)


@require_POST
@insiders("is_board_member")
@shows_workflow_errors(article)
def recuse(request: OfficeRequest, pk: int) -> HttpResponse:
    given = cleaned(RecuseForm(request.POST))
    workflow.recuse(pk, actor=request.user, **given)
    messages.success(
        request,
        "You stepped back, and your conflict of interest is recorded."
        if given["conflict"]
        else "You stepped back from this round.",
    )
    return _to(pk)


@require_POST
@insiders("is_board_member")
@shows_workflow_errors(article)
def declare_conflict(request: OfficeRequest, pk: int) -> HttpResponse:
    workflow.declare_conflict(pk, actor=request.user, reason=cleaned(NoteForm(request.POST))["note"])
    messages.success(request, "Your conflict of interest is recorded. Others will review this article.")
    return _to(pk)


def _to(pk: int) -> HttpResponse:
    """The review page, as after every step: by 303, so that going back repeats nothing."""
    return HttpResponseRedirect(reverse("reviewing:article", args=[pk]), status=303)
