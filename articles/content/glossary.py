"""Difficult words of a rendered text, each led to its explanation where it first occurs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-z0-9]+)")
# No word is explained inside these: a link leads elsewhere already, and a heading is a landmark.
_CLOSED = frozenset({"a", "h2", "h3", "caption", "th"})


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the glossary: its key (as in ids), the forms it is written in, what it means."""

    key: str
    forms: tuple[str, ...]
    meaning: str


def explain(html: str, terms: Sequence[Term]) -> tuple[str, tuple[Term, ...]]:
    """The text with each term, where it first occurs, a link to "#word-KEY"; and the terms found, in order.

    html: as `render` writes it (every "<" begins a tag). Whole words only; upper and lower case are the same,
    but for forms in capitals such as NET. Of two terms that begin at one place the longer form wins.
    Linear in the text for all terms together.
    """
    if not terms:
        return html, ()
    by_form = {form: term for term in reversed(terms) for form in term.forms if form.strip()}
    by_low = {form.casefold(): term for form, term in by_form.items()}
    pattern = _pattern(by_form)
    found: dict[str, Term] = {}
    depth = 0

    def link(match: re.Match[str]) -> str:
        words = " ".join(match[0].replace("\u00a0", " ").split())
        plain = words.replace("&amp;", "&")
        term = by_form.get(plain) or by_low.get(plain.casefold())
        if term is None or term.key in found:
            return match[0]
        found[term.key] = term
        return f'<a class="term" href="#word-{term.key}" id="term-{term.key}">{match[0]}</a>'

    out = []
    for place, piece in enumerate(_TAG.split(html)):
        if place % 2:
            name = _NAME.match(piece)
            if name and name[1] in _CLOSED:
                depth += -1 if piece.startswith("</") else 1
            out.append(piece)
        else:
            out.append(pattern.sub(link, piece) if depth == 0 and len(found) < len(terms) else piece)
    return "".join(out), tuple(found.values())


def _pattern(forms: dict[str, Term]) -> re.Pattern[str]:
    written = []
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        words = r"[\s\u00a0]+".join(re.escape(escape(word, quote=False)) for word in form.split())
        # NET is a tumor, net is not.
        written.append(words if form.isupper() else f"(?i:{words})")
    return re.compile(rf"(?<![\w&])(?:{'|'.join(written)})(?!\w)")
