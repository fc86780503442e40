"""The desk's first page: what needs an editor, then every article, by state, topic and words."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, F, QuerySet, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import queues
from articles.desk.rooms import PAGE_SIZE, editors, rooms
from articles.desk.standing import review_due, standing
from articles.finding import Asked, finder, narrow, order
from articles.models import Article, User
from articles.states import State
from articles.web import OfficeRequest

# What the list can be narrowed to: key, label, the articles, and the order they come in.
_Section = tuple[str, str, Callable[[User, date], QuerySet[Article]], str, str]
_SECTIONS: tuple[_Section, ...] = (
    ("", "All articles", lambda user, today: queues.everything(user), "Newest movement", "newest"),
    ("needs", "Needs an editor", queues.needs_an_editor, "Waiting longest", "since"),
    ("overdue", "Overdue", queues.overdue, "Due date", "due"),
    ("again", "Due for review again", queues.due_again, "Next review due", ""),
)


@require_safe
@editors
def home(request: OfficeRequest) -> HttpResponse:
    """What needs an editor, then every article. At most 16 queries, whatever the length of the page."""
    asked, today, user = Asked.of(request.GET), timezone.localdate(), request.user
    found = {key: articles(user, today) for key, _, articles, _, _ in _SECTIONS}
    sizes = queues.sizes({key: articles for key, articles in found.items() if key}, user)
    section = next((each for each in _SECTIONS if each[0] == asked.show), _SECTIONS[0])
    key, label, _, usual, by = section
    # The chips count what each state would show, so the state is the one thing they leave out.
    within = narrow(found[key], Asked(topic=asked.topic, q=asked.q))
    again = [F("next_review").asc(nulls_last=True)] if key == "again" and not asked.sort else []
    counts = queues.counts_by_state(within)
    listed = queues.dated(narrow(within, Asked(state=asked.state)), user)
    paginator = Paginator(_keys(order(listed, asked.sort or by, first=again)), PAGE_SIZE)
    paginator.count = counts[asked.state] if asked.state else sum(counts.values())  # counted already
    page = paginator.get_page(request.GET.get("page"))
    first = key == "" and not asked.narrows and not asked.sort and page.number == 1
    needing = _keys(_pressing(found["needs"], user, today))[:PAGE_SIZE] if first else []
    # What needs an editor is most often on the page below too: both are read at once.
    shown = {each.pk: each for each in queues.shown([*{*page, *needing}], user, published=True)}
    context = {
        "page_obj": page,
        "rows": [_row(shown[pk], user, today, again=key == "again") for pk in page if pk in shown],
        "waiting": [_row(shown[pk], user, today) for pk in needing if pk in shown],
        "first": first,
        "title": f"Found for “{asked.q}”" if asked.q else label,
        "sections": [
            _choice(name, f"{words} {sizes[name]}" if name else "Everything", asked, "show")
            for name, words, _, _, _ in _SECTIONS
        ],
        "choices": [
            _choice("", f"All {sum(counts.values())}", asked, "state"),
            *(_choice(each.value, f"{each.label} {counts[each]}", asked, "state") for each in State),
        ],
        "finder": finder(asked, usual=usual),
        "rooms": rooms("home"),
        "asked": asked,
    }
    context["more"] = max(0, sizes["needs"] - PAGE_SIZE) if first else 0
    return render(request, "desk/home.html", context)


def _pressing(articles: QuerySet[Article], user: User, today: date) -> QuerySet[Article]:
    """What somebody is late with first, then what has waited longest."""
    late = Case(When(due__lt=today, then=0), default=1)
    return order(queues.dated(articles, user), "since", first=[late])


def _keys(articles: QuerySet[Article]) -> QuerySet[Article, int]:
    return articles.values_list("pk", flat=True)


def _row(article: Any, user: User, today: date, *, again: bool = False) -> dict[str, Any]:
    stands = standing(article, user, today)
    due, past = review_due(article, today) if again else ("", False)
    return {
        "article": article,
        "href": reverse("desk:article", args=[article.pk]),
        "line": " · ".join(filter(None, (stands.line, str(article.topic) if article.topic else "", due))),
        "late": stands.late or stands.wanting or ("review overdue" if past else ""),
        "again": again and article.state == State.APPROVED,
    }


def _choice(value: str, label: str, asked: Asked, name: str) -> dict[str, Any]:
    changed = {name: value} | ({"state": "", "sort": ""} if name == "show" else {})
    address = asked.address(**changed)
    return {
        "label": label,
        "href": address if address != "?" else reverse("desk:home"),
        "current": value == getattr(asked, name),
    }
