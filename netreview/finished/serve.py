"""The WSGI application before Django: answers with finished pages, and hands everything else on."""

import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags

from articles.edition import state
from articles.edition.tables import is_private
from articles.edition.watch import noticing
from netreview.finished.page import Form, Page, encoding_for, may_be_kept
from netreview.finished.store import Key, Store

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_SAFE = frozenset(("GET", "HEAD"))


class FinishedPages:
    """Serve `django`, and from memory what it has answered before, for as long as the edition stands.

    room: bytes of memory for pages in this process. The cost of an answer from memory is reading the edition.
    """

    def __init__(self, django: Application, room: int) -> None:
        self.django = django
        self.store = Store(room)
        state.begin()
        # Looked up once: it is asked at every request.
        self._edition = state.edition().current

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        # The line that every reader waits for is short: no loop, no call that can be spared.
        if (
            environ["REQUEST_METHOD"] not in _SAFE
            or environ.get("QUERY_STRING")
            # Asking for something else than the page as it stands here for everybody.
            or "HTTP_RANGE" in environ
            or "HTTP_HX_REQUEST" in environ
            or "HTTP_AUTHORIZATION" in environ
            or "HTTP_IF_MATCH" in environ
            or "HTTP_IF_UNMODIFIED_SINCE" in environ
        ):
            return self.django(environ, start_response)
        # First of all: what is published after this line was not there when the request began.
        number = self._edition() or state.reopen()
        if number is None:
            return self.django(environ, start_response)
        key = (
            environ.get("HTTP_HOST"),
            environ["PATH_INFO"],
            environ["wsgi.url_scheme"],
            environ.get("HTTP_X_FORWARDED_PROTO"),
        )
        page = self.store.get(key)
        if page is None or page.number != number or page.until <= time.time():
            return self._make(key, number, environ, start_response)
        if page.personal and "HTTP_COOKIE" in environ:
            return self.django(environ, start_response)
        return _answer(page, environ, start_response)

    def _make(
        self, key: Key, number: int, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Let Django answer; keep the answer if it is a page for everybody, made of public tables alone."""
        started: list[Any] = []

        def start(*arguments: Any) -> Callable[[bytes], object]:
            started[:] = arguments
            return _no_writing

        until = _end_of_day()
        with noticing() as tables:
            response = self.django(environ, start)
        if (
            environ["REQUEST_METHOD"] != "GET"
            or not isinstance(response, HttpResponse)
            or not may_be_kept(response)
            or any(map(is_private, tables))
        ):
            start_response(*started)
            return response
        page = Page(response, number, until)
        if page.personal and "HTTP_COOKIE" in environ:
            start_response(*started)
            return response
        response.close()
        self.store.put(key, page)
        return _answer(page, environ, start_response)


def _answer(page: Page, environ: Environ, start_response: StartResponse) -> list[bytes]:
    form = page.form(encoding_for(environ.get("HTTP_ACCEPT_ENCODING", "")))
    if ("HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ) and _is_known(form, environ):
        start_response("304 Not Modified", form.unchanged)
        return []
    start_response("200 OK", form.headers)
    return form.whole if environ["REQUEST_METHOD"] == "GET" else []


def _is_known(form: Form, environ: Environ) -> bool:
    """Whether the reader has these bytes already (RFC 9110, 13.2.2)."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return tags == form.etag or any(tag in ("*", form.etag) for tag in map(_strong, parse_etags(tags)))
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    # The very date we gave: each edition has one of its own, and no clock of another machine comes into it.
    return bool(since) and since == form.last_modified


def _strong(tag: str) -> str:
    """If-None-Match compares weakly: a server on the way may have marked our tag."""
    return tag.removeprefix("W/")


def _end_of_day() -> float:
    """The moment at which pages that show who serves today, or what is due, may change by themselves."""
    tomorrow = timezone.localtime() + timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def _no_writing(_: bytes) -> object:
    raise NotImplementedError("Django never writes this way.")
