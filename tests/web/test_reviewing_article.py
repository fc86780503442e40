"""The review page: exactly the text that is decided about, what changed in it, and what was said before."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.content.checks import Issue
from articles.models import Article, User
from articles.states import Role
from tests import evidence, makers
from tests.people import member

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def shown(client: Client, article: Article, **asked: object) -> str:
    answer = client.get(f"/review/{article.pk}/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def resubmitted(article: Article, words: str, **fields: object) -> Article:
    """The article with changes requested, answered by a new version and submitted again."""
    saved = makers.edit(article, words, **fields)
    workflow.submit(saved.pk, version=saved.version, actor=saved.author, note="As you asked.")
    return makers.fresh(saved)


def test_the_forms_carry_version_and_digest_of_the_text_on_the_page(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "under_review", reviewer=ravi, words="Grade sets the prognosis.")
    page = shown(client_of(ravi), article)
    assert "Grade sets the prognosis." in page
    assert page.count("Approve version 1") == 3  # the button, the sheet's title, the button that signs
    for act in ("approve", "request-changes"):
        form = page.split(f'action="/review/{article.pk}/{act}/"')[1].split("</form>")[0]
        assert '<input type="hidden" name="version" value="1">' in form
        assert f'<input type="hidden" name="digest" value="{article.document().digest}">' in form


def test_a_first_version_is_shown_as_readers_will_see_it(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "under_review", reviewer=ravi)
    page = shown(client_of(ravi), article, show="text")
    assert "As readers will see it" in page
    assert "What changed" not in page
    assert 'class="cite"' in page
    assert "Competing interests" in page


def test_a_resubmission_opens_with_what_changed_since_i_last_reviewed(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "changes_requested", reviewer=ravi, words="Histology sets the prognosis.")
    article = resubmitted(article, "Histology with grade sets the prognosis.")
    page = shown(client_of(ravi), article)
    assert "What changed" in page
    assert re.search(r"<ins>\s*with grade</ins>", page)
    assert "my last review (version 1)" in page


def test_whoever_signed_statements_or_was_only_asked_sees_what_changed_since(
    ada, ravi, mei, edith, client_of: ClientOf
):
    article = makers.article(ada, "under_review", reviewer=ravi, words="Histology sets the prognosis.")
    sofia = member("sofia", "Sofia Marin", "MD")
    for asked in (mei, sofia):
        workflow.assign(article.pk, actor=edith, member=asked, due=None)
    evidence.sign_off(article, mei)
    workflow.request_changes(
        article.pk, version=1, digest=article.digest, actor=ravi, note="Say with what.", ticked=()
    )
    article = resubmitted(
        makers.edit(article, "Histology and grade set it."), "Histology with grade sets it."
    )
    page = shown(client_of(mei), article, show="changes")
    assert "my last review (version 1)" in page
    assert "<del" in page
    page = shown(client_of(sofia), article, show="changes")
    assert "the last round (version 1)" in page
    assert "<del" in page


def test_what_readers_read_now_is_compared_with_when_i_have_not_reviewed_before(
    ada, ravi, mei, client_of: ClientOf
):
    article = makers.article(ada, "approved", reviewer=mei, words="Histology sets the prognosis.")
    workflow.revise(article.pk, version=1, actor=ada)
    article = resubmitted(makers.fresh(article), "Histology sets it.")
    page = shown(client_of(ravi), article)
    assert "last approved (version 1)" in page
    assert "<del> the prognosis</del>" in page


def test_any_version_can_be_compared_with_and_nonsense_is_passed_over(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "draft", words="First words.")
    article = makers.edit(article, "Second words.")
    article = makers.bring(makers.edit(article, "Third words."), "under_review", reviewer=ravi)
    assert "<del>First</del>" in shown(client_of(ravi), article, **{"with": 1, "show": "changes"})
    assert "<del>Second</del>" in shown(client_of(ravi), article, **{"with": 2, "show": "changes"})
    for nonsense in ("3", "9", "0", "-1", "x", "²", "9" * 40):
        assert "Third words." in shown(client_of(ravi), article, **{"with": nonsense})


def test_both_reading_levels_and_the_references_have_their_own_view(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "under_review", reviewer=ravi, words="Grade counts.")
    client = client_of(ravi)
    assert "In plain words: Grade counts." not in shown(client, article, show="text")
    assert "In plain words: Grade counts." in shown(client, article, show="text", level="plain")
    references = shown(client, article, show="references")
    assert "https://doi.org/10.1016/j.annonc.2020.03.304" in references
    assert f'href="/review/{article.pk}/?show=text#cite-1-1"' in references


def test_earlier_rounds_tell_who_decided_what_and_why(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "changes_requested", reviewer=ravi)
    article = resubmitted(article, "Better words.")
    page = shown(client_of(ravi), article)
    assert "Round 1, version 1: changes requested" in page
    assert "Ravi Menon, MD, PhD" in page
    assert "Name the source." in page
    assert "As you asked." in page


def test_an_editors_word_to_me_is_shown_to_me_and_not_to_my_colleague(
    ada, ravi, mei, edith, client_of: ClientOf
):
    article = makers.article(ada, "submitted")
    workflow.assign(article.pk, member=ravi, actor=edith, note="Please look at the doses.")
    workflow.assign(article.pk, member=mei, actor=edith, note="Please look at the words.")
    page = shown(client_of(ravi), article)
    assert "Please look at the doses." in page
    assert "Please look at the words." not in page


def test_the_due_date_stands_beside_the_version(ada, ravi, edith, client_of: ClientOf):
    article = makers.article(ada, "submitted")
    workflow.assign(article.pk, member=ravi, due=timezone.localdate() + timedelta(days=5), actor=edith)
    assert "due in 5 days" in shown(client_of(ravi), article)


def test_an_author_on_the_board_reads_why_and_is_offered_nothing(ravi, client_of: ClientOf):
    ravi.grant(Role.AUTHOR)
    article = makers.article(ravi, "submitted")
    page = shown(client_of(ravi), article)
    assert "You cannot review this article." in page
    assert "You are an author of this article." in page
    assert "/claim/" not in page
    assert "Approve version" not in page


def test_a_declared_conflict_is_shown_with_its_reason_and_ends_the_offers(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "submitted")
    assert "/claim/" in shown(client_of(ravi), article)
    workflow.declare_conflict(article.pk, actor=ravi, reason="I advise the maker.")
    page = shown(client_of(ravi), article)
    assert "I advise the maker." in page
    assert "/claim/" not in page


def test_what_the_checks_found_blocks_approval_and_is_listed(ada, ravi, client_of: ClientOf, monkeypatch):
    article = makers.article(ada, "under_review", reviewer=ravi)
    found = [Issue("uncited", "A statement has no source.", "s-1")]
    monkeypatch.setattr("articles.workflow.case.check", lambda document: found)
    page = shown(client_of(ravi), article)
    assert "Before you can approve: A statement has no source." in page
    place = f"/review/{article.pk}/?show=statements&amp;at=s-1#s-1"
    assert f'<a href="{place}">A statement has no source.</a>' in page
    assert f'action="/review/{article.pk}/approve/"' not in page


def test_the_page_does_not_exist_for_authors_and_asks_strangers_to_log_in(
    ada, edith, client_of: ClientOf, client: Client
):
    article = makers.article(ada, "submitted")
    assert client_of(ada).get(f"/review/{article.pk}/").status_code == 403
    assert client_of(edith).get(f"/review/{article.pk}/").status_code == 403
    assert client.get(f"/review/{article.pk}/").status_code == 302


def test_an_article_that_is_not_there_is_not_found(ravi, client_of: ClientOf):
    assert client_of(ravi).get("/review/4711/").status_code == 404
    assert client_of(ravi).get(f"/review/{10**30}/").status_code == 404


def test_a_name_with_markup_is_only_a_name(ada, ravi, client_of: ClientOf):
    User.objects.filter(pk=ada.pk).update(name="<script>alert(1)</script>")
    article = makers.article(makers.fresh(makers.article(ada)).author, "under_review", reviewer=ravi)
    page = shown(client_of(ravi), article)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_page_asks_the_same_of_the_database_after_one_round_and_after_twelve(
    ada, ravi, client_of: ClientOf
):
    client = client_of(ravi)
    article = makers.article(ada, "changes_requested", reviewer=ravi)

    def queries_made() -> int:
        with CaptureQueriesContext(connection) as made:
            shown(client, makers.fresh(article))
        return len(made)

    article = resubmitted(article, "Words of round 2.")
    at_two = queries_made()
    for number in range(3, 13):
        workflow.request_changes(
            article.pk, version=article.version, digest=article.digest, actor=ravi, note="Again."
        )
        article = resubmitted(makers.fresh(article), f"Words of round {number}.")
    assert article.rounds.count() == 12
    assert queries_made() == at_two
    assert at_two <= 20


def test_the_progress_says_that_changes_were_requested(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "changes_requested", reviewer=ravi)
    for client, path in ((client_of(ada), "write"), (client_of(ravi), "review")):
        page = client.get(f"/{path}/{article.pk}/").content.decode()
        steps = page.split('aria-label="Progress"')[1].split("</ol>")[0]
        current = steps.split('aria-current="step">')[1].split("</li>")[0]
        assert current.startswith('Under Review<span class="stepper-note">changes requested</span>')
    page = client_of(ravi).get(f"/review/{makers.article(ada, 'under_review', reviewer=ravi).pk}/")
    assert "stepper-note" not in page.content.decode()
