"""What several readers ask, as one question in the editors' words; and what the board writes to answer it.

Nothing here is a reader's: questions are forgotten when their time is over, and these rows outlive them.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from articles.content.document import Document, Level


class InquiryState(models.TextChoices):
    OPEN = "open", "Open"
    WITH_BOARD = "with_board", "With the board"
    WITH_AUTHOR = "with_author", "With an author"
    ANSWERED = "answered", "Answered"


class AnsweredWith(models.TextChoices):
    """What the askers were given."""

    WORDS = "words", "in the editors’ words"
    STATEMENTS = "statements", "with statements of approved articles"
    REPLY = "reply", "by the board, under the article"
    PUBLICATION = "publication", "with an approved article"


class Inquiry(models.Model):
    """One question that readers ask: opened by an editor from one of theirs, joined by others."""

    # Where the first of them came from.
    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="inquiries")
    publication = models.ForeignKey("articles.Publication", on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10)
    section = models.CharField(max_length=300, blank=True)
    title = models.CharField("question", max_length=300, help_text="In the editors’ words.")
    state = models.CharField(max_length=12, choices=InquiryState, default=InquiryState.OPEN)
    state_since = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    answered_with = models.CharField(max_length=12, choices=AnsweredWith, blank=True)
    # The article that is to answer it, and the version it had when it was asked to: only later ones can.
    carried_by = models.ForeignKey(
        "articles.Article", on_delete=models.PROTECT, null=True, blank=True, related_name="carried_inquiries"
    )
    carried_from = models.PositiveIntegerField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name_plural = "inquiries"
        indexes = [models.Index(fields=["state", "-opened_at"], name="inquiry_by_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_answered(self) -> bool:
        return self.state == InquiryState.ANSWERED


class Reply(models.Model):
    """The working copy of the board's answer to an inquiry. Readers never see it, only its PublishedReply."""

    inquiry = models.OneToOneField(Inquiry, on_delete=models.PROTECT, related_name="reply")
    # Who writes it, who asked them (nobody asks one who takes it), and by when.
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="replies")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    since = models.DateTimeField()
    due = models.DateField(null=True, blank=True)
    question = models.CharField(max_length=300)
    body = models.TextField(blank=True, help_text="The HTML subset of articles, with citations.")
    handed_in_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name_plural = "replies"

    def __str__(self) -> str:
        return self.question

    def document(self, references: Sequence[dict[str, Any]]) -> Document:
        """Question and answer as a text of its own. It lists those of the article's references it cites."""
        whole = Document(self.question, "", self.body, "", tuple(references))
        cited = {key for block in whole.blocks(Level.CLINICAL) for key in block.refs}
        return Document(
            self.question, "", self.body, "", tuple(each for each in references if each.get("id") in cited)
        )
