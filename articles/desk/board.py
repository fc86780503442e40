"""Who could review an article: each serving member of the board, what they have open, what bars them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q

from articles.models import Article, Assignment, BoardMember, Conflict, Decision, Publication, User, Version
from articles.states import Role


@dataclass(frozen=True, slots=True)
class Candidate:
    """A serving member. `load`: reviews open and undecided. `barred`: why not this article, or ""."""

    profile: BoardMember
    load: int
    barred: str

    @property
    def user(self) -> User:
        return self.profile.user

    @property
    def label(self) -> str:
        parts = [str(self.profile), *([self.profile.specialties] if self.profile.specialties else [])]
        load = f"{self.load} open review{'' if self.load == 1 else 's'}" if self.load else "no open review"
        return " · ".join([*parts, f"cannot: {self.barred}" if self.barred else load])


def candidates(article: Article) -> list[Candidate]:
    """Every serving member, those who can review first, the least busy first among them.

    The bars are those of the workflow, which asks them one person at a time; here they take a few queries
    for the whole board.
    """
    bars = _bars(article)
    load = _load()
    serving = (
        BoardMember.objects.serving()
        .filter(user__is_active=True, user__groups__name=Role.BOARD)
        .select_related("user")
        .order_by("name")
    )
    found = [Candidate(each, load.get(each.user_id, 0), bars.get(each.user_id, "")) for each in serving]
    return sorted(found, key=lambda each: (bool(each.barred), each.load))


def _load() -> dict[int, int]:
    """Open, undecided reviews by member."""
    undecided = Assignment.objects.filter(round__closed_at__isnull=True, ended_at__isnull=True).exclude(
        round__decisions__member=F("member")
    )
    return dict(undecided.order_by().values_list("member").annotate(Count("pk")))


def _bars(article: Article) -> dict[int, str]:
    """Why members cannot review, the weightiest reason of each last so that it stands."""
    published = (
        Publication.objects.filter(article=article).order_by("-number").values_list("version", flat=True)
    )
    since = published.first() or 0
    editors = Version.objects.filter(id=article.pk, version__gt=since).values_list("history_user", flat=True)
    open_round = Q(round__article=article, round__closed_at__isnull=True)
    reviewing = Assignment.objects.filter(open_round, ended_at__isnull=True).values_list("member", flat=True)
    decided = Decision.objects.filter(open_round).values_list("member", flat=True)
    conflicts = Conflict.objects.filter(article=article).values_list("member", flat=True)
    authors = {article.author_id, *article.coauthors.values_list("pk", flat=True)}
    bars: dict[int, str] = {}
    reasons: tuple[tuple[Iterable[int | None], str], ...] = (
        (decided, "stepped back from this round"),
        (reviewing, "is reviewing it now"),
        (conflicts, "declared a conflict of interest"),
        (editors, "edited this text"),
        (authors, "is an author of it"),
    )
    for members, reason in reasons:
        bars |= {member: reason for member in members if member is not None}
    return bars
