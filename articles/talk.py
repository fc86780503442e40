"""Threads as pages show them to one person: what they are about, what was said, what one may do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from articles.content.citations import known, number
from articles.content.nearest import nearest
from articles.content.outline import outline
from articles.content.piece import Slot
from articles.content.statements import Statement
from articles.content.wording import show, word_changes
from articles.models import Comment, Suggestion, Thread, Version
from articles.states import Level, SuggestionStatus
from articles.workflow import steps_on
from articles.workflow.case import Case
from articles.workflow.guards import is_answered

LEVELS = {Level.CLINICAL: "", Level.PLAIN: "Plain-language text"}
# A quotation to choose is named by its beginning.
_NAMED_BY = 60


@dataclass(frozen=True, slots=True)
class Where:
    """The page that shows a thread, carried by every form on it so that an answer leads back to it.

    next: its path. state: the same for forms of the review page. is_brief: the statement stands there too.
    """

    next: str = ""
    state: str = ""
    is_brief: bool = False
    # Whether the box to answer in stands open at once; it is closed when the thread comes back.
    is_open: bool = False

    @property
    def hidden(self) -> list[tuple[str, str]]:
        found = [("next", self.next), ("state", self.state), ("brief", "1" if self.is_brief else "")]
        return [(name, value) for name, value in found if value]

    @classmethod
    def posted(cls, data: QueryDict) -> "Where":
        return cls(data.get("next", ""), data.get("state", ""), bool(data.get("brief")))


@dataclass(frozen=True, slots=True)
class Said:
    """One comment: who, in which part, when, about which version."""

    pk: int
    who: str
    part: str
    text: str
    quote: str
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Suggested:
    """Another wording. `html`: how it differs from the statement, with <ins> and <del>, escaped."""

    who: str
    html: str
    words: str
    tone: str
    is_open: bool
    # Its statement has changed meanwhile: the author places the words.
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Act:
    """One button beside a thread: a form of its own with the fields `hidden`."""

    label: str
    url: str
    hidden: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Typed:
    """What came back unsent: the words, what they answered, and why it was refused."""

    text: str = ""
    quote: str = ""
    reason: str = ""
    is_declining: bool = False
    messages: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    """One thread, as components/thread.html takes it."""

    pk: int
    article_id: int
    version: int
    current: int
    section: str
    level: str
    quote: str
    # Where the words stand that it is about, and how the link to them reads; "" where there is no way.
    place: str
    place_label: str
    is_must_fix: bool
    is_open: bool
    is_answered: bool
    is_outdated: bool
    # What the statement nearest to words that are gone says now, as a difference.
    now: str
    state: str
    tone: str
    opened_by: str
    opened_at: datetime
    said: list[Said]
    suggestion: Suggested | None
    steps: frozenset[str]
    acts: list[Act]
    quotes: list[tuple[str, str]]
    where: Where
    typed: Typed | None = None

    @property
    def may_answer(self) -> bool:
        return "answer" in self.steps

    @property
    def may_finish(self) -> bool:
        return "done" in self.steps

    @property
    def may_accept(self) -> bool:
        return "accept_suggestion" in self.steps

    @property
    def may_decline(self) -> bool:
        return "decline_suggestion" in self.steps

    @property
    def heading(self) -> str:
        return self.section or self.level or "The text"

    def with_typed(self, typed: Typed) -> "Shown":
        return replace(self, typed=typed)


class Talk:
    """The threads of an article before one person. Cost: the case's own queries, and one for old texts."""

    def __init__(self, case: Case, where: Where | None = None) -> None:
        self.case = case
        self.where = where or Where()

    def show(self, threads: Sequence[Thread]) -> list[Shown]:
        """Threads of Case.threads, in the order given."""
        old = self._old_statements(each for each in threads if hasattr(each, "suggestion"))
        return [self._shown(each, old) for each in threads]

    def is_answered(self, thread: Thread) -> bool:
        return is_answered(self.case, thread)

    def is_outdated(self, thread: Thread) -> bool:
        return thread.digest not in self.case.statements

    def now(self, thread: Thread) -> Statement | None:
        """The statement that a thread is about, or what stands nearest to its words now."""
        found = self.case.statements.get(thread.digest)
        return found or nearest(thread.quote, thread.section, self._statements[Level(thread.level)])

    def _shown(self, thread: Any, old: dict[int, str]) -> Shown:
        is_outdated = self.is_outdated(thread)
        state, tone = self._state(thread)
        steps = steps_on(self.case, thread)
        place, place_label = self._place(thread, is_outdated)
        said = [self._said(each) for each in thread.seen_comments]
        return Shown(
            pk=thread.pk,
            article_id=thread.article_id,
            version=thread.version,
            current=self.case.article.version,
            section=thread.section,
            level=LEVELS[Level(thread.level)],
            quote=thread.quote,
            place=place,
            place_label=place_label,
            is_must_fix=thread.is_must_fix,
            is_open=thread.is_open,
            is_answered=self.is_answered(thread),
            is_outdated=is_outdated,
            now=self._now_in_words(thread) if is_outdated else "",
            state=state,
            tone=tone,
            opened_by=str(thread.opened_by),
            opened_at=thread.opened_at,
            said=said,
            suggestion=self._suggested(thread, old, is_outdated=is_outdated),
            steps=steps,
            acts=self._acts(thread, steps),
            quotes=[("statement", "The statement"), *(_named(each) for each in said)],
            where=self.where,
        )

    def _state(self, thread: Thread) -> tuple[str, str]:
        """Where a thread stands, in words, with the colour of them."""
        if not thread.is_open:
            by = f" by {thread.resolved_by}" if thread.resolved_by else ""
            return f"Resolved{by}", "ok"
        if thread.done_at is not None:
            return f"Done, the author says; waits for {self._asker(thread)}", "info"
        if self.is_answered(thread):
            return f"Answered; waits for {self._asker(thread)}", "info"
        return "Waits for the author", "wait"

    def _asker(self, thread: Thread) -> str:
        return "you" if thread.opened_by_id == self.case.user.pk else str(thread.opened_by)

    def _place(self, thread: Thread, is_outdated: bool) -> tuple[str, str]:
        article, user = self.case.article, self.case.user
        if self.case.is_author and user.is_author:
            if article.is_editable:
                return reverse("writing:place", args=[article.pk, thread.pk]), "Go to it in the editor"
        elif user.is_board_member:
            address = reverse("reviewing:article", args=[article.pk])
            return f"{address}?show=statements&thread={thread.pk}#thread-{thread.pk}", "See it in the review"
        found = self.case.statements.get(thread.digest)
        version = thread.version if is_outdated else article.version
        anchor = found.anchor if found is not None else f"s-{thread.digest[:10]}"
        level = "" if thread.level == Level.CLINICAL else f"?level={thread.level}"
        return (
            f"{reverse('office:version', args=[article.pk, version])}{level}#{anchor}",
            f"See it in version {version}",
        )

    def _said(self, comment: Comment) -> Said:
        return Said(
            pk=comment.pk,
            who=str(comment.by),
            part="author" if comment.by_id in self.case.author_ids else "",
            text=comment.text,
            quote=comment.quote,
            version=comment.version,
            at=comment.at,
        )

    def _acts(self, thread: Thread, steps: frozenset[str]) -> list[Act]:
        """The steps that are one button. Answering and the suggestion have forms of their own."""
        buttons = [
            ("resolve", "Resolve", []),
            ("reopen", "Reopen", []),
            (
                "mark",
                "Need not be fixed" if thread.is_must_fix else "Mark as must fix",
                [("must_fix", "" if thread.is_must_fix else "1")],
            ),
        ]
        return [
            Act(
                label,
                reverse(f"reviewing:{step}", args=[thread.article_id, thread.pk]),
                [*more, *self.where.hidden],
            )
            for step, label, more in buttons
            if step in steps
        ]

    # --- The suggested wording ------------------------------------------------------------------------------

    def _suggested(self, thread: Thread, old: dict[int, str], *, is_outdated: bool) -> Suggested | None:
        suggestion: Suggestion | None = getattr(thread, "suggestion", None)
        if suggestion is None:
            return None
        found = self.case.statements.get(thread.digest)
        before = found.marked if found is not None else old.get(thread.pk, thread.quote)
        numbers = self._numbers[Level(thread.level)]
        is_open = suggestion.status == SuggestionStatus.OPEN
        words, tone = _fate(suggestion)
        return Suggested(
            who=str(suggestion.by),
            html=show(word_changes(before, _marked(suggestion.html)), numbers, numbers),
            words=words,
            tone=tone,
            is_open=is_open,
            is_stale=is_open and is_outdated,
        )

    def _now_in_words(self, thread: Thread) -> str:
        """How the words a thread was about differ from what stands nearest now; "" where nothing does."""
        found = self.now(thread)
        return show(word_changes(thread.quote, found.text), {}, {}) if found is not None else ""

    def _old_statements(self, threads: Iterable[Thread]) -> dict[int, str]:
        """Key of a thread -> its statement with citations, for those whose statement is gone. One query."""
        gone = [each for each in threads if self.is_outdated(each)]
        if not gone:
            return {}
        texts = Version.objects.filter(
            id=self.case.article.pk, version__in={each.version for each in gone}
        ).order_by("version")
        documents = {each.version: each.document() for each in texts}
        return {
            each.pk: statement.marked
            for each in gone
            if each.version in documents
            for statement in documents[each.version].statements(Level(each.level))
            if statement.digest == each.digest
        }

    @cached_property
    def _numbers(self) -> dict[Level, dict[str, int]]:
        keys = [str(record.get("id")) for record in self.case.document.references]
        return {level: known(number(self.case.document.blocks(level)), keys) for level in Level}

    @cached_property
    def _statements(self) -> dict[Level, list[Statement]]:
        return {
            level: [each for each in self.case.document.statements(level) if not each.is_header]
            for level in Level
        }


def _named(said: Said) -> tuple[str, str]:
    """A comment as a choice of what to quote."""
    words = " ".join(said.text.split())
    short = words if len(words) <= _NAMED_BY else f"{words[: _NAMED_BY - 1].rstrip()}…"
    return f"comment-{said.pk}", f"{said.who}: {short}"


def _fate(suggestion: Suggestion) -> tuple[str, str]:
    match suggestion.status:
        case SuggestionStatus.ACCEPTED:
            return f"Taken up by {suggestion.decided_by} in version {suggestion.version}", "ok"
        case SuggestionStatus.DECLINED:
            return f"Declined by {suggestion.decided_by}", ""
    return "", ""


def _marked(html: str) -> str:
    return " ".join(piece.marked for piece in outline(f"<p>{html}</p>") if isinstance(piece, Slot))
