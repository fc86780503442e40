"""Being found: structured data, feeds, sitemap and robots, each read by a program that is not ours."""

import json
from datetime import UTC, datetime
from typing import Any

import extruct
import feedparser
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from articles import workflow
from articles.models import Article, EditorialPolicy, Topic, User
from articles.reading import sitemaps
from articles.workflow import clock
from tests import makers
from tests.web.test_reading_article import AT, revised

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def approved(ada: User, ravi: User) -> Article:
    """Ada's article, approved by Ravi on February 15, 2025."""
    with clock.at(datetime(2025, 2, 15, 12, tzinfo=UTC)):
        topic = Topic.objects.create(name="Diagnosis", slug="diagnosis")
        return makers.article(ada, "approved", reviewer=ravi, topic=topic)


def again(article: Article, reviewer: User, day: int, **fields: Any) -> Article:
    """The article approved once more, in March 2025."""
    with clock.at(datetime(2025, 3, day, 12, tzinfo=UTC)):
        return revised(article, reviewer, **fields)


# --- Structured data ----------------------------------------------------------------------------------------


def data_of(client: Client, address: str) -> dict[str, Any]:
    """The page's JSON-LD, as a crawler takes it out."""
    page = client.get(address).content.decode()
    [found] = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
    return dict(found)


@pytest.mark.usefixtures("approved")
def test_a_crawler_learns_who_reviewed_what_when_and_on_what(client: Client) -> None:
    data = data_of(client, AT)
    assert (data["@context"], data["@type"]) == ("https://schema.org", "MedicalWebPage")
    assert data["url"] == settings.SITE_URL + AT
    assert (data["lastReviewed"], data["dateModified"][:10]) == ("2025-02-15", "2025-02-15")
    [reviewer] = data["reviewedBy"]
    assert (reviewer["name"], reviewer["url"]) == ("Ravi Menon", f"{settings.SITE_URL}/board/ravi/")
    assert [each["name"] for each in reviewer["hasCredential"]] == ["MD", "PhD"]
    assert [each["audienceType"] for each in data["audience"]] == ["Clinician", "Medical researcher"]
    assert data["about"] == {"@type": "MedicalEntity", "name": "Diagnosis"}
    [work] = data["citation"]
    assert work["name"] == makers.RECORD["title"]
    assert work["sameAs"] == [f"https://doi.org/{makers.RECORD['DOI']}"]
    assert work["datePublished"] == "2020"
    assert data["publishingPrinciples"] == f"{settings.SITE_URL}/editorial-policy/"


@pytest.mark.usefixtures("approved")
def test_the_plain_page_names_its_own_address_and_readers(client: Client) -> None:
    data = data_of(client, AT + "plain/")
    assert data["url"] == f"{settings.SITE_URL}{AT}plain/"
    assert [each["audienceType"] for each in data["audience"]] == ["Patient", "Caregiver"]
    assert "citation" not in data, "the plain text cites nothing"


def test_only_the_live_version_is_offered_to_crawlers(approved: Article, ravi: User, client: Client) -> None:
    again(approved, ravi, 1)
    for tail in ("versions/1/", "versions/2/", "versions/", "versions/compare/?from=1&to=2"):
        assert "ld+json" not in client.get(AT + tail).content.decode()
    for tail in ("versions/1/", "versions/", "versions/compare/?from=1&to=2"):
        assert '<meta name="robots" content="noindex">' in client.get(AT + tail).content.decode()


def test_no_word_can_end_the_data_and_begin_a_program(ada: User, ravi: User, client: Client) -> None:
    nasty = "</script><script>alert(1)</script><!-- ]]> \u2028 & \\"
    makers.article(
        ada, "approved", reviewer=ravi, summary=nasty, references=[makers.RECORD | {"title": nasty}]
    )
    page = client.get(AT).content.decode()
    assert "<script>alert" not in page
    inside = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert not set("<>&") & set(inside)
    assert json.loads(inside)["citation"][0]["name"] == " ".join(nasty.split())
    assert data_of(client, AT)["@type"] == "MedicalWebPage"


def test_a_profile_tells_who_it_is_about(ravi: User, client: Client) -> None:
    data = data_of(client, "/board/ravi/")
    assert (data["@type"], data["mainEntity"]["name"]) == ("ProfilePage", "Ravi Menon")
    assert data["mainEntity"]["knowsAbout"] == ["Endocrine oncology"]


@pytest.mark.usefixtures("approved")
def test_a_link_that_is_shared_shows_what_it_leads_to(client: Client) -> None:
    found = extruct.extract(client.get(AT).content.decode(), syntaxes=["opengraph"])["opengraph"][0]
    told = dict(found["properties"])
    assert told["og:title"] == "How is a neuroendocrine tumor diagnosed?"
    assert told["og:url"] == settings.SITE_URL + AT
    assert told["og:type"] == "article"


# --- Feeds --------------------------------------------------------------------------------------------------


def feed_of(client: Client, address: str = "/feeds/approvals.atom") -> Any:
    response = client.get(address)
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(response.content)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


def test_the_feed_tells_of_each_approval_and_of_what_changed(
    approved: Article, ada: User, ravi: User, client: Client
) -> None:
    [entry] = feed_of(client).entries
    assert entry.title == "How is a neuroendocrine tumor diagnosed?"
    assert entry.link == settings.SITE_URL + AT
    assert entry.updated.startswith("2025-02-15")
    assert "New article, approved by Ravi Menon, MD, PhD." in entry.summary
    first = entry.id
    again(approved, ravi, 1, summary="Another <b>summary</b>.")
    with clock.at(datetime(2025, 3, 2, 12, tzinfo=UTC)):
        makers.article(ada, "approved", reviewer=ravi, question="Newest?")
    newest, entry = feed_of(client).entries
    assert newest.title == "Newest?"
    assert entry.id == f"{settings.SITE_URL}{AT}versions/2/" != first
    assert "Version 2, approved by" in entry.summary
    assert "<li>Also: summary</li>" in entry.summary
    assert "Another &lt;b&gt;summary&lt;/b&gt;." in entry.summary


def test_a_topic_has_a_feed_of_its_own(approved: Article, ada: User, ravi: User, client: Client) -> None:
    makers.article(ada, "approved", reviewer=ravi, question="Of no topic?")
    found = feed_of(client, "/feeds/topics/diagnosis.atom")
    assert [entry.title for entry in found.entries] == ["How is a neuroendocrine tumor diagnosed?"]
    assert found.feed.title == "Approved at NetReview: Diagnosis"
    assert client.get("/feeds/topics/nothing.atom").status_code == 404


def test_a_retired_article_leaves_the_feed_at_once(approved: Article, edith: User, client: Client) -> None:
    etag = client.get("/feeds/approvals.atom").headers["ETag"]
    workflow.retire(approved.pk, actor=edith, notice="A dose was wrong.")
    response = client.get("/feeds/approvals.atom", headers={"if-none-match": etag})
    assert response.status_code == 200
    assert feed_of(client).entries == []
    assert client.get("/feeds/topics/diagnosis.atom").status_code == 404


def test_a_feed_stands_whatever_is_in_a_text(ada: User, ravi: User, client: Client) -> None:
    strange = {"question": "A < b & c ]]> 🦓 \u202e?", "summary": "Bell \x07 and form feed \x0c end."}
    makers.article(ada, "approved", reviewer=ravi, **strange)
    [entry] = feed_of(client).entries
    assert entry.title.startswith("A < b & c ]]> 🦓")


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(
    "address", ["/feeds/approvals.atom", "/sitemap.xml", "/sitemaps/pages.xml", "/robots.txt"]
)
def test_what_programs_fetch_each_hour_is_answered_with_nothing_new(address: str, client: Client) -> None:
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Vary" not in first.headers
    assert client.get(address, headers={"if-none-match": first.headers["ETag"]}).status_code == 304


# --- Sitemap and robots -------------------------------------------------------------------------------------


def entries_of(client: Client, address: str) -> dict[str, str]:
    """Address -> day of the last change ("" where it says none)."""
    tree = etree.fromstring(client.get(address).content)
    assert tree.tag in (f"{SITEMAP}urlset", f"{SITEMAP}sitemapindex")
    return {
        entry.findtext(f"{SITEMAP}loc", ""): entry.findtext(f"{SITEMAP}lastmod", "")[:10] for entry in tree
    }


def test_the_sitemap_leads_to_every_page_with_the_day_it_changed(
    approved: Article, ada: User, ravi: User, client: Client
) -> None:
    with clock.at(datetime(2025, 3, 3, 12, tzinfo=UTC)):
        makers.article(ada, "approved", reviewer=ravi, question="Without plain words?", plain_body="")
    EditorialPolicy.objects.create(pk=1, body="<p>Ours.</p>", updated_at=datetime(2024, 11, 4, tzinfo=UTC))
    site = settings.SITE_URL
    assert entries_of(client, "/sitemap.xml") == {
        f"{site}/sitemaps/pages.xml": "2025-03-03",
        f"{site}/sitemaps/articles-1.xml": "2025-03-03",
    }
    assert entries_of(client, "/sitemaps/articles-1.xml") == {
        f"{site}{AT}": "2025-02-15",
        f"{site}{AT}plain/": "2025-02-15",
        f"{site}/articles/without-plain-words/": "2025-03-03",
    }
    pages = entries_of(client, "/sitemaps/pages.xml")
    assert pages[f"{site}/"] == "2025-03-03"
    assert pages[f"{site}/editorial-policy/"] == "2024-11-04"
    assert pages[f"{site}/board/ravi/"] == ""
    for address in [*pages, *entries_of(client, "/sitemaps/articles-1.xml")]:
        assert client.get(address.removeprefix(site)).status_code == 200


def test_a_draft_changes_no_date_and_a_retirement_takes_the_address_away(
    approved: Article, ada: User, edith: User, client: Client
) -> None:
    before = client.get("/sitemaps/articles-1.xml").content
    workflow.revise(approved.pk, version=approved.version, actor=ada)
    makers.edit(makers.fresh(approved), "New words.")
    assert client.get("/sitemaps/articles-1.xml").content == before
    workflow.move_address(approved.pk, slug="diagnosis", actor=edith)
    assert f"{settings.SITE_URL}/articles/diagnosis/" in entries_of(client, "/sitemaps/articles-1.xml")
    workflow.retire(approved.pk, actor=edith, notice="Gone.")
    assert client.get("/sitemaps/articles-1.xml").status_code == 404
    assert list(entries_of(client, "/sitemap.xml")) == [f"{settings.SITE_URL}/sitemaps/pages.xml"]


def test_many_articles_come_in_parts_and_take_no_more_queries(
    ada: User, ravi: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.article(ada, "approved", reviewer=ravi, question="First?")
    with CaptureQueriesContext(connection) as short:
        client.get("/sitemaps/articles-1.xml")
    for number in range(4):
        makers.article(ada, "approved", reviewer=ravi, question=f"Number {number}?")
    with CaptureQueriesContext(connection) as long:
        assert len(entries_of(client, "/sitemaps/articles-1.xml")) == 10
    assert len(short) == len(long) == 1
    monkeypatch.setattr(sitemaps, "ARTICLES_A_PART", 2)
    parts = [address for address in entries_of(client, "/sitemap.xml") if "articles-" in address]
    assert len(parts) == 3
    found = [entries_of(client, address.removeprefix(settings.SITE_URL)) for address in parts]
    assert [len(part) for part in found] == [4, 4, 2]
    assert len(set().union(*found)) == 10
    for number in (0, 4, 2**31, 10**30):
        assert client.get(f"/sitemaps/articles-{number}.xml").status_code == 404


def test_robots_are_led_to_the_sitemap_and_kept_from_the_office_alone(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    closed = {line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")}
    assert closed == {"/office/", "/write/", "/review/", "/desk/", "/accounts/", "/admin/"}
    for path in closed - {"/accounts/"}:
        assert client.get(path).status_code in (302, 403)
