"""The Medical Advisory Board and the editorial policy: what readers may know of how we work."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords


class BoardMemberQuerySet(models.QuerySet["BoardMember"]):
    def serving(self, on: date | None = None) -> "BoardMemberQuerySet":
        """Members whose term covers the day."""
        day = on or timezone.localdate()
        return self.filter(Q(term_to__isnull=True) | Q(term_to__gte=day), term_from__lte=day)


class BoardMember(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="board_profile"
    )
    name = models.CharField("name as shown", max_length=120)
    slug = models.SlugField(unique=True, help_text="The last part of the profile's address.")
    credentials = models.CharField(max_length=80, help_text="As signed, for example MD, PhD.")
    specialties = models.CharField(max_length=200, blank=True, help_text="Separated by commas.")
    affiliation = models.CharField(max_length=200, blank=True)
    biography = models.TextField(blank=True)
    disclosures = models.TextField(
        blank=True, help_text="Interests that could bear on a review, as the member states them. Public."
    )
    term_from = models.DateField()
    term_to = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    objects = BoardMemberQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}"

    @property
    def is_active(self) -> bool:
        today = timezone.localdate()
        return self.term_from <= today and (self.term_to is None or today <= self.term_to)

    @property
    def specialty_list(self) -> list[str]:
        return [part.strip() for part in self.specialties.split(",") if part.strip()]

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class EditorialPolicy(models.Model):
    """The policy's prose; the rules the code enforces are shown beside it, from the settings in force."""

    body = models.TextField()
    updated_at = models.DateTimeField()
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "editorial policy"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_policy")]

    def __str__(self) -> str:
        return "Editorial policy"
