"""Cite this article, and take its references along: AMA in words, BibTeX, RIS and CSL-JSON as files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.content.export import FORMATS
from articles.content.records import Record, by_key
from articles.content.references import ama
from articles.models.publication import Address, Publication
from articles.reading.addresses import at_address
from articles.reading.freshness import by_content
from articles.reading.links import absolute

SITE = "NetReview"


def citation_record(publication: Publication, slug: str) -> Record:
    """The publication itself as a CSL-JSON record. It names the version, at the address that will keep it."""
    day = timezone.localdate(publication.published_at)
    return {
        "id": f"netreview-{slug}-{publication.number}"[:64],
        "type": "webpage",
        "title": publication.question,
        # One name as shown, in whatever order its culture has: it is not ours to part.
        "author": [{"literal": name} for name in publication.authors],
        "container-title": SITE,
        "publisher": SITE,
        "version": str(publication.number),
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "URL": absolute("version", slug, publication.number),
        "language": "en",
    }


def in_ama(publication: Publication, slug: str) -> str:
    """The citation as HTML in AMA style. The day on which it was read is for the reader to add."""
    record = citation_record(publication, slug)
    return f"{ama(record)} Version {publication.number}. {record['URL']}"


@require_safe
@at_address
def cite(request: HttpRequest, address: Address, *, form: str) -> HttpResponse:
    """The citation of the live version as a file: cite.bib, cite.ris or cite.json."""
    return _file(
        request, [citation_record(address.publication, address.slug)], form, f"netreview-{address.slug}"
    )


@require_safe
@at_address
def references(request: HttpRequest, address: Address, *, form: str) -> HttpResponse:
    """The references that the live version cites, in the order of their numbers."""
    return _file(request, cited(address.publication_id), form, f"netreview-{address.slug}-references")


def cited(publication_id: int) -> list[Record]:
    """The records that a publication cites: as numbered in the clinical text, then those of the plain one."""
    found: Any = Publication.objects.values("references", "clinical__references", "plain__references").get(
        pk=publication_id
    )
    records = by_key(found["references"])
    listed = [*(found["clinical__references"] or []), *(found["plain__references"] or [])]
    return [records[key] for key in dict.fromkeys(each["key"] for each in listed) if key in records]


def _file(request: HttpRequest, records: list[Record], form: str, name: str) -> HttpResponse:
    if form not in FORMATS:
        raise Http404("There is no such format.")
    media_type, write = FORMATS[form]
    response = HttpResponse(write(records), content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return by_content(request, response)
