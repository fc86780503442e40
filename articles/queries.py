"""What the screens of authors, board and desk show: querysets, none of which changes anything."""

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from articles.models import (
    Address,
    Article,
    Assignment,
    Conflict,
    Decision,
    Event,
    Explanation,
    GlossaryEntry,
    Message,
    Publication,
    Question,
    Round,
    Thread,
    Version,
)
from articles.states import PublicationStatus

_OPEN_ROUND = Round.objects.filter(article=OuterRef("pk"), closed_at__isnull=True)
_LIVE = Publication.objects.filter(article=OuterRef("pk"), status=PublicationStatus.LIVE)
_LAST_REASON = Event.objects.filter(
    article=OuterRef("pk"), kind__in=("changes_requested", "declined", "retired")
).order_by("-sequence")

_ASKS = Thread.objects.filter(article=OuterRef("pk"), resolved_at__isnull=True)

# A list needs no bodies: at a hundred articles they are most of the bytes.
LIST_FIELDS = ("body", "plain_body", "references", "competing_interests", "ai_use")


def _listed(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Articles as a list shows them, with where they stand: no query per row."""
    standing = Assignment.objects.filter(ended_at__isnull=True, round__closed_at__isnull=True)
    return (
        articles.defer(*LIST_FIELDS)
        .select_related("author", "topic")
        .annotate(
            is_live=Exists(_LIVE),
            round_number=Subquery(_OPEN_ROUND.values("number")[:1]),
            due=Subquery(
                standing.filter(round__article=OuterRef("pk"), due__isnull=False)
                .order_by("due")
                .values("due")[:1]
            ),
        )
        .prefetch_related(
            Prefetch(
                "rounds",
                queryset=Round.objects.filter(closed_at__isnull=True).prefetch_related(
                    Prefetch("assignments", queryset=standing.select_related("member"), to_attr="standing")
                ),
                to_attr="open_rounds",
            )
        )
    )


def _by(user: Any) -> QuerySet[Article]:
    coauthored = Article.coauthors.through.objects.filter(article=OuterRef("pk"), user=user)
    return Article.objects.filter(Q(author=user) | Exists(coauthored))


def articles_of(user: Any) -> QuerySet[Article]:
    """The articles a person wrote or co-wrote, newest movement first; the last reason given, and by whom."""
    return _listed(_by(user)).annotate(
        last_reason=Subquery(_LAST_REASON.values("note")[:1]),
        last_reason_by=Subquery(_LAST_REASON.values("actor_name")[:1]),
        live_since=Subquery(_LIVE.values("published_at")[:1]),
        asks=Coalesce(Subquery(_counted(_ASKS)), 0),
        asks_must_fix=Coalesce(Subquery(_counted(_ASKS.filter(is_must_fix=True))), 0),
    )


def _counted(rows: QuerySet[Thread]) -> QuerySet[Any, Any]:
    """The number of rows for each article, for a subquery; no row where there is none."""
    return rows.order_by().values("article").annotate(number=Count("pk")).values("number")


def counts_of(user: Any) -> dict[str, int]:
    """How many of a person's articles stand where; only states that some are in."""
    return dict(_by(user).order_by().values_list("state").annotate(Count("pk")))


def versions(article_id: int) -> QuerySet[Any]:
    """The versions of an article, newest first, without their texts: who, when, note, what became of them."""
    rounds = Round.objects.filter(article=article_id, version=OuterRef("version")).order_by("-number")
    publications = Publication.objects.filter(article=article_id, version=OuterRef("version"))
    return (
        Version.objects.filter(id=article_id)
        .defer(*LIST_FIELDS, "summary")
        .select_related("history_user")
        .annotate(
            round_number=Subquery(rounds.values("number")[:1]),
            round_outcome=Subquery(rounds.values("outcome")[:1]),
            publication_number=Subquery(publications.values("number")[:1]),
            publication_status=Subquery(publications.values("status")[:1]),
        )
        .order_by("-version")
    )


def version(article_id: int, number: int) -> Any:
    """One version with its text. Raises Version.DoesNotExist."""
    return Version.objects.select_related("history_user").get(id=article_id, version=number)


def last_approved_version(article_id: int) -> int | None:
    """Number of the version behind the newest publication, if there has been one."""
    return (
        Publication.objects.filter(article=article_id)
        .order_by("-number")
        .values_list("version", flat=True)
        .first()
    )


def address_of_live_version(article_id: int, number: int) -> str | None:
    """Where readers read version `number`, if that is what they read now."""
    return (
        Address.objects.filter(
            article=article_id,
            moved_to__isnull=True,
            publication__version=number,
            publication__status=PublicationStatus.LIVE,
        )
        .values_list("slug", flat=True)
        .first()
    )


def rounds(article_id: int) -> QuerySet[Round]:
    """The rounds of an article, newest first, with who reviewed and what they decided."""
    return (
        Round.objects.filter(article=article_id)
        .order_by("-number")
        .prefetch_related(
            Prefetch("decisions", queryset=Decision.objects.select_related("member")),
            Prefetch("assignments", queryset=Assignment.objects.select_related("member", "assigned_by")),
        )
    )


def timeline(article_id: int) -> QuerySet[Event]:
    """What happened to an article, newest first."""
    return Event.objects.filter(article=article_id).order_by("-sequence")


def conflicts(article_id: int) -> QuerySet[Conflict]:
    return Conflict.objects.filter(article=article_id).select_related("member").order_by("declared_at")


def inbox(user: Any) -> QuerySet[Message]:
    """A person's messages, newest first."""
    return (
        Message.objects.filter(recipient=user)
        .select_related("event__article")
        .defer(*(f"event__article__{name}" for name in LIST_FIELDS))
        .order_by("-created_at", "-pk")
    )


def unread(user: Any) -> int:
    """How many messages a person has not opened."""
    if not user.is_authenticated:
        return 0
    return Message.objects.filter(recipient=user, read_at__isnull=True).count()


def questions(*, answered: bool = False) -> QuerySet[Question]:
    """Readers' questions, open or answered, newest first."""
    return (
        Question.objects.filter(answered_at__isnull=not answered)
        .select_related("publication", "answered_by")
        .defer("publication__clinical", "publication__plain", "publication__references")
        .order_by("-created_at", "-pk")
    )


def glossary(show: str = "") -> QuerySet[GlossaryEntry]:
    """The glossary by the alphabet, each with the digest of what readers are `shown` of it.

    show: "waiting" or "approved" for those only; those whose change waits are shown under both.
    """
    rows = GlossaryEntry.objects.select_related("edited_by", "explanation").order_by("term")
    rows = rows.annotate(
        shown=Subquery(Explanation.objects.filter(entry=OuterRef("pk")).values("digest")[:1])
    )
    if show == "approved":
        return rows.filter(shown__isnull=False)
    if show == "waiting":
        return rows.filter(Q(explanation__isnull=True) | Q(edited_at__gt=F("explanation__approved_at")))
    return rows
