"""When a round has what its policy asks for, and what is still wanting."""

from collections.abc import Sequence

from django.utils.text import get_text_list

from articles.content.checks import Issue
from articles.content.wording import unmarked
from articles.models import Decision, Thread
from articles.states import EventKind, RoundOutcome, State, Verdict
from articles.workflow import carrying, guards, publish
from articles.workflow.bars import bars
from articles.workflow.case import Case
from articles.workflow.transition import Step


def approvals_that_count(case: Case) -> list[Decision]:
    """Approvals of the open round, less those of members who have since become authors or have a conflict."""
    approvals = (
        Decision.objects.filter(round=case.round, verdict=Verdict.APPROVE)
        .select_related("member__board_profile")
        .order_by("decided_at", "pk")
    )
    # Asked now, not before the step: it may be the step that barred somebody.
    barred = bars(case, {decision.member_id for decision in approvals})
    return [decision for decision in approvals if decision.member_id not in barred]


def wanting(case: Case, approvals: Sequence[Decision]) -> list[str]:
    """What the policy still asks for, in words: ["1 more approval", "1 from Pharmacy"]; empty when met."""
    round_ = case.round
    if round_ is None:
        return []
    missing = []
    left = round_.quorum - len(approvals)
    if left > 0:
        missing.append(f"{left} more approval{'s' if left > 1 else ''}")
    for specialty, count in sorted(round_.specialties.items()):
        have = sum(has_specialty(decision.specialties, specialty) for decision in approvals)
        if have < count:
            missing.append(f"{count - have} from {specialty}")
    return missing


def has_specialty(specialties: Sequence[str], wanted: str) -> bool:
    """Whether the specialty is among a member's, whatever the case of its letters."""
    return wanted.casefold() in {each.casefold() for each in specialties}


def in_words(missing: Sequence[str]) -> str:
    """“2 more approvals, 1 from Pharmacy among them”; “1 from Pharmacy and 2 from Surgery”."""
    if len(missing) > 1 and "approval" in missing[0]:
        return f"{missing[0]}, {get_text_list(list(missing[1:]), 'and')} among them"
    return str(get_text_list(list(missing), "and"))


def in_the_way(case: Case) -> list[Issue]:
    """What forbids publishing although everyone needed has approved: seen by all who reviewed, or by few.

    In an independent round a member may approve without knowing of a colleague's objection. It counts here,
    in a reaffirmation too: the review date must not move over what must be fixed.
    """
    found = [
        Issue("must-fix", f"A thread that must be fixed is open: “{unmarked(thread.quote)[:80]}”.")
        for thread in Thread.objects.filter(article=case.article, is_must_fix=True, resolved_at__isnull=True)
    ]
    return found + guards.wanting_sign_off(case, case.all_marks)


def settle(step: Step) -> None:
    """Complete the round, if it has all it needs now. Called by every step that may have been the last."""
    case = step.case
    if step.round is None or not step.round.is_open or step.article.state != State.UNDER_REVIEW:
        return
    approvals = approvals_that_count(case)
    if step.event == EventKind.APPROVED:
        # Not with other steps: whoever takes them may not know yet that somebody approved.
        step.data |= {"approvals": len(approvals), "quorum": step.round.quorum}
    if not approvals or wanting(case, approvals) or in_the_way(case):
        return
    months = int(step.round.policy["months_to_next_review"])
    if step.round.is_reaffirmation:
        publication = publish.reaffirm(step.article, months)
        step.close_round(RoundOutcome.REAFFIRMED)
        step.also(EventKind.REAFFIRMED, publication=publication.number)
    else:
        publication = publish.publish(step.article, case.document, approvals, months)
        step.close_round(RoundOutcome.APPROVED)
        step.also(EventKind.PUBLISHED, publication=publication.number, seal=publication.seal)
        if answered := carrying.answer_by(publication, step.actor):
            step.also(EventKind.INQUIRY_ANSWERED, inquiries=answered)
    step.target = State.APPROVED
