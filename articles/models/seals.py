"""What a decision rests on, sealed in its event: sign-offs, threads, what was said, suggested wordings.

A seal is JSON in Event.data["evidence"]:

    {"digest": SHA-256 (hex) over the seal before it and the new rows,
     "last": {"sign-off": 310, "thread": 12, ...}: keys of the newest rows that are sealed,
     "rows": {"sign-off": {"309": "1f0c…", "310": "a77b…"}, ...}: the new rows, each with its fingerprint}

A row is sealed once, with the next decision after it was written. The chain of events keeps the seals, and
the seals what each of the rows says. See docs/decisions/0015-suggestions-and-seals.md.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from articles.models.events import Event
from articles.models.evidence import Comment, SignOff, Suggestion, Thread
from articles.states import EventKind, SuggestionStatus

# The signed verdicts, and whatever else ends a round or publishes: from then on people rely on the evidence.
SEALING = frozenset(
    {
        EventKind.APPROVED,
        EventKind.CHANGES_REQUESTED,
        EventKind.RECUSED,
        EventKind.PUBLISHED,
        EventKind.REAFFIRMED,
        EventKind.WITHDRAWN,
        EventKind.DECLINED,
        EventKind.RETIRED,
    }
)
# What tells of the states of threads and suggestions, which change and so are in no seal.
TELLING = frozenset(
    {
        EventKind.THREAD_OPENED,
        EventKind.THREAD_MARKED,
        EventKind.THREAD_RESOLVED,
        EventKind.THREAD_REOPENED,
        EventKind.SUGGESTION_ACCEPTED,
        EventKind.SUGGESTION_DECLINED,
    }
)
# Of 256 bits the digest needs each; to name one row among an article's, 64 are plenty.
_FINGERPRINT = 16


@dataclass(frozen=True, slots=True)
class _Kind:
    """One table of evidence: its name in a seal, the way to its article, and what in a row never changes."""

    name: str
    model: type[models.Model]
    article: str
    fields: tuple[str, ...]

    @property
    def of_threads(self) -> bool:
        return self.article.startswith("thread")

    def rows(
        self, article_id: int, *, after: int | None = None, upto: int | None = None
    ) -> Iterator[tuple[int, str]]:
        """(key, SHA-256 of the row) of an article's rows, by key, of those between two keys. One query."""
        found = self.model._default_manager.filter(**{self.article: article_id})
        if after is not None:
            found = found.filter(pk__gt=after)
        if upto is not None:
            found = found.filter(pk__lte=upto)
        for values in found.order_by("pk").values_list("pk", *self.fields):
            yield values[0], _sha256([self.name, *values])


KINDS = (
    _Kind(
        "sign-off",
        SignOff,
        "article",
        ("article_id", "digest", "member_id", "support", "note", "version", "round", "at"),
    ),
    _Kind(
        "thread",
        Thread,
        "article",
        (
            "article_id",
            "round",
            "version",
            "level",
            "digest",
            "quote",
            "section",
            "opened_by_id",
            "opened_at",
        ),
    ),
    _Kind("comment", Comment, "thread__article", ("thread_id", "by_id", "text", "quote", "version", "at")),
    _Kind("suggestion", Suggestion, "thread__article", ("thread_id", "by_id", "html")),
)


def seal(article_id: int) -> dict[str, Any]:
    """The seal over the evidence of an article that no earlier event has sealed.

    The caller holds the article's row lock: no row comes in between. At most five queries; linear in the new
    rows, some 20 µs for each.
    """
    before = _last_seal(article_id)
    last = dict(before.get("last", {}))
    new: dict[str, dict[int, str]] = {}
    for kind in KINDS:
        if kind.of_threads and "thread" not in last:
            continue  # Where nobody talks nobody says anything.
        if rows := dict(kind.rows(article_id, after=last.get(kind.name))):
            new[kind.name] = rows
            last[kind.name] = max(rows)
    return {"digest": _digest(before, new), "last": last, "rows": _fingerprints(new)}


def broken_seals(article_id: int, sealing: Iterable[Event]) -> list[str]:
    """What no longer is as an event sealed it. sealing: the article's events with a seal, in their order.

    Names each sign-off, thread, comment and suggestion that was changed, removed, or slipped in later.
    Four queries; linear in the article's evidence.
    """
    events = list(sealing)
    if not events:
        return []
    newest = events[-1].data["evidence"].get("last", {})
    rows = {kind.name: dict(kind.rows(article_id, upto=newest.get(kind.name, 0))) for kind in KINDS}
    problems = []
    before: dict[str, Any] = {}
    for event in events:
        problems += _broken(rows, before, event)
        before = event.data["evidence"]
    return problems


def untold_states(threads: Iterable[Thread], events: Iterable[Event]) -> list[str]:
    """Threads and suggested wordings that stand otherwise than the events about them tell.

    threads: with their suggestions. events: of the kinds in TELLING, in their order. One pass over each.
    """
    must_fix: dict[int, bool] = {}
    is_open: dict[int, bool] = {}
    wording: dict[int, str] = {}
    for event in events:
        key = event.data.get("thread", 0)
        match EventKind(event.kind):
            case EventKind.THREAD_OPENED:
                must_fix[key], is_open[key] = event.data["must_fix"], True
            case EventKind.THREAD_MARKED:
                must_fix[key] = event.data["must_fix"]
            case EventKind.THREAD_RESOLVED:
                is_open[key] = False
            case EventKind.THREAD_REOPENED:
                is_open[key] = True
            case EventKind.SUGGESTION_ACCEPTED:
                wording[key] = SuggestionStatus.ACCEPTED
            case EventKind.SUGGESTION_DECLINED:
                wording[key] = SuggestionStatus.DECLINED
    problems = []
    for thread in threads:
        where = f"article {thread.article_id}, thread {thread.pk}"
        if is_open.get(thread.pk) != thread.is_open:
            problems.append(f"{where}: no event tells that it is {'open' if thread.is_open else 'resolved'}")
        if must_fix.get(thread.pk) != thread.is_must_fix:
            marked = "" if thread.is_must_fix else "not "
            problems.append(f"{where}: no event tells that it is {marked}marked as must fix")
        suggestion = getattr(thread, "suggestion", None)
        if suggestion and wording.get(thread.pk, SuggestionStatus.OPEN) != suggestion.status:
            problems.append(f"{where}: no event tells that its suggestion is {suggestion.status}")
    return problems


def _broken(rows: dict[str, dict[int, str]], before: dict[str, Any], event: Event) -> list[str]:
    """What one event sealed, against what is there. rows: {kind: {key: SHA-256}} of the article."""
    sealed = event.data["evidence"]
    problems = []
    here: dict[str, dict[int, str]] = {}
    for kind, last in sealed.get("last", {}).items():
        first = before.get("last", {}).get(kind)
        there = {
            key: whole for key, whole in rows[kind].items() if key <= last and (first is None or key > first)
        }
        here |= {kind: there} if there else {}
        written = {int(key): print_ for key, print_ in sealed.get("rows", {}).get(kind, {}).items()}
        where = f"article {event.article_id}, {kind}"
        by = f"event {event.sequence} ({event.kind})"
        for key in sorted(written.keys() | there.keys()):
            if key not in there:
                problems.append(f"{where} {key}: was removed after {by} had sealed it")
            elif key not in written:
                problems.append(f"{where} {key}: was slipped in among what {by} had sealed")
            elif written[key] != there[key][:_FINGERPRINT]:
                problems.append(f"{where} {key}: was changed after {by} had sealed it")
    if not problems and sealed.get("digest") != _digest(before, here):
        problems.append(
            f"article {event.article_id}, event {event.sequence}: its seal of the evidence is broken"
        )
    return problems


def _last_seal(article_id: int) -> dict[str, Any]:
    found = (
        Event.objects.filter(article=article_id, kind__in=SEALING, data__has_key="evidence")
        .order_by("-sequence")
        .values_list("data", flat=True)
        .first()
    )
    return found["evidence"] if found else {}


def _digest(before: dict[str, Any], rows: dict[str, dict[int, str]]) -> str:
    whole = {kind: list(found.values()) for kind, found in rows.items()}
    return _sha256([before.get("digest", ""), whole])


def _fingerprints(rows: dict[str, dict[int, str]]) -> dict[str, dict[str, str]]:
    return {
        kind: {str(key): whole[:_FINGERPRINT] for key, whole in found.items()} for kind, found in rows.items()
    }


# One encoder for all rows: to make one for each would take longer than to encode it.
_CANONICAL = DjangoJSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _sha256(value: Any) -> str:
    """Of canonical JSON: keys in their order, no spaces, times to the millisecond in UTC."""
    return hashlib.sha256(_CANONICAL.encode(value).encode()).hexdigest()
