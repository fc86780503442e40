"""Which block of the old version became which of the new."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest

from rapidfuzz.distance import Indel

from articles.content.phrase import CITE_END, CITE_START, IMAGE_CAPTION, IMAGE_END, IMAGE_START
from articles.content.statements import Block

IN_PLACE = 0.4  # how alike two blocks at the same place must be to count as one that changed
ELSEWHERE = 0.7  # the same for two at different places, who might be alike by chance
MOVABLE = 5  # words: shorter blocks are not looked for elsewhere unless they are equal
RARE = 8  # a word in more old blocks than this tells too little about where a block came from
CANDIDATES = 3  # old blocks looked at for each new one, beside those at the same place
REPEATS = 64  # equal blocks are tried in every combination up to this many

Pair = tuple[int, int]  # (old, new)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Pairs by position; no position appears twice. Those in place have the same order on both sides."""

    in_place: list[Pair]
    moved: list[Pair]


def pair(old: Sequence[Block], new: Sequence[Block]) -> Pairing:
    """Pair equal blocks first, then those that are alike between them, then those that moved.

    Cost O(n + m) when little changed; about k·log k for k changed blocks, with at most six comparisons of
    words for each.
    """
    start, end = _common_ends(old, new)
    edges = [(i, i) for i in range(start)]
    edges += [(len(old) - k, len(new) - k) for k in range(end, 0, -1)]
    inside = range(start, len(old) - end), range(start, len(new) - end)
    equal = _equal_pairs(old, new, *inside)
    weights = {(i, j): 1.0 + min(len(old[i].text), 200) / 100 for i, j in equal}
    in_place = _heaviest_chain(weights)
    used = _Used(in_place)
    moved = used.take(equal)
    alike = _Likeness(old, new, [i for i in inside[0] if used.is_free_old(i)])
    open_new = [j for j in inside[1] if used.is_free_new(j)]
    scores = {**alike.by_words(open_new), **alike.by_place(_gaps(in_place, *inside, used))}
    left, right = [i for i, _ in in_place], [j for _, j in in_place]
    near = {
        (i, j): score
        for (i, j), score in scores.items()
        if score >= IN_PLACE and bisect_left(left, i) == bisect_left(right, j)  # between the same equal ones
    }
    changed = used.take(_heaviest_chain(near))
    far = sorted((p for p, score in scores.items() if score >= ELSEWHERE), key=lambda p: (-scores[p], p))
    moved += used.take(p for p in far if len(alike.words(old[p[0]])) >= MOVABLE)
    return Pairing(sorted([*edges, *in_place, *changed]), moved)


class _Used:
    """Who is paired already."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._old: set[int] = set()
        self._new: set[int] = set()
        self.take(pairs)

    def take(self, pairs: Iterable[Pair]) -> list[Pair]:
        """The pairs of which neither side is taken yet, taken in their order."""
        taken = []
        for i, j in pairs:
            if i not in self._old and j not in self._new:
                self._old.add(i)
                self._new.add(j)
                taken.append((i, j))
        return taken

    def is_free_old(self, i: int) -> bool:
        return i not in self._old

    def is_free_new(self, j: int) -> bool:
        return j not in self._new


class _Likeness:
    """How alike blocks are, looked up for promising pairs only."""

    def __init__(self, old: Sequence[Block], new: Sequence[Block], open_old: Sequence[int]) -> None:
        self._old, self._new, self._open_old = old, new, open_old
        self._words: dict[str, list[str]] = {}

    def words(self, block: Block) -> list[str]:
        if block.digest not in self._words:
            parted = block.marked
            for before in (CITE_START, IMAGE_START, IMAGE_CAPTION):
                parted = parted.replace(before, f" {before}")
            for after in (CITE_END, IMAGE_END, IMAGE_CAPTION):
                parted = parted.replace(after, f"{after} ")
            self._words[block.digest] = parted.split()
        return self._words[block.digest]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places = defaultdict(list)
        for i in self._open_old:
            for word in set(self.words(self._old[i])):
                places[word].append(i)
        return {word: found for word, found in places.items() if len(found) <= RARE}

    def by_words(self, open_new: Sequence[int]) -> dict[Pair, float]:
        """Scores of each new block with the old ones it shares most rare words with."""
        scores = {}
        for j in open_new:
            votes: dict[int, int] = {}
            for word in set(self.words(self._new[j])):
                found = self._places.get(word, ())
                for i in found:
                    votes[i] = votes.get(i, 0) + 60 // len(found)
            for i in nlargest(CANDIDATES, votes, key=lambda i: (votes[i], -i)):
                scores[i, j] = self._score(i, j)
        return scores

    def by_place(self, gaps: Iterable[tuple[list[int], list[int]]]) -> dict[Pair, float]:
        """Scores of each new block with the old ones that stood at its place between two equal ones."""
        scores = {}
        for before, after in gaps:
            for k, j in enumerate(after if before else ()):
                for place in {k, k * len(before) // len(after), len(before) - len(after) + k}:
                    if 0 <= place < len(before):
                        scores[before[place], j] = self._score(before[place], j)
        return scores

    def _score(self, i: int, j: int) -> float:
        """0 to 1: the share of words in common, or of letters where the words are few."""
        one, other = self._old[i], self._new[j]
        if one.is_heading != other.is_heading:
            return 0.0
        words = self.words(one), self.words(other)
        if min(map(len, words)) <= 3:
            return float(Indel.normalized_similarity(one.text, other.text, score_cutoff=0.6))
        return float(Indel.normalized_similarity(*words, score_cutoff=IN_PLACE))


def _common_ends(old: Sequence[Block], new: Sequence[Block]) -> tuple[int, int]:
    """How many blocks are equal at the start and, of the rest, at the end."""
    shorter = min(len(old), len(new))
    start = 0
    while start < shorter and old[start].digest == new[start].digest:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end].digest == new[-1 - end].digest:
        end += 1
    return start, end


def _equal_pairs(old: Sequence[Block], new: Sequence[Block], olds: range, news: range) -> list[Pair]:
    """Pairs of one digest; all combinations of a few repeats, else the first with the first and so on."""
    places = defaultdict(list)
    for i in olds:
        places[old[i].digest].append(i)
    wanted = defaultdict(list)
    for j in news:
        if new[j].digest in places:
            wanted[new[j].digest].append(j)
    pairs: list[Pair] = []
    for digest, after in wanted.items():
        before = places[digest]
        if len(before) * len(after) <= REPEATS:
            pairs += [(i, j) for i in before for j in after]
        else:
            pairs += zip(before, after, strict=False)
    return pairs


def _heaviest_chain(weights: dict[Pair, float]) -> list[Pair]:
    """The pairs in the same order on both sides whose weights sum highest. O(k·log k) for k pairs."""
    if not weights:
        return []
    places = sorted({i for i, _ in weights})
    tree: list[tuple[float, int]] = [(0.0, -1)] * (len(places) + 1)  # best chain ending before a place
    best: list[tuple[Pair, int]] = []  # (pair, the one before it in its chain)
    # Of one new block the latest old place comes first, so that no chain holds it twice.
    for i, j in sorted(weights, key=lambda p: (p[1], -p[0])):
        place = bisect_left(places, i)
        total, before = 0.0, -1
        k = place
        while k > 0:
            if tree[k][0] > total:
                total, before = tree[k]
            k &= k - 1
        best.append(((i, j), before))
        total += weights[i, j]
        k = place + 1
        while k < len(tree):
            if total > tree[k][0]:
                tree[k] = total, len(best) - 1
            k += k & -k
    chain = []
    at = max(tree)[1]
    while at >= 0:
        found, at = best[at]
        chain.append(found)
    return chain[::-1]


def _gaps(
    chain: Sequence[Pair], olds: range, news: range, used: _Used
) -> Iterable[tuple[list[int], list[int]]]:
    """The unpaired old and new blocks between neighbours of the chain."""
    i, j = olds.start, news.start
    for i_end, j_end in [*chain, (olds.stop, news.stop)]:
        before = [k for k in range(i, i_end) if used.is_free_old(k)]
        after = [k for k in range(j, j_end) if used.is_free_new(k)]
        yield before, after
        i, j = i_end + 1, j_end + 1
