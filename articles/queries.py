"""What the screens of authors, board and desk show: querysets, none of which changes anything."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from articles.models import (
    Address,
    AnsweredWith,
    Article,
    Assignment,
    Conflict,
    Decision,
    Event,
    Explanation,
    GlossaryEntry,
    Inquiry,
    InquiryState,
    Message,
    Publication,
    Question,
    QuestionKind,
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
                    Prefetch(
                        "assignments",
                        queryset=standing.select_related("member").order_by("created_at", "pk"),
                        to_attr="standing",
                    )
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


def newest_versions_with(article_id: int, words: Sequence[str]) -> dict[str, int]:
    """Of each of `words` (unusual ones) the newest version whose texts hold it, where there is one.

    One query, none for no words; it reads every text of the article.
    """
    if not words:
        return {}
    newest = {
        f"word_{place}": Max("version", filter=Q(body__contains=word) | Q(plain_body__contains=word))
        for place, word in enumerate(words)
    }
    found = Version.objects.filter(id=article_id).aggregate(**newest)
    return {word: number for word, number in zip(words, found.values(), strict=True) if number}


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
            # Else PostgreSQL puts last who did something last, and a blind colleague would see it.
            Prefetch(
                "assignments",
                queryset=Assignment.objects.select_related("member", "assigned_by").order_by(
                    "created_at", "pk"
                ),
            ),
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


OPEN, BEING_ANSWERED, ANSWERED, REPORTS = "", "being", "answered", "reports"
_BEING = (InquiryState.WITH_BOARD, InquiryState.WITH_AUTHOR)


def asked(show: str = OPEN, words: str = "") -> QuerySet[Any, Any]:
    """What readers ask: groups, and questions that stand alone, newest first: (what, key, when).

    what: "inquiry" or "question". show: one of the four above; reports are among the open, too.
    words: each must stand in it somewhere.
    """
    alone = Question.objects.filter(inquiry__isnull=True)
    groups = Inquiry.objects.all()
    match show:
        case "answered":
            alone, groups = (
                alone.filter(answered_at__isnull=False),
                groups.filter(state=InquiryState.ANSWERED),
            )
        case "being":
            alone, groups = alone.none(), groups.filter(state__in=_BEING)
        case "reports":
            alone = alone.filter(answered_at__isnull=True).exclude(kind=QuestionKind.QUESTION)
            groups = groups.none()
        case _:
            alone, groups = alone.filter(answered_at__isnull=True), groups.filter(state=InquiryState.OPEN)
    for word in words.split():
        alone = alone.filter(
            Q(text__icontains=word)
            | Q(answer__icontains=word)
            | Q(email__icontains=word)
            | Q(section__icontains=word)
            | Q(publication__question__icontains=word)
        )
        of_readers = Question.objects.filter(
            Q(text__icontains=word) | Q(email__icontains=word), inquiry=OuterRef("pk")
        )
        groups = groups.filter(
            Q(title__icontains=word) | Q(publication__question__icontains=word) | Exists(of_readers)
        )
    return (
        alone.order_by()
        .annotate(what=Value("question"), key=F("pk"), at=F("created_at"))
        .values_list("what", "key", "at")
        .union(
            groups.order_by()
            .annotate(what=Value("inquiry"), key=F("pk"), at=F("opened_at"))
            .values_list("what", "key", "at"),
            all=True,
        )
        .order_by("-at", "-key")
    )


def inquiries() -> QuerySet[Inquiry]:
    """Groups as lists and pages show them: where they came from, who has them, how many ask. No texts."""
    askers = Question.objects.filter(inquiry=OuterRef("pk")).order_by().values("inquiry")
    return (
        Inquiry.objects.select_related("publication", "opened_by", "reply__member", "carried_by__author")
        .defer(
            "publication__clinical", "publication__plain", "publication__references",
            *(f"carried_by__{name}" for name in LIST_FIELDS),
        )
        .annotate(askers=Coalesce(Subquery(askers.annotate(number=Count("pk")).values("number")), 0))
    )  # fmt: skip


def inquiries_for_board(user: Any) -> dict[str, QuerySet[Inquiry]]:
    """What a member may do about readers' questions: theirs, to approve, to take, answered."""
    with_board = inquiries().filter(state=InquiryState.WITH_BOARD)
    handed_in = Q(reply__handed_in_at__isnull=False)
    return {
        "mine": with_board.filter(reply__member=user).order_by(F("reply__due").asc(nulls_last=True), "pk"),
        "approve": inquiries()
        .filter(handed_in, state__in=(InquiryState.WITH_BOARD, InquiryState.ANSWERED))
        .exclude(reply__member=user)
        .order_by("reply__handed_in_at", "pk"),
        "open": inquiries().filter(state=InquiryState.OPEN).order_by("opened_at", "pk"),
        "answered": inquiries()
        .filter(state=InquiryState.ANSWERED, answered_with=AnsweredWith.REPLY)
        .order_by("-state_since", "-pk"),
    }


def inquiries_waiting_for(user: Any) -> str:
    """ "2 for you, 1 to approve": what a member may do about readers' questions now, or "". One query."""
    found = Inquiry.objects.filter(state__in=_BEING).aggregate(
        mine=Count("pk", Q(reply__member=user, reply__handed_in_at__isnull=True)),
        approve=Count("pk", Q(reply__handed_in_at__isnull=False) & ~Q(reply__member=user)),
    )
    said = ((found["mine"], "for you"), (found["approve"], "to approve"))
    return ", ".join(f"{number} {what}" for number, what in said if number)


def carried(article: Article) -> list[Inquiry]:
    """What readers asked, and this article is to answer. No query where `one_article` saw none."""
    if not getattr(article, "carries", True):
        return []
    found = inquiries().filter(carried_by=article, state=InquiryState.WITH_AUTHOR)
    return list(found.order_by("opened_at", "pk"))


def one_article(pk: int) -> QuerySet[Article]:
    """An article with its author and topic; and whether it `carries` what readers asked."""
    waiting = Inquiry.objects.filter(carried_by=OuterRef("pk"), state=InquiryState.WITH_AUTHOR)
    found = Article.objects.select_related("author", "topic").filter(pk=pk)
    return found.annotate(carries=Exists(waiting))


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
