"""The working copy of an article, and its versions (django-simple-history rows)."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from articles.content.document import Declarations, Document
from articles.states import EDITABLE_STATES, State


class Topic(models.Model):
    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(unique=True)
    description = models.TextField(blank=True)
    terms = models.JSONField(
        default=list,
        blank=True,
        help_text="Other names that readers search by, for example NET and carcinoid.",
    )
    specialties = models.JSONField(
        default=list, blank=True, help_text="Specialties whose members are suggested first as reviewers."
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Text(models.Model):
    """What an article and each of its versions have in common: a document."""

    class Meta:
        abstract = True

    def document(self) -> Document:
        """The text as the pure content package knows it. Cost: none until something is asked of it."""
        text: Any = self
        return Document(
            question=text.question,
            summary=text.summary,
            body=text.body,
            plain_body=text.plain_body,
            references=tuple(text.references),
            declarations=Declarations(
                competing_interests=text.competing_interests,
                ai_use=text.ai_use,
                evidence_searched_to=text.evidence_searched_to,
            ),
        )


# The columns that are the text. What is frozen under review, compared, restored and digested is these.
TEXT_FIELDS = (
    "question",
    "summary",
    "body",
    "plain_body",
    "references",
    "competing_interests",
    "ai_use",
    "evidence_searched_to",
)
# Where an article stands and whose it is changes without making a version.
BOOKKEEPING_FIELDS = ("author", "state", "state_since", "created_at")


class Article(Text):
    """The working copy. `state` is written by articles.workflow alone; text through its save action."""

    question = models.CharField("clinical question", max_length=300)
    summary = models.TextField(blank=True)
    body = models.TextField("clinical text", blank=True)
    plain_body = models.TextField("plain-language text", blank=True)
    references = models.JSONField(default=list, blank=True)
    competing_interests = models.TextField(blank=True)
    ai_use = models.TextField("use of AI", blank=True)
    evidence_searched_to = models.DateField(null=True, blank=True)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True, blank=True, related_name="articles")
    version = models.PositiveIntegerField(default=0, help_text="Number of the newest saved version.")
    digest = models.CharField(max_length=64, blank=True)

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="articles")
    coauthors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="coauthored_articles"
    )
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    state_since = models.DateTimeField()
    created_at = models.DateTimeField()

    history = HistoricalRecords(
        bases=[Text],
        excluded_fields=list(BOOKKEEPING_FIELDS),
        history_change_reason_field=models.CharField(max_length=500, null=True),
    )

    class Meta:
        ordering = ["-state_since", "-pk"]
        indexes = [
            models.Index(fields=["state", "-state_since", "-id"], name="article_state_since"),
            models.Index(fields=["author", "-state_since", "-id"], name="article_author_since"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="article_state_is_known")
        ]

    def __str__(self) -> str:
        return self.question

    def save_as_version(self, *, by: Any, at: datetime, note: str) -> None:
        """Save, and keep what was saved as a version: whose, when, and why (at most 500 characters)."""
        self._history_user = by
        self._history_date = at
        self._change_reason = note[:500]
        self.save()

    def save_bookkeeping(self, *fields: str) -> None:
        """Save where the article stands. That is no version."""
        self.save_without_historical_record(update_fields=fields)  # type: ignore[attr-defined]

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE_STATES

    @property
    def has_plain_text(self) -> bool:
        return bool(self.plain_body.strip())


Version = Article.history.model
