"""Celery tasks: thin wrappers, safe to run twice and in any number of copies."""

from celery import shared_task
from django.utils import timezone

from articles.models import Follow, Question
from articles.notify import answers, letters, outbox


@shared_task
def deliver_messages() -> int:
    """Send what waits: messages of the outbox, answers to readers, letters to followers."""
    return outbox.deliver() + answers.deliver() + letters.deliver()


@shared_task
def forget_expired_questions() -> int:
    """Delete readers' questions whose time of keeping is over; return how many."""
    deleted, _ = Question.objects.filter(expires_at__lte=timezone.now()).delete()
    return deleted


@shared_task
def forget_unconfirmed_follows() -> int:
    """Delete addresses that nobody confirmed in time; return how many."""
    return (
        Follow.objects.filter(confirmed_at__isnull=True, confirm_by__lte=timezone.now())
        .delete()[1]
        .get(Follow._meta.label, 0)
    )
