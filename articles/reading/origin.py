"""Did this request begin on our own pages? The check behind forms that stand on cacheable pages.

A page that anybody may cache can hold no token and set no cookie. Browsers say where a POST comes from, and a
page of another site cannot make them say anything else.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


def began_here(request: HttpRequest) -> bool:
    """Whether the browser says so. Without its word the answer is no."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        return urlsplit(source).netloc == request.get_host()
    except ValueError:  # not an address at all
        return False


def posted_from_here(view: View) -> View:
    """In place of Django's token: refuse a POST (403) that did not begin on this site."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not began_here(request):
            raise PermissionDenied("This form was not sent from a page of this site.")
        return view(request, *args, **kwargs)

    return csrf_exempt(checked)
