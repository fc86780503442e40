"""The article page: everything a careful reader looks for, nothing personal, one query, honest caching."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Address, Article, Topic, User
from articles.states import progress
from articles.workflow import clock, publish
from tests import makers

pytestmark = pytest.mark.django_db

AT = "/articles/how-is-a-neuroendocrine-tumor-diagnosed/"


@pytest.fixture
def approved(ada: User, ravi: User) -> Article:
    """Ada's article, approved by Ravi on February 15, 2025."""
    with clock.at(datetime(2025, 2, 15, 12, tzinfo=UTC)):
        topic = Topic.objects.create(name="Diagnosis and imaging", slug="diagnosis-and-imaging")
        return makers.article(ada, "approved", reviewer=ravi, topic=topic, ai_use="A spelling checker.")


def revised(article: Article, ravi: User, **fields: Any) -> Article:
    """The same article, approved again with other words."""
    workflow.revise(article.pk, version=article.version, actor=article.author)
    article = makers.edit(makers.fresh(article), "Other words.", **fields)
    return makers.bring(article, "approved", reviewer=ravi)


def text_of(response: Any) -> str:
    """What the page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace(" ,", ",")


@pytest.mark.usefixtures("approved")
def test_a_reader_sees_what_the_board_approved_and_who_signed_it(client: Client) -> None:
    response = client.get(AT)
    page, words = response.content.decode(), text_of(response)
    assert response.status_code == 200
    assert "How is a neuroendocrine tumor diagnosed?" in words
    assert "From tissue and grade, through imaging, to a plan made by a team." in words
    assert "Histology with grade sets prognosis." in words
    assert "Last updated: February 15, 2025" in words
    assert 'href="/editorial-policy/"' in page
    assert "Reviewed for accuracy by Ravi Menon, MD, PhD of our Medical Advisory Board" in words
    assert 'href="/board/ravi/"' in page
    assert "Educational purpose only" in words
    assert "Professional Medical Disclaimer" in words
    assert "By Ada Okafor" in words
    assert "A spelling checker." in words
    assert "Evidence searched to December 1, 2024" in words
    assert 'href="/topics/diagnosis-and-imaging/"' in page
    assert f'href="{AT}versions/"' in page
    for station in ("Submitted", "Under Review", "Approved"):
        assert f"{station} (done)" in words
    assert "Pending review" not in words


@pytest.mark.usefixtures("approved")
def test_references_are_listed_with_their_links_and_the_way_back(client: Client) -> None:
    page = client.get(AT).content.decode()
    assert "<i>Annals of Oncology</i>" in page
    assert 'href="https://doi.org/10.1016/j.annonc.2020.03.304"' in page
    assert 'href="#ref-1" id="cite-1-1"' in page
    assert 'href="#cite-1-1"' in page
    assert "Unverified" not in page


def test_a_reference_that_nobody_verified_says_so(ada: User, ravi: User, client: Client) -> None:
    makers.article(ada, "approved", reviewer=ravi, references=[makers.RECORD | {"status": "unverified"}])
    assert "Unverified" in client.get(AT).content.decode()


@pytest.mark.usefixtures("approved")
def test_both_reading_levels_have_an_address(client: Client) -> None:
    plain = client.get(AT + "plain/")
    assert "In plain words: Histology with grade sets prognosis." in text_of(plain)
    assert "From the Guidelines" not in text_of(plain)
    assert f'<link rel="canonical" href="{settings.SITE_URL}{AT}plain/">' in plain.content.decode()
    clinical = client.get(AT)
    assert "In plain words" not in text_of(clinical)
    assert f'<link rel="canonical" href="{settings.SITE_URL}{AT}">' in clinical.content.decode()


def test_without_a_plain_text_the_page_says_so_and_its_address_shows_the_clinical_one(
    ada: User, ravi: User, client: Client
) -> None:
    makers.article(ada, "approved", reviewer=ravi, plain_body="")
    assert "There is no plain-language text of this article yet." in text_of(client.get(AT))
    plain = client.get(AT + "plain/")
    assert "There is no plain-language text of this article yet" in text_of(plain)
    assert "Histology with grade sets prognosis." in text_of(plain)
    assert f'<link rel="canonical" href="{settings.SITE_URL}{AT}">' in plain.content.decode()


def test_text_in_the_record_cannot_become_markup(ada: User, ravi: User, client: Client) -> None:
    makers.article(
        ada, "approved", reviewer=ravi, summary='"><script>alert(1)</script>', competing_interests="<b>x</b>"
    )
    page = client.get(AT).content.decode()
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize("tail", ["", "plain/", "versions/", "versions/1/"])
def test_a_page_takes_one_or_two_queries(tail: str, client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(AT + tail).status_code == 200
    assert len(captured) == (2 if "versions" in tail else 1)


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize("tail", ["", "plain/", "versions/", "versions/1/", "ask/"])
def test_a_page_holds_nothing_personal_and_sets_no_cookie(tail: str, client: Client) -> None:
    first = client.get(AT + tail)
    client.cookies["audience"] = "patient"
    second = client.get(AT + tail)
    assert not first.cookies
    assert "Vary" not in first.headers
    assert "csrfmiddlewaretoken" not in first.content.decode()
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert first.content == second.content


@pytest.mark.usefixtures("approved")
def test_somebody_logged_in_gets_the_same_bytes(ada: User, client: Client) -> None:
    before = client.get(AT)
    client.force_login(ada)
    after = client.get(AT)
    assert after.content == before.content
    assert "Vary" not in after.headers
    assert not after.cookies


def test_a_copy_is_good_until_the_next_approval(approved: Article, ravi: User, client: Client) -> None:
    etag = client.get(AT).headers["ETag"]
    again = client.get(AT, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == etag
    assert client.get(AT + "plain/", headers={"if-none-match": etag}).status_code == 200
    with clock.at(datetime(2025, 2, 15, 12, tzinfo=UTC)):  # the same dates, so that the text alone differs
        workflow.revise(approved.pk, version=approved.version, actor=approved.author)
        draft = makers.edit(makers.fresh(approved), "Other words.")
        assert client.get(AT, headers={"if-none-match": etag}).status_code == 304, "a draft changes nothing"
        makers.bring(draft, "approved", reviewer=ravi)
    changed = client.get(AT, headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert "Other words." in text_of(changed)


def test_a_copy_is_no_longer_good_when_the_numbers_it_states_change(
    approved: Article, client: Client, settings: Any
) -> None:
    etag = client.get(AT).headers["ETag"]
    settings.QUESTION_RETENTION_DAYS = 7
    response = client.get(AT, headers={"if-none-match": etag})
    assert response.status_code == 200
    assert "for 7 days" in text_of(response)


def test_a_copy_of_a_retired_article_is_not_good_for_a_moment(
    approved: Article, edith: User, client: Client
) -> None:
    etag = client.get(AT).headers["ETag"]
    workflow.retire(approved.pk, actor=edith, notice="Superseded by newer guidance.")
    response = client.get(AT, headers={"if-none-match": etag})
    assert response.status_code == 410
    assert "must-revalidate" in response.headers["Cache-Control"]


@pytest.mark.parametrize("tail", ["", "plain/", "versions/", "versions/1/", "ask/", "ask/sent/"])
def test_everything_under_a_retired_address_is_gone_with_a_notice(
    approved: Article, edith: User, client: Client, tail: str
) -> None:
    assert client.get(AT + tail).status_code == 200
    workflow.retire(approved.pk, actor=edith, notice="Superseded by newer guidance.")
    response = client.get(AT + tail)
    assert response.status_code == 410
    assert "Superseded by newer guidance." in text_of(response)
    assert "How is a neuroendocrine tumor diagnosed?" in text_of(response)
    assert "Histology with grade" not in text_of(response)


@pytest.mark.parametrize("tail", ["", "plain/", "versions/", "versions/1/?level=plain", "ask/", "ask/sent/"])
def test_an_old_address_leads_to_the_new_one_and_keeps_its_tail(
    approved: Article, edith: User, client: Client, tail: str
) -> None:
    workflow.move_address(approved.pk, slug="diagnosis", actor=edith)
    response = client.get(AT + tail)
    assert (response.status_code, response.headers["Location"]) == (301, f"/articles/diagnosis/{tail}")
    # It may come back one day: a browser that kept the redirect for ever would then go in a circle.
    assert "max-age=0" in response.headers["Cache-Control"]
    assert client.get(response.headers["Location"]).status_code == 200


def test_an_article_may_return_to_an_address_it_had(approved: Article, edith: User, client: Client) -> None:
    slug = AT.split("/")[2]
    workflow.move_address(approved.pk, slug="diagnosis", actor=edith)
    workflow.move_address(approved.pk, slug=slug, actor=edith)
    assert client.get(AT).status_code == 200
    assert client.get("/articles/diagnosis/plain/").headers["Location"] == AT + "plain/"


@pytest.mark.parametrize("tail", ["", "plain/", "versions/", "versions/1/", "ask/", "ask/sent/"])
def test_an_unknown_address_is_a_404_that_looks_like_ours(client: Client, tail: str) -> None:
    response = client.get("/articles/nothing-here/" + tail)
    assert response.status_code == 404
    assert "There is nothing at this address" in text_of(response)


@pytest.mark.usefixtures("approved")
def test_an_unapproved_article_has_no_address(ada: User, client: Client) -> None:
    for state in ("draft", "submitted", "under_review", "changes_requested", "declined"):
        makers.article(ada, state, question=f"Is there a {state} here?")
    assert Address.objects.count() == 1
    assert client.get("/articles/is-there-a-draft-here/").status_code == 404


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_the_article_page_is_only_read(method: str, client: Client) -> None:
    assert getattr(client, method)(AT).status_code == 405


def test_a_preview_warns_and_claims_no_approval(ada: User) -> None:
    article = makers.article(ada, "submitted")
    publication = publish.build(article, article.document())
    page = render_to_string(
        "reading/article.html",
        {
            "publication": publication,
            "rendering": publication.rendering("clinical"),
            "level": "clinical",
            "has_plain": True,
            "steps": progress(article.state),
            "pending": True,
            "address": "",
        },
        request=RequestFactory().get("/office/articles/1/preview/"),
    )
    assert "Pending review" in page
    assert "has not approved this text" in page
    assert "Histology with grade sets prognosis." in page
    assert 'href="?level=plain"' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "Submitted" in page
    for claim in ("Reviewed for accuracy", "Last updated", "Have a follow-up question", "<form", "canonical"):
        assert claim not in page


def test_the_line_above_the_question_begins_with_a_capital_without_a_topic(
    client: Client, ada: User, ravi: User
) -> None:
    makers.article(ada, "approved", reviewer=ravi)
    assert '<p class="kicker">For health professionals</p>' in client.get(AT).content.decode()
    assert '<p class="kicker">In plain language</p>' in client.get(AT + "plain/").content.decode()


@pytest.mark.usefixtures("approved")
def test_a_review_that_is_overdue_is_said_to_be_in_words_from_the_day_after(client: Client) -> None:
    with time_machine.travel(datetime(2026, 2, 15, 12, tzinfo=UTC)):
        on_time = client.get(AT)
    assert "Next review due February 15, 2026" in text_of(on_time)
    assert "overdue" not in text_of(on_time)
    with time_machine.travel(datetime(2026, 2, 16, 12, tzinfo=UTC)):
        # Whoever kept the page of yesterday is not told that it still holds.
        late = client.get(AT, headers={"if-none-match": on_time.headers["ETag"]})
    assert "Next review due February 15, 2026 overdue" in text_of(late)
    assert "reviewed by 1 member · next review overdue" in text_of(late)
