"""From a board member's click to the published page: approvals per second, and what the database is asked."""

import os
import tempfile
import time
from pathlib import Path
from typing import Any

STATEMENTS = 300
ARTICLES = 20


def main() -> dict[str, Any]:
    """Approve 20 articles of 300 statements, on SQLite or on what DATABASE_URL names.

    With the search index, the record and the notices, which wait in the outbox as in production: a worker
    sends them.
    """
    with tempfile.TemporaryDirectory(prefix="netreview-bench-") as directory:
        os.environ |= {"DEMO": "1", "VAR_DIR": directory, "ENV_FILE": os.devnull, "LOG_LEVEL": "ERROR"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netreview.settings")
        return _measure(Path(directory))


def _measure(directory: Path) -> dict[str, Any]:
    import django

    django.setup()
    from celery import current_app
    from django.conf import settings
    from django.db import connection
    from django.test.utils import CaptureQueriesContext, setup_test_environment, teardown_test_environment

    setup_test_environment()  # mail stays in memory
    current_app.conf.task_always_eager = False  # the broker is in memory too, and nobody takes from it
    if connection.vendor == "sqlite":
        settings.DATABASES["default"]["TEST"]["NAME"] = str(
            directory / "bench.sqlite3"
        )  # on the disk, as in use
    name = connection.creation.create_test_db(verbosity=0)
    try:
        waiting = _articles_under_review()
        seconds, statements = [], []
        for article, approve in waiting:
            with CaptureQueriesContext(connection) as asked:
                started = time.perf_counter()
                approve()
                seconds.append(time.perf_counter() - started)
            statements.append(len(asked))
            if not article.publications.filter(status="live").exists():
                raise RuntimeError("an approval did not publish")
        seconds.sort()
        return {
            "database": connection.vendor,
            "statements_per_article": STATEMENTS,
            "articles": ARTICLES,
            "approved_per_second": len(seconds) / sum(seconds),
            "milliseconds_median": seconds[len(seconds) // 2] * 1000,
            "milliseconds_slowest": seconds[-1] * 1000,
            "sql_statements": max(statements),
        }
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


def _articles_under_review() -> list[tuple[Any, Any]]:
    """Articles that wait for one approval, each with the approval still to be given."""
    from functools import partial

    from articles import workflow
    from articles.states import Role
    from tests import makers, people

    author = people.person("ada", "Ada Okafor", Role.AUTHOR)
    reviewer = people.member("ravi", "Ravi Menon", "MD, PhD")
    body = "<h2>From the Research</h2>" + "".join(
        f"<p>Statement {number} of a long article.{makers.CITED}</p>" for number in range(STATEMENTS)
    )
    waiting = []
    for number in range(ARTICLES):
        fields = makers.text(question=f"What is measured in article {number}?", body=body)
        article = makers.bring(
            workflow.create(actor=author, fields=fields), "under_review", reviewer=reviewer
        )
        waiting.append((article, partial(makers.approve, article, reviewer)))
    return waiting
