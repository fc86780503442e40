"""What this person may do now with this article, and what stands in the way. Templates loop over it."""

from dataclasses import dataclass, field

from django.urls import reverse

from articles.content.checks import Issue
from articles.models import Article, User
from articles.workflow.case import Case
from articles.workflow.guards import ASKED_ON_ACTING
from articles.workflow.table import TABLE, Note, Row, Tone


@dataclass(frozen=True, slots=True)
class Offer:
    """One step that is open to this person. `blocked` lists what must be mended first."""

    action: str
    label: str
    door: str
    url: str
    help: str
    tone: Tone
    note: Note
    note_label: str
    blocked: list[Issue] = field(default_factory=list)


def offers(article: Article, user: User, *, door: str = "", case: Case | None = None) -> list[Offer]:
    """Steps the person may take now, in the table's order; with `door`, only those of that door.

    Cost: at most about ten queries, whatever the article's size; none per offer.
    """
    case = case or Case(article, user)
    return [
        _offer(row, case)
        for row in TABLE.values()
        if row.offered
        and (not door or row.door == door)
        and article.state in row.sources
        and not row.who(case)
        and _makes_sense(row, case)
    ]


def why_not(article: Article, user: User, *, case: Case | None = None) -> str:
    """Why a board member is offered no review of this article: the bar in words, or ""."""
    case = case or Case(article, user)
    return case.own_bar if user.is_board_member else ""


def _offer(row: Row, case: Case) -> Offer:
    return Offer(
        action=row.action,
        label=(row.button or row.label).format(version=case.article.version),
        door=row.door,
        url=reverse(f"{row.door}:{row.action}", args=[case.article.pk]),
        help=row.help,
        tone=row.tone,
        note=row.note,
        note_label=row.note_label,
        blocked=[i for guard in row.guards if guard not in ASKED_ON_ACTING for i in guard(case)],
    )


def _makes_sense(row: Row, case: Case) -> bool:
    """A step that could never be unblocked by the person is not offered at all."""
    match row.action:
        case "retire" | "move_address" | "reaffirm":
            return case.is_live
        case "claim":
            return not case.is_reviewer(case.user) and case.decision is None
        case "approve" | "request_changes" | "recuse":
            return case.decision is None
        case "accept_review" | "decline_review":
            return case.assignment is not None and case.assignment.accepted_at is None
        case "unassign":
            return bool(case.standing)
        case "declare_conflict":
            return not case.own_bar
    return True
