"""Difficult words: what editors write of them, and what the board approved for readers."""

import hashlib
import json

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords


class GlossaryEntry(models.Model):
    """The working copy of a word and its meaning. Readers never see it, only its Explanation."""

    term = models.CharField("word", max_length=80, unique=True)
    forms = models.JSONField(
        "other forms", default=list, blank=True, help_text="Plurals, abbreviations, synonyms."
    )
    meaning = models.TextField(max_length=500)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    history = HistoricalRecords()

    class Meta:
        ordering = ["term"]
        verbose_name_plural = "glossary entries"

    def __str__(self) -> str:
        return self.term

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over what a board member approves."""
        return hashlib.sha256(json.dumps([self.term, self.forms, self.meaning]).encode()).hexdigest()


class Explanation(models.Model):
    """What readers are told of a word, as the board approved it. Replaced by the next approval."""

    entry = models.OneToOneField(GlossaryEntry, on_delete=models.PROTECT, related_name="explanation")
    key = models.SlugField(max_length=80, unique=True)
    term = models.CharField(max_length=80)
    forms = models.JSONField(default=list)
    meaning = models.TextField()
    digest = models.CharField(max_length=64)
    approver_name = models.CharField(max_length=120)
    approver_credentials = models.CharField(max_length=80)
    approver_slug = models.SlugField()
    approved_at = models.DateTimeField()
    history = HistoricalRecords()

    class Meta:
        ordering = ["term"]

    def __str__(self) -> str:
        return self.term
