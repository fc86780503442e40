"""The edition in Redis, when Redis is slow, silent, emptied, or gone while somebody publishes."""

import os
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import redis
from django.db import connection, transaction

from articles.edition import shared, state
from articles.edition.shared import SharedEdition
from articles.models import BoardMember, Unannounced
from tests.people import member

pytestmark = pytest.mark.redis


@pytest.fixture
def edition(redis_url: str) -> Iterator[SharedEdition]:
    edition = SharedEdition(redis_url, f"netreview-edition-{os.getpid()}")
    edition.forget()
    yield edition
    edition.forget()


@pytest.fixture(params=["nobody listens", "somebody listens and is silent"])
def lost(request: pytest.FixtureRequest) -> Iterator[SharedEdition]:
    """An edition whose Redis gives no answer."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if request.param != "nobody listens":
            server.listen(5)
        yield SharedEdition(f"redis://127.0.0.1:{server.getsockname()[1]}/0", "x")


def none_owed() -> int:
    return 0


def test_what_one_process_opens_and_closes_every_process_sees(edition: SharedEdition, redis_url: str) -> None:
    other = SharedEdition(redis_url, f"netreview-edition-{os.getpid()}")
    assert edition.current() is None
    number = edition.open(none_owed)
    assert number == other.current() == edition.current()
    other.close()
    assert edition.current() is None
    assert (edition.open(none_owed) or 0) > (number or 0)


def test_it_holds_two_seconds_and_comes_back_under_its_number_if_nothing_was_published(
    edition: SharedEdition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "_LEASE", 0.05)
    number = edition.open(none_owed)
    time.sleep(0.1)
    assert edition.current() is None
    assert edition.open(none_owed) == number


def test_a_publication_that_redis_was_not_told_of_makes_a_new_number(
    edition: SharedEdition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "_LEASE", 0.05)
    number = edition.open(none_owed)
    time.sleep(0.1)
    later = edition.open(lambda: 1)
    assert later != number
    assert edition.open(lambda: 1) == later


def test_an_emptied_redis_is_closed_and_counts_on(edition: SharedEdition) -> None:
    number = edition.open(none_owed)
    edition.forget()
    assert edition.current() is None
    assert (edition.open(none_owed) or 0) > (number or 0)


def test_an_order_to_open_that_comes_too_late_is_void(
    edition: SharedEdition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "_LATEST", -0.1)
    assert edition.open(none_owed) is None
    assert edition.current() is None


def test_who_cannot_tell_whether_the_order_arrived_holds_the_lock_until_it_is_void(
    edition: SharedEdition, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_: object) -> None:
        raise redis.TimeoutError

    monkeypatch.setattr(edition._client, "eval", lose)
    started = time.monotonic()
    assert edition.open(none_owed) is None
    assert time.monotonic() - started >= shared._LATEST


def test_a_connection_that_redis_closed_is_made_anew_without_a_pause(
    edition: SharedEdition, redis_url: str
) -> None:
    number = edition.open(none_owed)
    assert edition.current() == number
    with redis.Redis.from_url(redis_url) as client:
        for each in client.client_list():
            if int(each["id"]) != client.client_id():
                client.client_kill_filter(_id=each["id"])
    assert edition.current() == number


def test_without_redis_it_is_closed_at_little_cost(lost: SharedEdition) -> None:
    started = time.monotonic()
    for _ in range(1000):
        assert lost.current() is None
    assert lost.open(none_owed) is None
    assert time.monotonic() - started < 2
    with pytest.raises(redis.RedisError):
        lost.close()


def test_one_answer_serves_all_who_waited_for_it_and_nobody_who_came_later(
    edition: SharedEdition, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, may_answer = [], threading.Event()

    def get() -> bytes:
        asked.append(1)
        assert may_answer.wait(10)
        return b"%d" % len(asked)

    monkeypatch.setattr(edition, "_get", get)
    answers: list[int | None] = []
    threads = [threading.Thread(target=lambda: answers.append(edition.current())) for _ in range(9)]
    threads[0].start()
    while not asked:
        time.sleep(0.001)
    # These came after the first question was sent: its answer may be older than they are.
    for thread in threads[1:]:
        thread.start()
    time.sleep(0.1)
    may_answer.set()
    for thread in threads:
        thread.join()
    assert sorted(answer for answer in answers if answer) == [1] + [2] * 8
    assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
def test_publishing_without_redis_waits_until_nobody_believes_it_and_leaves_a_note(
    lost: SharedEdition, monkeypatch: pytest.MonkeyPatch
) -> None:
    member("ravi", "Ravi Menon", "MD")
    noted = Unannounced.objects.count()
    lost.patience = 0.4  # type: ignore[misc]
    started = time.monotonic()
    with monkeypatch.context() as patch, transaction.atomic():
        patch.setattr(state, "edition", lambda: lost)
        BoardMember.objects.filter(slug="ravi").update(name="Ravi Two")
        BoardMember.objects.filter(slug="ravi").update(name="Ravi Three")
        assert 0.4 <= time.monotonic() - started < 3, "once for all that a transaction writes"
    assert Unannounced.objects.count() == noted + 1
    assert connection.in_atomic_block is False


def test_the_wait_is_longer_than_anything_redis_said_can_hold() -> None:
    assert SharedEdition.patience > shared._LEASE + shared._LATEST
