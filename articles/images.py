"""An image as an answer, for readers and for the office: its bytes, or that the copy at hand is good."""

from collections.abc import Callable

from csp.constants import NONE, SELF
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

# A browser that shows an image alone lays it out with styles of its own, and with nothing else.
_ALONE = {"default-src": [NONE], "img-src": [SELF], "style-src": ["'unsafe-inline'"]}


def image_response(request: HttpRequest, name: str, data: Callable[[], bytes | memoryview]) -> HttpResponse:
    """The image of that name; 304 without asking for its `data` when the browser has it.

    The name is the digest of the bytes, so it is their strong ETag. Who may keep it is the caller's to say.
    """
    etag = f'"{name}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(bytes(data()), content_type="image/webp")
    response.headers["ETag"] = etag
    response._csp_replace = _ALONE  # type: ignore[attr-defined]
    assert isinstance(response, HttpResponse)  # noqa: S101 - what Django answers to a condition is one
    return response
