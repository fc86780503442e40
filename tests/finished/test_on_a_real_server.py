"""Granian with two processes, publications and readers at once: on SQLite, and on PostgreSQL with Redis."""

import gzip
import http.client
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench import _server, _stale


@dataclass(frozen=True)
class Served:
    site: _server.Site
    path: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with _serve(tmp_path_factory.mktemp("site")) as served:
        yield served


class _serve:  # noqa: N801 - used as a function
    """What this pass of the tests runs on: the databases named in the environment."""

    def __init__(self, var: Path, application: str = "netreview.wsgi:application") -> None:
        self._running = _server.running(
            var,
            postgres=os.environ.get("DATABASE_URL", ""),
            redis=os.environ.get("REDIS_URL", ""),
            application=application,
        )

    def __enter__(self) -> Served:
        site = self._running.__enter__()
        return Served(site, site.run("-m", "bench._publisher", "prepare").strip())

    def __exit__(self, *error: object) -> None:
        self._running.__exit__(*error)  # type: ignore[arg-type]


def test_no_request_begun_after_a_commit_gets_what_was_before_it(served: Served) -> None:
    found = _stale.check(served.site, served.path, seconds=6)
    assert found.publications >= 3
    assert found.kept > found.answers / 4, "the store was hardly used, so nothing was tried"
    assert found.stale == 0


def test_the_checker_finds_a_server_that_does_not_ask(tmp_path: Path) -> None:
    with _serve(tmp_path, "tests.finished.careless:application") as careless:
        assert _stale.check(careless.site, careless.path, seconds=3).stale > 0


def test_one_connection_carries_pages_heads_and_answers_without_a_body(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.site.port, timeout=10)
    asked = {"Accept-Encoding": "gzip"}
    bodies = []
    tag = ""
    for method, more in (("GET", {}), ("HEAD", {}), ("GET", {"If-None-Match": "tag"}), ("GET", {})) * 5:
        headers = asked | dict.fromkeys(more, tag)
        connection.request(method, served.path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.getheader("Date")
        tag = answer.getheader("ETag", "")
        assert tag.endswith('-gzip"')
        if more:
            assert (answer.status, body) == (304, b"")
        elif method == "HEAD":
            assert (answer.status, body) == (200, b"")
            assert answer.getheader("Content-Length") == str(len(bodies[-1]))
        else:
            assert answer.status == 200
            bodies.append(body)
    assert len(set(bodies)) == 1
    assert b"marker" in gzip.decompress(bodies[0])
