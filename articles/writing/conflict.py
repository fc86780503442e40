"""Two people saved, or one saved twice: what is stored now beside what was typed."""

from dataclasses import dataclass
from typing import Any

from articles import queries
from articles.comparing import Differences, Shown, Source
from articles.content.compare import FieldChange
from articles.content.document import Declarations, Document, Level
from articles.content.sanitise import sanitise
from articles.models import Article
from articles.web import images_at

LABELS = {Level.CLINICAL: "Clinical text", Level.PLAIN: "Plain-language text"}


@dataclass(frozen=True)
class Conflict:
    """What the page of a conflict shows: who saved what, and how the typed text differs from it."""

    base: int
    current: int
    who: str
    is_own: bool
    at: Any
    note: str
    # The typed text is the stored one: the same form came twice.
    is_saved_already: bool
    fields: tuple[FieldChange, ...]
    texts: list[tuple[str, list[Shown]]]
    sources: list[Source]


def conflict_between(article: Article, base: int, typed: dict[str, Any], user: Any) -> Conflict:
    """Compare `typed` (fields as for workflow.save) with what is stored. Two queries."""
    stored = queries.version(article.pk, article.version)
    old, new = stored.document(), document_of(typed)
    images = images_at(article.pk)
    found = [Differences(old, new, level, images=images) for level in Level]
    return Conflict(
        base=base,
        current=article.version,
        who=str(stored.history_user or ""),
        is_own=stored.history_user_id == user.pk,
        at=stored.history_date,
        note=stored.history_change_reason or "",
        is_saved_already=found[0].is_empty,
        fields=found[0].fields,
        texts=[(LABELS[each.level], shown) for each in found if (shown := _changed(each))],
        sources=found[0].sources,
    )


def document_of(fields: dict[str, Any]) -> Document:
    """The document that saving these fields would make."""
    return Document(
        question=fields["question"],
        summary=fields["summary"],
        body=sanitise(fields["body"]),
        plain_body=sanitise(fields["plain_body"]),
        references=tuple(fields["references"]),
        declarations=Declarations(
            competing_interests=fields["competing_interests"],
            ai_use=fields["ai_use"],
            evidence_searched_to=fields["evidence_searched_to"],
        ),
    )


def _changed(differences: Differences) -> list[Shown]:
    """The blocks that changed, under their headings; long runs without a change are left out."""
    return [shown for run in differences.runs if not run.folded for shown in run.changes]
