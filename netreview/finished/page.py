"""One finished page: its bytes in each encoding, with the headers of its answers written out."""

import gzip
import hashlib
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import brotli
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date

from articles.edition.numbers import SECOND

Headers = list[tuple[str, str]]

# In the order in which we would rather send them.
ENCODINGS: Final = ("br", "gzip", "identity")
# What brotli's best costs is a few hundredths of a second for a page of usual size, and seconds for a book.
_BEST_UP_TO = 200_000
# Ours to write: they differ between the encodings.
_REPLACED = {"etag", "content-length", "vary", "last-modified"}
# A page that depends on any other header of the request is not the same for everybody.
_MAY_VARY = {"accept-encoding", "cookie"}
# The headers that a 304 repeats (RFC 9110, 15.4.5).
_REPEATED = {"Cache-Control", "ETag", "Last-Modified", "Vary"}


class Form:
    """A page in one encoding: its headers in an answer 200, and those of a 304."""

    __slots__ = ("etag", "headers", "last_modified", "unchanged", "whole")

    def __init__(self, body: bytes, etag: str, last_modified: str, headers: Headers) -> None:
        # As WSGI wants it.
        self.whole = [body]
        self.etag = etag
        self.last_modified = last_modified
        self.headers = [*headers, ("ETag", etag), ("Content-Length", str(len(body)))]
        if last_modified:
            self.headers.append(("Last-Modified", last_modified))
        self.unchanged = [header for header in self.headers if header[0] in _REPEATED]


class Page:
    """The answer of Django to one address, for everybody.

    number: the edition it was made in. since: the edition in which these very bytes were first seen.
    until: the moment (seconds since 1970) at which the day ends that it was made on.
    """

    __slots__ = (
        "_forms",
        "_shared_headers",
        "asked",
        "body",
        "digest",
        "number",
        "personal",
        "since",
        "until",
    )

    def __init__(self, response: HttpResponse, number: int, until: float) -> None:
        self.body = response.content
        self.number = self.since = number
        self.until = until
        vary = _names(response.headers.get("Vary", ""))
        # Then the page may differ for a request with cookies: they are answered by Django.
        self.personal = "cookie" in vary
        # Looked at by the store when it needs room.
        self.asked = True
        self._shared_headers = [
            *(header for header in response.headers.items() if header[0].lower() not in _REPLACED),
            ("Vary", ", ".join(["Accept-Encoding", *(["Cookie"] if self.personal else [])])),
        ]
        whole = "\n".join(map(":".join, self._shared_headers)).encode() + b"\n\n" + self.body
        self.digest = hashlib.sha256(whole).hexdigest()[:32]
        self._forms: dict[str, Form] = {}

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes with all its encodings."""
        return int(len(self.body) * 1.6) + 6_000

    def form(self, encoding: str) -> Form:
        """The page in an encoding, compressed at the first request for it."""
        return self._forms.get(encoding) or self._make(encoding)

    def inherit(self, older: "Page") -> None:
        """Take over what was made of the same bytes in an earlier edition."""
        if older.digest == self.digest:
            self.since, self._forms = older.since, older._forms

    def _make(self, encoding: str) -> Form:
        body = _COMPRESS[encoding](self.body)
        headers = list(self._shared_headers)
        if encoding != "identity":
            headers.append(("Content-Encoding", encoding))
        second = self.since // SECOND
        # Editions that follow each other fast are numbered ahead of the clock, and no date may lie ahead.
        date = http_date(second) if second <= time.time() else ""
        # Strong: of each encoding these bytes and no others.
        form = self._forms[encoding] = Form(body, f'"{self.digest}-{encoding}"', date, headers)
        return form


def may_be_kept(response: HttpResponseBase) -> bool:
    """Whether an answer is a page for everybody, and says itself that those may keep it who ask each time."""
    if not isinstance(response, HttpResponse) or response.status_code != 200 or response.cookies:
        return False
    headers = response.headers
    cache = _names(headers.get("Cache-Control", ""))
    return (
        {"public", "max-age=0", "must-revalidate"} <= cache
        and _names(headers.get("Vary", "")) <= _MAY_VARY
        and "Content-Encoding" not in headers
        # Images are as small as they get, and a few of them would take the room of all pages.
        and not headers.get("Content-Type", "").startswith("image/")
        # A nonce is for one answer only.
        and "'nonce-" not in headers.get("Content-Security-Policy", "")
    )


@lru_cache(maxsize=512)
def encoding_for(accepted: str) -> str:
    """The encoding to send, from the request's Accept-Encoding. What the sender does not name is not sent."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip()] = _weight(parameter)
    return next((name for name in ENCODINGS if weights.get(name, weights.get("*", 0)) > 0), "identity")


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def _names(header: str) -> set[str]:
    return {part.strip().lower() for part in header.split(",") if part.strip()}


def _brotli(body: bytes) -> bytes:
    return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=11 if len(body) <= _BEST_UP_TO else 5))


_COMPRESS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": _brotli,
    # Without the time of day, so that every process makes the same bytes.
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
    "identity": bytes,
}
