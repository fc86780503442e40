"""What one line of the statements view shows, as templates take it: no query, no decision is made here."""

from dataclasses import dataclass, field
from enum import StrEnum

from articles.models import SignOff
from articles.states import Support

TONES = {Support.SUPPORTED: "ok", Support.UNCLEAR: "wait", Support.NOT_SUPPORTED: "stop"}


class Only(StrEnum):
    """Which statements are shown."""

    ALL = ""
    MINE = "me"
    CHANGED = "changed"
    DOUBTS = "doubts"
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class Mark:
    """A member's verdict on a statement, in words."""

    tone: str
    words: str
    note: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """An open thread in one line, with the last thing said in it."""

    pk: int
    who: str
    words: str
    must_fix: bool
    answers: int
    # The last word, or the mark "done", is the author's: it waits for who asked.
    is_answered: bool


@dataclass(slots=True)
class Row:
    """One line of the view: a heading, a statement, or one that is gone.

    kind: "part" (a reading level begins), "h2", "h3", "head" (of a table), "removed", "again" (its words
    stood before), or "st" for a statement, the only kind with marks and talk. `left`: of a heading, how many
    statements under it ask this member.
    """

    kind: str
    html: str
    anchor: str = ""
    tag: str = "p"
    change: str = ""
    digest: str = ""
    tone: str = ""
    asks: bool = False
    own: str = ""
    marks: list[Mark] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    outdated: list[Talk] = field(default_factory=list)
    resolved: int = 0
    left: int = 0

    @property
    def depth(self) -> int:
        """Of a heading: 0 for a reading level, 1, 2; else 3."""
        return {"part": 0, "h2": 1, "h3": 2}.get(self.kind, 3)

    def passes(self, only: Only) -> bool:
        """Whether a filter shows it. Headings are shown with what stands under them."""
        match only:
            case Only.MINE:
                return self.asks
            case Only.CHANGED:
                return self.kind in ("st", "removed") and self.change not in ("", "formatting")
            case Only.DOUBTS:
                return any(mark.tone != "ok" for mark in self.marks)
            case Only.TALK:
                return bool(self.talks or self.outdated)
        return True


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the statements of a text have come; the four numbers after `total` add up to it."""

    total: int
    signed: int
    unclear: int
    not_supported: int
    left: int
    must_fix: int

    @property
    def stretches(self) -> list[tuple[str, float, float]]:
        """(tone, start, width) of each stretch of the bar, in percent."""
        found, at = [], 0.0
        for tone, count in (("ok", self.signed), ("wait", self.unclear), ("stop", self.not_supported)):
            width = 100 * count / self.total if self.total else 0.0
            found.append((tone, round(at, 2), round(width, 2)))
            at += width
        return found


def tone_of(marks: list[SignOff]) -> str:
    """What the verdicts on a statement come to: a "no" outweighs, a "yes" settles what was unclear."""
    given = {mark.support for mark in marks}
    for support in (Support.NOT_SUPPORTED, Support.SUPPORTED, Support.UNCLEAR):
        if support in given:
            return TONES[support]
    return ""


def mark_in_words(mark: SignOff, *, is_own: bool, version: int) -> Mark:
    """A verdict as a person who reads `version` is told of it."""
    who = "you" if is_own else str(mark.member)
    words = {
        Support.SUPPORTED: f"Signed off by {who}",
        Support.UNCLEAR: f"Unclear to {who}",
        Support.NOT_SUPPORTED: f"Not supported, {'you say' if is_own else f'says {who}'}",
    }[Support(mark.support)]
    if mark.version != version:
        words += f" in version {mark.version}, unchanged"
    return Mark(TONES[Support(mark.support)], words, mark.note, is_own)
