"""The database's own word on whether a publication is under way: a lock that ends with its transaction."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

# Any number that nobody else uses.
_KEY = 7_305_081_416
_OWED = "SELECT count(*) FROM articles_unannounced"


def share(connection: BaseDatabaseWrapper) -> None:
    """Take a share until the transaction ends, beside others who publish; wait while somebody opens.

    On SQLite a transaction that writes has the whole database to itself already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_KEY])


@contextmanager
def alone(connection: BaseDatabaseWrapper) -> Iterator[Callable[[], int] | None]:
    """Hold the lock with nobody beside, or yield None at once.

    What it yields otherwise counts the publications that were never announced (articles.models.edition).
    """
    if connection.in_atomic_block:
        yield None  # the caller's own transaction may be the one that publishes
    elif connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:

            def first(sql: str, *params: int) -> int:
                cursor.execute(sql, params)
                return int(cursor.fetchone()[0])

            yield (lambda: first(_OWED)) if first("SELECT pg_try_advisory_xact_lock(%s)::int", _KEY) else None
    else:
        # A connection of its own: Django's would wait for its turn, and this one must not.
        with closing(
            sqlite3.connect(connection.settings_dict["NAME"], timeout=0, isolation_level=None)
        ) as own:
            try:
                own.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                yield None
                return
            yield lambda: int(own.execute(_OWED).fetchone()[0])
            own.execute("ROLLBACK")
