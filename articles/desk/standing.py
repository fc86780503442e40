"""Where an article stands and what it waits for, in one line."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list

from articles.models import Article
from articles.states import State


@dataclass(frozen=True, slots=True)
class Standing:
    """The line in words, and by how many days the latest reviewer is late (0: nobody is)."""

    line: str
    overdue: int

    @property
    def late(self) -> str:
        return f"{self.overdue} day{'s' if self.overdue > 1 else ''} overdue" if self.overdue else ""


def with_decisions(articles: Any) -> Any:
    """The listed articles with what was decided in their open rounds: `standing` asks for it."""
    return articles.prefetch_related("open_rounds__decisions")


def in_words(day: date | datetime) -> str:
    """A date as "February 15, 2025"; a moment in the time zone of the site."""
    return date_format(timezone.localdate(day) if isinstance(day, datetime) else day, "F j, Y")


def standing(article: Article, today: date) -> Standing:
    """Of an article as `queries` lists it, with its open round's decisions; no query of its own."""
    row: Any = article
    author, since = str(article.author), in_words(article.state_since)
    rounds = row.open_rounds
    overdue = 0
    match article.state:
        case State.DRAFT if row.is_live:
            line = f"{author} has been revising it since {since}; readers see the approved text"
        case State.DRAFT:
            line = f"{author} has been writing it since {since}"
        case State.SUBMITTED:
            line = f"By {author} · round {rounds[0].number} has waited for a reviewer since {since}"
        case State.UNDER_REVIEW:
            reviewers, overdue = _reviewers(rounds[0], today)
            line = f"By {author} · round {rounds[0].number}: {reviewers}"
        case State.CHANGES_REQUESTED:
            line = f"Waits for {author} to answer since {since}"
        case State.APPROVED:
            line = f"By {author} · approved {since}"
        case State.DECLINED:
            line = f"By {author} · declined {since}"
        case _:
            line = f"By {author} · retired {since}; readers see the notice"
    return Standing(line, overdue)


def _reviewers(round_: Any, today: date) -> tuple[str, int]:
    """Who reviews, by when, and how late the latest of those is who have not decided."""
    decided = {decision.member_id: decision for decision in round_.decisions.all()}
    told, late = [], 0
    for assignment in round_.standing:
        name = str(assignment.member)
        if assignment.member_id in decided:
            told.append(f"{name} ({decided[assignment.member_id].get_verdict_display().lower()})")
        elif assignment.due is None:
            told.append(f"{name} (no due date)")
        else:
            late = max(late, (today - assignment.due).days)
            told.append(f"{name} (due {in_words(assignment.due)})")
    return get_text_list(told, "and"), late
