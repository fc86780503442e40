"""The passages for a question as JSON, for whoever builds on them."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from articles.reading.freshness import always_ask
from articles.retrieval.passages import Passage, passages
from articles.states import Level

MOST = 50


@require_safe
def passages_json(request: HttpRequest) -> JsonResponse:
    """`?q=…&level=clinical|plain&limit=10` (1 to 50); 422 for a level or a limit that is none."""
    level = request.GET.get("level", Level.CLINICAL)
    limit = request.GET.get("limit", "10")
    if level not in [known.value for known in Level]:
        return JsonResponse({"detail": "level is clinical or plain"}, status=422)
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:4]) <= MOST):
        return JsonResponse({"detail": f"limit is a number from 1 to {MOST}"}, status=422)
    found = passages(request.GET.get("q", ""), level, int(limit))
    response = JsonResponse({"count": len(found), "results": [_as_json(one) for one in found]})
    always_ask(response)
    return response


def _as_json(passage: Passage) -> dict[str, Any]:
    return asdict(passage) | {"url": settings.SITE_URL + passage.path}
