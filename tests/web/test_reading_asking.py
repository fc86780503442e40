"""Readers ask: a form without cookies, kept for a stated time, kind in an emergency, hard to abuse."""

from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from articles import workflow
from articles.models import Address, Article, Question, User
from articles.reading.emergency import sounds_urgent
from tests import makers
from tests.web.test_reading_article import AT, revised, text_of

pytestmark = pytest.mark.django_db

ASK = AT + "ask/"
FROM_HERE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def approved(ada: User, ravi: User) -> Article:
    return makers.article(ada, "approved", reviewer=ravi)


def send(client: Client, text: str = "Does grade change?", *, at: str = ASK, **fields: Any) -> Any:
    headers = fields.pop("headers", FROM_HERE)
    environment = fields.pop("environment", {})
    return client.post(at, {"text": text} | fields, headers=headers, **environment)


@pytest.mark.usefixtures("approved")
def test_the_article_page_holds_the_form_and_says_how_long_a_question_is_kept(client: Client) -> None:
    for page in (AT, ASK):
        response = client.get(page)
        assert f'action="{ASK}"' in response.content.decode()
        words = text_of(response)
        assert f"for {settings.QUESTION_RETENTION_DAYS} days" in words
        assert "leave out names" in words
        assert "in an emergency call your local emergency number" in words


def test_a_question_is_kept_with_the_publication_it_is_about(approved: Article, client: Client) -> None:
    response = send(client, "Does grade change?", email="reader@example.org", level="plain")
    assert (response.status_code, response.headers["Location"]) == (303, ASK + "sent/")
    question = Question.objects.get()
    assert question.publication == approved.publications.get()
    assert (question.text, question.email, question.level) == (
        "Does grade change?",
        "reader@example.org",
        "plain",
    )
    assert question.expires_at - question.created_at == timedelta(days=settings.QUESTION_RETENTION_DAYS)
    confirmation = client.get(response.headers["Location"])
    assert "Your question is with the editors" in text_of(confirmation)
    assert "If this is happening now" not in text_of(confirmation)


def test_the_part_and_the_version_that_were_read_are_kept(
    approved: Article, ravi: User, client: Client
) -> None:
    page = client.get(AT).content.decode()
    form = next(each for each in lxml.html.fromstring(page).forms if each.action == ASK)
    heading = form.inputs["section"].value_options[2]
    revised(approved, ravi)
    sent = dict(form.form_values()) | {"text": "Why?", "section": heading}
    client.post(ASK, sent, headers=FROM_HERE)
    question = Question.objects.get()
    assert (question.section, question.publication.number) == (heading, 1)
    assert heading in page.split("<h2", 1)[1]
    send(client, "And why else?", section="<b>Nobody's heading</b>", number="²")
    other = Question.objects.get(text="And why else?")
    assert (other.section, other.publication.number) == ("", 2)


@pytest.mark.usefixtures("approved")
def test_an_address_is_not_needed_and_a_level_we_do_not_know_is_the_clinical_one(client: Client) -> None:
    assert send(client, level="expert").status_code == 303
    question = Question.objects.get()
    assert (question.email, question.level) == ("", "clinical")


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("", ""),
        ("   \n ", ""),
        ("A\x00B", ""),
        ("x" * 1001, ""),
        ("A question", "not an address"),
        ("A question", "a@example.org\nBcc: everybody@example.org"),
        ("A question", "a@example.org\r\nSubject: hello\r\n\r\nhello"),
        ("A question", "a@example.org, b@example.org"),
        ("A question", "a\x00@example.org"),
        ("A question", "a@" + "x" * 300 + ".org"),
        ("A question", "<script>alert(1)</script>@example.org"),
    ],
)
def test_a_form_that_cannot_be_kept_comes_back_filled_in(client: Client, text: str, email: str) -> None:
    response = send(client, text, email=email)
    assert response.status_code == 422
    assert "Not sent yet. What you typed is still here." in text_of(response)
    if text.strip():
        assert text.replace("\x00", "")[:500] in response.content.decode().replace("\x00", "")
    assert "<script>alert(1)" not in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert not Question.objects.exists()


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(
    "text",
    [
        "What about 🦓 and 👩🏽‍⚕️?",
        "\u202eesrever\u202c and \u2066isolated\u2069",
        "ما هو الورم العصبي الصماوي؟",
        "e" + "\u0301" * 200,
        "=cmd|' /C calc'!A0",
        "'; DROP TABLE articles_question; --",
        "<img src=x onerror=alert(1)>",
        "{{ settings.SECRET_KEY }}",
        "😀" * 1000,
    ],
)
def test_a_question_in_any_script_is_kept_as_it_was_written(client: Client, text: str) -> None:
    assert send(client, text).status_code == 303
    assert Question.objects.get().text == text


@pytest.mark.usefixtures("approved")
def test_a_line_break_counts_as_one_character_as_in_the_browser(client: Client) -> None:
    assert send(client, "\r\n".join("x" * 99 for _ in range(10))).status_code == 303
    assert "\r" not in Question.objects.get().text


@pytest.mark.usefixtures("approved")
def test_megabytes_are_refused_with_the_form_and_not_with_an_error(client: Client) -> None:
    response = send(client, "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert response.status_code == 413
    assert "A question has room for 1000 characters." in text_of(response)
    body = "text=" + "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    form = "application/x-www-form-urlencoded"
    assert client.post(ASK, body, content_type=form, headers=FROM_HERE).status_code == 413
    assert not Question.objects.exists()


@pytest.mark.usefixtures("approved")
def test_bytes_that_are_no_form_are_refused(client: Client) -> None:
    response = client.post(ASK, b"\xff\xfe\x00", content_type="application/json", headers=FROM_HERE)
    assert response.status_code == 422
    broken = client.post(ASK, b"\xff\xfe", content_type="multipart/form-data; boundary=x", headers=FROM_HERE)
    assert broken.status_code in (400, 422)
    assert not Question.objects.exists()


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"origin": "https://evil.example"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "null"},
        {"referer": "https://evil.example/http://testserver/"},
    ],
)
def test_a_form_of_another_site_is_refused(client: Client, headers: dict[str, str]) -> None:
    assert send(client, headers=headers).status_code == 403
    assert not Question.objects.exists()


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(
    "headers", [FROM_HERE, {"origin": "http://testserver"}, {"referer": "http://testserver/articles/x/"}]
)
def test_a_form_of_ours_needs_no_cookie_and_no_token(headers: dict[str, str]) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = send(strict, headers=headers)
    assert response.status_code == 303
    assert not response.cookies
    assert Question.objects.count() == 1


@pytest.mark.usefixtures("approved")
def test_the_question_of_a_program_is_thanked_and_forgotten(client: Client) -> None:
    response = send(client, website="https://spam.example")
    assert (response.status_code, response.headers["Location"]) == (303, ASK + "sent/")
    assert not Question.objects.exists()


@pytest.mark.usefixtures("approved")
def test_a_double_click_is_one_question(client: Client) -> None:
    assert send(client).status_code == send(client).status_code == 303
    assert Question.objects.count() == 1
    assert send(client, "Does grade change?", email="reader@example.org").status_code == 303
    assert Question.objects.count() == 2, "with an address to answer to it is another one"


@pytest.mark.usefixtures("approved")
def test_the_sixth_question_within_the_hour_is_put_off_kindly(client: Client) -> None:
    for number in range(5):
        assert send(client, f"Question {number}?").status_code == 303
    response = send(client, "One more question?")
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "3600"
    assert "please send it again in an hour" in text_of(response)
    assert "One more question?" in response.content.decode()
    assert Question.objects.count() == 5
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    assert send(client, "From next door?", environment=elsewhere).status_code == 303
    assert client.get(ASK).status_code == 200


@pytest.mark.usefixtures("approved")
def test_readers_in_one_ipv6_network_count_together(client: Client) -> None:
    for number in range(5):
        send(client, f"Question {number}?", environment={"REMOTE_ADDR": f"2001:db8:0:1::{number}"})
    assert send(client, "More?", environment={"REMOTE_ADDR": "2001:db8:0:1::99"}).status_code == 429
    assert send(client, "More?", environment={"REMOTE_ADDR": "2001:db8:0:2::1"}).status_code == 303


@pytest.mark.usefixtures("approved")
def test_a_header_that_anybody_can_write_gives_nobody_another_try(client: Client, settings: Any) -> None:
    for number in range(5):
        send(client, f"Question {number}?", headers=FROM_HERE | {"x-forwarded-for": f"203.0.113.{number}"})
    assert send(client, "More?", headers=FROM_HERE | {"x-forwarded-for": "203.0.113.9"}).status_code == 429
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    forged = FROM_HERE | {"x-forwarded-for": "203.0.113.1, 203.0.113.77"}
    assert send(client, "More?", headers=forged).status_code == 303, "what our own front server saw counts"


@pytest.mark.usefixtures("approved")
def test_no_address_of_a_reader_is_kept_in_clear(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []
    make_key = cache.make_key

    def noted(key: str, *args: Any, **kwargs: Any) -> Any:
        keys.append(key)
        return make_key(key, *args, **kwargs)

    monkeypatch.setattr(cache, "make_key", noted)
    send(client, environment={"REMOTE_ADDR": "203.0.113.50"})
    assert keys
    assert not [key for key in keys if "203.0.113" in key]
    assert not any("203.0.113" in str(value) for value in Question.objects.values().get().values())


@pytest.mark.usefixtures("approved")
def test_an_emergency_is_answered_at_once_and_the_question_still_kept(client: Client) -> None:
    response = send(client, "I have chest pain since this morning")
    assert response.status_code == 303
    assert "If this is happening now, do not wait for us" in text_of(client.get(response.headers["Location"]))
    assert Question.objects.count() == 1
    refused = send(client, "My father can’t breathe", email="nonsense")
    assert refused.status_code == 422
    assert "If this is happening now, do not wait for us" in text_of(refused)


@pytest.mark.parametrize(
    "text",
    [
        "I have CHEST PAIN",
        "she can't breathe",
        "she can’t  breathe",
        "he cannot\nbreathe",
        "trouble breathing at night",
        "thoughts of suicide",
        "I feel suicidal",
        "I want to die",
        "he wants to kill himself",
        "took too many tablets",
        "an overdose of octreotide",
        "mother had a seizure",
        "she is unconscious",
        "vomiting blood since noon",
        "bleeding that won't stop",
        "ｃｈｅｓｔ ｐａｉｎ",
        "is this an emergency?",
    ],
)
def test_words_of_an_emergency_are_heard(text: str) -> None:
    assert sounds_urgent(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What is the diagnosis of a carcinoid?",
        "Does the tumor grade change the treatment?",
        "Which scan finds the primary?",
        "Are lung carcinoids curable by surgery?",
        "Is the chest CT enough?",
        "How long do side effects last?",
    ],
)
def test_an_ordinary_question_is_no_emergency(text: str) -> None:
    assert not sounds_urgent(text)


def test_looking_for_an_emergency_takes_no_time_however_the_text_is_made() -> None:
    assert not sounds_urgent("can " * 250_000)
    assert not sounds_urgent(" " * 1_000_000)


def test_a_question_sent_from_the_page_of_an_old_address_still_arrives(
    approved: Article, edith: User, client: Client
) -> None:
    workflow.move_address(approved.pk, slug="diagnosis", actor=edith)
    assert send(client).status_code == 303
    assert Question.objects.get().publication == approved.publications.get()


def test_a_question_is_about_the_text_that_is_live_now(approved: Article, ravi: User, client: Client) -> None:
    revised(approved, ravi)
    send(client)
    assert Question.objects.get().publication.number == 2


def test_nobody_can_ask_about_a_retired_article(approved: Article, edith: User, client: Client) -> None:
    workflow.retire(approved.pk, actor=edith, notice="Superseded.")
    assert send(client).status_code == 410
    assert not Question.objects.exists()


def test_nobody_can_ask_about_what_is_not_approved(ada: User, client: Client) -> None:
    makers.article(ada, "submitted")
    assert send(client).status_code == 404
    assert not Address.objects.exists()


@pytest.mark.usefixtures("approved")
def test_a_question_is_sent_and_not_linked_to(client: Client) -> None:
    client.get(ASK + "?text=Hello&email=a@example.org")
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(ASK).status_code == 405
    assert client.post(ASK + "sent/", headers=FROM_HERE).status_code == 405
    assert not Question.objects.exists()
