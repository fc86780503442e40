"""The rounds of an article as the review page tells them: who was asked, what was said, what was signed."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from articles import queries
from articles.models import Article, Assignment, Decision, Event, User
from articles.states import EventKind, RoundOutcome, Verdict
from articles.waiting import due_words
from articles.workflow import quorum, sight
from articles.workflow.case import Case

_BEGINNINGS = (EventKind.SUBMITTED, EventKind.RESUBMITTED, EventKind.ASSIGNED, EventKind.REAFFIRMATION_ASKED)
# After these an approval given in the round published something.
_COUNTED = (RoundOutcome.APPROVED, RoundOutcome.REAFFIRMED)


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who has signed nothing in a round: still to decide, or no longer reviewing."""

    name: str
    waits: bool
    is_asked: bool
    due: str
    tone: str


@dataclass(frozen=True, slots=True)
class Told:
    """One round: what was said to its reviewers, what they decided, who has not."""

    round: Any
    words: list[Event]
    decisions: list[Decision]
    reviewers: list[Reviewer]

    @property
    def is_void(self) -> bool:
        """Whether the round is over and its approvals came to nothing: they no longer count."""
        return not self.round.is_open and self.round.outcome not in _COUNTED

    @property
    def asks(self) -> str:
        """What the policy of the round asks for, in words; "" where one approval is enough."""
        if self.round.quorum == 1 and not self.round.specialties:
            return ""
        count = "1 approval" if self.round.quorum == 1 else f"{self.round.quorum} approvals"
        verb = "reaffirm" if self.round.is_reaffirmation else "publish"
        among = [f"{number} from {name}" for name, number in sorted(self.round.specialties.items())]
        of_these = f", {quorum.in_words(among)} among them" if among else ""
        return f"It takes {count} to {verb} this version{of_these}."


class Rounds:
    """The rounds of an article before one person, newest first. Four queries, whatever their number.

    They hold all that `case` would ask for about the open round again, so it is told.
    """

    def __init__(self, article: Article, user: User) -> None:
        self.case = Case(article, user)
        self._rounds: list[Any] = list(queries.rounds(article.pk))
        self.case.round = next((each for each in self._rounds if each.is_open), None)
        if self.case.round is not None:
            self.case.decisions = list(self.case.round.decisions.all())
            self.case.assignments = sorted(self.case.round.assignments.all(), key=lambda each: each.pk)

    @cached_property
    def told(self) -> list[Told]:
        said = list(queries.timeline(self.case.article.pk).filter(kind__in=_BEGINNINGS).exclude(note=""))
        return [
            Told(
                round=round_,
                words=[
                    event
                    for event in reversed(said)
                    if event.round == round_.number and _is_for(self.case.user, event)
                ],
                decisions=sight.decisions(self.case, round_),
                reviewers=self._undecided(round_),
            )
            for round_ in self._rounds
        ]

    @property
    def current(self) -> Told | None:
        """The open round, or the one that ended last when its version is still the text shown."""
        last = self.told[0] if self.told else None
        if last is None or not (last.round.is_open or last.round.version == self.case.article.version):
            return None
        return last

    @property
    def earlier(self) -> list[Told]:
        return [each for each in self.told if each is not self.current]

    @cached_property
    def last_reviewed(self) -> int | None:
        """Number of the last version before this one that this member worked on: decided on, or in part."""
        decided = {
            decision.version
            for round_ in self._rounds
            for decision in round_.decisions.all()
            if decision.member_id == self.case.user.pk and decision.verdict != Verdict.RECUSE
        }
        return self._latest_before(decided | self.case.worked_on)

    @cached_property
    def last_asked(self) -> int | None:
        """Number of the last version before this one that this member was to review."""
        return self._latest_before(
            {
                round_.version
                for round_ in self._rounds
                for assignment in round_.assignments.all()
                if assignment.member_id == self.case.user.pk and assignment.ended_at is None
            }
        )

    def _latest_before(self, versions: set[int]) -> int | None:
        return max((each for each in versions if each < self.case.article.version), default=None)

    def _undecided(self, round_: Any) -> list[Reviewer]:
        signed = {decision.member_id for decision in sight.decisions(self.case, round_)}
        return [
            _reviewer(round_, assignment)
            for assignment in sight.assignments(self.case, round_)
            if assignment.member_id not in signed and (round_.is_open or assignment.ended_at is None)
        ]


def _is_for(user: User, event: Event) -> bool:
    """An author's word is for every reviewer; an editor's for the one it was assigned with."""
    return event.data.get("member") in {None, user.pk}


def _reviewer(round_: Any, assignment: Assignment) -> Reviewer:
    waits = round_.is_open and assignment.ended_at is None
    label, tone = due_words(assignment.due) if waits else ("", "")
    return Reviewer(str(assignment.member), waits, waits and assignment.accepted_at is None, label, tone)
