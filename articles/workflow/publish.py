"""From an approved version to what readers read: one frozen row, made inside the approving transaction."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from articles import indexing
from articles.content.changes import changes_between
from articles.content.document import Document, Level
from articles.content.figures import images_of
from articles.content.render import render
from articles.models import Address, Article, Decision, Figure, Image, Publication
from articles.notify import letters
from articles.states import PublicationStatus
from articles.workflow import clock

SLUG_LENGTH = 100


def publish(article: Article, document: Document, decisions: Sequence[Decision], months: int) -> Publication:
    """Freeze the article as its next publication and put it at its address. The caller holds the lock.

    document: the article's own. decisions: the approvals that made the quorum. months: until the next review.
    Cost: two renderings, about 20 statements, most of them for the search index.
    """
    now = clock.now()
    previous = Publication.objects.filter(article=article).order_by("-number").first()
    if previous is not None and previous.is_live:
        previous.status = PublicationStatus.SUPERSEDED
        previous.ended_at = now
        previous.save(update_fields=["status", "ended_at"])
    publication = build(article, document, decisions, previous, months)
    publication.seal = publication.compute_seal()
    publication.save(force_insert=True)
    Publication.approved_by.through.objects.bulk_create(
        Publication.approved_by.through(publication=publication, boardmember=decision.member.board_profile)
        for decision in decisions
    )
    _keep_images(publication, images_of(document.body, document.plain_body))
    _keep_address(article, publication)
    indexing.follow(article.pk, live=publication)
    letters.announce(publication)
    return publication


def build(
    article: Article,
    document: Document,
    decisions: Sequence[Decision] = (),
    previous: Publication | None = None,
    months: int = 12,
) -> Publication:
    """The publication that the article would be now, unsaved: what a preview shows is what readers get."""
    now = clock.now()
    publication = Publication(
        article=article,
        number=previous.number + 1 if previous else 1,
        version=article.version,
        digest=document.digest,
        previous_digest=previous.digest if previous else "",
        question=article.question,
        summary=article.summary,
        topic_name=article.topic.name if article.topic else "",
        topic_slug=article.topic.slug if article.topic else "",
        clinical=render(document, Level.CLINICAL).as_json(),
        plain=render(document, Level.PLAIN).as_json() if article.has_plain_text else None,
        references=article.references,
        approvers=[_approver(decision) for decision in decisions],
        authors=_author_names(article),
        competing_interests=article.competing_interests,
        ai_use=article.ai_use,
        evidence_searched_to=article.evidence_searched_to,
        published_at=now,
        reviewed_at=now,
        next_review_due=_months_after(now.date(), months),
    )
    if previous is not None:
        # Both as they were published, as the readers' comparison has them: it must count the same.
        publication.changes = changes_between(previous.document(), publication.document())
    return publication


def reaffirm(article: Article, months: int) -> Publication:
    """Note that the board looked at the live text again and found nothing to change: two dates move."""
    now = clock.now()
    live = Publication.objects.live().get(article=article)
    live.reviewed_at = now
    live.next_review_due = _months_after(now.date(), months)
    live.save(update_fields=["reviewed_at", "next_review_due"])
    return live


def withdraw(publication: Publication, notice: str) -> None:
    """Take a live publication away from readers, at once; the notice stands in its place."""
    publication.status = PublicationStatus.WITHDRAWN
    publication.ended_at = clock.now()
    publication.notice = notice
    publication.save(update_fields=["status", "ended_at", "notice"])
    indexing.follow(publication.article_id, live=None)
    letters.announce(publication)


def _keep_images(publication: Publication, names: Sequence[str]) -> None:
    """Copy what the text shows from the office to the readers' side. Without figures it costs nothing."""
    if not names:
        return
    there = set(Image.objects.filter(name__in=names).values_list("name", flat=True))
    new = Figure.objects.filter(article=publication.article_id, name__in=set(names) - there)
    # Another article may publish the same image at this moment: the same name is the same bytes.
    Image.objects.bulk_create(
        (Image(name=figure.name, data=figure.data) for figure in new), ignore_conflicts=True
    )
    kept = Image.objects.filter(name__in=names).values_list("pk", flat=True)
    link = Publication.images.through
    link.objects.bulk_create(link(publication=publication, image_id=pk) for pk in kept)


def _keep_address(article: Article, publication: Publication) -> None:
    """A re-approved article keeps its address, whatever its question says now."""
    if Address.objects.filter(article=article).update(publication=publication):
        return
    stem = slugify(article.question)[:SLUG_LENGTH].strip("-") or "article"
    slug, number = stem, 1
    while not _take(slug, article, publication):
        number += 1
        slug = f"{stem}-{number}"


def _take(slug: str, article: Article, publication: Publication) -> bool:
    """Take the address, unless somebody has it: approved long ago, or at this very moment."""
    if Address.objects.filter(slug=slug).exists():
        return False
    try:
        with transaction.atomic():
            Address.objects.create(slug=slug, article=article, publication=publication)
    except IntegrityError:
        return False
    return True


def _approver(decision: Decision) -> dict[str, Any]:
    profile = decision.member.board_profile
    return {
        "name": decision.name,
        "credentials": decision.credentials,
        "affiliation": profile.affiliation,
        "specialties": profile.specialty_list,
        "slug": profile.slug,
        "decided_at": decision.decided_at.isoformat(),
    }


def _author_names(article: Article) -> list[str]:
    return [article.author.name, *article.coauthors.order_by("name").values_list("name", flat=True)]


def _months_after(day: date, months: int) -> date:
    """The same day of the month, or the last one that month has."""
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    following = (first + timedelta(days=32)).replace(day=1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))
