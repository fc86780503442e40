"""Which questions ask nearly the same: by the words they share, the rarer the more."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from articles.content.terms import is_silent, stem, words

LONGEST = 2_000  # characters of a text that are read
ENOUGH = 0.25
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Alike:
    """A text that resembles another: its place in the list it came from, how much (0 to 1), and in what."""

    place: int
    score: float
    shared: tuple[str, ...]  # the words both use, as this text writes them, the rarest first


def alike(text: str, others: Sequence[str], *, limit: int = 6) -> list[Alike]:
    """Those of `others` that ask nearly what `text` asks, the nearest first.

    The score is the cosine of the two texts over their stems, each weighed by how few of the texts use it.
    Linear in all the words; about 20 ms for 500 questions.
    """
    own = _stems(text)
    all_stems = [_stems(other) for other in others]
    used = Counter(one for found in (own, *all_stems) for one in found)
    many = len(others) + 1
    weight = {one: math.log(1 + many / count) for one, count in used.items()}
    norm = _norm(own, weight)
    found = []
    for place, theirs in enumerate(all_stems):
        shared = sorted(own.keys() & theirs.keys(), key=lambda one: (-weight[one], one))
        if not shared:
            continue
        score = sum(weight[one] ** 2 for one in shared) / (norm * _norm(theirs, weight))
        if score >= ENOUGH:
            found.append(Alike(place, score, tuple(theirs[one] for one in shared[:_SHOWN])))
    return sorted(found, key=lambda one: (-one.score, one.place))[:limit]


def _stems(text: str) -> dict[str, str]:
    """Stem -> the word as it was first written, without the words that say nothing."""
    found: dict[str, str] = {}
    for word in words(text[:LONGEST]):
        if not is_silent(word):
            found.setdefault(stem(word), word)
    return found


def _norm(stems: dict[str, str], weight: dict[str, float]) -> float:
    return math.sqrt(sum(weight[one] ** 2 for one in stems)) or 1.0
