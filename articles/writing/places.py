"""Where in the form something is: an issue of the checks, or a statement of the text."""

import re
from dataclasses import dataclass

from articles.content.checks import Issue
from articles.content.document import Document, Level
from articles.content.statements import SUMMARY

FIELDS = {Level.CLINICAL: "id_body", Level.PLAIN: "id_plain_body"}
# Beginning of an issue's code -> id of the field where it is mended; the longer beginnings first.
_CODES = {
    "question": "id_question",
    "summary": "id_summary",
    "competing-interests": "id_competing_interests",
    "ai-use": "id_ai_use",
    "evidence-date": "id_evidence_searched_to",
    "plain-body": "id_plain_body",
    "body": "id_body",
    "reference": "references",
    "too-many-references": "references",
}
# The text of a statement writes sub- and superscripts, link targets and cells with these.
_MARK = re.compile(r"[\^_]\{|<|\|")
WORDS = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A block of a text: the field it is in, and its first words, by which the editor finds it."""

    field: str
    words: str


def place_of(document: Document, anchor: str) -> Place | None:
    """The block with this anchor, looked for in the clinical text first."""
    for level in Level:
        for block in document.blocks(level):
            if block.anchor == anchor:
                field = "id_summary" if block.section == SUMMARY else FIELDS[level]
                return Place(field, _MARK.split(block.text)[0].strip()[:WORDS])
    return None


def address_within(document: Document, issue: Issue) -> str:
    """What to add to the address of the form to arrive where an issue is mended."""
    place = place_of(document, issue.anchor) if issue.anchor else None
    if place is not None:
        return f"?at={issue.anchor}#{place.field}"
    return "#" + next((field for code, field in _CODES.items() if issue.code.startswith(code)), "manuscript")
