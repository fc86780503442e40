"""The edition of this process's settings, and the rules for closing and opening it."""

import sqlite3
import threading
import time
from contextlib import suppress
from functools import cache

import structlog
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from redis.exceptions import RedisError

from articles.edition import lock
from articles.edition.file import FileEdition
from articles.edition.shared import SharedEdition

log = structlog.get_logger(__name__)

# While somebody publishes at length, the lock is not asked for more often than this (seconds, per process).
_PAUSE = 0.05
_one_at_a_time = threading.Lock()
_next_try = 0.0


@cache
def edition() -> FileEdition | SharedEdition:
    """In Redis where there is one, since there may be several machines; else in a file of this machine."""
    if settings.REDIS_URL:
        # Two sites that share a Redis must not open each other's.
        site = f"{settings.CACHES['default']['KEY_PREFIX']}.edition.{settings.SITE_URL}"
        return SharedEdition(settings.REDIS_URL, site)
    return FileEdition(settings.VAR_DIR / settings.EDITION_FILE)


def current() -> int | None:
    """The number of the open edition; None: ask the database."""
    return edition().current()


def close(using: BaseDatabaseWrapper) -> None:
    """Close the edition; the transaction under way on `using` holds a share of the lock already.

    Without Redis it takes as long as anybody may still believe what Redis said last.
    """
    try:
        edition().close()
    except RedisError as error:
        log.warning("publication_unannounced", error=str(error), seconds=edition().patience)
        # Before its first migration nobody serves pages from this database.
        model = apps.get_model("articles", "Unannounced")
        if model._meta.db_table in using.introspection.table_names():
            model.objects.using(using.alias).create(at=timezone.now())
        time.sleep(edition().patience)


def reopen() -> int | None:
    """Open the edition if nobody publishes at this moment; its number, or None. Costs one empty transaction.

    Called outside of any transaction, by a process about to serve a page.
    """
    global _next_try
    # Those who come while somebody opens wait for that: it takes a hundredth of the time a page takes.
    if not edition().in_reach or not _one_at_a_time.acquire(timeout=_PAUSE):
        return None
    try:
        number = current()
        if number is None:
            if time.monotonic() < _next_try:
                return None
            with lock.alone(connection) as owed:
                number = edition().open(owed) if owed is not None else None
    except (DatabaseError, sqlite3.Error):
        number = None  # whoever renders the page will say it better
    finally:
        if not connection.in_atomic_block:
            connection.close()
        _one_at_a_time.release()
    if number is None:
        _next_try = time.monotonic() + _PAUSE
    return number


def begin() -> None:
    """A process that serves pages starts, perhaps with other templates: what comes now is a new edition."""
    with suppress(RedisError):
        edition().close()


def forget_pause() -> None:
    """Try again at once. For tests, which change by themselves what a process would wait for."""
    global _next_try
    _next_try = 0.0
