"""The bar below the text: what this member may do, what each act will bring about, what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateformat import format as format_date

from articles.models import Article, Decision
from articles.reviewing.asked import Asked
from articles.reviewing.blocked import in_one_line
from articles.reviewing.forms import RecuseForm
from articles.states import State, Support, Verdict
from articles.workflow import Offer, quorum
from articles.workflow.actions import meaning
from articles.workflow.case import Case
from articles.workflow.table import Tone

# What a signature covers travels with it.
_SIGNED = {"approve": Verdict.APPROVE, "request_changes": Verdict.REQUEST_CHANGES}
_TONES = {"approve": "ok", "declare_conflict": "danger"}
_BOXES = {"approve": "I have considered", "request_changes": "What needs work"}
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
class Box:
    """One item of the checklist, and whether it is ticked."""

    key: int
    text: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Act:
    """One offer with its form, as reviewing/act.html takes it."""

    offer: Offer
    text: str
    tone: str
    hidden: list[tuple[str, object]] = field(default_factory=list)
    note: str = ""
    boxes_label: str = ""
    boxes: list[Box] = field(default_factory=list)
    extra: Any = None
    # What the signature will say, and as whom; "" where nothing is signed.
    meaning: str = ""
    signer: str = ""

    @property
    def id(self) -> str:
        return f"{self.offer.action}-act"


def acts(
    offers: Sequence[Offer], case: Case, missing: "Missing", *, action: str, typed: QueryDict | None
) -> list[Act]:
    """The offers with their forms; that of the refused `action` holds what was `typed` into it."""
    return [_act(offer, case, missing, typed if offer.action == action else None) for offer in offers]


def _act(offer: Offer, case: Case, missing: "Missing", typed: QueryDict | None) -> Act:
    article, approves = case.article, offer.action == "approve"
    signed = [("version", article.version), ("digest", case.document.digest)]
    profile = case.user.board_profile if approves else None
    return Act(
        offer=offer,
        text=_what_it_does(offer, case, missing) if approves else offer.help,
        tone=_TONES.get(offer.action, "main"),
        hidden=list(signed) if offer.action in _SIGNED else [],
        note=typed.get("note", "") if typed is not None else "",
        boxes_label=_BOXES.get(offer.action, ""),
        boxes=_boxes(offer, case, typed),
        extra=_conflict(typed) if offer.action == "recuse" else None,
        meaning=meaning(case) if approves else "",
        signer=f"{profile.name}, {profile.credentials}" if profile else "",
    )


def _what_it_does(offer: Offer, case: Case, missing: "Missing") -> str:
    effect = missing.effect(f"version {case.article.version}")
    return " ".join(each for each in (offer.help, effect, _signed_off(case)) if each)


def _signed_off(case: Case) -> str:
    """On whose reading of the statements an approval would rest; "" where it is not about statements."""
    if case.round is None or case.round.is_reaffirmation or not case.statements:
        return ""
    supported = [
        {mark.member_id for mark in marks if mark.support == Support.SUPPORTED}
        for marks in (case.marks.get(digest, []) for digest in case.statements)
    ]
    total, own = len(supported), sum(case.user.pk in members for members in supported)
    if own == total:
        return f"You signed off all {total} statements." if total > 1 else "You signed off its one statement."
    others = sum(bool(members) and case.user.pk not in members for members in supported)
    said = f"You signed off {own} of {total} statements"
    said += f", colleagues {others} of the others." if others else "."
    left = own + others < total and not case.round.needs_sign_off
    return said + (" The policy of this topic does not ask for the rest." if left else "")


def as_invited(offers: Sequence[Offer]) -> list[Offer]:
    """The offers, with one thing to do first: whoever was asked answers before anything else."""
    if not any(offer.action == "accept_review" for offer in offers):
        return list(offers)
    return [
        replace(offer, tone=Tone.QUIET) if offer.action == "approve" else offer
        for offer in offers
        # To decline is to step back; a second way to do it would only raise a question.
        if offer.action != "recuse"
    ]


class Missing:
    """What the open round still asks for before it can publish, as far as this member may know of it."""

    def __init__(self, case: Case) -> None:
        self._case = case
        seen = [d for d in case.approvals if case.round and case.sees(case.round.number, d.member_id)]
        self.now = quorum.wanting(case, seen)
        own = Decision(specialties=case.user.board_profile.specialty_list, verdict=Verdict.APPROVE)
        self._after_mine = quorum.wanting(case, [*seen, own])

    def effect(self, what: str) -> str:
        """What an approval of this member does to `what`."""
        if self._after_mine:
            takes = quorum.in_words(self.now)
            return f"It takes {takes}{',' if ',' in takes else ''} to publish {what}; yours is one of them."
        if self._case.round is not None and self._case.round.is_reaffirmation:
            return "Your approval moves the date of the last review, and nothing else."
        return f"Your approval publishes {what}."

    def needed(self) -> str:
        """What is wanting, as a sentence: “1 more approval is needed.”"""
        if self.now:
            if len(self.now) > 1:
                return f"Still needed: {quorum.in_words(self.now)}."
            return f"{self.now[0]} {'is' if self.now[0].startswith('1 ') else 'are'} needed."
        found = quorum.in_the_way(self._case)
        return f"It is not published yet: {found[0].message}" if found else ""


def standing_words(
    article: Article, case: Case, offers: Sequence[Offer], missing: Missing, bar: str, asked: Asked
) -> str:
    """One line that says where this member stands with the article, and what it waits for."""
    approve = next((offer for offer in offers if offer.action == "approve"), None)
    if any(offer.action == "accept_review" for offer in offers):
        return f"You are asked to review version {article.version}. Say whether you will."
    if approve is not None and approve.blocked:
        return f"Before you can approve: {in_one_line(approve.blocked, asked)}"
    if approve is not None:
        return f"You are reviewing version {article.version}. {missing.effect('it')}"
    if bar:
        return "You cannot review this article; the reason stands above its text."
    if case.decision is not None and case.decision.verdict == Verdict.APPROVE:
        day = format_date(timezone.localtime(case.decision.decided_at), "F j, Y")
        return f"You approved version {article.version} on {day}. {missing.needed()}"
    return _WAITS[State(article.state)]


def _boxes(offer: Offer, case: Case, typed: QueryDict | None) -> list[Box]:
    ticked = set(typed.getlist("ticked")) if typed is not None else set()
    return [
        Box(item.pk, item.text, str(item.pk) in ticked)
        for item in case.checklist
        if item.verdict == _SIGNED.get(offer.action)
    ]


def _conflict(typed: QueryDict | None) -> Any:
    form = RecuseForm(initial={"conflict": bool(typed and typed.get("conflict"))}, auto_id="recuse-%s")
    return form["conflict"]
