"""Over whole stories of edits and real revisions: what was signed off is asked for again only if changed."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import workflow
from articles.content.compare import compare
from articles.models import Article, SignOff, User
from articles.states import Support
from articles.workflow.case import Case
from tests import makers
from tests.content.revisions import from_markdown, revisions
from tests.evidence import sign_off_all

pytestmark = pytest.mark.django_db

SENTENCES = [f"Sentence {number} of the text says what it says." for number in range(8)]
edits = st.lists(
    st.tuples(st.sampled_from(["reword", "move", "remove", "add"]), st.integers(0, 99), st.integers(0, 99)),
    min_size=1,
    max_size=6,
)


def body(sentences: list[str]) -> str:
    items = "".join(f"<li>{each}{makers.CITED}</li>" for each in sentences)
    return f"<h2>From the Research</h2><h3>Diagnosis</h3><ul>{items}</ul>"


def edited(sentences: list[str], story: list[tuple[str, int, int]]) -> list[str]:
    result = list(sentences)
    for step, (kind, place, other) in enumerate(story):
        if kind == "add" or not result:
            result.insert(place % (len(result) + 1), f"Added in step {step}.")
            continue
        was = result.pop(place % len(result))
        if kind == "move":
            result.insert(other % (len(result) + 1), was)
        elif kind == "reword":
            result.insert(place % (len(result) + 1), was.replace("says", f"states{step}", 1))
    return result or ["All else is gone."]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits)
def test_the_second_round_asks_for_exactly_the_changed_statements(
    ada: User, ravi: User, story: list[tuple[str, int, int]]
) -> None:
    after = edited(SENTENCES, story)
    with transaction.atomic():
        makers.policy(sign_off=True)
        article = makers.article(ada, "under_review", reviewer=ravi, body=body(SENTENCES))
        sign_off_all(article, ravi)
        workflow.request_changes(
            article.pk, version=1, digest=article.digest, actor=ravi, note="Say it otherwise."
        )
        fields = makers.text(body=body(after))
        saved = workflow.save(article.pk, version=1, actor=ada, fields=fields)
        workflow.submit(article.pk, version=saved.version, actor=ada)
        article = makers.fresh(article)
        approve = next(o for o in workflow.offers(article, ravi) if o.action == "approve")
        asked = {issue.message for issue in approve.blocked}
        assert asked == {f"Not signed off as supported: “{each}”." for each in after if each not in SENTENCES}
        transaction.set_rollback(True)


def signed_draft(ada: User, ravi: User, markdown: str, question: str) -> Article:
    """A draft of the text, each statement marked as supported by Ravi."""
    made = workflow.create(actor=ada, fields=fields_of(markdown, question))
    SignOff.objects.bulk_create(
        SignOff(
            article=made, digest=digest, member=ravi, support=Support.SUPPORTED, version=1, round=1,
            at=made.created_at,
        )
        for digest in Case(made, ravi).statements
    )  # fmt: skip
    return made


def fields_of(markdown: str, question: str) -> dict[str, object]:
    html, records = from_markdown(markdown)
    references = [record | {"type": "article-journal"} for record in records]
    return makers.text(question=question, body=html, references=references)


def test_real_revisions_lose_the_sign_offs_of_what_changed_and_no_other(ada: User, ravi: User) -> None:
    for revision in revisions():
        question = f"{revision['id']}?"
        article = signed_draft(ada, ravi, revision["before"], question)
        before = Case(article, ravi)
        assert before.marks.keys() == before.statements.keys()
        fields = fields_of(revision["after"], question)
        after = Case(workflow.save(article.pk, version=1, actor=ada, fields=fields), ravi)
        kept = set(after.marks)
        assert kept == before.statements.keys() & after.statements.keys()
        found = compare(before.document, after.document)
        changed = {
            change.new.digest
            for changes in found.changes.values()
            for change in changes
            if change.new and (change.old is None or change.old.digest != change.new.digest)
        }
        assert kept == after.statements.keys() - changed, revision["id"]
        if revision["kind"] == "whitespace_only":
            assert found.is_empty
            assert after.article.digest == article.digest
        if revision["kind"] == "citations_only":
            words = [word for changes in found.changes.values() for c in changes for word in c.words]
            assert all(word.kind == "same" or word.text.startswith("[") for word in words), revision["id"]
