"""What reviewers do with single statements, for the tests: found by their first words, not by digests."""

from typing import Any

from articles import workflow
from articles.content.statements import Statement
from articles.models import Article, SignOff, Thread, User
from articles.states import Support
from articles.workflow.case import Case
from tests import makers


def statement(made: Article, words: str = "Histology") -> Statement:
    """The first statement that begins with `words`."""
    found = Case(made, made.author).statements.values()
    return next(each for each in found if each.text.startswith(words))


def sign_off(
    made: Article, actor: User, support: str = Support.SUPPORTED, words: str = "Histology", note: str = ""
) -> SignOff:
    """Mark one statement."""
    digest = statement(made, words).digest
    return workflow.sign_off(
        made.pk, version=made.version, statement=digest, support=support, actor=actor, note=note
    )


def sign_off_all(made: Article, actor: User, *, but: str = "") -> None:
    """Mark every statement as supported, but one that begins with `but`."""
    for digest, each in Case(made, actor).statements.items():
        if not (but and each.text.startswith(but)):
            workflow.sign_off(
                made.pk, version=made.version, statement=digest, support=Support.SUPPORTED, actor=actor
            )


def thread(made: Article, actor: User, words: str = "Histology", **given: Any) -> Thread:
    """Open a thread about one statement."""
    everything = {"text": "Which grade?", "must_fix": False} | given
    return workflow.open_thread(
        made.pk,
        version=made.version,
        statement=statement(made, words).digest,
        actor=actor,
        **everything,
    )


def resubmit(made: Article, words: str | None = None, **fields: Any) -> Article:
    """The author saves other words, if any, and submits again."""
    made = makers.fresh(made)
    if words is not None or fields:
        made = makers.edit(made, words or "Histology with grade sets prognosis.", **fields)
    workflow.submit(made.pk, version=made.version, actor=made.author)
    return makers.fresh(made)


def marks(made: Article, viewer: User, words: str = "Histology") -> dict[str, str]:
    """Each member's verdict on a statement, as `viewer` may see it: username -> verdict."""
    made = makers.fresh(made)
    found = Case(made, viewer).marks.get(statement(made, words).digest, ())
    return {mark.member.username: mark.support for mark in found}
