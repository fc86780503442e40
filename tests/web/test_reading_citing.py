"""Cite this article and take its references along, in formats that other programs read."""

import json
import re
from datetime import UTC, datetime

import bibtexparser
import pytest
import rispy
from citeproc.source.json import CiteProcJSON
from django.conf import settings
from django.test import Client

from articles.models import Article, User
from articles.reading.citing import in_ama
from articles.workflow import clock
from tests import makers
from tests.web.test_reading_article import AT, revised, text_of

pytestmark = pytest.mark.django_db

PERMANENT = f"{settings.SITE_URL}{AT}versions/1/"


@pytest.fixture
def approved(ada: User, ravi: User) -> Article:
    """Ada's article, approved by Ravi on February 15, 2025."""
    with clock.at(datetime(2025, 2, 15, 12, tzinfo=UTC)):
        return makers.article(ada, "approved", reviewer=ravi)


@pytest.mark.usefixtures("approved")
def test_the_page_shows_how_to_cite_it_and_offers_files(client: Client) -> None:
    page, words = client.get(AT).content.decode(), text_of(client.get(AT))
    assert (
        "Ada Okafor. How is a neuroendocrine tumor diagnosed? NetReview. February 15, 2025. Version 1. "
        + PERMANENT
    ) in words
    for tail in ("cite.bib", "cite.ris", "cite.json", "references.bib", "references.ris", "references.json"):
        assert f'href="{AT}{tail}"' in page
        assert client.get(AT + tail).status_code == 200


@pytest.mark.usefixtures("approved")
def test_bibtex_names_this_version_for_good(client: Client) -> None:
    response = client.get(AT + "cite.bib")
    assert response.headers["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert (
        'filename="netreview-how-is-a-neuroendocrine-tumor-diagnosed.bib"'
        in response.headers["Content-Disposition"]
    )
    [entry] = bibtexparser.parse_string(response.content.decode()).entries
    assert entry["title"] == "{How is a neuroendocrine tumor diagnosed?}"
    assert entry["author"] == "{Ada Okafor}", "a name as shown is not parted"
    assert (entry["year"], entry["version"], entry["url"]) == ("2025", "1", PERMANENT)


@pytest.mark.usefixtures("approved")
def test_ris_and_csl_json_say_the_same(client: Client) -> None:
    [entry] = rispy.loads(client.get(AT + "cite.ris").content.decode())
    assert (entry["type_of_reference"], entry["year"], entry["urls"]) == ("ELEC", "2025", [PERMANENT])
    [record] = json.loads(client.get(AT + "cite.json").content)
    assert record["issued"] == {"date-parts": [[2025, 2, 15]]}
    assert record["URL"] == PERMANENT
    assert list(CiteProcJSON([record]))


def test_a_citation_moves_on_with_the_next_version_and_the_old_one_stays_true(
    approved: Article, ravi: User, client: Client
) -> None:
    revised(approved, ravi)
    assert "versions/2/" in client.get(AT + "cite.bib").content.decode()
    assert client.get(PERMANENT.removeprefix(settings.SITE_URL)).status_code == 200
    old = text_of(client.get(AT + "versions/1/"))
    assert f"Version 1. {PERMANENT}" in old


def test_references_come_in_the_order_of_their_numbers_without_those_not_cited(
    ada: User, ravi: User, client: Client
) -> None:
    first, second, third = (
        makers.RECORD | {"id": key, "title": f"Title {key}"} for key in ("zeta", "alpha", "idle")
    )
    body = (
        "<h2>From the Guidelines</h2><h3>Key Considerations</h3>"
        '<p>One.<cite data-ref="zeta"></cite></p><p>Two.<cite data-ref="alpha zeta"></cite></p>'
        '<h2>From the Research</h2><h3>Diagnosis</h3><p>Three.<cite data-ref="alpha"></cite></p>'
    )
    makers.article(ada, "approved", reviewer=ravi, body=body, references=[third, second, first])
    assert [each["id"] for each in json.loads(client.get(AT + "references.json").content)] == [
        "zeta",
        "alpha",
    ]
    entries = bibtexparser.parse_string(client.get(AT + "references.bib").content.decode()).entries
    assert [entry.key for entry in entries] == ["zeta", "alpha"]
    assert len(rispy.loads(client.get(AT + "references.ris").content.decode())) == 2


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize("tail", ["cite.xml", "cite.pdf", "references.txt", "cite.bib/", "cite."])
def test_a_format_that_we_do_not_write_is_not_found(tail: str, client: Client) -> None:
    assert client.get(AT + tail).status_code == 404


def test_no_question_can_become_markup_in_its_citation(ada: User, ravi: User) -> None:
    article = makers.article(ada, "approved", reviewer=ravi, question="Is <b>this</b> & <script>?")
    html = in_ama(article.publications.get(), "x")
    assert not re.findall(r"<(?!/?(?:i|sup|sub)>)", html)


@pytest.mark.usefixtures("approved")
def test_sharing_needs_nobody_else(client: Client) -> None:
    page = client.get(AT).content.decode()
    assert f'value="{settings.SITE_URL}{AT}" readonly' in page
    assert 'href="mailto:?subject=How%20is%20a%20neuroendocrine%20tumor%20diagnosed%3F&amp;body=http' in page
    for tracker in ("facebook", "twitter.com", "linkedin", "whatsapp"):
        assert tracker not in page
