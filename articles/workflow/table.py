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
    event: EventKind | None
    door: str
    help: str
    otherwise: str = ""
    # What the button says, where it names the version; else it says the label.
    button: str = ""
    note: Note = Note.NONE
    note_label: str = ""
    tone: Tone = Tone.QUIET
    guards: tuple[Guard, ...] = field(default=())
    # Whether it is a button of its own; steps on single statements stand beside them.
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
        guards=(guards.text_passes_checks, guards.must_fix_is_answered),
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
        otherwise="approved, as it was, when it was a reaffirmation",
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
        "accept_review",
        "Accept this review",
        frozenset({State.UNDER_REVIEW}),
        State.UNDER_REVIEW,
        permissions.reviewer,
        EventKind.ACCEPTED,
        "reviewing",
        "Tells the editors that you will review this version.",
        tone=Tone.MAIN,
        guards=(guards.was_asked,),
    ),
    Row(
        "decline_review",
        "Decline this review",
        frozenset({State.UNDER_REVIEW}),
        State.UNDER_REVIEW,
        permissions.assigned,
        EventKind.REVIEW_DECLINED,
        "reviewing",
        "Tells the editors that somebody else must review it, and why.",
        otherwise="submitted when no reviewer is left",
        note=Note.REQUIRED,
        note_label="Why",
        guards=(guards.was_asked, guards.reason_is_given),
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
        otherwise="approved, and published or reaffirmed, when the policy is met",
        note=Note.OPTIONAL,
        note_label="Note to the author",
        tone=Tone.MAIN,
        guards=(
            guards.has_not_decided,
            guards.text_passes_checks,
            guards.must_fix_is_resolved,
            guards.statements_are_signed_off,
            guards.checklist_is_ticked,
            guards.is_signed,
        ),
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
        "sign_off",
        "Sign off a statement",
        frozenset({State.UNDER_REVIEW}),
        None,
        permissions.reviewer,
        # The sign-off itself is the record, and is never changed: 300 of them would drown the timeline.
        None,
        "reviewing",
        "Says of one statement whether its sources support it.",
        otherwise="approved when it was the last thing wanting",
        offered=False,
    ),
    Row(
        "open_thread",
        "Open a thread",
        frozenset({State.UNDER_REVIEW}),
        None,
        permissions.reviewer,
        EventKind.THREAD_OPENED,
        "reviewing",
        "Begins a conversation about one statement, perhaps with another wording.",
        offered=False,
    ),
    Row(
        "answer",
        "Answer in a thread",
        _ANY - {State.RETIRED},
        None,
        permissions.in_conversation,
        EventKind.THREAD_ANSWERED,
        "office",
        "Says something in a thread. An author may mark it as done.",
        offered=False,
    ),
    Row(
        "resolve",
        "Resolve a thread",
        frozenset({State.UNDER_REVIEW}),
        None,
        permissions.reviewer,
        EventKind.THREAD_RESOLVED,
        "reviewing",
        "Closes a thread. What must be fixed is closed by who asked for it, while they review.",
        otherwise="approved when it was the last thing wanting",
        offered=False,
    ),
    Row(
        "reopen",
        "Reopen a thread",
        frozenset({State.UNDER_REVIEW}),
        None,
        permissions.reviewer,
        EventKind.THREAD_REOPENED,
        "reviewing",
        "Opens a resolved thread again.",
        offered=False,
    ),
    Row(
        "mark",
        "Mark a thread as must fix, or not",
        frozenset({State.UNDER_REVIEW}),
        None,
        permissions.reviewer,
        EventKind.THREAD_MARKED,
        "reviewing",
        "Says whether it must be fixed before anybody can approve.",
        otherwise="approved when it was the last thing wanting",
        offered=False,
    ),
    Row(
        "accept_suggestion",
        "Take up a suggested wording",
        frozenset({State.DRAFT, State.CHANGES_REQUESTED}),
        None,
        permissions.author,
        EventKind.SUGGESTION_ACCEPTED,
        "writing",
        "Makes a version with the suggested words, crediting who suggested them.",
        offered=False,
    ),
    Row(
        "decline_suggestion",
        "Decline a suggested wording",
        frozenset({State.DRAFT, State.CHANGES_REQUESTED}),
        None,
        permissions.author,
        EventKind.SUGGESTION_DECLINED,
        "writing",
        "Says why the words stay as they are.",
        note=Note.REQUIRED,
        note_label="Why",
        guards=(guards.reason_is_given,),
        offered=False,
    ),
    Row(
        "add_figure",
        "Add an image",
        frozenset({State.DRAFT, State.CHANGES_REQUESTED}),
        None,
        permissions.author,
        # No version and no news: what readers and reviewers see of it is in the text that shows it.
        None,
        "writing",
        "Keeps an image for the figures of this article.",
        offered=False,
    ),
    Row(
        "remove_figure",
        "Remove an image",
        frozenset({State.DRAFT, State.CHANGES_REQUESTED}),
        None,
        permissions.author,
        None,
        "writing",
        "Forgets an image that no version of the text shows.",
        offered=False,
    ),
    Row(
        "reaffirm",
        "Ask for a reaffirmation",
        frozenset({State.APPROVED}),
        State.SUBMITTED,
        permissions.editor,
        EventKind.REAFFIRMATION_ASKED,
        "desk",
        "Asks the board whether the text still holds. When it does, the review date moves and nothing else.",
        otherwise="under review when those who approved it last stand again",
        note=Note.OPTIONAL,
        note_label="A word to the reviewers",
        guards=(guards.text_is_live,),
    ),
    Row(
        "assign",
        "Assign a reviewer",
        _IN_REVIEW,
        State.UNDER_REVIEW,
        permissions.keeper,
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
        permissions.keeper,
        EventKind.UNASSIGNED,
        "desk",
        "The member no longer reviews this round.",
        otherwise="submitted when no reviewer is left",
        note=Note.OPTIONAL,
        note_label="Why",
        guards=(guards.member_is_reviewing,),
    ),
    Row(
        "remind",
        "Remind a reviewer",
        frozenset({State.UNDER_REVIEW}),
        None,
        permissions.keeper,
        EventKind.REMINDED,
        "desk",
        "The member gets a mail that names the due date.",
        note=Note.OPTIONAL,
        note_label="A word to the reviewer",
        guards=(guards.member_is_reviewing, guards.was_not_reminded_today),
        offered=False,
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
        otherwise="approved, as it was, when it was a reaffirmation",
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
        "Its authors and followers are told by mail, and a review under way ends with it.",
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
