"""Who is waited for, and how long there is left: the same words and colours at the desk and in the queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from articles.models import User

# Late is still waiting. Red is for what must be fixed, and for what is gone.
OVERDUE = "wait"
PLAIN = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One reviewer's part in the open round, as the person who looks may know of it.

    `verdict`: what they decided, in words, or "". `accepted`: they said yes, or began.
    """

    member: User
    is_me: bool
    verdict: str
    since: datetime
    due: date | None
    accepted: bool
    asked_by: str
    is_back: bool  # from an earlier round: nobody asked again

    @property
    def name(self) -> str:
        return "you" if self.is_me else str(self.member)

    @property
    def waits(self) -> bool:
        return not self.verdict

    def days_late(self, today: date) -> int:
        return max(0, (today - self.due).days) if self.waits and self.due else 0


def parts(article: Any, user: User) -> list[Part]:
    """Who reviews in the open round of an article that `queues` listed for `user`; no query of its own.

    Of a round in which they are blind, their own part and nothing else.
    """
    found = []
    for round_ in article.open_rounds:
        decided = {decision.member_id: decision for decision in round_.decisions.all()}
        for each in round_.standing:
            if article.is_blind and each.member_id != user.pk:
                continue
            decision = decided.get(each.member_id)
            found.append(
                Part(
                    member=each.member,
                    is_me=each.member_id == user.pk,
                    verdict=decision.get_verdict_display().lower() if decision else "",
                    since=each.created_at,
                    due=each.due,
                    accepted=each.accepted_at is not None,
                    asked_by=str(each.assigned_by) if each.assigned_by else "",
                    is_back=bool(each.assigned_by) and each.accepted_at == each.created_at,
                )
            )
    return found


def days_late(reviewers: Sequence[Part], today: date) -> int:
    """By how many days the latest of them is late; 0 when nobody is."""
    return max((each.days_late(today) for each in reviewers), default=0)


def next_due(reviewers: Sequence[Part]) -> date | None:
    """The nearest day by which one of those waited for is to decide."""
    return min((each.due for each in reviewers if each.waits and each.due), default=None)


def due_words(due: date | None, today: date | None = None) -> tuple[str, str]:
    """Words and tone of a tag: ("due in 5 days", ""), ("3 days overdue", "wait"); both "" for none."""
    if due is None:
        return "", PLAIN
    days = (due - (today or timezone.localdate())).days
    if days < 0:
        return overdue_words(-days), OVERDUE
    if days < 2:
        return ("due tomorrow" if days else "due today"), PLAIN
    return f"due in {in_days(days)}", PLAIN


def overdue_words(days: int) -> str:
    return f"{in_days(days)} overdue"


def waited_words(since: date, today: date | None = None) -> str:
    """How long something has waited: "today", "1 day", "12 days"."""
    days = ((today or timezone.localdate()) - since).days
    return in_days(days) if days > 0 else "today"


def in_days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
