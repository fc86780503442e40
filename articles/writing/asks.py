"""What the board asks of an author: every open thread with its answer, and the way back to the board."""

from dataclasses import replace
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.content.checks import Issue
from articles.models import Thread
from articles.states import State
from articles.talk import Shown, Talk, Typed, Where
from articles.web import OfficeRequest, insiders, number_posted, own_path
from articles.workflow import Offer, StaleVersion, WorkflowError, sight
from articles.workflow.case import Case
from articles.writing.doubts import Doubt
from articles.writing.overview import Overview, case_of_author
from articles.writing.places import FIELDS, Place, address_within, place_of


class Asks(Overview):
    """Read by writing/asks.html. The threads as their author sees them: what must be fixed comes first."""

    def __init__(self, case: Case, typed: dict[int, Typed] | None = None) -> None:
        super().__init__(case)
        self._typed = typed or {}
        self.talk = Talk(case, Where(next=reverse("writing:asks", args=[case.article.pk])))

    @property
    def must_fix(self) -> list[Shown]:
        return [each for each in self._shown if each.is_must_fix]

    @property
    def others(self) -> list[Shown]:
        return [each for each in self._shown if not each.is_must_fix]

    @cached_property
    def beside(self) -> list[tuple[Shown, Place | None]]:
        """The open threads as they stand beside the editor, each with its place in the text."""
        threads = {each.pk: each for each in self._open}
        return [(each, self._place(threads[each.pk])) for each in self.must_fix + self.others]

    def _place(self, thread: Thread) -> Place | None:
        now = self.talk.now(thread)
        return place_of(self.case.document, now.anchor) if now is not None else None

    @cached_property
    def in_doubt(self) -> list[tuple[Doubt, str]]:
        """What the board did not find supported, each with the address where it is mended, if it can be."""
        return [(each, self._address(each.issue) if self.edit_url else "") for each in self.doubts]

    @property
    def resolved(self) -> int:
        return len(self.case.threads) - len(self._open)

    @property
    def must_fix_words(self) -> str:
        """What is left of what must be fixed."""
        count = self.count
        if left := count.must_fix_left:
            waits = "waits" if left == 1 else "wait"
            return f"{left} of {count.must_fix} that must be fixed {waits} for your answer."
        if count.must_fix:
            return "What must be fixed is answered."
        return "None of it must be fixed before you submit."

    @property
    def is_with_board(self) -> bool:
        return self.article.state in {State.SUBMITTED, State.UNDER_REVIEW}

    @property
    def blocked(self) -> list[tuple[Issue, str]]:
        """What stands in the way of submitting, each with the address where it is mended."""
        blocked = self.submit.blocked if self.submit else []
        return [(issue, self._address(issue)) for issue in blocked]

    @property
    def bar(self) -> list[Offer]:
        """The button of the bar; what blocks it stands on the page with its places."""
        if self.submit is None:
            return []
        return [replace(self.submit, blocked=[replace(each, anchor="") for each in self.submit.blocked])]

    @property
    def standing(self) -> str:
        """The line of the bar."""
        if self.submit is None:
            return super().status
        if blocked := len(self.submit.blocked):
            things = "One thing stands" if blocked == 1 else f"{blocked} things stand"
            return f"{things} in the way of submitting version {self.article.version}."
        left = self.count.total - self.count.answered
        if left:
            threads = "One thread waits" if left == 1 else f"{left} threads wait"
            return (
                f"{threads} for a word of yours. You can submit version {self.article.version} all the same."
            )
        return f"Nothing stands in the way of submitting version {self.article.version}."

    @cached_property
    def _open(self) -> list[Any]:
        """Open threads in the order of the text, those about words that are gone where they would stand."""
        order = {digest: place for place, digest in enumerate(self.case.statements)}

        def at(thread: Thread) -> tuple[int, int]:
            now = self.talk.now(thread)
            return (order.get(now.digest, len(order)) if now else len(order), thread.pk)

        return sorted((each for each in self.case.threads if each.is_open), key=at)

    @cached_property
    def _shown(self) -> list[Shown]:
        found = self.talk.show(self._open)
        return [each.with_typed(self._typed[each.pk]) if each.pk in self._typed else each for each in found]


@insiders("is_author")
def asks(
    request: OfficeRequest, pk: int, *, typed: dict[int, Typed] | None = None, status: int = 200
) -> HttpResponse:
    """Every open thread, what must be fixed first; `typed`: what came back unsent, by thread."""
    found = Asks(case_of_author(request.user, pk), typed)
    return render(request, "writing/asks.html", {"asks": found, "article": found.article}, status=status)


@require_safe
@insiders("is_author")
def place(request: OfficeRequest, pk: int, thread: int) -> HttpResponse:
    """To the place in the editor that a thread is about, or would be about now."""
    case = case_of_author(request.user, pk)
    found = _thread(case, thread)
    now = Talk(case).now(found)
    edit = reverse("writing:save", args=[pk])
    if now is None:
        return HttpResponseRedirect(f"{edit}#{FIELDS[found.level]}")
    return HttpResponseRedirect(edit + address_within(case.document, Issue("thread", "", now.anchor)))


@require_POST
@insiders("is_author")
def accept_suggestion(request: OfficeRequest, pk: int, thread: int) -> HttpResponse:
    """Put the suggested words in the place of the statement: a version that credits who suggested them."""
    found = _thread(case_of_author(request.user, pk), thread)
    try:
        saved = workflow.accept_suggestion(
            pk, thread=thread, version=number_posted(request, "version"), actor=request.user
        )
    except WorkflowError as refusal:
        return asks(request, pk, typed={thread: refused(refusal)}, status=refusal.status)
    messages.success(
        request, f"The words that {found.opened_by} suggested are in: this is version {saved.version}."
    )
    return _back(request, pk, thread)


@require_POST
@insiders("is_author")
def decline_suggestion(request: OfficeRequest, pk: int, thread: int) -> HttpResponse:
    """Keep the words as they are, and say why."""
    _thread(case_of_author(request.user, pk), thread)
    reason = request.POST.get("reason", "").replace("\r\n", "\n")
    try:
        workflow.decline_suggestion(pk, thread=thread, actor=request.user, reason=reason)
    except WorkflowError as refusal:
        typed = replace(refused(refusal), reason=reason, is_declining=True)
        return asks(request, pk, typed={thread: typed}, status=refusal.status)
    messages.success(request, "Declined. Your reason is in the thread.")
    return _back(request, pk, thread)


def refused(refusal: WorkflowError) -> Typed:
    """What a thread says of a step on it that was not taken."""
    if isinstance(refusal, StaleVersion):
        return Typed(
            messages=["The text was saved meanwhile. Look at the statement once more, then try again."]
        )
    issues = getattr(refusal, "issues", None)
    return Typed(messages=[issue.message for issue in issues] if issues else [refusal.message])


def _thread(case: Case, pk: int) -> Any:
    try:
        return sight.thread(case, pk)
    except Thread.DoesNotExist as unknown:
        raise Http404("This article has no such thread.") from unknown


def _back(request: OfficeRequest, pk: int, thread: int) -> HttpResponse:
    """To the page of our own that the form names, at the thread, by 303."""
    address = own_path(Where.posted(request.POST).next, reverse("writing:asks", args=[pk]))
    return HttpResponseRedirect(f"{address}#thread-{thread}", status=303)
