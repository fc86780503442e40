"""Which live publications, and which statements in them, answer a query: by summed rarity of its terms."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from articles.models.search import IndexedArticle, Posting
from articles.retrieval.query import Query, Wanted
from articles.states import Level

_POSTING = Posting._meta.db_table
_ARTICLE = IndexedArticle._meta.db_table


@dataclass(slots=True)
class Found:
    """One publication with the score of the whole of it, and what of the query stands in it."""

    publication: int
    score: float
    said: float  # summed rarity of what stands in it, wherever


@dataclass(slots=True)
class Statement:
    """A statement of a candidate, with what was found in it, its headings and its article's question."""

    publication: int
    position: int
    section: int
    length: int  # stems
    text: float = 0.0
    heading: float = 0.0
    own_heading: float = 0.0  # of that, what the question does not say: "treatment"
    question: float = 0.0
    article: float = 0.0
    coverage: float = 0.0  # part of the query's rarity that text, headings and question hold, 0 to 1


def publications(query: Query, *, topic: str = "", plain: bool = False, limit: int = 400) -> list[Found]:
    """The publications that match best, best first. One statement over the index.

    topic: slug of the one topic to look in. plain: only those with a plain-language text.
    """
    coefficients = {
        term: wanted.rarity * counts for wanted in query.wanted for term, counts in wanted.terms.items()
    }
    if not coefficients:
        return []
    cases = " ".join(f"WHEN {int(term)} THEN {float(value):.4f}" for term, value in coefficients.items())
    terms = ", ".join(str(int(term)) for term in coefficients)
    where, parameters = "", []
    if topic:
        where += ' AND a."topic_slug" = %s'
        parameters.append(topic)
    if plain:
        where += ' AND a."has_plain"'
    boost = "0.0"
    if query.topics:
        marks = ", ".join(["%s"] * len(query.topics))
        boost = f'CASE WHEN a."topic_slug" IN ({marks}) THEN {_of_topic(query):.4f} ELSE 0.0 END'
        parameters = [*(one.slug for one in query.topics), *parameters]
    # Numbers of our own making stand in the text; whatever a reader typed is a parameter.
    sql = f"""
        SELECT s."publication_id", s."score" + {boost} AS "total", s."said"
        FROM (SELECT "publication_id", SUM("weight" * CASE "term_id" {cases} END) AS "score",
                SUM(CASE "term_id" {cases} END) AS "said"
              FROM "{_POSTING}" WHERE "term_id" IN ({terms}) GROUP BY "publication_id") s
        JOIN "{_ARTICLE}" a ON a."publication_id" = s."publication_id"
        WHERE TRUE {where} ORDER BY "total" DESC, s."publication_id" LIMIT {int(limit)}
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        # A sum of plain numbers is a Decimal on PostgreSQL.
        return [Found(key, float(score), float(said)) for key, score, said in cursor.fetchall()]


def _of_topic(query: Query) -> float:
    """What it counts to be on the topic that the reader named."""
    return 2.0 * max((wanted.rarity for wanted in query.wanted), default=0.0)


def statements(query: Query, found: list[Found], level: str) -> list[Statement]:
    """Every statement of the publications in which something of the query stands, unsorted. Two queries.

    level: of a publication without a plain-language text the clinical one is taken.
    Linear in the places of the query's terms.
    """
    ids = [one.publication for one in found]
    articles = {one.publication: one.score for one in found}
    shapes = {
        article.pk: (Level.PLAIN, article.plain)
        if level == Level.PLAIN and article.plain
        else (Level.CLINICAL, article.clinical)
        for article in IndexedArticle.objects.filter(pk__in=ids)
    }
    groups = {term: (wanted, counts) for wanted in query.wanted for term, counts in wanted.terms.items()}
    rows: defaultdict[int, list[Any]] = defaultdict(list)
    postings = Posting.objects.filter(publication__in=ids, term__in=list(groups))
    for row in postings.values_list("publication_id", "term_id", "in_question", "clinical", "plain"):
        rows[row[0]].append(row)
    whole = sum(wanted.rarity for wanted in query.wanted) or 1.0
    made: list[Statement] = []
    for publication, its in rows.items():
        if publication in shapes:
            made += _statements(publication, its, *shapes[publication], groups, articles[publication], whole)
    return made


@dataclass(slots=True)
class _Sums:
    """Best of each wanted thing at one place: its kin must not count beside it."""

    best: dict[str, float] = field(default_factory=dict)

    def add(self, wanted: Wanted, counts: float) -> None:
        value = wanted.rarity * counts
        if value > self.best.get(wanted.stem, 0.0):
            self.best[wanted.stem] = value


def _statements(
    publication: int, rows: list[Any], level: str, shape: list[Any],
    groups: dict[int, tuple[Wanted, float]], article: float, whole: float,
) -> list[Statement]:  # fmt: skip
    question = _Sums()
    texts: defaultdict[int, _Sums] = defaultdict(_Sums)
    headings: defaultdict[int, _Sums] = defaultdict(_Sums)
    for _, term, in_question, clinical, plain in rows:
        wanted, counts = groups[term]
        if in_question:
            question.add(wanted, counts)
        places, _, sections = (plain if level == Level.PLAIN else clinical).partition("/")
        for place in places.split():
            texts[int(place)].add(wanted, counts)
        for section in sections.split():
            headings[int(section)].add(wanted, counts)
    asked = sum(question.best.values())
    made = []
    previous = -1
    for position, (length, section) in enumerate(shape):
        text, heading = texts.get(position), headings.get(section)
        opens, previous = section != previous, section
        # Under a heading that answers, the opening is worth showing; the rest if it says something itself.
        if text is None and (heading is None or not opens):
            continue
        of_text = text.best if text else {}
        of_heading = heading.best if heading else {}
        covered = 0.0
        for stem in {*of_text, *of_heading, *question.best}:
            covered += max(of_text.get(stem, 0.0), of_heading.get(stem, 0.0), question.best.get(stem, 0.0))
        made.append(
            Statement(
                publication,
                position,
                section,
                length,
                sum(of_text.values()),
                sum(of_heading.values()),
                sum(value for stem, value in of_heading.items() if stem not in question.best),
                asked,
                article,
                covered / whole,
            )
        )
    return made
