"""The SQL tells what may change a public page; what is not known to be private is public."""

import pytest
from django.apps import apps

from articles.edition.tables import PRIVATE, is_private, reads, writes_public
from tests.web.test_nothing_unapproved_is_public import READABLE


@pytest.mark.parametrize(
    "sql",
    [
        'INSERT INTO "articles_publication" ("id") VALUES (1)',
        'UPDATE "articles_address" SET "publication_id" = 2',
        "update articles_boardmember set name = 'x'",
        'DELETE FROM "articles_publication_approved_by" WHERE 1',
        "INSERT OR IGNORE INTO articles_search VALUES (1)",
        'TRUNCATE "articles_article", "articles_publication"',
        "WITH x AS (DELETE FROM articles_address) SELECT 1",
        "COPY articles_publication FROM STDIN",
        'insert into "a_table_that_nobody_thought_of" values (1)',
        '\n  REPLACE INTO "articles_editorialpolicy" VALUES (1)',
    ],
)
def test_a_statement_that_may_change_a_public_page_is_seen(sql: str) -> None:
    assert writes_public(sql)


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT * FROM "articles_publication"',
        'INSERT INTO "articles_event" ("id") VALUES (1)',
        'UPDATE "articles_article" SET "state" = \'draft\'',
        'DELETE FROM "django_session"',
        'SAVEPOINT "s1"',
        "PRAGMA foreign_keys",
    ],
)
def test_a_statement_about_work_that_no_reader_sees_is_let_pass(sql: str) -> None:
    assert not writes_public(sql)


def test_all_tables_of_a_query_are_found() -> None:
    sql = (
        'SELECT * FROM "articles_address" a JOIN "articles_publication" p ON 1 WHERE EXISTS (SELECT 1 FROM x)'
    )
    assert reads(sql) == {"articles_address", "articles_publication", "x"}


def test_every_table_that_readers_may_read_is_watched() -> None:
    assert not {table for table in READABLE if is_private(table)}


def test_every_private_table_is_there() -> None:
    """A name that was mistyped would leave its table public: slow, and nobody would know why."""
    assert {model._meta.db_table for model in apps.get_models(include_auto_created=True)} >= PRIVATE
