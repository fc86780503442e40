"""Every SQL statement is looked at: one that may change a public page closes the edition first."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from articles.edition import lock, state, tables

_noticed = threading.local()


def watch(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Receiver of `connection_created`."""
    if _look not in connection.execute_wrappers:
        connection.execute_wrappers.append(_look)


@contextmanager
def noticing() -> Iterator[set[str]]:
    """Gather the tables that this thread reads from."""
    tables_read: set[str] = set()
    _noticed.tables = tables_read
    try:
        yield tables_read
    finally:
        _noticed.tables = None


def _look(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    statement = str(sql)
    if (gathered := getattr(_noticed, "tables", None)) is not None:
        gathered |= tables.reads(statement)
    if not tables.writes_public(statement):
        return execute(sql, params, many, context)
    connection: BaseDatabaseWrapper = context["connection"]
    if connection.in_atomic_block:
        _announce(connection)
        return execute(sql, params, many, context)
    # A statement on its own becomes a transaction, or the lock would be gone before it has even begun.
    with transaction.atomic(using=connection.alias):
        _announce(connection)
        result = execute(sql, params, many, context)
        if connection.vendor == "sqlite":
            _Rows.take_over(context["cursor"])
        return result


class _Rows:
    """What a statement returned, fetched before the commit: SQLite commits nothing while rows are waiting."""

    def __init__(self, wrapper: Any) -> None:
        self._wrapper, self._cursor = wrapper, wrapper.cursor
        self._rows: Iterator[Any] = iter(wrapper.cursor.fetchall())

    @classmethod
    def take_over(cls, wrapper: Any) -> None:
        if wrapper.cursor.description:
            wrapper.cursor = cls(wrapper)

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return list(islice(self._rows, size))

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def __getattr__(self, name: str) -> Any:
        if name in ("execute", "executemany"):
            self._wrapper.cursor = self._cursor
        return getattr(self._cursor, name)


def _announce(connection: BaseDatabaseWrapper) -> None:
    # Django forgets what waits for a commit exactly when the database lets go of the lock: at the commit, at
    # a rollback, and at a rollback to a savepoint from before. While it waits, the edition stays closed.
    if any(waiting is _announced for _, waiting, *_ in connection.run_on_commit):
        return
    lock.share(connection)
    state.close(connection)
    transaction.on_commit(_announced, using=connection.alias)


def _announced() -> None:
    """Nothing is left to do after a commit."""
