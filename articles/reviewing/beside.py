"""What stands beside the text: the evidence for one statement, the verdicts on it, and the talk about it."""

from functools import cached_property

from django.http import QueryDict

from articles.content.references import ama, links
from articles.content.render import Reference
from articles.content.replace import as_typed, is_replaceable
from articles.content.statements import SUMMARY, Statement
from articles.models import SignOff, Thread
from articles.reviewing.rows import Row
from articles.reviewing.statements import Statements
from articles.states import Level
from articles.talk import Shown, Talk, Where
from articles.workflow import sight


class Beside:
    """One statement before one member: where the thread `thread` belongs, or else `anchor`.

    where: the page that shows it, for the way back from what is sent there.
    `row` is None where there is no such statement: then an outdated thread may still be shown. Raises
    Thread.DoesNotExist for a thread of another article, or one that this member may not see.
    """

    def __init__(
        self,
        statements: Statements,
        anchor: str = "",
        thread: int | None = None,
        where: Where | None = None,
        typed: QueryDict | None = None,
    ) -> None:
        self._statements = statements
        self._where = where or Where()
        # What came with a thread that was refused.
        self.typed = typed
        self._case = statements.case
        self.thread = sight.thread(self._case, thread) if thread is not None else None
        self.row = self._row(anchor)

    @property
    def is_empty(self) -> bool:
        return self.row is None and self.thread is None

    @cached_property
    def statement(self) -> Statement | None:
        return self._case.statements[self.row.digest] if self.row is not None else None

    @cached_property
    def level(self) -> Level:
        """The reading level the statement stands at; the summary, which stands at both, is clinical."""
        clinical = {each.digest for each in self._case.document.statements(Level.CLINICAL)}
        return Level.CLINICAL if self.row is None or self.row.digest in clinical else Level.PLAIN

    @cached_property
    def references(self) -> list[Reference]:
        """What the statement cites, in the order of the numbers readers will see."""
        if self.statement is None:
            return []
        numbers = self._statements.numbers(self.level)
        records = {str(record.get("id")): record for record in self._case.document.references}
        return [
            Reference(
                numbers[key],
                key,
                ama(records[key]),
                links(records[key]),
                [],
                is_unverified=records[key].get("status") == "unverified",
            )
            for key in sorted(set(self.statement.refs) & numbers.keys(), key=numbers.__getitem__)
        ]

    @cached_property
    def unknown(self) -> list[str]:
        """Keys that the statement cites and no reference has."""
        known = {str(record.get("id")) for record in self._case.document.references}
        return [key for key in (self.statement.refs if self.statement else ()) if key not in known]

    @property
    def wording(self) -> str:
        """The statement as one types it, to suggest other words; "" where it cannot be replaced whole."""
        each = self.statement
        if each is None or each.section == SUMMARY or not is_replaceable(each.tag):
            return ""
        return as_typed(each.html)

    @cached_property
    def own(self) -> SignOff | None:
        marks = self._case.marks.get(self.row.digest, []) if self.row is not None else []
        return next((mark for mark in marks if mark.member_id == self._case.user.pk), None)

    @property
    def wants_reason(self) -> bool:
        """Whether this member doubts the statement and has not said why."""
        return self.own is not None and self.own.is_doubt and not self.own.note

    @cached_property
    def threads(self) -> list[Shown]:
        """The open threads here, oldest first; the one asked for among them, whatever became of it."""
        return self._shown([each for each in self._here if each.is_open or self._is_asked(each)])

    @cached_property
    def resolved(self) -> list[Shown]:
        return self._shown([each for each in self._here if not each.is_open and not self._is_asked(each)])

    @cached_property
    def asked_for(self) -> Shown | None:
        """The thread asked for."""
        return self._shown([self.thread])[0] if self.thread is not None else None

    def _shown(self, threads: list[Thread]) -> list[Shown]:
        return Talk(self._case, self._where).show(threads)

    def _is_asked(self, thread: Thread) -> bool:
        return self.thread is not None and thread.pk == self.thread.pk

    @cached_property
    def _here(self) -> list[Thread]:
        found = self._statements.threads.at(self.row.digest) if self.row is not None else []
        if self.thread is not None and not any(map(self._is_asked, found)):
            found = [self.thread, *found]
        return found

    @cached_property
    def _neighbours(self) -> tuple[str, str]:
        anchors = [row.anchor for row in self._statements.rows if row.kind == "st"]
        if self.row is None or self.row.anchor not in anchors:
            return "", ""
        at = anchors.index(self.row.anchor)
        return anchors[at - 1] if at else "", anchors[at + 1] if at + 1 < len(anchors) else ""

    @property
    def before(self) -> str:
        """Anchor of the statement before this one among those shown."""
        return self._neighbours[0]

    @property
    def after(self) -> str:
        return self._neighbours[1]

    def _row(self, anchor: str) -> Row | None:
        at_anchor = self._statements.found.get(anchor)
        if self.thread is None:
            return at_anchor
        digest = self._statements.threads.place_of.get(self.thread.pk, self.thread.digest)
        # About words that are gone, and resolved, a thread has no place of its own: it is shown where it was.
        return next((row for row in self._statements.found.values() if row.digest == digest), at_anchor)
