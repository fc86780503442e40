"""Words as a search compares them: small letters, no accents, stems; and which words say nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

from articles.content.lexicon import FAMILIES, PHRASES, SILENT

LONGEST = 64  # of a term, in characters; what is longer is no word
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
_stemmer = snowballstemmer.stemmer("english")


def words(text: str) -> list[str]:
    """The words of a text in order, folded: small letters, without accents, at most LONGEST characters.

    Any string goes, unprintable ones too. Linear.
    """
    return [word for word in _WORD.findall(fold(text)) if len(word) <= LONGEST]


def fold(text: str) -> str:
    """The text in small letters, without accents and typographic apostrophes."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return text.casefold()


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """What the forms of a folded word have in common: "tumors" and "tumor" give "tumor"."""
    return str(_stemmer.stemWord(word))


def stems(text: str) -> list[str]:
    """Stems of the words that say something, in order. Of a text that has no such word, of all words."""
    found = words(text)
    telling = [word for word in found if not is_silent(word)]
    return [stem(word) for word in (telling or found)]


def is_silent(word: str) -> bool:
    """Whether a folded word says nothing about what a question is about."""
    return word in SILENT


def marked(text: str, wanted: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a word whose stem is wanted. Joined they are the text."""
    at = 0
    for match in _WORD.finditer(text.translate(_APOSTROPHES)):
        folded = fold(match[0])
        if stem(folded) in wanted and not is_silent(folded):
            yield text[at : match.start()], False
            yield text[match.start() : match.end()], True
            at = match.end()
    yield text[at:], False


def _families() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for family in FAMILIES:
        members = frozenset(stem(word) for word in family)
        for member in members:
            found[member] = found.get(member, frozenset()) | members
    return {member: family - {member} for member, family in found.items()}


# Stem -> the other stems that mean nearly the same.
KIN = _families()


# Stems of what readers say in several words -> stems of what texts say for it.
SPOKEN = {"".join(stems(spoken)): stems(written) for spoken, written in PHRASES.items()}
