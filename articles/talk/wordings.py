"""How other words differ from a statement: those that a reviewer suggests, and those that stand there now."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from articles.content.citations import known, number
from articles.content.document import Document
from articles.content.nearest import nearest
from articles.content.outline import outline
from articles.content.piece import Slot
from articles.content.statements import Statement
from articles.content.wording import SAME, all_words, show, word_changes
from articles.models import Suggestion, Thread, Version
from articles.states import Level, SuggestionStatus
from articles.talk.shown import Suggested
from articles.workflow.case import Case

# A statement's words as they were, with its citations, and the numbers of the references then.
Was = tuple[str, dict[str, int]]


class Wordings:
    """The words around the threads of a case, as escaped HTML with <ins> and <del>."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def is_outdated(self, thread: Thread) -> bool:
        """Whether the words a thread is about are no longer in the text."""
        return thread.digest not in self._case.statements

    def now(self, thread: Thread) -> Statement | None:
        """The statement that a thread is about, or what stands nearest to its words now."""
        found = self._case.statements.get(thread.digest)
        return found or nearest(thread.quote, thread.section, self._statements[Level(thread.level)])

    def quoted(self, thread: Thread) -> str:
        """The statement's words at the time."""
        return show(all_words(SAME, thread.quote), {}, {})

    def since(self, thread: Thread) -> str:
        """How the words a thread was about became what stands nearest now; "" where nothing does."""
        found = self.now(thread)
        return show(word_changes(thread.quote, found.text), {}, {}) if found is not None else ""

    def suggested(self, thread: Any, old: dict[int, Was]) -> Suggested | None:
        """Another wording against the statement it was suggested for; `old`: see old_statements."""
        suggestion: Suggestion | None = getattr(thread, "suggestion", None)
        if suggestion is None:
            return None
        found = self._case.statements.get(thread.digest)
        numbers = self._numbers[Level(thread.level)]
        was = old.get(thread.pk, (thread.quote, numbers)) if found is None else (found.marked, numbers)
        is_open = suggestion.status == SuggestionStatus.OPEN
        words, tone = _fate(suggestion)
        return Suggested(
            who=str(suggestion.by),
            html=show(word_changes(was[0], _marked(suggestion.html)), was[1], numbers),
            words=words,
            tone=tone,
            is_open=is_open,
            is_stale=is_open and found is None,
        )

    def old_statements(self, threads: Iterable[Thread]) -> dict[int, Was]:
        """Key of a thread -> its statement with citations, and their numbers, where it is gone. One query."""
        gone = [each for each in threads if self.is_outdated(each)]
        if not gone:
            return {}
        texts = Version.objects.filter(
            id=self._case.article.pk, version__in={each.version for each in gone}
        ).order_by("version")
        documents = {each.version: each.document() for each in texts}
        return {
            each.pk: (statement.marked, _numbers(documents[each.version], Level(each.level)))
            for each in gone
            if each.version in documents
            for statement in documents[each.version].statements(Level(each.level))
            if statement.digest == each.digest
        }

    @cached_property
    def _numbers(self) -> dict[Level, dict[str, int]]:
        return {level: _numbers(self._case.document, level) for level in Level}

    @cached_property
    def _statements(self) -> dict[Level, list[Statement]]:
        return {
            level: [each for each in self._case.document.statements(level) if not each.is_header]
            for level in Level
        }


def _numbers(document: Document, level: Level) -> dict[str, int]:
    return known(number(document.blocks(level)), [str(record.get("id")) for record in document.references])


def _fate(suggestion: Suggestion) -> tuple[str, str]:
    match suggestion.status:
        case SuggestionStatus.ACCEPTED:
            return f"Taken up by {suggestion.decided_by} in version {suggestion.version}", "ok"
        case SuggestionStatus.DECLINED:
            return f"Declined by {suggestion.decided_by}", ""
    return "", ""


def _marked(html: str) -> str:
    return " ".join(piece.marked for piece in outline(f"<p>{html}</p>") if isinstance(piece, Slot))
