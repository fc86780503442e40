"""The statements of the text under review, a row each: its words, who signed it off, what is said of it."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from articles.comparing import counts
from articles.content.citations import known, number
from articles.content.compare import Change, ChangeKind, Comparison, inline
from articles.content.document import Document
from articles.content.figures import moved
from articles.content.statements import SUMMARY, Block
from articles.models import SignOff
from articles.reviewing.rows import Only, Progress, Row, mark_in_words, tone_of
from articles.reviewing.talk import Threads
from articles.states import Level, Support
from articles.web import images_at
from articles.workflow.case import Case

TITLES = {Level.CLINICAL: "For professionals", Level.PLAIN: "In plain language"}
_CHIP = re.compile(r'<del>.*?</del>|<span class="cite">(\d+)</span>')


class Statements:
    """The rows of a text before one member, and what became of each since `base` where there is one.

    comparison: of `base` with the text. look: the address that opens a statement beside the text, up to its
    anchor, escaped for HTML. Cost: no query beyond those of the case.
    """

    def __init__(
        self,
        case: Case,
        base: Document | None = None,
        comparison: Comparison | None = None,
        *,
        levels: tuple[Level, ...] = tuple(Level),
        only: Only = Only.ALL,
        look: str = "",
    ) -> None:
        self.case = case
        self.base = base
        self.levels = levels
        self.only = only
        self.threads = Threads(case)
        self._comparison = comparison
        self._look = look
        self._images = images_at(case.article.pk)
        self.is_reviewing = case.is_reviewer(case.user) and case.decision is None

    @cached_property
    def rows(self) -> list[Row]:
        """What `only` asks for, under the headings it stands under."""
        if not self.only:
            return self._all
        shown: list[Row] = []
        above: list[Row] = []
        for row in self._all:
            if row.depth < 3:
                above = [*(each for each in above if each.depth < row.depth), row]
            elif row.kind in ("st", "removed") and row.passes(self.only):
                shown += [*above, row]
                above = []
        return shown

    @cached_property
    def found(self) -> dict[str, Row]:
        """Anchor -> row of every statement of these levels, whatever `only` says."""
        return {row.anchor: row for row in self._all if row.kind == "st"}

    @cached_property
    def contents(self) -> list[Row]:
        return [row for row in self._all if row.kind in ("h2", "h3")]

    @cached_property
    def progress(self) -> Progress:
        """Over both reading levels: that is what an approval covers."""
        marks = self.case.marks
        counts = Counter(tone_of(marks.get(digest, [])) for digest in self.case.statements)
        return Progress(
            total=len(self.case.statements),
            signed=counts["ok"],
            unclear=counts["wait"],
            not_supported=counts["stop"],
            left=counts[""],
            must_fix=sum(thread.is_open and thread.is_must_fix for thread in self.case.threads),
        )

    def count(self, only: Only) -> int:
        """How many statements a filter shows."""
        kinds = ("st",) if only in (Only.ALL, Only.MINE) else ("st", "removed")
        return sum(row.kind in kinds and row.passes(only) for row in self._all)

    def changed(self, level: Level) -> int:
        """How many blocks of a reading level changed in more than their formatting."""
        return sum(map(counts, self._comparison.changes[level])) if self._comparison is not None else 0

    def numbers(self, level: Level) -> dict[str, int]:
        """Key -> number of each reference at a reading level, as readers will see it."""
        return self._numbers[level][0]

    def heading_of(self, anchor: str) -> Row | None:
        """The heading a statement stands under."""
        heading = None
        for row in self._all:
            heading = row if row.depth in (1, 2) else heading
            if row.kind == "st" and row.anchor == anchor:
                return heading
        return None

    @cached_property
    def _all(self) -> list[Row]:
        rows: list[Row] = []
        seen: set[str] = set()
        for level in self.levels:
            if len(self.levels) > 1 and self.case.document.text(level):
                rows.append(Row("part", TITLES[level], f"text-{level}"))
            heading: Row | None = None
            for change in self._changes(level):
                block = change.new or change.old
                assert block is not None  # noqa: S101 - a change has one side at least
                if block.section == SUMMARY and block.digest in seen:
                    continue  # both texts begin with it
                row = self._row(change, block, level, seen)
                if row.depth < 3:
                    heading = row
                elif heading is not None:
                    heading.left += row.asks
                rows.append(row)
        return rows

    def _row(self, change: Change, block: Block, level: Level, seen: set[str]) -> Row:
        now, before = self._numbers[level]
        html = moved(inline(change, now, before), self._images)
        word = _word(change)
        if change.new is None:
            return Row("removed", html, tag=block.tag, change=word)
        if block.is_heading:
            # The two texts may have headings of the same name, and stand on one page here.
            anchor = block.anchor if level is Level.CLINICAL else f"plain-{block.anchor}"
            return Row(block.tag, html, anchor, block.tag, word)
        if block.is_header:
            return Row("head", html, tag=block.tag, change=word)
        if block.digest in seen:
            return Row("again", html, tag=block.tag)
        seen.add(block.digest)
        marks = self.case.marks.get(block.digest, [])
        own = next((mark for mark in marks if mark.member_id == self.case.user.pk), None)
        return Row(
            "st",
            self._with_links(html, block.anchor),
            block.anchor,
            block.tag,
            word,
            digest=block.digest,
            tone=tone_of(marks),
            asks=self._asks(marks, own, block.digest),
            own=own.support if own else "",
            marks=[
                mark_in_words(mark, is_own=mark is own, version=self.case.article.version) for mark in marks
            ],
            talks=self.threads.talks.get(block.digest, []),
            outdated=self.threads.outdated_talks.get(block.digest, []),
            resolved=self.threads.resolved[block.digest],
        )

    def _asks(self, marks: list[SignOff], own: SignOff | None, digest: str) -> bool:
        """Whether a statement asks something of this member: a verdict, or a look at an answer."""
        if not self.is_reviewing:
            return False
        signed = any(mark.support == Support.SUPPORTED for mark in marks)
        return (own is None and not signed) or digest in self.threads.waiting

    def _changes(self, level: Level) -> Iterator[Change]:
        """What became of each block; without a text to compare with all are the same."""
        blocks = self.case.document.blocks(level)
        yield from (self._summary(block) for block in blocks if block.section == SUMMARY)
        if self._comparison is not None:
            yield from self._comparison.changes[level]
        else:
            yield from (Change(ChangeKind.SAME, each, each) for each in blocks if each.section != SUMMARY)

    def _summary(self, block: Block) -> Change:
        fields = self._comparison.fields if self._comparison is not None else ()
        words = next((each.words for each in fields if each.name == SUMMARY), ())
        return Change(ChangeKind.CHANGED if words else ChangeKind.SAME, block, block, words=words)

    @cached_property
    def _numbers(self) -> dict[Level, list[dict[str, int]]]:
        """At each level: the numbers of the references now, and in the text compared with."""
        texts = (self.case.document, self.base or self.case.document)
        return {
            level: [
                known(number(text.blocks(level)), [str(each.get("id")) for each in text.references])
                for text in texts
            ]
            for level in Level
        }

    def _with_links(self, html: str, anchor: str) -> str:
        """Chips that open the source beside the text; those of words that are gone lead nowhere."""

        def link(match: re.Match[str]) -> str:
            if match[1] is None:
                return match[0]
            href = f"{self._look}{anchor}#ref-{match[1]}"
            return f'<a class="cite" href="{href}" aria-label="Reference {match[1]}">{match[1]}</a>'

        return _CHIP.sub(link, html)


def _word(change: Change) -> str:
    """What became of a block: changed, added, removed, moved, "source", "formatting", or "" for nothing."""
    if change.kind is ChangeKind.CHANGED and change.reference_only:
        return "source"
    if change.formatting_only and change.kind is not ChangeKind.MOVED:
        return "formatting"
    return "" if change.kind is ChangeKind.SAME else str(change.kind)
