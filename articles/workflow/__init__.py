"""The workflow: the one writer of where an article stands."""

from articles.workflow.actions import (
    approve,
    assign,
    claim,
    declare_conflict,
    decline,
    move_address,
    recuse,
    request_changes,
    retire,
    revise,
    set_coauthors,
    submit,
    unassign,
    withdraw,
)
from articles.workflow.drafting import create, restore, save
from articles.workflow.errors import Blocked, NotAllowed, StaleVersion, WorkflowError, WrongState
from articles.workflow.importing import Imported, import_for_demonstration, known_sources
from articles.workflow.offers import Offer, offers, why_not
from articles.workflow.permissions import may_read

__all__ = [
    "Blocked",
    "Imported",
    "NotAllowed",
    "Offer",
    "StaleVersion",
    "WorkflowError",
    "WrongState",
    "approve",
    "assign",
    "claim",
    "create",
    "declare_conflict",
    "decline",
    "import_for_demonstration",
    "known_sources",
    "may_read",
    "move_address",
    "offers",
    "recuse",
    "request_changes",
    "restore",
    "retire",
    "revise",
    "save",
    "set_coauthors",
    "submit",
    "unassign",
    "why_not",
    "withdraw",
]
