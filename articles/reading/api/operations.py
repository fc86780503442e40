"""The operations of the API: each reads publications and nothing else."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponsePermanentRedirect
from ninja import NinjaAPI, Query
from pydantic import AwareDatetime

from articles.content.export import csl
from articles.models.publication import Address, Publication
from articles.reading.addresses import addresses, live_addresses
from articles.reading.api import making, shapes
from articles.reading.api.answers import Refusal, documented, handle_errors
from articles.reading.api.cursor import page_after
from articles.reading.citing import cited
from articles.reading.links import absolute
from articles.reading.versions import approved, withdrawn_with
from articles.retrieval.passages import passages as best_passages

Slug = Annotated[str, Query(max_length=50, pattern=r"^[-a-zA-Z0-9_]+$")]
_BEGINNING, _END = 1900, 9000  # years that every database can hold

api = NinjaAPI(
    title="NetReview",
    version="1",
    description="Approved articles for other programs. Read only, no key needed, and nothing unapproved in "
    "it: a retired article answers 410 from the moment in which it is retired. For education only.",
    docs_url=None,
    urls_namespace="api",
    servers=[{"url": settings.SITE_URL}],
)
handle_errors(api)


@api.get(
    "/articles",
    response=shapes.ArticleList,
    url_name="articles",
    operation_id="list_articles",
    openapi_extra=documented(),
)
def articles(
    request: HttpRequest,
    topic: Slug | None = None,
    updated_since: AwareDatetime | None = None,
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Any:
    """Live articles, newest approval first; with updated_since, those approved at that time or later."""
    rows = live_addresses()
    if topic is not None:
        rows = rows.filter(publication__topic_slug=topic)
    if updated_since is not None and updated_since.year >= _BEGINNING:
        after = updated_since.year < _END
        rows = rows.filter(publication__published_at__gte=updated_since) if after else rows.none()
    found, following = page_after(rows, cursor, limit)
    asked = {"topic": topic, "updated_since": updated_since and updated_since.isoformat(), "limit": limit}
    query = urlencode({name: value for name, value in asked.items() if value} | {"cursor": following})
    return {
        "items": [making.summary(address) for address in found],
        "next": f"{absolute('api:articles')}?{query}" if following else None,
    }


@api.get(
    "/articles/{slug:slug}",
    response=shapes.Article,
    url_name="article",
    operation_id="get_article",
    openapi_extra=documented(404, 410),
)
def article(request: HttpRequest, slug: str) -> Any:
    """One live article with its texts."""
    address = _at(slug)
    if address.moved_to is not None:
        return HttpResponsePermanentRedirect(absolute("api:article", address.moved_to.slug))
    return making.article(_with_texts(address, address.publication.number), address.slug)


@api.get(
    "/articles/{slug:slug}/versions",
    response=shapes.Versions,
    url_name="versions",
    operation_id="list_versions",
    openapi_extra=documented(404, 410),
)
def versions(request: HttpRequest, slug: str) -> Any:
    """Every approved version of a live article, newest first."""
    address = _at(slug)
    if address.moved_to is not None:
        return HttpResponsePermanentRedirect(absolute("api:versions", address.moved_to.slug))
    return {"items": [making.version(each, address.slug) for each in approved(address)]}


@api.get(
    "/articles/{slug:slug}/versions/{int:number}",
    response=shapes.Article,
    url_name="version",
    operation_id="get_version",
    openapi_extra=documented(404, 410),
)
def version(request: HttpRequest, slug: str, number: int) -> Any:
    """One approved version as it was published."""
    address = _at(slug)
    if address.moved_to is not None:
        return HttpResponsePermanentRedirect(absolute("api:version", address.moved_to.slug, number))
    return making.article(_with_texts(address, number), address.slug)


@api.get(
    "/articles/{slug:slug}/references",
    response=shapes.References,
    url_name="references",
    operation_id="list_references",
    openapi_extra=documented(404, 410),
)
def references(request: HttpRequest, slug: str) -> Any:
    """What the live version cites, as CSL-JSON."""
    address = _at(slug)
    if address.moved_to is not None:
        return HttpResponsePermanentRedirect(absolute("api:references", address.moved_to.slug))
    return {"items": [csl(record) for record in cited(address.publication_id)]}


@api.get(
    "/topics",
    response=shapes.Topics,
    url_name="topics",
    operation_id="list_topics",
    openapi_extra=documented(),
)
def topics(request: HttpRequest) -> Any:
    """The topics that have a live article, by name."""
    named = (
        Publication.objects.live()
        .exclude(topic_slug="")
        .order_by("topic_name", "topic_slug")
        .values("topic_slug", "topic_name")
        .annotate(articles=Count("pk"), updated_at=Max("published_at"))
    )
    # A topic that was renamed has its new name, from its newest article.
    merged: dict[str, dict[str, Any]] = {}
    for each in sorted(named, key=lambda row: row["updated_at"]):
        slug = each["topic_slug"]
        before = merged.get(slug, {"articles": 0})
        merged[slug] = {
            "slug": slug,
            "name": each["topic_name"],
            "articles": before["articles"] + each["articles"],
            "updated_at": each["updated_at"],
            "feed": absolute("topic_feed", slug),
        }
    return {"items": sorted(merged.values(), key=lambda topic: topic["name"])}


@api.get(
    "/passages",
    response=shapes.Passages,
    url_name="passages",
    operation_id="find_passages",
    openapi_extra=documented(),
)
def passages(
    request: HttpRequest,
    q: str = "",
    level: Literal["clinical", "plain"] = "clinical",
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> Any:
    """The statements of live articles that best answer a question in anybody's words, best first."""
    found = best_passages(q, level, limit)
    return {"count": len(found), "results": [making.passage(each) for each in found]}


def _at(slug: str) -> Address:
    """The address, current or old, of a live article. Raises Refusal: 404, or 410 with the public notice."""
    address = addresses().filter(slug=slug).first()
    if address is None:
        raise Refusal(404, "There is no article at this address.")
    if not address.publication.is_live:
        raise _gone(address.publication)
    return address


def _with_texts(address: Address, number: int) -> Publication:
    found = approved(address).filter(number=number).defer(None).first() if number < 2**31 else None
    if found is None:
        raise Refusal(404, "There is no such approved version.")
    if found.is_gone:  # type: ignore[attr-defined]
        raise _gone(withdrawn_with(found))
    return found


def _gone(publication: Publication) -> Refusal:
    ended = publication.ended_at.isoformat() if publication.ended_at else None
    return Refusal(410, "It was retired.", notice=publication.notice, retired_at=ended)
