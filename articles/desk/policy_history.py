"""Who changed a review policy, what, and when: from the history that every save leaves."""

from itertools import zip_longest
from typing import Any

from articles.models import ReviewPolicy, Topic

PolicyVersion = ReviewPolicy.history.model
_SHOWN = 50


def newest(topic: Topic | None) -> str:
    """The key of the newest line of a policy's history; "" where there is none."""
    lines = PolicyVersion.objects.filter(topic=topic).order_by("-history_id")
    return str(lines.values_list("pk", flat=True).first() or "")


def history(topic: Topic | None) -> list[dict[str, Any]]:
    """The lines of it, newest first, as components/timeline.html takes them. A removed policy has one too."""
    lines = list(
        PolicyVersion.objects.filter(topic=topic)
        .select_related("history_user")
        .order_by("-history_id")[:_SHOWN]
    )
    return [
        {
            "at": line.history_date,
            "who": str(line.history_user or "The system"),
            "what": _what(line, before),
            "note": _note(line, before),
        }
        for line, before in zip_longest(lines, lines[1:])
    ]


def _what(line: Any, before: Any) -> str:
    if line.history_type == "-":
        return "removed it: the default holds"
    if before is None or before.history_type == "-":
        return "set it"
    return "changed it"


def _note(line: Any, before: Any) -> str:
    """What it says from then on; of a change, only what is new and what went."""
    if line.history_type == "-":
        return ""
    said = _rules(line)
    if before is None or before.history_type == "-":
        return "\n".join(said)
    was = _rules(before)
    new = [f"Now: {rule}" for rule in said if rule not in was]
    gone = [f"Before: {rule}" for rule in was if rule not in said]
    return "\n".join(new + gone)


def _rules(line: Any) -> list[str]:
    policy = line.instance
    rules: list[str] = policy.in_words()
    return rules
