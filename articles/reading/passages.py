"""The statements of live publications that answer a reader's question best."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from articles.models.publication import Address
from articles.models.search import Passage as Row
from articles.reading import ranking
from articles.reading.query import understand
from articles.reading.ranking import Statement
from articles.states import Level, PublicationStatus

CANDIDATES = 60  # publications whose statements are compared
PER_ARTICLE = 2
_RRF = 20  # how fast a place in one ranking loses worth


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
    def path(self) -> str:
        """The statement's place in the article, relative to the site."""
        page = "plain/" if self.level == Level.PLAIN else ""
        return f"/articles/{self.slug}/{page}#{self.anchor if self.section != 'summary' else 'main'}"


def passages(question: str, level: str = Level.CLINICAL, limit: int = 10) -> list[Passage]:
    """The best statements for a question in anybody's words, best first; [] when no word of it is known.

    level: "clinical" or "plain"; of an article without plain text the clinical statements are taken.
    At most one of a section and PER_ARTICLE of an article, so that one long text does not crowd out the rest.
    Reads what was indexed at approval and nothing else. At most 9 queries, about 30 ms over 5,000 articles.
    """
    query = understand(question)
    found = ranking.publications(query, limit=CANDIDATES)
    best = fused(ranking.statements(query, found, level))
    chosen, per_article, sections = [], Counter[int](), set()
    for score, statement in best:
        place = (statement.publication, statement.section)
        if place in sections or per_article[statement.publication] >= PER_ARTICLE:
            continue
        sections.add(place)
        per_article[statement.publication] += 1
        chosen.append((score, statement))
        if len(chosen) == limit:
            break
    return _shown(chosen, level)


def by_question(statement: Statement) -> float:
    """The first ranking: what the article and its section are about counts highest."""
    return 2.0 * statement.question + 1.5 * statement.heading + 0.5 * _of_text(statement) + 0.15 * statement.article


def by_statement(statement: Statement) -> float:
    """The second: what the statement itself says, and under which heading."""
    return _of_text(statement) + 0.5 * statement.heading + 0.5 * statement.question


def fused(
    statements: list[Statement],
    rankings: tuple[Callable[[Statement], float], ...] = (by_question, by_statement),
) -> list[tuple[float, Statement]]:
    """Reciprocal-rank fusion of the rankings: best first, with its score."""
    scores: dict[int, float] = {}
    for rank in rankings:
        ordered = sorted(statements, key=lambda one: (-rank(one), one.publication, one.position))
        for place, statement in enumerate(ordered):
            scores[id(statement)] = scores.get(id(statement), 0.0) + 1 / (_RRF + place)
    pairs = [(scores[id(statement)], statement) for statement in statements]
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1].publication, pair[1].position))


def _of_text(statement: Statement) -> float:
    # A list item of two words is no answer, and a page of them is not a better one.
    length = max(statement.length, 8)
    return statement.text * 2.2 / (1.0 + 1.2 * (0.6 + 0.4 * length / 20))


def _shown(chosen: list[tuple[float, Statement]], level: str) -> list[Passage]:
    if not chosen:
        return []
    ids = {statement.publication for _, statement in chosen}
    addresses = {
        address.publication_id: address
        for address in Address.objects.select_related("publication")
        .filter(publication__in=ids, moved_to__isnull=True, publication__status=PublicationStatus.LIVE)
        .only(
            "slug", "article_id", "publication__question", "publication__source_id", "publication__is_demo",
            "publication__status",
        )  # fmt: skip
    }
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
        address, row_ = addresses.get(statement.publication), rows.get((statement.publication, statement.position))
        if address is not None and row_ is not None:
            shown.append(_passage(score, address, row_))
    return shown


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
