"""Answers to readers who left an address: they wait in the table until they are sent, as messages do."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from articles.models import Address, Question
from articles.notify.outbox import MAX_ATTEMPTS, UNREACHABLE

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
    """The mail with an answer: what was asked, what we say, and where the article is now."""
    slug = (
        Address.objects.filter(article=question.publication.article_id, moved_to__isnull=True)
        .values_list("slug", flat=True)
        .first()
    )
    subject = "What came of your report" if question.is_report else "An answer to your question"
    context = {
        "subject": subject,
        "title": question.publication.question,
        "question": question.text,
        "asked": "reported" if question.is_report else "asked",
        "answer": question.answer,
        "link": settings.SITE_URL + reverse("reading:article", args=[slug]) if slug else "",
        "link_label": "Read the article",
        "reason": "You get this mail because you asked for an answer at this address. "
        f"We keep it with your question until {question.expires_at:%B} {question.expires_at.day}, "
        f"{question.expires_at.year}, and forget both then.",
    }
    mail = EmailMultiAlternatives(
        subject=settings.EMAIL_SUBJECT_PREFIX + subject,
        body=render_to_string("mail/answer.txt", context),
        to=[question.email],
    )
    mail.attach_alternative(render_to_string("mail/answer.html", context), "text/html")
    return mail


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
