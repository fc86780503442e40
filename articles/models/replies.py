"""What readers read under an article: the board's answers to their questions, frozen as approved."""

from django.db import models
from django.db.models import Q

from articles.states import PublicationStatus

# Everything else in the row is content, guarded by triggers.
MUTABLE_FIELDS = frozenset({"status", "ended_at"})


class PublishedReplyQuerySet(models.QuerySet["PublishedReply"]):
    def live(self) -> "PublishedReplyQuerySet":
        return self.filter(status=PublicationStatus.LIVE)


class PublishedReply(models.Model):
    """One approved answer. The next approval of the same answer supersedes it; editors may withdraw it."""

    reply = models.ForeignKey("articles.Reply", on_delete=models.PROTECT, related_name="published")
    article = models.ForeignKey(
        "articles.Article", on_delete=models.PROTECT, related_name="published_replies"
    )
    number = models.PositiveIntegerField(help_text="1, 2, 3… per reply.")
    publication_number = models.PositiveIntegerField(help_text="The publication whose references it cites.")
    digest = models.CharField(max_length=64)
    question = models.CharField(max_length=300)
    rendering = models.JSONField(help_text="Rendered.as_json(), with ids of its own.")
    writer_name = models.CharField(max_length=120)
    writer_credentials = models.CharField(max_length=80)
    writer_slug = models.SlugField()
    approver_name = models.CharField(max_length=120)
    approver_credentials = models.CharField(max_length=80)
    approver_slug = models.SlugField()
    approved_at = models.DateTimeField()
    meaning = models.CharField(max_length=200, help_text="What the approval says, in the words signed.")
    method = models.CharField(max_length=20, help_text="How it was signed.")
    status = models.CharField(max_length=12, choices=PublicationStatus, default=PublicationStatus.LIVE)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PublishedReplyQuerySet.as_manager()

    class Meta:
        ordering = ["approved_at", "pk"]
        verbose_name_plural = "published replies"
        constraints = [
            models.UniqueConstraint(fields=["reply", "number"], name="published_reply_number_unique"),
            models.UniqueConstraint(fields=["reply"], condition=Q(status="live"), name="one_live_reply"),
        ]
        indexes = [models.Index(fields=["article", "status"], name="published_reply_of_article")]

    def __str__(self) -> str:
        return f"{self.question} ({self.number})"

    @property
    def anchor(self) -> str:
        """Its place on the article's page: the same for every approval of the same answer."""
        return anchor_of(self.reply_id)


def anchor_of(reply_id: int) -> str:
    return f"reply-{reply_id}"
