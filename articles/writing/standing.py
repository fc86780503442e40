"""Where an article stands and what its author does next, in one line and in one sentence."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from articles.models import Article, Event
from articles.notify.words import asks_in_words
from articles.states import EventKind, State


@dataclass(frozen=True, slots=True)
class Standing:
    """One row of an author's list: what it waits for, and the step to take, if it is the author's turn."""

    line: str
    button: str = ""
    href: str = ""


def standing(article: Any) -> Standing:
    """The line of an article from queries.articles_of(). Cost: no query."""
    page = reverse("writing:article", args=[article.pk])
    edit = reverse("writing:save", args=[article.pk])
    asks = reverse("writing:asks", args=[article.pk])
    since = in_words(article.state_since)
    by = f" by {article.last_reason_by}" if article.last_reason_by else ""
    match article.state:
        case State.DRAFT if article.live_since:
            return Standing(
                f"Revision begun {since}; readers see the text of {in_words(article.live_since)}",
                "Go on writing",
                edit,
            )
        case State.DRAFT:
            return Standing(f"Draft since {since}; submit it when it is ready", "Go on writing", edit)
        case State.SUBMITTED:
            return Standing(f"Waiting for a reviewer since {since}")
        case State.UNDER_REVIEW:
            due = f", due {in_words(article.due)}" if article.due else ""
            return Standing(f"Under review{_by_reviewers(article)} since {since}{due}")
        case State.CHANGES_REQUESTED if article.asks:
            words = asks_in_words(article.asks, article.asks_must_fix)
            return Standing(f"Changes requested{by}. {words}", "Answer the board", asks)
        case State.CHANGES_REQUESTED:
            return Standing(f"Changes requested{by}: read why and answer", "Read why", page)
        case State.APPROVED:
            updated = in_words(article.live_since or article.state_since)
            return Standing(f"Live, updated {updated}; to change it, begin a revision")
        case State.DECLINED:
            return Standing(f"Declined{by} on {since}: read why", "Read why", page)
        case _:
            return Standing(f"Retired on {since}; readers see a notice in its place")


def what_next(
    article: Article, *, is_live: bool, open_issues: int, reviewers: list[str], asks: Any = None
) -> str:
    """What the author does next, or waits for, in one sentence. asks: an overview.Count of the threads."""
    match article.state:
        case State.DRAFT | State.CHANGES_REQUESTED if asks and asks.must_fix_left:
            threads = "one thread" if asks.must_fix_left == 1 else f"{asks.must_fix_left} threads"
            return f"{asks.words}. Answer {threads} before you can submit version {article.version}."
        case State.DRAFT | State.CHANGES_REQUESTED if open_issues:
            things = "one thing" if open_issues == 1 else f"{open_issues} things"
            return f"Mend {things} listed below; then you can submit version {article.version}."
        case State.CHANGES_REQUESTED if asks and asks.total > asks.answered:
            return f"{asks.words}. Answer each in its thread or in the text, and submit the new version."
        case State.CHANGES_REQUESTED:
            return "Read what the board asked, answer it in the text, and submit the new version."
        case State.DRAFT if is_live:
            return (
                "Submit the revision when it is ready; readers keep the approved text until it is approved."
            )
        case State.DRAFT:
            return (
                f"Version {article.version} is ready to be submitted. Look at it once as readers will see it."
            )
        case State.SUBMITTED:
            return "Nothing for now: a board member will take on the review, and you will hear by e-mail."
        case State.UNDER_REVIEW:
            verb = "is" if len(reviewers) == 1 else "are"
            who = f"{and_words(reviewers)} {verb} reading" if reviewers else "The board is reading"
            return f"Nothing for now: {who} version {article.version}, and you will hear by e-mail."
        case State.APPROVED:
            return "Nothing has to be done. To change what readers see, begin a revision and submit it."
        case State.DECLINED:
            return "Read the reason. If you can answer it, begin a revision and submit that."
        case _:
            return (
                "Readers see a notice in its place. To bring it back, begin a revision and have it approved."
            )


# What people of the board and the desk say to the author, with the words of the page and the colour of it.
_SAYINGS = {
    EventKind.CHANGES_REQUESTED: ("asked for changes", "wait"),
    EventKind.DECLINED: ("declined the article", "stop"),
    EventKind.RETIRED: ("retired the article", "stop"),
    EventKind.APPROVED: ("approved", "ok"),
}


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody decided, and why, in their own words."""

    who: str
    did: str
    tone: str
    at: datetime
    version: int
    note: str
    # What needs work, as named in the checklist: "Accuracy", "Harms and contraindications".
    aspects: list[str]


def sayings(article_id: int) -> list[Saying]:
    """The decisions of the last round in which there were any, oldest first. One query."""
    events = list(Event.objects.filter(article=article_id, kind__in=_SAYINGS).order_by("-sequence")[:20])
    last = [event for event in events if event.round == events[0].round]
    return [
        Saying(
            event.actor_name,
            *_SAYINGS[EventKind(event.kind)],
            event.at,
            event.version,
            event.note,
            event.data.get("aspects", []),
        )
        for event in reversed(last)
    ]


def in_words(day: date | datetime) -> str:
    """ "February 15, 2025", in the site's time zone."""
    if isinstance(day, datetime):
        day = timezone.localtime(day)
    return format_date(day, "F j, Y")


def and_words(names: list[str]) -> str:
    """ "Ravi Menon, Mei Lin and Rosa Diaz"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1] if names else "")))


def _by_reviewers(article: Any) -> str:
    names = [str(a.member) for open_round in article.open_rounds for a in open_round.standing]
    return f" by {and_words(names)}" if names else ""
