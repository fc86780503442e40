"""Letters to followers: written with the approval or the retirement they tell of, sent after it, once."""

from datetime import datetime, timedelta
from email.utils import formatdate
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from articles.content.changes import in_words
from articles.models import Address, Follow, Letter, LetterKind, Publication
from articles.notify.outbox import MAX_ATTEMPTS, UNREACHABLE, wake
from articles.states import PublicationStatus

log = structlog.get_logger(__name__)

_TEXTS = ("publication__clinical", "publication__plain", "publication__references")


def announce(publication: Publication) -> None:
    """Write a letter to everybody who follows the article or its topic, in the transaction of what happened.

    A live publication was approved, any other one retired. Each mailbox gets one, whatever it follows.
    """
    about = Q(article=publication.article_id)
    if publication.topic_slug:
        about |= Q(topic_slug=publication.topic_slug)
    followers: dict[str, Follow] = {}
    for follow in Follow.objects.confirmed().filter(about).order_by(F("article").asc(nulls_last=True), "pk"):
        followers.setdefault(follow.email, follow)
    if not followers:
        return
    kind = LetterKind.PUBLISHED if publication.is_live else LetterKind.RETIRED
    now = timezone.now()
    Letter.objects.bulk_create(
        (
            Letter(
                follow=follow, email=email, kind=kind, publication=publication, created_at=now, not_before=now
            )
            for email, follow in followers.items()
        ),
        batch_size=1000,
    )
    transaction.on_commit(wake, robust=True)


def wake_for(sender: Any, *, created: bool, **_: Any) -> None:
    """A letter was written: have it sent once that is committed. For the signal that a model sends."""
    if created:
        transaction.on_commit(wake, robust=True)


def deliver(limit: int = 500) -> int:
    """Send the letters that are due, at most `limit`; return how many were sent. Safe in many copies."""
    sent = 0
    for _ in range(limit):
        letter = _claim(timezone.now())
        if letter is None:
            break
        if _is_past(letter):
            # A newer letter tells what holds now; nothing that was taken back goes out by mail.
            letter.delete()
            continue
        try:
            compose(letter).send()
        except Exception as error:  # One mailbox that no server takes must not stop the letters behind it.
            log.warning("letter.not_sent", letter=letter.pk, attempts=letter.attempts, exc_info=True)
            if isinstance(error, UNREACHABLE):
                break
            continue
        letter.sent_at = timezone.now()
        letter.save(update_fields=["sent_at"])
        sent += 1
    return sent


def compose(letter: Letter) -> EmailMultiAlternatives:
    """The mail of a letter, with the headers by which a mail program can end the following with one click."""
    follow = letter.follow
    slug = _slug(letter.publication.article_id if letter.publication else follow.article_id)
    name = _name(follow, slug)
    stop = settings.SITE_URL + reverse("reading:stop", args=[follow.token("stop")])
    context = {
        "letter": letter,
        "name": name,
        "is_confirmed": follow.confirmed_at is not None,
        "days": settings.FOLLOW_CONFIRM_DAYS,
        "stop": stop,
        **_words(letter, follow, name, slug),
    }
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    mail = EmailMultiAlternatives(
        # One line, whatever stands in a question: headers end at a line break.
        subject=settings.EMAIL_SUBJECT_PREFIX + " ".join(context["subject"].split()),
        body=render_to_string("mail/letter.txt", context),
        to=[letter.email],
        headers={
            "Message-ID": f"<letter-{letter.pk}.{int(letter.created_at.timestamp())}@{host}>",
            "Date": formatdate(letter.created_at.timestamp()),
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(render_to_string("mail/letter.html", context), "text/html")
    return mail


def _words(letter: Letter, follow: Follow, name: str, slug: str) -> dict[str, Any]:
    """Subject, next step and reason of each kind of letter."""
    if letter.publication is None:
        if follow.confirmed_at is not None:
            return {"subject": f"You follow this already: {name}", "reason": _ASKED}
        link = settings.SITE_URL + reverse("reading:confirm", args=[follow.token("confirm")])
        return {
            "subject": f"Please confirm: {name}",
            "link": link,
            "link_label": "Confirm that I want to follow",
            "reason": _ASKED,
        }
    publication = letter.publication
    what = "Retired" if letter.kind == LetterKind.RETIRED else "New" if publication.number == 1 else "Updated"
    return {
        "subject": f"{what}: {publication.question}",
        "publication": publication,
        "lines": in_words(publication.changes) if publication.changes else [],
        "link": settings.SITE_URL + reverse("reading:article", args=[slug]),
        "link_label": "Read the notice" if letter.kind == LetterKind.RETIRED else "Read the article",
        "reason": f"You get this mail because you follow “{name}” at NetReview.",
    }


_ASKED = "You get this mail because somebody, most likely you, typed this address into a form of NetReview."


def _is_past(letter: Letter) -> bool:
    publication = letter.publication
    if publication is None:
        return False
    live = publication.status == PublicationStatus.LIVE
    return live != (letter.kind == LetterKind.PUBLISHED)


def _slug(article_id: int | None) -> str:
    found = Address.objects.filter(article=article_id, moved_to__isnull=True).values_list("slug", flat=True)
    return found.first() or ""


def _name(follow: Follow, slug: str) -> str:
    """What is followed, as readers know it: the question of the article, or the name of the topic."""
    if follow.article_id is not None:
        current = Address.objects.filter(article=follow.article_id, moved_to__isnull=True)
        return current.values_list("publication__question", flat=True).first() or ""
    named = Publication.objects.filter(topic_slug=follow.topic_slug).order_by("-published_at")
    return named.values_list("topic_name", flat=True).first() or follow.topic_slug


def _claim(now: datetime) -> Letter | None:
    """Take one letter for ourselves; the lease grows with every attempt."""
    with transaction.atomic():
        letter = (
            Letter.objects.select_for_update(
                of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
            )
            .filter(sent_at__isnull=True, not_before__lte=now, attempts__lt=MAX_ATTEMPTS)
            .select_related("follow", "publication")
            .defer(*_TEXTS)
            .order_by("created_at", "pk")
            .first()
        )
        if letter is not None:
            letter.attempts += 1
            letter.not_before = now + timedelta(minutes=2**letter.attempts)
            letter.save(update_fields=["attempts", "not_before"])
    return letter
