"""What a body is made of: slots of words, and the tags between them."""

from __future__ import annotations

from dataclasses import dataclass

from articles.content.phrase import Phrase


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one block: p, h2, h3, li (left open, nested lists may follow), caption, tr or figure."""

    tag: str
    html: str
    marked: str
    refs: tuple[str, ...]
    is_header: bool = False  # a table row of headings only


Piece = str | Slot  # structure such as "<ul>" or "</li></ul>", or a slot


def slot(tag: str, phrase: Phrase) -> Slot:
    """The slot of a phrase."""
    return Slot(tag, phrase.html, phrase.marked, phrase.refs)
