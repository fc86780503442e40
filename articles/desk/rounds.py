"""The rounds of an article as the desk tells them: who was asked, who answered what, who is waited for."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from articles import queries
from articles.models import Assignment, Conflict, Decision, Event, ReviewPolicy, Round
from articles.states import EventKind, RoundOutcome, Verdict
from articles.waiting import due_words, waited_words
from articles.workflow import quorum, sight
from articles.workflow.case import Case

_TONES: dict[str, str] = {
    Verdict.APPROVE: "ok",
    Verdict.REQUEST_CHANGES: "wait",
    RoundOutcome.APPROVED: "ok",
    RoundOutcome.REAFFIRMED: "ok",
    RoundOutcome.CHANGES_REQUESTED: "wait",
    RoundOutcome.DECLINED: "stop",
    RoundOutcome.RETIRED: "stop",
    RoundOutcome.OPEN: "wait",
}
_WENT = {
    EventKind.REVIEW_DECLINED: "declined the invitation",
    EventKind.CONFLICT_DECLARED: "declared a conflict of interest",
    EventKind.UNASSIGNED: "was released",
}


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who was asked and has not decided. `tag` and `tone` say how their due date stands."""

    assignment: Assignment
    answer: str
    since: datetime
    waited: str
    tag: str
    tone: str
    reminded: datetime | None


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who no longer reviews in the round: what happened, when, and the reason given."""

    name: str
    what: str
    at: datetime
    reason: str


def told(case: Case) -> list[dict[str, Any]]:
    """The rounds, newest first, as this person may hear of them. Constant queries."""
    rounds: list[Any] = sight.rounds(case)
    kinds = [*_WENT, EventKind.REMINDED]
    events: dict[int | None, list[Event]] = defaultdict(list)
    for event in sight.events(case).filter(kind__in=kinds).order_by("sequence"):
        events[event.round].append(event)
    today = timezone.localdate()
    return [_told(case, each, events[each.number], today) for each in rounds]


def conflicts(case: Case) -> list[Conflict]:
    """Declared conflicts; to somebody blind, those from before the open round, and their own."""
    found = list(queries.conflicts(case.article.pk))
    if not case.is_blind or case.round is None:
        return found
    since = case.round.opened_at
    return [each for each in found if each.declared_at < since or each.member_id == case.user.pk]


def _told(case: Case, round_: Any, events: list[Event], today: date) -> dict[str, Any]:
    decisions: list[Decision] = round_.seen_decisions
    blind = case.is_blind and round_.is_open
    signed = {decision.member_id for decision in decisions}
    waiting = [
        _reviewer(each, events, today)
        for each in round_.seen_assignments
        if each.ended_at is None
        and each.member_id not in signed
        # Who of the others has decided is not to be read off who is still listed.
        and (not blind or each.member_id == case.user.pk)
    ]
    return {
        "round": round_,
        "tone": _TONES.get(round_.outcome, ""),
        "decisions": [(decision, _TONES.get(decision.verdict, "")) for decision in decisions],
        "waiting": waiting,
        "gone": [_gone(event) for event in events if event.kind != EventKind.REMINDED],
        "blind": blind,
        "policy": ReviewPolicy(**round_.policy).in_words() if round_.policy else [],
        "policy_changed": round_.is_open and round_.policy != case.policy.as_json(),
        "wanting": "" if blind or not round_.is_open else _wanting(case),
        # As many review or have approved as must approve: nobody else needs to be asked.
        "enough": blind or len(waiting) + len(decisions) >= _quorum(round_),
    }


def _wanting(case: Case) -> str:
    return quorum.in_words(quorum.wanting(case, quorum.approvals_that_count(case)))


def _quorum(round_: Round) -> int:
    return round_.quorum if round_.policy else 1


def _reviewer(assignment: Assignment, events: list[Event], today: date) -> Reviewer:
    if assignment.assigned_by is None:
        answer, since = "took it on", assignment.created_at
    elif assignment.accepted_at is None:
        answer, since = "has not answered the invitation", assignment.created_at
    else:
        answer, since = "accepted", assignment.accepted_at
    tag, tone = due_words(assignment.due, today)
    reminded = [
        event.at
        for event in events
        if event.kind == EventKind.REMINDED
        and event.data.get("member") == assignment.member_id
        and event.at >= assignment.created_at
    ]
    waited = waited_words(timezone.localdate(since), today)
    return Reviewer(assignment, answer, since, waited, tag, tone, reminded[-1] if reminded else None)


def _gone(event: Event) -> Gone:
    name = event.data.get("member_name") if event.kind == EventKind.UNASSIGNED else event.actor_name
    return Gone(str(name), _WENT[EventKind(event.kind)], event.at, event.note)
