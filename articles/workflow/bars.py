"""Why people cannot review an article: for one of them or for the whole board, in the same few queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from articles.content.mentions import mentioned, same_name
from articles.models import Conflict, Interest, InterestKind, Version
from articles.workflow import clock

if TYPE_CHECKING:
    from articles.workflow.case import Case


class Ground(StrEnum):
    AUTHOR = "author"
    EDITED = "edited"
    DECLARED = "declared"
    DETECTED = "detected"


@dataclass(frozen=True, slots=True)
class Bar:
    """What keeps a person from reviewing. `detail`: the version, the reason, or the interest's name."""

    ground: Ground
    detail: str = ""

    def to_them(self) -> str:
        """As the person reads it."""
        match self.ground:
            case Ground.AUTHOR:
                return "You are an author of this article. Somebody else must review it."
            case Ground.EDITED:
                return f"You edited version {self.detail} of this article. Somebody else must review it."
            case Ground.DECLARED:
                return f"You declared a conflict of interest with this article: {self.detail}"
            case Ground.DETECTED:
                return (
                    f"You declared an interest that this article touches: {self.detail}. "
                    "Somebody else must review it."
                )

    def of_them(self) -> str:
        """As an editor reads it, after the person's name."""
        match self.ground:
            case Ground.AUTHOR:
                return "is an author of it"
            case Ground.EDITED:
                return f"edited version {self.detail} of it"
            case Ground.DECLARED:
                return f"declared a conflict of interest: {self.detail}"
            case Ground.DETECTED:
                return f"declared an interest that it touches: {self.detail}"


def bars(case: Case, people: Collection[int]) -> dict[int, Bar]:
    """Who among `people` (keys) can never review this article as it stands, and why; the others are left out.

    No role, no combination of roles and no superuser flag is asked about here: none gets round it.
    At most six queries for any number of people; those barred already are not asked about again.
    """
    found = {person: Bar(Ground.AUTHOR) for person in people if person in case.author_ids}
    for ask in (_edited, _declared, _detected):
        left = [person for person in people if person not in found]
        if left:
            found |= ask(case, left)
    return found


def _edited(case: Case, people: list[int]) -> dict[int, Bar]:
    """Who saved a version since the last publication; the newest such version of each."""
    since = case.last_publication.version if case.last_publication else 0
    saved = (
        Version.objects.filter(id=case.article.pk, version__gt=since, history_user__in=people)
        .order_by("version")
        .values_list("history_user", "version")
    )
    return {person: Bar(Ground.EDITED, str(version)) for person, version in saved}


def _declared(case: Case, people: list[int]) -> dict[int, Bar]:
    declared = Conflict.objects.filter(article=case.article, member__in=people)
    return {person: Bar(Ground.DECLARED, why) for person, why in declared.values_list("member", "reason")}


def _detected(case: Case, people: list[int]) -> dict[int, Bar]:
    """Whose declared interests the text, or its list of authors, names; the first such interest of each.

    One that ended after the open round began still counts: nobody ends their own to get in.
    """
    today = clock.now().date()
    since = min(today, case.round.opened_at.date()) if case.round else today
    interests = [
        each
        for each in Interest.objects.filter(member__in=people, since__lte=today).order_by("pk")
        if each.until is None or each.until >= since
    ]
    things = {each.name for each in interests if each.kind != InterestKind.PERSON}
    named = set(mentioned(case.document, sorted(things))) if things else set()
    found: dict[int, Bar] = {}
    for each in interests:
        if each.kind == InterestKind.PERSON:
            touched = any(same_name(each.name, author) for author in case.author_names)
        else:
            touched = each.name in named
        if touched:
            found.setdefault(each.member_id, Bar(Ground.DETECTED, each.name))
    return found
