"""Texts from elsewhere, published for demonstration: marked as such, and nowhere but there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from articles import indexing
from articles.content.checks import Issue
from articles.content.document import Document, Level
from articles.content.figures import images_of
from articles.content.render import render
from articles.models import Address, Article, Event, Publication, Topic, User, Version
from articles.states import EventKind, State
from articles.workflow import clock
from articles.workflow.drafting import clean
from articles.workflow.errors import Blocked, NotAllowed
from articles.workflow.publish import SLUG_LENGTH

NOTE = "Imported for demonstration, not reviewed by the board."


@dataclass(frozen=True, slots=True)
class Imported:
    """One text from elsewhere. `fields` are those of workflow.create, cleaned; authors: names as shown."""

    source_id: str
    fields: dict[str, Any]
    authors: list[str]

    @classmethod
    def from_fields(cls, source_id: str, authors: list[str], fields: dict[str, Any]) -> "Imported":
        """Clean the fields as any author's are. Raises Blocked with everything that cannot be stored."""
        cleaned = clean(fields)
        if images_of(cleaned["body"], cleaned.get("plain_body", "")):
            message = "The text shows images, and an import brings none. Take the figures out."
            raise Blocked([Issue("unknown-image", message)])
        return cls(source_id, cleaned, authors)


def known_sources(source_ids: Iterable[str]) -> set[str]:
    """Those of the texts that were imported before, whatever became of them."""
    return set(Publication.objects.filter(source_id__in=list(source_ids)).values_list("source_id", flat=True))


def import_for_demonstration(texts: Sequence[Imported], *, actor: User) -> list[Publication]:
    """Publish texts that nobody reviewed, each plainly marked; all of them, or none. Raises NotAllowed.

    The articles stay drafts: whoever takes one on submits it to the board as any other, and the approval
    replaces what was imported. Each has its version, its events and its sealed publication. About 10 ms each.
    """
    if not settings.DEMO:
        raise NotAllowed("Only a demonstration may show texts that no board has reviewed.")
    with transaction.atomic():
        now = clock.now()
        articles = [_article(text, actor, now) for text in texts]
        documents = [article.document() for article in articles]
        for article, document in zip(articles, documents, strict=True):
            article.digest = document.digest
        Article.objects.bulk_create(articles)
        Version.objects.bulk_create(_version(article, actor, now) for article in articles)
        publications = Publication.objects.bulk_create(
            _publication(text, article, document, now)
            for text, article, document in zip(texts, articles, documents, strict=True)
        )
        _give_addresses(publications)
        Event.objects.bulk_create(event for one in publications for event in _events(one, actor, now))
        indexing.add(publications)
        indexing.refresh_topics({one.topic_slug for one in publications})
    return publications


def _article(text: Imported, actor: User, now: Any) -> Article:
    return Article(**text.fields, author=actor, state=State.DRAFT, state_since=now, created_at=now, version=1)


def _version(article: Article, actor: User, now: Any) -> Any:
    kept = {field.attname: getattr(article, field.attname) for field in Version.tracked_fields}
    return Version(**kept, history_date=now, history_type="+", history_user=actor, history_change_reason=NOTE)


def _publication(text: Imported, article: Article, document: Document, now: Any) -> Publication:
    topic: Topic | None = article.topic
    publication = Publication(
        article=article,
        number=1,
        version=article.version,
        digest=article.digest,
        question=article.question,
        summary=article.summary,
        topic_name=topic.name if topic else "",
        topic_slug=topic.slug if topic else "",
        clinical=render(document, Level.CLINICAL).as_json(),
        plain=render(document, Level.PLAIN).as_json() if article.has_plain_text else None,
        references=article.references,
        approvers=[],
        authors=text.authors,
        competing_interests=article.competing_interests,
        ai_use=article.ai_use,
        evidence_searched_to=article.evidence_searched_to,
        published_at=now,
        reviewed_at=now,
        is_demo=True,
        source_id=text.source_id,
    )
    publication.seal = publication.compute_seal()
    return publication


def _events(publication: Publication, actor: User, now: Any) -> list[Event]:
    """What happened to the article: made, and imported. The first two links of its chain."""
    about = [
        (EventKind.CREATED, {"digest": publication.digest}),
        (EventKind.IMPORTED, {"publication": 1, "seal": publication.seal, "source": publication.source_id}),
    ]
    events: list[Event] = []
    for sequence, (kind, data) in enumerate(about, start=1):
        event = Event(
            article_id=publication.article_id,
            sequence=sequence,
            kind=kind,
            actor=actor,
            actor_name=str(actor),
            at=now,
            version=1,
            round=None,
            note=NOTE if kind == EventKind.IMPORTED else "",
            data=data,
            previous_hash=events[-1].hash if events else "",
        )
        event.hash = event.compute_hash()
        events.append(event)
    return events


def _give_addresses(publications: Sequence[Publication]) -> None:
    """An address for each, from its question; where it is taken, the next number."""
    stems = {one: slugify(one.question)[:SLUG_LENGTH].strip("-") or "article" for one in publications}
    wanted = {one: (stem, 1) for one, stem in stems.items()}
    given: dict[str, Publication] = {}
    while wanted:
        slugs = {one: stem if number == 1 else f"{stem}-{number}" for one, (stem, number) in wanted.items()}
        taken = set(Address.objects.filter(slug__in=slugs.values()).values_list("slug", flat=True))
        for one, slug in slugs.items():
            if slug in taken or slug in given:
                wanted[one] = (stems[one], wanted[one][1] + 1)
            else:
                given[slug] = one
                del wanted[one]
    Address.objects.bulk_create(
        Address(slug=slug, article_id=one.article_id, publication=one) for slug, one in given.items()
    )
