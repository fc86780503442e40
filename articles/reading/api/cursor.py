"""A page of a list, and where the next one begins: right also when articles are approved in between."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from django.db.models import Q, QuerySet

from articles.models.publication import Address
from articles.reading.api.answers import Refusal

Place = tuple[datetime, int]


def page_after(rows: QuerySet[Address], cursor: str, limit: int) -> tuple[list[Address], str]:
    """At most `limit` addresses after the cursor, newest approval first, and the next cursor ("" at the end).

    rows: in the order of `live_addresses`. Raises Refusal for a cursor that is none. One query.
    """
    if cursor:
        at, pk = _read(cursor)
        rows = rows.filter(
            Q(publication__published_at__lt=at) | Q(publication__published_at=at, publication__lt=pk)
        )
    found = list(rows[: limit + 1])
    if len(found) <= limit:
        return found, ""
    last = found[limit - 1].publication
    return found[:limit], _write((last.published_at, last.pk))


def _write(place: Place) -> str:
    return urlsafe_b64encode(json.dumps([place[0].isoformat(), place[1]]).encode()).decode().rstrip("=")


def _read(cursor: str) -> Place:
    try:
        at, pk = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        place = datetime.fromisoformat(at), int(pk)
        if place[0].tzinfo is None or not 0 <= place[1] < 2**63 or not 1900 < place[0].year < 9000:
            raise ValueError
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Refusal(422, "This cursor was not made here. Begin again without one.") from error
    return place
