"""Who hears of which event. The person who did it never does."""

from typing import Any

from django.db.models import F, QuerySet

from articles.models import Article, Assignment, Event, User
from articles.states import EventKind, Role

Told = list[tuple[User, str]]


def recipients(event: Event, article: Article) -> Told:
    """(person, kind of message) for everyone an event concerns, each person once.

    Cost: one or two queries for events somebody hears of, none for the others.
    """
    tell = _WHO.get(EventKind(event.kind))
    if tell is None:
        return []
    told: dict[int, tuple[User, str]] = {}
    for person, kind in tell(event, article):
        if person.pk != event.actor_id and person.is_active:
            told.setdefault(person.pk, (person, kind))
    return list(told.values())


def _authors(event: Event, article: Article) -> Told:
    return [(person, f"author_{event.kind}") for person in (article.author, *article.coauthors.all())]


def _reviewers(event: Event, article: Article) -> Told:
    standing = (
        Assignment.objects.filter(
            round__article=article, round__number=event.round or 0, ended_at__isnull=True
        )
        .select_related("member")
        .order_by("pk")
    )
    return [(assignment.member, f"reviewer_{event.kind}") for assignment in standing]


def _named_member(event: Event, article: Article) -> Told:
    return [(User.objects.get(pk=event.data["member"]), f"reviewer_{event.kind}")]


def _editors(event: Event, article: Article) -> Told:
    """The editors who have handled this article before; all of them while nobody else has."""
    # Were the one who did it counted among them, an article only they have handled would be nobody's.
    others = User.objects.exclude(pk=event.actor_id).exclude(pk__in=_undecided(event, article))
    editors = others.filter(groups__name=Role.EDITOR, is_active=True).distinct()
    handled = Event.objects.filter(
        article=article, kind__in=(EventKind.ASSIGNED, EventKind.DECLINED, EventKind.RETIRED)
    ).values("actor")
    return [(person, f"editor_{event.kind}") for person in editors.filter(pk__in=handled) or editors]


def _undecided(event: Event, article: Article) -> QuerySet[Any, Any]:
    """Who still reviews independently in the round: an editor among them hears nothing of colleagues."""
    standing = Assignment.objects.filter(
        round__article=article,
        round__number=event.round or 0,
        round__policy__independent=True,
        ended_at__isnull=True,
    )
    return standing.exclude(round__decisions__member=F("member")).values("member")


def _other_side(event: Event, article: Article) -> Told:
    """An author's answer goes to who opened the thread, if they review; anybody else's goes to the authors.

    Never to other reviewers: where reviews are independent they must not know of it.
    """
    authors = _authors(event, article)
    if event.actor_id not in {person.pk for person, _ in authors}:
        return authors
    kind = "reviewer_thread_done" if event.data["done"] else "reviewer_thread_answered"
    return [(person, kind) for person, _ in _reviewers(event, article) if person.pk == event.data["tell"]]


def _member(event: Event, article: Article) -> Told:
    """Whoever answers readers for the board."""
    return [(User.objects.get(pk=event.data["member"]), f"member_{event.kind}")]


def _whoever_has_it_now(event: Event, article: Article) -> Told:
    """A question that an editor took back is told to the member who had it; one given back, to editors."""
    return _member(event, article) if "member" in event.data else _editors(event, article)


def _editors_if_nobody_is_left(event: Event, article: Article) -> Told:
    """Editors, when the last reviewer of a round went; a conflict of somebody else leaves no gap."""
    reviewed = Assignment.objects.filter(
        round__article=article, round__number=event.round or 0, member=event.actor_id
    )
    if not reviewed.exists() or _reviewers(event, article):
        return []
    return _editors(event, article)


def _authors_and_reviewers(event: Event, article: Article) -> Told:
    return _authors(event, article) + _reviewers(event, article)


_WHO = {
    EventKind.SUBMITTED: _editors,
    EventKind.RESUBMITTED: _reviewers,
    EventKind.WITHDRAWN: _reviewers,
    EventKind.ASSIGNED: _named_member,
    EventKind.UNASSIGNED: _named_member,
    EventKind.REMINDED: _named_member,
    EventKind.REVIEW_DECLINED: _editors,
    EventKind.THREAD_ANSWERED: _other_side,
    EventKind.REAFFIRMATION_ASKED: _reviewers,
    EventKind.REAFFIRMED: _authors,
    EventKind.CHANGES_REQUESTED: _authors_and_reviewers,
    EventKind.PUBLISHED: _authors_and_reviewers,
    EventKind.RECUSED: _editors_if_nobody_is_left,
    EventKind.CONFLICT_DECLARED: _editors_if_nobody_is_left,
    EventKind.DECLINED: _authors_and_reviewers,
    EventKind.RETIRED: _authors_and_reviewers,
    EventKind.INQUIRY_ASKED: _member,
    EventKind.INQUIRY_RETURNED: _whoever_has_it_now,
    EventKind.INQUIRY_ATTACHED: _authors,
    EventKind.REPLY_HANDED_IN: _editors,
    EventKind.REPLY_RETURNED: _member,
    EventKind.REPLY_APPROVED: _member,
    EventKind.REPLY_WITHDRAWN: _member,
}
