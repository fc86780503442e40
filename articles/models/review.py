"""Review: rounds, who reviews in them, signed decisions, declared conflicts."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.states import RoundKind, RoundOutcome, Verdict


class Round(models.Model):
    """One pass of review over one version. What it is about never changes after it opened."""

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=14, choices=RoundKind, default=RoundKind.REVIEW)
    policy = models.JSONField(default=dict, help_text="ReviewPolicy.as_json() when the round began.")
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

    @property
    def is_reaffirmation(self) -> bool:
        return self.kind == RoundKind.REAFFIRMATION

    @property
    def quorum(self) -> int:
        """How many members must approve."""
        return int(self.policy["quorum"])

    @property
    def specialties(self) -> dict[str, int]:
        """How many of those who approve must have a specialty."""
        wanted: dict[str, Any] = self.policy.get("specialties", {})
        return {name: int(count) for name, count in wanted.items()}

    @property
    def needs_sign_off(self) -> bool:
        """Whether every statement that cites must be signed off."""
        return bool(self.policy.get("sign_off")) and not self.is_reaffirmation

    @property
    def is_independent(self) -> bool:
        """Whether members see each other's work only once their own decision is in."""
        return bool(self.policy.get("independent"))


class Assignment(models.Model):
    """A member reviewing in a round: claimed by the member, or assigned by an editor."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="assignments")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    # A claim is accepted as it is made; an invitation when the member says so or first acts on it.
    accepted_at = models.DateTimeField(null=True, blank=True)
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
    specialties = models.JSONField(default=list, help_text="The member's, as they were.")
    meaning = models.CharField(max_length=200, blank=True, help_text="What the signature says.")
    method = models.CharField(max_length=10, blank=True, help_text="How the signer proved who they are.")
    checklist = models.JSONField(default=list, help_text="The items confirmed, in words.")
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
