"""The SQL tells what may change a public page; what is not known to be private is public."""

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.edition.tables import PRIVATE, is_private, reads, writes_public
from articles.models import Follow
from netreview.finished.page import may_be_kept
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
        'INSERT INTO "articles_signoff" ("id") VALUES (1)',
        'UPDATE "articles_thread" SET "resolved_at" = NULL',
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


# What a page for everybody may show, and why. A table that is neither here nor private is to be judged first.
PUBLIC = {
    "articles_address": "where an article is read, and where it moved",
    "articles_boardmember": "the board's pages",
    "articles_editorialpolicy": "the policy",
    "articles_explanation": "what is told of a difficult word",
    "articles_historicaleditorialpolicy": "the policy's earlier texts, which readers may read",
    "articles_image": "the images of figures that some approved text shows",
    "articles_indexedarticle": "search",
    "articles_indexedtopic": "topics, search",
    "articles_interest": "the interests that a member declares, on their page",
    "articles_passage": "search, answers to questions",
    "articles_posting": "search",
    "articles_publication": "everything",
    "articles_publication_approved_by": "the articles on a member's page",
    "articles_publication_images": "which text shows which image",
    "articles_publishedreply": "the board's answers under an article",
    "articles_reviewpolicy": "the rules of review, beside the policy",
    "articles_searchindex": "search",
    "articles_term": "search",
    "articles_topic": "the rules of review name the topics that have their own",
    "articles_topicname": "topics, search",
}
# Read by whoever has the link in their letter. Pages of one reader are kept for nobody.
BY_SIGNED_LINK = {"articles_follow"}


def test_every_table_is_judged() -> None:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert {table for table in tables if not is_private(table)} == PUBLIC.keys()


def test_every_table_that_readers_may_read_is_watched() -> None:
    assert {table for table in READABLE if is_private(table)} == BY_SIGNED_LINK


def test_pages_of_one_reader_are_kept_for_nobody(client: Client, db: None) -> None:
    now = timezone.now()
    follow = Follow.objects.create(email="a@example.org", topic_slug="x", created_at=now, confirm_by=now)
    for purpose in ("confirm", "stop"):
        page = client.get(reverse(f"reading:{purpose}", args=[follow.token(purpose)]))
        assert page.status_code == 200
        assert not may_be_kept(page)


def test_every_private_table_is_there() -> None:
    """A name that was mistyped would leave its table public: slow, and nobody would know why."""
    assert {model._meta.db_table for model in apps.get_models(include_auto_created=True)} >= PRIVATE
