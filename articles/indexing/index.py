"""Bring the index in line with what is live, inside the transaction that changes it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from articles.indexing.bulk import in_parts, insert
from articles.indexing.describe import Description, describe
from articles.indexing.state import lock, moved_on
from articles.indexing.topics import refresh_topics
from articles.models import (
    IndexedArticle,
    IndexedTopic,
    Passage,
    Posting,
    Publication,
    SearchIndex,
    Term,
    TopicName,
)

BATCH = 100


def follow(article_id: int, *, live: Publication | None) -> None:
    """Index the live publication of an article, and nothing else of it. Does nothing twice.

    live: as it was just saved, so that its texts need not come back from the database; None for none.
    Inside the transaction that approves or retires; about 10 statements and 10 ms for an ordinary article.
    """
    with transaction.atomic(savepoint=False):
        lock()
        indexed = set(
            IndexedArticle.objects.filter(publication__article=article_id).values_list(
                "publication", flat=True
            )
        )
        gone = indexed - {live.pk if live else None}
        slugs = set(IndexedArticle.objects.filter(pk__in=gone).values_list("topic_slug", flat=True))
        _remove(gone)
        added = [live] if live and live.pk not in indexed else []
        add(added)
        refresh_topics(slugs | {publication.topic_slug for publication in added})


def add(publications: Sequence[Publication]) -> None:
    """Index publications that are not in it yet; their topics are for the caller to refresh afterwards."""
    if not publications:
        return
    index = lock()
    described = [(publication, describe(publication)) for publication in publications]
    ids = _count_terms(described)
    IndexedArticle.objects.bulk_create(
        IndexedArticle(
            publication=publication,
            topic_slug=publication.topic_slug,
            has_plain=publication.plain is not None,
            clinical=made.shapes["clinical"],
            plain=made.shapes.get("plain"),
        )
        for publication, made in described
    )
    insert(
        Passage,
        ("publication_id", "level", "position", "section", "section_title", "anchor", "text", "citations"),
        ((publication.pk, *row) for publication, made in described for row in made.passages),
    )
    insert(
        Posting,
        ("publication_id", "term_id", "in_question", "weight", "clinical", "plain"),
        (
            (publication.pk, ids[term], places.in_question, made.weights[term],
             places.written("clinical"), places.written("plain"))
            for publication, made in described
            for term, places in made.terms.items()
        ),
    )  # fmt: skip
    index.articles += len(publications)
    moved_on(index)


def rebuild(progress: Callable[[int, int], None] = lambda done, of: None) -> int:
    """Make the whole index anew from the live publications; readers keep the old one until the end.

    progress: called with how many of how many are done. Returns how many. About 4 ms for each.
    """
    with transaction.atomic():
        index = lock()
        for model in (Posting, Passage, IndexedArticle, Term, TopicName, IndexedTopic):
            model.objects.all().delete()
        index.articles = 0
        moved_on(index)
        live = list(Publication.objects.live().order_by("pk").values_list("pk", flat=True))
        slugs: set[str] = set()
        for done, batch in enumerate(in_parts(live, BATCH)):
            publications = list(Publication.objects.filter(pk__in=batch))
            add(publications)
            slugs |= {publication.topic_slug for publication in publications}
            progress(done * BATCH + len(batch), len(live))
        refresh_topics(slugs)
    return len(live)


def _remove(ids: Iterable[int]) -> None:
    ids = list(ids)
    if not ids:
        return
    index = lock()
    postings = Posting.objects.filter(publication__in=ids)
    counted = Counter(postings.values_list("term_id", flat=True))
    _change_counts(counted, by=-1)
    for part in in_parts(list(counted)):
        Term.objects.filter(pk__in=part, articles=0).delete()
    postings.delete()
    Passage.objects.filter(publication__in=ids).delete()
    index.articles -= IndexedArticle.objects.filter(pk__in=ids).delete()[0]
    moved_on(index)


def _count_terms(described: Sequence[tuple[Publication, Description]]) -> dict[str, int]:
    """Count the publications' terms in; return the key of each."""
    counted = Counter(term for _, made in described for term in made.terms)
    known = _keys_of(list(counted))
    new = [term for term in counted if term not in known]
    insert(Term, ("text", "articles"), ((term, counted[term]) for term in new))
    _change_counts(Counter({known[term]: counted[term] for term in known}), by=1)
    return known | _keys_of(new)


def _keys_of(texts: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in in_parts(texts):
        found.update(Term.objects.filter(text__in=part).values_list("text", "pk"))
    return found


def _change_counts(counted: Counter[int], *, by: int) -> None:
    """Add `by` times its count to each term: one statement for all that change alike."""
    alike: defaultdict[int, list[int]] = defaultdict(list)
    for term, count in counted.items():
        alike[count].append(term)
    for count, terms in alike.items():
        for part in in_parts(terms):
            Term.objects.filter(pk__in=part).update(articles=F("articles") + by * count)


def build_after_migrate(**_: Any) -> None:
    """Index what was published before there was an index."""
    tables = set(connection.introspection.table_names())
    if {SearchIndex._meta.db_table, Publication._meta.db_table} - tables or SearchIndex.objects.exists():
        return
    if Publication.objects.live().exists():
        rebuild()
