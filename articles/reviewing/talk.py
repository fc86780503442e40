"""The threads of an article beside its statements: which belongs where, and which wait for this member."""

from collections import Counter, defaultdict
from functools import cached_property
from typing import Any

from articles.content.nearest import nearest
from articles.models import Thread
from articles.reviewing.rows import Talk
from articles.states import Level
from articles.workflow.case import Case
from articles.workflow.guards import is_answered

LONGEST = 120


class Threads:
    """The threads that one member may see, by the digest of the statement they stand at.

    A thread whose statement is no longer in the text is outdated. While it is open it stands at the statement
    most like the words it was about. Cost: none beyond the case's own queries.
    """

    def __init__(self, case: Case) -> None:
        self._case = case

    def at(self, digest: str) -> list[Thread]:
        """The threads of a statement, oldest first, open outdated ones among them."""
        return [each for each in self._case.threads if digest in (each.digest, self.place_of.get(each.pk))]

    @cached_property
    def talks(self) -> dict[str, list[Talk]]:
        """Digest -> open threads about the statement as it is."""
        found: defaultdict[str, list[Talk]] = defaultdict(list)
        for thread in self._case.threads:
            if thread.is_open and thread.digest in self._case.statements:
                found[thread.digest].append(self.in_one_line(thread))
        return found

    @cached_property
    def outdated_talks(self) -> dict[str, list[Talk]]:
        """Digest -> open threads about earlier words of the statement."""
        found: defaultdict[str, list[Talk]] = defaultdict(list)
        for thread in self.outdated:
            if thread.pk in self.place_of:
                found[self.place_of[thread.pk]].append(self.in_one_line(thread))
        return found

    @cached_property
    def resolved(self) -> Counter[str]:
        """Digest -> how many resolved threads it has."""
        return Counter(each.digest for each in self._case.threads if not each.is_open)

    @cached_property
    def waiting(self) -> set[str]:
        """Digests of statements where an author has answered a thread that this member opened."""
        return {
            self.place_of.get(each.pk, each.digest)
            for each in self._case.threads
            if each.is_open and each.opened_by_id == self._case.user.pk and is_answered(self._case, each)
        }

    @cached_property
    def outdated(self) -> list[Thread]:
        """Open threads about words that are no longer in the text, oldest first."""
        return [each for each in self._gone if each.is_open]

    @cached_property
    def closed(self) -> list[Thread]:
        """Resolved threads about words that are no longer in the text."""
        return [each for each in self._gone if not each.is_open]

    @cached_property
    def place_of(self) -> dict[int, str]:
        """Key of an open outdated thread -> digest of the statement nearest to the words it was about."""
        document = self._case.document
        by_level = {
            level: [each for each in document.statements(level) if not each.is_header] for level in Level
        }
        places = {}
        for thread in self.outdated:
            found = nearest(thread.quote, thread.section, by_level[Level(thread.level)])
            if found is not None:
                places[thread.pk] = found.digest
        return places

    def in_one_line(self, thread: Any) -> Talk:
        said = thread.seen_comments
        last = said[-1] if said else None
        words = " ".join(last.text.split()) if last else "suggests another wording"
        return Talk(
            pk=thread.pk,
            who=str(last.by if last else thread.opened_by),
            words=words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…",
            must_fix=thread.is_must_fix,
            answers=max(len(said) - 1, 0),
            is_answered=is_answered(self._case, thread),
        )

    @property
    def _gone(self) -> list[Thread]:
        return [each for each in self._case.threads if each.digest not in self._case.statements]
