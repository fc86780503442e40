"""One statement put in the place of another; everything around it stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Sequence

from articles.content.figures import without_images
from articles.content.outline import outline
from articles.content.phrase import CITE_ELEMENT
from articles.content.piece import Slot
from articles.content.records import KEY, Record
from articles.content.sanitise import sanitise
from articles.content.statements import RecordTexts, statement_digest

_TYPED_CITATION = re.compile(r"\s?\[([^\[\]]+)\]")
_ENTITY_LIKE = re.compile(r"&amp;(?![A-Za-z#])")
_TAG_LIKE = re.compile(r"&lt;(?![A-Za-z/!?])")


def replace_statement(html: str, references: Sequence[Record], digest: str, inner: str) -> str | None:
    """The body with the words of its first statement of that digest replaced; None when it has none.

    html: a sanitised body. inner: canonical inline HTML, as `inline` gives it. Headings, table rows and
    figures are never replaced: they are more than words. Linear in the text.
    """
    records = RecordTexts(references)
    out: list[str] = []
    found = False
    for piece in outline(html):
        if isinstance(piece, str):
            out.append(piece)
            continue
        words = piece.html
        if not found and is_replaceable(piece.tag) and _digest(piece, records) == digest:
            found, words = True, inner
        out.append(f"<{piece.tag}>{words}" + ("" if piece.tag == "li" else f"</{piece.tag}>"))
    return sanitise("".join(out)) if found else None


def is_replaceable(tag: str) -> bool:
    """Whether a statement in this element can be given other words as a whole."""
    return tag in ("p", "li", "caption")


def inline(html: str) -> str:
    """Any HTML as the canonical inner HTML of one statement: blocks become lines; "" when no word is left.

    Images are left out: a figure is more than words.
    """
    pieces = [piece for piece in outline(html) if isinstance(piece, Slot)]
    joined = "<br>".join(without_images(piece.html) for piece in pieces)
    return next((piece.html for piece in outline(f"<p>{joined}</p>") if isinstance(piece, Slot)), "")


def as_typed(inner: str) -> str:
    """A statement's inner HTML as a person types it: each citation as its keys in square brackets.

    Emphasis and links stay as tags. `from_typed` is its inverse, as long as the keys are known.
    """
    # Words in brackets that could be keys: the first bracket as a character reference says that they are not.
    text = _TYPED_CITATION.sub(
        lambda match: match[0].replace("[", "&#91;") if _keys(match) else match[0], inner
    )
    text = CITE_ELEMENT.sub(lambda match: f" [{match[1]}]", text)
    text = _TAG_LIKE.sub("<", text).replace("&gt;", ">")
    return _ENTITY_LIKE.sub("&", text)


def from_typed(text: str, keys: frozenset[str]) -> str:
    """What a person typed as canonical inner HTML. Brackets that hold anything but known keys stay words."""

    def cite(match: re.Match[str]) -> str:
        named = _keys(match)
        known = named and keys.issuperset(named)
        return f'<cite data-ref="{" ".join(named)}"></cite>' if known else match[0]

    return inline(_TYPED_CITATION.sub(cite, text))


def left_out(inner: str, refs: Sequence[str]) -> list[str]:
    """Which of these keys a statement's inner HTML does not cite, in their order."""
    cited = {key for keys in CITE_ELEMENT.findall(inner) for key in keys.split(" ")}
    return [key for key in refs if key not in cited]


def _keys(match: re.Match[str]) -> list[str]:
    """What stands in the brackets, when each of it could be a key."""
    named = re.split(r"[\s,;]+", match[1].strip())
    return named if all(KEY.fullmatch(key) for key in named) else []


def _digest(piece: Slot, records: RecordTexts) -> str:
    return statement_digest(piece.marked, piece.refs, records)
