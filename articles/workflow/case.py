"""One article before one person: everything that permissions, guards and offers ask about the pair."""

from datetime import date
from functools import cached_property

from django.db.models import F

from articles.content.checks import Issue, check
from articles.content.document import Document
from articles.models import Article, Assignment, Conflict, Decision, Publication, Round, User, Version


class Case:
    """Answers are fetched when first asked for and remembered: a case lives for one step or one page.

    `note`, `member` and `due` are what the person brings along, where the step takes them.
    """

    def __init__(
        self,
        article: Article,
        user: User,
        *,
        note: str = "",
        member: User | None = None,
        due: date | None = None,
    ) -> None:
        self.article = article
        self.user = user
        self.note = note.strip()
        self.member = member
        self.due = due

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
    def standing(self) -> list[Assignment]:
        """Assignments of the open round that have not ended."""
        if self.round is None:
            return []
        return list(
            Assignment.objects.filter(round=self.round, ended_at__isnull=True)
            .select_related("member__board_profile")
            .order_by("created_at", "pk")
        )

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
        return self.article.document()

    @cached_property
    def issues(self) -> list[Issue]:
        """What the checks say of the text: one list for the author and the board."""
        return check(self.document)

    def bar(self, user: User) -> str:
        """Why `user` can never review this article as it stands, or "" when nothing speaks against it.

        No role, no combination of roles and no superuser flag is asked about here: none gets round it.
        """
        if user.pk in self.author_ids:
            return "You are an author of this article. Somebody else must review it."
        since = self.last_publication.version if self.last_publication else 0
        edited = (
            Version.objects.filter(id=self.article.pk, version__gt=since, history_user=user)
            .order_by(F("version").desc())
            .values_list("version", flat=True)
            .first()
        )
        if edited is not None:
            return f"You edited version {edited} of this article. Somebody else must review it."
        conflict = Conflict.objects.filter(article=self.article, member=user).first()
        if conflict is not None:
            return f"You declared a conflict of interest with this article: {conflict.reason}"
        return ""

    @cached_property
    def own_bar(self) -> str:
        return self.bar(self.user)
