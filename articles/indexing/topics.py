"""Topics as readers find them: those that have live articles, with every name that readers have for them."""

from collections.abc import Iterable

from django.db.models import Count, Max

from articles.content.terms import fold, stems
from articles.indexing.bulk import in_parts
from articles.indexing.state import lock
from articles.models import IndexedTopic, Publication, Topic, TopicName

OTHER = "#"


def refresh_topics(slugs: Iterable[str]) -> None:
    """Bring what readers see of these topics in line with the live publications and the topics' own rows.

    Inside a transaction. About 7 statements, however many topics.
    """
    lock()
    for part in in_parts(sorted({*slugs} - {""}), 400):
        _refresh(list(part))


def _refresh(slugs: list[str]) -> None:
    IndexedTopic.objects.filter(slug__in=slugs).delete()
    live = Publication.objects.live().filter(topic_slug__in=slugs)
    counted = live.values("topic_slug").annotate(articles=Count("pk"), latest_at=Max("published_at"))
    # A topic that was renamed is called what its newest article calls it.
    named = dict(live.order_by("published_at", "pk").values_list("topic_slug", "topic_name"))
    kept = {topic.slug: topic for topic in Topic.objects.filter(slug__in=slugs)}
    topics = []
    for row in counted.order_by():
        topic = kept.get(row["topic_slug"])
        topics.append(
            IndexedTopic(
                slug=row["topic_slug"],
                name=named[row["topic_slug"]],
                description=topic.description if topic else "",
                terms=topic.terms if topic else [],
                articles=row["articles"],
                latest_at=row["latest_at"],
            )
        )
    IndexedTopic.objects.bulk_create(topics)
    TopicName.objects.bulk_create(name for topic in topics for name in _names(topic))


def _names(topic: IndexedTopic) -> Iterable[TopicName]:
    seen = set()
    for name in (topic.name, *topic.terms):
        if fold(name) in seen:
            continue
        seen.add(fold(name))
        yield TopicName(
            topic=topic,
            name=name[:100],
            folded=fold(name)[:100],
            letter=_letter(name),
            stems="".join(stems(name))[:200],
            is_main=name == topic.name,
        )


def _letter(name: str) -> str:
    first = next((letter for letter in fold(name) if letter.isalnum()), OTHER)
    return first.upper() if "a" <= first <= "z" else OTHER
