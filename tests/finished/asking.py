"""A web process in this one: the WSGI application as the server calls it, and what it answered."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext

from netreview.finished.serve import FinishedPages

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    # Whether Django was asked, and the statements it sent to the database.
    by_django: bool
    queries: int

    @property
    def text(self) -> str:
        return self.body.decode()


class Process:
    """One web process with its own store, before a Django that counts how often it is asked."""

    def __init__(self, room: int = MEGABYTE, django: Callable[..., Any] | None = None) -> None:
        self.asked = 0
        self._django = django or WSGIHandler()
        self.application = FinishedPages(self._count, room)

    def _count(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.asked += 1
        return self._django(environ, start_response)

    def get(self, path: str, method: str = "GET", query: str = "", **headers: str) -> Answer:
        """Ask for a page; headers by their names with underscores, in lower case."""
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "testserver",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
        } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        started: list[Any] = []
        before = self.asked
        with CaptureQueriesContext(connection) as captured:
            response = self.application(environ, lambda *arguments: started.extend(arguments))
            body = b"".join(response)
            if close := getattr(response, "close", None):
                close()
        status, given = started[:2]
        assert len({name for name, _ in given}) == len(given), "a header was sent twice"
        return Answer(int(status.split()[0]), dict(given), body, self.asked > before, len(captured))
