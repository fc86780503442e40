"""A reader's words as the index knows them: terms with their rarity, spelling mended, topics recognised."""

import math
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from articles.content.terms import KIN, is_silent, stem, words
from articles.models.search import IndexedTopic, SearchIndex, Term, TopicName

LONGEST = 2_000  # characters of a question that are read
MOST_TERMS = 24  # the rarest of a long question; the rest hardly move the ranking
_LONGEST_NAME = 6  # stems of a topic's name
KIN_COUNTS, TOPIC_COUNTS = 0.5, 0.6  # of what the reader's own word counts


@dataclass(slots=True)
class Wanted:
    """One thing the reader asks for: its term, the terms that say nearly the same, and how rare it is."""

    stem: str
    rarity: float  # inverse document frequency of the reader's own word, natural logarithm
    terms: dict[int, float]  # key of a Term -> what it counts, 0 to 1
    stems: frozenset[str]  # for marking


@dataclass(slots=True)
class Query:
    """What a reader asked, as the index can answer it."""

    text: str
    wanted: list[Wanted] = field(default_factory=list)
    topics: list[IndexedTopic] = field(default_factory=list)
    mended: dict[str, str] = field(default_factory=dict)  # stem as typed -> stem as searched

    @property
    def stems(self) -> frozenset[str]:
        """All stems to mark in a snippet."""
        return frozenset(stem for wanted in self.wanted for stem in wanted.stems)


def understand(text: str) -> Query:
    """Read what somebody typed: any string, of which the first LONGEST characters count. 4 queries at most."""
    text = " ".join(text[:LONGEST].replace("\x00", " ").split())
    query = Query(text)
    asked = _telling(text)
    index = SearchIndex.objects.filter(pk=1).first()
    if not asked or index is None or not index.articles:
        return query
    names = _names_in(asked)
    wanted = {*asked, *(kin for one in asked for kin in KIN.get(one, ()))}
    wanted |= {one for name in names for one in name.main_stems}
    known = {term.text: term for term in Term.objects.filter(text__in=wanted)}
    if unknown := [one for one in dict.fromkeys(asked) if one not in known and _may_be_misspelt(one)]:
        query.mended = _mended(unknown, index.revision)
        if query.mended:
            asked = [query.mended.get(one, one) for one in asked]
            names = _names_in(asked)
            wanted = {*asked, *(kin for one in asked for kin in KIN.get(one, ()))}
            wanted |= {one for name in names for one in name.main_stems}
            known = {term.text: term for term in Term.objects.filter(text__in=wanted)}
    query.topics = list({name.topic.slug: name.topic for name in names}.values())
    query.wanted = _wanted(asked, names, known, index.articles)
    return query


@dataclass(slots=True)
class _Name:
    """A topic's name that stands in the question: from where to where, among its stems."""

    topic: IndexedTopic
    start: int
    end: int
    main_stems: list[str]


def _telling(text: str) -> list[str]:
    found = words(text)
    telling = [stem(word) for word in found if not is_silent(word)]
    return (telling or [stem(word) for word in found])[:200]


def _names_in(asked: list[str]) -> list[_Name]:
    """Topics whose whole name stands in the question; a name inside a longer one does not count."""
    spans = {}
    for start in range(len(asked)):
        for end in range(start + 1, min(start + _LONGEST_NAME, len(asked)) + 1):
            spans.setdefault(" ".join(asked[start:end]), (start, end))
    found = TopicName.objects.filter(stems__in=list(spans)[:800]).select_related("topic").order_by("pk")
    names = [_Name(row.topic, *spans[row.stems], _telling(row.topic.name)) for row in found]
    return [
        name
        for name in names
        if not any(
            other.start <= name.start and name.end <= other.end and name.end - name.start < other.end - other.start
            for other in names
        )
    ][:5]


def _wanted(asked: list[str], names: list[_Name], known: dict[str, Term], articles: int) -> list[Wanted]:
    groups = {}
    for one in dict.fromkeys(asked):
        terms = {known[one].pk: 1.0} if one in known else {}
        kin = {other: known[other] for other in KIN.get(one, ()) if other in known}
        terms |= {term.pk: KIN_COUNTS for term in kin.values() if term.pk not in terms}
        if terms:
            own = known.get(one) or min(kin.values(), key=lambda term: term.articles)
            groups[one] = Wanted(one, _rarity(own, articles), terms, frozenset({one, *kin}))
    for name in names:
        # Asked by another of its names ("NET"), a topic is also looked for by the name that texts use.
        for one in name.main_stems:
            if one not in groups and one in known:
                term = known[one]
                rarity = TOPIC_COUNTS * _rarity(term, articles)
                groups[one] = Wanted(one, rarity, {term.pk: 1.0}, frozenset({one}))
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
        if near:
            best = min(near, key=lambda found: (found[1], found[0][0] != one[0], -vocabulary[found[0]]))
            mended[one] = best[0]
    return mended


@lru_cache(maxsize=1)
def _vocabulary(revision: int) -> dict[str, int]:
    """Every term with its count, kept in memory until the index changes: what is retired mends no word."""
    return dict(Term.objects.values_list("text", "articles"))
