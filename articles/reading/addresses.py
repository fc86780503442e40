"""From the slug in an address to the live publication there, in one query; and what stands there if none."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import ResolverMatch, reverse

from articles.models.publication import Address, Publication
from articles.models.replies import PublishedReply
from articles.reading.freshness import always_ask
from articles.states import PublicationStatus

View = Callable[..., HttpResponse]

_REPLIES = PublishedReply.objects.live().filter(article=OuterRef("article"))

# The columns that hold whole texts: megabytes at the design size. A page reads the one it shows.
TEXTS = ("clinical", "plain", "references")


def without_texts(prefix: str = "", *, but: str = "") -> list[str]:
    """Names to defer so that no text is read, or only that of the reading level `but` and its references."""
    kept = {but, "references"} if but else set()
    return [prefix + name for name in TEXTS if name not in kept]


def is_written(field: str) -> ExpressionWrapper:
    """Whether a JSON column holds anything, asked of the database so that the column need not be read."""
    return ExpressionWrapper(Q(**{f"{field}__isnull": False}), output_field=BooleanField())


def addresses(level: str = "") -> QuerySet[Address]:
    """Addresses with the publication there and `.has_plain`; of its texts only the one of `level` is read.

    With a level also `.has_replies`: whether the board answered readers under the article.
    """
    found = (
        Address.objects.select_related("publication", "moved_to")
        .defer(*without_texts("publication__", but=level))
        .annotate(has_plain=is_written("publication__plain"))
    )
    return found.annotate(has_replies=Exists(_REPLIES)) if level else found


def live_addresses() -> QuerySet[Address]:
    """For lists: each live article at its current address, newest update first."""
    return (
        addresses()
        .filter(moved_to__isnull=True, publication__status=PublicationStatus.LIVE)
        .order_by("-publication__published_at", "-publication__pk")
    )


def at_address(view: View) -> View:
    """Give the view the Address in place of the slug; answer here where there is no live article.

    Unknown: 404. Old: a permanent redirect that keeps the tail of the address. Withdrawn: 410.
    Every page under an article's address goes through here, so that none can outlive the article.
    """

    @wraps(view)
    def found(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        address = addresses(str(kwargs.get("level", ""))).filter(slug=slug).first()
        if address is None:
            raise Http404("There is no article at this address.")
        # A form that was open while the article moved still arrives: a redirect would lose what it holds.
        if address.moved_to is not None and request.method != "POST":
            return _moved(request, address.moved_to.slug)
        if not address.publication.is_live:
            return gone(request, address.publication)
        return view(request, address, **kwargs)

    return found


def gone(request: HttpRequest, publication: Publication) -> HttpResponse:
    """The public notice where a withdrawn text stood."""
    return always_ask(render(request, "410.html", {"publication": publication}, status=410))


def _moved(request: HttpRequest, slug: str) -> HttpResponse:
    match = request.resolver_match
    assert isinstance(match, ResolverMatch)  # noqa: S101 - a view runs only after resolving
    kwargs = (match.captured_kwargs or {}) | {"slug": slug}  # type: ignore[attr-defined]
    query = request.META.get("QUERY_STRING", "")
    target = reverse(match.view_name, kwargs=kwargs) + (f"?{query}" if query else "")
    # An article may return to an address it had before; a redirect kept for ever would then lead in a circle.
    return always_ask(HttpResponsePermanentRedirect(target))
