"""What happened: append-only, hash-chained per article; and the messages it makes."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from articles.states import EventKind


class Event(models.Model):
    """One line of what happened: who, what, when, to which version. Never changed, never deleted."""

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=24, choices=EventKind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    version = models.PositiveIntegerField()
    round = models.PositiveIntegerField(null=True, help_text="Number of the round it belongs to.")
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["article", "sequence"]
        constraints = [models.UniqueConstraint(fields=["article", "sequence"], name="event_sequence_unique")]
        indexes = [models.Index(fields=["-at", "-id"], name="event_latest")]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.get_kind_display()}"

    def compute_hash(self) -> str:
        """SHA-256 (hex) over every field and the hash before it: one altered line breaks all that follow."""
        names = [field.attname for field in self._meta.concrete_fields if field.attname not in {"id", "hash"}]
        canonical = json.dumps(
            {name: getattr(self, name) for name in names},
            cls=DjangoJSONEncoder,
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        )
        return hashlib.sha256(canonical.encode()).hexdigest()


def append_event(article_id: int, **fields: Any) -> Event:
    """Add the next event of an article. The caller holds the article's row lock: the chain has no forks."""
    last = Event.objects.filter(article_id=article_id).order_by("-sequence").first()
    event = Event(
        article_id=article_id,
        sequence=last.sequence + 1 if last else 1,
        previous_hash=last.hash if last else "",
        **fields,
    )
    event.hash = event.compute_hash()
    event.save(force_insert=True)
    return event


def broken_links(events: Iterable[Event]) -> list[str]:
    """What does not hold in chains of events ordered by (article, sequence). Empty when all is as written."""
    problems = []
    article, sequence, previous = None, 0, ""
    for event in events:
        if event.article_id != article:
            article, sequence, previous = event.article_id, 0, ""
        where = f"article {article}, event {event.sequence}"
        if event.sequence != sequence + 1:
            problems.append(f"{where}: event {sequence + 1} is missing")
        elif event.previous_hash != previous:
            problems.append(f"{where}: does not follow the event before it")
        if event.hash != event.compute_hash():
            problems.append(f"{where}: was altered after it was written")
        sequence, previous = event.sequence, event.hash
    return problems


class Message(models.Model):
    """One event told to one person: a line in their inbox, and a mail. Once each, never twice."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="messages")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="inbox")
    kind = models.CharField(max_length=40, help_text="Which mail template tells it.")
    created_at = models.DateTimeField()
    # Both a lease and a back-off: whoever sends it moves this on, so nobody else tries meanwhile.
    not_before = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["event", "recipient"], name="told_once")]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="message_inbox"),
            models.Index(
                fields=["created_at"], condition=models.Q(sent_at__isnull=True), name="message_unsent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"
