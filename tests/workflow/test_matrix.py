"""The matrix of who may do what, through the workflow: each cell ends as it is written in tests/matrix.py."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction

from articles import workflow
from articles.workflow import Blocked, NotAllowed, WorkflowError, WrongState, offers
from articles.workflow.table import TABLE
from tests import figures, makers
from tests.matrix import DRUG, MAY, PEOPLE, PUBLISHED, STATES, Outcome, Scene, cells, expected, writes

pytestmark = pytest.mark.django_db

Act = Callable[[Scene, str], object]

ACTS: dict[str, Act] = {
    "save": lambda s, who: workflow.save(
        s.article.pk, version=2, actor=s[who], fields=makers.text("Other words."), note="Edited."
    ),
    "submit": lambda s, who: workflow.submit(s.article.pk, version=2, actor=s[who]),
    "withdraw": lambda s, who: workflow.withdraw(s.article.pk, version=2, actor=s[who]),
    "revise": lambda s, who: workflow.revise(s.article.pk, version=2, actor=s[who]),
    "claim": lambda s, who: workflow.claim(s.article.pk, actor=s[who]),
    "accept_review": lambda s, who: workflow.accept_review(s.article.pk, actor=s[who]),
    "decline_review": lambda s, who: workflow.decline_review(s.article.pk, actor=s[who], note="No time."),
    "approve": lambda s, who: makers.approve(s.article, s[who]),
    "request_changes": lambda s, who: workflow.request_changes(
        s.article.pk, version=2, digest=s.article.digest, actor=s[who], note="More."
    ),
    "recuse": lambda s, who: workflow.recuse(s.article.pk, actor=s[who], note="No time."),
    "declare_conflict": lambda s, who: workflow.declare_conflict(
        s.article.pk, actor=s[who], reason="Shares."
    ),
    "sign_off": lambda s, who: workflow.sign_off(
        s.article.pk, version=2, statement=s.statement, support="supported", actor=s[who]
    ),
    "open_thread": lambda s, who: workflow.open_thread(
        s.article.pk, version=2, statement=s.statement, actor=s[who], text="Why?"
    ),
    "resolve": lambda s, who: workflow.resolve(s.article.pk, thread=s.open.pk, actor=s[who]),
    "reopen": lambda s, who: workflow.reopen(s.article.pk, thread=s.resolved.pk, actor=s[who]),
    "mark": lambda s, who: workflow.set_must_fix(s.article.pk, thread=s.open.pk, actor=s[who], must_fix=True),
    "answer": lambda s, who: workflow.answer(s.article.pk, thread=s.open.pk, actor=s[who], text="So."),
    "accept_suggestion": lambda s, who: workflow.accept_suggestion(
        s.article.pk, thread=s.open.pk, version=2, actor=s[who]
    ),
    "decline_suggestion": lambda s, who: workflow.decline_suggestion(
        s.article.pk, thread=s.open.pk, actor=s[who], reason="It says less."
    ),
    "add_figure": lambda s, who: figures.add(s.article, actor=s[who], color="red"),
    "remove_figure": lambda s, who: workflow.remove_figure(s.article.pk, name=s.figure.name, actor=s[who]),
    "reaffirm": lambda s, who: workflow.reaffirm(s.article.pk, actor=s[who]),
    "assign": lambda s, who: workflow.assign(
        s.article.pk, member=s["member"], actor=s[who], due=date(2099, 1, 1)
    ),
    "unassign": lambda s, who: workflow.unassign(s.article.pk, member=s["reviewer"], actor=s[who]),
    "remind": lambda s, who: workflow.remind(s.article.pk, member=s["reviewer"], actor=s[who]),
    "decline": lambda s, who: workflow.decline(s.article.pk, version=2, actor=s[who], note="Outside."),
    "retire": lambda s, who: workflow.retire(s.article.pk, actor=s[who], notice="Gone."),
    "set_coauthors": lambda s, who: workflow.set_coauthors(s.article.pk, coauthors=[], actor=s[who]),
    "move_address": lambda s, who: workflow.move_address(s.article.pk, slug="moved", actor=s[who]),
}
ERRORS = {NotAllowed: Outcome.NOT_ALLOWED, WrongState: Outcome.WRONG_STATE, Blocked: Outcome.BLOCKED}


def outcome(scene: Scene, step: str, who: str) -> Outcome:
    """Take the step, see what comes of it, and undo it."""
    with writes() as written, transaction.atomic():
        try:
            ACTS[step](scene, who)
            found = Outcome.MAY
            assert written, f"{who} could “{step}”, and nothing changed"
        except WorkflowError as error:
            found = ERRORS[type(error)]
            assert not written, f"{who} was refused “{step}”, and something changed"
        transaction.set_rollback(True)
    return found


def test_the_matrix_has_a_row_for_every_step() -> None:
    assert MAY.keys() == TABLE.keys() == ACTS.keys()


@pytest.mark.parametrize("state", STATES)
def test_every_step_ends_as_the_matrix_says(state: str) -> None:
    scene = Scene(state)
    wrong = [
        f"{who} ({PEOPLE[who]}), {step}, {state}: {found}, not {should_be}"
        for step, who, should_be in cells(state)
        if (found := outcome(scene, step, who)) is not should_be
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("state", STATES)
def test_offers_are_the_steps_that_the_matrix_allows(state: str) -> None:
    """Every button is one that the matrix lets the person press, and no button of theirs is missing."""
    scene = Scene(state)
    offerable = {row.action for row in TABLE.values() if row.offered}
    for who in PEOPLE:
        if who == "closed":
            continue  # Nobody is logged in with it.
        offered = {offer.action for offer in offers(scene.article, scene[who]) if not offer.blocked}
        may = {step for step in offerable if expected(step, who, state) is Outcome.MAY}
        # One who said so already has nothing more to declare, nor has one whom something else keeps out.
        if who in ("declared", "touched", "allroles") or (who == "edited" and state not in PUBLISHED.split()):
            may.discard("declare_conflict")
        assert offered == may, who


def test_the_interest_is_in_the_text() -> None:
    assert DRUG in Scene("draft").article.body
