"""The few words that templates need beyond Django's own."""

from django import template

from articles.content.wording import unmarked
from articles.models.inquiries import InquiryState
from articles.states import State

register = template.Library()
register.filter(unmarked)

_TONES = {
    State.DRAFT: "plain",
    State.SUBMITTED: "wait",
    State.UNDER_REVIEW: "wait",
    State.CHANGES_REQUESTED: "wait",
    State.APPROVED: "ok",
    State.DECLINED: "stop",
    State.RETIRED: "stop",
}


@register.filter
def state_tone(state: str) -> str:
    """The signal colour of a state's tag: ok, wait, stop or plain."""
    return _TONES[State(state)]


_INQUIRY_TONES = {InquiryState.ANSWERED: "ok", InquiryState.OPEN: "wait"}


@register.filter
def inquiry_tone(state: str) -> str:
    """The signal colour of the tag of a group of questions."""
    return _INQUIRY_TONES.get(InquiryState(state), "plain")
