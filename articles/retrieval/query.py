"""A reader's words as the index knows them: terms with their rarity, spelling mended, topics recognised."""

import math
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from articles.content.terms import KIN, SPOKEN, is_silent, stem, words
from articles.models.search import IndexedTopic, SearchIndex, Term, TopicName

LONGEST = 2_000  # characters of a question that are read
MOST_TERMS = 24  # the rarest of a long question; the rest hardly move the ranking
_LONGEST_NAME = 6  # stems of a topic's name
KIN_COUNTS, NAME_COUNTS = 0.6, 0.8  # of what the reader's own word counts


@dataclass(slots=True)
class Wanted:
    """One thing the reader asks for: its term, the terms that say nearly the same, and how rare it is."""

    stem: str
    rarity: float  # inverse document frequency of the reader's own word, natural logarithm
    terms: dict[int, float]  # key of a Term -> what it counts, 0 to 1
    stems: frozenset[str]  # for marking
    is_own: bool = True  # the reader's own word, not one that a name of theirs stands for


@dataclass(slots=True)
class Query:
    """What a reader asked, as the index can answer it."""

    text: str
    wanted: list[Wanted] = field(default_factory=list)
    topics: list[IndexedTopic] = field(default_factory=list)
    mended: dict[str, str] = field(default_factory=dict)  # stem as typed -> stem as searched

    @property
    def asked(self) -> float:
        """Summed rarity of the reader's own words."""
        return sum(wanted.rarity for wanted in self.wanted if wanted.is_own)

    @property
    def stems(self) -> frozenset[str]:
        """All stems to mark in a snippet."""
        return frozenset(stem for wanted in self.wanted for stem in wanted.stems)


def understand(text: str) -> Query:
    """Read what somebody typed: any string; its first LONGEST characters count. At most 7 queries."""
    text = " ".join(text[:LONGEST].replace("\x00", " ").split())
    query = Query(text)
    asked = _telling(text)
    index = SearchIndex.objects.filter(pk=1).first()
    if not asked or index is None or not index.articles:
        return query
    names = _names_in(asked)
    known = _known(asked, names)
    if unknown := [one for one in dict.fromkeys(asked) if one not in known and _may_be_misspelt(one)]:
        query.mended = _mended(unknown, index.revision)
        if query.mended:
            asked = [query.mended.get(one, one) for one in asked]
            names = _names_in(asked)
            known = _known(asked, names)
    query.topics = list({name.topic.slug: name.topic for name in names if name.topic}.values())
    query.wanted = _wanted(asked, names, known, index.articles)
    return query


def _known(asked: list[str], names: list["_Name"]) -> dict[str, Term]:
    """The terms of the index among the stems, their kin and what the names stand for."""
    looked_for = {*asked, *(kin for one in asked for kin in KIN.get(one, ()))}
    looked_for |= {one for name in names for one in name.stands_for}
    return {term.text: term for term in Term.objects.filter(text__in=looked_for)}


@dataclass(slots=True)
class _Name:
    """A name that stands in the question, from where to where among its stems; and what texts call it."""

    start: int
    end: int
    stands_for: list[str]
    topic: IndexedTopic | None = None


def _telling(text: str) -> list[str]:
    found = words(text)
    telling = [stem(word) for word in found if not is_silent(word)]
    return (telling or [stem(word) for word in found])[:200]


def _names_in(asked: list[str]) -> list[_Name]:
    """Topics and sayings whose whole name stands in the question; not those inside a longer one."""
    spans: dict[str, tuple[int, int]] = {}
    for start in range(len(asked)):
        for end in range(start + 1, min(start + _LONGEST_NAME, len(asked)) + 1):
            spans.setdefault("".join(asked[start:end]), (start, end))
    names = [_Name(*spans[saying], SPOKEN[saying]) for saying in spans.keys() & SPOKEN.keys()]
    found = TopicName.objects.filter(stems__in=list(spans)[:800]).select_related("topic").order_by("pk")
    names += [_Name(*spans[row.stems], _telling(row.topic.name), row.topic) for row in found]
    longest = [
        name
        for name in names
        if not any(
            other.start <= name.start
            and name.end <= other.end
            and name.end - name.start < other.end - other.start
            for other in names
        )
    ]
    return sorted(longest, key=lambda name: (name.start - name.end, name.start))[:6]


def _wanted(asked: list[str], names: list[_Name], known: dict[str, Term], articles: int) -> list[Wanted]:
    groups: dict[str, Wanted] = {}
    for one in dict.fromkeys(asked):
        kin = {other: known[other] for other in KIN.get(one, ()) if other in known}
        own = known.get(one) or min(kin.values(), key=lambda term: term.articles, default=None)
        if own is not None:
            terms = {term.pk: KIN_COUNTS for term in kin.values()}
            if one in known:
                terms[own.pk] = 1.0
            groups[one] = Wanted(one, _rarity(own, articles), terms, frozenset({one, *kin}))
    for name in names:
        # Asked by another of its names ("NET"), a thing is also looked for by the one that texts use.
        said = sum(groups[one].rarity for one in set(asked[name.start : name.end]) if one in groups)
        added = [one for one in dict.fromkeys(name.stands_for) if one not in groups and one in known]
        for one in added:
            rarity = NAME_COUNTS * min(_rarity(known[one], articles), said or 9.9)
            groups[one] = Wanted(one, rarity, {known[one].pk: 1.0}, frozenset({one}), is_own=False)
    return sorted(groups.values(), key=lambda group: -group.rarity)[:MOST_TERMS]


def _rarity(term: Term, articles: int) -> float:
    return math.log(1 + (articles - term.articles + 0.5) / (term.articles + 0.5))


def _may_be_misspelt(one: str) -> bool:
    return len(one) >= 4 and one.isalpha()


def _mended(unknown: list[str], revision: int) -> dict[str, str]:
    """For each unknown stem the nearest known one, the more usual of two; left out where none is near."""
    vocabulary = _vocabulary(revision)
    mended = {}
    for one in unknown[:6]:
        reach = 1 if len(one) <= 5 else 2
        near = process.extract(
            one, vocabulary.keys(), scorer=OSA.distance, score_cutoff=reach, limit=20, processor=None
        )
        # Two slips, and the first letter one of them: more often another word than a slip.
        near = [found for found in near if found[1] < 2 or found[0][0] == one[0]]
        if near:
            best = min(near, key=lambda found: (found[1], found[0][0] != one[0], -vocabulary[found[0]]))
            mended[one] = best[0]
    return mended


@lru_cache(maxsize=1)
def _vocabulary(revision: int) -> dict[str, int]:
    """Every term with its count, kept in memory until the index changes: what is retired mends no word."""
    return dict(Term.objects.values_list("text", "articles"))
