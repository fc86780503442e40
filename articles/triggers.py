"""Database triggers, on both engines: what happened cannot be quietly altered, not even by raw SQL.

install() is idempotent and runs after every migrate. The rules come from the models, so that a column
added to a publication is frozen without anyone having to remember it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from articles.models import (
    TEXT_FIELDS,
    Article,
    Comment,
    Conflict,
    Decision,
    Event,
    Image,
    Publication,
    PublishedReply,
    Round,
    SignOff,
    Suggestion,
    Thread,
    Version,
)
from articles.models.publication import MUTABLE_FIELDS
from articles.models.replies import MUTABLE_FIELDS as MUTABLE_OF_REPLIES
from articles.models.seals import KINDS as SEALED
from articles.states import EDITABLE_STATES, PublicationStatus

PREFIX = "netreview_"
FUNCTION = "netreview_refuse"


@dataclass(frozen=True, slots=True)
class Rule:
    """Refuse `operation` on `table` when `condition` (SQL over OLD and NEW; "" means always) holds."""

    name: str
    table: str
    operation: str
    message: str
    condition: str = ""


def rules(vendor: str) -> Iterator[Rule]:
    """Every rule, in the dialect of `vendor` ("sqlite" or "postgresql")."""
    differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"

    def changed(model: Any, names: list[str]) -> str:
        columns = [model._meta.get_field(name).column for name in names]
        return " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in columns)

    for model, what in (
        (Decision, "a decision"),
        (Event, "an event"),
        (Conflict, "a declared conflict"),
        (SignOff, "a sign-off"),
        (Comment, "a comment"),
        (Image, "a published image"),
        (Publication.images.through, "what a publication shows"),
    ):
        table = model._meta.db_table
        yield Rule(f"{table}_update", table, "UPDATE", f"{what} is never changed")
        yield Rule(f"{table}_delete", table, "DELETE", f"{what} is never deleted")

    table = Version._meta.db_table
    yield Rule(f"{table}_update", table, "UPDATE", "a version is never changed")
    reviewed = f'EXISTS (SELECT 1 FROM "{Round._meta.db_table}" r WHERE r.article_id = OLD.id)'  # noqa: S608
    yield Rule(f"{table}_delete", table, "DELETE", "a reviewed article keeps all its versions", reviewed)

    table = Publication._meta.db_table
    frozen = [f.name for f in Publication._meta.concrete_fields if f.attname not in MUTABLE_FIELDS]
    ended = f"OLD.status <> '{PublicationStatus.LIVE}' AND OLD.status <> NEW.status"
    yield Rule(
        f"{table}_update", table, "UPDATE", "a publication is never changed", changed(Publication, frozen)
    )
    yield Rule(f"{table}_status", table, "UPDATE", "a publication that ended never comes back", ended)
    yield Rule(f"{table}_delete", table, "DELETE", "a publication is never deleted")

    table = PublishedReply._meta.db_table
    frozen = [f.name for f in PublishedReply._meta.concrete_fields if f.attname not in MUTABLE_OF_REPLIES]
    yield Rule(
        f"{table}_update",
        table,
        "UPDATE",
        "an approved answer is never changed",
        changed(PublishedReply, frozen),
    )
    yield Rule(f"{table}_status", table, "UPDATE", "an approved answer that ended never comes back", ended)
    yield Rule(f"{table}_delete", table, "DELETE", "an approved answer is never deleted")

    for kind in SEALED:
        if kind.model not in (Thread, Suggestion):
            continue
        part, what, about = kind.model, f"a {kind.name}", ["id", *kind.fields]
        table = part._meta.db_table
        yield Rule(f"{table}_update", table, "UPDATE", f"what {what} is about never changes",
                   changed(part, about))  # fmt: skip
        yield Rule(f"{table}_delete", table, "DELETE", f"{what} is never deleted")

    table = Round._meta.db_table
    about = ["id", "article", "number", "version", "digest", "kind", "policy", "opened_at"]
    yield Rule(
        f"{table}_update", table, "UPDATE", "what a round is about never changes", changed(Round, about)
    )
    yield Rule(f"{table}_closed", table, "UPDATE", "a closed round stays closed",
               f"OLD.closed_at IS NOT NULL AND ({changed(Round, ['closed_at', 'outcome'])})")  # fmt: skip
    yield Rule(f"{table}_delete", table, "DELETE", "a round is never deleted")

    table = Article._meta.db_table
    editable = ", ".join(f"'{state}'" for state in sorted(EDITABLE_STATES))
    text = changed(Article, [*TEXT_FIELDS, "topic", "version", "digest"])
    yield Rule(f"{table}_frozen", table, "UPDATE", "the text is frozen in this state",
               f"OLD.state NOT IN ({editable}) AND ({text})")  # fmt: skip


def install_after_migrate(*, using: str, **_: Any) -> None:
    install(connections[using])


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger and index in place, replacing older forms of them."""
    present = set(connection.introspection.table_names())
    wanted = [rule for rule in rules(connection.vendor) if rule.table in present]
    if len(wanted) < len(list(rules(connection.vendor))):
        return  # Migrated back to before the tables were there.
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor, wanted):
            cursor.execute(statement)
        # One number, one version; and "the latest version" by index, which ends in the sort column.
        cursor.execute(
            f'CREATE UNIQUE INDEX IF NOT EXISTS netreview_version_number ON "{Version._meta.db_table}" '
            "(id, version DESC)"
        )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away. For migrations of the tables themselves, and between tests."""
    with connection.cursor() as cursor:
        for name, table in installed(connection).items():
            on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def installed(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Our triggers that the database has now: name -> table."""
    query = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name: table for name, table in cursor.fetchall() if name.startswith(PREFIX)}


def _statements(vendor: str, wanted: list[Rule]) -> Iterator[str]:
    if vendor == "sqlite":
        for rule in wanted:
            when = f"WHEN {rule.condition} " if rule.condition else ""
            yield (
                f'CREATE TRIGGER "{PREFIX}{rule.name}" BEFORE {rule.operation} ON "{rule.table}" '
                f"FOR EACH ROW {when}BEGIN SELECT RAISE(ABORT, '{rule.message}'); END"
            )
        return
    yield (
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for rule in wanted:
        # PostgreSQL allows no subquery in WHEN: such a condition is asked inside the function's twin.
        if "EXISTS" in rule.condition:
            body = f"IF {rule.condition} THEN RAISE EXCEPTION '{rule.message}' "
            yield (
                f"CREATE OR REPLACE FUNCTION {PREFIX}{rule.name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {body}USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$"
            )
            call, when = f"{PREFIX}{rule.name}()", ""
        else:
            call = f"{FUNCTION}('{rule.message}')"
            when = f"WHEN ({rule.condition}) " if rule.condition else ""
        yield (
            f'CREATE TRIGGER "{PREFIX}{rule.name}" BEFORE {rule.operation} ON "{rule.table}" '
            f"FOR EACH ROW {when}EXECUTE FUNCTION {call}"
        )
    for table in {rule.table for rule in wanted if rule.operation == "DELETE"}:
        yield (
            f'CREATE TRIGGER "{PREFIX}{table}_truncate" BEFORE TRUNCATE ON "{table}" '
            f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}('what happened is never deleted')"
        )
