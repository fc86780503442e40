"""Every address the app knows, as one person's browser gets it: what the tests of secrecy walk.

The addresses come from the resolver and from the links on its pages, so a new page is walked by itself.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django.urls.resolvers import URLResolver

from articles.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
# What differs between two answers of the same page for reasons of its own.
_RANDOM = re.compile(
    rb'(csrfmiddlewaretoken" value="|X-CSRFToken&quot;: &quot;|"X-CSRFToken": "|nonce=")[^"&]+'
)
_LINK = re.compile(rb'(?:href|hx-get|action)="((?:/|\?)[^"#]*)')
_UNTOLD = {"Set-Cookie", "Content-Security-Policy"}


@dataclass(frozen=True)
class Answer:
    """What came back: all of it, but for what is random."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def of(cls, response: Any) -> "Answer":
        body = b"".join(response.streaming_content) if response.streaming else response.content
        headers = sorted((name, value) for name, value in response.headers.items() if name not in _UNTOLD)
        return cls(response.status_code, tuple(headers), _RANDOM.sub(rb"\1", body))

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


@dataclass
class Known:
    """Values for the parts of addresses, by the name of the part or by "route:part"; each a list."""

    values: dict[str, list[Any]]
    otherwise: dict[str, list[Any]] = field(
        default_factory=lambda: {"IntConverter": [1, 2], "SlugConverter": ["nothing"], "": ["nothing"]}
    )

    def of(self, name: str, part: str, converter: str) -> list[Any]:
        for key in (f"{name}:{part}", part, f"<{converter}>"):
            if key in self.values:
                return self.values[key]
        return self.otherwise.get(converter, self.otherwise[""])


def patterns(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(name, pattern) of every address."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", entry
        else:
            yield from patterns(entry, f"{space}{entry.namespace}:" if entry.namespace else space)


def addresses(known: Known) -> list[str]:
    """The path of every page, with every known value of each of its parts."""
    found: dict[str, None] = {}
    for name, pattern in patterns():
        choices: list[dict[str, Any]] = [{}]
        parts = dict(pattern.pattern.converters) or dict.fromkeys(pattern.pattern.regex.groupindex)
        for part, converter in parts.items():
            values = known.of(name, part, type(converter).__name__)
            choices = [choice | {part: value} for choice in choices for value in values]
        for choice in choices:
            try:
                found[reverse(name, kwargs=choice)] = None
            except NoReverseMatch:  # an address without a name, or a value that is none for this one
                continue
    return list(found)


def links(pages: Iterable[tuple[str, Answer]], under: tuple[str, ...]) -> set[str]:
    """Addresses with a query that pages lead to: every tab, filter, order and format of a page of ours."""
    found = set()
    for path, answer in pages:
        for raw in _LINK.findall(answer.body):
            link = unescape(raw.decode())
            link = urlsplit(path).path + link if link.startswith("?") else link
            if "?" in link and link.startswith(under):
                found.add(link)
    return found


class Visitor:
    """A person at their browser, or nobody in particular. Whatever looking changes is undone at once."""

    def __init__(self, user: User | None) -> None:
        self._client = Client(raise_request_exception=False)
        if user is not None:
            self._client.force_login(user, backend=BACKEND)
        self._cookies = {name: morsel.value for name, morsel in self._client.cookies.items()}

    def get(self, path: str, *, htmx: bool = False) -> Answer:
        return self._ask("get", path, headers={"HX-Request": "true"} if htmx else {})

    def post(self, path: str, data: dict[str, Any], *, htmx: bool = False) -> Answer:
        """What a form answers, or the page that it leads to."""
        headers = {"HX-Request": "true"} if htmx else {}
        return self._ask("post", path, data=data, headers=headers, follow=True)

    def _ask(self, method: str, path: str, **more: Any) -> Answer:
        with transaction.atomic():
            answer = Answer.of(getattr(self._client, method)(path, **more))
            transaction.set_rollback(True)
        # What one page sets, a message for the next one or a place in a list, must not show on another.
        self._client.cookies = SimpleCookie(self._cookies)
        return answer
