"""The outbox: messages are written with the event, in its transaction, and sent after it.

What cannot be sent now stays in the table: the next event, or the sweep, tries again.
"""

import smtplib
import socket
from datetime import datetime, timedelta

import structlog
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from articles.models import Article, Event, Message
from articles.notify.mail import compose
from articles.notify.recipients import recipients

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 10
DELIVER_TASK = "articles.tasks.deliver_messages"
# The server cannot be reached, whoever the mail is for. (All of smtplib's errors are OSErrors: name them.)
UNREACHABLE = (
    ConnectionError,
    TimeoutError,
    socket.gaierror,
    smtplib.SMTPServerDisconnected,
    smtplib.SMTPConnectError,
)
# What a mail of an article needs of it is its question.
_NOT_TOLD = ("summary", "body", "plain_body", "references", "competing_interests", "ai_use")


def enqueue(event: Event, article: Article) -> None:
    """Write one message for each person the event concerns, and wake the sender once committed."""
    messages = [
        Message(event=event, recipient=person, kind=kind, created_at=event.at, not_before=event.at)
        for person, kind in recipients(event, article)
    ]
    if messages:
        Message.objects.bulk_create(messages)
        transaction.on_commit(wake, robust=True)


def wake() -> None:
    """Ask a worker to send. A broker that is down costs a log line; the sweep sends what waits."""
    try:
        current_app.tasks[DELIVER_TASK].apply_async(retry=False, ignore_result=True)
    except Exception:
        log.warning("outbox.not_woken", exc_info=True)


def deliver(limit: int = 100) -> int:
    """Send what is due, at most `limit` messages; return how many were sent. Safe in any number of copies."""
    sent = 0
    for _ in range(limit):
        message = _claim(timezone.now())
        if message is None:
            break
        try:
            sent += _send(message)
        except UNREACHABLE:
            # Each of the others would wait for the same silence. The sweep asks again in a minute.
            break
    return sent


def _claim(now: datetime) -> Message | None:
    """Take one due message for ourselves. The lease grows with every attempt, so failures back off."""
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(
                of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
            )
            .filter(
                sent_at__isnull=True,
                not_before__lte=now,
                attempts__lt=MAX_ATTEMPTS,
                # An account may have been closed since; what it would be told is not public.
                recipient__is_active=True,
            )
            .select_related("event__article", "recipient")
            .defer(*(f"event__article__{name}" for name in _NOT_TOLD))
            .order_by("created_at", "pk")
            .first()
        )
        if message is not None:
            message.attempts += 1
            message.not_before = now + timedelta(minutes=2**message.attempts)
            message.save(update_fields=["attempts", "not_before"])
    return message


def _send(message: Message) -> bool:
    """Send one message. What goes wrong is kept with it; raises only when no other could go either."""
    try:
        compose(message).send()
    except Exception as error:  # Whatever a mail server can think of must not stop the messages behind it.
        message.error = f"{type(error).__name__}: {error}"[:500]
        message.save(update_fields=["error"])
        log.warning("outbox.not_sent", message=message.pk, attempts=message.attempts, exc_info=True)
        if isinstance(error, UNREACHABLE):
            raise
        return False
    message.sent_at = timezone.now()
    message.error = ""
    message.save(update_fields=["sent_at", "error"])
    return True
