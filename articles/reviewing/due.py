"""How long there is left: the words of a due date."""

from datetime import date

from django.utils import timezone


def due_words(due: date | None, today: date | None = None) -> tuple[str, str]:
    """Words and tone of a tag: ("due in 5 days", ""), ("3 days overdue", "wait"); no words for no date.

    Amber from the day before: something waits too long. Red is for what is wrong or gone, at every door.
    """
    if due is None:
        return "", ""
    days = (due - (today or timezone.localdate())).days
    if days < 0:
        return f"{_days(-days)} overdue", "wait"
    if days < 2:
        return ("due tomorrow" if days else "due today"), "wait"
    return f"due in {_days(days)}", ""


def waited_words(since: date, today: date | None = None) -> str:
    """How long something has waited: "today", "1 day", "12 days"."""
    days = ((today or timezone.localdate()) - since).days
    return _days(days) if days > 0 else "today"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
