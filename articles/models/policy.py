"""The rules of review: one policy per topic with a default, the checklist, members' declared interests."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from simple_history.models import HistoricalRecords

from articles.models.article import Topic
from articles.states import Verdict


class ReviewPolicy(models.Model):
    """What a review of a topic's articles takes. The row without a topic is the default.

    A round keeps a copy of the policy it began with (Round.policy): a change is for the rounds to come.
    """

    topic = models.OneToOneField(
        Topic, on_delete=models.CASCADE, null=True, blank=True, related_name="review_policy"
    )
    quorum = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text="How many board members must approve.",
    )
    # {"Pharmacy": 1, "Oncology": 2}: how many of the approving members must have the specialty.
    specialties = models.JSONField(default=dict, blank=True)
    sign_off = models.BooleanField(
        "sign off every statement",
        default=False,
        help_text="Every statement must be signed off as supported before an approval.",
    )
    independent = models.BooleanField(
        "independent reviews",
        default=False,
        help_text="Members see each other's decisions, threads and sign-offs only once they have decided.",
    )
    days_to_review = models.PositiveSmallIntegerField(
        default=21, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    months_to_next_review = models.PositiveSmallIntegerField(
        default=12, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "review policies"
        ordering = [F("topic__name").asc(nulls_first=True)]
        constraints = [
            # NULLs differ from each other in a unique column: without this there could be two defaults.
            models.UniqueConstraint(Coalesce(F("topic"), Value(0)), name="one_default_policy"),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="quorum_is_one_or_more"),
        ]

    def __str__(self) -> str:
        return f"Review policy: {self.topic or 'default'}"

    def as_json(self) -> dict[str, Any]:
        """What a round keeps of it."""
        return {
            "quorum": self.quorum,
            "specialties": self.specialties,
            "sign_off": self.sign_off,
            "independent": self.independent,
            "days_to_review": self.days_to_review,
            "months_to_next_review": self.months_to_next_review,
        }

    def in_words(self) -> list[str]:
        """What it asks for, a rule to a line: ["2 board members must approve", "1 of them from Pharmacy"]."""
        rules = [f"{_count(self.quorum, 'board member')} must approve"]
        rules += [f"{count} of them from {name}" for name, count in sorted(self.specialties.items())]
        if self.sign_off:
            rules.append("every statement signed off as supported")
        if self.independent:
            rules.append("members review independently of each other")
        rules.append(f"{_count(self.days_to_review, 'day')} to review")
        rules.append(f"next review after {_count(self.months_to_next_review, 'month')}")
        return rules


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"


def policy_for(topic_id: int | None) -> ReviewPolicy:
    """The policy in force for a topic: its own, else the default. One query."""
    found = ReviewPolicy.objects.filter(Q(topic=topic_id) | Q(topic__isnull=True)).order_by(
        F("topic").asc(nulls_last=True)
    )
    return found.first() or ReviewPolicy()


class ChecklistItem(models.Model):
    """One thing a member confirms with a decision. Retired ones stay on what they were ticked for."""

    verdict = models.CharField(
        max_length=20, choices=[(v.value, v.label) for v in (Verdict.APPROVE, Verdict.REQUEST_CHANGES)]
    )
    text = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField("in use", default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["verdict", "position", "pk"]

    def __str__(self) -> str:
        return self.text


class InterestKind(models.TextChoices):
    COMPANY = "company", "Company"
    DRUG = "drug", "Drug or device"
    PERSON = "person", "Person"


class InterestQuerySet(models.QuerySet["Interest"]):
    def running(self, on: date) -> "InterestQuerySet":
        """Interests that hold on a day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)


class Interest(models.Model):
    """An interest a board member declares: kept with its history, matched against texts and authors."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interests")
    kind = models.CharField(max_length=10, choices=InterestKind)
    name = models.CharField(max_length=120)
    since = models.DateField("from")
    until = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = ["member", "-since", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="interest_ends_after_begin",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"
