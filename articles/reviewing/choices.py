"""What else the review page can show: its tabs, filters, reading levels and views, as links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from articles.reviewing.rows import Only
from articles.reviewing.statements import TITLES
from articles.states import Level

if TYPE_CHECKING:
    from articles.reviewing.review import Review

_FILTERS = {
    Only.ALL: "All",
    Only.MINE: "Needs me",
    Only.CHANGED: "Changed",
    Only.DOUBTS: "In doubt",
    Only.TALK: "Open threads",
}


class Choices:
    """The choices of one review page, each with the one that is on."""

    def __init__(self, review: Review) -> None:
        self._review = review

    @property
    def tabs(self) -> list[dict[str, object]]:
        tabs = [("statements", "Statements", 0)]
        if self._review.against.base is not None:
            changed = sum(self._review.statements.changed(level) for level in Level)
            tabs.append(("changes", "What changed", changed))
        tabs += [("text", "As readers will see it", 0), ("references", "References", 0)]
        return [
            {
                "label": label,
                "href": self._review.asked.to(show=show, only=""),
                "current": show == self._review.show,
                "count": count,
                "quiet": True,
            }
            for show, label, count in tabs
        ]

    @property
    def filters(self) -> list[dict[str, object]]:
        """The filters that show something, and the one that is on."""
        counts = {only: self._review.statements.count(only) for only in _FILTERS}
        return [
            {
                "label": f"{label} ({counts[only]})",
                "href": self._review.asked.to(show="statements", only=str(only)),
                "current": only == self._review.asked.only,
                "is_mine": only is Only.MINE,
            }
            for only, label in _FILTERS.items()
            if counts[only]
            or only in (Only.ALL, self._review.asked.only)
            or (only is Only.MINE and self._review.statements.is_reviewing)
        ]

    @property
    def levels(self) -> list[dict[str, object]]:
        """Links to the reading levels; the statements of both can be shown at once."""
        if len(self._review.levels) < 2 or self._review.show == "references":
            return []
        both = self._review.show == "statements"
        current = self._review.asked.level if both else self._review.level
        choices: list[tuple[Level | None, str]] = [(None, "Both")] if both else []
        choices += [(level, self._level_label(level)) for level in self._review.levels]
        return [
            {
                "label": label,
                "href": self._review.asked.to(show=self._review.show, level=str(level or "")),
                "current": level == current,
            }
            for level, label in choices
        ]

    def _level_label(self, level: Level) -> str:
        """Its title; where one looks at what changed, with how much of that stands in it."""
        changed = self._review.statements.changed(level) if self._review.show == "changes" else 0
        return f"{TITLES[level]} ({changed})" if changed else TITLES[level]

    @property
    def views(self) -> list[dict[str, object]]:
        """Inline or side by side."""
        return [
            {
                "label": label,
                "href": self._review.asked.to(show="changes", view=view),
                "current": bool(view) == self._review.asked.is_side,
            }
            for label, view in (("Inline", ""), ("Side by side", "side"))
        ]
