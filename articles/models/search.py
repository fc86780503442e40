"""The search index: made from live publications alone, and made anew by `manage.py rebuild_search`.

Nothing here is a record of its own. The rows of a publication come with its approval and go with it, in the
same transaction; articles.indexing is the one writer.
"""

from django.db import models

from articles.states import Level


class SearchIndex(models.Model):
    """How much is indexed. Whoever changes the index holds this one row locked: changes go one by one."""

    articles = models.PositiveIntegerField(default=0)
    revision = models.PositiveBigIntegerField(default=0, help_text="Moves on with every change.")

    class Meta:
        verbose_name_plural = "search index"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_search_index")]

    def __str__(self) -> str:
        return f"Search index over {self.articles} articles"


class IndexedArticle(models.Model):
    """One live publication as the search knows it."""

    publication = models.OneToOneField(
        "articles.Publication", on_delete=models.PROTECT, primary_key=True, related_name="indexed"
    )
    topic_slug = models.SlugField(blank=True)
    has_plain = models.BooleanField()
    # Per reading level the statements in their order, as [words, section number].
    clinical = models.JSONField()
    plain = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"Publication {self.publication_id} in the search"


class Passage(models.Model):
    """One statement of a live publication, with the references it cites."""

    publication = models.ForeignKey("articles.Publication", on_delete=models.PROTECT, related_name="passages")
    level = models.CharField(max_length=10, choices=[(level.value, level.value) for level in Level])
    position = models.PositiveIntegerField(help_text="Place among the statements of its level, from 0.")
    section = models.CharField(max_length=80, blank=True, help_text="Anchor of the heading it stands under.")
    section_title = models.TextField(blank=True)
    anchor = models.CharField(max_length=40)
    text = models.TextField()
    citations = models.JSONField(default=list, help_text="Number and text of each reference.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "level", "position"], name="passage_position_unique"
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Term(models.Model):
    """A stem that live publications use, and how many of them do: the rarer, the more it tells."""

    text = models.CharField(max_length=64, unique=True)
    articles = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.text


class Posting(models.Model):
    """Where a term stands in a publication, and how much of it is about the term."""

    # Made and deleted with the publication's index, so that checking a million rows would buy nothing.
    term = models.ForeignKey(
        Term, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    publication = models.ForeignKey(
        "articles.Publication", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    in_question = models.BooleanField()
    weight = models.FloatField(help_text="Question, headings and text together; times rarity is the score.")
    # Places as "statements/sections", numbers parted by spaces: "3 17/2".
    clinical = models.TextField(blank=True)
    plain = models.TextField(blank=True)

    class Meta:
        # Ends in what the ranking sums, so that it reads the index alone.
        indexes = [models.Index(fields=["term", "publication", "weight"], name="posting_term")]

    def __str__(self) -> str:
        return f"Term {self.term_id} in publication {self.publication_id}"


class IndexedTopic(models.Model):
    """A topic that has live articles, as readers see it."""

    slug = models.SlugField(primary_key=True)
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True)
    terms = models.JSONField(default=list, help_text="Other names that readers use.")
    articles = models.PositiveIntegerField()
    latest_at = models.DateTimeField(help_text="When its newest article was approved.")

    class Meta:
        ordering = ["name", "slug"]
        indexes = [models.Index(fields=["-articles", "name"], name="indexed_topic_largest")]

    def __str__(self) -> str:
        return self.name


class TopicName(models.Model):
    """One name of a topic: as it is listed, and as a reader's question is compared with it."""

    topic = models.ForeignKey(IndexedTopic, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=100)
    folded = models.CharField(max_length=100, help_text="For the order: small letters, no accents.")
    letter = models.CharField(max_length=1, help_text="Where it stands in the A to Z; # for a digit.")
    # Without spaces between them: "MEN 1", "MEN-1" and "MEN1" are one name.
    stems = models.CharField(max_length=200, db_index=True)
    is_main = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["letter", "folded"], name="topic_name_a_to_z")]

    def __str__(self) -> str:
        return self.name
