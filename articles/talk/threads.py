"""The threads of an article before one person."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from articles.content.statements import Statement
from articles.content.wording import unmarked
from articles.models import Thread
from articles.states import Level, SuggestionStatus
from articles.talk.shown import Act, Said, Shown, Where
from articles.talk.wordings import Was, Wordings
from articles.workflow import steps_on
from articles.workflow.case import Case
from articles.workflow.guards import is_answered
from articles.workflow.said import Remark

LEVELS = {Level.CLINICAL: "", Level.PLAIN: "Plain-language text"}
# A quotation to choose is named by its beginning.
_NAMED_BY = 60


class Talk:
    """The threads of an article before one person. Cost: the case's own queries, and one for old texts."""

    def __init__(self, case: Case, where: Where | None = None) -> None:
        self.case = case
        self.where = where or Where()
        self._wordings = Wordings(case)

    def show(self, threads: Sequence[Thread]) -> list[Shown]:
        """Threads of Case.threads, in the order given."""
        old = self._wordings.old_statements(each for each in threads if hasattr(each, "suggestion"))
        return [self._shown(each, old) for each in threads]

    def is_answered(self, thread: Thread) -> bool:
        return is_answered(self.case, thread)

    def is_outdated(self, thread: Thread) -> bool:
        return self._wordings.is_outdated(thread)

    def now(self, thread: Thread) -> Statement | None:
        """The statement that a thread is about, or what stands nearest to its words now."""
        return self._wordings.now(thread)

    def _shown(self, thread: Any, old: dict[int, Was]) -> Shown:
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
            quote=self._wordings.quoted(thread),
            words=unmarked(thread.quote),
            place=place,
            place_label=place_label,
            is_must_fix=thread.is_must_fix,
            is_open=thread.is_open,
            is_answered=self.is_answered(thread),
            is_outdated=is_outdated,
            # What became of words that were taken up is shown with them.
            now=self._wordings.since(thread) if is_outdated and not _is_taken_up(thread) else "",
            state=state,
            tone=tone,
            opened_by=str(thread.opened_by),
            opened_at=thread.opened_at,
            said=said,
            suggestion=self._wordings.suggested(thread, old),
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
            return f"Marked as done; waits for {self._asker(thread)}", "info"
        if self.is_answered(thread):
            return f"Answered; waits for {self._asker(thread)}", "info"
        return f"Waits for {'you' if self.case.is_author else 'the author'}", "wait"

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

    def _said(self, comment: Remark) -> Said:
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


def _named(said: Said) -> tuple[str, str]:
    """A comment as a choice of what to quote."""
    words = " ".join(said.text.split())
    short = words if len(words) <= _NAMED_BY else f"{words[: _NAMED_BY - 1].rstrip()}…"
    return f"comment-{said.pk}", f"{said.who}: {short}"


def _is_taken_up(thread: Any) -> bool:
    suggestion = getattr(thread, "suggestion", None)
    return suggestion is not None and suggestion.status == SuggestionStatus.ACCEPTED
