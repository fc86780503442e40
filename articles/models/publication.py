"""What readers read: frozen renderings of approved versions, and the addresses they live at."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.content.document import Document
from articles.content.frozen import thaw
from articles.states import Level, PublicationStatus

# Columns that came after the first seals. A row where they say nothing is sealed as it always was.
LATER_FIELDS = frozenset({"is_demo", "source_id", "changes"})
# Everything else in the row is content: sealed at approval and guarded by triggers.
MUTABLE_FIELDS = frozenset({"reviewed_at", "next_review_due", "status", "ended_at", "notice"})


class Image(models.Model):
    """The bytes of an image that some publication shows or showed; kept once, and never changed."""

    # Made of its bytes and its size: see articles.content.figures.
    name = models.CharField(max_length=48, unique=True)
    data = models.BinaryField()

    def __str__(self) -> str:
        return self.name


class PublicationQuerySet(models.QuerySet["Publication"]):
    def live(self) -> "PublicationQuerySet":
        return self.filter(status=PublicationStatus.LIVE)


class Publication(models.Model):
    """The frozen, self-contained public rendering of one approved version."""

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, help_text="SHA-256 over everything frozen in this row.")
    question = models.CharField(max_length=300)
    summary = models.TextField()
    topic_name = models.CharField(max_length=100, blank=True)
    topic_slug = models.SlugField(blank=True)
    clinical = models.JSONField(help_text="Rendered.as_json() of the clinical text.")
    plain = models.JSONField(null=True, help_text="The same of the plain-language text, where there is one.")
    references = models.JSONField(default=list)
    approvers = models.JSONField(help_text="Name, credentials, affiliation, specialties and date of each.")
    # Derived from `approvers`, which stays the record: finds a member's articles by index on both engines.
    approved_by = models.ManyToManyField("articles.BoardMember", related_name="publications")
    # Derived from the renderings, which name each by the digest of its bytes: the seal covers them too.
    images = models.ManyToManyField(Image, related_name="publications")
    authors = models.JSONField(help_text="Names as they were.")
    competing_interests = models.TextField(blank=True)
    ai_use = models.TextField(blank=True)
    evidence_searched_to = models.DateField(null=True)
    published_at = models.DateTimeField()
    is_demo = models.BooleanField(
        default=False, help_text="Imported for demonstration; no board reviewed it."
    )
    source_id = models.CharField(
        max_length=100, blank=True, help_text="What an imported text was called there."
    )
    changes = models.JSONField(
        null=True, editable=False, help_text="What is new since the publication before, in numbers."
    )

    reviewed_at = models.DateTimeField()
    next_review_due = models.DateField(null=True)
    status = models.CharField(max_length=12, choices=PublicationStatus, default=PublicationStatus.LIVE)
    ended_at = models.DateTimeField(null=True, blank=True)
    notice = models.TextField(blank=True, help_text="The public notice of a retired article.")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="publication_number_unique"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(status="live"), name="one_live_publication"
            ),
            models.UniqueConstraint(fields=["source_id"], condition=~Q(source_id=""), name="imported_once"),
        ]
        indexes = [
            models.Index(fields=["status", "-published_at", "-id"], name="publication_latest"),
            models.Index(
                fields=["next_review_due", "article"],
                condition=Q(status="live"),
                name="publication_due_again",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} ({self.number})"

    @property
    def is_live(self) -> bool:
        return self.status == PublicationStatus.LIVE

    @property
    def is_review_overdue(self) -> bool:
        """Whether readers read it past the day by which the board meant to look at it again."""
        due = self.next_review_due
        return self.is_live and due is not None and due < timezone.localdate()

    def rendering(self, level: str) -> dict[str, Any] | None:
        """The frozen rendering of a reading level: html, contents, references, statements."""
        rendered: dict[str, Any] | None = self.plain if level == Level.PLAIN else self.clinical
        return rendered

    def document(self) -> Document:
        """What was approved, as a text to compare. Needs both texts and the references; linear in them."""
        return thaw(
            question=self.question,
            summary=self.summary,
            clinical=self.clinical,
            plain=self.plain,
            references=self.references,
            competing_interests=self.competing_interests,
            ai_use=self.ai_use,
            evidence_searched_to=self.evidence_searched_to,
        )

    def content(self) -> dict[str, Any]:
        """Every frozen field but the key and the seal, as JSON values."""
        names = [
            field.attname
            for field in self._meta.concrete_fields
            if field.attname not in MUTABLE_FIELDS | {"id", "seal"}
        ]
        return {name: value for name in names if (value := getattr(self, name)) or name not in LATER_FIELDS}

    def compute_seal(self) -> str:
        """SHA-256 (hex) over the canonical JSON of the content; compare with `seal` to verify the row."""
        canonical = json.dumps(
            self.content(), cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return hashlib.sha256(canonical.encode()).hexdigest()


class Address(models.Model):
    """A public address. Addresses are never taken away: an old one leads on to where the article went."""

    slug = models.SlugField(max_length=120, unique=True)
    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="addresses")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="addresses")
    moved_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="moved_from"
    )

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(moved_to__isnull=True), name="one_current_address"
            )
        ]

    def __str__(self) -> str:
        return self.slug
