"""One state of an article's text, as a value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache

from articles.content.phrase import collapse
from articles.content.records import Record, canonical
from articles.content.statements import SUMMARY, Block, Statement, canonical_json, read


class Level(StrEnum):
    """The two reading levels of an article."""

    CLINICAL = "clinical"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Declarations:
    """What the authors declare about the article, in their own words."""

    competing_interests: str = ""
    ai_use: str = ""
    evidence_searched_to: date | None = None


@dataclass(frozen=True, eq=False)
class Document:
    """Everything that a version holds and a decision covers. Do not change its records in place.

    Only a document itself equals it: so what follows from its text alone can be remembered by it, without
    reading the text again (see `shared`).
    """

    question: str
    summary: str
    body: str
    plain_body: str
    references: tuple[Record, ...] = ()
    declarations: Declarations = Declarations()

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hex, over the canonical JSON of everything above.

        White space, the order of the reference list and the numbers that follow from it do not change it;
        words, formatting, structure, citations, records and declarations do.
        """
        declared = self.declarations
        searched_to = declared.evidence_searched_to
        whole = {
            "scheme": "document-1",
            "question": collapse(self.question),
            "summary": collapse(self.summary),
            "body": _canonical_body(self._clinical_pieces),
            "plain_body": _canonical_body(self._plain_pieces),
            "references": _canonical_list(self.references),
            "competing_interests": collapse(declared.competing_interests),
            "ai_use": collapse(declared.ai_use),
            "evidence_searched_to": searched_to.isoformat() if searched_to else None,
        }
        return hashlib.sha256(canonical_json(whole).encode()).hexdigest()

    @cached_property
    def canonical_references(self) -> dict[str, Record]:
        """Key -> canonical record, in the order of the list; of two with one key the last."""
        return {str(record.get("id")): canonical(record) for record in self.references}

    def text(self, level: Level) -> str:
        """The HTML body of one reading level."""
        return self.body if level == Level.CLINICAL else self.plain_body

    def pieces(self, level: Level) -> tuple[Block | str, ...]:
        """The blocks, and between them the structure that holds them, as tags. Each text is read once."""
        return self._clinical_pieces if level == Level.CLINICAL else self._plain_pieces

    def blocks(self, level: Level) -> tuple[Block, ...]:
        """Headings and statements in reading order; the summary comes first. Computed once per level."""
        return self._clinical_blocks if level == Level.CLINICAL else self._plain_blocks

    def statements(self, level: Level) -> tuple[Statement, ...]:
        """The blocks that are not headings."""
        return tuple(block for block in self.blocks(level) if not block.is_heading)

    @cached_property
    def _clinical_pieces(self) -> tuple[Block | str, ...]:
        return tuple(read(self.body, self.references, self.summary))

    @cached_property
    def _plain_pieces(self) -> tuple[Block | str, ...]:
        return tuple(read(self.plain_body, self.references, self.summary))

    @cached_property
    def _clinical_blocks(self) -> tuple[Block, ...]:
        return tuple(piece for piece in self._clinical_pieces if isinstance(piece, Block))

    @cached_property
    def _plain_blocks(self) -> tuple[Block, ...]:
        return tuple(piece for piece in self._plain_pieces if isinstance(piece, Block))


REMEMBERED = 32


def shared(document: Document) -> Document:
    """A document equal to this one, which everybody who asks for the same text gets: it is read once.

    The last 32 texts are remembered, by every byte of what they are made of. Its records are its own: nothing
    done to those of `document` reaches it. Nobody may change it. About a millisecond for 100 references.
    """
    return _remembered(
        document.question,
        document.summary,
        document.body,
        document.plain_body,
        json.dumps(document.references),
        document.declarations,
    )


def forget() -> None:
    """Read every text anew."""
    _remembered.cache_clear()


@lru_cache(maxsize=REMEMBERED)
def _remembered(
    question: str, summary: str, body: str, plain_body: str, references: str, declarations: Declarations
) -> Document:
    return Document(question, summary, body, plain_body, tuple(json.loads(references)), declarations)


def _canonical_body(pieces: Sequence[Block | str]) -> list[list[str]]:
    """The body as it counts in the digest: the summary, which comes first, counts there by itself."""
    return [
        [piece] if isinstance(piece, str) else [piece.tag, piece.html]
        for piece in pieces
        if isinstance(piece, str) or piece.section != SUMMARY
    ]


def _canonical_list(references: Sequence[Record]) -> list[Record]:
    return sorted((canonical(record) for record in references), key=canonical_json)
