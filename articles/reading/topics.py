"""Finding an article by what it is about: topics, and the A to Z of all their names."""

import string

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from articles.models.search import IndexedTopic, TopicName
from articles.reading.addresses import live_addresses
from articles.reading.audience import audience_of
from articles.reading.freshness import always_ask
from articles.states import Level

A_PAGE = 20
TOPICS_A_PAGE = 48
NAMES_A_PAGE = 120
DIGITS = "0-9"
_LETTERS = {letter: letter for letter in string.ascii_uppercase} | {DIGITS: "#"}


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """Every topic that has an approved article, the largest first."""
    largest = IndexedTopic.objects.order_by("-articles", "name")
    context = {"page_obj": Paginator(largest, TOPICS_A_PAGE).get_page(request.GET.get("page"))}
    return always_ask(render(request, "reading/topics.html", context))


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """One topic with its other names, and its articles, newest update first."""
    one = get_object_or_404(IndexedTopic, slug=slug)
    who = audience_of(request)
    articles = live_addresses().filter(publication__topic_slug=one.slug)
    context = {
        "topic": one,
        "page_obj": Paginator(articles, A_PAGE).get_page(request.GET.get("page")),
        "prefers_plain": who is not None and who.level == Level.PLAIN,
    }
    response = render(request, "reading/topic.html", context)
    patch_vary_headers(response, ["Cookie"])
    return always_ask(response)


@require_safe
def a_to_z(request: HttpRequest, letter: str = "") -> HttpResponse:
    """Every name of every topic in the order of the alphabet; all on one page while they are few."""
    if letter and letter not in _LETTERS:
        if letter.upper() in _LETTERS:
            return always_ask(redirect("reading:letter", letter=letter.upper(), permanent=True))
        raise Http404("There is no such letter.")
    counted = dict(TopicName.objects.order_by().values_list("letter").annotate(Count("pk")))
    names: QuerySet[TopicName] = (
        TopicName.objects.select_related("topic")
        .only("name", "letter", "is_main", "topic__name")
        .order_by("letter", "folded", "pk")
    )
    if not letter and sum(counted.values()) > NAMES_A_PAGE:
        letter = next((label for label, key in _LETTERS.items() if counted.get(key)), "")
    if letter:
        names = names.filter(letter=_LETTERS[letter])
    paginator = Paginator(names, NAMES_A_PAGE)
    paginator.count = counted.get(_LETTERS[letter], 0) if letter else sum(counted.values())
    context = {
        "letter": letter,
        "letters": [(label, counted.get(key, 0)) for label, key in _LETTERS.items()],
        "page_obj": paginator.get_page(request.GET.get("page")),
    }
    return always_ask(render(request, "reading/a_to_z.html", context))
