"""Where an article stands and what it waits for, in one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list

from articles.models import Article, User
from articles.states import State
from articles.waiting import Part, days_late, in_days, overdue_words, parts


@dataclass(frozen=True, slots=True)
class Standing:
    """The line in words; `wanting` says in a few words what an editor is needed for, or is "".

    overdue: by how many days the latest reviewer is late (0: nobody is).
    """

    line: str
    overdue: int
    wanting: str = ""

    @property
    def late(self) -> str:
        return overdue_words(self.overdue) if self.overdue else ""


def in_words(day: date | datetime) -> str:
    """A date as "February 15, 2025"; a moment in the time zone of the site."""
    return date_format(timezone.localdate(day) if isinstance(day, datetime) else day, "F j, Y")


def standing(article: Article, user: User, today: date) -> Standing:
    """Of an article as `queues` lists it for `user`; no query of its own."""
    row: Any = article
    author, since = str(article.author), in_words(article.state_since)
    reviewers = parts(row, user)
    wanting = ""
    match article.state:
        case State.DRAFT if row.is_live:
            line = f"{author} has been revising it since {since}; readers see the approved text"
        case State.DRAFT:
            line = f"{author} has been writing it since {since}"
        case State.SUBMITTED:
            line = f"By {author} · {_round(row)} has waited for a reviewer since {since}"
        case State.UNDER_REVIEW:
            line = f"By {author} · {_round(row)}: {_reviewers(row, reviewers)}"
            wanting = _wanting(row, reviewers)
        case State.CHANGES_REQUESTED:
            line = f"Waits for {author} to answer since {since}"
        case State.APPROVED:
            line = f"By {author} · approved {since}"
        case State.DECLINED:
            line = f"By {author} · declined {since}"
        case _:
            line = f"By {author} · retired {since}; readers see the notice"
    return Standing(line, days_late(reviewers, today), wanting)


def review_due(article: Any, today: date) -> tuple[str, bool]:
    """When the live text is to be reviewed again, in words, and whether that day is past."""
    day = article.next_review
    if day is None:
        return "", False
    days = (day - today).days
    if days < 0:
        return f"Next review was due {in_words(day)}, {in_days(-days)} ago", True
    return f"Next review due {in_words(day)}", False


def _round(row: Any) -> str:
    round_ = row.open_rounds[0]
    return f"round {round_.number}{', a reaffirmation,' if round_.is_reaffirmation else ''}".rstrip(",")


def _reviewers(row: Any, reviewers: Sequence[Part]) -> str:
    """Who reviews: what each decided, or whether they answered and by when they are to."""
    told = [f"{each.name} ({_part(each)})" for each in reviewers]
    if row.is_blind:
        told.append("others, independently of you")
    return str(get_text_list(told, "and"))


def _part(part: Part) -> str:
    if part.verdict:
        return part.verdict
    due = f"due {in_words(part.due)}" if part.due else "no due date"
    return due if part.accepted else f"asked {in_words(part.since)}, no answer yet, {due}"


def _wanting(row: Any, reviewers: Sequence[Part]) -> str:
    """“1 more reviewer wanted”, where fewer review than must approve."""
    if row.is_blind:
        return ""
    left = row.open_rounds[0].quorum - len(reviewers)
    return f"{left} more reviewer{'s' if left > 1 else ''} wanted" if left > 0 else ""
