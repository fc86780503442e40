"""An edition is open only while nothing is being published, whoever dies in between."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from articles.edition import lock, state
from articles.models import BoardMember
from tests.people import member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _somebody() -> None:
    member("ravi", "Ravi Menon", "MD")


def reopened() -> int | None:
    state.forget_pause()
    return state.current() or state.reopen()


def publish(name: str) -> None:
    BoardMember.objects.filter(slug="ravi").update(name=name)


def publish_and_undo() -> None:
    with suppress(_Undo), transaction.atomic():
        publish("Ravi Two")
        raise _Undo


@contextmanager
def elsewhere(work: Callable[[threading.Event], None]) -> Iterator[threading.Event]:
    """Run `work` in a thread with a connection of its own, until it says by the event how far it is."""
    there, back = threading.Event(), threading.Event()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with transaction.atomic():
                work(there)
                there.set()
                assert back.wait(20)
        except _Undo:
            pass
        except BaseException as error:
            failed.append(error)
        finally:
            there.set()
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    assert there.wait(20)
    try:
        yield back
    finally:
        back.set()
        thread.join(20)
    assert not failed, failed


class _Undo(Exception):
    """Ends a transaction by a rollback."""


def test_nothing_happens_and_the_edition_stands() -> None:
    number = reopened()
    assert number is not None
    assert state.current() == number == reopened()


def test_each_publication_closes_it_and_the_next_number_is_a_new_one_in_a_new_second() -> None:
    numbers = []
    for count in range(3):
        numbers.append(reopened())
        publish(f"Ravi {count}")
        assert state.current() is None
    seconds = [number // 1_000_000 for number in numbers if number]
    assert len(set(seconds)) == 3
    assert seconds == sorted(seconds)


def test_it_is_closed_from_before_the_first_write_until_the_commit() -> None:
    before = reopened()
    with elsewhere(lambda there: publish("Ravi Two")):
        assert state.current() is None
        assert reopened() is None
    after = reopened()
    assert after not in (None, before)


def test_a_rollback_opens_it_too() -> None:
    before = reopened()
    publish_and_undo()
    assert state.current() is None
    assert reopened() not in (None, before)


def test_after_a_rollback_to_a_savepoint_the_next_write_closes_it_again() -> None:
    """PostgreSQL lets go of a lock with the savepoint it was taken in."""

    def work(there: threading.Event) -> None:
        publish_and_undo()
        publish("Ravi Three")

    reopened()
    with elsewhere(work):
        assert state.current() is None
        assert reopened() is None
    assert reopened() is not None


@pytest.mark.postgres  # SQLite lets one write at a time
def test_two_publications_at_once_keep_it_closed_until_both_have_ended() -> None:
    with elsewhere(lambda there: publish("Ravi Two")):
        with elsewhere(lambda there: BoardMember.objects.create(**another())):
            assert reopened() is None
        assert reopened() is None
    assert reopened() is not None


def another() -> dict[str, Any]:
    from tests.people import person

    return {"user": person("mei", "Mei"), "name": "Mei", "slug": "mei", "term_from": date(2020, 1, 1)}


def test_nobody_opens_it_from_inside_a_transaction() -> None:
    reopened()
    with transaction.atomic():
        publish("Ravi Two")
        assert reopened() is None


def test_a_statement_outside_of_any_transaction_becomes_one_and_gives_back_its_rows() -> None:
    returning = "UPDATE articles_boardmember SET name = 'X' RETURNING slug, name"
    reopened()
    with connection.cursor() as cursor:
        cursor.execute(returning)
        assert state.current() is None
        assert cursor.fetchone() == ("ravi", "X")
        assert cursor.fetchone() is None
        cursor.execute(returning)
        assert list(cursor) == [("ravi", "X")]
        cursor.execute(returning)
        assert [cursor.fetchmany(5), cursor.fetchall()] == [[("ravi", "X")], []]
        cursor.execute("SELECT name FROM articles_boardmember")
        assert cursor.fetchall() == [("X",)]
        assert cursor.rowcount in (-1, 1)
    assert reopened() is not None


def test_the_lock_does_not_wait_for_those_who_publish() -> None:
    with elsewhere(lambda there: publish("Ravi Two")):
        started = time.monotonic()
        with lock.alone(connection) as owed:
            assert owed is None
        assert time.monotonic() - started < 1


DIES = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
from django.db import connection, transaction
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
settings.EDITION_FILE = sys.argv[2]
settings.CACHES["default"]["KEY_PREFIX"] = sys.argv[3]
from articles.models import BoardMember
def die(): os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[4] == "after":
    with transaction.atomic():
        BoardMember.objects.filter(slug="ravi").update(name="Ravi Two")
    die()
with transaction.atomic():
    if sys.argv[4] == "between":
        from articles.edition import lock, state
        lock.share(connection)
        connection.ensure_connection()
        state.close(connection)
        die()
    BoardMember.objects.filter(slug="ravi").update(name="Ravi Two")
    die()
"""


@pytest.mark.parametrize(
    ("moment", "name"), [("between", "Ravi Menon"), ("before", "Ravi Menon"), ("after", "Ravi Two")]
)
def test_a_process_killed_between_closing_and_the_end_leaves_it_slow_then_right(
    moment: str, name: str
) -> None:
    before = reopened()
    arguments = [
        connection.settings_dict["NAME"],
        settings.EDITION_FILE,
        settings.CACHES["default"].get("KEY_PREFIX", ""),
    ]
    died = subprocess.run(
        [sys.executable, "-c", DIES, *map(str, arguments), moment],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert state.current() is None, "it was closed before anything was written, and stayed so"
    deadline = time.monotonic() + 10
    while (after := reopened()) is None and time.monotonic() < deadline:
        time.sleep(0.02)  # PostgreSQL takes a moment to notice that its client is gone
    assert after not in (None, before)
    assert BoardMember.objects.get(slug="ravi").name == name


def test_a_process_that_starts_begins_a_new_edition() -> None:
    before = reopened()
    state.begin()
    assert state.current() is None
    assert reopened() not in (None, before)
