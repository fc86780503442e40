"""One article before one person: everything that permissions, guards and offers ask about the pair."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from articles.content.checks import Issue, check
from articles.content.document import Document, Level, shared
from articles.content.figures import images_of
from articles.content.statements import Statement
from articles.models import (
    Article,
    Assignment,
    ChecklistItem,
    Decision,
    Figure,
    Publication,
    ReviewPolicy,
    Round,
    SignOff,
    Thread,
    User,
    policy_for,
)
from articles.states import Verdict
from articles.workflow import masking, said
from articles.workflow.bars import bars
from articles.workflow.said import Remark
from articles.workflow.signing import Signature


class Case:
    """Answers are fetched when first asked for and remembered: a case lives for one step or one page.

    `note`, `member`, `due`, `signature` and `ticked` (keys of checklist items) are what the person brings
    along, where the step takes them.
    """

    def __init__(
        self,
        article: Article,
        user: User,
        *,
        note: str = "",
        member: User | None = None,
        due: date | None = None,
        signature: Signature | None = None,
        ticked: Collection[int] = (),
    ) -> None:
        self.article = article
        self.user = user
        self.note = note.replace("\x00", "").strip()
        self.member = member
        self.due = due
        self.signature = signature
        self.ticked = frozenset(ticked)

    @cached_property
    def author_ids(self) -> frozenset[int]:
        coauthors = self.article.coauthors.values_list("pk", flat=True)
        return frozenset({self.article.author_id, *coauthors})

    @property
    def is_author(self) -> bool:
        return self.user.pk in self.author_ids

    @cached_property
    def round(self) -> Round | None:
        """The open round, if there is one."""
        return Round.objects.filter(article=self.article, closed_at__isnull=True).first()

    @cached_property
    def assignments(self) -> list[Assignment]:
        """Assignments of the open round, those that have ended too."""
        if self.round is None:
            return []
        return list(
            Assignment.objects.filter(round=self.round)
            .select_related("member__board_profile")
            .order_by("created_at", "pk")
        )

    @cached_property
    def standing(self) -> list[Assignment]:
        """Assignments of the open round that have not ended."""
        return [each for each in self.assignments if each.ended_at is None]

    @cached_property
    def takes_part(self) -> frozenset[int]:
        """Keys of all who were asked in the open round, whether they stepped back or not."""
        return frozenset(each.member_id for each in self.assignments)

    def is_reviewer(self, user: User) -> bool:
        return any(assignment.member_id == user.pk for assignment in self.standing)

    @cached_property
    def decisions(self) -> list[Decision]:
        """Decisions signed in the open round."""
        return list(Decision.objects.filter(round=self.round)) if self.round else []

    @cached_property
    def decision(self) -> Decision | None:
        """What this person has already signed in the open round."""
        return next((each for each in self.decisions if each.member_id == self.user.pk), None)

    @property
    def approvals(self) -> list[Decision]:
        """Approvals signed in the open round, whoever may know of them."""
        return [each for each in self.decisions if each.verdict == Verdict.APPROVE]

    @cached_property
    def last_publication(self) -> Publication | None:
        return (
            Publication.objects.filter(article=self.article)
            .order_by("-number")
            .only("number", "version", "digest", "status", "article")
            .first()
        )

    @property
    def is_live(self) -> bool:
        return self.last_publication is not None and self.last_publication.is_live

    @cached_property
    def document(self) -> Document:
        """The stored text, read once: its digest, its checks and its rendering share the work."""
        return shared(self.article.document())

    @cached_property
    def issues(self) -> list[Issue]:
        """What the checks say of the text: one list for the author and the board."""
        return check(self.document, self.images)

    @cached_property
    def images(self) -> dict[str, str]:
        """Name -> credit line of each image that the text shows and the article has."""
        names = images_of(self.document.body, self.document.plain_body)
        if not names:
            return {}
        return dict(Figure.objects.filter(article=self.article, name__in=names).values_list("name", "credit"))

    def bar(self, user: User) -> str:
        """Why `user` can never review this article as it stands, or "" when nothing speaks against it."""
        found = bars(self, [user.pk]).get(user.pk)
        return found.to_them() if found else ""

    @cached_property
    def own_bar(self) -> str:
        return self.bar(self.user)

    @cached_property
    def author_names(self) -> list[str]:
        people = User.objects.filter(pk__in=self.author_ids).order_by("pk")
        return [person.name for person in people]

    @cached_property
    def has_reviewed(self) -> bool:
        """Whether the person reviewed in any round of this article, and may still."""
        taken_part = Assignment.objects.filter(round__article=self.article, member=self.user, ended_at=None)
        return self.user.is_board_member and taken_part.exists() and not self.own_bar

    @cached_property
    def assignment(self) -> Assignment | None:
        """The person's own standing assignment in the open round."""
        return next((each for each in self.standing if each.member_id == self.user.pk), None)

    @cached_property
    def policy(self) -> ReviewPolicy:
        """The policy that the next round would begin with."""
        return policy_for(self.article.topic_id)

    @cached_property
    def checklist(self) -> list[ChecklistItem]:
        """The items in use, for every verdict."""
        return list(ChecklistItem.objects.filter(is_active=True))

    # Statements, and the work on them

    @cached_property
    def statements(self) -> dict[str, Statement]:
        """What a member signs off, by digest, in reading order: all but headings and header rows."""
        found: dict[str, Statement] = {}
        for level in Level:
            for statement in self.document.statements(level):
                if not statement.is_header:
                    found.setdefault(statement.digest, statement)
        return found

    @cached_property
    def is_blind(self) -> bool:
        """Whether others' work in the open round is hidden until this person's own decision is in."""
        return (
            self.round is not None
            and self.round.is_independent
            and self.user.is_board_member
            and not self.is_author
            and self.decision is None
            and (self.is_reviewer(self.user) or not self.user.is_editor)
        )

    def sees(self, round_number: int | None, person_id: int | None) -> bool:
        """Whether this person may see what somebody did in a round of this article."""
        if not self.is_blind or self.round is None or person_id == self.user.pk:
            return True
        return round_number != self.round.number

    @cached_property
    def _ever_signed(self) -> list[SignOff]:
        return list(SignOff.objects.filter(article=self.article).order_by("pk"))

    @property
    def worked_on(self) -> frozenset[int]:
        """Numbers of the versions in which this person signed off statements or began threads."""
        own = [each.version for each in self._ever_signed if each.member_id == self.user.pk]
        own += [each.version for each in self.all_threads if each.opened_by_id == self.user.pk]
        return frozenset(own)

    @cached_property
    def _sign_offs(self) -> list[SignOff]:
        """Sign-offs of statements of this text, oldest first, less those of people who may not review it."""
        here = [each for each in self._ever_signed if each.digest in self.statements]
        self._introduce(here, "member")
        people = {each.member_id for each in here} | {self.user.pk}
        if "own_bar" in self.__dict__:
            people.discard(self.user.pk)
        barred = bars(self, people)
        if self.user.pk in people:
            # Asked along with the others, so that it need not be asked again.
            own = barred.get(self.user.pk)
            self.__dict__["own_bar"] = own.to_them() if own else ""
        return [
            each
            for each in here
            if not (self.own_bar if each.member_id == self.user.pk else each.member_id in barred)
        ]

    @cached_property
    def _people(self) -> dict[int, User]:
        """By key, whoever is at hand already."""
        near = [self.user, self.article.author, *(each.member for each in self.assignments)]
        return {person.pk: person for person in near}

    def _meet(self, people: Collection[int]) -> None:
        if unknown := set(people) - self._people.keys():
            self._people.update(User.objects.in_bulk(unknown))

    def _introduce(self, rows: Sequence[Any], name: str) -> None:
        """Give each row its person. Hundreds of rows are by a few people: a join would make each anew."""
        self._meet({getattr(row, f"{name}_id") for row in rows})
        for row in rows:
            # As Django itself keeps a relation that it has read; assigning it would cost five times as much.
            row._state.fields_cache[name] = self._people[getattr(row, f"{name}_id")]

    @cached_property
    def all_marks(self) -> dict[str, list[SignOff]]:
        """Each member's latest verdict on each statement of this text, by digest, whoever may see it."""
        return _latest(self._sign_offs)

    @cached_property
    def marks(self) -> dict[str, list[SignOff]]:
        """The same as this person may see it."""
        return _latest([each for each in self._sign_offs if self.sees(each.round, each.member_id)])

    @cached_property
    def all_threads(self) -> list[Thread]:
        """Every thread of the article with its comments (`said`), oldest first. Two queries, or three."""
        found: list[Any] = list(
            Thread.objects.filter(article=self.article)
            .select_related("suggestion__by", "suggestion__decided_by")
            .order_by("pk")
        )
        rows = said.rows(self.article.pk) if found else []
        self._meet({by for _, _, by, *_ in rows})
        by_thread: defaultdict[int, list[Remark]] = defaultdict(list)
        for row in rows:
            by_thread[row[0]].append(Remark(*row, self._people[row[2]]))
        for each in found:
            each.said = by_thread[each.pk]
        self._introduce(found, "opened_by")
        self._introduce([each for each in found if each.resolved_by_id], "resolved_by")
        return found

    @cached_property
    def threads(self) -> list[Thread]:
        """The same as this person may see them; `seen_comments` of each are what was said in it."""
        if not self.is_blind or self.round is None:
            for each in self.all_threads:
                each.seen_comments = each.said  # type: ignore[attr-defined]
            return self.all_threads
        events = masking.events_of_threads(self.article.pk)
        known = self.author_ids | {self.user.pk}
        return [
            masking.as_known(each, events[each.pk], self.round.opened_at, known, self.author_ids)
            for each in self.all_threads
            if self.sees(each.round, each.opened_by_id)
        ]


def _latest(sign_offs: list[SignOff]) -> dict[str, list[SignOff]]:
    latest = {(each.digest, each.member_id): each for each in sign_offs}
    found: dict[str, list[SignOff]] = {}
    for (digest, _), mark in latest.items():
        if mark.support:
            found.setdefault(digest, []).append(mark)
    return found
