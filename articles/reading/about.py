"""Who answers for what is read: the Medical Advisory Board, and the editorial policy with its rules."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.content.sanitise import sanitise
from articles.models.board import BoardMember, EditorialPolicy
from articles.models.policy import Interest, ReviewPolicy, policy_for
from articles.reading.addresses import live_addresses
from articles.reading.freshness import always_ask

A_PAGE = 20


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Who serves on the board today, and who did."""
    today = timezone.localdate()
    context = {
        "serving": BoardMember.objects.serving(today),
        "former": BoardMember.objects.filter(term_to__lt=today).order_by("-term_to", "name"),
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
        # Editors write it in a form of their own; nothing reaches readers unsanitised, whoever wrote it.
        "body": sanitise(written.body) if written else "",
        "review": review,
        "topics": [(each.topic, each.in_words()) for each in own],
        "days": settings.QUESTION_RETENTION_DAYS,
    }
    return always_ask(render(request, "reading/policy.html", context))
