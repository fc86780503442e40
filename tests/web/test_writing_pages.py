"""What authors see: their list, and the page of one article with what to do next."""

import lxml.html
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import workflow
from articles.models import Article, Event, Message, Version
from articles.states import State
from tests import makers, people
from tests.web.writing_form import words


@pytest.fixture
def author(client_of, ada):
    return client_of(ada)


def page(article: Article) -> str:
    return reverse("writing:article", args=[article.pk])


def step(article: Article, name: str) -> str:
    return reverse(f"writing:{name}", args=[article.pk])


def test_an_empty_list_says_how_it_fills(author):
    said = words(author.get("/write/"))
    assert "Nothing written yet" in said
    assert "Write your first article" in said


@pytest.mark.parametrize(
    ("state", "line"),
    [
        ("draft", "submit it when it is ready"),
        ("submitted", "Waiting for a reviewer since"),
        ("under_review", "Under review by Ravi Menon since"),
        ("changes_requested", "Changes requested by Ravi Menon: read why and answer"),
        ("approved", "to change it, begin a revision"),
        ("declined", "Declined by Edith Hale"),
        ("retired", "readers see a notice in its place"),
    ],
)
def test_each_row_says_where_the_article_stands_and_what_comes_next(author, ada, ravi, edith, state, line):
    article = makers.article(ada, state, reviewer=ravi, editor=edith)
    said = words(author.get("/write/"))
    assert article.question in said
    assert article.get_state_display() in said
    assert line in said


def test_a_revision_says_what_readers_see_meanwhile(author, ada, ravi):
    live = makers.article(ada, "approved", reviewer=ravi)
    workflow.revise(live.pk, version=live.version, actor=ada)
    assert "readers see the text of" in words(author.get("/write/"))


def test_the_list_is_filtered_by_the_address(author, ada, ravi):
    makers.article(ada, question="The one in draft?")
    makers.article(ada, "submitted", question="The one that waits?")
    said = words(author.get("/write/?state=submitted"))
    assert "The one that waits?" in said
    assert "The one in draft?" not in said
    assert "The one in draft?" in words(author.get("/write/?state=nonsense"))
    assert "No article is here now" in words(author.get("/write/?state=retired"))


def test_articles_of_others_are_not_in_the_list_and_co_authored_ones_are(author, ada, edith):
    cora = people.person("cora", "Cora Bell", people.Role.AUTHOR)
    makers.article(cora, question="Hers alone?")
    shared = makers.article(cora, question="Hers and mine?")
    workflow.set_coauthors(shared.pk, coauthors=[ada], actor=edith)
    said = words(author.get("/write/"))
    assert "Hers and mine?" in said
    assert "Hers alone?" not in said


def test_the_list_comes_in_pages_of_twenty_five_and_keeps_the_filter(author, ada):
    for number in range(26):
        makers.article(ada, question=f"Number {number}?")
    assert "Page 1 of 2" in words(author.get("/write/"))
    second = author.get("/write/?state=draft&page=2")
    assert len(second.context["rows"]) == 1
    assert "state=draft" in second.content.decode()


def test_the_list_takes_as_many_queries_for_twelve_articles_as_for_one(author, ada, ravi, edith):
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert author.get("/write/").status_code == 200
        return len(queries)

    makers.article(ada, "under_review", reviewer=ravi)
    author.get("/write/")
    one = count()
    for number in range(11):
        state = list(State)[number % len(State)].value
        makers.article(ada, state, reviewer=ravi, editor=edith, question=f"Number {number}?")
    assert count() == one


def test_the_page_of_an_article_takes_as_many_queries_after_many_versions_and_rounds(author, ada, ravi):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert author.get(page(article)).status_code == 200
        return len(queries)

    article = makers.article(ada, "changes_requested", reviewer=ravi)
    author.get(page(article))
    one = count()
    for number in range(5):
        article = makers.bring(makers.edit(article, f"Answer {number}."), "changes_requested", reviewer=ravi)
    assert count() == one


def test_the_form_takes_as_many_queries_for_many_references(author, ada):
    def count(article: Article) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert author.get(step(article, "save")).status_code == 200
        return len(queries)

    records = [makers.RECORD] + [makers.RECORD | {"id": f"other{number}"} for number in range(12)]
    few, many = makers.article(ada), makers.article(ada, references=records)
    count(few)
    assert count(few) == count(many)


def test_the_boards_reason_is_read_in_full(author, ada, ravi):
    article = makers.article(ada, "under_review", reviewer=ravi)
    reason = "Name the trial.\nAnd say what it cost."
    workflow.request_changes(article.pk, version=1, digest=article.digest, actor=ravi, note=reason)
    content = author.get(page(article)).content.decode()
    assert f"<blockquote>{reason}</blockquote>" in content
    assert "Ravi Menon</strong> asked for changes" in content


def test_the_text_the_board_refused_is_to_be_changed_before_it_is_submitted(author, ada, ravi):
    article = makers.article(ada, "changes_requested", reviewer=ravi)
    refused = author.get(page(article)).content.decode()
    assert "Version 1 is the one that the board asked you to change." in refused
    assert "Nothing stands in the way" not in refused
    assert 'class="btn btn-main" href="/write/' in refused
    makers.edit(article, "Answered.")
    answered = author.get(page(article)).content.decode()
    assert "Nothing stands in the way of submitting version 2." in answered
    assert 'class="btn" href="/write/' in answered


@pytest.mark.parametrize("state", ["declined", "retired"])
def test_what_has_ended_is_on_no_way_to_approval(author, ada, ravi, edith, state):
    article = makers.article(ada, state, reviewer=ravi, editor=edith)
    content = author.get(page(article)).content.decode()
    assert "Progress" not in content
    assert "(not yet)" not in content


def test_a_reason_of_a_round_before_gives_way_to_the_newest(author, ada, ravi):
    article = makers.article(ada, "changes_requested", reviewer=ravi)
    assert "Name the source." in words(author.get(page(article)))
    again = makers.bring(makers.edit(article, "Named."), "under_review", reviewer=ravi)
    makers.approve(again, ravi, version=2, note="Well answered.")
    said = words(author.get(page(article)))
    assert "Well answered." in said
    assert "Name the source." not in said


def test_what_is_missing_is_listed_with_the_place_where_it_is_mended(author, ada):
    body = "<h2>From the Research</h2><h3>Diagnosis</h3><p>A claim without a source.</p>"
    article = makers.article(ada, body=body, ai_use="", references=[], plain_body="")
    response = author.get(page(article))
    said = words(response)
    assert "2 things to mend before you can submit version 1." in said
    content = response.content.decode()
    edit = step(article, "save")
    assert f'href="{edit}#id_ai_use"' in content
    assert f'href="{edit}?at=s-' in content
    anchor = content.split(f"{edit}?at=")[1].split("#")[0]
    form = author.get(f"{edit}?at={anchor}").content.decode()
    assert 'data-place-field="id_body" data-place-words="A claim without a source."' in form


def test_submitting_freezes_the_text_and_says_what_happens_next(author, ada):
    article = makers.article(ada)
    response = author.post(step(article, "submit"), {"version": "1", "note": "Ready"}, follow=True)
    assert response.redirect_chain == [(page(article), 303)]
    assert "Version 1 is submitted and waits for a reviewer." in words(response)
    assert makers.fresh(article).state == State.SUBMITTED


def test_submitting_what_is_not_ready_is_refused_with_reasons_and_changes_nothing(author, ada):
    article = makers.article(ada, ai_use="")
    before = Event.objects.count(), Message.objects.count()
    response = author.post(step(article, "submit"), {"version": "1", "note": "Ready, I think"})
    assert response.status_code == 422
    said = words(response)
    assert "That was not possible. Nothing was changed." in said
    assert "Say how AI was used" in said
    assert "Ready, I think" in said, "the note is not lost"
    assert (makers.fresh(article).state, Event.objects.count(), Message.objects.count()) == ("draft", *before)


def test_submitting_another_version_than_the_one_read_is_refused_and_keeps_the_note(author, ada):
    article = makers.article(ada)
    makers.edit(article, "Changed meanwhile.")
    response = author.post(step(article, "submit"), {"version": "1", "note": "Dear reviewers"})
    assert response.status_code == 409
    assert "version 2 is there now" in words(response)
    assert "Dear reviewers" in response.content.decode()
    assert makers.fresh(article).state == State.DRAFT


def test_a_second_click_on_submit_is_told_so(author, ada):
    article = makers.article(ada)
    assert author.post(step(article, "submit"), {"version": "1"}).status_code == 303
    second = author.post(step(article, "submit"), {"version": "1"})
    assert second.status_code == 409
    assert "the article is now submitted" in words(second)
    assert Event.objects.filter(article=article, kind="submitted").count() == 1


def test_a_submission_is_withdrawn_and_can_be_edited_again(author, ada):
    article = makers.article(ada, "submitted")
    assert author.post(step(article, "withdraw"), {"version": "1"}).status_code == 303
    assert makers.fresh(article).state == State.DRAFT
    assert author.get(step(article, "save")).status_code == 200


def test_a_revision_of_an_approved_article_leaves_the_publication_alone(author, ada, ravi):
    article = makers.article(ada, "approved", reviewer=ravi)
    response = author.post(step(article, "revise"), {"version": "1"}, follow=True)
    assert "Nothing that readers see changes until it is approved." in words(response)
    assert makers.fresh(article).state == State.DRAFT
    assert article.publications.live().count() == 1


def test_an_earlier_version_comes_back_as_a_new_one(author, ada):
    article = makers.article(ada)
    makers.edit(article, "Second thoughts.")
    response = author.post(step(article, "restore"), {"number": "1", "version": "2"}, follow=True)
    assert "The text of version 1 is back, as version 3." in words(response)
    assert makers.fresh(article).body == Version.objects.get(id=article.pk, version=1).body


def test_restoring_over_a_newer_version_is_refused(author, ada):
    article = makers.article(ada)
    makers.edit(article, "Second thoughts.")
    assert author.post(step(article, "restore"), {"number": "1", "version": "1"}).status_code == 409
    assert makers.fresh(article).version == 2


def test_a_version_that_is_not_there_cannot_be_restored(author, ada):
    article = makers.article(ada)
    assert author.post(step(article, "restore"), {"number": "7", "version": "1"}).status_code == 404


@pytest.mark.parametrize("fields", [{}, {"version": "x"}, {"version": "-1"}, {"version": "9" * 40}])
def test_a_hand_made_form_without_a_version_is_refused_in_words(author, ada, fields):
    article = makers.article(ada)
    response = author.post(step(article, "submit"), fields)
    assert response.status_code == 400
    assert "The form names no version." in words(response)
    assert makers.fresh(article).state == State.DRAFT


@pytest.mark.parametrize("name", ["submit", "withdraw", "revise", "restore"])
def test_no_step_is_taken_by_opening_an_address(author, ada, name):
    article = makers.article(ada)
    assert author.get(step(article, name)).status_code == 405


@pytest.mark.parametrize("name", ["submit", "withdraw", "revise", "restore"])
def test_no_step_is_open_to_a_stranger_or_to_the_board(client_of, ada, ravi, name):
    article = makers.article(ada)
    stranger = people.person("otto", "Otto Lund", people.Role.AUTHOR)
    fields = {"version": "1", "number": "1"}
    assert client_of(stranger).post(step(article, name), fields).status_code == 404
    assert client_of(stranger).get(page(article)).status_code == 404
    assert client_of(ravi).post(step(article, name), fields).status_code == 403
    both = people.member("bo", "Bo Falk", "MD", people.Role.AUTHOR)
    assert client_of(both).post(step(article, name), fields).status_code == 404
    assert (makers.fresh(article).state, makers.fresh(article).version) == ("draft", 1)


def test_a_visitor_is_asked_to_log_in(client, ada):
    article = makers.article(ada)
    for address in ("/write/", "/write/new/", page(article), step(article, "save")):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/?next=")


def test_every_link_of_the_page_leads_somewhere(author, ada, ravi):
    article = makers.article(ada, "approved", reviewer=ravi)
    workflow.revise(article.pk, version=1, actor=ada)
    makers.edit(article, "A new claim without its source.", references=[makers.RECORD])
    content = lxml.html.fromstring(author.get(page(article)).content.decode())
    links = {link for link in content.xpath("//main//a/@href") if link.startswith("/")}
    assert len(links) >= 5
    for link in links:
        assert author.get(link, follow=True).status_code == 200, link
