"""Readers who follow an article or a topic by e-mail, without an account, and the letters that go to them."""

from datetime import timedelta

from django.core import signing
from django.db import models
from django.db.models import Q

_SALT = "articles.follow."


class FollowQuerySet(models.QuerySet["Follow"]):
    def confirmed(self) -> "FollowQuerySet":
        return self.filter(confirmed_at__isnull=False)

    def named_by(self, token: str, purpose: str, *, max_age: timedelta | None = None) -> "Follow | None":
        """The follow that a link was made for; None when it is forged, too old, or about one that is gone."""
        try:
            pk = signing.loads(token, salt=_SALT + purpose, max_age=max_age)
        except signing.BadSignature:
            return None
        return self.filter(pk=pk).first()


class Follow(models.Model):
    """One mailbox that follows one article or one topic. It gets no news before it has confirmed that."""

    email = models.EmailField(help_text="In lower case: one mailbox is one follower.")
    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    topic_slug = models.SlugField(blank=True)
    created_at = models.DateTimeField()
    # Who did not confirm by then never asked, and is forgotten.
    confirm_by = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email", "article"], condition=Q(article__isnull=False), name="follows_article_once"
            ),
            models.UniqueConstraint(
                fields=["email", "topic_slug"], condition=Q(article__isnull=True), name="follows_topic_once"
            ),
            models.CheckConstraint(
                condition=Q(article__isnull=False, topic_slug="")
                | Q(article__isnull=True) & ~Q(topic_slug=""),
                name="follows_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["topic_slug"], name="follow_topic"),
            models.Index(
                fields=["confirm_by"], condition=Q(confirmed_at__isnull=True), name="follow_unconfirmed"
            ),
        ]

    def __str__(self) -> str:
        return f"a follower of {self.topic_slug or f'article {self.article_id}'}"

    def token(self, purpose: str) -> str:
        """What stands in a link that only this mailbox was sent. purpose: "confirm" or "stop"."""
        return signing.dumps(self.pk, salt=_SALT + purpose)


class LetterKind(models.TextChoices):
    CONFIRM = "confirm", "Asks to confirm"
    PUBLISHED = "published", "Tells of a new version"
    RETIRED = "retired", "Tells of a retirement"


class Letter(models.Model):
    """One mail to one follower. It goes with its follow: who stopped following gets nothing more."""

    follow = models.ForeignKey(Follow, on_delete=models.CASCADE, related_name="letters")
    email = models.EmailField()
    kind = models.CharField(max_length=10, choices=LetterKind)
    publication = models.ForeignKey(
        "articles.Publication", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    # As for a Message: a lease and back-off, tries, and when it went out.
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Whoever follows an article and its topic too hears of an event once.
            models.UniqueConstraint(
                fields=["email", "publication", "kind"],
                condition=Q(publication__isnull=False),
                name="letter_once",
            )
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(sent_at__isnull=True), name="letter_unsent")
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.follow}"
