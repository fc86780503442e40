"""How a list is asked for: words, topic, state, order, page. All of it stands in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.http import urlencode

from articles.models import Topic
from articles.states import State

LONGEST = 200
NO_TOPIC = "none"
SORTS = {"due": "Due date", "since": "Waiting longest", "topic": "Topic", "question": "Question"}
_Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of a list. What it says that makes no sense is passed over."""

    show: str = ""
    state: str = ""
    topic: str = ""
    sort: str = ""
    q: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        state, sort = query.get("state", ""), query.get("sort", "")
        return cls(
            show=query.get("show", ""),
            state=state if state in State.values else "",
            topic=query.get("topic", "").replace("\x00", "")[:LONGEST],
            sort=sort if sort in SORTS else "",
            q=query.get("q", "").replace("\x00", "")[:LONGEST].strip(),
        )

    def address(self, **changed: str) -> str:
        """The address of the same list with something changed, on its first page."""
        asked = replace(self, **changed)
        said = {name: getattr(asked, name) for name in ("show", "state", "topic", "sort", "q")}
        return "?" + urlencode({name: value for name, value in said.items() if value})

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out of its section."""
        return bool(self.state or self.topic or self.q)


def narrow(rows: QuerySet[Any], asked: Asked, *, to_article: str = "") -> QuerySet[Any]:
    """Those with every word in the question or the author's name, of the topic and in the state asked for.

    to_article: leads from a row to its article, as "round__article__".
    """
    for word in asked.q.split():
        rows = rows.filter(
            Q(**{f"{to_article}question__icontains": word})
            | Q(**{f"{to_article}author__name__icontains": word})
        )
    if asked.topic == NO_TOPIC:
        rows = rows.filter(**{f"{to_article}topic__isnull": True})
    elif asked.topic:
        rows = rows.filter(**{f"{to_article}topic__slug": asked.topic})
    if asked.state:
        rows = rows.filter(**{f"{to_article}state": asked.state})
    return rows


def order(
    rows: QuerySet[Any], sort: str, *, first: Sequence[Any] = (), to_article: str = ""
) -> QuerySet[Any]:
    """Rows (with `since`, and `due` where it is asked for) in an order; `first` goes before it."""
    match sort:
        case "due":
            by = [F("due").asc(nulls_last=True)]
        case "topic":
            by = [F(f"{to_article}topic__name").asc(nulls_last=True)]
        case "question":
            by = [Lower(f"{to_article}question").asc()]
        case "newest":
            return rows.order_by(*first, "-since", "-pk")
        case _:
            by = []
    return rows.order_by(*first, *by, "since", "pk")


def finder(
    asked: Asked, *, states: Sequence[State] = (), sorts: Sequence[str] = tuple(SORTS), usual: str
) -> dict[str, Any]:
    """What components/finder.html shows: the choices with the one that holds. One query (the topics).

    usual: what the order is called in which the list comes when none is asked for.
    """
    topics = [("", "All topics"), *Topic.objects.values_list("slug", "name"), (NO_TOPIC, "No topic")]
    selects = [_select("topic", "Topic", topics, asked.topic)]
    if states:
        named = [("", "All states"), *((state.value, str(state.label)) for state in states)]
        selects.append(_select("state", "State", named, asked.state))
    orders = [("", usual), *((key, SORTS[key]) for key in sorts)]
    selects.append(_select("sort", "Order", orders, asked.sort))
    held = [("show", asked.show), ("state", "" if states else asked.state)]
    return {
        "words": asked.q,
        "selects": selects,
        "held": [(name, value) for name, value in held if value],
        "narrows": asked.narrows,
        "again": asked.address(state="", topic="", sort="", q=""),
    }


def _select(name: str, label: str, choices: _Choices, value: str) -> dict[str, Any]:
    return {"name": name, "label": label, "choices": choices, "value": value}
