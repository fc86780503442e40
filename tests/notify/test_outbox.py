"""The outbox: written with the event, sent once, never lost, and never in anybody's way."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from articles import tasks, workflow
from articles.models import Message, User
from articles.notify import outbox
from articles.states import State
from tests import makers

BACKEND = f"{__name__}.{{}}"


class Picky(EmailBackend):
    """A server that takes mail for everyone but Ada."""

    def send_messages(self, messages: Any) -> int:
        if any("ada@example.org" in message.to for message in messages):
            raise ValueError("550 no such mailbox")
        return super().send_messages(messages)


class Away(EmailBackend):
    """A server that does not answer, and counts who tried."""

    tried = 0

    def send_messages(self, messages: Any) -> int:
        Away.tried += 1
        raise ConnectionRefusedError("nobody listens")


class Slow(EmailBackend):
    """A server that takes its time, so that two senders meet."""

    def send_messages(self, messages: Any) -> int:
        time.sleep(0.05)
        return super().send_messages(messages)


def a_day_later(monkeypatch: pytest.MonkeyPatch, hours: int = 24) -> None:
    later = timezone.now() + timedelta(hours=hours)
    monkeypatch.setattr("articles.notify.outbox.timezone.now", lambda: later)


@pytest.mark.django_db
def test_a_message_is_sent_once_and_remembered(
    ada: User, edith: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.article(ada, "submitted")
    assert outbox.deliver() == 1
    assert outbox.deliver() == 0
    message = Message.objects.get()
    assert (message.sent_at is not None, message.attempts, message.error) == (True, 1, "")
    a_day_later(monkeypatch)
    assert outbox.deliver() == 0, "not when its lease is over either"
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_step_that_fails_writes_no_message(ada: User, edith: User) -> None:
    article = makers.article(ada)
    with pytest.raises(workflow.NotAllowed):
        workflow.submit(article.pk, version=article.version, actor=edith)

    def submit_and_fail() -> None:
        with transaction.atomic():
            workflow.submit(article.pk, version=article.version, actor=ada)
            raise RuntimeError("the rest of the request went wrong")

    with pytest.raises(RuntimeError):
        submit_and_fail()
    assert Message.objects.count() == 0


@pytest.mark.django_db
def test_what_one_address_refuses_is_kept_with_its_error_and_the_others_are_sent(
    ada: User, ravi: User, edith: User, settings: Any
) -> None:
    settings.EMAIL_BACKEND = BACKEND.format("Picky")
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.decline(article.pk, version=article.version, actor=edith, note="Outside our field.")
    assert outbox.deliver() == 2  # Edith of the submission, Ravi of the decline
    refused = Message.objects.get(recipient=ada)
    assert refused.sent_at is None
    assert refused.error == "ValueError: 550 no such mailbox"
    assert sorted(address for sent in mail.outbox for address in sent.to) == [
        "edith@example.org",
        "ravi@example.org",
    ]


@pytest.mark.django_db
def test_a_failed_message_is_tried_again_later_and_later_and_finally_given_up(
    ada: User, ravi: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.article(ada, "changes_requested", reviewer=ravi)
    Message.objects.exclude(recipient=ada).delete()
    settings.EMAIL_BACKEND = BACKEND.format("Picky")
    outbox.deliver()
    waits = []
    for _ in range(3):
        message = Message.objects.get(recipient=ada)
        assert outbox.deliver() == 0
        assert Message.objects.get(recipient=ada).attempts == message.attempts, "not before its time"
        now = message.not_before
        monkeypatch.setattr("articles.notify.outbox.timezone.now", lambda now=now: now)
        outbox.deliver()
        waits.append(Message.objects.get(recipient=ada).not_before - now)
    assert waits == [timedelta(minutes=minutes) for minutes in (4, 8, 16)]
    Message.objects.filter(recipient=ada).update(attempts=outbox.MAX_ATTEMPTS)
    a_day_later(monkeypatch)
    assert outbox.deliver() == 0
    Message.objects.filter(recipient=ada).update(attempts=3)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.deliver() == 1
    assert Message.objects.get(recipient=ada).error == ""


@pytest.mark.django_db
def test_a_mail_server_that_is_away_costs_one_attempt_and_not_one_for_each_message(
    ada: User, edith: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        makers.article(ada, "submitted")
    settings.EMAIL_BACKEND = BACKEND.format("Away")
    monkeypatch.setattr(Away, "tried", 0)
    assert outbox.deliver() == 0
    assert Away.tried == 1
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    a_day_later(monkeypatch)
    assert tasks.deliver_messages() == 3


@pytest.mark.django_db
def test_an_account_closed_meanwhile_gets_no_mail(ada: User, edith: User) -> None:
    makers.article(ada, "submitted")
    User.objects.filter(pk=edith.pk).update(is_active=False)
    assert outbox.deliver() == 0
    assert mail.outbox == []


def test_the_web_process_knows_the_task_it_asks_for() -> None:
    # In a process of its own: here the tests themselves have imported the tasks.
    code = (
        "import django; django.setup(); from celery import current_app; from articles.notify import outbox; "
        "raise SystemExit(outbox.DELIVER_TASK not in current_app.tasks)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.django_db(transaction=True)
def test_without_a_queue_the_mail_goes_out_when_the_step_is_committed(ada: User, edith: User) -> None:
    with transaction.atomic():
        makers.article(ada, "submitted")
        assert mail.outbox == []
    assert [sent.to for sent in mail.outbox] == [["edith@example.org"]]


@pytest.mark.django_db(transaction=True)
def test_no_step_waits_for_or_fails_with_a_mail_server(ada: User, edith: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = BACKEND.format("Away")
    article = makers.article(ada, "submitted")
    assert article.state == State.SUBMITTED
    assert Message.objects.get().error.startswith("ConnectionRefusedError")


def _deliver_together(count: int) -> list[int]:
    """Call deliver() in threads that start at once; what each has sent."""
    start, sent, errors = threading.Barrier(count), [], []

    def run() -> None:
        try:
            start.wait()
            sent.append(outbox.deliver())
        except Exception as error:
            errors.append(error)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return sent


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_message_once(
    ada: User, edith: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "wake", lambda: None)
    for _ in range(8):
        makers.article(ada, "submitted")
    settings.EMAIL_BACKEND = BACKEND.format("Slow")
    sent = _deliver_together(2)
    assert sum(sent) == 8
    assert len(mail.outbox) == 8
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_senders_skip_what_another_one_holds(
    ada: User, edith: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "wake", lambda: None)
    makers.article(ada, "submitted")
    makers.article(ada, "submitted")
    with transaction.atomic():
        held = outbox._claim(timezone.now())
        assert held is not None
        assert _deliver_together(1) == [1]
    assert Message.objects.get(sent_at__isnull=True).pk == held.pk


@pytest.fixture
def broker() -> Iterator[Callable[[str], None]]:
    """Send tasks to a broker at an address, as production does, instead of running them at once."""
    conf = current_app.conf
    before = {name: conf[name] for name in ("task_always_eager", "broker_url", "broker_write_url")}

    def use(url: str) -> None:
        conf.update(task_always_eager=False, broker_url=url, broker_write_url=url)
        current_app.amqp._producer_pool = None
        current_app._pool = None

    yield use
    conf.update(before)
    current_app.amqp._producer_pool = None
    current_app._pool = None


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_delays_mail_and_nothing_else(
    ada: User, edith: User, broker: Callable[[str], None]
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        broker(f"redis://127.0.0.1:{closed.getsockname()[1]}/0")
        article = makers.article(ada)
        began = time.monotonic()
        workflow.submit(article.pk, version=article.version, actor=ada)
        took = time.monotonic() - began
    assert makers.fresh(article).state == State.SUBMITTED
    assert took < 2
    assert mail.outbox == []
    assert tasks.deliver_messages() == 1, "the sweep sends what waits"
    assert [sent.to for sent in mail.outbox] == [["edith@example.org"]]


def refuse(*arguments: Any, **options: Any) -> None:
    raise ConnectionRefusedError("no broker")


def test_waking_the_sender_raises_nothing_whatever_the_broker_says(monkeypatch: pytest.MonkeyPatch) -> None:
    # Some callers have no transaction around them that would swallow it.
    monkeypatch.setattr(current_app.tasks[outbox.DELIVER_TASK], "apply_async", refuse)
    outbox.wake()


@pytest.mark.django_db(transaction=True)
def test_a_step_is_taken_even_if_the_sender_cannot_be_woken_in_a_way_nobody_thought_of(
    ada: User, edith: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "wake", refuse)
    article = makers.article(ada)
    workflow.submit(article.pk, version=article.version, actor=ada)
    assert makers.fresh(article).state == State.SUBMITTED
    assert tasks.deliver_messages() == 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_accepts_and_says_nothing_is_not_waited_for(
    ada: User, edith: User, broker: Callable[[str], None]
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(16)
        broker(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        article = makers.article(ada)
        began = time.monotonic()
        workflow.submit(article.pk, version=article.version, actor=ada)
        took = time.monotonic() - began
    assert makers.fresh(article).state == State.SUBMITTED
    assert took < 5
    assert Message.objects.filter(sent_at__isnull=True).count() == 1
