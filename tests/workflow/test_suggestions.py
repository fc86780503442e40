"""Suggested wordings: the author takes one up with a click, as a version of theirs, or says why not."""

import pytest

from articles import workflow
from articles.content.compare import ChangeKind, compare
from articles.models import Article, Suggestion, Thread, User, Version
from articles.workflow import Blocked, NotAllowed, StaleVersion
from tests import makers
from tests.evidence import marks, sign_off_all, thread
from tests.workflow.refusals import refused

pytestmark = pytest.mark.django_db

BETTER = "Histology and grade together set prognosis [pavel2020]."


@pytest.fixture
def article(ada: User, ravi: User) -> Article:
    return makers.article(ada, "under_review", reviewer=ravi)


def back_with_the_author(article: Article, ravi: User) -> Article:
    workflow.request_changes(
        article.pk, version=article.version, digest=article.digest, actor=ravi, note="See the threads."
    )
    return makers.fresh(article)


def accept(article: Article, found: Thread, actor: User, version: int | None = None) -> Article:
    return workflow.accept_suggestion(
        article.pk, thread=found.pk, version=version or article.version, actor=actor
    )


def test_a_suggestion_is_typed_as_people_type_and_kept_as_the_text_is(article: Article, ravi: User) -> None:
    found = thread(article, ravi, text="", suggestion=f"{BETTER}<script>alert(1)</script>")
    assert found.suggestion.html == (
        'Histology and grade together set prognosis<cite data-ref="pavel2020"></cite>.'
    )
    assert not found.comments.exists(), "a wording may speak for itself"


def test_the_author_takes_it_up_as_a_version_of_theirs_that_credits_it(
    article: Article, ada: User, ravi: User
) -> None:
    sign_off_all(article, ravi)
    found = thread(article, ravi, suggestion=BETTER, must_fix=True)
    before = article.document()
    article = back_with_the_author(article, ravi)
    article = accept(article, found, ada)
    version = Version.objects.get(id=article.pk, version=2)
    assert version.history_user == ada
    assert version.history_change_reason == "Took up a wording suggested by Ravi Menon"
    changes = [c for c in compare(before, article.document()).changes["clinical"] if c.kind != "same"]
    assert [(c.kind, c.new.text) for c in changes if c.new] == [
        (ChangeKind.CHANGED, "Histology and grade together set prognosis.")
    ]
    taken = Suggestion.objects.get()
    assert (taken.status, taken.decided_by, taken.version) == ("accepted", ada, 2)
    kinds = list(article.events.order_by("-sequence").values_list("kind", flat=True)[:2])
    assert kinds == ["saved", "suggestion_accepted"]
    assert article.events.get(kind="suggestion_accepted").data["suggested_by"] == "Ravi Menon"
    assert workflow.submit(article.pk, version=2, actor=ada).state == "under_review", "that is an answer"
    assert marks(article, ravi, "Functional") == {"ravi": "supported"}
    assert marks(article, ravi) == {}
    workflow.resolve(article.pk, thread=found.pk, actor=ravi)
    assert makers.approve(makers.fresh(article), ravi).state == "approved", "who suggests has edited nothing"


def test_it_is_taken_up_once(article: Article, ada: User, ravi: User) -> None:
    found = thread(article, ravi, suggestion=BETTER)
    article = accept(back_with_the_author(article, ravi), found, ada)
    for refusal in (
        lambda: accept(article, found, ada),
        lambda: workflow.decline_suggestion(article.pk, thread=found.pk, actor=ada, reason="No."),
    ):
        with refused(Blocked, article, match="no open suggestion"):
            refusal()


def test_it_is_declined_with_a_reason_that_stands_in_the_thread(
    article: Article, ada: User, ravi: User
) -> None:
    found = thread(article, ravi, text="", suggestion=BETTER, must_fix=True)
    article = back_with_the_author(article, ravi)
    with refused(Blocked, article, match="Write the reason"):
        workflow.decline_suggestion(article.pk, thread=found.pk, actor=ada, reason=" ")
    workflow.decline_suggestion(article.pk, thread=found.pk, actor=ada, reason="The source says less.")
    declined = Suggestion.objects.get()
    assert (declined.status, declined.reason, declined.decided_by) == (
        "declined", "The source says less.", ada,
    )  # fmt: skip
    assert [each.text for each in found.comments.all()] == ["The source says less."]
    assert makers.fresh(article).version == 1
    assert workflow.submit(article.pk, version=1, actor=ada).state == "under_review", "a reason is an answer"


def test_of_a_statement_that_changed_meanwhile_nothing_is_replaced(
    article: Article, ada: User, ravi: User
) -> None:
    found = thread(article, ravi, suggestion=BETTER)
    article = back_with_the_author(article, ravi)
    article = makers.edit(article, "Quite other words.")
    with refused(Blocked, article, match="changed since"):
        accept(article, found, ada)
    assert Suggestion.objects.get().status == "open"


def test_a_version_saved_meanwhile_by_a_coauthor_is_told(article: Article, ada: User, ravi: User) -> None:
    found = thread(article, ravi, suggestion=BETTER)
    article = makers.edit(back_with_the_author(article, ravi), article.question, question="Other?")
    with refused(StaleVersion, article):
        accept(article, found, ada, version=1)


def test_a_reference_taken_out_meanwhile_is_named(article: Article, ada: User, ravi: User) -> None:
    other = makers.RECORD | {"id": "caplin2014", "DOI": "10.1000/other"}
    article = makers.article(
        ada, "under_review", reviewer=ravi, question="More?", references=[makers.RECORD, other],
        plain_body='<p>Plain.<cite data-ref="caplin2014"></cite></p>',
    )  # fmt: skip
    found = thread(article, ravi, suggestion="As shown [caplin2014].")
    article = back_with_the_author(article, ravi)
    article = makers.edit(
        article,
        "Histology with grade sets prognosis.",
        references=[makers.RECORD],
        plain_body="<p>Plain.</p>",
    )
    with refused(Blocked, article, match="cites “caplin2014”"):
        accept(article, found, ada)


def test_the_plain_text_is_changed_where_the_thread_is_about_it(
    article: Article, ada: User, ravi: User
) -> None:
    found = thread(article, ravi, "In plain words", suggestion="Put simply: it matters.")
    body = article.body
    article = accept(back_with_the_author(article, ravi), found, ada)
    assert "<p>Put simply: it matters.</p>" in article.plain_body
    assert article.body == body


def test_only_the_authors_decide_on_it(article: Article, ravi: User, mei: User, edith: User) -> None:
    found = thread(article, ravi, suggestion=BETTER)
    article = back_with_the_author(article, ravi)
    for who in (ravi, mei, edith):
        with refused(NotAllowed, article):
            accept(article, found, who)
        with refused(NotAllowed, article):
            workflow.decline_suggestion(article.pk, thread=found.pk, actor=who, reason="No.")


def test_a_suggestion_of_another_article_does_not_exist(article: Article, ada: User, ravi: User) -> None:
    other = makers.article(ada, "under_review", reviewer=ravi, question="And here?")
    foreign = thread(other, ravi, suggestion=BETTER)
    article = back_with_the_author(article, ravi)
    with pytest.raises(Thread.DoesNotExist):
        accept(article, foreign, ada)
    with pytest.raises(Thread.DoesNotExist):
        workflow.decline_suggestion(article.pk, thread=foreign.pk, actor=ada, reason="No.")


@pytest.mark.parametrize(
    ("words", "typed", "says"),
    [
        ("Histology", "<p> </p><br>", "empty"),
        ("Histology", "Histology with grade sets prognosis. [pavel2020]", "what stands there already"),
        ("Histology", "a" * 10_001, "longer than"),
        ("From tissue", "Another summary.", "Say in words"),
    ],
)
def test_what_is_no_other_wording_is_refused(
    words: str, typed: str, says: str, article: Article, ravi: User
) -> None:
    with refused(Blocked, article, match=says):
        thread(article, ravi, words, suggestion=typed)
    assert not Thread.objects.exists()


def test_a_row_of_a_table_is_talked_about_and_not_replaced(ada: User, ravi: User) -> None:
    table = "<table><tbody><tr><td>Lanreotide</td><td>120 mg</td></tr></tbody></table>"
    article = makers.article(
        ada, "under_review", reviewer=ravi, plain_body=f"<p>Doses.</p>{table}", question="How much?"
    )
    with refused(Blocked, article, match="not one paragraph"):
        thread(article, ravi, "Lanreotide", suggestion="Lanreotide 60 mg")
    thread(article, ravi, "Lanreotide", text="60 mg at first.")
