"""Readers compare approved versions, and ask what a page said on a day."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Article, User
from articles.workflow import clock
from tests import makers
from tests.web.test_reading_article import AT, revised, text_of

pytestmark = pytest.mark.django_db

COMPARE = AT + "versions/compare/"


def on(month: int, day: int) -> Any:
    return clock.at(datetime(2025, month, day, 12, tzinfo=UTC))


@pytest.fixture
def thrice(ada: User, ravi: User) -> Article:
    """Approved on February 1, March 1 and April 1, 2025."""
    with on(2, 1):
        article = makers.article(ada, "approved", reviewer=ravi)
    with on(3, 1):
        article = revised(article, ravi, summary="Another summary.")
    with on(4, 1):
        workflow.revise(article.pk, version=article.version, actor=article.author)
        article = makers.edit(makers.fresh(article), "Other and better words.", summary="Another summary.")
        return makers.bring(article, "approved", reviewer=ravi)


@pytest.mark.usefixtures("thrice")
def test_any_two_approved_versions_are_compared_statement_by_statement(client: Client) -> None:
    page = client.get(COMPARE + "?from=2&to=3").content.decode()
    assert "<ins> and better</ins>" in page
    whole = client.get(COMPARE + "?from=1&to=3")
    assert "Histology with grade sets prognosis." in text_of(whole)
    assert "Another summary" in text_of(whole)
    backwards = text_of(client.get(COMPARE + "?from=3&to=1"))
    assert "What changed from version 3 to version 1" in backwards
    for view in ("inline", "side"):
        for level in ("clinical", "plain"):
            assert client.get(f"{COMPARE}?from=1&to=3&view={view}&level={level}").status_code == 200


@pytest.mark.usefixtures("thrice")
def test_without_numbers_it_is_what_the_live_version_changed(client: Client) -> None:
    assert "What changed from version 2 to version 3" in text_of(client.get(COMPARE))
    assert "What changed from version 1 to version 2" in text_of(client.get(COMPARE + "?to=2"))
    assert "one and the same version" in text_of(client.get(COMPARE + "?from=2&to=2"))


@pytest.mark.usefixtures("thrice")
@pytest.mark.parametrize("query", ["from=0", "to=4", "from=x", "from=%00", "to=-1", f"to={10**40}", "from=٣"])
def test_a_version_that_is_none_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"{COMPARE}?{query}").status_code == 404


def test_a_draft_and_a_version_that_was_never_approved_cannot_be_reached(
    thrice: Article, ada: User, client: Client
) -> None:
    workflow.revise(thrice.pk, version=thrice.version, actor=ada)
    makers.edit(makers.fresh(thrice), "Secret words.")
    for number in range(1, 9):
        assert "Secret words." not in client.get(f"{COMPARE}?from=1&to={number}").content.decode()


def test_what_was_withdrawn_cannot_be_had_by_comparing(
    thrice: Article, ravi: User, edith: User, client: Client
) -> None:
    workflow.retire(thrice.pk, actor=edith, notice="A dose was wrong.")
    assert client.get(COMPARE).status_code == 410
    revised(makers.fresh(thrice), ravi, summary="Put right.")
    response = client.get(COMPARE + "?from=3&to=4")
    assert response.status_code == 410
    assert "A dose was wrong." in text_of(response)
    assert "better words" not in response.content.decode()


@pytest.mark.usefixtures("thrice")
def test_a_comparison_takes_three_queries(client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        client.get(COMPARE + "?from=1&to=3")
    assert len(captured) == 3


def test_the_page_says_what_its_version_changed_and_leads_to_the_comparison(
    thrice: Article, client: Client
) -> None:
    page = client.get(AT)
    words = text_of(page)
    assert "Clinical text: 1 statement changed, under “Key Considerations”." in words
    assert f'href="{COMPARE}?from=2&amp;to=3&amp;level=clinical"' in page.content.decode()
    assert "Also: summary" in text_of(client.get(AT + "versions/2/"))
    assert "This is the first approved version." in text_of(client.get(AT + "versions/1/"))
    assert "Also: summary" in text_of(client.get(AT + "versions/"))


@pytest.mark.usefixtures("thrice")
@pytest.mark.parametrize(
    ("day", "number"),
    [
        ("2025-02-01", 1),
        ("2025-02-28", 1),
        ("2025-03-01", 2),
        ("2025-03-31", 2),
        ("2025-04-01", 3),
    ],
)
def test_a_day_leads_to_the_version_that_readers_saw_when_it_ended(
    day: str, number: int, client: Client
) -> None:
    response = client.get(f"{AT}versions/?on={day}")
    assert (response.status_code, response.headers["Location"]) == (302, f"{AT}versions/{number}/")


@pytest.mark.usefixtures("thrice")
@pytest.mark.parametrize("day", ["2025-01-31", "0001-01-01"])
def test_before_the_first_approval_there_was_nothing(day: str, client: Client) -> None:
    response = client.get(f"{AT}versions/?on={day}")
    assert response.status_code == 200
    assert "No version of this article had been approved by the end of that day." in text_of(response)


@pytest.mark.usefixtures("thrice")
@pytest.mark.parametrize(
    "day", ["", "x", "2025-13-01", "%00", "2025-02-30", "9999-12-31", "<script>", "1" * 5000, "١٢/٠٢/٢٠٢٥"]
)
def test_a_day_that_is_none_or_has_not_come_is_asked_for_again(day: str, client: Client) -> None:
    response = client.get(f"{AT}versions/?on={day}")
    assert response.status_code == 422
    assert "<script>" not in response.content.decode().split("<main")[1]
    assert "Version 1" in text_of(response)


def test_a_day_on_which_the_article_was_withdrawn_says_so(
    thrice: Article, ravi: User, edith: User, client: Client
) -> None:
    with on(5, 1):
        workflow.retire(thrice.pk, actor=edith, notice="A dose was wrong.")
    assert client.get(f"{AT}versions/?on=2025-04-15").status_code == 410
    with on(6, 1):
        revised(makers.fresh(thrice), ravi, summary="Put right.")

    def said(day: str) -> str:
        return text_of(client.get(f"{AT}versions/?on={day}"))

    assert "Version 3 stood here then. It was withdrawn later" in said("2025-04-15")
    assert "the article was withdrawn" in said("2025-05-15")
    assert client.get(f"{AT}versions/?on=2025-06-01").headers["Location"] == f"{AT}versions/4/"


def test_the_page_the_list_and_the_comparison_count_the_same(ada: User, ravi: User, client: Client) -> None:
    """Though chips stand in the order of their numbers, and citations in whatever order they were typed."""
    records = [makers.RECORD | {"id": key, "title": f"Title {key}"} for key in ("zeta", "alpha")]
    start = "<h2>From the Guidelines</h2><h3>Key Considerations</h3>"
    end = '<h2>From the Research</h2><h3>Diagnosis</h3><p>Three.<cite data-ref="alpha"></cite></p>'

    def body(words: str) -> str:
        cited = f'<p>{words}<cite data-ref="alpha zeta"></cite></p>'
        return f'{start}<p>First.<cite data-ref="zeta"></cite></p>{cited}{end}'

    old, new = ({"body": body(words), "references": records} for words in ("Old words.", "Old words here."))
    revised(makers.article(ada, "approved", reviewer=ravi, **old), ravi, **new)
    told = client.get(AT).context["publication"].changes
    assert told == client.get(COMPARE).context["differences"].changes
    assert told["clinical"]["changed"] == 1
