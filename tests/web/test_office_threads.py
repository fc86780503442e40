"""The threads of an article: who reads and answers them where, and what never gets lost or out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article, Thread, User
from tests import makers
from tests.evidence import thread
from tests.web.writing_form import words

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]
SCRIPT = "<script>alert('thread')</script><b>bold</b>"


@pytest.fixture
def article(ada: User, ravi: User) -> Article:
    return makers.article(ada, "under_review", reviewer=ravi)


def page(found: Thread | Article, name: str = "") -> str:
    if isinstance(found, Article):
        return reverse("office:threads", args=[found.pk])
    return reverse(f"office:{name or 'thread'}", args=[found.article_id, found.pk])


def text(response: Any) -> str:
    return response.content.decode()


def test_author_reviewer_and_editor_read_and_answer_a_thread(
    article: Article, ada: User, ravi: User, edith: User, client_of: In
) -> None:
    found = thread(article, ravi, text="Which grade?", must_fix=True)
    for number, person in enumerate((ada, edith, ravi), start=1):
        client = client_of(person)
        shown = words(client.get(page(found)))
        parts = (
            "Histology with grade sets prognosis.",
            "Which grade?",
            "Ravi Menon",
            "Must fix",
            "version 1",
        )
        for said in parts:
            assert said in shown, person
        response = client.post(page(found, "answer"), {"text": f"Answer {number}"})
        assert (response.status_code, response["Location"]) == (303, f"{page(found)}#thread-{found.pk}")
    assert [each.text for each in found.comments.all()][1:] == ["Answer 1", "Answer 2", "Answer 3"]
