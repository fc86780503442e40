"""The references of a text under review: a list for each reading level, numbered as its readers see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from articles.content.document import Document
from articles.content.references import ama, links
from articles.content.render import Reference, render
from articles.reviewing.asked import Asked
from articles.states import Level

_TITLES = {
    Level.CLINICAL: "References of the text for professionals",
    Level.PLAIN: "References of the plain-language text",
}


@dataclass(frozen=True, slots=True)
class Cited:
    """What one text cites, in its order. prefix: of its ids; base: the text's address."""

    title: str
    prefix: str
    base: str
    references: Sequence[Reference]


def cited(document: Document, asked: Asked) -> list[Cited]:
    """The list of each text that there is: each begins at 1, as it does for readers. No query."""
    levels = list(Level) if document.plain_body else [Level.CLINICAL]
    return [
        Cited(
            _TITLES[level] if len(levels) > 1 else "References in the order of the text",
            "" if level is Level.CLINICAL else "plain-",
            asked.to(show="text", level=str(level)),
            render(document, level).references,
        )
        for level in levels
    ]


def uncited(document: Document, lists: Sequence[Cited]) -> list[Reference]:
    """References of the article that none of its texts cites."""
    known = {reference.key for each in lists for reference in each.references}
    return [
        Reference(0, record["id"], ama(record), links(record), [])
        for record in document.references
        if record["id"] not in known
    ]
