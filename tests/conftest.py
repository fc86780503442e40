"""What every test may use: servers, a browser, and a clean cache."""

import importlib
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import clear_url_caches

from tests import services
from tests.people import ada, client_of, edith, mei, ravi  # noqa: F401 - fixtures for every test

# Playwright keeps an event loop in this thread, and Django would take that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def missing(what: str) -> None:
    """Skip a test for want of something, or fail it where nothing may be wanting."""
    if services.strict():
        pytest.fail(f"{what} is missing, and NETREVIEW_STRICT is set", pytrace=False)
    pytest.skip(f"{what} is missing")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked `postgres` run only where the database is one; the second pass of bin/test runs them."""
    from django.db import connection

    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("for PostgreSQL only")


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits counted in one test must not refuse the next."""
    yield
    cache.clear()


@pytest.fixture
def demo_addresses(settings: Any) -> Iterator[None]:
    """The addresses of a demo: the mail that it keeps is read under some of its own."""
    import articles.office.urls
    import netreview.urls

    for settings.DEMO in (True, False):
        importlib.reload(articles.office.urls)
        importlib.reload(netreview.urls)
        clear_url_caches()
        if settings.DEMO:
            yield


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis server for tests of the queue and the cache."""
    with services.redis_server() as url:
        if url is None:
            missing("Redis")
        yield url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium instead of a download; without its sandbox, which root may not use."""
    path = services.chromium()
    if path is None:
        missing("Chromium")
    return browser_type_launch_args | {"executable_path": path, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session", autouse=True)
def _flush_past_triggers() -> Iterator[None]:
    """Between transactional tests the tables are emptied, which our triggers rightly refuse.

    They come back by themselves: a flush ends with the same signal as a migration.
    """
    from django.apps import apps
    from django.db import connection
    from django.test import TransactionTestCase

    from articles import triggers

    first_rows = importlib.import_module("articles.migrations.0002_first_rows")
    original = TransactionTestCase._fixture_teardown

    def without_triggers(self: TransactionTestCase) -> None:
        triggers.remove(connection)
        original(self)
        # What is there from the first day is there for the next test, too.
        first_rows.make_first_rows(apps, None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
        yield
