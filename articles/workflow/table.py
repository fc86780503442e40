"""The workflow as a table: every step, where it begins and ends, who may take it, what must be true.

docs/workflow.md is generated from these rows, and every illegal pair of step and state is tested from them.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from articles.states import EventKind, State
from articles.workflow import guards, permissions
from articles.workflow.guards import Guard
from articles.workflow.permissions import Permission


class Note(StrEnum):
    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Tone(StrEnum):
    MAIN = "main"
    QUIET = "quiet"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Row:
    """One step. `target` None leaves the state; `otherwise` says in words when it ends elsewhere."""

    action: str
    label: str
    sources: frozenset[State]
    target: State | None
    who: Permission
    event: EventKind
    door: str
    help: str
    otherwise: str = ""
    # What the button says, where it names the version; else it says the label.
    button: str = ""
    note: Note = Note.NONE
    note_label: str = ""
    tone: Tone = Tone.QUIET
    guards: tuple[Guard, ...] = field(default=())
    offered: bool = True


_ANY = frozenset(State)
_IN_REVIEW = frozenset({State.SUBMITTED, State.UNDER_REVIEW})

_ROWS = (
    Row(
        "save",
        "Edit",
        frozenset({State.DRAFT, State.CHANGES_REQUESTED}),
        None,
        permissions.author,
        EventKind.SAVED,
        "writing",
        "Change the text. Each save that changes something is a version.",
        note=Note.OPTIONAL,
    ),
    Row(
        "submit",
        "Submit for review",
        frozenset({State.DRAFT, State.CHANGES_REQUESTED}),
        State.SUBMITTED,
        permissions.author,
        EventKind.SUBMITTED,
        "writing",
        "The text is frozen until the Medical Advisory Board has decided, or you withdraw it.",
        button="Submit version {version} for review",
        otherwise="under review again when its reviewers stand",
        note=Note.OPTIONAL,
        note_label="A word to the reviewers",
        tone=Tone.MAIN,
        guards=(guards.text_passes_checks,),
    ),
    Row(
        "withdraw",
        "Withdraw",
        _IN_REVIEW,
        State.DRAFT,
        permissions.author,
        EventKind.WITHDRAWN,
        "writing",
        "Ends this round of review and gives you the text back to edit.",
        note=Note.OPTIONAL,
        note_label="Why",
    ),
    Row(
        "revise",
        "Begin a revision",
        frozenset({State.APPROVED, State.DECLINED, State.RETIRED}),
        State.DRAFT,
        permissions.author,
        EventKind.REVISED,
        "writing",
        "Opens the text for editing. Readers keep seeing the approved text until the next approval.",
        tone=Tone.MAIN,
    ),
    Row(
        "claim",
        "Take on this review",
        _IN_REVIEW,
        State.UNDER_REVIEW,
        permissions.board_member,
        EventKind.CLAIMED,
        "reviewing",
        "You become a reviewer of this version.",
        tone=Tone.MAIN,
        guards=(guards.is_not_reviewing,),
    ),
    Row(
        "approve",
        "Approve",
        frozenset({State.UNDER_REVIEW}),
        State.UNDER_REVIEW,
        permissions.reviewer,
        EventKind.APPROVED,
        "reviewing",
        "Signs your approval of exactly this text. It cannot be taken back.",
        button="Approve version {version}",
        otherwise="approved, and published, when the quorum is reached",
        note=Note.OPTIONAL,
        note_label="Note to the author",
        tone=Tone.MAIN,
        guards=(guards.has_not_decided, guards.text_passes_checks),
    ),
    Row(
        "request_changes",
        "Request changes",
        frozenset({State.UNDER_REVIEW}),
        State.CHANGES_REQUESTED,
        permissions.reviewer,
        EventKind.CHANGES_REQUESTED,
        "reviewing",
        "Ends this round and gives the text back to its author with your reason.",
        note=Note.REQUIRED,
        note_label="What must change, and why",
        guards=(guards.has_not_decided, guards.reason_is_given),
    ),
    Row(
        "recuse",
        "Recuse myself",
        frozenset({State.UNDER_REVIEW}),
        State.UNDER_REVIEW,
        permissions.assigned,
        EventKind.RECUSED,
        "reviewing",
        "You step back from this round.",
        otherwise="submitted when no reviewer is left",
        note=Note.REQUIRED,
        note_label="Why",
        guards=(guards.has_not_decided, guards.reason_is_given),
    ),
    Row(
        "declare_conflict",
        "Declare a conflict of interest",
        _ANY,
        None,
        permissions.any_member,
        EventKind.CONFLICT_DECLARED,
        "reviewing",
        "You will not be able to review this article, now or later.",
        otherwise="submitted when it takes away the last reviewer",
        note=Note.REQUIRED,
        note_label="What the conflict is",
        tone=Tone.DANGER,
        guards=(guards.reason_is_given,),
    ),
    Row(
        "assign",
        "Assign a reviewer",
        _IN_REVIEW,
        State.UNDER_REVIEW,
        permissions.editor,
        EventKind.ASSIGNED,
        "desk",
        "The member is told by e-mail.",
        note=Note.OPTIONAL,
        note_label="A word to the reviewer",
        tone=Tone.MAIN,
        guards=(guards.member_can_review, guards.due_is_not_past),
    ),
    Row(
        "unassign",
        "Release a reviewer",
        frozenset({State.UNDER_REVIEW}),
        State.UNDER_REVIEW,
        permissions.editor,
        EventKind.UNASSIGNED,
        "desk",
        "The member no longer reviews this round.",
        otherwise="submitted when no reviewer is left",
        note=Note.OPTIONAL,
        note_label="Why",
        guards=(guards.member_is_reviewing,),
    ),
    Row(
        "decline",
        "Decline",
        _IN_REVIEW,
        State.DECLINED,
        permissions.editor,
        EventKind.DECLINED,
        "desk",
        "Ends the review and tells the author why.",
        note=Note.REQUIRED,
        note_label="Reason for the author",
        tone=Tone.DANGER,
        guards=(guards.reason_is_given,),
    ),
    Row(
        "retire",
        "Retire",
        _ANY,
        State.RETIRED,
        permissions.editor,
        EventKind.RETIRED,
        "desk",
        "Takes the article away from readers at once and shows them your notice instead. "
        "A review under way ends with it.",
        note=Note.REQUIRED,
        note_label="Notice to readers",
        tone=Tone.DANGER,
        guards=(guards.has_live_publication, guards.notice_is_given),
    ),
    Row(
        "set_coauthors",
        "Change co-authors",
        _ANY,
        None,
        permissions.editor,
        EventKind.COAUTHORS_CHANGED,
        "desk",
        "Co-authors may edit and submit; none of them may review.",
    ),
    Row(
        "move_address",
        "Change the address",
        _ANY,
        None,
        permissions.editor,
        EventKind.ADDRESS_MOVED,
        "desk",
        "The old address will lead to the new one.",
        guards=(guards.has_live_publication,),
    ),
)

TABLE: dict[str, Row] = {row.action: row for row in _ROWS}
