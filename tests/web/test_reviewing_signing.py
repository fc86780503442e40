"""Signing an approval: the password or a passkey, the checklist, the words that are signed, invitations."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from articles import workflow
from articles.models import Article, Decision, Event, Publication, User
from articles.states import State
from tests import makers
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def article(ada: User, ravi: User) -> Article:
    return makers.article(ada, "under_review", reviewer=ravi)


def approve(client: Client, article: Article, **fields: Any) -> Any:
    everything = {
        "version": article.version,
        "digest": article.digest,
        "password": PASSWORD,
        "ticked": makers.everything_considered(),
        "note": "Sound.",
    }
    return client.post(f"/review/{article.pk}/approve/", everything | fields)


def form(page: str, name: str) -> str:
    return page.split(f'id="{name}"')[1].split("</section>")[0]


def with_passkey(client: Client, user: User, seconds_ago: float) -> None:
    """A member who has a passkey and used it so long ago."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "webauthn", "at": time.time() - seconds_ago}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def test_the_form_says_what_is_signed_and_as_whom(article, ravi, client_of: ClientOf):
    page = client_of(ravi).get(f"/review/{article.pk}/").content.decode()
    sheet = form(page, "approve-act")
    assert "<q>I approve version 1 as reviewed</q>" in sheet
    assert "You sign as <strong>Ravi Menon, MD, PhD</strong>" in sheet
    assert 'autocomplete="current-password"' in sheet
    assert sheet.count('name="ticked"') == len(makers.everything_considered())
    assert "passkey" not in sheet


def test_the_signature_keeps_meaning_method_and_checklist(article, ravi, client_of: ClientOf):
    assert approve(client_of(ravi), article).status_code == 303
    signed = Decision.objects.get()
    assert (signed.meaning, signed.method) == ("I approve version 1 as reviewed", "password")
    assert (signed.name, signed.credentials) == ("Ravi Menon", "MD, PhD")
    assert len(signed.checklist) == len(makers.everything_considered())
    assert Publication.objects.get().version == 1


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "Enter your password to sign"),
        ("not mine", "This is not your password"),
        ("x" * 5000, "not your"),
    ],
)
def test_without_the_password_nothing_is_signed_and_only_it_is_forgotten(
    article, ravi, client_of: ClientOf, password: str, words: str
):
    ticked = makers.everything_considered()[:3]
    before = Event.objects.count()
    answer = approve(client_of(ravi), article, password=password, ticked=ticked)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    again = form(page, "again")
    assert again.count(" checked ") == 3
    assert "Sound." in again
    assert PASSWORD not in page
    assert not password or f'"{password}"' not in page
    assert Event.objects.count() == before
    assert not Decision.objects.exists()


def test_a_checklist_that_is_not_ticked_through_signs_nothing(article, ravi, client_of: ClientOf):
    _, *others = makers.everything_considered()
    answer = approve(client_of(ravi), article, ticked=others)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Confirm before you approve: Accuracy" in page
    assert form(page, "again").count(" checked ") == len(others)
    assert PASSWORD not in page
    assert not Decision.objects.exists()
    for nonsense in (["x"], ["-1"], ["9" * 30]):
        assert approve(client_of(ravi), article, ticked=nonsense).status_code == 422


def test_a_colleagues_password_signs_nothing(article, ravi, mei, client_of: ClientOf):
    mei.set_password("another password entirely")
    mei.save()
    assert approve(client_of(ravi), article, password="another password entirely").status_code == 422
    assert not Decision.objects.exists()


def test_many_wrong_passwords_have_to_wait_and_so_has_the_right_one(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    for _ in range(10):
        assert "not your password" in approve(client, article, password="guess").content.decode()
    answer = approve(client, article)
    assert answer.status_code == 422
    assert "Too many passwords" in answer.content.decode()
    assert not Decision.objects.exists()


def test_a_passkey_used_a_moment_ago_signs(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    with_passkey(client, ravi, seconds_ago=60)
    sheet = form(client.get(f"/review/{article.pk}/").content.decode(), "approve-act")
    assert "You used your passkey a moment ago" in sheet
    assert 'name="password"' not in sheet
    assert approve(client, article, password="").status_code == 303
    assert Decision.objects.get().method == "passkey"


def test_a_passkey_used_long_ago_does_not(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    with_passkey(client, ravi, seconds_ago=301)
    assert "Use your passkey instead" in client.get(f"/review/{article.pk}/").content.decode()
    answer = approve(client, article, password="")
    assert answer.status_code == 422
    assert "Use your passkey first" in answer.content.decode()
    assert not Decision.objects.exists()


def test_somebody_elses_passkey_in_this_browser_does_not_sign(article, ravi, mei, client_of: ClientOf):
    client = client_of(ravi)
    with_passkey(client, mei, seconds_ago=10)
    assert approve(client, article, password="").status_code == 422
    assert not Decision.objects.exists()


def test_asking_for_the_passkey_loses_no_word_and_no_tick(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    with_passkey(client, ravi, seconds_ago=400)
    ticked = makers.everything_considered()[:2]
    sent = {
        "version": 1,
        "digest": article.digest,
        "note": "Careful words.",
        "ticked": ticked,
        "password": "x",
    }
    answer = client.post(f"/review/{article.pk}/approve/with-passkey/", sent)
    assert answer.status_code == 303
    assert answer["Location"] == (
        f"/accounts/2fa/webauthn/reauthenticate/?next=%2Freview%2F{article.pk}%2F%3Fsign%3Dpasskey"
    )
    assert "password" not in str(dict(client.session)[f"approval-{article.pk}"])
    again = form(client.get(f"/review/{article.pk}/?sign=passkey").content.decode(), "again")
    assert "Careful words." in again
    assert again.count(" checked ") == 2
    assert approve(client, article).status_code == 303
    assert f"approval-{article.pk}" not in client.session


def test_changes_are_requested_with_the_aspects_that_need_work(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    aspects = list(
        makers.ChecklistItem.objects.filter(verdict="request_changes").values_list("pk", "text")[:2]
    )
    sent = {"version": 1, "digest": article.digest, "ticked": [key for key, _ in aspects], "note": ""}
    refused = client.post(f"/review/{article.pk}/request-changes/", sent)
    assert refused.status_code == 422
    assert form(refused.content.decode(), "again").count(" checked ") == 2
    sent["note"] = "Name it."
    assert client.post(f"/review/{article.pk}/request-changes/", sent).status_code == 303
    assert Decision.objects.get().checklist == [text for _, text in aspects]


def test_whoever_is_asked_to_review_answers_first(ada, mei, edith, client_of: ClientOf):
    article = makers.article(ada, "submitted")
    workflow.assign(article.pk, member=mei, actor=edith)
    client = client_of(mei)
    page = client.get(f"/review/{article.pk}/").content.decode()
    assert "You are asked to review version 1." in page
    assert "was asked, and has not answered yet" in page
    assert 'popovertarget="recuse-act"' not in page
    answer = client.post(f"/review/{article.pk}/accept/")
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    assert "You are now reviewing version 1." in page
    assert "accept_review-act" not in page
    assert client.post(f"/review/{article.pk}/accept/").status_code == 422


def test_an_invitation_is_declined_with_a_reason(ada, mei, edith, client_of: ClientOf):
    article = makers.article(ada, "submitted")
    workflow.assign(article.pk, member=mei, actor=edith)
    client = client_of(mei)
    assert client.post(f"/review/{article.pk}/decline/", {"note": " "}).status_code == 422
    assert makers.fresh(article).state == State.UNDER_REVIEW
    assert client.post(f"/review/{article.pk}/decline/", {"note": "On leave."}).status_code == 303
    assert makers.fresh(article).state == State.SUBMITTED
    assert Event.objects.filter(kind="review_declined", note="On leave.").exists()


def test_a_vote_of_an_earlier_round_is_shown_as_not_counting(ada, ravi, mei, client_of: ClientOf):
    makers.policy(quorum=2)
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    makers.approve(article, ravi)
    workflow.request_changes(article.pk, version=1, digest=article.digest, actor=mei, note="Not yet.")
    saved = makers.edit(makers.fresh(article), "Other words.")
    workflow.submit(saved.pk, version=2, actor=ada)
    page = client_of(ravi).get(f"/review/{article.pk}/").content.decode()
    assert "It was of version 1, and no longer counts." in page
    assert "It takes 2 approvals to publish this version." in page
