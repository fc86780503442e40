"""The articles: the list of them, each at both reading levels, and each approved version."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Exists
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from articles.models.publication import Address, Publication
from articles.models.replies import PublishedReply
from articles.models.search import IndexedTopic
from articles.reading.addresses import at_address, gone, is_written, live_addresses, without_texts
from articles.reading.asking import question_form
from articles.reading.audience import Audience, audience_of
from articles.reading.citing import in_ama
from articles.reading.follow import follow_form
from articles.reading.freshness import always_ask, unless_unchanged
from articles.reading.links import absolute, article_link
from articles.reading.page_form import titles
from articles.reading.structured import medical_web_page
from articles.reading.versions import LATER_WITHDRAWN, withdrawn_with
from articles.reading.words import Glossary
from articles.states import Level, State, progress

A_PAGE = 20
TOPICS_SHOWN = 12


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The search, the largest topics, and the approved articles, newest update first."""
    slug = request.GET.get("topic", "")
    # Topics were once narrowed down to here; whoever kept such an address is led on.
    if slug and (topic := IndexedTopic.objects.filter(slug=slug[:50].replace("\x00", "")).first()):
        return always_ask(redirect("reading:topic", slug=topic.slug, permanent=True))
    who = audience_of(request)
    page = Paginator(live_addresses(), A_PAGE).get_page(request.GET.get("page"))
    largest = list(IndexedTopic.objects.order_by("-articles", "name")[: TOPICS_SHOWN + 1])
    context = {
        "page_obj": page,
        "topics": largest[:TOPICS_SHOWN],
        "more_topics": len(largest) > TOPICS_SHOWN,
        "prefers_plain": who is not None and who.level == Level.PLAIN,
    }
    response = render(request, "reading/home.html", context)
    patch_vary_headers(response, ["Cookie"])
    return always_ask(response)


@require_safe
@at_address
def article(request: HttpRequest, address: Address, *, level: str) -> HttpResponse:
    """The live publication at one reading level. One query, or two; nothing personal, no cookie.

    At the plain level of an article without a plain-language text: the clinical one, its words explained.
    """
    has_plain: bool = address.has_plain  # type: ignore[attr-defined]
    publication = address.publication
    glossary = Glossary.read() if level == Level.PLAIN and not has_plain else None
    shown = level if glossary is None else Level.CLINICAL
    replies = _replies(address)

    def page() -> HttpResponse:
        context = _article_context(publication, shown, address, has_plain=has_plain)
        if glossary is not None:
            context["rendering"], context["words"] = glossary.explain(context["rendering"])
            context["explained"] = True
        context |= {
            "audiences": Audience.choices,
            "ask_form": question_form(titles(context["rendering"]), level=shown, number=publication.number),
            "days": settings.QUESTION_RETENTION_DAYS,
            "replies": replies,
            "structured": medical_web_page(publication, address.slug, level),
            "follow_form": follow_form(),
            "follow_days": settings.FOLLOW_CONFIRM_DAYS,
        }
        return render(request, "reading/article.html", context)

    stamp = glossary.stamp if glossary else ""
    # An approved answer is never changed, so its key stands for it.
    answered = ",".join(str(reply.pk) for reply in replies)
    return unless_unchanged(request, publication, address.slug, level, stamp, answered, page=page)


def _replies(address: Address) -> list[PublishedReply]:
    """The board's answers to readers of the article, oldest first. No query where there is none."""
    if not address.has_replies:  # type: ignore[attr-defined]
        return []
    return list(PublishedReply.objects.live().filter(article=address.article_id).order_by("reply_id", "pk"))


@require_safe
@at_address
def version(request: HttpRequest, address: Address, *, number: int) -> HttpResponse:
    """One approved version as it was published; `?level=plain` for its plain-language text."""
    level = Level.PLAIN if request.GET.get("level") == Level.PLAIN else Level.CLINICAL
    publication = _approved(address, number, level)
    has_plain = publication.has_plain  # type: ignore[attr-defined]
    if publication.is_gone:  # type: ignore[attr-defined]
        return gone(request, withdrawn_with(publication))
    if level == Level.PLAIN and not has_plain:
        return always_ask(redirect("reading:version", slug=address.slug, number=number))
    live = address.publication

    def page() -> HttpResponse:
        context = _article_context(publication, level, address, has_plain=has_plain)
        context["version_number"] = number
        if publication.number != live.number:
            context["superseded_by"] = {"number": live.number, "slug": address.slug}
        return render(request, "reading/article.html", context)

    return unless_unchanged(request, publication, address.slug, level, "version", page=page)


def _approved(address: Address, number: int, level: str) -> Publication:
    # Numbers beyond the column's range are no versions, and not for the database to choke on.
    found = (
        Publication.objects.filter(article=address.article_id, number=number)
        .defer(*without_texts(but=level))
        .annotate(is_gone=Exists(LATER_WITHDRAWN), has_plain=is_written("plain"))
        .first()
        if number <= 2**31 - 1
        else None
    )
    if found is None:
        raise Http404("There is no such approved version.")
    return found


def _article_context(
    publication: Publication, level: str, address: Address, *, has_plain: bool
) -> dict[str, Any]:
    """What templates/reading/article.html needs; the office makes the same for a preview."""
    number = publication.number
    compared = reverse("reading:compare", args=[address.slug]) + f"?from={number - 1}&to={number}"
    return {
        "publication": publication,
        "rendering": publication.rendering(level),
        "level": str(level),
        "has_plain": has_plain,
        "steps": progress(State.APPROVED),
        "pending": False,
        "address": address.slug,
        "superseded_by": None,
        "canonical": article_link(address.slug, level),
        "permanent": absolute("version", address.slug, number),
        "citation": in_ama(publication, address.slug),
        "changes_url": f"{compared}&level={level}" if number > 1 else "",
    }
