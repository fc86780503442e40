"""Follow by e-mail: nothing before it is confirmed, nothing after it is stopped, and nobody learns of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from articles import tasks, workflow
from articles.models import Article, Follow, Letter, Topic, User
from articles.notify import letters
from tests import makers
from tests.web.test_reading_article import AT, revised, text_of

pytestmark = pytest.mark.django_db

FOLLOW = AT + "follow/"
FROM_HERE = {"sec-fetch-site": "same-origin"}
READER = "reader@example.org"


@pytest.fixture
def approved(ada: User, ravi: User) -> Article:
    topic = Topic.objects.create(name="Diagnosis", slug="diagnosis")
    return makers.article(ada, "approved", reviewer=ravi, topic=topic)


def ask(client: Client, email: str = READER, *, at: str = FOLLOW, **fields: Any) -> Any:
    headers = fields.pop("headers", FROM_HERE)
    environment = fields.pop("environment", {})
    return client.post(at, {"email": email} | fields, headers=headers, **environment)


def mails_to(address: str = READER) -> list[Any]:
    letters.deliver()
    return [each for each in mail.outbox if each.to == [address]]


def link_in(message: Any, what: str) -> str:
    found = re.search(rf"{re.escape(settings.SITE_URL)}(/follow/{what}/[^\s<>]+/)", message.body)
    assert found, message.body
    return found[1]


def following(client: Client, email: str = READER, *, at: str = FOLLOW) -> Follow:
    """Somebody who asked and confirmed."""
    ask(client, email, at=at)
    [message] = mails_to(email)[-1:]
    assert client.post(link_in(message, "confirm"), headers=FROM_HERE).status_code == 200
    mail.outbox.clear()
    return Follow.objects.filter(email=email).latest("pk")


@pytest.mark.usefixtures("approved")
def test_the_form_stands_on_the_page_and_says_what_is_kept(client: Client) -> None:
    for page in (AT, FOLLOW):
        assert f"forget the address after {settings.FOLLOW_CONFIRM_DAYS} days" in text_of(client.get(page))
        assert "csrfmiddlewaretoken" not in client.get(page).content.decode()
    assert f'action="{FOLLOW}"' in client.get(AT).content.decode()


@pytest.mark.usefixtures("approved")
def test_nothing_is_sent_but_one_letter_until_the_link_in_it_was_used(ravi: User, client: Client) -> None:
    response = ask(client)
    assert (response.status_code, response.headers["Location"]) == (303, "/follow/sent/")
    [letter] = mails_to()
    assert letter.subject == "[NetReview] Please confirm: How is a neuroendocrine tumor diagnosed?"
    revised(Article.objects.get(), ravi)
    assert len(mails_to()) == 1, "not confirmed"
    link = link_in(letter, "confirm")
    page = client.get(link)
    assert "Confirm that you want to follow" in text_of(page)
    assert Follow.objects.get().confirmed_at is None, "opening a link decides nothing"
    assert client.post(link, headers=FROM_HERE).status_code == 200
    assert Follow.objects.get().confirmed_at is not None
    assert "You follow this now" in text_of(client.get(link))


def test_a_follower_hears_of_a_new_version_and_of_the_retirement_once_each(
    approved: Article, ravi: User, edith: User, client: Client
) -> None:
    following(client)
    article = revised(approved, ravi, summary="Another <b>summary</b>.")
    [told] = mails_to()
    assert told.subject == "[NetReview] Updated: How is a neuroendocrine tumor diagnosed?"
    html = str(told.alternatives[0][0])
    for words in (told.body, html):
        assert "What changed:" in words
        assert "Also: summary" in words
        assert settings.SITE_URL + AT in words
    assert "Another <b>summary</b>." in told.body
    assert "&lt;b&gt;summary&lt;/b&gt;" in html
    assert letters.deliver() == 0
    mail.outbox.clear()
    workflow.retire(article.pk, actor=edith, notice="A dose was wrong.")
    [told] = mails_to()
    assert told.subject.startswith("[NetReview] Retired: ")
    assert "A dose was wrong." in told.body
    assert letters.deliver() == 0


def test_a_topic_brings_new_articles_and_each_mailbox_hears_once(
    approved: Article, ada: User, ravi: User, client: Client
) -> None:
    following(client)
    following(client, at="/follow/topics/diagnosis/")
    revised(approved, ravi, topic=Topic.objects.get())
    assert len(mails_to()) == 1, "follows the article and its topic"
    mail.outbox.clear()
    makers.article(ada, "approved", reviewer=ravi, question="New here?", topic=Topic.objects.get())
    makers.article(ada, "approved", reviewer=ravi, question="Elsewhere?")
    [told] = mails_to()
    assert told.subject == "[NetReview] New: New here?"
    assert "approved a new article" in told.body


def test_what_is_not_approved_is_told_to_nobody(approved: Article, ada: User, client: Client) -> None:
    following(client)
    following(client, at="/follow/topics/diagnosis/")
    workflow.revise(approved.pk, version=approved.version, actor=ada)
    draft = makers.edit(makers.fresh(approved), "Secret words.")
    workflow.submit(draft.pk, version=draft.version, actor=ada)
    makers.article(ada, "submitted", question="Secret?", topic=Topic.objects.get())
    assert mails_to() == []


def test_a_letter_that_came_too_late_is_not_sent(
    approved: Article, ravi: User, edith: User, client: Client
) -> None:
    following(client)
    article = revised(approved, ravi, summary="The second.")
    article = revised(article, ravi, summary="The third.")
    workflow.retire(article.pk, actor=edith, notice="A dose was wrong.")
    [told] = mails_to()
    assert told.subject.startswith("[NetReview] Retired: ")
    assert "The third." not in told.body


@pytest.mark.usefixtures("approved")
def test_one_click_in_a_mail_program_ends_it(client: Client, ravi: User) -> None:
    following(client)
    revised(Article.objects.get(), ravi)
    [told] = mails_to()
    assert told.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = told.extra_headers["List-Unsubscribe"].strip("<>")
    assert link.startswith(settings.SITE_URL)
    path = link.removeprefix(settings.SITE_URL)
    assert "Stop following?" in text_of(client.get(path))
    assert Follow.objects.exists(), "a scanner that opens the link stops nothing"
    # As RFC 8058 has it: a POST from nowhere, without a cookie.
    response = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert not response.cookies
    assert not Follow.objects.exists()
    assert not Letter.objects.exists(), "nothing of theirs is kept"
    assert "No more mail" in text_of(Client().post(path))


def test_everything_can_be_stopped_at_once_and_others_keep_theirs(approved: Article, client: Client) -> None:
    mine = following(client)
    following(client, at="/follow/topics/diagnosis/")
    other = following(client, "other@example.org")
    client.post(f"/follow/stop/{mine.token('stop')}/", {"everything": "1"})
    assert list(Follow.objects.all()) == [other]


def test_a_letter_on_its_way_is_not_sent_to_who_stopped(
    approved: Article, ravi: User, client: Client
) -> None:
    follow = following(client)
    revised(approved, ravi)
    mail.outbox.clear()
    Letter.objects.update(sent_at=None, not_before=timezone.now())
    client.post(f"/follow/stop/{follow.token('stop')}/")
    assert mails_to() == []


@pytest.mark.usefixtures("approved")
def test_the_answer_is_the_same_whether_the_address_is_known_or_not(client: Client) -> None:
    following(client, "known@example.org")
    before = ask(client, "known@example.org")
    new = ask(client, "new@example.org")
    assert (before.status_code, before.content, dict(before.headers)) == (
        new.status_code,
        new.content,
        dict(new.headers),
    )
    assert len(mails_to("new@example.org")) == 1


def test_who_follows_already_is_told_so_by_mail(approved: Article, client: Client) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=2)):
        follow = following(client)
    ask(client)
    [told] = mails_to()
    assert told.subject.startswith("[NetReview] You follow this already")
    assert "/follow/confirm/" not in told.body
    assert follow.token("stop").split(":")[0] in told.body


def test_who_did_not_confirm_is_forgotten(approved: Article, client: Client) -> None:
    kept = following(client, "kept@example.org")
    ask(client, "gone@example.org")
    [letter] = mails_to("gone@example.org")
    later = timezone.now() + timedelta(days=settings.FOLLOW_CONFIRM_DAYS, minutes=1)
    with time_machine.travel(later):
        assert client.post(link_in(letter, "confirm"), headers=FROM_HERE).status_code == 404
        assert tasks.forget_unconfirmed_follows() == 1
        assert tasks.forget_unconfirmed_follows() == 0
    assert list(Follow.objects.all()) == [kept]


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize("token", ["forged", "MQ:1abc:x", "%00", "x" * 3000, "🦓"])
def test_a_forged_link_does_nothing(token: str, client: Client) -> None:
    following(client)
    assert client.get(f"/follow/confirm/{token}/").status_code == 404
    assert client.post(f"/follow/stop/{token}/").status_code in (200, 404)
    assert Follow.objects.count() == 1


def test_a_link_to_confirm_does_not_stop_and_one_to_stop_does_not_confirm(
    approved: Article, client: Client
) -> None:
    ask(client)
    follow = Follow.objects.get()
    client.post(f"/follow/stop/{follow.token('confirm')}/")
    client.post(f"/follow/confirm/{follow.token('stop')}/", headers=FROM_HERE)
    follow.refresh_from_db()
    assert follow.confirmed_at is None


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(
    "email",
    [
        "",
        "nobody",
        "a@example.org\nBcc: everybody@example.org",
        "a@example.org\r\nSubject: hello\r\n\r\nhello",
        "a@example.org, b@example.org",
        "a\x00@example.org",
        '"a\x01b"@example.org',
        '"<script>"@example.org',
        "a@" + "x" * 300 + ".org",
        "\u202e@example.org",
        "🦓@example.org",
    ],
)
def test_what_is_no_address_is_refused_and_nothing_kept(email: str, client: Client) -> None:
    response = ask(client, email)
    assert response.status_code == 422
    assert "no-store" in response.headers["Cache-Control"]
    assert "<script>" not in response.content.decode().split("<main")[1]
    assert not Follow.objects.exists()
    assert mails_to(email) == []


@pytest.mark.usefixtures("approved")
def test_megabytes_programs_and_other_sites_are_kept_out(client: Client) -> None:
    assert ask(client, "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)).status_code == 413
    assert ask(client, website="https://spam.example").headers["Location"] == "/follow/sent/"
    for headers in ({}, {"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert ask(client, headers=headers).status_code == 403
    assert not Follow.objects.exists()


@pytest.mark.usefixtures("approved")
def test_nobody_floods_us_and_nobody_floods_a_mailbox(client: Client) -> None:
    for number in range(5):
        assert ask(client, f"reader{number}@example.org").status_code == 303
    response = ask(client, "reader9@example.org")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "3600")
    for number in range(20):
        ask(client, "victim@example.org", environment={"REMOTE_ADDR": f"203.0.113.{number}"})
    assert len(mails_to("victim@example.org")) == 1, "the same link again within the hour"
    for number in range(20):
        at = timezone.now() + timedelta(hours=number)
        with time_machine.travel(at):
            ask(client, "victim@example.org", environment={"REMOTE_ADDR": f"198.51.100.{number}"})
    assert Letter.objects.filter(email="victim@example.org").count() <= 6


@pytest.mark.usefixtures("approved")
def test_one_mailbox_is_one_follower_however_it_is_written(client: Client) -> None:
    ask(client, "Reader@Example.ORG")
    ask(client, "reader@example.org")
    assert Follow.objects.get().email == "reader@example.org"


def test_a_topic_without_a_live_article_cannot_be_followed(client: Client, ada: User) -> None:
    secret = Topic.objects.create(name="Secret", slug="secret")
    makers.article(ada, "submitted", topic=secret)
    assert client.get("/follow/topics/secret/").status_code == 404
    assert ask(client, at="/follow/topics/secret/").status_code == 404


def test_a_mail_server_that_is_away_delays_a_letter_and_loses_none(
    approved: Article, ravi: User, client: Client, settings: Any
) -> None:
    following(client)
    settings.EMAIL_BACKEND = "tests.notify.test_outbox.Away"
    revised(approved, ravi)
    assert letters.deliver() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mails_to() == [], "not before its time"
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        assert len(mails_to()) == 1
