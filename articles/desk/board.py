"""Whom to ask for a review: the serving members, the best suited first, each with the reason of the rank."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from articles.desk.policy_form import serving
from articles.models import Assignment, BoardMember, Decision, Event, User
from articles.states import EventKind, Verdict
from articles.workflow import clock, sight
from articles.workflow.bars import bars
from articles.workflow.case import Case


@dataclass(frozen=True, slots=True)
class Candidate:
    """A serving member before one article.

    wanted, suits: specialties of theirs that the policy still asks for, and that suit the topic. load, late:
    reviews they have open, and how many of those are overdue. `declined`: why they said no to this round.
    """

    profile: BoardMember
    barred: str
    wanted: list[str]
    suits: list[str]
    load: int
    late: int
    knows_it: bool
    declined: str

    @property
    def user(self) -> User:
        return self.profile.user

    @property
    def rank(self) -> tuple[Any, ...]:
        """Smaller is better: who can, who did not decline, specialty, knowledge of the text, load, name."""
        return (
            bool(self.barred),
            bool(self.declined),
            -len(self.wanted),
            -len(self.suits),
            self.load + self.late,
            not self.knows_it,
            self.profile.name,
        )

    @property
    def reasons(self) -> list[str]:
        """Why they stand where they stand, in words, the weightiest first."""
        if self.barred:
            return [f"cannot: {self.barred}"]
        said = [f"declined this round: {self.declined}"] if self.declined else []
        said += [f"{name}, which the policy asks for" for name in self.wanted]
        said += [f"{name} suits the topic" for name in self.suits if name not in self.wanted]
        said.append(_load(self.load, self.late))
        if self.knows_it:
            said.append("reviewed it before")
        return said


def candidates(case: Case) -> list[Candidate]:
    """Every serving member, ranked, for an editor who keeps this round.

    The bars are the workflow's own. At most fifteen queries, for one member or a hundred.
    """
    profiles = list(serving().select_related("user"))
    barred = {
        person: bar.of_them() for person, bar in bars(case, [each.user_id for each in profiles]).items()
    }
    barred |= {each.member_id: "stepped back from this round" for each in case.decisions}
    barred |= {each.member_id: "is reviewing it now" for each in case.standing}
    loads, declined, known = _loads(case.user), _declined(case), _known(case)
    wanted = _still_wanted(case)
    topic = case.article.topic
    suiting = list(topic.specialties) if topic else []
    found = []
    for profile in profiles:
        load, late = loads.get(profile.user_id, (0, 0))
        found.append(
            Candidate(
                profile=profile,
                barred=barred.get(profile.user_id, ""),
                wanted=_shared(wanted, profile.specialty_list),
                suits=_shared(suiting, profile.specialty_list),
                load=load,
                late=late,
                knows_it=profile.user_id in known,
                declined=declined.get(profile.user_id, ""),
            )
        )
    return sorted(found, key=lambda each: each.rank)


def _still_wanted(case: Case) -> list[str]:
    """Specialties the policy asks for, less those that the reviewers of the open round bring."""
    asked: Mapping[str, int] = case.round.specialties if case.round else case.policy.specialties
    theirs = [
        {name.casefold() for name in each.member.board_profile.specialty_list} for each in case.standing
    ]
    return [name for name, count in asked.items() if sum(name.casefold() in each for each in theirs) < count]


def _shared(names: list[str], theirs: list[str]) -> list[str]:
    have = {name.casefold() for name in theirs}
    return [name for name in names if name.casefold() in have]


def _loads(user: User) -> dict[int, tuple[int, int]]:
    """Open, undecided reviews by member, and how many are overdue, as far as `user` may know.

    Of rounds in which they are blind every review counts, decided or not: the number must not tell.
    """
    blind = Q(round__in=sight.blind_rounds(user).values("pk"))
    decided = Decision.objects.filter(round=OuterRef("round"), member=OuterRef("member"))
    undecided = Q(ended_at__isnull=True) & ~Exists(decided)
    today: date = clock.now().date()
    rows = (
        Assignment.objects.filter(Q(round__closed_at__isnull=True) & (blind | undecided))
        .order_by()
        .values_list("member")
        .annotate(load=Count("pk"), late=Count("pk", filter=Q(due__lt=today) & ~blind))
    )
    return {member: (load, late) for member, load, late in rows}


def _declined(case: Case) -> dict[int, str]:
    """Who said no to the open round, with the reason; the last of each."""
    if case.round is None:
        return {}
    said = Event.objects.filter(
        article=case.article, round=case.round.number, kind=EventKind.REVIEW_DECLINED
    ).order_by("sequence")
    return dict(said.values_list("actor", "note"))


def _known(case: Case) -> set[int]:
    """Who signed a decision about an earlier version."""
    signed = Decision.objects.filter(round__article=case.article).exclude(verdict=Verdict.RECUSE)
    return set(signed.values_list("member", flat=True))


def _load(load: int, late: int) -> str:
    if not load:
        return "no open review"
    said = f"{load} open review{'' if load == 1 else 's'}"
    return f"{said}, {late} of them overdue" if late else said
