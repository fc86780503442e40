"""The lists that the board and the desk work from, telling nobody more than they may know.

What belongs in a list is a plain queryset of articles. `dated` adds what lists are ordered by, `sizes` counts
several at once, and only the articles of one page are read with all that stands around them (`shown`).

In a round whose reviews are independent, who has not decided yet must not learn from a list, its order or its
counts what colleagues did (articles.workflow.sight): of such a round they see their own part only.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from articles.models import Article, Assignment, Decision, Publication, Round, User
from articles.queries import LIST_FIELDS
from articles.states import PublicationStatus, State
from articles.workflow import sight

# A text is "due for review again" from this long before the day.
AHEAD = timedelta(days=60)

_LIVE = Publication.objects.filter(article=OuterRef("pk"), status=PublicationStatus.LIVE)
_STANDING = Assignment.objects.filter(round__closed_at__isnull=True, ended_at__isnull=True)
_UNDECIDED = _STANDING.exclude(
    Exists(Decision.objects.filter(round=OuterRef("round"), member=OuterRef("member")))
)


class _Size(Subquery):
    """The number of rows of a query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) found)"
    output_field = IntegerField()


def sizes(found: Mapping[str, QuerySet[Any]], user: User) -> dict[str, int]:
    """How many each list holds. One query for all of them, hung on the row of `user`."""
    counts = [_Size(rows.order_by().values("pk")) for rows in found.values()]
    counted = User.objects.filter(pk=user.pk).values_list(*counts).get()
    return dict(zip(found, counted, strict=True))


def _waited_for(user: User) -> QuerySet[Assignment]:
    """Reviews that wait for a decision, as far as `user` may know that they do."""
    return _UNDECIDED.filter(Q(member=user) | ~Q(round__in=sight.blind_rounds(user).values("pk")))


def shown(keys: Sequence[int], user: User, *, published: bool = False) -> list[Article]:
    """Articles as a list shows them to `user`, in the order of `keys`, with who reviews and who decided.

    Adds `is_blind` and `open_rounds`, each with what stands in it (see articles.waiting); if `published` also
    `is_live` and `next_review`. Four queries, whatever the number; no bodies: they are most of the bytes.
    """
    rounds = (
        Round.objects.filter(closed_at__isnull=True)
        .order_by("pk")
        .prefetch_related(
            Prefetch(
                "assignments",
                queryset=Assignment.objects.filter(ended_at__isnull=True)
                .select_related("member", "assigned_by")
                .order_by("created_at", "pk"),
                to_attr="standing",
            ),
            "decisions",
        )
    )
    found = (
        Article.objects.filter(pk__in=keys)
        .defer(*LIST_FIELDS)
        .select_related("author", "topic")
        .annotate(is_blind=Exists(sight.blind_rounds(user).filter(article=OuterRef("pk"))))
        .order_by()
        .prefetch_related(Prefetch("rounds", queryset=rounds, to_attr="open_rounds"))
    )
    if published:
        found = found.annotate(
            is_live=Exists(_LIVE), next_review=Subquery(_LIVE.values("next_review_due")[:1])
        )
    by_key = {article.pk: article for article in found}
    return [by_key[key] for key in keys if key in by_key]


def dated(articles: QuerySet[Article], user: User) -> QuerySet[Article]:
    """Adds what a list may be ordered by: `since`, `due` (the nearest of those waited for), `next_review`."""
    due = _waited_for(user).filter(round__article=OuterRef("pk"), due__isnull=False).order_by("due")
    return articles.annotate(
        since=F("state_since"),
        due=Subquery(due.values("due")[:1]),
        next_review=Subquery(_LIVE.values("next_review_due")[:1]),
    )


def for_me(user: User) -> QuerySet[Article]:
    """Under review by this member, who has not decided."""
    return Article.objects.filter(pk__in=_UNDECIDED.filter(member=user).values("round__article"))


def dated_for_me(articles: QuerySet[Article], user: User) -> QuerySet[Article]:
    """Adds this member's own dates, and `asked`: an invitation waits for an answer."""
    here = _UNDECIDED.filter(member=user, round__article=OuterRef("pk"))
    return articles.annotate(
        asked=ExpressionWrapper(Exists(here.filter(accepted_at__isnull=True)), BooleanField()),
        since=Subquery(here.values("created_at")[:1], output_field=DateTimeField()),
        due=Subquery(here.values("due")[:1]),
    )


def unclaimed(user: User) -> QuerySet[Article]:
    """Submitted and waiting for a reviewer."""
    return Article.objects.filter(state=State.SUBMITTED)


def overdue(user: User, today: date) -> QuerySet[Article]:
    """Under review by somebody who is late, as far as `user` may know."""
    late = _waited_for(user).filter(due__lt=today)
    return Article.objects.filter(pk__in=late.values("round__article"))


def with_others(user: User) -> QuerySet[Article]:
    """Under review or back with the authors, and nothing for this member to do."""
    mine = _UNDECIDED.filter(member=user).values("round__article")
    moving = Article.objects.filter(state__in=(State.UNDER_REVIEW, State.CHANGES_REQUESTED))
    return moving.exclude(pk__in=mine)


def decided_by(user: User) -> QuerySet[Decision]:
    """What this member has signed."""
    return Decision.objects.filter(member=user)


def shown_decisions(keys: Sequence[int]) -> list[Decision]:
    """Decisions with their articles, in the order of `keys`. One query."""
    found = (
        Decision.objects.select_related("round__article__topic")
        .defer(*(f"round__article__{name}" for name in LIST_FIELDS))
        .in_bulk(keys)
    )
    return [found[key] for key in keys]


def everything(user: User) -> QuerySet[Article]:
    """Every article, for the desk."""
    return Article.objects.all()


def needs_an_editor(user: User, today: date) -> QuerySet[Article]:
    """Without a reviewer, with fewer than its policy asks for, or with one who is overdue."""
    reviewers = (
        _STANDING.filter(round=OuterRef("pk"))
        .order_by()
        .values("round")
        .annotate(many=Count("pk"))
        .values("many")
    )
    short = (
        Round.objects.filter(closed_at__isnull=True, article__state=State.UNDER_REVIEW)
        .exclude(pk__in=sight.blind_rounds(user).values("pk"))
        .annotate(many=Subquery(reviewers), wanted=Cast(KT("policy__quorum"), IntegerField()))
        .filter(many__lt=F("wanted"))
    )
    late = _waited_for(user).filter(due__lt=today)
    return Article.objects.filter(
        Q(state=State.SUBMITTED) | Q(pk__in=late.values("round__article")) | Q(pk__in=short.values("article"))
    )


def due_again(user: User, today: date) -> QuerySet[Article]:
    """With a live text whose next review is due within 60 days, or was."""
    near = Publication.objects.filter(status=PublicationStatus.LIVE, next_review_due__lte=today + AHEAD)
    return Article.objects.filter(pk__in=near.values("article"))


def counts_by_state(articles: QuerySet[Article]) -> dict[str, int]:
    """How many of them stand where, for every state."""
    counted = dict(articles.order_by().values_list("state").annotate(Count("pk")))
    return {state.value: counted.get(state.value, 0) for state in State}
