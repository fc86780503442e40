"""The rounds of an article as the review page tells them: who was asked, what was said, what was signed."""

from dataclasses import dataclass
from typing import Any

from articles import queries
from articles.models import Assignment, Decision, Event, User
from articles.reviewing.due import due_words
from articles.states import EventKind
from articles.workflow import sight
from articles.workflow.case import Case

_BEGINNINGS = (EventKind.SUBMITTED, EventKind.RESUBMITTED, EventKind.ASSIGNED)


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who has signed nothing in a round: still to decide, or no longer reviewing."""

    name: str
    waits: bool
    due: str
    tone: str


@dataclass(frozen=True, slots=True)
class Told:
    """One round: what was said to its reviewers, what they decided, who has not."""

    round: Any
    words: list[Event]
    decisions: list[Decision]
    reviewers: list[Reviewer]


def told(case: Case) -> list[Told]:
    """The rounds of an article, newest first, as this person may hear of them. Constant queries."""
    said = list(queries.timeline(case.article.pk).filter(kind__in=_BEGINNINGS).exclude(note=""))
    seen: list[Any] = sight.rounds(case)
    return [
        Told(
            round=round_,
            words=[
                event
                for event in reversed(said)
                if event.round == round_.number and _is_for(case.user, event)
            ],
            decisions=round_.seen_decisions,
            reviewers=_undecided(round_),
        )
        for round_ in seen
    ]


def _is_for(user: User, event: Event) -> bool:
    """An author's word is for every reviewer; an editor's for the one it was assigned with."""
    return event.data.get("member") in {None, user.pk}


def _undecided(round_: Any) -> list[Reviewer]:
    signed = {decision.member_id for decision in round_.seen_decisions}
    return [
        _reviewer(round_, assignment)
        for assignment in round_.seen_assignments
        if assignment.member_id not in signed and (round_.is_open or assignment.ended_at is None)
    ]


def _reviewer(round_: Any, assignment: Assignment) -> Reviewer:
    waits = round_.is_open and assignment.ended_at is None
    label, tone = due_words(assignment.due) if waits else ("", "")
    return Reviewer(str(assignment.member), waits, label, tone)
