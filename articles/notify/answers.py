"""Answers to readers who left an address: they wait in the table until they are sent, as messages do."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from articles.content.statements import SUMMARY
from articles.models import Address, Question
from articles.notify.outbox import MAX_ATTEMPTS, UNREACHABLE
from articles.states import Level, PublicationStatus

log = structlog.get_logger(__name__)


def deliver(limit: int = 100) -> int:
    """Send the answers that are due, at most `limit`; return how many were sent. Safe in many copies."""
    sent = 0
    for _ in range(limit):
        question = _claim(timezone.now())
        if question is None:
            break
        try:
            compose(question).send()
        except Exception as error:  # One address that no server takes must not stop the answers behind it.
            log.warning("answer.not_sent", question=question.pk, attempts=question.attempts, exc_info=True)
            if isinstance(error, UNREACHABLE):
                break
            continue
        question.sent_at = timezone.now()
        question.save(update_fields=["sent_at"])
        sent += 1
    return sent


def compose(question: Question) -> EmailMultiAlternatives:
    """The mail with an answer: what was asked, what we say, what we quote, and where it stands now.

    What was retired since it was quoted is left out. One query.
    """
    slugs = _live_slugs({question.publication.article_id, question.answered_in_id, *_quoted(question)})
    quotes = [_shown(quote, slugs) for quote in question.quotes if quote["article"] in slugs]
    home = slugs.get(question.answered_in_id or question.publication.article_id)
    link = settings.SITE_URL + reverse("reading:article", args=[home]) if home else ""
    if link and question.anchor:
        link += f"#{question.anchor}"
    subject = "What came of your report" if question.is_report else "An answer to your question"
    context = {
        "subject": subject,
        "title": question.publication.question,
        "question": question.text,
        "asked": "reported" if question.is_report else "asked",
        "answer": question.answer,
        "quotes": quotes,
        "gone": len(question.quotes) - len(quotes),
        "link": link,
        "link_label": "Read the answer and its sources" if question.anchor else "Read the article",
        "reason": "You get this mail because you asked for an answer at this address. "
        f"We keep it with your question until {_in_words(question.expires_at)}, and forget both then.",
    }
    mail = EmailMultiAlternatives(
        subject=settings.EMAIL_SUBJECT_PREFIX + subject,
        body=render_to_string("mail/answer.txt", context),
        to=[question.email],
    )
    mail.attach_alternative(render_to_string("mail/answer.html", context), "text/html")
    return mail


def _quoted(question: Question) -> set[int]:
    return {quote["article"] for quote in question.quotes}


def _live_slugs(articles: set[int | None]) -> dict[int | None, str]:
    """Where the live text of each article stands; those without one are left out."""
    found = Address.objects.filter(
        article__in=articles - {None}, moved_to__isnull=True, publication__status=PublicationStatus.LIVE
    )
    return dict(found.values_list("article", "slug"))


def _shown(quote: dict[str, Any], slugs: dict[int | None, str]) -> dict[str, Any]:
    """A quote as the mail shows it, with its link and its date in words."""
    page = "reading:plain" if quote["level"] == Level.PLAIN else "reading:article"
    path = reverse(page, args=[slugs[quote["article"]]])
    # The summary stands above the text and has no anchor of its own.
    place = "" if quote["section"] == SUMMARY else f"#{quote['anchor']}"
    return quote | {
        "link": f"{settings.SITE_URL}{path}{place}",
        "updated": _in_words(datetime.fromisoformat(quote["updated"])),
    }


def _in_words(moment: datetime) -> str:
    day = timezone.localtime(moment)
    return f"{day:%B} {day.day}, {day.year}"


def _claim(now: datetime) -> Question | None:
    """Take one answer for ourselves; the lease grows with every attempt."""
    with transaction.atomic():
        question = (
            Question.objects.select_for_update(
                of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
            )
            .filter(sent_at__isnull=True, not_before__lte=now, attempts__lt=MAX_ATTEMPTS)
            .select_related("publication")
            .only(
                "kind",
                "text",
                "answer",
                "email",
                "attempts",
                "expires_at",
                "quotes",
                "answered_in",
                "anchor",
                "publication__question",
                "publication__article",
            )
            .order_by("answered_at", "pk")
            .first()
        )
        if question is not None:
            question.attempts += 1
            question.not_before = now + timedelta(minutes=2**question.attempts)
            question.save(update_fields=["attempts", "not_before"])
    return question
