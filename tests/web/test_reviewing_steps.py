"""Deciding on the review page: what a step says when it is taken, and what it keeps when it is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from articles import workflow
from articles.content.checks import Issue
from articles.models import Article, Conflict, Decision, Event, Publication, User
from articles.states import State
from articles.workflow.case import Case
from tests import evidence, makers
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
STEPS = ("claim", "approve", "request-changes", "recuse", "declare-conflict")


def send(client: Client, article: Article, step: str, **fields: Any) -> Any:
    """Send the form of a step; an approval signed and all boxes ticked, unless `fields` say otherwise."""
    if step == "approve":
        fields = {"password": PASSWORD, "ticked": makers.everything_considered()} | fields
    return client.post(f"/review/{article.pk}/{step}/", fields)


def read(article: Article) -> dict[str, Any]:
    """The fields that say which text was read."""
    return {"version": article.version, "digest": article.digest}


def traces(article: Article) -> tuple[Any, ...]:
    """Everything a refused step must leave as it was."""
    return (
        Article.objects.values_list("state", "version").get(pk=article.pk),
        Event.objects.filter(article=article).count(),
        Decision.objects.count(),
        Conflict.objects.count(),
        Publication.objects.count(),
        len(mail.outbox),
    )


def followed(client: Client, article: Article, answer: Any) -> str:
    assert answer.status_code == 303
    assert answer["Location"] == f"/review/{article.pk}/"
    return client.get(answer["Location"]).content.decode()


def test_claiming_makes_me_a_reviewer_and_says_so(ada, ravi, client_of: ClientOf):
    article, client = makers.article(ada, "submitted"), client_of(ravi)
    page = followed(client, article, send(client, article, "claim"))
    assert "You are now reviewing version 1." in page
    assert "Approve version 1" in page


def test_approving_what_is_on_the_page_publishes_it(ada, ravi, client_of: ClientOf):
    article, client = makers.article(ada, "under_review", reviewer=ravi), client_of(ravi)
    page = followed(client, article, send(client, article, "approve", **read(article), note="Sound."))
    assert "Version 1 is approved." in page
    published = Publication.objects.get()
    assert published.version == 1
    assert f'href="/articles/{published.addresses.get().slug}/"' in page, "the way to what readers see"
    assert "Approve version" not in page


def test_an_approval_says_on_whose_reading_it_rests(ada, ravi, mei, edith, client_of: ClientOf):
    makers.policy(quorum=2)
    article, client = makers.article(ada, "under_review", reviewer=ravi), client_of(ravi)
    workflow.assign(article.pk, actor=edith, member=mei)
    total = len(Case(article, ravi).statements)

    def said() -> str:
        return client.get(f"/review/{article.pk}/").content.decode()

    assert f"You signed off 0 of {total} statements. The policy of this topic does not ask" in said()
    evidence.sign_off(article, ravi)
    evidence.sign_off(article, mei, words="Functional")
    assert f"You signed off 1 of {total} statements, colleagues 1 of the others." in said()
    evidence.sign_off_all(article, ravi)
    assert f"You signed off all {total} statements." in said()


def test_the_first_of_two_approvals_says_that_it_waits(ada, ravi, client_of: ClientOf, settings):
    makers.policy(quorum=2)
    article, client = makers.article(ada, "under_review", reviewer=ravi), client_of(ravi)
    assert "It takes 2 more approvals to publish" in client.get(f"/review/{article.pk}/").content.decode()
    page = followed(client, article, send(client, article, "approve", **read(article)))
    assert "It waits for your colleagues." in page
    assert "1 more approval is needed." in page
    assert not Publication.objects.exists()


def test_requesting_changes_gives_the_text_back_with_the_reason(ada, ravi, client_of: ClientOf):
    article, client = makers.article(ada, "under_review", reviewer=ravi), client_of(ravi)
    answer = send(client, article, "request-changes", **read(article), note="Name\r\nthe trial.")
    assert "back with Ada Okafor" in followed(client, article, answer)
    assert Decision.objects.get().note == "Name\nthe trial."


def test_requesting_changes_without_a_reason_is_refused_and_nothing_happens(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "under_review", reviewer=ravi)
    before = traces(article)
    answer = send(client_of(ravi), article, "request-changes", **read(article), note="  ")
    assert answer.status_code == 422
    assert "Write the reason" in answer.content.decode()
    assert traces(article) == before


def test_recusing_with_a_conflict_records_it_for_good(ada, ravi, client_of: ClientOf):
    article, client = makers.article(ada, "under_review", reviewer=ravi), client_of(ravi)
    answer = send(client, article, "recuse", note="I advise the maker.", conflict="on")
    assert "your conflict of interest is recorded" in followed(client, article, answer)
    assert Conflict.objects.get().reason == "I advise the maker."
    assert makers.fresh(article).state == State.SUBMITTED


def test_recusing_without_a_conflict_leaves_the_door_open(ada, ravi, client_of: ClientOf):
    article, client = makers.article(ada, "under_review", reviewer=ravi), client_of(ravi)
    assert "You stepped back from this round." in followed(
        client, article, send(client, article, "recuse", note="No time.")
    )
    assert not Conflict.objects.exists()


def test_a_refused_recusal_keeps_its_tick(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "under_review", reviewer=ravi)
    page = send(client_of(ravi), article, "recuse", note="", conflict="on").content.decode()
    form = page.split('id="again"')[1].split("</form>")[0]
    assert "checked" in form


def test_declaring_a_conflict_takes_the_article_off_my_desk(ada, ravi, client_of: ClientOf):
    article, client = makers.article(ada, "submitted"), client_of(ravi)
    page = followed(client, article, send(client, article, "declare-conflict", note="My brother wrote it."))
    assert "Your conflict of interest is recorded." in page
    assert "My brother wrote it." in page


def test_a_text_that_changed_meanwhile_is_not_approved_and_the_message_comes_before_it(
    ada, ravi, client_of: ClientOf
):
    article = makers.article(ada, "under_review", reviewer=ravi, words="Old words.")
    fields = read(article)
    workflow.withdraw(article.pk, version=1, actor=ada)
    saved = makers.edit(makers.fresh(article), "Entirely new words.")
    workflow.submit(saved.pk, version=2, actor=ada)
    before = traces(article)
    answer = send(client_of(ravi), article, "approve", **fields, note="I agree with this.")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This was about version 1, and version 2 is there now." in page
    assert page.index("version 2 is there now") < page.index("Entirely new")
    assert "I agree with this." in page
    assert 'id="again"' not in page
    assert traces(article) == before


def test_a_digest_of_another_text_is_not_approved(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "under_review", reviewer=ravi)
    before = traces(article)
    answer = send(client_of(ravi), article, "approve", version=1, digest="0" * 64)
    assert answer.status_code == 409
    assert "not the one you read" in answer.content.decode()
    assert traces(article) == before


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"version": "1"},
        {"version": "one", "digest": "a" * 64},
        {"version": "-1", "digest": "a" * 64},
        {"version": str(10**30), "digest": "a" * 64},
        {"version": "1", "digest": "a" * 65},
        {"version": "1", "digest": "a" * 63 + "\n"},
        {"version": "1", "digest": "<script>"},
    ],
)
def test_a_hand_made_form_that_names_no_text_is_refused_and_keeps_its_note(
    ada, ravi, client_of: ClientOf, fields: dict[str, str]
):
    article = makers.article(ada, "under_review", reviewer=ravi)
    before = traces(article)
    answer = send(client_of(ravi), article, "approve", **fields, note="My careful words.")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "did not say which text it was about" in page
    assert "My careful words." in page
    assert f'value="{article.digest}"' in page
    assert traces(article) == before


def test_a_note_too_long_to_keep_is_given_back_whole(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "under_review", reviewer=ravi)
    long = "word " * 2_500 + "end"
    answer = send(client_of(ravi), article, "request-changes", **read(article), note=long)
    assert answer.status_code == 422
    assert "10000 can be kept" in answer.content.decode()
    assert long in answer.content.decode()
    assert not Decision.objects.exists()


def test_what_was_typed_is_shown_when_a_colleague_was_faster(ada, ravi, mei, client_of: ClientOf):
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    fields = read(article)
    workflow.request_changes(article.pk, **fields, actor=mei, note="Mine first.")
    before = traces(article)
    answer = send(client_of(ravi), article, "request-changes", **fields, note="The doses are wrong.")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "changes requested" in page
    assert "The doses are wrong." in page.split("What you wrote")[1]
    assert traces(article) == before


def test_a_double_click_decides_once(ada, ravi, client_of: ClientOf, settings):
    makers.policy(quorum=2)
    article, client = makers.article(ada, "under_review", reviewer=ravi), client_of(ravi)
    assert send(client, article, "approve", **read(article)).status_code == 303
    before = traces(article)
    answer = send(client, article, "approve", **read(article))
    assert answer.status_code == 422
    assert "You have already approved in this round." in answer.content.decode()
    assert traces(article) == before


def test_approval_is_refused_while_the_checks_object_and_the_note_is_kept(
    ada, ravi, client_of: ClientOf, monkeypatch
):
    article = makers.article(ada, "under_review", reviewer=ravi)
    monkeypatch.setattr("articles.workflow.case.check", lambda *_: [Issue("x", "A claim lacks its source.")])
    before = traces(article)
    answer = send(client_of(ravi), article, "approve", **read(article), note="Nearly there.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A claim lacks its source." in page
    assert "Nearly there." in page
    assert traces(article) == before


def test_who_does_not_review_cannot_decide(ada, ravi, mei, client_of: ClientOf):
    article = makers.article(ada, "under_review", reviewer=ravi)
    before = traces(article)
    answer = send(client_of(mei), article, "approve", **read(article), note="Let me.")
    assert answer.status_code == 403
    assert "Take on the review first." in answer.content.decode()
    assert traces(article) == before
    assert send(client_of(ravi), article, "approve", **read(article)).status_code == 303


@pytest.mark.parametrize("step", STEPS)
def test_no_step_is_open_to_authors_editors_and_strangers(
    ada, edith, ravi, client_of: ClientOf, client: Client, step: str
):
    article = makers.article(ada, "under_review", reviewer=ravi)
    before = traces(article)
    for who in (ada, edith):
        assert send(client_of(who), article, step, **read(article), note="Words.").status_code == 403
    assert send(client, article, step, **read(article), note="Words.").status_code == 401
    assert traces(article) == before


@pytest.mark.parametrize("step", STEPS)
def test_no_step_is_taken_by_following_a_link(ada, ravi, client_of: ClientOf, step: str):
    article = makers.article(ada, "under_review", reviewer=ravi)
    assert client_of(ravi).get(f"/review/{article.pk}/{step}/").status_code == 405


@pytest.mark.parametrize("step", STEPS)
def test_no_step_is_taken_on_an_article_that_is_not_there(ravi, client_of: ClientOf, step: str):
    fields = {"version": 1, "digest": "a" * 64, "note": "Words."}
    assert client_of(ravi).post(f"/review/4711/{step}/", fields).status_code == 404


def test_a_refusal_repeats_what_was_typed_as_text_and_not_as_markup(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "under_review", reviewer=ravi)
    answer = send(client_of(ravi), article, "approve", note="</textarea><script>alert(1)</script>")
    assert "<script>alert" not in answer.content.decode()
