"""The lists that the board and the desk work from: querysets that tell nobody more than they may know.

In a round whose reviews are independent, who has not decided yet must not learn from a list, its order or its
counts what colleagues did (articles.workflow.sight): of such a round they see their own part only.
"""

from datetime import date, timedelta

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


def _waited_for(user: User) -> QuerySet[Assignment]:
    """Reviews that wait for a decision, as far as `user` may know that they do."""
    return _UNDECIDED.filter(Q(member=user) | ~Q(round__in=sight.blind_rounds(user).values("pk")))


def listed(
    articles: QuerySet[Article], user: User, *, due_of: QuerySet[Assignment] | None = None
) -> QuerySet[Article]:
    """Articles as a list shows them to `user`, with their open round, who reviews in it and who decided.

    Adds `is_live`, `is_blind`, `due` (the nearest of those waited for, or of `due_of`) and `next_review`.
    Four queries for a page, whatever its length; no bodies: at a hundred articles they are most of the bytes.
    """
    waited_for = _waited_for(user) if due_of is None else due_of
    due = waited_for.filter(round__article=OuterRef("pk"), due__isnull=False).order_by("due")
    rounds = Round.objects.filter(closed_at__isnull=True).prefetch_related(
        Prefetch(
            "assignments",
            queryset=Assignment.objects.filter(ended_at__isnull=True)
            .select_related("member", "assigned_by")
            .order_by("created_at", "pk"),
            to_attr="standing",
        ),
        "decisions",
    )
    return (
        articles.defer(*LIST_FIELDS)
        .select_related("author", "topic")
        .annotate(
            is_live=Exists(_LIVE),
            is_blind=Exists(sight.blind_rounds(user).filter(article=OuterRef("pk"))),
            due=Subquery(due.values("due")[:1]),
            next_review=Subquery(_LIVE.values("next_review_due")[:1]),
        )
        .prefetch_related(Prefetch("rounds", queryset=rounds, to_attr="open_rounds"))
    )


def for_me(user: User) -> QuerySet[Article]:
    """Under review by this member, who has not decided. Adds `asked`: an invitation waits for an answer."""
    own = _UNDECIDED.filter(member=user)
    here = own.filter(round__article=OuterRef("pk"))
    return listed(Article.objects.filter(pk__in=own.values("round__article")), user, due_of=own).annotate(
        asked=ExpressionWrapper(Exists(here.filter(accepted_at__isnull=True)), BooleanField()),
        since=Subquery(here.values("created_at")[:1], output_field=DateTimeField()),
    )


def unclaimed(user: User) -> QuerySet[Article]:
    """Submitted and waiting for a reviewer."""
    return listed(Article.objects.filter(state=State.SUBMITTED), user).annotate(since=F("state_since"))


def overdue(user: User, today: date) -> QuerySet[Article]:
    """Under review by somebody who is late, as far as `user` may know."""
    late = _waited_for(user).filter(due__lt=today)
    return listed(Article.objects.filter(pk__in=late.values("round__article")), user).annotate(
        since=F("state_since")
    )


def with_others(user: User) -> QuerySet[Article]:
    """Under review or back with the authors, and nothing for this member to do."""
    mine = _UNDECIDED.filter(member=user).values("round__article")
    moving = Article.objects.filter(state__in=(State.UNDER_REVIEW, State.CHANGES_REQUESTED))
    return listed(moving.exclude(pk__in=mine), user).annotate(since=F("state_since"))


def decided_by(user: User) -> QuerySet[Decision]:
    """What this member has signed."""
    return (
        Decision.objects.filter(member=user)
        .select_related("round__article__topic")
        .defer(*(f"round__article__{name}" for name in LIST_FIELDS))
        .annotate(since=F("decided_at"))
    )


def everything(user: User) -> QuerySet[Article]:
    """Every article, for the desk."""
    return listed(Article.objects.all(), user).annotate(since=F("state_since"))


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
    waiting = Article.objects.filter(
        Q(state=State.SUBMITTED) | Q(pk__in=late.values("round__article")) | Q(pk__in=short.values("article"))
    )
    return listed(waiting, user).annotate(since=F("state_since"))


def due_again(user: User, today: date) -> QuerySet[Article]:
    """With a live text whose next review is due within 60 days, or was."""
    near = Publication.objects.filter(status=PublicationStatus.LIVE, next_review_due__lte=today + AHEAD)
    again = Article.objects.filter(pk__in=near.values("article"))
    return listed(again, user).annotate(since=F("state_since"))


def counts_by_state(articles: QuerySet[Article]) -> dict[str, int]:
    """How many of them stand where, for every state."""
    counted = dict(articles.order_by().values_list("state").annotate(Count("pk")))
    return {state.value: counted.get(state.value, 0) for state in State}
