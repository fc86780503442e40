"""The board's queue: what waits for me, for anyone, for others, and what I have decided."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.text import get_text_list

from articles import queues
from articles.finding import Asked, finder, narrow, order
from articles.models import Article, Decision, User
from articles.states import State
from articles.templatetags.netreview import state_tone
from articles.waiting import (
    OVERDUE,
    PLAIN,
    days_late,
    due_words,
    next_due,
    overdue_words,
    parts,
    waited_words,
)

PAGE_SIZE = 25
_ROUNDS_ONLY = (State.UNDER_REVIEW, State.CHANGES_REQUESTED)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue, as components/row.html shows it; `group` is the heading it stands under."""

    title: str
    href: str
    line: str
    tag: str
    tone: str
    group: str = ""
    button: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One section of the queue.

    rows: what stands in it; dated: the same with what it is ordered by; read: those with these keys, and all
    that `show` tells of each. usual: its own order, in words and as finding.order takes it; `first` goes
    before any other order.
    states: those that a row's article may be in, where there are several.
    """

    key: str
    label: str
    rows: Callable[[User, date], QuerySet[Any]]
    dated: Callable[[QuerySet[Any], User], QuerySet[Any]]
    read: Callable[[Sequence[int], User], Sequence[Any]]
    show: Callable[[Any, User, date], Row]
    empty: str
    fills: str
    usual: tuple[str, str] = ("Due date", "due")
    first: Sequence[Any] = ()
    states: Sequence[State] = ()
    sorts: Sequence[str] = ("since", "topic", "question")
    to_article: str = ""
    # Whether what stands in it waits for a member of the board.
    waits: bool = True


# So many reviews are seen at a glance.
FEW = 3


class Queue:
    """One section open, the others counted. Cost: at most eight queries, whatever stands in them."""

    def __init__(self, user: User, query: Any) -> None:
        self.today = timezone.localdate()
        asked = Asked.of(query)
        self.shelf = next((shelf for shelf in SHELVES if shelf.key == asked.show), SHELVES[0])
        self.asked = asked if self.shelf.states else Asked.of(query.dict() | {"state": ""})
        found = {shelf.key: self._matching(shelf, user) for shelf in SHELVES}
        self.counts = queues.sizes(found, user)
        shelf = self.shelf
        ordered = order(
            shelf.dated(found[shelf.key], user),
            self.asked.sort if self.asked.sort in shelf.sorts else shelf.usual[1],
            first=shelf.first,
            to_article=shelf.to_article,
        )
        paginator = Paginator(ordered.values_list("pk", flat=True), PAGE_SIZE)
        paginator.count = self.counts[shelf.key]  # counted already, for the tab
        self.page: Page[Any] = paginator.get_page(query.get("page"))
        self.rows = [shelf.show(row, user, self.today) for row in shelf.read(list(self.page), user)]

    def _matching(self, shelf: Shelf, user: User) -> QuerySet[Any]:
        asked = self.asked if shelf is self.shelf else Asked(topic=self.asked.topic, q=self.asked.q)
        return narrow(shelf.rows(user, self.today), asked, to_article=shelf.to_article)

    @property
    def tabs(self) -> list[dict[str, object]]:
        return [
            {
                "label": shelf.label,
                "href": self.asked.address(show=shelf.key, state="", sort=""),
                "current": shelf is self.shelf,
                "count": self.counts[shelf.key],
                "quiet": not shelf.waits,
            }
            for shelf in SHELVES
        ]

    @cached_property
    def finder(self) -> dict[str, Any]:
        shelf = self.shelf
        return finder(self.asked, states=shelf.states, sorts=shelf.sorts, usual=shelf.usual[0])

    @property
    def is_long(self) -> bool:
        """Whether there is much to search or to order; a search that found little stays to be changed."""
        return self.counts[self.shelf.key] > FEW or self.asked.narrows or bool(self.asked.sort)

    @property
    def elsewhere(self) -> int:
        """How many articles anyone may take on: where to go from an empty desk of one's own."""
        return self.counts["waiting"] if self.shelf.key == "mine" and not self.asked.narrows else 0


def _article_row(article: Article, line: str, tag: str, tone: str, **more: str) -> Row:
    return Row(article.question, _address(article), line, tag, tone, **more)


def _mine(article: Any, user: User, today: date) -> Row:
    reviewers = parts(article, user)
    own = next(each for each in reviewers if each.is_me)
    label, tone = due_words(own.due, today)
    asked = f"{own.asked_by} asked you on" if own.asked_by else "you took it on"
    if own.is_back:
        asked = "back with you since"
    since = f"{asked} {_day(own.since)}"
    line = _line(_facts(article), since, _by_when(own.due), _beside(article, reviewers))
    label = label or "No due date"
    if not own.accepted:
        return _article_row(article, line, label, tone, group="Waiting for your answer", button="Answer")
    return _article_row(article, line, label, tone, group="To decide")


def _waiting(article: Any, user: User, today: date) -> Row:
    since = timezone.localdate(article.state_since)
    waited = waited_words(since, today)
    line = _line(_facts(article), f"submitted {_day(article.state_since)}, no reviewer yet")
    return _article_row(article, line, "new today" if waited == "today" else f"waiting {waited}", PLAIN)


def _with_others(article: Any, user: User, today: date) -> Row:
    reviewers = parts(article, user)
    late = days_late(reviewers, today)
    if article.state == State.CHANGES_REQUESTED:
        waits = f"waits for {article.author} to answer since {_day(article.state_since)}"
        return _article_row(article, _line(_facts(article), waits), "with the author", PLAIN)
    if article.is_blind and not reviewers:
        waits = f"under independent review since {_day(article.state_since)}"
    else:
        waits = _waits_for(article, reviewers)
    label, tone = (overdue_words(late), OVERDUE) if late else due_words(next_due(reviewers), today)
    return _article_row(article, _line(_facts(article), waits), label or "No due date", tone)


def _decided(decision: Decision, user: User, today: date) -> Row:
    article = decision.round.article
    said = f"you {decision.get_verdict_display().lower()} on {_day(decision.decided_at)}"
    about = f"Version {decision.version}, round {decision.round.number}"
    return Row(
        article.question,
        _address(article),
        _line(about, str(article.topic) if article.topic else "", said),
        f"Now {article.get_state_display().lower()}",
        state_tone(article.state),
    )


def _waits_for(article: Any, reviewers: Sequence[Any]) -> str:
    """“waits for Mei Lin since February 1, 2026, you approved”."""
    waited_for = [each for each in reviewers if each.waits]
    done = [f"{each.name} {each.verdict}" for each in reviewers if not each.waits]
    if waited_for:
        names = get_text_list([each.name for each in waited_for], "and")
        since = _day(min(each.since for each in waited_for))
        return ", ".join([f"waits for {names} since {since}", *done])
    return ", ".join([*done, "waits for another reviewer"])


def _beside(article: Any, reviewers: Sequence[Any]) -> str:
    """Who else is on it, as far as the member may know."""
    if article.is_blind:
        return "independent review"
    others = [f"{each.name} {each.verdict}".strip() for each in reviewers if not each.is_me]
    return f"with {get_text_list(others, 'and')}" if others else ""


def _facts(article: Any) -> str:
    round_ = next(iter(article.open_rounds), None)
    if round_ is None:
        about = f"version {article.version}"
    elif round_.is_reaffirmation:
        about = f"reaffirmation of version {round_.version}"
    else:
        about = f"version {round_.version}, round {round_.number}"
    return _line(f"By {article.author}", str(article.topic) if article.topic else "", about)


def _address(article: Article) -> str:
    return reverse("reviewing:article", args=[article.pk])


def _by_when(due: date | None) -> str:
    return f"due {format_date(due, 'F j, Y')}" if due else ""


def _day(moment: Any) -> str:
    return format_date(timezone.localtime(moment), "F j, Y")


def _line(*said: str) -> str:
    return " · ".join(part for part in said if part)


SHELVES = (
    Shelf(
        "mine",
        "For me",
        lambda user, today: queues.for_me(user),
        queues.dated_for_me,
        queues.shown,
        _mine,
        "Nothing waits for your decision",
        "Reviews that you take on, or that an editor assigns to you, stand here until you decide.",
        first=("-asked",),
    ),
    Shelf(
        "waiting",
        "Waiting for a reviewer",
        lambda user, today: queues.unclaimed(user),
        queues.dated,
        queues.shown,
        _waiting,
        "No article waits for a reviewer",
        "An article stands here from the moment its author submits it until somebody takes on its review.",
        usual=("Waiting longest", "since"),
        sorts=("topic", "question"),
    ),
    Shelf(
        "overdue",
        "Overdue",
        queues.overdue,
        queues.dated,
        queues.shown,
        _with_others,
        "Nothing is overdue",
        "A review stands here, whoever it waits for, from the day after its due date.",
    ),
    Shelf(
        "others",
        "With others",
        lambda user, today: queues.with_others(user),
        queues.dated,
        queues.shown,
        _with_others,
        "Nobody else is at work on an article",
        "Reviews of your colleagues stand here, those you have decided while others have not, and articles "
        "whose authors have something to answer.",
        states=_ROUNDS_ONLY,
        waits=False,
    ),
    Shelf(
        "decided",
        "Decided by me",
        lambda user, today: queues.decided_by(user),
        lambda decisions, user: decisions.annotate(since=F("decided_at")),
        lambda keys, user: queues.shown_decisions(keys),
        _decided,
        "You have not signed a decision yet",
        "Each approval, request for changes and recusal of yours is listed here for good.",
        usual=("Newest first", "newest"),
        states=tuple(State),
        sorts=("topic", "question"),
        to_article="round__article__",
        waits=False,
    ),
)
