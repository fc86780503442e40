"""What must be true before a step. Each returns everything that is not, as issues to show."""

from collections.abc import Callable

from articles.content.checks import Issue
from articles.workflow import clock
from articles.workflow.case import Case

Guard = Callable[[Case], list[Issue]]


def text_passes_checks(case: Case) -> list[Issue]:
    """The text passes the checks that block."""
    return [issue for issue in case.issues if issue.blocking]


def reason_is_given(case: Case) -> list[Issue]:
    """A reason is given in words."""
    return [] if case.note else [Issue("reason", "Write the reason: the people it concerns will read it.")]


def notice_is_given(case: Case) -> list[Issue]:
    """A public notice is given in words."""
    return [] if case.note else [Issue("notice", "Write the notice that readers will see in its place.")]


def has_not_decided(case: Case) -> list[Issue]:
    """The person has not signed a decision in this round yet."""
    if case.decision is None:
        return []
    said = case.decision.get_verdict_display().lower()
    return [Issue("decided", f"You have already {said} in this round. It cannot be taken back.")]


def is_not_reviewing(case: Case) -> list[Issue]:
    """The person is not a reviewer of this round already, and has not stepped back from it."""
    if case.is_reviewer(case.user):
        return [Issue("reviewing", "You are already reviewing this version.")]
    return has_not_decided(case)


def member_can_review(case: Case) -> list[Issue]:
    """The named member serves on the board, is free of conflicts and is not reviewing already."""
    member = case.member
    if member is None:
        return []
    if not member.is_board_member:
        return [Issue("member", f"{member} is not a serving member of the Medical Advisory Board.")]
    if case.is_reviewer(member):
        return [Issue("member", f"{member} is already reviewing this version.")]
    if any(decision.member_id == member.pk for decision in case.decisions):
        return [Issue("member", f"{member} has already stepped back from this round.")]
    if case.bar(member):
        return [Issue("member", f"{member} cannot review this article: an author, an editor of the text, "
                      "or a declared conflict of interest.")]  # fmt: skip
    return []


def member_is_reviewing(case: Case) -> list[Issue]:
    """The named member reviews in this round and has not decided."""
    member = case.member
    if member is None:
        return []
    if not case.is_reviewer(member):
        return [Issue("member", f"{member} is not reviewing this version.")]
    if any(decision.member_id == member.pk for decision in case.decisions):
        return [Issue("member", f"{member} has already decided in this round.")]
    return []


def due_is_not_past(case: Case) -> list[Issue]:
    """A due date, where one is given, is not in the past."""
    if case.due is not None and case.due < clock.now().date():
        return [Issue("due", "Choose a due date that is not in the past.")]
    return []


def has_live_publication(case: Case) -> list[Issue]:
    """There is a live publication."""
    return [] if case.is_live else [Issue("live", "There is no live publication to retire.")]


# Asked when the person acts, not when the step is offered: they have not had the chance to write yet.
ASKED_ON_ACTING: frozenset[Guard] = frozenset({reason_is_given, notice_is_given})
