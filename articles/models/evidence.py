"""Work on single statements: evidence sign-offs, threads, suggested wordings. All hang on the digest."""

from django.conf import settings
from django.db import models

from articles.content.document import Level
from articles.states import SuggestionStatus, Support


class SignOff(models.Model):
    """A member's verdict on one statement of an article. Append-only: of a member's own the latest counts.

    It hangs on the statement's digest, which covers its words and what it cites. So it stands in every
    version that has the statement, wherever it moved, and in none in which one word of it differs.
    """

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="sign_offs")
    digest = models.CharField(max_length=64, help_text="Of the statement.")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sign_offs")
    # Empty where the member took an earlier verdict back.
    support = models.CharField(max_length=16, choices=Support, blank=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(help_text="Number of the version it was read in.")
    round = models.PositiveIntegerField(help_text="Number of the round it was given in.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["article", "pk"]
        indexes = [
            models.Index(fields=["article", "digest", "member", "-id"], name="sign_off_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_support_display() or 'taken back'}"

    @property
    def is_doubt(self) -> bool:
        """Whether the member could not say that the sources bear it out."""
        return self.support in {Support.UNCLEAR, Support.NOT_SUPPORTED}


class Thread(models.Model):
    """A conversation about one statement, in the words it had when the thread began."""

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="threads")
    round = models.PositiveIntegerField(help_text="Number of the round it was opened in.")
    version = models.PositiveIntegerField()
    level = models.CharField(max_length=10, choices=[(level.value, level.value) for level in Level])
    digest = models.CharField(max_length=64, help_text="Of the statement.")
    quote = models.TextField(help_text="The statement's words at the time.")
    section = models.CharField(max_length=300, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="threads")
    opened_at = models.DateTimeField()
    is_must_fix = models.BooleanField("must fix", default=False)
    # Said by an author: answered for, from our side. Only who reviews can resolve.
    done_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["article", "pk"]
        indexes = [models.Index(fields=["article", "resolved_at", "id"], name="thread_open")]

    def __str__(self) -> str:
        return self.quote[:80]

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None


class Comment(models.Model):
    """One thing said in a thread. Append-only."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    quote = models.TextField(blank=True, help_text="Words of the statement or of a comment it answers.")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["thread", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class Suggestion(models.Model):
    """A replacement for the statement of a thread, in its reviewer's words."""

    thread = models.OneToOneField(Thread, on_delete=models.PROTECT, related_name="suggestion")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    html = models.TextField(help_text="Canonical inner HTML, as a statement's own.")
    status = models.CharField(max_length=10, choices=SuggestionStatus, default=SuggestionStatus.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(null=True, help_text="The version that took it up.")

    class Meta:
        ordering = ["thread"]

    def __str__(self) -> str:
        return f"{self.by}: {self.get_status_display()}"
