"""Readers' questions: answered once by mail, and forgotten when their time is over."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from articles import tasks
from articles.models import Question, User
from articles.notify import answers
from tests import makers

pytestmark = pytest.mark.django_db


def question(author: User, **fields: Any) -> Question:
    now = timezone.now()
    publication = makers.article(author, "approved").publications.get()
    return Question.objects.create(
        publication=publication,
        **{
            "level": "clinical",
            "text": "Does it hold after surgery?",
            "created_at": now,
            "expires_at": now + timedelta(days=90),
        }
        | fields,
    )


def answered(author: User, **fields: Any) -> Question:
    now = timezone.now()
    return question(author, answer="Yes, see the second section.", answered_at=now, not_before=now, **fields)


def test_an_answer_goes_to_the_reader_once(ada: User) -> None:
    asked = answered(ada, email="reader@example.org")
    assert tasks.deliver_messages() >= 1
    assert answers.deliver() == 0
    sent = [each for each in mail.outbox if each.to == ["reader@example.org"]]
    assert len(sent) == 1
    asked.refresh_from_db()
    assert asked.sent_at is not None


def test_the_mail_repeats_the_question_and_leads_to_the_article(ada: User) -> None:
    answered(ada, email="reader@example.org", text="Is <b>this</b>\nsafe?")
    asked = Question.objects.select_related("publication").get()
    composed = answers.compose(asked)
    html = str(composed.alternatives[0][0])
    slug = asked.publication.addresses.get().slug
    for text in (composed.body, html):
        assert "Yes, see the second section." in text
        assert f"{settings.SITE_URL}/articles/{slug}/" in text
        assert "cannot replace the judgment" in text
    assert "Is <b>this</b>" in composed.body
    assert "Is &lt;b&gt;this&lt;/b&gt;<br>safe?" in html


def test_nothing_is_sent_to_a_reader_who_left_no_address_or_has_no_answer(ada: User) -> None:
    question(ada, email="reader@example.org")
    question(ada, answer="Answered in version 2.", answered_at=timezone.now())
    assert answers.deliver() == 0


def test_an_answer_that_cannot_be_sent_is_kept_and_tried_again(
    ada: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answered(ada, email="reader@example.org")
    settings.EMAIL_BACKEND = "tests.notify.test_outbox.Away"
    assert answers.deliver() == 0
    asked.refresh_from_db()
    assert (asked.sent_at, asked.attempts) == (None, 1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert answers.deliver() == 0, "not before its time"
    later = timezone.now() + timedelta(minutes=5)
    monkeypatch.setattr("articles.notify.answers.timezone.now", lambda: later)
    assert answers.deliver() == 1


def test_expired_questions_are_forgotten_and_the_others_kept(ada: User) -> None:
    now = timezone.now()
    kept = question(ada, email="reader@example.org", expires_at=now + timedelta(minutes=1))
    question(ada, email="gone@example.org", expires_at=now - timedelta(seconds=1))
    question(ada, answer="Yes.", answered_at=now, expires_at=now - timedelta(days=1))
    assert tasks.forget_expired_questions() == 2
    assert list(Question.objects.all()) == [kept]
    assert tasks.forget_expired_questions() == 0
