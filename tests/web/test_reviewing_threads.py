"""Threads on the review page: opened, suggested, marked, resolved, and what became of their words."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from articles import workflow
from articles.content.replace import as_typed
from articles.models import Article, Event, Suggestion, Thread, User
from articles.workflow.case import Case
from tests import makers

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def article(ada: User, ravi: User) -> Article:
    return makers.article(ada, "under_review", reviewer=ravi, words="Grade counts.")


def statement(article: Article, words: str) -> Any:
    return next(each for each in Case(article, article.author).statements.values() if words in each.text)


def opened(client: Client, article: Article, words: str = "Grade counts.", **fields: Any) -> Any:
    """Send the form that opens a thread, as the page has it: with the statement's own words to be changed."""
    found = statement(article, words)
    sent = {
        "version": article.version,
        "statement": found.anchor,
        "text": "Which grade?",
        "suggestion": as_typed(found.html),
    }
    return client.post(f"/review/{article.pk}/threads/", sent | fields)


def step(client: Client, article: Article, thread: Thread, name: str, **fields: Any) -> Any:
    return client.post(f"/review/{article.pk}/threads/{thread.pk}/{name}/", fields)


def shown(client: Client, article: Article, **asked: object) -> str:
    answer = client.get(f"/review/{article.pk}/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_comment_opens_a_thread_beside_its_statement(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    state = f"/review/{article.pk}/?show=statements&level=clinical"
    answer = opened(client, article, must_fix="1", state=state)
    thread = Thread.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == (
        f"/review/{article.pk}/?show=statements&level=clinical&thread={thread.pk}#thread-{thread.pk}"
    )
    assert thread.is_must_fix
    assert not Suggestion.objects.exists()  # the statement's own words are no suggestion
    page = shown(client, article, thread=thread.pk)
    beside = page.split('id="beside"')[1].split("</aside>")[0]
    assert f'id="thread-{thread.pk}"' in beside
    assert "Which grade?" in beside
    line = page.split(f'data-thread="{thread.pk}"')[1].split("</a>")[0]
    assert "Must fix" in line
    assert "Which grade?" in line
    assert "Before you can approve: 1 thread must be fixed" in page
    assert f'href="/review/{article.pk}/?show=statements&amp;thread={thread.pk}#thread-{thread.pk}"' in page


def test_other_words_are_a_suggestion_with_its_citation(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    assert opened(client, article, suggestion="Grade counts most. [pavel2020]", text="").status_code == 303
    assert Suggestion.objects.get().html == 'Grade counts most.<cite data-ref="pavel2020"></cite>'
    page = shown(client, article, thread=Thread.objects.get().pk)
    assert "suggests another wording" in page
    assert "<ins> most</ins>" in page


def test_other_words_leave_out_a_source_only_on_purpose(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    answer = opened(client, article, suggestion="Grade counts most.", text="Shorter.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "leaves out [pavel2020], which the statement cites" in page
    assert "Grade counts most.</textarea>" in page
    assert not Thread.objects.exists()
    (box,) = re.findall(r'<input type="checkbox" [^>]*name="leave_out"[^>]*>', page)
    assert "checked" not in box
    sent = opened(client, article, suggestion="Grade counts most.", text="Shorter.", leave_out="1")
    assert sent.status_code == 303
    assert Suggestion.objects.get().html == "Grade counts most."


def test_a_source_left_out_keeps_its_number_when_nothing_cites_it_any_more(ada, ravi, client_of: ClientOf):
    fields = makers.text()
    second = makers.RECORD | {"id": "shah2021"}
    body = fields["body"] + '<p>Two are cited.<cite data-ref="pavel2020 shah2021"></cite></p>'
    article = makers.article(
        ada, "under_review", reviewer=ravi, body=body, references=[makers.RECORD, second]
    )
    opened(client_of(ravi), article, "Two are", suggestion="Two are cited. [pavel2020]", leave_out="1")
    thread = Thread.objects.get()
    workflow.request_changes(
        article.pk, version=1, digest=makers.fresh(article).digest, actor=ravi, note="See there."
    )
    workflow.accept_suggestion(article.pk, thread=thread.pk, version=1, actor=ada)
    page = client_of(ada).get(f"/office/articles/{article.pk}/threads/{thread.pk}/").content.decode()
    gone = page.split('class="thread-suggestion"')[1].split("<del>")[1].split("</del>")[0]
    assert re.findall(r'class="cite(?: cite-unknown)?">([^<]*)<', gone) == ["1", "2"]


def test_a_refused_comment_keeps_its_words(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    answer = opened(client, article, text="", must_fix="1")
    assert answer.status_code == 422
    assert not Thread.objects.exists()
    long = "word " * 2_100
    page = opened(client, article, text=long, suggestion="Other words.").content.decode()
    assert "longer than 10,000 characters" in page
    assert long.strip() in page
    assert "Other words." in page


def test_htmx_gets_the_thread_the_statement_and_an_empty_form(article, ravi, client_of: ClientOf):
    found = statement(article, "Grade counts.")
    sent = {"version": 1, "statement": found.anchor, "text": "Which grade?"}
    part = client_of(ravi).post(f"/review/{article.pk}/threads/", sent, headers=HTMX).content.decode()
    assert "<!doctype" not in part
    assert '<div hx-swap-oob="beforeend:#threads">' in part
    assert f'id="{found.anchor}"' in part
    assert 'id="thread-new" hx-swap-oob="true"' in part


def test_a_thread_is_resolved_reopened_and_marked_beside_its_statement(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    opened(client, article)
    thread = Thread.objects.get()
    back = f"/review/{article.pk}/?show=statements&thread={thread.pk}#thread-{thread.pk}"
    assert step(client, article, thread, "mark", must_fix="1")["Location"] == back
    assert Thread.objects.get().is_must_fix
    assert step(client, article, thread, "mark", must_fix="")["Location"] == back
    assert not Thread.objects.get().is_must_fix
    assert step(client, article, thread, "resolve")["Location"] == back
    page = shown(client, article)
    assert f'data-thread="{thread.pk}"' not in page
    assert "Evidence · 1 resolved" in page
    assert step(client, article, thread, "resolve").status_code == 422
    assert step(client, article, thread, "reopen")["Location"] == back
    assert Thread.objects.get().is_open


def test_a_step_from_a_page_of_the_office_leads_back_to_it_and_nowhere_else(
    article, ravi, client_of: ClientOf
):
    client = client_of(ravi)
    opened(client, article)
    thread = Thread.objects.get()
    listed = f"/office/articles/{article.pk}/threads/"
    assert f'name="next" value="{listed}?show=all"' in client.get(f"{listed}?show=all").content.decode()
    review = f"/review/{article.pk}/?show=statements&thread={thread.pk}"
    places = {f"{listed}?show=all": f"{listed}?show=all", "": review}
    places |= dict.fromkeys(["https://evil.example/", "//evil.example/", "/\\evil.example/"], review)
    for given, expected in places.items():
        for name, more in (("mark", {"must_fix": "1"}), ("mark", {}), ("resolve", {}), ("reopen", {})):
            answer = step(client, article, thread, name, next=given, **more)
            assert answer["Location"] == f"{expected}#thread-{thread.pk}", (given, name)
    alone = f"{listed}{thread.pk}/"
    answer = step(client, article, thread, "resolve", next=alone)
    assert "The thread is resolved." in client.get(answer["Location"]).content.decode()


def test_who_asked_for_it_decides_whether_it_is_fixed(article, ravi, mei, client_of: ClientOf):
    workflow.claim(article.pk, actor=mei)
    opened(client_of(ravi), article, must_fix="1")
    thread = Thread.objects.get()
    page = shown(client_of(mei), article, thread=thread.pk)
    assert f"/threads/{thread.pk}/resolve/" not in page
    assert step(client_of(mei), article, thread, "resolve").status_code == 422
    assert f"/threads/{thread.pk}/resolve/" in shown(client_of(ravi), article, thread=thread.pk)


def test_a_thread_whose_words_are_gone_stands_nearby(article, ada, ravi, client_of: ClientOf):
    client = client_of(ravi)
    opened(client, article, text="Which grade?")
    thread = Thread.objects.get()
    workflow.request_changes(article.pk, version=1, digest=article.digest, actor=ravi, note="See the thread.")
    saved = makers.edit(makers.fresh(article), "Grade counts most of all.")
    workflow.submit(saved.pk, version=2, actor=ada)
    article = makers.fresh(article)
    page = shown(client, article)
    part = page.split('id="outdated"')[1].split("</section>")[0]
    assert "Grade counts." in part
    assert "version 1" in part
    near = page.split(f'id="{statement(article, "most of all").anchor}"')[1].split('<div class="st ')[0]
    assert "About earlier words" in near
    beside = shown(client, article, thread=thread.pk).split('id="beside"')[1].split("</aside>")[0]
    assert "About earlier words" in beside
    assert "Grade counts." in beside
    assert "Evidence for this statement" in beside


def test_a_thread_about_earlier_words_is_settled_where_it_stands(article, ada, ravi, client_of: ClientOf):
    client = client_of(ravi)
    opened(client, article, text="Which grade?", must_fix="1")
    thread = Thread.objects.get()
    workflow.request_changes(article.pk, version=1, digest=article.digest, actor=ravi, note="See the thread.")
    workflow.answer(article.pk, thread=thread.pk, actor=ada, text="Any grade.")
    saved = makers.edit(makers.fresh(article), "Grade counts most of all.")
    workflow.submit(saved.pk, version=2, actor=ada)
    near = statement(makers.fresh(article), "most of all")
    state = f"/review/{article.pk}/?show=statements&only=talk"
    assert "Open threads (1)" in client.get(state).content.decode()
    sent = {"state": state, "beside": near.anchor}
    address = f"/review/{article.pk}/threads/{thread.pk}/resolve/"
    part = client.post(address, sent, headers=HTMX).content.decode()
    assert f'id="{near.anchor}"' in part, "its statement stays on the page"
    assert 'id="left-key-considerations" hx-swap-oob="true"' in part, "and the number at its heading is right"
    assert 'id="filters" hx-swap-oob="true"' in part
    assert "Open threads (0)" in part
    assert "Resolved by Ravi Menon" in part


def test_a_thread_whose_section_is_gone_too_is_still_shown(article, ada, ravi, client_of: ClientOf):
    client = client_of(ravi)
    opened(client, article, "Functional imaging", text="Which tracer?")
    thread = Thread.objects.get()
    workflow.request_changes(article.pk, version=1, digest=article.digest, actor=ravi, note="See the thread.")
    body = f"<h2>Key points</h2><p>Zebra stripes: 1, 2, 3.{makers.CITED}</p>"
    saved = makers.edit(makers.fresh(article), "x", body=body, summary="4, 5, 6.")
    workflow.submit(saved.pk, version=2, actor=ada)
    page = shown(client, makers.fresh(article), thread=thread.pk)
    assert "A thread about words that are gone" in page
    assert "Which tracer?" in page.split('id="beside"')[1]


@pytest.mark.parametrize("name", ["resolve", "reopen", "mark"])
def test_threads_of_other_articles_are_not_found(article, ada, ravi, client_of: ClientOf, name: str):
    other = makers.article(ada, "under_review", reviewer=ravi)
    client = client_of(ravi)
    opened(client, other, "Histology")
    thread = Thread.objects.get()
    before = Event.objects.count()
    assert step(client, article, thread, name, must_fix="1").status_code == 404
    assert client.get(f"/review/{article.pk}/", {"thread": thread.pk}).status_code == 404
    assert client.get(f"/review/{article.pk}/beside/", {"thread": thread.pk}, headers=HTMX).status_code == 404
    assert opened(client, article, statement=statement(other, "Histology").anchor).status_code == 404
    assert Event.objects.count() == before
    assert step(client, other, thread, "mark", must_fix="1").status_code == 303


def test_a_colleagues_thread_in_an_independent_round_is_not_found(ada, ravi, mei, client_of: ClientOf):
    makers.policy(quorum=2, independent=True)
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    opened(client_of(mei), article, "Histology", text="A secret worry.", must_fix="1")
    thread = Thread.objects.get()
    page = shown(client_of(ravi), article)
    assert "A secret worry." not in page
    assert "must be fixed" not in page
    assert client_of(ravi).get(f"/review/{article.pk}/", {"thread": thread.pk}).status_code == 404
    assert step(client_of(ravi), article, thread, "resolve").status_code == 404
    assert "A secret worry." in shown(client_of(mei), article, thread=thread.pk)


@pytest.mark.parametrize("name", ["resolve", "reopen", "mark"])
def test_nobody_else_takes_a_reviewers_steps(
    article, ada, ravi, mei, edith, client_of: ClientOf, client: Client, name: str
):
    opened(client_of(ravi), article)
    thread = Thread.objects.get()
    for who in (ada, edith, mei):
        assert step(client_of(who), article, thread, name, must_fix="1").status_code == 403
        assert opened(client_of(who), article).status_code == 403
    assert step(client, article, thread, name).status_code == 401
    assert client_of(ravi).get(f"/review/{article.pk}/threads/{thread.pk}/{name}/").status_code == 405
    assert Thread.objects.count() == 1
    assert Thread.objects.get().is_open


def test_what_was_said_is_text_and_not_markup(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    bad = "</textarea><script>alert(1)</script>"
    opened(client, article, text=bad, suggestion=f"Words {bad} [pavel2020]")
    thread = Thread.objects.get()
    for page in (shown(client, article), shown(client, article, thread=thread.pk)):
        assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in shown(client, article, thread=thread.pk)
