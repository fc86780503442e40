"""The board's queue: what waits for whom, since when, and how a member finds it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.models import User
from tests import makers

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def shown(client: Client, **asked: str) -> str:
    answer = client.get("/review/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def assigned(author: User, member: User, editor: User, days: int, question: str) -> None:
    article = makers.article(author, "submitted", question=question)
    due = timezone.localdate() + timedelta(days=days)
    workflow.assign(article.pk, member=member, due=due, actor=editor)


def test_a_submitted_article_waits_for_anyone_until_somebody_claims_it(ada, ravi, mei, client_of: ClientOf):
    article = makers.article(ada, "submitted", question="Is it waiting?")
    assert "Is it waiting?" in shown(client_of(ravi), show="waiting")
    assert "no reviewer yet" in shown(client_of(ravi), show="waiting")
    workflow.claim(article.pk, actor=ravi)
    assert "Is it waiting?" not in shown(client_of(ravi), show="waiting")
    assert "Is it waiting?" in shown(client_of(ravi))
    others = shown(client_of(mei), show="others")
    assert "Is it waiting?" in others
    assert "with Ravi Menon" in others


def test_a_due_date_is_told_in_days(ada, ravi, edith, client_of: ClientOf):
    assigned(ada, ravi, edith, 5, "Due later?")
    assert "due in 5 days" in shown(client_of(ravi))
    assert "Edith Hale asked you" in shown(client_of(ravi))


def test_an_overdue_review_is_marked(ada, ravi, edith, client_of: ClientOf):
    assigned(ada, ravi, edith, 1, "Due soon?")
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        page = shown(client_of(ravi))
    assert '<span class="tag tag-wait">3 days overdue</span>' in page


def test_a_review_that_is_not_due_yet_is_not_coloured(ada, ravi, edith, client_of: ClientOf):
    assigned(ada, ravi, edith, 5, "Due later?")
    assert '<span class="tag">due in 5 days</span>' in shown(client_of(ravi))


def test_my_own_due_date_counts_and_not_a_colleagues(ada, ravi, mei, edith, client_of: ClientOf):
    assigned(ada, ravi, edith, 9, "Two reviewers?")
    article = ada.articles.get()
    workflow.assign(article.pk, member=mei, due=timezone.localdate() + timedelta(days=2), actor=edith)
    assert "due in 9 days" in shown(client_of(ravi))
    assert "due in 2 days" in shown(client_of(mei))


def test_a_decided_article_moves_to_decided_by_me(ada, ravi, client_of: ClientOf):
    makers.article(ada, "changes_requested", reviewer=ravi, question="Decided already?")
    assert "Decided already?" not in shown(client_of(ravi))
    page = shown(client_of(ravi), show="decided")
    assert "Decided already?" in page
    assert "you requested changes" in page
    assert "Now changes requested" in page


def test_an_approval_that_waits_for_a_colleague_is_no_longer_for_me(ada, ravi, client_of: ClientOf, settings):
    makers.policy(quorum=2)
    article = makers.article(ada, "under_review", reviewer=ravi, question="Half approved?")
    makers.approve(article, ravi, version=1)
    assert "Half approved?" not in shown(client_of(ravi))
    assert "with you since" in shown(client_of(ravi), show="others")


def test_search_finds_words_of_the_question_and_of_the_author(ada, ravi, client_of: ClientOf):
    makers.article(ada, "submitted", question="What helps against flushing?")
    makers.article(ada, "submitted", question="What helps against cough?")
    page = shown(client_of(ravi), show="waiting", q="FLUSH okafor")
    assert "against flushing" in page
    assert "against cough" not in page


def test_a_search_without_a_match_repeats_the_words_escaped(ravi, client_of: ClientOf):
    page = shown(client_of(ravi), q="<b>nothing</b>")
    assert "&lt;b&gt;nothing&lt;/b&gt;" in page
    assert "<b>nothing</b>" not in page


@pytest.mark.parametrize(
    ("show", "says"),
    [
        ("mine", "Reviews that you take on"),
        ("waiting", "from the moment its author submits it"),
        ("others", "Reviews of your colleagues"),
        ("decided", "Each approval, request for changes and recusal"),
        ("nonsense", "Reviews that you take on"),
    ],
)
def test_an_empty_section_says_how_it_fills(ravi, client_of: ClientOf, show: str, says: str):
    assert says in shown(client_of(ravi), show=show)


def test_an_empty_desk_of_ones_own_leads_to_what_waits(ada, ravi, client_of: ClientOf):
    makers.article(ada, "submitted")
    assert 'href="/review/?show=waiting"' in shown(client_of(ravi))


def test_the_queue_is_not_open_to_authors_editors_and_strangers(
    ada, edith, client_of: ClientOf, client: Client
):
    assert client_of(ada).get("/review/").status_code == 403
    assert client_of(edith).get("/review/").status_code == 403
    assert client.get("/review/").status_code == 302
    assert client_of(edith).post("/review/").status_code == 405


@pytest.mark.parametrize("show", ["mine", "waiting", "others", "decided"])
def test_the_queue_asks_the_same_of_the_database_at_one_row_and_at_twelve(
    ada, ravi, mei, client_of: ClientOf, show: str
):
    state = {"waiting": "submitted", "decided": "approved"}.get(show, "under_review")
    reviewer = mei if show == "others" else ravi
    client = client_of(ravi)

    def queries_made() -> int:
        with CaptureQueriesContext(connection) as made:
            assert "Question number" in shown(client, show=show)
        return len(made)

    makers.article(ada, state, reviewer=reviewer, question="Question number 0?")
    at_one = queries_made()
    for number in range(1, 12):
        makers.article(ada, state, reviewer=reviewer, question=f"Question number {number}?")
    assert queries_made() == at_one
    assert at_one <= 14


def test_a_long_queue_is_turned_page_by_page_and_keeps_its_section(
    ada, ravi, client_of: ClientOf, monkeypatch
):
    monkeypatch.setattr("articles.reviewing.queue.PAGE_SIZE", 2)
    for number in range(3):
        makers.article(ada, "submitted", question=f"Question number {number}?")
    page = shown(client_of(ravi), show="waiting")
    assert "Page 1 of 2" in page
    assert "show=waiting" in page.split('rel="next"')[1][:80]
    assert "Question number 2?" in shown(client_of(ravi), show="waiting", page="2")
