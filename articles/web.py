"""What the views of every door share: who may enter, refusals as answers, text that is never lost."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from articles import queries
from articles.models import Article, User
from articles.workflow import WorkflowError, may_read

View = Callable[..., HttpResponse]


class OfficeRequest(HttpRequest):
    """A request inside the office: somebody is logged in, and htmx may be asking for a part of the page."""

    user: User
    htmx: HtmxDetails


class Page(Protocol):
    """A view that can show an article's page again with a refusal on it."""

    def __call__(
        self, request: OfficeRequest, pk: int, *, refusal: WorkflowError | None = None, status: int = 200
    ) -> HttpResponse: ...


def office(request: HttpRequest) -> dict[str, Any]:
    """Context of the office's pages: unread messages (counted only where shown), and whether it is a demo."""
    return {
        "unread": SimpleLazyObject(lambda: queries.unread(request.user)),
        "demo": settings.DEMO,
    }


def insiders(*roles: str) -> Callable[[View], View]:
    """Let in who is logged in and has one of `roles` (names of User's is_… properties); all when empty.

    Somebody whose session ended while they wrote gets their text back, not a login page in its place.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                if request.method == "POST":
                    return kept(request, "You are no longer signed in.", status=401)
                return redirect_to_login(request.get_full_path())
            if roles and not any(getattr(request.user, role) for role in roles):
                raise PermissionDenied("This part of the office is not open to your account.")
            return view(request, *args, **kwargs)

        return entered

    return decorate


def article_or_404(user: User, pk: int) -> Article:
    """The article, if this person may know of it. To everyone else it does not exist."""
    article = queries.one_article(pk).first()
    if article is None or not may_read(article, user):
        raise Http404("There is no such article, or it is not open to you.")
    return article


def image_address(pk: int, name: str) -> str:
    """Where those who may read the article see one of its images, approved or not."""
    return f"{images_at(pk)}{name}.webp"


def images_at(pk: int) -> str:
    """The part of these addresses before the name."""
    return reverse("office:figure", args=[pk, "x"]).removesuffix("x.webp")


def shows_workflow_errors(page: Page) -> Callable[[View], View]:
    """A step that the workflow refuses shows `page` again: what happened, what blocks, nothing typed lost."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: OfficeRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
            article_or_404(request.user, pk)
            try:
                return view(request, pk, *args, **kwargs)
            except WorkflowError as refusal:
                return page(request, pk, refusal=refusal, status=refusal.status)

        return answered

    return decorate


def number_posted(request: HttpRequest, name: str) -> int:
    """A number that our own forms always send; a hand-made form without it is told so (400)."""
    value = request.POST.get(name, "")
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise BadRequest(f"The form names no {name}.")
    return int(value)


def own_path(path: str, otherwise: str) -> str:
    """The path that a form names as its way back, without its anchor, if it is one of ours."""
    path = path.partition("#")[0]
    ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if ours else otherwise


# Never repeated on a page, whatever form they came in.
_SECRET = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword"}


def kept(request: HttpRequest, why: str, *, status: int) -> HttpResponse:
    """A page that holds everything just typed, and sends it again to where it was going."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _SECRET
        for value in values
        if isinstance(value, str)
    ]
    context = {"why": why, "fields": fields, "action": request.get_full_path()}
    response = render(request, "office/kept.html", context, status=status)
    # A script that asked for a part of a page sends its form again as a whole, and shows this page instead.
    response["X-Kept"] = "yes"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is out of date (logged in elsewhere meanwhile) comes back filled in.

    Only a form of our own: a page that another site sent is refused without repeating a word of it.
    """
    if _is_ours(request) and request.POST:
        return kept(request, "Your session changed while this page was open.", status=403)
    return render(request, "403.html", {"exception": "The form did not come from this site."}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that could not be read at all: too large, or not made by a form of ours."""
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    why = str(exception) if isinstance(exception, BadRequest) else ""
    context = {"too_much": too_much, "megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2, "why": why}
    return render(request, "400.html", context, status=413 if too_much else 400)


def _is_ours(request: HttpRequest) -> bool:
    """Whether the browser says the request began on this site. Without its word, it did not."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(origin).netloc == request.get_host()
