"""A document as public HTML, frozen at approval."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from articles.content import figures
from articles.content.citations import known, number
from articles.content.document import Document, Level
from articles.content.phrase import CITE_ELEMENT
from articles.content.records import Record, by_key
from articles.content.references import ama, links
from articles.content.statements import SUMMARY, Block, Kind, Statement

_EXTERNAL = re.compile(r'<a href="(?=http)')
_CELL = re.compile(r"<th>")


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of the table of contents."""

    id: str
    title: str
    level: int


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the reference list."""

    number: int
    key: str
    html: str
    links: list[tuple[str, str]]
    backlinks: list[str]  # ids of the chips that lead here, in reading order
    is_unverified: bool = False  # the record says so: its "status" is "unverified"


@dataclass(frozen=True, slots=True)
class Rendered:
    """The HTML of one reading level and what stands around it."""

    html: str
    contents: tuple[Heading, ...]
    references: tuple[Reference, ...]
    statements: tuple[Statement, ...]  # the summary among them, though it is not in `html`

    def as_json(self) -> dict[str, Any]:
        """Dicts, lists, strings and numbers only, for the publication row."""
        return {
            "html": self.html,
            "contents": [asdict(heading) for heading in self.contents],
            "references": [
                {**asdict(reference), "links": [list(link) for link in reference.links]}
                for reference in self.references
            ],
            "statements": [
                {
                    "anchor": statement.anchor,
                    "digest": statement.digest,
                    "kind": statement.kind.value,
                    "section": statement.section,
                    "section_path": list(statement.section_path),
                    "text": statement.text,
                    "refs": list(statement.refs),
                }
                for statement in self.statements
            ],
        }


def render(document: Document, level: Level, prefix: str = "") -> Rendered:
    """The body of one reading level as public HTML; the summary is not in it.

    Headings and statements carry their anchors as ids; each citation is a group of chips that lead to
    "#ref-N", with N by first appearance. A key without a record is shown as "?" and gets no number.
    prefix: begins every id and every "#ref-N", for a text that shares its page with another.
    The same document always gives the same bytes. Never raises; about 75 ms for 1,000 statements.
    """
    blocks = document.blocks(level)
    records = by_key(document.references)
    numbers = known(number(blocks), records)
    chips = _Chips(numbers, prefix)
    page = _Page(chips.write, prefix)
    for piece in document.pieces(level):
        page.write(piece)
    return Rendered(
        html="".join(page.out),
        contents=tuple(
            Heading(prefix + b.anchor, b.text, b.level) for b in blocks if b.is_heading and b.text
        ),
        references=_list(records, numbers, chips.backlinks),
        statements=document.statements(level),
    )


class _Chips:
    """Writes citations and remembers where each reference was cited."""

    def __init__(self, numbers: dict[str, int], prefix: str) -> None:
        self._numbers = numbers
        self._prefix = prefix
        self.backlinks: defaultdict[str, list[str]] = defaultdict(list)

    def write(self, html: str) -> str:
        return CITE_ELEMENT.sub(lambda match: self._group(match[1].split(" ")), html)

    def _group(self, keys: Sequence[str]) -> str:
        ordered = sorted(keys, key=lambda key: self._numbers.get(key, len(self._numbers) + 1))
        return f'<span class="cites">{"".join(self._chip(key) for key in ordered)}</span>'

    def _chip(self, key: str) -> str:
        place = self._numbers.get(key)
        if place is None:
            title = f"There is no reference {key}"
            return f'<span class="cite cite-unknown" title="{escape(title)}">?</span>'
        chip = f"{self._prefix}cite-{place}-{len(self.backlinks[key]) + 1}"
        self.backlinks[key].append(chip)
        leads_to = f"#{self._prefix}ref-{place}"
        return f'<a class="cite" href="{leads_to}" id="{chip}" aria-label="Reference {place}">{place}</a>'


class _Page:
    """Writes blocks and the structure between them."""

    def __init__(self, cite: Callable[[str], str], prefix: str) -> None:
        self.out: list[str] = []
        self._cite = cite
        self._prefix = prefix
        self._tables = 0
        self._figures = 0
        self._title = ""
        self._table_at = 0

    def write(self, piece: Block | str) -> None:
        if isinstance(piece, Block):
            if piece.section != SUMMARY:
                self._write_block(piece)
        elif piece == "<table>":
            self._tables += 1
            self._table_at = len(self.out)
            self._open_table(f"Table {self._tables}" + (f", {self._title}" if self._title else ""))
        elif piece.endswith("</table>"):
            self.out.append(f"{piece}</div>")
        else:
            self.out.append(piece)

    def _write_block(self, block: Block) -> None:
        tag = block.tag
        if block.kind is Kind.HEADING:
            self._title = block.text
        elif tag == "caption":
            self.out[self._table_at :] = []
            self._open_table(block.text)
        is_figure = block.kind is Kind.FIGURE
        inner = figures.caption_in(block.html) if is_figure else block.html
        html = _EXTERNAL.sub('<a rel="noopener nofollow" href="', self._cite(inner))
        if is_figure:
            self._figures += 1
            html = figures.published(block.html, self._figures, html)
        if block.kind is Kind.ROW:
            html = _CELL.sub('<th scope="col">' if block.is_header else '<th scope="row">', html)
        end = "" if tag == "li" else f"</{tag}>"
        self.out.append(f'<{tag} id="{self._prefix}{block.anchor}">{html}{end}')

    def _open_table(self, label: str) -> None:
        self.out.append(f'<div class="table" tabindex="0" role="region" aria-label="{escape(label)}"><table>')


def _list(
    records: dict[str, Record], numbers: dict[str, int], backlinks: dict[str, list[str]]
) -> tuple[Reference, ...]:
    return tuple(
        Reference(
            number=place,
            key=key,
            html=ama(records[key]),
            links=links(records[key]),
            backlinks=backlinks[key],
            is_unverified=records[key].get("status") == "unverified",
        )
        for key, place in numbers.items()
    )
