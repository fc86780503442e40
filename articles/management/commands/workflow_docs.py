"""Write docs/workflow.md from the table; with --check, say whether it is current."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles.states import State
from articles.workflow.table import TABLE, Note, Row

_HEAD = """# The workflow

Generated from `articles/workflow/table.py` by `manage.py workflow_docs`; do not edit.

The states readers know are {steps}; the others are stations on the way.
The text can be changed in {editable}, and nowhere else.

| step | from | to | who | what must be true |
|---|---|---|---|---|
"""


def document() -> str:
    """The whole page, in Markdown."""
    editable = " and ".join(state.label.lower() for state in State if state in TABLE["save"].sources)
    head = _HEAD.format(steps="Submitted, Under Review and Approved", editable=editable)
    return head + "".join(_line(row) for row in TABLE.values()) + _details()


def _line(row: Row) -> str:
    cells = (_label(row), _states(row), _target(row), _sentence(row.who), "; ".join(_must(row)) or "–")
    return f"| {' | '.join(cells)} |\n"


def _label(row: Row) -> str:
    return f"**{row.label}** (`{row.action}`)"


def _states(row: Row) -> str:
    if row.sources == frozenset(State):
        return "any"
    return ", ".join(state.label.lower() for state in State if state in row.sources)


def _target(row: Row) -> str:
    target = "stays" if row.target is None else row.target.label.lower()
    return f"{target}; {row.otherwise}" if row.otherwise else target


def _must(row: Row) -> list[str]:
    return [_sentence(guard) for guard in row.guards]


def _sentence(function: Any) -> str:
    first = (function.__doc__ or "").strip().splitlines()[0].rstrip(".")
    return first[0].lower() + first[1:]


def _details() -> str:
    lines = ["\n## What each step does\n"]
    for row in TABLE.values():
        note = {Note.NONE: "", Note.OPTIONAL: " A note is welcome.", Note.REQUIRED: " A note is required."}
        lines.append(f"\n- **{row.label}.** {row.help}{note[row.note]}")
    return "".join(lines) + "\n"


class Command(BaseCommand):
    help = "Write docs/workflow.md from the workflow's table."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether the page is current")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "workflow.md"
        if not options["check"]:
            path.write_text(document(), encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != document():
            raise CommandError("docs/workflow.md is out of date. Run: manage.py workflow_docs")
