"""The statements of the text under review, a row each: its words, who signed it off, what is said of it."""

from collections import Counter
from functools import cached_property

from articles.comparing import counts
from articles.content.compare import compare
from articles.content.document import Document
from articles.content.figures import moved
from articles.models import SignOff
from articles.reviewing.lines import LOOK, Line, lines, numbers
from articles.reviewing.rows import Only, Progress, Row, mark_in_words, tone_of
from articles.reviewing.talk import Threads
from articles.states import Level, Support
from articles.web import images_at
from articles.workflow.case import Case

TITLES = {Level.CLINICAL: "For professionals", Level.PLAIN: "In plain language"}


class Statements:
    """The rows of a text before one member, and what became of each since `base` where there is one.

    look: the address that opens a statement beside the text, up to its anchor, escaped for HTML.
    Cost: no query beyond those of the case.
    """

    def __init__(
        self,
        case: Case,
        base: Document | None = None,
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
        if self.base is None:
            return 0
        return sum(map(counts, compare(self.base, self.case.document).changes[level]))

    def numbers(self, level: Level) -> dict[str, int]:
        """Key -> number of each reference at a reading level, as readers will see it."""
        return numbers(self.case.document, level)

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
            for line in lines(self.case.document, self.base, level):
                if line.is_summary and line.digest in seen:
                    continue  # both texts begin with it
                row = self._row(line, seen)
                if row.depth < 3:
                    heading = row
                elif heading is not None:
                    heading.left += row.asks
                rows.append(row)
        return rows

    def _row(self, line: Line, seen: set[str]) -> Row:
        if line.kind != "st":
            return Row(line.kind, self._shown(line.html, line), line.anchor, line.tag, line.change)
        if line.digest in seen:
            return Row("again", self._shown(line.html, line), tag=line.tag)
        seen.add(line.digest)
        marks = self.case.marks.get(line.digest, [])
        own = next((mark for mark in marks if mark.member_id == self.case.user.pk), None)
        version = self.case.article.version
        return Row(
            "st",
            self._shown(line.linked.replace(LOOK, self._look), line),
            line.anchor,
            line.tag,
            line.change,
            digest=line.digest,
            tone=tone_of(marks),
            asks=self._asks(marks, own, line.digest),
            own=own.support if own else "",
            marks=[mark_in_words(mark, is_own=mark is own, version=version) for mark in marks],
            talks=self.threads.talks.get(line.digest, []),
            outdated=self.threads.outdated_talks.get(line.digest, []),
            resolved=self.threads.resolved[line.digest],
        )

    def _shown(self, html: str, line: Line) -> str:
        """Lines are remembered for all articles; where the office has this one's images is added here."""
        return moved(html, self._images) if line.tag == "figure" else html

    def _asks(self, marks: list[SignOff], own: SignOff | None, digest: str) -> bool:
        """Whether a statement asks something of this member: a verdict, or a look at an answer."""
        if not self.is_reviewing:
            return False
        signed = any(mark.support == Support.SUPPORTED for mark in marks)
        return (own is None and not signed) or digest in self.threads.waiting
