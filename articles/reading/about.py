"""Who answers for what is read: the Medical Advisory Board, and the editorial policy with its rules."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.content.sanitise import sanitise
from articles.models.board import BoardMember, EditorialPolicy
from articles.models.policy import Interest, ReviewPolicy, policy_for
from articles.reading.addresses import live_addresses
from articles.reading.freshness import always_ask
from articles.reading.structured import profile_page
from articles.states import PublicationStatus

A_PAGE = 20


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Who serves on the board today, and who did."""
    today = timezone.localdate()
    live = Count("publications", filter=Q(publications__status=PublicationStatus.LIVE))
    context = {
        "serving": BoardMember.objects.serving(today).annotate(signed=live),
        "former": BoardMember.objects.filter(term_to__lt=today)
        .annotate(signed=live)
        .order_by("-term_to", "name"),
    }
    return always_ask(render(request, "reading/board.html", context))


@require_safe
def member(request: HttpRequest, slug: str) -> HttpResponse:
    """One member, serving or former, with their running interests and the live articles they approved."""
    person = get_object_or_404(BoardMember, slug=slug, term_from__lte=timezone.localdate())
    approved = live_addresses().filter(publication__approved_by=person)
    context = {
        "member": person,
        "interests": Interest.objects.filter(member=person.user_id).running(timezone.localdate()),
        "structured": profile_page(person),
        "page_obj": Paginator(approved, A_PAGE).get_page(request.GET.get("page")),
    }
    return always_ask(render(request, "reading/member.html", context))


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """The policy's prose beside the rules that the code enforces, with the numbers it enforces them by."""
    written = EditorialPolicy.objects.first()
    review = policy_for(None)
    own = ReviewPolicy.objects.filter(topic__isnull=False).select_related("topic")
    context = {
        "policy": written,
        "number": _policies().count(),
        # Editors write it in a form of their own; nothing reaches readers unsanitised, whoever wrote it.
        "body": sanitise(written.body) if written else "",
        "review": review,
        "topics": [(each.topic, each.in_words()) for each in own],
        "days": settings.QUESTION_RETENTION_DAYS,
        "follow_days": settings.FOLLOW_CONFIRM_DAYS,
    }
    return always_ask(render(request, "reading/policy.html", context))


@require_safe
def policy_versions(request: HttpRequest) -> HttpResponse:
    """Every text that the policy had, newest first, with the day from which it held."""
    page = Paginator(_policies().order_by("-history_id"), A_PAGE).get_page(request.GET.get("page"))
    first = page.paginator.count - page.start_index() + 1
    numbered = [(first - place, each) for place, each in enumerate(page)]
    context = {"page_obj": page, "versions": numbered, "latest": page.paginator.count}
    return always_ask(render(request, "reading/policy_versions.html", context))


@require_safe
def policy_version(request: HttpRequest, number: int) -> HttpResponse:
    """One text of the policy as it was, and how long it held."""
    # One more than is asked for: the day the next one came is the day on which this one went.
    found = list(_policies().order_by("history_id")[number - 1 : number + 1]) if 0 < number < 2**31 else []
    if not found:
        raise Http404("The policy has no such version.")
    context = {
        "number": number,
        "version": found[0],
        "until": found[1].updated_at if len(found) > 1 else None,
        # Cleaned again: an old text was saved under older rules.
        "body": sanitise(found[0].body),
    }
    return always_ask(render(request, "reading/policy_version.html", context))


def _policies() -> Any:
    """The texts that the policy had, with their dates; who saved them is not for readers."""
    return EditorialPolicy.history.exclude(history_type="-").only("body", "updated_at")
