"""Finding an article by its words: results with snippets, and suggestions while somebody types."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from articles.content.statements import SUMMARY
from articles.content.terms import fold, marked, stem, stems, words
from articles.models.publication import Address
from articles.models.search import IndexedArticle, IndexedTopic, Passage, Term, TopicName
from articles.reading.addresses import live_addresses
from articles.reading.audience import audience_of
from articles.reading.freshness import always_ask
from articles.reading.snippets import Pieces, snippet
from articles.retrieval import ranking
from articles.retrieval.query import Query, understand
from articles.retrieval.ranking import Found, Statement
from articles.states import Level

A_PAGE = 10
MOST = 300  # results; nobody reads on to a later one
LEAST = 0.45  # of what the best say: an article that says less shares but common words with the question
TOPICS_OFFERED, ARTICLES_SUGGESTED = 6, 6


@dataclass(frozen=True, slots=True)
class Result:
    """One article as the list of results shows it."""

    address: Address
    question: Pieces
    text: Pieces
    section: str
    anchor: str
    is_plain: bool


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Articles that answer `?q=`, best first; `&topic=` one topic, `&plain=1` with a plain-language text.

    At most 12 queries, however many results.
    """
    query = understand(request.GET.get("q", ""))
    slug = request.GET.get("topic", "")[:50].replace("\x00", "")
    topic = IndexedTopic.objects.filter(slug=slug).first() if slug else None
    plain = request.GET.get("plain") == "1"
    found = _strong(query, ranking.publications(query, limit=MOST))
    topics, with_plain = _facets(found)
    if topic is not None or plain:
        slug = topic.slug if topic else ""
        found = _strong(query, ranking.publications(query, topic=slug, plain=plain, limit=MOST))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    who = audience_of(request)
    results = _results(
        query, page, Level.PLAIN if plain or (who and who.level == Level.PLAIN) else Level.CLINICAL
    )
    context = {
        "query": query,
        "plain": plain,
        "most": MOST,
        "page_obj": page,
        "results": results,
        "mended": _mended(query, results),
        "topic": topic,
        "topic_named": query.topics[0] if query.topics and page.number == 1 and not topic else None,
        "filters": _filters(query.text, topic, plain, topics, with_plain) if query.text else [],
        "largest": [] if results else IndexedTopic.objects.order_by("-articles", "name")[:TOPICS_OFFERED],
    }
    response = render(request, "reading/search.html", context)
    patch_vary_headers(response, ["Cookie"])
    return always_ask(response)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """A few topics and articles for what is being typed, its last word unfinished. A part of a page."""
    typed = request.GET.get("q", "")[:200].replace("\x00", " ").strip()
    context: dict[str, Any] = {"typed": typed, "topics": [], "articles": []}
    if len(typed) > 1:
        query = understand(_finished(typed))
        found = ranking.publications(query, limit=ARTICLES_SUGGESTED)
        at = _at([one.publication for one in found])
        context["topics"] = _topics_beginning(typed)
        context["articles"] = [
            (address, list(marked(address.publication.question, query.stems)))
            for one in found
            if (address := at.get(one.publication)) is not None
        ]
    return always_ask(render(request, "reading/suggestions.html", context))


def _finished(typed: str) -> str:
    """What was typed, its last word completed to the most usual one that begins like it."""
    last = (words(typed) or [""])[-1]
    if len(last) < 3 or not typed.casefold().endswith(last) or Term.objects.filter(text=stem(last)).exists():
        return typed
    usual = Term.objects.filter(text__startswith=last).order_by("-articles", "text").first()
    return typed[: len(typed) - len(last)] + usual.text if usual else typed


def _topics_beginning(typed: str) -> list[TopicName]:
    begun = "".join(stems(typed))
    if not begun:
        return []
    # The stem of an unfinished word may differ from how the whole word's begins.
    raw = "".join(words(typed))
    names = (
        TopicName.objects.filter(Q(stems__startswith=begun) | Q(stems__startswith=raw))
        .select_related("topic")
        .order_by("-topic__articles", "name")[:20]
    )
    return list({name.topic_id: name for name in reversed(names)}.values())[::-1][:3]


def _strong(query: Query, found: list[Found]) -> list[Found]:
    """Without the articles that say little of what was asked; where one word was asked, all that say it."""
    most = max((one.said for one in found[:A_PAGE]), default=0.0)
    return [one for one in found if one.said >= LEAST * min(most, query.asked)]


def _facets(found: list[Found]) -> tuple[list[tuple[IndexedTopic, int]], int]:
    """The topics most of the results are on, with how many; and how many results have a plain text."""
    rows = IndexedArticle.objects.filter(pk__in=[one.publication for one in found])
    pairs = list(rows.values_list("topic_slug", "has_plain"))
    counted = Counter(slug for slug, _ in pairs if slug).most_common(TOPICS_OFFERED)
    topics = IndexedTopic.objects.in_bulk([slug for slug, _ in counted])
    return [(topics[slug], count) for slug, count in counted if slug in topics], sum(has for _, has in pairs)


def _filters(
    text: str,
    topic: IndexedTopic | None,
    plain: bool,
    topics: list[tuple[IndexedTopic, int]],
    with_plain: int,
) -> list[dict[str, Any]]:
    """Choices as components/chips.html takes them; one that is chosen leads back to all."""

    def href(slug: str, with_plain_only: bool) -> str:
        chosen = {"q": text, "topic": slug, "plain": "1" if with_plain_only else ""}
        return "?" + urlencode({name: value for name, value in chosen.items() if value})

    slug = topic.slug if topic else ""
    choices = []
    if with_plain or plain:
        choices.append({"label": "In plain language", "href": href(slug, not plain), "current": plain})
    if len(topics) > 1 or topic:
        offered = topics if topic is None or topic in dict(topics) else [*topics, (topic, 0)]
        choices += [
            {
                "label": one.name,
                "href": href("" if one == topic else one.slug, plain),
                "current": one == topic,
            }
            for one, _ in offered
        ]
    return choices


def _results(query: Query, page: Page[Found], level: Level) -> list[Result]:
    found = list(page.object_list)
    best: dict[int, Statement] = {}
    for statement in ranking.statements(query, found, level):
        kept = best.get(statement.publication)
        if kept is None or statement.text > kept.text:
            best[statement.publication] = statement
    passages = _passages(list(best.values()), level)
    at = _at([one.publication for one in found])
    return [
        _result(query, at[one.publication], passages.get(one.publication), level)
        for one in found
        if one.publication in at
    ]


def _result(query: Query, address: Address, passage: Passage | None, level: Level) -> Result:
    publication = address.publication
    text, section, anchor = (
        (passage.text, passage.section_title, passage.anchor)
        if passage is not None and passage.section != SUMMARY
        else (publication.summary, "", "")
    )
    plain: bool = level == Level.PLAIN and address.has_plain  # type: ignore[attr-defined]
    question = list(marked(publication.question, query.stems))
    return Result(address, question, snippet(text, query.stems), section, anchor, plain)


def _passages(statements: list[Statement], level: Level) -> dict[int, Passage]:
    wanted = Q(pk__in=[])
    for statement in statements:
        wanted |= Q(publication=statement.publication, position=statement.position)
    rows = Passage.objects.filter(wanted).order_by("level")
    if level == Level.CLINICAL:
        rows = rows.filter(level=Level.CLINICAL)
    # "plain" comes after "clinical": where it was asked for and is there, it stays.
    return {row.publication_id: row for row in rows}


def _at(publications: list[int]) -> dict[int, Address]:
    return {
        address.publication_id: address for address in live_addresses().filter(publication__in=publications)
    }


def _mended(query: Query, results: list[Result]) -> list[tuple[str, str]]:
    """What was typed and what was searched instead, as an article that was found spells it."""
    seen = (piece for result in results for piece, hit in (*result.question, *result.text) if hit)
    # The shortest form last, so that it stays: "carcinoid" and not "carcinoids".
    spelled = {stem(fold(piece)): fold(piece) for piece in sorted(seen, key=len, reverse=True)}
    typed = {stem(word): word for word in words(query.text)}
    return [(typed.get(one, one), spelled.get(other, other)) for one, other in query.mended.items()]
