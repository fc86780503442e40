"""One table as it is read: rows of cells that hold words, in a head and a body."""

from __future__ import annotations

from dataclasses import dataclass, field

from articles.content.phrase import Phrase, unique
from articles.content.piece import Piece, Slot, slot

PARTS = frozenset({"thead", "tbody", "tfoot", "tr", "td", "th", "caption"})


@dataclass(slots=True)
class Table:
    """Takes the table's tags and the words before each, and gives its pieces."""

    caption: Phrase | None = None
    cell: str = ""  # td, th or caption while one is open
    _in_head: bool = False
    _part: str = ""  # the part that stands open: thead or tbody
    _row: list[tuple[str, Phrase]] = field(default_factory=list)
    _pieces: list[Piece] = field(default_factory=list)

    def enter(self, tag: str, words: Phrase) -> None:
        """One of PARTS begins; `words` were read since the last tag of the table."""
        self._end_cell(words)
        if tag in ("td", "th", "caption"):
            self.cell = tag
        else:
            self._end_row()
            self._in_head = tag == "thead" or (self._in_head and tag == "tr")

    def leave(self, tag: str, words: Phrase) -> None:
        """One of PARTS ends."""
        self._end_cell(words)
        if tag not in ("td", "th", "caption"):
            self._end_row()
            self._in_head = self._in_head and tag == "tr"

    def finish(self, words: Phrase) -> list[Piece]:
        """The whole table; nothing when it has no row with words."""
        self._end_cell(words)
        self._end_row()
        if not self._part:
            return []
        head: list[Piece] = ["<table>"]
        if self.caption:
            head.append(slot("caption", self.caption))
        return [*head, *self._pieces, f"</{self._part}></table>"]

    def _end_cell(self, words: Phrase) -> None:
        if self.cell == "caption":
            if words.runs and not (self.caption or self._row or self._part):
                self.caption = words
            elif words.runs:
                self._row.append(("td", words))  # a second or late caption keeps its words and its place
        elif self.cell or words.runs:
            self._row.append((self.cell or "td", words))  # words astray between cells get one of their own
        self.cell = ""

    def _end_row(self) -> None:
        row, self._row = self._row, []
        if not any(words.runs for _, words in row):
            return
        part = "thead" if self._in_head and self._part != "tbody" else "tbody"
        if self._part != part:
            self._pieces.append(f"</{self._part}><{part}>" if self._part else f"<{part}>")
            self._part = part
        self._pieces.append(
            Slot(
                tag="tr",
                html="".join(f"<{cell}>{words.html}</{cell}>" for cell, words in row),
                marked=" | ".join(words.marked for _, words in row).strip(),
                refs=unique(key for _, words in row for key in words.refs),
                is_header=all(cell == "th" for cell, _ in row),
            )
        )
