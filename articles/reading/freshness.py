"""What caches may do with a page: keep it, and ask each time. What is retired is gone at the next request."""

import hashlib
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control

from articles.models.publication import Publication

# All that shapes a page beside its publication, relative to the project.
_SHAPES = (
    "templates/base.html",
    "templates/components/*.html",
    "templates/reading/*.html",
    "articles/reading/*.py",
    "articles/templatetags/*.py",
)


def always_ask(response: HttpResponse) -> HttpResponse:
    """Anybody may keep this page, and must ask whether it still holds before showing it again."""
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    return response


def unless_unchanged(
    request: HttpRequest, publication: Publication, *context: object, page: Callable[[], HttpResponse]
) -> HttpResponse:
    """The page, or 304 without rendering it when the reader's copy is still good.

    context: whatever else the page shows that the seal does not cover (its address, the reading level…).
    """
    etag = _etag(publication, context)
    response = get_conditional_response(request, etag=etag) or page()
    response.headers["ETag"] = etag
    return always_ask(response)


def by_content(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """For what is made anew each time: 304 when the reader's copy has the same bytes."""
    etag = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    return always_ask(get_conditional_response(request, etag=etag, response=response) or response)


def _etag(publication: Publication, context: tuple[object, ...]) -> str:
    parts = (
        publication.seal,
        publication.reviewed_at,
        publication.next_review_due,
        publication.is_review_overdue,
        publication.status,
        publication.ended_at,
        *context,
        settings.QUESTION_RETENTION_DAYS,
        settings.FOLLOW_CONFIRM_DAYS,
        settings.SITE_URL,
        settings.TIME_ZONE,
        _appearance() if not settings.DEBUG else _read_appearance(),
    )
    digest = hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()
    # Weak: a front server may compress the same page in several ways.
    return f'W/"{digest[:32]}"'


@cache
def _appearance() -> str:
    """Once per process: a new release starts new processes."""
    return _read_appearance()


def _read_appearance() -> str:
    """SHA-256 (hex) over templates and code that make the page, and the names of its styles and scripts."""
    digest = hashlib.sha256(str(getattr(staticfiles_storage, "manifest_hash", "")).encode())
    for pattern in _SHAPES:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()
