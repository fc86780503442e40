"""Readers' questions at the desk: listed, answered once, escaped always."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Publication, Question, User
from tests import makers
from tests.asking import ask

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]


@pytest.fixture
def publication(ada: User, ravi: User) -> Publication:
    return makers.article(ada, "approved", reviewer=ravi).publications.get()


def text(response: Any) -> str:
    return response.content.decode()


def preview(client: Client, question: Question, **typed: Any) -> dict[str, Any]:
    """Look at the mail first; what the form below it sends."""
    page = text(client.post(f"/desk/questions/{question.pk}/", typed | {"do": "preview"}))
    return typed | {"do": "send", "seen": re.search(r'name="seen" value="(\w+)"', page)[1]}


def send(client: Client, question: Question, **typed: Any) -> Any:
    """Look at the mail, then send it."""
    seen = preview(client, question, **typed)
    return client.post(f"/desk/questions/{question.pk}/", seen, follow=True)


def test_an_empty_list_says_how_it_fills(edith: User, client_of: In) -> None:
    assert "their questions come here" in text(client_of(edith).get("/desk/questions/"))
    assert "Questions you answer" in text(client_of(edith).get("/desk/questions/?show=answered"))


def test_the_list_says_what_was_asked_about_which_publication_and_until_when_it_is_kept(
    publication: Publication, edith: User, client_of: In
) -> None:
    question = ask(publication)
    page = text(client_of(edith).get("/desk/questions/"))
    assert "Does it hold after surgery?" in page
    assert f"“{publication.question}”, publication 1, plain text" in page
    assert timezone.localdate(question.expires_at).isoformat() in page


def test_questions_of_readers_are_never_markup(publication: Publication, edith: User, client_of: In) -> None:
    question = ask(publication, '<img src=x onerror="alert(1)"> & {{ 7|add:7 }}')
    client = client_of(edith)
    for address in ("/desk/questions/", f"/desk/questions/{question.pk}/"):
        page = text(client.get(address))
        assert "<img" not in page
        assert "&lt;img src=x" in page
        assert "{{ 7|add:7 }}" in page


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_mailed_to_the_reader_and_kept(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    question = ask(
        makers.article(ada, "approved", reviewer=ravi).publications.get(), email="reader@example.org"
    )
    mail.outbox.clear()
    client = client_of(edith)
    response = send(client, question, answer="Yes, <b>it</b> does.")
    assert "The answer goes to reader@example.org." in text(response)
    [sent] = mail.outbox
    assert sent.to == ["reader@example.org"]
    assert "Yes, <b>it</b> does." in sent.body
    question.refresh_from_db()
    assert (question.answered_by, question.answer) == (edith, "Yes, <b>it</b> does.")
    assert question.sent_at is not None
    assert "&lt;b&gt;it&lt;/b&gt;" in text(client.get(f"/desk/questions/{question.pk}/"))
    assert "Does it hold after surgery?" not in text(client.get("/desk/questions/"))
    assert "Does it hold after surgery?" in text(client.get("/desk/questions/?show=answered"))


def test_a_question_without_an_address_is_marked_as_handled(
    publication: Publication, edith: User, client_of: In
) -> None:
    question = ask(publication)
    client = client_of(edith)
    assert "the reader left no address" in text(client.get(f"/desk/questions/{question.pk}/"))
    response = client.post(
        f"/desk/questions/{question.pk}/", {"answer": "Goes into the next version."}, follow=True
    )
    assert "Marked as handled." in text(response)
    question.refresh_from_db()
    assert question.answered_at is not None
    assert question.not_before is None, "nothing is to be sent"


def test_an_empty_answer_is_refused_and_changes_nothing(
    publication: Publication, edith: User, client_of: In
) -> None:
    question = ask(publication, email="reader@example.org")
    response = client_of(edith).post(f"/desk/questions/{question.pk}/", {"answer": "   "})
    assert response.status_code == 422
    question.refresh_from_db()
    assert question.answered_at is None


def test_a_reader_gets_one_answer_and_the_second_editor_keeps_theirs(
    publication: Publication, edith: User, client_of: In
) -> None:
    question = ask(publication, email="reader@example.org")
    client = client_of(edith)
    seen = preview(client, question, answer="A second <answer>.")
    send(client, question, answer="The first answer.")
    late = client.post(f"/desk/questions/{question.pk}/", seen)
    assert late.status_code == 409
    assert "A second &lt;answer&gt;." in text(late)
    assert "The first answer." in text(late)
    question.refresh_from_db()
    assert question.answer == "The first answer."


def test_nobody_else_answers(publication: Publication, ada: User, ravi: User, client_of: In) -> None:
    question = ask(publication)
    for somebody in (ada, ravi):
        response = client_of(somebody).post(f"/desk/questions/{question.pk}/", {"answer": "Mine."})
        assert response.status_code == 403
    assert Client().post(f"/desk/questions/{question.pk}/", {"answer": "Mine."}).status_code == 401
    question.refresh_from_db()
    assert question.answer == ""


def test_a_question_that_was_forgotten_is_not_found(edith: User, client_of: In) -> None:
    assert client_of(edith).get("/desk/questions/4711/").status_code == 404


def test_many_questions_come_in_pages_and_take_no_more_queries(
    publication: Publication, edith: User, client_of: In
) -> None:
    client = client_of(edith)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/desk/questions/")
        return len(captured)

    ask(publication)
    few = queries()
    for number in range(26):
        ask(publication, f"Question number {number}?")
    assert queries() == few
    assert text(client.get("/desk/questions/")).count("row-title") == 25
    assert text(client.get("/desk/questions/?page=2")).count("row-title") == 2
