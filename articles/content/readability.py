"""How hard a text is to read."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")


def grade(text: str) -> float:
    """The Flesch-Kincaid grade (US school years) of plain English text; 0.0 for no words.

    0.39 · words per sentence + 11.8 · syllables per word − 15.59, never below 0. Syllables are counted as
    groups of vowels, which is right for about nine words of ten. Numbers are not words. Linear.
    Source: Kincaid et al., 1975, Research Branch Report 8-75.
    """
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    count = sum(syllables(word) for word in words)
    return max(0.0, round(0.39 * len(words) / sentences + 11.8 * count / len(words) - 15.59, 1))


def syllables(word: str) -> int:
    """About how many syllables an English word has; at least 1."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    groups = len(_VOWELS.findall(word))
    if word.endswith("e") and not word.endswith(("le", "ee", "ye", "oe", "ie")):
        groups -= 1  # silent, as in "dose"
    elif word.endswith("ed") and not word.endswith(("ted", "ded", "eed", "ied")):
        groups -= 1  # silent, as in "used"
    elif word.endswith("es") and word[-3:-2] in "lmnrtkpbfdv":
        groups -= 1  # silent, as in "times"
    return max(1, groups)
