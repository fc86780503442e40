"""What happened to an article, told newest first, and whether the record of it still holds together."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.views.decorators.http import require_safe

from articles import queries
from articles.models import Event, broken_links
from articles.office.place import place
from articles.states import EventKind
from articles.web import OfficeRequest, article_or_404, insiders
from articles.workflow import sight
from articles.workflow.case import Case

PAGE_SIZE = 50
_TONES = {
    EventKind.APPROVED: "ok",
    EventKind.PUBLISHED: "ok",
    EventKind.SUBMITTED: "info",
    EventKind.RESUBMITTED: "info",
    EventKind.CHANGES_REQUESTED: "wait",
    EventKind.RECUSED: "wait",
    EventKind.CONFLICT_DECLARED: "wait",
    EventKind.DECLINED: "stop",
    EventKind.RETIRED: "stop",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, as components/timeline.html takes it."""

    at: datetime
    who: str
    what: str
    note: str
    tone: str
    href: str
    link: str


@require_safe
@insiders()
def timeline(request: OfficeRequest, pk: int) -> HttpResponse:
    """Events, newest first. Verifies the whole chain, whatever page is shown."""
    article = article_or_404(request.user, pk)
    events = sight.events(Case(article, request.user))
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))
    context = place(article, request.user, "timeline") | {
        "page": page,
        "entries": [_entry(event) for event in page],
        "broken": broken_links(queries.timeline(pk).order_by("sequence").iterator()),
    }
    return render(request, "office/timeline.html", context)


def _entry(event: Event) -> Entry:
    round_ = f", round {event.round}" if event.round is not None else ""
    return Entry(
        at=event.at,
        who=event.actor_name,
        what=_what(event) + round_,
        note=event.note,
        tone=_TONES.get(EventKind(event.kind), ""),
        href=reverse("office:version", args=[event.article_id, event.version]),
        link=f"version {event.version}",
    )


def _what(event: Event) -> str:
    """The event in words, with what the record knows beyond its kind."""
    data: dict[str, Any] = event.data
    match EventKind(event.kind):
        case EventKind.ASSIGNED:
            due = f", due {format_date(date.fromisoformat(data['due']), 'F j, Y')}" if data.get("due") else ""
            return f"asked {data['member_name']} to review{due}"
        case EventKind.UNASSIGNED:
            return f"released {data['member_name']} from the review"
        case EventKind.RESTORED:
            return f"restored the text of version {data['restored']}"
        case EventKind.APPROVED:
            return f"approved ({data['approvals']} of {data['quorum']} approvals)"
        case EventKind.PUBLISHED:
            return f"published it as publication {data['publication']}"
        case EventKind.RECUSED if data.get("conflict"):
            return "stepped back, with a conflict of interest"
        case EventKind.COAUTHORS_CHANGED:
            names = ", ".join(data["coauthors"])
            return f"named as co-authors: {names}" if names else "took all co-authors off"
        case EventKind.ADDRESS_MOVED:
            return f"moved the public address from “{data['from']}” to “{data['to']}”"
    return str(EventKind(event.kind).label)
