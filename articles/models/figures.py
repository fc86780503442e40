"""Images for an article's figures, as authors added them: seen in the office, by nobody else."""

from django.conf import settings
from django.db import models

from articles.content.figures import size_of


class Figure(models.Model):
    """An image that an article may show. Its name is made of its bytes: kept or removed, not changed.

    The bytes lie in the database, so that every copy of the application has them, and a backup too. What
    readers get is a copy made at approval (articles.models.publication.Image).
    """

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="figures")
    name = models.CharField(max_length=48)
    data = models.BinaryField(help_text="WebP, without anything that the camera or its owner wrote into it.")
    size = models.PositiveIntegerField(help_text="Bytes of data.")
    alt = models.TextField(
        help_text="What it says to those who do not see it; a figure in the text has its own."
    )
    credit = models.CharField(max_length=300, help_text="Who made it and under what terms it is shown.")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["uploaded_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "name"], name="figure_once_per_article")]

    def __str__(self) -> str:
        return self.alt[:80]

    @property
    def width(self) -> int:
        return size_of(self.name)[0]

    @property
    def height(self) -> int:
        return size_of(self.name)[1]
