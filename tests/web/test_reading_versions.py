"""Approved versions stay open to readers, marked as past, and what was withdrawn stays withdrawn."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Article, User
from tests import makers
from tests.web.test_reading_article import AT, revised, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(ada: User, ravi: User) -> Article:
    """An article with two approved versions."""
    return revised(makers.article(ada, "approved", reviewer=ravi), ravi)


@pytest.mark.usefixtures("twice")
def test_the_list_says_who_approved_what_and_which_is_current(client: Client) -> None:
    words = text_of(client.get(AT + "versions/")).split("All versions, newest first")[1]
    assert words.index("Version 2") < words.index("Current") < words.index("Version 1")
    assert words.count("by Ravi Menon, MD, PhD") == 2
    assert "Superseded" in words


@pytest.mark.usefixtures("twice")
def test_a_superseded_version_shows_its_own_text_and_says_what_it_is(client: Client) -> None:
    response = client.get(AT + "versions/1/")
    page, words = response.content.decode(), text_of(response)
    assert "Histology with grade sets prognosis." in words
    assert "Other words." not in words
    assert "An earlier version, kept for the record" in words
    assert "Last updated" not in words
    assert '<meta name="robots" content="noindex">' in page
    assert f'<link rel="canonical" href="{settings.SITE_URL}{AT}">' in page
    assert f'href="{AT}"' in page
    assert "<form" not in page


@pytest.mark.usefixtures("twice")
def test_the_plain_text_of_an_earlier_version_can_be_read_too(client: Client) -> None:
    words = text_of(client.get(AT + "versions/1/?level=plain"))
    assert "In plain words: Histology with grade sets prognosis." in words


@pytest.mark.usefixtures("twice")
def test_the_live_version_has_a_number_as_well(client: Client) -> None:
    response = client.get(AT + "versions/2/")
    page = response.content.decode()
    assert "Other words." in text_of(response)
    assert "An earlier version" not in page
    assert "noindex" not in page
    assert f'<link rel="canonical" href="{settings.SITE_URL}{AT}">' in page


@pytest.mark.usefixtures("twice")
def test_a_copy_of_the_live_version_is_no_longer_good_once_it_is_superseded(
    twice: Article, ravi: User, client: Client
) -> None:
    etag = client.get(AT + "versions/2/").headers["ETag"]
    assert client.get(AT + "versions/2/", headers={"if-none-match": etag}).status_code == 304
    revised(twice, ravi, summary="Third time.")
    response = client.get(AT + "versions/2/", headers={"if-none-match": etag})
    assert response.status_code == 200
    assert "An earlier version" in response.content.decode()


@pytest.mark.usefixtures("twice")
@pytest.mark.parametrize("number", [0, 3, 99, 2**31, 2**63, 10**30])
def test_there_is_no_version_that_was_not_approved(number: int, client: Client) -> None:
    assert client.get(f"{AT}versions/{number}/").status_code == 404


def test_a_version_of_another_article_is_not_found_under_this_address(
    twice: Article, ada: User, ravi: User, client: Client
) -> None:
    makers.article(ada, "approved", reviewer=ravi, question="What else?")
    assert client.get("/articles/what-else/versions/1/").status_code == 200
    assert client.get("/articles/what-else/versions/2/").status_code == 404


def test_what_was_withdrawn_stays_withdrawn_when_the_article_comes_back(
    twice: Article, ravi: User, edith: User, client: Client
) -> None:
    workflow.retire(twice.pk, actor=edith, notice="A dose was wrong.")
    revised(makers.fresh(twice), ravi, summary="Put right.")
    assert client.get(AT).status_code == 200
    for number in (1, 2):
        response = client.get(f"{AT}versions/{number}/")
        assert response.status_code == 410
        assert "A dose was wrong." in text_of(response)
    page = client.get(AT + "versions/").content.decode()
    assert f"{AT}versions/3/" in page
    assert f"{AT}versions/1/" not in page
    assert page.count("Withdrawn") == 2


def test_a_long_list_takes_as_many_queries_as_a_short_one(twice: Article, ravi: User, client: Client) -> None:
    with CaptureQueriesContext(connection) as short:
        client.get(AT + "versions/")
    article = twice
    for round_ in range(6):
        article = revised(article, ravi, summary=f"Revision {round_}.")
    with CaptureQueriesContext(connection) as long:
        assert text_of(client.get(AT + "versions/")).count("Approved ") >= 8
    assert len(long) == len(short) == 2
    for query in long.captured_queries:
        assert not any(
            f'"{column}"' in query["sql"].split("FROM")[0] for column in ("clinical", "references")
        )
