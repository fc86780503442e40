"""Atom feeds of approvals: what the board approved last, in all and by topic, with what changed."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_safe

from articles.content.changes import in_words
from articles.models.publication import Address, Publication
from articles.reading.addresses import live_addresses
from articles.reading.citing import SITE
from articles.reading.follow import topic_name
from articles.reading.freshness import by_content
from articles.reading.links import absolute, article_link

ENTRIES = 50


@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """The newest approvals of all articles."""
    return _feed(request, "Approved at NetReview", absolute("home"), live_addresses())


@require_safe
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    """The newest approvals on one topic."""
    name = topic_name(topic)
    if not name:
        raise Http404("There is no approved article on such a topic.")
    about = live_addresses().filter(publication__topic_slug=topic)
    return _feed(request, f"Approved at NetReview: {name}", f"{absolute('home')}?topic={topic}", about)


def _feed(request: HttpRequest, title: str, link: str, addresses: QuerySet[Address]) -> HttpResponse:
    entries = list(addresses[:ENTRIES])
    feed = Atom1Feed(
        title=title,
        link=link,
        description=None,
        subtitle="Clinical questions, answered and signed by a Medical Advisory Board. For education only.",
        language="en",
        author_name=SITE,
        feed_url=absolute("feed").removesuffix(reverse("reading:feed")) + request.path,
        feed_guid=absolute("feed").removesuffix(reverse("reading:feed")) + request.path,
    )
    for address in entries:
        _add(feed, address)
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return by_content(request, response)


def _add(feed: Atom1Feed, address: Address) -> None:
    publication = address.publication
    feed.add_item(
        title=publication.question,
        link=article_link(address.slug),
        # An approval and not an article is what happens: the next version is another entry.
        unique_id=absolute("version", address.slug, publication.number),
        description=_in_html(publication),
        author_name=", ".join(publication.authors),
        pubdate=publication.published_at,
        updateddate=publication.published_at,
        categories=[publication.topic_name] if publication.topic_name else [],
    )


def _in_html(publication: Publication) -> str:
    signed = "; ".join(
        ", ".join(filter(None, (approver["name"], approver.get("credentials"))))
        for approver in publication.approvers
    )
    what = "New article" if publication.number == 1 else f"Version {publication.number}"
    words = format_html(
        "<p>{}</p><p>{}, approved by {}.</p>", publication.summary, what, signed or "the board"
    )
    lines = in_words(publication.changes) if publication.changes else []
    if lines:
        items = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
        words += format_html("<p>What changed:</p><ul>{}</ul>", items)
    # Atom is XML, in which no such character may stand, however it is written.
    return "".join(character for character in words if character >= " " or character in "\t\n")
