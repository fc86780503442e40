"""The part of a text that shows why it was found, with the reader's words marked."""

from articles.content.terms import marked
from articles.content.wording import unmarked

LONGEST = 280

Pieces = list[tuple[str, bool]]  # text, and whether it is one of the reader's words; never markup


def snippet(text: str, stems: frozenset[str], longest: int = LONGEST) -> Pieces:
    """At most about `longest` characters of the text, around the reader's words. Templates escape each piece.

    Cut between words, with "…" where something was left out. Linear.
    """
    text = unmarked(text)
    pieces = list(marked(text, stems))
    if len(text) <= longest:
        return pieces
    first = sum(len(piece) for piece, _ in pieces[:1]) if any(hit for _, hit in pieces) else 0
    start = max(0, min(first - longest // 3, len(text) - longest))
    if start:
        start = text.find(" ", start) + 1 or start
    end = min(len(text), start + longest)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + longest // 2)
    shown: Pieces = [("… ", False)] if start else []
    at = 0
    for piece, hit in pieces:
        part = piece[max(0, start - at) : max(0, end - at)]
        at += len(piece)
        if part:
            shown.append((part, hit))
    return [*shown, (" …", False)] if end < len(text) else shown
