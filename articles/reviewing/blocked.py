"""What stands in the way of an approval: one list, each entry with its place, many of a kind told as one."""

from collections.abc import Sequence
from dataclasses import dataclass

from articles.content.checks import Issue
from articles.reviewing.asked import Asked
from articles.reviewing.rows import Only

# Of one kind more than this would bury the others; a link leads to all of them.
SHOWN = 8
# Of one and of many.
_COUNTED = {
    "must-fix": ("1 thread must be fixed", "{} threads must be fixed"),
    "sign-off": ("1 statement is not signed off", "{} statements are not signed off"),
    "not-supported": ("1 statement is not supported", "{} statements are not supported"),
}
_ALL = {"must-fix": Only.TALK, "sign-off": Only.MINE, "not-supported": Only.DOUBTS}


@dataclass(frozen=True, slots=True)
class Linked:
    """An issue with the address of its place, "" where it has none."""

    message: str
    blocking: bool
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """The issues of one kind. `more`: how many are not listed; `href` leads to all of them, "" to none."""

    words: str
    issues: list[Linked]
    more: int
    href: str


def linked(issues: Sequence[Issue], asked: Asked) -> list[Linked]:
    return [Linked(each.message, each.blocking, place(each.anchor, asked)) for each in issues]


def grouped(issues: Sequence[Issue], asked: Asked) -> list[Group]:
    """The issues by kind, in the order in which the kinds appear."""
    kinds: dict[str, list[Issue]] = {}
    for issue in issues:
        kinds.setdefault(issue.code, []).append(issue)
    return [_group(code, found, asked) for code, found in kinds.items()]


def in_one_line(issues: Sequence[Issue], asked: Asked) -> str:
    """The kinds as one line: “1 thread must be fixed · 12 statements are not signed off”."""
    return " · ".join(group.words for group in grouped(issues, asked)[:3])


def place(anchor: str, asked: Asked) -> str:
    """Where an anchor stands: a thread or a statement opens beside the text, all else is in the text."""
    if anchor.startswith("thread-"):
        return f"{asked.to(show='statements', level='', only='', thread=anchor[7:])}#{anchor}"
    if anchor.startswith("s-"):
        return f"{asked.to(show='statements', level='', only='', at=anchor)}#{anchor}"
    return f"{asked.to(show='text')}#{anchor}" if anchor else ""


def _group(code: str, issues: list[Issue], asked: Asked) -> Group:
    one, many = _COUNTED.get(code, (issues[0].message, "{} things to mend in the text"))
    only = _ALL.get(code)
    return Group(
        words=one if len(issues) == 1 else many.format(len(issues)),
        issues=linked(issues[:SHOWN], asked),
        more=max(len(issues) - SHOWN, 0),
        href=asked.to(show="text") if only is None else asked.to(show="statements", level="", only=str(only)),
    )
