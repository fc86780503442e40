"""The board's queue: what waits for me, for anyone, for others, and what I have decided."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from articles import queries
from articles.models import Article, Assignment, Decision, User
from articles.reviewing.due import due_words, waited_words
from articles.states import Verdict
from articles.templatetags.netreview import state_tone

PAGE_SIZE = 25
_TONES = {Verdict.APPROVE: "ok", Verdict.REQUEST_CHANGES: "wait", Verdict.RECUSE: "plain"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue, as components/row.html shows it."""

    title: str
    href: str
    line: str
    tag: str
    tone: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """One section of the queue. `article` leads from one of its rows to the article."""

    key: str
    label: str
    rows: Callable[[User], QuerySet[Any]]
    show: Callable[[Any, User], Row]
    article: str
    empty: str
    fills: str


class Queue:
    """One section open, the others counted. Cost: one count per section, and a page of the open one."""

    def __init__(self, user: User, *, show: str, words: str, page: str | None) -> None:
        self.words = words.strip()[:200]
        self.shelf = next((shelf for shelf in SHELVES if shelf.key == show), SHELVES[0])
        found = {shelf.key: _matching(shelf, user, self.words) for shelf in SHELVES}
        self.counts = {key: rows.count() for key, rows in found.items()}
        paginator = Paginator(found[self.shelf.key], PAGE_SIZE)
        paginator.count = self.counts[self.shelf.key]  # counted already, for the tab
        self.page: Page[Any] = paginator.get_page(page)
        self.rows = [self.shelf.show(row, user) for row in self.page]

    @property
    def tabs(self) -> list[dict[str, object]]:
        return [
            {
                "label": shelf.label,
                "href": "?" + urlencode({"show": shelf.key} | ({"q": self.words} if self.words else {})),
                "current": shelf is self.shelf,
                "count": self.counts[shelf.key],
            }
            for shelf in SHELVES
        ]

    @property
    def elsewhere(self) -> int:
        """How many articles anyone may take on: where to go from an empty desk of one's own."""
        return self.counts["waiting"] if self.shelf.key == "mine" and not self.words else 0


def _matching(shelf: Shelf, user: User, words: str) -> QuerySet[Any]:
    rows = shelf.rows(user)
    for word in words.split():
        rows = rows.filter(
            Q(**{f"{shelf.article}question__icontains": word})
            | Q(**{f"{shelf.article}author__name__icontains": word})
        )
    return rows


def _article_row(article: Article, line: str, tag: str, tone: str) -> Row:
    return Row(article.question, reverse("reviewing:article", args=[article.pk]), line, tag, tone)


def _mine(article: Article, user: User) -> Row:
    own = next(each for each in _standing(article) if each.member_id == user.pk)
    label, tone = due_words(own.due)
    asked = f"{own.assigned_by} asked you on" if own.assigned_by else "taken on by you on"
    line = _line(_facts(article), f"{asked} {_day(own.created_at)}", _by_when(own))
    return _article_row(article, line, label or "no due date", tone)


def _waiting(article: Article, user: User) -> Row:
    waited = waited_words(timezone.localdate(article.state_since))
    line = _line(_facts(article), f"submitted {_day(article.state_since)}, no reviewer yet")
    return _article_row(article, line, "new today" if waited == "today" else f"waiting {waited}", "wait")


def _with_others(article: Article, user: User) -> Row:
    standing = _standing(article)
    who = " and ".join(["you" if each.member_id == user.pk else str(each.member) for each in standing])
    due = min((each.due for each in standing if each.due), default=None)
    label, tone = due_words(due) if due else (article.get_state_display(), "wait")
    line = _line(_facts(article), f"with {who} since {_day(article.state_since)}" if who else "")
    return _article_row(article, line, label, tone)


def _decided(decision: Decision, user: User) -> Row:
    article = decision.round.article
    said = f"you {decision.get_verdict_display().lower()} on {_day(decision.decided_at)}"
    return _article_row(
        article,
        _line(f"Version {decision.version}, round {decision.round.number}", said),
        f"Now {article.get_state_display().lower()}",
        state_tone(article.state),
    )


def _standing(article: Any) -> list[Assignment]:
    """Who reviews in the open round, as the query fetched them along with the list."""
    return [assignment for each in article.open_rounds for assignment in each.standing]


def _facts(article: Any) -> str:
    number = f", round {article.round_number}" if article.round_number else ""
    return f"By {article.author}, version {article.version}{number}"


def _by_when(assignment: Assignment) -> str:
    return f"due {format_date(assignment.due, 'F j, Y')}" if assignment.due else ""


def _day(moment: Any) -> str:
    return format_date(timezone.localtime(moment), "F j, Y")


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


SHELVES = (
    Shelf(
        "mine",
        "For me",
        queries.reviewed_by,
        _mine,
        "",
        "Nothing waits for your decision",
        "Reviews that you take on, or that an editor assigns to you, stand here until you decide.",
    ),
    Shelf(
        "waiting",
        "Waiting for a reviewer",
        lambda user: queries.unclaimed(),
        _waiting,
        "",
        "No article waits for a reviewer",
        "An article stands here from the moment its author submits it until somebody takes on its review.",
    ),
    Shelf(
        "others",
        "With other reviewers",
        queries.reviewed_by_others,
        _with_others,
        "",
        "Nobody else is reviewing",
        "Reviews of your colleagues stand here, and those you have decided while others have not.",
    ),
    Shelf(
        "decided",
        "Decided by me",
        queries.decided_by,
        _decided,
        "round__article__",
        "You have not signed a decision yet",
        "Each approval, request for changes and recusal of yours is listed here for good.",
    ),
)
