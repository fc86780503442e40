"""What must be true before a step. Each returns everything that is not, as issues to show."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from articles.content.checks import Issue
from articles.content.statements import Statement
from articles.content.wording import unmarked
from articles.models import Event, SignOff, Thread
from articles.states import EventKind, Support, Verdict
from articles.workflow import clock
from articles.workflow.case import Case
from articles.workflow.signing import FRESH

Guard = Callable[[Case], list[Issue]]
Marks = Mapping[str, Sequence[SignOff]]  # by the statement's digest

_BETWEEN_REMINDERS = timedelta(days=1)


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


def was_not_reminded_today(case: Case) -> list[Issue]:
    """The named member was not reminded within the last 24 hours."""
    lately = Event.objects.filter(
        article=case.article, kind=EventKind.REMINDED, at__gt=clock.now() - _BETWEEN_REMINDERS
    )
    if case.member is None or not lately.filter(data__member=case.member.pk).exists():
        return []
    return [Issue("member", f"{case.member} was reminded within the last day. Once a day is enough.")]


def has_live_publication(case: Case) -> list[Issue]:
    """There is a live publication."""
    return [] if case.is_live else [Issue("live", "There is no live publication to retire.")]


def must_fix_is_answered(case: Case) -> list[Issue]:
    """Every thread that must be fixed has an answer of the authors, or is marked as done."""
    return [
        Issue("must-fix", f"Answer what must be fixed: “{_short(thread.quote)}”.", f"thread-{thread.pk}")
        for thread in case.threads
        if thread.is_open and thread.is_must_fix and not is_answered(case, thread)
    ]


def is_answered(case: Case, thread: Thread) -> bool:
    """Whether the last word in a thread is the authors', or they marked it as done."""
    said = thread.seen_comments if hasattr(thread, "seen_comments") else list(thread.comments.all())
    return thread.done_at is not None or bool(said and said[-1].by_id in case.author_ids)


def must_fix_is_resolved(case: Case) -> list[Issue]:
    """No thread that must be fixed is open."""
    return [
        Issue(
            "must-fix",
            f"A thread that must be fixed is open: “{_short(thread.quote)}”.",
            f"thread-{thread.pk}",
        )
        for thread in case.threads
        if thread.is_open and thread.is_must_fix
    ]


def statements_are_signed_off(case: Case) -> list[Issue]:
    """No statement is marked as not supported; where the policy asks, each is signed off as supported."""
    return wanting_sign_off(case, case.marks)


def wanting_sign_off(case: Case, marks: Marks) -> list[Issue]:
    """The same by the marks given: those that a person may see, or all."""
    if case.round is None or case.round.is_reaffirmation:
        return []
    issues = []
    for digest, statement in case.statements.items():
        found = marks.get(digest, ())
        if any(mark.support == Support.NOT_SUPPORTED and not _gives_way(case, mark, found) for mark in found):
            issues.append(not_supported(statement))
        elif case.round.needs_sign_off and all(mark.support != Support.SUPPORTED for mark in found):
            message = f"Not signed off as supported: “{_short(statement.text)}”."
            issues.append(Issue("sign-off", message, statement.anchor))
    return issues


def _gives_way(case: Case, objection: SignOff, marks: Sequence[SignOff]) -> bool:
    """An objection of an earlier round, by somebody without part in this one, who cannot take it back.

    It gives way to whoever reviews now, has seen it, and marks the statement as supported all the same.
    """
    if case.round is None or objection.member_id in case.takes_part:
        return False
    return any(mark.support == Support.SUPPORTED and mark.round == case.round.number for mark in marks)


def not_supported(statement: Statement) -> Issue:
    """That a member marked a statement as not supported."""
    return Issue("not-supported", f"Marked as not supported: “{_short(statement.text)}”.", statement.anchor)


def checklist_is_ticked(case: Case) -> list[Issue]:
    """Every item of the checklist for approvals is confirmed."""
    left = [
        item.text for item in case.checklist if item.verdict == Verdict.APPROVE and item.pk not in case.ticked
    ]
    return [Issue("checklist", f"Confirm before you approve: {text}") for text in left]


def is_signed(case: Case) -> list[Issue]:
    """The person has just shown who they are, with their password or passkey."""
    signature = case.signature
    if signature is not None and signature.user_id == case.user.pk:
        age = clock.now() - signature.at
        if timedelta() <= age <= FRESH:
            return []
    return [Issue("password", "Enter your password to sign, or use your passkey.")]


def was_asked(case: Case) -> list[Issue]:
    """The person was asked to review and has not answered yet."""
    own = case.assignment
    if own is not None and own.accepted_at is None:
        return []
    return [Issue("asked", "No invitation to this review waits for your answer.")]


def text_is_live(case: Case) -> list[Issue]:
    """What stands in the office is exactly what readers have."""
    live = case.last_publication
    if live is None or not live.is_live:
        return [Issue("live", "There is no live publication to reaffirm.")]
    if (live.version, live.digest) != (case.article.version, case.document.digest):
        return [Issue("live", "The text has changed since it was published. Submit it for review instead.")]
    return []


def _short(marked: str) -> str:
    words = unmarked(marked)
    return words if len(words) <= 80 else f"{words[:80].rpartition(' ')[0] or words[:79]}…"


# Asked when the person acts, not when the step is offered: they have not had the chance to write yet.
ASKED_ON_ACTING: frozenset[Guard] = frozenset(
    {reason_is_given, notice_is_given, checklist_is_ticked, is_signed}
)
