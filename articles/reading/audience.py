"""Who is reading: one answer in one first-party cookie, and the reading level that follows from it."""

from django.conf import settings
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from articles.models.publication import Address
from articles.reading.addresses import addresses
from articles.reading.origin import posted_from_here
from articles.states import Level

COOKIE = "audience"
_YEAR = 365 * 24 * 60 * 60


class Audience(TextChoices):
    PATIENT = "patient", "Patient or caregiver"
    STUDENT = "student", "Student"
    PROFESSIONAL = "professional", "Healthcare professional"
    RESEARCHER = "researcher", "Researcher"

    @property
    def level(self) -> Level:
        """The reading level that this reader is led to. Both stay one choice away."""
        return Level.PLAIN if self in (Audience.PATIENT, Audience.STUDENT) else Level.CLINICAL


def audience_of(request: HttpRequest) -> Audience | None:
    """What the reader said of themselves, if they did. A page that asks this varies with the cookie."""
    said = request.COOKIES.get(COOKIE, "")
    return Audience(said) if said in Audience.values else None


@posted_from_here
@require_http_methods(["GET", "HEAD", "POST"])
def audience(request: HttpRequest) -> HttpResponse:
    """Ask who is reading; remember the answer and lead to the article, if one is named, at that level."""
    data = request.POST if request.method == "POST" else request.GET
    address = _named(data.get("article", ""))
    said = request.POST.get("audience")
    if said not in Audience.values:
        context = {"audiences": Audience.choices, "address": address, "current": audience_of(request)}
        response = render(
            request, "reading/audience.html", context, status=400 if request.method == "POST" else 200
        )
        response.headers["Cache-Control"] = "private, no-store"
        return response
    chosen = Audience(said)
    response = redirect(_target(address, chosen.level))
    response.status_code = 303
    response.set_cookie(
        COOKIE, chosen.value, max_age=_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def _named(slug: str) -> Address | None:
    # A null byte is in no slug, and PostgreSQL would stumble over it.
    return addresses().filter(slug=slug).first() if slug.isprintable() else None


def _target(address: Address | None, level: Level) -> str:
    """Where the article stands at that level. An old address leads on by itself, a withdrawn one says so."""
    if address is None:
        return reverse("reading:home")
    return reverse("reading:plain" if level == Level.PLAIN else "reading:article", args=[address.slug])
