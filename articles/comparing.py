"""A comparison of two versions as pages show it: what stands open, what is folded, and in which words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from articles.content.changes import Changes, counted
from articles.content.citations import known, number
from articles.content.compare import Change, ChangeKind, Comparison, ReferenceChange, compare, inline, sides
from articles.content.document import Document, Level
from articles.content.figures import PUBLIC, moved
from articles.content.references import ama
from articles.content.statements import Block

# A fold must be worth its line: fewer unchanged statements than this stand open.
FOLD_FROM = 2
_WORDS = {
    ChangeKind.CHANGED: "changed",
    ChangeKind.ADDED: "added",
    ChangeKind.REMOVED: "removed",
    ChangeKind.MOVED: "moved",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One block, as components/comparison.html takes it."""

    kind: str
    heading: int
    anchor: str
    formatting_only: bool
    reference_only: bool
    html: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Blocks that stand together: open, or folded under the words of `folded`."""

    folded: str
    changes: list[Shown] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Source:
    """A reference that was added, removed or changed: how it reads, and how it read before (HTML)."""

    kind: str
    html: str
    before: str = ""


class Differences:
    """What differs between two documents, shown for one reading level, inline or side by side.

    images: the beginning of the addresses at which those who look may see the images of figures.
    Cost: one comparison (some ten milliseconds for 300 statements), unless the caller has it; no query.
    """

    def __init__(
        self,
        old: Document,
        new: Document,
        level: Level,
        *,
        side: bool = False,
        comparison: Comparison | None = None,
        images: str = PUBLIC,
    ) -> None:
        self.level = level
        self._images = images
        self._side = side
        self._documents = (old, new)
        self._comparison = comparison or compare(old, new)
        self._changes = self._comparison.changes[level]
        self.fields = self._comparison.fields
        self.is_empty = self._comparison.is_empty

    @property
    def changes(self) -> Changes:
        """The same in numbers, as a publication keeps them."""
        return counted(self._comparison, *self._documents)

    @cached_property
    def runs(self) -> list[Run]:
        """The blocks in reading order; what did not change is folded, but for the headings above a change."""
        open_at = _standing_open(self._changes)
        runs: list[Run] = []
        for is_open, places in groupby(range(len(self._changes)), key=open_at.__contains__):
            changes = [self._changes[place] for place in places]
            statements = sum(not _block_of(change).is_heading for change in changes)
            folded = "" if is_open or statements < FOLD_FROM else _fold_words(changes)
            shown = [self._shown(change) for change in changes]
            if runs and not folded and not runs[-1].folded:
                runs[-1].changes.extend(shown)
            else:
                runs.append(Run(folded, shown))
        return runs

    @cached_property
    def contents(self) -> list[dict[str, object]]:
        """The headings of the new text, each with the number of changes that stand under it."""
        entries: list[dict[str, object]] = []
        for change in self._changes:
            block = _block_of(change)
            if block.is_heading and change.new is not None:
                entries.append({"id": block.anchor, "title": block.text, "level": block.level, "count": 0})
            if entries and counts(change):
                entries[-1]["count"] = int(str(entries[-1]["count"])) + 1
        return entries

    @property
    def summary(self) -> str:
        """ "3 changed, 1 added, 1 moved" of both reading levels, and what else differs."""
        counted = {level: self.count(level) for level in Level}
        parts = [
            f"{count} {_WORDS[kind]}"
            for kind in _WORDS
            if (count := sum(1 for found in self._all() for change in found if _is(change, kind)))
        ]
        formatting = sum(1 for found in self._all() for change in found if _only_formatting(change))
        if formatting:
            parts.append(f"{formatting} in formatting only")
        statements = ", ".join(parts) if sum(counted.values()) or formatting else "No statement changed"
        return " · ".join([statements, *self._beside()])

    def count(self, level: Level) -> int:
        """How many blocks of a reading level changed in their words, their place or their sources."""
        return sum(1 for change in self._comparison.changes[level] if counts(change))

    @cached_property
    def sources(self) -> list[Source]:
        return [_source(change) for change in self._comparison.references]

    def _all(self) -> Iterator[list[Change]]:
        return iter(self._comparison.changes.values())

    def _beside(self) -> list[str]:
        parts = []
        if sources := len(self._comparison.references):
            parts.append(f"{sources} reference{'' if sources == 1 else 's'} changed, added or removed")
        if self.fields:
            labels = [change.label[0].lower() + change.label[1:] for change in self.fields]
            parts.append(f"beside the text: {', '.join(labels)}")
        return parts

    @cached_property
    def _numbers(self) -> list[dict[str, int]]:
        """For the old and the new document: the number of each reference at this level, as readers see it."""
        return [
            known(number(document.blocks(self.level)), [str(each.get("id")) for each in document.references])
            for document in self._documents
        ]

    def _shown(self, change: Change) -> Shown:
        block, (before, now) = _block_of(change), self._numbers
        old, new = sides(change, before, now) if self._side else ("", "")
        html = "" if self._side else inline(change, now, before)
        return Shown(
            kind=str(change.kind),
            heading=block.level,
            # A block that is gone has no place in the new text to lead to.
            anchor=block.anchor if change.new is not None else "",
            formatting_only=_only_formatting(change),
            reference_only=change.kind is ChangeKind.CHANGED and change.reference_only,
            html=moved(html, self._images),
            old=moved(old, self._images),
            new=moved(new, self._images),
        )


def _block_of(change: Change) -> Block:
    """The new block, or the old one where there is no new one."""
    block = change.new or change.old
    assert block is not None  # noqa: S101 - a change has one side at least
    return block


def _only_formatting(change: Change) -> bool:
    return change.formatting_only and change.kind is not ChangeKind.MOVED


def counts(change: Change) -> bool:
    """Whether anything but the formatting changed."""
    return change.kind is not ChangeKind.SAME and not _only_formatting(change)


def _is(change: Change, kind: ChangeKind) -> bool:
    return change.kind is kind and counts(change)


def _standing_open(changes: list[Change]) -> set[int]:
    """Places of the changed blocks, and of the headings each of them stands under."""
    places: set[int] = set()
    above: dict[int, int] = {}
    for place, change in enumerate(changes):
        block = _block_of(change)
        if block.is_heading:
            above = {level: at for level, at in above.items() if level < block.level} | {block.level: place}
        if counts(change):
            places |= {place, *above.values()}
    return places


def _fold_words(changes: list[Change]) -> str:
    """ "6 statements unchanged", and how many of them in formatting only."""
    statements = [change for change in changes if not _block_of(change).is_heading]
    formatting = sum(_only_formatting(change) for change in changes)
    same = len(statements) - sum(_only_formatting(change) for change in statements)
    parts = [f"{same} statement{'' if same == 1 else 's'} unchanged"] if same else []
    if formatting:
        parts.append(f"{formatting} changed in formatting only")
    return ", ".join(parts)


def _source(change: ReferenceChange) -> Source:
    record = change.new or change.old or {}
    before = ama(change.old) if change.kind is ChangeKind.CHANGED and change.old else ""
    return Source(kind=str(change.kind), html=ama(record), before=before)
