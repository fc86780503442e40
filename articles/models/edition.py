"""Publications that other machines could not be told of."""

from django.db import models


class Unannounced(models.Model):
    """A transaction that changed public pages while Redis was out of reach. See articles.edition.shared."""

    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "unannounced publications"

    def __str__(self) -> str:
        return self.at.isoformat()
