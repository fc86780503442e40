"""The doors that are open to a person, and what waits behind each."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from articles import queries, queues
from articles.models import User
from articles.states import State


@dataclass(frozen=True, slots=True)
class Door:
    title: str
    url: str
    purpose: str
    # (how many, of what) in the words of the page; what is empty is left out.
    waiting: list[str]


def doors(user: User) -> list[Door]:
    """In the order in which work waits for others: reviews, the desk, one's own articles."""
    found = []
    if user.is_board_member:
        found.append(_review(user))
    if user.is_editor:
        found.append(_desk(user))
    if user.is_author:
        found.append(_write(user))
    return found


def _review(user: User) -> Door:
    waiting = _counts(
        (queues.for_me(user).count(), "review to decide", "reviews to decide"),
        (queues.unclaimed(user).count(), "submission without a reviewer", "submissions without a reviewer"),
    )
    return Door("Review", reverse("reviewing:queue"), "Read submissions for the board, and decide.", waiting)


def _desk(user: User) -> Door:
    waiting = _counts(
        (
            queues.needs_an_editor(user, timezone.localdate()).count(),
            "article needs an editor",
            "articles need an editor",
        ),
        (queries.asked().count(), "open question of readers", "open questions of readers"),
    )
    return Door("Desk", reverse("desk:home"), "Find reviewers, keep the dates, answer readers.", waiting)


def _write(user: User) -> Door:
    mine = queries.articles_of(user)
    waiting = _counts(
        (mine.filter(state=State.CHANGES_REQUESTED).count(), "article to answer", "articles to answer"),
        (mine.filter(state=State.DRAFT).count(), "draft", "drafts"),
    )
    return Door("My articles", reverse("writing:articles"), "Write articles and submit them.", waiting)


def _counts(*counts: tuple[int, str, str]) -> list[str]:
    return [f"{number} {one if number == 1 else many}" for number, one, many in counts if number]
