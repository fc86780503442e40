"""What changed between two versions, statement by statement and word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from articles.content.document import REMEMBERED, Document, Level
from articles.content.figures import laid_open
from articles.content.pairing import pair
from articles.content.phrase import CITE_ELEMENT, collapse
from articles.content.records import Record
from articles.content.statements import SUMMARY, Block, Kind
from articles.content.wording import DELETED, INSERTED, Word, all_words, chips, show, word_changes

_CELL_EDGE = re.compile(r"</t[dh]><t[dh]>")
_CELL = re.compile(r"</?t[dh]>")
_LINK = re.compile(r'<a href="(?=http)')


class ChangeKind(StrEnum):
    """What became of a block or a reference."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one block.

    One that moved may have changed too: then `words` says how. `words` is empty where no word differs in
    kind: for the same block, and for one of which only the formatting changed.
    """

    kind: ChangeKind
    old: Block | None
    new: Block | None
    formatting_only: bool = False
    words: tuple[Word, ...] = ()

    @property
    def reference_only(self) -> bool:
        """The words and citations stand, but a record that they cite was changed: a sign-off is void."""
        return bool(self.old and self.new and self.old.digest != self.new.digest) and not self.has_new_words

    @property
    def has_new_words(self) -> bool:
        """Whether any word or citation was inserted or deleted."""
        return any(word.kind != "same" for word in self.words)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A changed field beside the text, and how its words changed."""

    name: str
    label: str
    words: tuple[Word, ...]

    @property
    def html(self) -> str:
        """Escaped HTML with <ins> and <del>."""
        return show(self.words, {}, {})


@dataclass(frozen=True, slots=True)
class ReferenceChange:
    """A reference added, removed or changed, as canonical records."""

    kind: ChangeKind
    key: str
    old: Record | None
    new: Record | None


@dataclass(frozen=True)
class Comparison:
    """All that differs between two documents."""

    fields: tuple[FieldChange, ...]  # only those that changed
    changes: dict[Level, list[Change]]  # of the bodies, headings too; the summary is a field
    references: tuple[ReferenceChange, ...]  # only those that changed, in the order of the new list
    counts: dict[ChangeKind, int]  # blocks over both levels; every kind has its number

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all differs."""
        blocks = sum(self.counts.values())
        return not self.fields and not self.references and self.counts[ChangeKind.SAME] == blocks


def align(old: Sequence[Block], new: Sequence[Block]) -> list[Change]:
    """Pair the blocks of two versions, in the reading order of `new`; removed ones where they stood.

    old, new: n and m blocks. Returns between max(n, m) and n + m changes; each block once.
    Equal blocks are paired by digest, changed ones by the words they share. Cost O(n + m) when little
    changed; built for 1,000 statements.
    """
    found = pair(old, new)
    partner = {j: (i, False) for i, j in found.in_place} | {j: (i, True) for i, j in found.moved}
    kept = {i for i, _ in partner.values()}
    removed = [i for i in range(len(old)) if i not in kept]
    limits = _limits(found.in_place, len(old), len(new))
    changes: list[Change] = []
    at = 0
    for j in range(len(new) + 1):
        while at < len(removed) and removed[at] < limits[j]:
            gone = old[removed[at]]
            changes.append(Change(ChangeKind.REMOVED, gone, None, words=all_words(DELETED, gone.marked)))
            at += 1
        if j < len(new):
            changes.append(_change(old, new[j], partner.get(j)))
    return changes


def apply(old: Sequence[Block], changes: Sequence[Change]) -> tuple[Block, ...]:
    """The new blocks, rebuilt from the changes.

    Raises ValueError when the changes are not of `old`: when a block of it is missing, or one is foreign.
    """
    if Counter(old) != Counter(change.old for change in changes if change.old is not None):
        raise ValueError("These changes were made from another text.")
    return tuple(change.new for change in changes if change.new is not None)


def inline(change: Change, numbers: Mapping[str, int], old_numbers: Mapping[str, int] | None = None) -> str:
    """One column: escaped inline HTML with <ins> and <del>, the cells of a row joined by " | ".

    numbers: key -> number in the new version; deleted citations take theirs from `old_numbers`, and a key
    without a number shows itself.
    """
    if change.old and change.new and change.has_new_words:
        return show(change.words, old_numbers or {}, numbers)
    if change.new:
        html = _formatted(change.new, numbers)
        return f"<ins>{html}</ins>" if change.kind is ChangeKind.ADDED else html
    assert change.old is not None  # noqa: S101 - a change has one side at least
    return f"<del>{_formatted(change.old, old_numbers or {})}</del>"


def sides(change: Change, old_numbers: Mapping[str, int], new_numbers: Mapping[str, int]) -> tuple[str, str]:
    """Two columns: the old with <del>, the new with <ins>; "" on the side that has nothing."""
    if change.old and change.new and change.has_new_words:
        before = [word for word in change.words if word.kind != INSERTED]
        after = [word for word in change.words if word.kind != DELETED]
        return show(before, old_numbers, old_numbers), show(after, old_numbers, new_numbers)
    old = _formatted(change.old, old_numbers) if change.old else ""
    new = _formatted(change.new, new_numbers) if change.new else ""
    if change.kind is ChangeKind.ADDED:
        new = f"<ins>{new}</ins>"
    if change.kind is ChangeKind.REMOVED:
        old = f"<del>{old}</del>"
    return old, new


def compare(old: Document, new: Document) -> Comparison:
    """Everything that differs between two documents.

    About 25 ms for 300 statements with 30 changed, most of it the two splits, which a document keeps. Of the
    last pairs of documents the answer is remembered: do not change it.
    """
    return _compared(old, new)


@lru_cache(maxsize=REMEMBERED)
def _compared(old: Document, new: Document) -> Comparison:
    changes = {level: align(_body(old, level), _body(new, level)) for level in Level}
    counts = Counter(change.kind for found in changes.values() for change in found)
    return Comparison(
        fields=_field_changes(old, new),
        changes=changes,
        references=_reference_changes(old.canonical_references, new.canonical_references),
        counts={kind: counts[kind] for kind in ChangeKind},
    )


def _body(document: Document, level: Level) -> list[Block]:
    return [block for block in document.blocks(level) if block.section != SUMMARY]


def _limits(in_place: Sequence[tuple[int, int]], old: int, new: int) -> list[int]:
    """For each new position: the old one of the next block in place, before which removed ones stood."""
    limits = [old] * (new + 1)
    following = {j: i for i, j in in_place}
    for j in range(new - 1, -1, -1):
        limits[j] = following.get(j, limits[j + 1])
    return limits


def _change(old: Sequence[Block], new: Block, partner: tuple[int, bool] | None) -> Change:
    if partner is None:
        return Change(ChangeKind.ADDED, None, new, words=all_words(INSERTED, new.marked))
    was, moved = old[partner[0]], partner[1]
    if was.digest != new.digest:
        kind = ChangeKind.MOVED if moved else ChangeKind.CHANGED
        return Change(kind, was, new, words=word_changes(was.marked, new.marked))
    formatted = (was.html, was.kind, was.level, was.tag) != (new.html, new.kind, new.level, new.tag)
    kind = ChangeKind.MOVED if moved else ChangeKind.CHANGED if formatted else ChangeKind.SAME
    return Change(kind, was, new, formatting_only=formatted)


def _formatted(block: Block, numbers: Mapping[str, int]) -> str:
    html = block.html
    if block.kind is Kind.ROW:
        html = _CELL.sub("", _CELL_EDGE.sub(" | ", html))
    elif block.kind is Kind.FIGURE:
        html = laid_open(html)
    html = _LINK.sub('<a rel="noopener nofollow" href="', html)
    return CITE_ELEMENT.sub(lambda match: chips(match[1], numbers), html)


def _field_changes(old: Document, new: Document) -> tuple[FieldChange, ...]:
    before, after = _fields(old), _fields(new)
    return tuple(
        FieldChange(name, label, word_changes(before[name][1], text))
        for name, (label, text) in after.items()
        if before[name][1] != text
    )


def _fields(document: Document) -> dict[str, tuple[str, str]]:
    declared = document.declarations
    searched_to = declared.evidence_searched_to
    return {
        "question": ("Question", collapse(document.question)),
        "summary": ("Summary", collapse(document.summary)),
        "competing_interests": ("Competing interests", collapse(declared.competing_interests)),
        "ai_use": ("Use of AI", collapse(declared.ai_use)),
        "evidence_searched_to": (
            "Evidence searched to",
            f"{searched_to:%B} {searched_to.day}, {searched_to.year}" if searched_to else "",
        ),
    }


def _reference_changes(
    before: Mapping[str, Record], after: Mapping[str, Record]
) -> tuple[ReferenceChange, ...]:
    found = []
    for key, record in after.items():
        was = before.get(key)
        if was != record:
            kind = ChangeKind.CHANGED if was is not None else ChangeKind.ADDED
            found.append(ReferenceChange(kind, key, was, record))
    found += [
        ReferenceChange(ChangeKind.REMOVED, key, record, None)
        for key, record in before.items()
        if key not in after
    ]
    return tuple(found)
