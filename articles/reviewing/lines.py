"""The text under review line by line, as it stands before everybody who reviews it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from articles.content.citations import known, number
from articles.content.compare import Change, ChangeKind, Comparison, compare, inline
from articles.content.document import REMEMBERED, Document, Level
from articles.content.statements import SUMMARY, Block

# In a linked line: where the address goes that opens its statement, up to the anchor.
LOOK = "\x00"
_CHIP = re.compile(r'<del>.*?</del>|<span class="cite">(\d+)</span>')


@dataclass(frozen=True, slots=True)
class Line:
    """One block: a heading, a statement, or one that is gone. `kind` is as in Row, but for "again"."""

    kind: str
    html: str
    # The same with chips that open the source beside the text; those of words that are gone lead nowhere.
    linked: str
    anchor: str
    tag: str
    change: str
    digest: str
    is_summary: bool = False


@lru_cache(maxsize=len(Level) * REMEMBERED)
def lines(document: Document, base: Document | None, level: Level) -> tuple[Line, ...]:
    """A text at one reading level, with what became of each block since `base`, where there is one.

    Remembered for the last texts: it holds nothing but what they say, and neither ever changes.
    """
    now, before = numbers(document, level), numbers(base or document, level)
    return tuple(_line(change, level, now, before) for change in _changes(document, base, level))


@lru_cache(maxsize=len(Level) * REMEMBERED)
def numbers(document: Document, level: Level) -> dict[str, int]:
    """Key -> number of each reference at a reading level, as readers see it. Not to be changed."""
    return known(number(document.blocks(level)), [str(each.get("id")) for each in document.references])


def _changes(document: Document, base: Document | None, level: Level) -> Iterator[Change]:
    """What became of each block; without a text to compare with all are the same."""
    comparison = compare(base, document) if base is not None else None
    blocks = document.blocks(level)
    yield from (_summary(block, comparison) for block in blocks if block.section == SUMMARY)
    if comparison is not None:
        yield from comparison.changes[level]
    else:
        yield from (Change(ChangeKind.SAME, each, each) for each in blocks if each.section != SUMMARY)


def _summary(block: Block, comparison: Comparison | None) -> Change:
    fields = comparison.fields if comparison is not None else ()
    words = next((each.words for each in fields if each.name == SUMMARY), ())
    return Change(ChangeKind.CHANGED if words else ChangeKind.SAME, block, block, words=words)


def _line(change: Change, level: Level, now: dict[str, int], before: dict[str, int]) -> Line:
    block = change.new or change.old
    assert block is not None  # noqa: S101 - a change has one side at least
    html, word = inline(change, now, before), _word(change)
    if change.new is None:
        return Line("removed", html, "", "", block.tag, word, "")
    if block.is_heading:
        # The two texts may have headings of the same name, and stand on one page here.
        anchor = block.anchor if level is Level.CLINICAL else f"plain-{block.anchor}"
        return Line(block.tag, html, "", anchor, block.tag, word, block.digest)
    if block.is_header:
        return Line("head", html, "", "", block.tag, word, block.digest)
    linked = _linked(html, block.anchor)
    return Line("st", html, linked, block.anchor, block.tag, word, block.digest, block.section == SUMMARY)


def _word(change: Change) -> str:
    """What became of a block: changed, added, removed, moved, "source", "formatting", or "" for nothing."""
    if change.kind is ChangeKind.CHANGED and change.reference_only:
        return "source"
    if change.formatting_only and change.kind is not ChangeKind.MOVED:
        return "formatting"
    return "" if change.kind is ChangeKind.SAME else str(change.kind)


def _linked(html: str, anchor: str) -> str:
    def link(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        href = f"{LOOK}{anchor}#ref-{match[1]}"
        return f'<a class="cite" href="{href}" aria-label="Reference {match[1]}">{match[1]}</a>'

    return _CHIP.sub(link, html)
