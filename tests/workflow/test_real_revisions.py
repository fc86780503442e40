"""Real revisions of a review, taken through the workflow: sign-offs outlive all that did not touch them."""

from typing import Any

import pytest

from articles import workflow
from articles.models import Article, User
from articles.states import Support
from articles.workflow.case import Case
from tests import makers
from tests.content.revisions import from_markdown, revisions
from tests.evidence import sign_off_all

pytestmark = pytest.mark.django_db


def fields(markdown: str) -> dict[str, Any]:
    body, references = from_markdown(markdown)
    records = [makers.RECORD | {"id": each["id"], "title": each["title"]} for each in references]
    # Under a heading that asks for no citation of each claim: the real text is no clinical answer.
    return makers.text(body=f"<h2>Notes</h2>{body}", references=records)


def marked(article: Article, viewer: User) -> set[str]:
    """Digests of the statements of this version that are signed off."""
    return set(Case(makers.fresh(article), viewer).marks)


@pytest.mark.parametrize("kind", ["whitespace_only", "citations_only", "tiny"])
def test_what_a_real_revision_left_alone_stays_signed_off_and_what_it_touched_does_not(
    kind: str, ada: User, ravi: User
) -> None:
    makers.policy(sign_off=True)
    revision = min(revisions(kind), key=lambda each: len(each["before"]))
    made = workflow.create(actor=ada, fields=fields(revision["before"]))
    made = makers.bring(made, "under_review", reviewer=ravi)
    sign_off_all(made, ravi)
    before = {each.digest: each.text for each in Case(made, ravi).statements.values()}
    assert marked(made, ravi) == before.keys()
    workflow.request_changes(made.pk, version=1, digest=made.digest, actor=ravi, note="Again.")
    workflow.save(made.pk, version=1, actor=ada, fields=fields(revision["after"]), note="")
    made = makers.fresh(made)
    workflow.submit(made.pk, version=made.version, actor=ada)
    made = makers.fresh(made)
    after = Case(made, ravi).statements
    assert marked(made, ravi) == before.keys() & after.keys()
    again = [each for digest, each in after.items() if digest not in before]
    texts = set(before.values())
    match kind:
        case "whitespace_only":
            assert again == []
        case "citations_only":
            assert again
            assert all(each.text in texts for each in again)
        case "tiny":
            assert len(again) == 1
    if again:
        with pytest.raises(workflow.Blocked, match="Not signed off as supported"):
            makers.approve(made, ravi)
    for each in again:
        workflow.sign_off(
            made.pk, version=made.version, statement=each.digest, support=Support.SUPPORTED, actor=ravi
        )
    assert makers.approve(made, ravi).state == "approved"
