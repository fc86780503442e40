"""The parts of the desk, and who may come in."""

from typing import Any

from django.urls import reverse

from articles import queries
from articles.web import insiders

PAGE_SIZE = 25

editors = insiders("is_editor")


def rooms(current: str) -> list[dict[str, Any]]:
    """The parts of the desk, as tabs. One query."""
    waiting = queries.asked().count()
    parts = (
        ("home", "Articles", 0),
        ("questions", "Readers’ questions", waiting),
        ("policies", "Review policies", 0),
        ("checklist", "Checklists", 0),
        ("policy", "Editorial policy", 0),
    )
    return [
        {"label": label, "href": reverse(f"desk:{name}"), "current": name == current, "count": count}
        for name, label, count in parts
    ]
