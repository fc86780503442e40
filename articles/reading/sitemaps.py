"""What search engines are told: every live address with the day it last changed, and where not to look."""

from collections.abc import Iterator
from datetime import datetime
from html import escape
from itertools import chain

from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models.board import BoardMember, EditorialPolicy
from articles.models.publication import Address, Publication
from articles.reading.addresses import is_written
from articles.reading.freshness import by_content
from articles.reading.links import absolute
from articles.states import PublicationStatus

# Each article may have two addresses, and the protocol allows 50,000 of them in one file.
ARTICLES_A_PART = 20_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Behind these stands a login.
_CLOSED = ("/office/", "/write/", "/review/", "/desk/", "/accounts/", "/admin/")

Entry = tuple[str, datetime | None]
Entries = Iterator[Entry] | list[Entry]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list of the parts: other pages, then the articles by thousands."""
    count = _articles().count()
    latest = _latest()
    parts: list[Entry] = [(absolute("sitemap_pages"), latest)]
    for part in range(-(-count // ARTICLES_A_PART)):
        start = part * ARTICLES_A_PART
        inside = _articles()[start : start + ARTICLES_A_PART].aggregate(at=Max("publication__reviewed_at"))
        parts.append((absolute("sitemap_articles", part + 1), inside["at"]))
    return _xml(request, "sitemapindex", "sitemap", parts)


@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    """Everything that is not an article. A page whose last change nobody knows says none."""
    policy = EditorialPolicy.objects.values_list("updated_at", flat=True).first()
    members = BoardMember.objects.filter(term_from__lte=timezone.localdate()).order_by("slug")
    entries: Entries = chain(
        [(absolute("home"), _latest()), (absolute("board"), None), (absolute("policy"), policy)],
        ((absolute("member", slug), None) for slug in members.values_list("slug", flat=True)),
    )
    return _xml(request, "urlset", "url", entries)


@require_safe
def articles(request: HttpRequest, part: int) -> HttpResponse:
    """Live articles at their current addresses, at both reading levels."""
    start = (part - 1) * ARTICLES_A_PART
    if part < 1 or start > 2**31:
        raise Http404("There is no such part.")
    rows = list(
        _articles()
        .annotate(has_plain=is_written("publication__plain"))
        .values_list("slug", "publication__reviewed_at", "has_plain")[start : start + ARTICLES_A_PART]
    )
    if not rows:
        raise Http404("There is no such part.")
    # Resolving each of thousands of addresses would take longer than all the rest.
    article, plain = absolute("article", "SLUG"), absolute("plain", "SLUG")

    def entries() -> Iterator[Entry]:
        for slug, changed, has_plain in rows:
            yield article.replace("SLUG", slug), changed
            if has_plain:
                yield plain.replace("SLUG", slug), changed

    return _xml(request, "urlset", "url", entries())


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read by anybody's program. Superseded versions say on the page: noindex."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in _CLOSED),
        "",
        f"Sitemap: {absolute('sitemap')}",
        "",
    ]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    return by_content(request, response)


def _articles() -> QuerySet[Address]:
    return Address.objects.filter(moved_to__isnull=True, publication__status=PublicationStatus.LIVE).order_by(
        "pk"
    )


def _latest() -> datetime | None:
    """When the list of articles last changed: an approval, a reaffirmation or a retirement."""
    times = Publication.objects.aggregate(reviewed=Max("reviewed_at"), ended=Max("ended_at"))
    return max((at for at in times.values() if at is not None), default=None)


def _xml(request: HttpRequest, root: str, element: str, entries: Entries) -> HttpResponse:
    body = "".join(
        f"<{element}><loc>{escape(address)}</loc>"
        + (f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else "")
        + f"</{element}>\n"
        for address, changed in entries
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n{body}</{root}>\n'
    response = HttpResponse(text, content_type="application/xml; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex"
    return by_content(request, response)
