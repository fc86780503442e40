"""The words the workflow is written in: states, verdicts, kinds of event."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices

from articles.content.document import Level

__all__ = [
    "EDITABLE_STATES",
    "EventKind",
    "Level",
    "PublicationStatus",
    "Role",
    "RoundKind",
    "RoundOutcome",
    "State",
    "Step",
    "SuggestionStatus",
    "Support",
    "Verdict",
    "progress",
]


class State(TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    UNDER_REVIEW = "under_review", "Under Review"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    RETIRED = "retired", "Retired"


# Everywhere else the text is frozen: what the board reads must be what the board approves.
EDITABLE_STATES = frozenset({State.DRAFT, State.CHANGES_REQUESTED})


class Role(TextChoices):
    """The groups that a migration makes. A board member also needs a profile whose term is running."""

    AUTHOR = "Authors"
    BOARD = "Medical Advisory Board"
    EDITOR = "Editors"


class Verdict(TextChoices):
    APPROVE = "approve", "Approved"
    REQUEST_CHANGES = "request_changes", "Requested changes"
    RECUSE = "recuse", "Recused"


class Support(TextChoices):
    """A member's verdict on one statement: do the sources it cites bear it out?"""

    SUPPORTED = "supported", "Supported"
    UNCLEAR = "unclear", "Unclear"
    NOT_SUPPORTED = "not_supported", "Not supported"


class SuggestionStatus(TextChoices):
    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"


class RoundKind(TextChoices):
    REVIEW = "review", "Review"
    # Asks one thing of the text readers have: does it still hold? Moves the review date and nothing else.
    REAFFIRMATION = "reaffirmation", "Reaffirmation"


class RoundOutcome(TextChoices):
    OPEN = "", "Open"
    APPROVED = "approved", "Approved"
    REAFFIRMED = "reaffirmed", "Reaffirmed"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    WITHDRAWN = "withdrawn", "Withdrawn by the author"
    DECLINED = "declined", "Declined"
    RETIRED = "retired", "Ended by retirement"


class PublicationStatus(TextChoices):
    LIVE = "live", "Live"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"


class EventKind(TextChoices):
    CREATED = "created", "created the article"
    SAVED = "saved", "saved a version"
    RESTORED = "restored", "restored an earlier version"
    SUBMITTED = "submitted", "submitted for review"
    RESUBMITTED = "resubmitted", "resubmitted for review"
    WITHDRAWN = "withdrawn", "withdrew the submission"
    CLAIMED = "claimed", "took on the review"
    ASSIGNED = "assigned", "assigned a reviewer"
    UNASSIGNED = "unassigned", "released a reviewer"
    REMINDED = "reminded", "reminded a reviewer"
    ACCEPTED = "accepted", "accepted the review"
    REVIEW_DECLINED = "review_declined", "declined to review"
    APPROVED = "approved", "approved"
    PUBLISHED = "published", "published"
    CHANGES_REQUESTED = "changes_requested", "requested changes"
    RECUSED = "recused", "recused themselves"
    CONFLICT_DECLARED = "conflict_declared", "declared a conflict of interest"
    DECLINED = "declined", "declined"
    REVISED = "revised", "began a revision"
    RETIRED = "retired", "retired the article"
    COAUTHORS_CHANGED = "coauthors_changed", "changed the co-authors"
    ADDRESS_MOVED = "address_moved", "changed the address"
    IMPORTED = "imported", "imported for demonstration, without any review"
    THREAD_OPENED = "thread_opened", "opened a thread"
    THREAD_ANSWERED = "thread_answered", "answered in a thread"
    THREAD_MARKED = "thread_marked", "marked a thread"
    THREAD_RESOLVED = "thread_resolved", "resolved a thread"
    THREAD_REOPENED = "thread_reopened", "reopened a thread"
    SUGGESTION_ACCEPTED = "suggestion_accepted", "accepted a suggested wording"
    SUGGESTION_DECLINED = "suggestion_declined", "declined a suggested wording"
    REAFFIRMATION_ASKED = "reaffirmation_asked", "asked for a reaffirmation"
    REAFFIRMED = "reaffirmed", "reaffirmed"
    INQUIRY_ASKED = "inquiry_asked", "asked a member to answer readers"
    INQUIRY_TAKEN = "inquiry_taken", "took on an answer to readers"
    INQUIRY_RETURNED = "inquiry_returned", "gave a question of readers back to the desk"
    INQUIRY_ATTACHED = "inquiry_attached", "attached a question of readers"
    INQUIRY_ANSWERED = "inquiry_answered", "answered a question of readers"
    REPLY_HANDED_IN = "reply_handed_in", "handed in an answer to readers"
    REPLY_RETURNED = "reply_returned", "asked for changes to an answer to readers"
    REPLY_APPROVED = "reply_approved", "approved an answer to readers"
    REPLY_WITHDRAWN = "reply_withdrawn", "withdrew an answer to readers"


class StepStatus(StrEnum):
    DONE = "done"
    CURRENT = "current"
    TODO = "todo"


@dataclass(frozen=True, slots=True)
class Step:
    """One station of the stepper that every article shows."""

    label: str
    status: StepStatus
    current: bool
    # Where it is only on its way through the station: what it waits for there.
    note: str = ""


_REACHED = {
    State.DRAFT: -1,
    State.SUBMITTED: 0,
    State.UNDER_REVIEW: 1,
    State.CHANGES_REQUESTED: 1,
    State.APPROVED: 2,
}


def progress(state: str) -> list[Step]:
    """The three states readers know, and how far an article in `state` has come among them.

    Nothing for what was declined or retired: it is on no way, and "not yet approved" would not be true of it.
    """
    if State(state) not in _REACHED:
        return []
    reached = _REACHED[State(state)]
    steps = []
    for place, station in enumerate((State.SUBMITTED, State.UNDER_REVIEW, State.APPROVED)):
        done = place < reached or reached == 2
        current = place == reached
        status = StepStatus.DONE if done else StepStatus.CURRENT if current else StepStatus.TODO
        note = "changes requested" if current and state == State.CHANGES_REQUESTED else ""
        steps.append(Step(station.label, status, current, note))
    return steps
