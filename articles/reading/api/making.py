"""From publications to the API's shapes. No query."""

from dataclasses import asdict
from typing import Any

from django.conf import settings

from articles.content.changes import in_words
from articles.content.figures import PUBLIC, moved
from articles.models.publication import Address, Publication
from articles.reading.citing import in_ama
from articles.reading.links import absolute, article_link
from articles.retrieval.passages import Passage
from articles.states import Level

Shape = dict[str, Any]


def summary(address: Address) -> Shape:
    """A live article in a list. Needs `.has_plain`."""
    return _about(address.publication, address.slug, has_plain=address.has_plain)  # type: ignore[attr-defined]


def article(publication: Publication, slug: str) -> Shape:
    """One approved version with its texts."""
    return _about(publication, slug, has_plain=publication.plain is not None) | {
        "status": publication.status,
        "permanent_url": absolute("version", slug, publication.number),
        "superseded_at": publication.ended_at,
        "citation": in_ama(publication, slug),
        "competing_interests": publication.competing_interests,
        "ai_use": publication.ai_use,
        "changes": publication.changes,
        "clinical": _text(publication.clinical),
        "plain": _text(publication.plain) if publication.plain is not None else None,
    }


def version(publication: Publication, slug: str) -> Shape:
    """One line of the list of versions. Needs `.is_gone`."""
    gone: bool = publication.is_gone  # type: ignore[attr-defined]
    return {
        "number": publication.number,
        "api_url": None if gone else absolute("api:version", slug, publication.number),
        "url": None if gone else absolute("version", slug, publication.number),
        "status": "withdrawn" if gone else publication.status,
        "approved_at": publication.published_at,
        "ended_at": publication.ended_at,
        "reviewed_by": _reviewers(publication),
        "changes": None if gone else publication.changes,
        "what_changed": in_words(publication.changes) if publication.changes and not gone else [],
    }


def passage(found: Passage) -> Shape:
    """One statement that answers a question."""
    return asdict(found) | {"url": settings.SITE_URL + found.path}


def _about(publication: Publication, slug: str, *, has_plain: bool) -> Shape:
    topic = {"slug": publication.topic_slug, "name": publication.topic_name}
    return {
        "slug": slug,
        "api_url": absolute("api:article", slug),
        "url": article_link(slug),
        "plain_url": article_link(slug, Level.PLAIN) if has_plain else None,
        "question": publication.question,
        "summary": publication.summary,
        "topic": topic if publication.topic_slug else None,
        "authors": publication.authors,
        "reviewed_by": _reviewers(publication),
        "number": publication.number,
        "updated_at": publication.published_at,
        "reviewed_at": publication.reviewed_at,
        "next_review_due": publication.next_review_due,
        "evidence_searched_to": publication.evidence_searched_to,
    }


def _reviewers(publication: Publication) -> list[Shape]:
    return [
        {
            "name": approver["name"],
            "credentials": approver.get("credentials", ""),
            "affiliation": approver.get("affiliation", ""),
            "specialties": approver.get("specialties") or [],
            "url": absolute("member", approver["slug"]) if approver.get("slug") else None,
        }
        for approver in publication.approvers
    ]


def _text(rendering: Shape) -> Shape:
    return {
        "html": moved(rendering["html"], settings.SITE_URL + PUBLIC),
        "contents": rendering["contents"],
        "statements": [
            {
                "anchor": statement["anchor"],
                "kind": statement["kind"],
                "section": statement["section_path"],
                "text": statement["text"],
                "references": statement["refs"],
            }
            for statement in rendering["statements"]
        ],
        "references": [reference["key"] for reference in rendering["references"]],
    }
