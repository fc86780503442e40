"""A thread as it is known to a reviewer who may not see yet what colleagues do in the open round.

A thread of an earlier round is known to all who review, and so is what became of it until the round began.
What a colleague says, closes, opens or marks in it since then is left out, as if it had not happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from copy import copy
from datetime import datetime

from articles.models import Event, Thread
from articles.states import EventKind
from articles.workflow.said import Remark

TALK = frozenset(
    {
        EventKind.THREAD_OPENED,
        EventKind.THREAD_ANSWERED,
        EventKind.THREAD_MARKED,
        EventKind.THREAD_RESOLVED,
        EventKind.THREAD_REOPENED,
    }
)


def events_of_threads(article_id: int) -> dict[int, list[Event]]:
    """What happened to each thread of an article, by its key, oldest first. One query."""
    found = defaultdict(list)
    kinds = TALK | {EventKind.SUGGESTION_ACCEPTED}
    told = Event.objects.filter(article=article_id, kind__in=kinds).select_related("actor")
    for event in told.order_by("sequence"):
        found[event.data.get("thread", 0)].append(event)
    return found


def as_known(
    thread: Thread, events: Sequence[Event], since: datetime, known: Collection[int], authors: Collection[int]
) -> Thread:
    """The thread without what anybody but `known` (keys of people) did in it since the open round began.

    events: what happened to the thread, oldest first. authors: keys, all of them among `known`.
    """
    thread = copy(thread)
    thread.seen_comments = comments(thread, since, known, authors)  # type: ignore[attr-defined]
    seen = [event for event in events if event.at < since or event.actor_id in known]
    if len(seen) < len(events):
        thread.done_at = thread.resolved_at = thread.resolved_by = None
        for event in seen:
            _replay(thread, event, authors)
    return thread


def comments(
    thread: Thread, since: datetime, known: Collection[int], authors: Collection[int]
) -> list[Remark]:
    """What was said in the thread, less colleagues' words and the authors' answers to them."""
    found: list[Remark] = []
    speaks_to_colleague = False
    for each in thread.said:  # type: ignore[attr-defined]
        if each.at >= since and each.by_id not in known:
            speaks_to_colleague = True
        elif each.by_id not in authors:
            speaks_to_colleague = False
            found.append(each)
        # An author's answer repeats what it answers, in a quotation or in their own words.
        elif not speaks_to_colleague:
            found.append(each)
    return found


def _replay(thread: Thread, event: Event, authors: Collection[int]) -> None:
    match EventKind(event.kind):
        case EventKind.THREAD_OPENED | EventKind.THREAD_MARKED:
            thread.is_must_fix = event.data["must_fix"]
        case EventKind.THREAD_RESOLVED:
            thread.resolved_at, thread.resolved_by = event.at, event.actor
        case EventKind.THREAD_REOPENED:
            thread.done_at = thread.resolved_at = thread.resolved_by = None
        case EventKind.SUGGESTION_ACCEPTED:
            thread.done_at = event.at
        case EventKind.THREAD_ANSWERED:
            if event.actor_id not in authors:
                thread.done_at = None
            elif event.data["done"]:
                thread.done_at = event.at
