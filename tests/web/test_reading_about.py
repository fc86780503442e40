"""The board and the policy: who answers for what is read, and by which rules."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.models import BoardMember, EditorialPolicy, User
from tests import makers, people
from tests.web.test_reading_article import revised, text_of

pytestmark = pytest.mark.django_db


def test_the_board_page_lists_who_serves_and_who_did(ravi: User, mei: User, client: Client) -> None:
    BoardMember.objects.filter(user=mei).update(term_to=date(2024, 6, 30))
    coming = people.member("nina", "Nina Future", "MD")
    BoardMember.objects.filter(user=coming).update(term_from=timezone.localdate() + timedelta(days=1))
    words = text_of(client.get("/board/"))
    serving, former = words.split("Former members")
    assert "Ravi Menon, MD, PhD" in serving
    assert "Endocrine oncology" in serving
    assert "Lakeside Hospital" in serving
    assert "Member since January 1, 2020" in serving
    assert "Mei Lin, PharmD" in former
    assert "January 1, 2020 to June 30, 2024" in former
    assert "Nina Future" not in words
    assert client.get("/board/nina/").status_code == 404


def test_a_member_serves_through_the_last_day_of_the_term(ravi: User, client: Client) -> None:
    BoardMember.objects.filter(user=ravi).update(term_to=timezone.localdate())
    assert "Former members" not in text_of(client.get("/board/"))
    BoardMember.objects.filter(user=ravi).update(term_to=timezone.localdate() - timedelta(days=1))
    assert "Former members" in text_of(client.get("/board/"))


def test_an_empty_board_says_what_that_means(client: Client) -> None:
    assert "Nobody serves on the board at present" in text_of(client.get("/board/"))


def test_a_profile_lists_the_live_articles_that_the_member_approved(
    ada: User, ravi: User, mei: User, edith: User, client: Client
) -> None:
    makers.article(ada, "approved", reviewer=ravi, question="Approved by Ravi?")
    makers.article(ada, "approved", reviewer=mei, question="Approved by Mei?")
    makers.article(ada, "retired", reviewer=ravi, editor=edith, question="Retired since?")
    makers.article(ada, "under_review", reviewer=ravi, question="Under review by Ravi?")
    moved = makers.article(ada, "approved", reviewer=ravi, question="Moved?")
    workflow.move_address(moved.pk, slug="moved-away", actor=edith)
    page = client.get("/board/ravi/")
    words = text_of(page)
    assert "Ravi Menon, MD, PhD" in words
    assert "Approved by Ravi?" in words
    assert 'href="/articles/moved-away/"' in page.content.decode()
    for other in ("Approved by Mei?", "Retired since?", "Under review by Ravi?"):
        assert other not in words


def test_an_article_leaves_the_profile_when_somebody_else_approved_its_next_version(
    ada: User, ravi: User, mei: User, client: Client
) -> None:
    article = makers.article(ada, "approved", reviewer=ravi)
    revised(article, mei)
    assert "How is a neuroendocrine tumor diagnosed?" not in text_of(client.get("/board/ravi/"))
    assert "How is a neuroendocrine tumor diagnosed?" in text_of(client.get("/board/mei/"))


def test_a_member_of_the_past_keeps_the_profile_that_articles_link_to(
    ada: User, ravi: User, client: Client
) -> None:
    makers.article(ada, "approved", reviewer=ravi)
    BoardMember.objects.filter(user=ravi).update(
        term_to=date(2024, 6, 30), name="Ravi Other", credentials="MD"
    )
    words = text_of(client.get("/board/ravi/"))
    assert "former member" in words
    assert "How is a neuroendocrine tumor diagnosed?" in words
    article = text_of(client.get("/articles/how-is-a-neuroendocrine-tumor-diagnosed/"))
    assert "Ravi Menon, MD, PhD" in article, "the article keeps the name as it was signed"


def test_an_unknown_member_is_a_404(ravi: User, client: Client) -> None:
    assert client.get("/board/ravi/").status_code == 200
    assert client.get("/board/nobody/").status_code == 404


def test_what_a_member_wrote_of_themselves_cannot_become_markup(ravi: User, client: Client) -> None:
    BoardMember.objects.filter(user=ravi).update(
        name="<b>Ravi</b>",
        credentials="<i>MD</i>",
        biography="<script>alert(1)</script>",
        specialties="<u>x</u>",
    )
    for page in ("/board/", "/board/ravi/"):
        said = client.get(page).content.decode()
        for markup in ("<b>", "<i>", "<script>alert", "<u>"):
            assert markup not in said


def test_a_profile_takes_as_many_queries_with_many_articles_as_with_one(
    ada: User, ravi: User, client: Client
) -> None:
    makers.article(ada, "approved", reviewer=ravi)
    with CaptureQueriesContext(connection) as short:
        client.get("/board/ravi/")
    for number in range(12):
        makers.article(ada, "approved", reviewer=ravi, question=f"Question {number}?")
        people.member(f"member{number}", f"Member {number}", "MD")
    with CaptureQueriesContext(connection) as long:
        assert text_of(client.get("/board/ravi/")).count("Reviewed by Ravi Menon") == 13
    assert len(long) == len(short) == 4
    with CaptureQueriesContext(connection) as board:
        client.get("/board/")
    assert len(board) == 2


def test_the_policy_states_the_numbers_that_the_code_enforces(client: Client, settings: Any) -> None:
    EditorialPolicy.objects.create(
        pk=1, body="<h2>Who we are</h2><p>Editors.</p>", updated_at=datetime(2024, 11, 4, tzinfo=UTC)
    )
    makers.policy(quorum=3, months_to_next_review=18)
    settings.QUESTION_RETENTION_DAYS = 45
    words = text_of(client.get("/editorial-policy/"))
    assert "Last updated: November 4, 2024" in words
    assert "Who we are Editors." in words
    assert "The rules our system enforces" in words
    assert "when 3 board members have approved the same version" in words
    assert "due 18 months after the last" in words
    assert "deleted after 45 days" in words
    makers.policy(quorum=1)
    assert "when 1 board member has approved the same version" in text_of(client.get("/editorial-policy/"))


def test_before_the_policy_is_written_the_rules_stand_there_alone(client: Client) -> None:
    words = text_of(client.get("/editorial-policy/"))
    assert "The editors have not written their policy yet." in words
    assert "Nobody can approve an article they wrote" in words
    assert "Last updated:" not in words


def test_the_policy_is_shown_as_text_and_never_as_a_program(client: Client) -> None:
    EditorialPolicy.objects.create(
        pk=1,
        body='<p onclick="x()">Fair<script>alert(1)</script> <a href="javascript:x()">words</a></p>',
        updated_at=timezone.now(),
    )
    said = client.get("/editorial-policy/").content.decode()
    assert "Fair" in said
    for trick in ("onclick", "alert(1)", "javascript:"):
        assert trick not in said


@pytest.mark.parametrize("address", ["/", "/board/", "/board/ravi/", "/editorial-policy/"])
def test_public_pages_may_be_kept_by_anybody_and_are_only_read(
    ravi: User, client: Client, address: str
) -> None:
    response = client.get(address)
    assert not response.cookies
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert client.post(address).status_code == 405
