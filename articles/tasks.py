"""Celery tasks: thin wrappers, safe to run twice and in any number of copies."""

from celery import shared_task
from django.utils import timezone

from articles.models import Question
from articles.notify import answers, outbox


@shared_task
def deliver_messages() -> int:
    """Send what waits: messages of the outbox, and answers to readers."""
    return outbox.deliver() + answers.deliver()


@shared_task
def forget_expired_questions() -> int:
    """Delete readers' questions whose time of keeping is over; return how many."""
    deleted, _ = Question.objects.filter(expires_at__lte=timezone.now()).delete()
    return deleted
