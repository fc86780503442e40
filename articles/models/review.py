"""Review: rounds, who reviews in them, signed decisions, declared conflicts."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.states import RoundOutcome, Verdict


class Round(models.Model):
    """One pass of review over one version. What it is about never changes after it opened."""

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    quorum = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=RoundOutcome, default=RoundOutcome.OPEN, blank=True)

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="round_number_unique"),
            # Two open rounds would mean two quorums over two texts.
            models.UniqueConstraint(
                fields=["article"], condition=Q(closed_at__isnull=True), name="one_open_round"
            ),
        ]

    def __str__(self) -> str:
        return f"Round {self.number} over version {self.version}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Assignment(models.Model):
    """A member reviewing in a round: claimed by the member, or assigned by an editor."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="assignments")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "member"], name="assigned_once_a_round")]
        indexes = [models.Index(fields=["member", "ended_at", "round"], name="assignment_member")]

    def __str__(self) -> str:
        return f"{self.member} in {self.round}"


class Decision(models.Model):
    """A signed verdict: by whom, as which person, over exactly which text. Never changed, never deleted."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="decisions")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=20, choices=Verdict)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    credentials = models.CharField(max_length=80)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at", "pk"]
        # The database, too, knows that a double click is one decision.
        constraints = [models.UniqueConstraint(fields=["round", "member"], name="one_decision_a_round")]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_verdict_display()}"


class Conflict(models.Model):
    """A member's declared conflict of interest with one article. It stands for good."""

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="conflicts")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts")
    reason = models.TextField()
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "member"], name="one_conflict_each")]

    def __str__(self) -> str:
        return f"{self.member}: {self.reason}"
