"""The statements of live publications that answer a reader's question best."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from articles.content.statements import SUMMARY
from articles.models.publication import Address
from articles.models.search import Passage as Row
from articles.retrieval import ranking
from articles.retrieval.query import understand
from articles.retrieval.ranking import Statement
from articles.states import Level, PublicationStatus

MOST_KEYS = 20
CANDIDATES = 40  # publications whose statements are compared
# Reciprocal-rank fusion: how fast a place in a ranking loses worth, and what the second ranking counts.
_RRF, _SECOND = 5, 0.2
_SHOWN = ("question", "source_id", "is_demo", "status")


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference that a statement cites: its number in the article, and as it stands in the list there."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One statement of a live publication, and where readers find it."""

    article_id: int
    source_id: str  # of an imported text, what it was called where it came from; else ""
    question: str
    slug: str
    level: str
    section: str  # anchor of the heading it stands under
    section_title: str
    anchor: str  # of the statement itself
    statement: str
    citations: tuple[Citation, ...]
    is_demo: bool
    score: float  # comparable within one answer only

    @property
    def key(self) -> str:
        """Names the statement in a form, for `by_key`."""
        return f"{self.article_id}-{self.level}-{self.anchor}"

    @property
    def path(self) -> str:
        """The statement's place in the article, relative to the site."""
        page = reverse("reading:plain" if self.level == Level.PLAIN else "reading:article", args=[self.slug])
        # The summary stands above the text and has no anchor of its own.
        return page if self.section == SUMMARY else f"{page}#{self.anchor}"


def passages(question: str, level: str = Level.CLINICAL, limit: int = 10) -> list[Passage]:
    """The best statements for a question in anybody's words, best first; [] when no word of it is known.

    level: "clinical" or "plain"; where there is no plain text that says it, clinical statements are taken.
    At most one of a section and a few of an article, so that one long text does not crowd out the rest.
    Reads what was indexed at approval and nothing else. At most 9 queries, about 30 ms over 5,000 articles.
    """
    query = understand(question)
    found = ranking.publications(query, limit=CANDIDATES)
    best = ranking.statements(query, found, level)
    if not best and level == Level.PLAIN:
        # What plain texts do not say at all, a clinical one may.
        level, best = Level.CLINICAL, ranking.statements(query, found, Level.CLINICAL)
    chosen = _spread(fused(best), limit + 5, per_article=1 + limit // 5)
    return _without_repeats(_shown(chosen, level))[:limit]


def by_key(keys: Sequence[str]) -> list[Passage]:
    """The statements of live publications that these keys name, in their order, each once.

    One that is no longer there, or never was, is left out. At most MOST_KEYS are looked for. Two queries.
    """
    wanted = Q()
    for key in keys[:MOST_KEYS]:
        article, _, rest = key.replace("\x00", "").partition("-")
        level, _, anchor = rest.partition("-")
        if article.isascii() and article.isdigit() and len(article) < 10 and anchor:
            wanted |= Q(publication__article=int(article), level=level[:10], anchor=anchor[:40])
    if not wanted:
        return []
    rows = list(Row.objects.filter(wanted, publication__status=PublicationStatus.LIVE))
    addresses = _addresses({row.publication_id for row in rows})
    found = {}
    for row in rows:
        if row.publication_id in addresses:
            passage = _passage(0.0, addresses[row.publication_id], row)
            found[passage.key] = passage
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def by_question(statement: Statement) -> float:
    """The first ranking: how much of the question is met at all, then what question and headings say."""
    return (
        30.0 * statement.coverage
        + statement.heading
        + 6.0 * statement.own_heading
        + 0.5 * _of_text(statement)
        + 0.15 * statement.article
    )


def by_statement(statement: Statement) -> float:
    """The second: what the statement itself says, and under which heading."""
    return _of_text(statement) + statement.heading + 2.0 * statement.own_heading + 0.5 * statement.question


def fused(
    statements: list[Statement],
    rankings: tuple[tuple[Callable[[Statement], float], float], ...] = (
        (by_question, 1),
        (by_statement, _SECOND),
    ),
) -> list[tuple[float, Statement]]:
    """Reciprocal-rank fusion of weighted rankings: best first, with its score."""
    scores: dict[int, float] = {}
    for rank, counts in rankings:
        ordered = sorted(statements, key=lambda one: (-rank(one), one.publication, one.position))
        for place, statement in enumerate(ordered):
            scores[id(statement)] = scores.get(id(statement), 0.0) + counts / (_RRF + place)
    pairs = [(scores[id(statement)], statement) for statement in statements]
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1].publication, pair[1].position))


def _spread(
    best: list[tuple[float, Statement]], limit: int, *, per_article: int
) -> list[tuple[float, Statement]]:
    chosen = []
    taken, sections = Counter[int](), set[tuple[int, int]]()
    for score, statement in best:
        place = (statement.publication, statement.section)
        if place in sections or taken[statement.publication] >= per_article:
            continue
        sections.add(place)
        taken[statement.publication] += 1
        chosen.append((score, statement))
        if len(chosen) == limit:
            break
    return chosen


def _without_repeats(shown: list[Passage]) -> list[Passage]:
    """A summary often opens with the words of the text: said once is enough."""
    return list({" ".join(one.statement.split()): one for one in reversed(shown)}.values())[::-1]


def _of_text(statement: Statement) -> float:
    # A list item of two words is no answer, and a page of them is not a better one.
    length = max(statement.length, 8)
    return statement.text * 2.2 / (1.0 + 1.2 * (0.6 + 0.4 * length / 20))


def _shown(chosen: list[tuple[float, Statement]], level: str) -> list[Passage]:
    if not chosen:
        return []
    ids = {statement.publication for _, statement in chosen}
    addresses = _addresses(ids)
    wanted = Q()
    for _, statement in chosen:
        wanted |= Q(publication=statement.publication, position=statement.position)
    rows: dict[tuple[int, int], Row] = {}
    for row in Row.objects.filter(wanted).order_by("level"):
        # "plain" comes after "clinical": where it was asked for and is there, it stays.
        if row.level == Level.CLINICAL or level == Level.PLAIN:
            rows[row.publication_id, row.position] = row
    shown = []
    for score, statement in chosen:
        address, row_ = (
            addresses.get(statement.publication),
            rows.get((statement.publication, statement.position)),
        )
        if address is not None and row_ is not None:
            shown.append(_passage(score, address, row_))
    return shown


def _addresses(ids: set[int]) -> dict[int, Address]:
    """The current address of each live publication among `ids`."""
    found = (
        Address.objects.select_related("publication")
        .filter(publication__in=ids, moved_to__isnull=True, publication__status=PublicationStatus.LIVE)
        .only("slug", "article_id", *(f"publication__{name}" for name in _SHOWN))
    )
    return {address.publication_id: address for address in found}


def _passage(score: float, address: Address, row: Any) -> Passage:
    return Passage(
        article_id=address.article_id,
        source_id=address.publication.source_id,
        question=address.publication.question,
        slug=address.slug,
        level=row.level,
        section=row.section,
        section_title=row.section_title,
        anchor=row.anchor,
        statement=row.text,
        citations=tuple(Citation(**citation) for citation in row.citations),
        is_demo=address.publication.is_demo,
        score=round(score, 6),
    )
