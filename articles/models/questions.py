"""Readers' follow-up questions and reports of what is wrong: kept for a stated time, then forgotten."""

from django.conf import settings
from django.db import models


class QuestionKind(models.TextChoices):
    """What a reader writes about. All but the first are reports that something is wrong on the page."""

    QUESTION = "question", "Question"
    ERROR = "error", "Something is wrong"
    OUTDATED = "outdated", "Out of date"
    UNCLEAR = "unclear", "Hard to understand"
    LINK = "link", "A link does not work"


class Question(models.Model):
    kind = models.CharField(max_length=10, choices=QuestionKind, default=QuestionKind.QUESTION)
    publication = models.ForeignKey(
        "articles.Publication", on_delete=models.PROTECT, related_name="questions"
    )
    level = models.CharField(max_length=10)
    section = models.CharField(max_length=300, blank=True, help_text="The heading it is about, as it read.")
    text = models.TextField(max_length=1000)
    email = models.EmailField(blank=True, help_text="Only when the reader wants an answer.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    # Questions that ask the same, under one title.
    inquiry = models.ForeignKey(
        "articles.Inquiry", on_delete=models.PROTECT, null=True, blank=True, related_name="questions"
    )
    answer = models.TextField(blank=True, help_text="Sent to the reader, or a note on how it was handled.")
    quotes = models.JSONField(default=list, help_text="Statements sent with it, as they were approved.")
    # Where the answer stands, when it is an article's text or stands under one.
    answered_in = models.ForeignKey(
        "articles.Article", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    anchor = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The answer's way to the reader, as for a Message: a lease and back-off, tries, and when it went out.
    not_before = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["answered_at"],
                condition=models.Q(not_before__isnull=False, sent_at__isnull=True),
                name="answer_unsent",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_report(self) -> bool:
        """Whether the reader says that something is wrong, and does not ask."""
        return self.kind != QuestionKind.QUESTION
