"""The bar below the text: what this member may do, what each act will bring about, what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateformat import format as format_date

from articles.models import Article
from articles.reviewing.forms import RecuseForm
from articles.states import State, Verdict
from articles.workflow import Offer
from articles.workflow.case import Case

# What a signature covers travels with it.
_SIGNED = {"approve", "request_changes"}
_TONES = {"approve": "ok", "declare_conflict": "danger"}
_WAITS = {
    State.DRAFT: "The author is writing. It comes to the board when it is submitted.",
    State.CHANGES_REQUESTED: "Back with its author. It comes to its reviewers again when it is resubmitted.",
    State.SUBMITTED: "Submitted, and waiting for a reviewer.",
    State.UNDER_REVIEW: "Under review by others.",
    State.APPROVED: "Approved. There is nothing to decide.",
    State.DECLINED: "Declined by an editor. There is nothing to decide.",
    State.RETIRED: "Retired: readers see a notice in its place. There is nothing to decide.",
}


@dataclass(frozen=True, slots=True)
class Act:
    """One offer with its form, as components/confirm.html takes it."""

    offer: Offer
    text: str
    tone: str
    hidden: list[tuple[str, object]] = field(default_factory=list)
    note: str = ""
    extra: Any = None

    @property
    def id(self) -> str:
        return f"{self.offer.action}-act"


def acts(
    offers: Sequence[Offer], *, version: int, digest: str, left: int, action: str, typed: QueryDict | None
) -> list[Act]:
    """The offers with their forms; that of the refused `action` holds what was `typed` into it.

    version, digest: of the text on the page. left: how many approvals the round still wants.
    """
    what = f"version {version}"
    return [
        Act(
            offer=offer,
            text=f"{offer.help} {_effect(what, left)}" if offer.action == "approve" else offer.help,
            tone=_TONES.get(offer.action, "main"),
            hidden=[("version", version), ("digest", digest)] if offer.action in _SIGNED else [],
            note=typed.get("note", "") if typed is not None and offer.action == action else "",
            extra=_extra(offer, typed if offer.action == action else None),
        )
        for offer in offers
    ]


def standing_words(article: Article, case: Case, offers: Sequence[Offer], left: int, bar: str) -> str:
    """One line that says where this member stands with the article, and what it waits for."""
    approve = next((offer for offer in offers if offer.action == "approve"), None)
    if approve is not None and approve.blocked:
        return "Before you can approve: " + " · ".join(issue.message for issue in approve.blocked[:2])
    if approve is not None:
        return f"You are reviewing version {article.version}. {_effect('it', left)}"
    if bar:
        return "You cannot review this article; the reason stands above its text."
    if case.decision is not None and case.decision.verdict == Verdict.APPROVE:
        day = format_date(timezone.localtime(case.decision.decided_at), "F j, Y")
        return f"You approved version {article.version} on {day}. {_approvals(left)} needed."
    return _WAITS[State(article.state)]


def _effect(what: str, left: int) -> str:
    """What an approval does to `what`, while the round wants `left` of them."""
    if left <= 1:
        return f"Your approval publishes {what}."
    return f"It takes {left} more approvals to publish {what}; yours is one of them."


def _approvals(left: int) -> str:
    return "1 more approval is" if left == 1 else f"{left} more approvals are"


def _extra(offer: Offer, typed: QueryDict | None) -> Any:
    if offer.action != "recuse":
        return None
    form = RecuseForm(initial={"conflict": bool(typed and typed.get("conflict"))}, auto_id="recuse-%s")
    return form["conflict"]
