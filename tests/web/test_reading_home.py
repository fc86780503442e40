"""The first page: approved articles, newest update first, by topic, at the reader's level."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Publication, Topic, User
from articles.reading.audience import Audience
from articles.states import Level
from articles.workflow import clock
from tests import makers
from tests.web.test_reading_article import text_of

pytestmark = pytest.mark.django_db

FROM_HERE = {"sec-fetch-site": "same-origin"}


def approve(
    ada: User, ravi: User, question: str, *, day: int = 1, topic: Topic | None = None, **fields: object
):
    with clock.at(datetime(2025, 2, day, 12, tzinfo=UTC)):
        return makers.article(ada, "approved", reviewer=ravi, question=question, topic=topic, **fields)


def test_an_empty_house_says_how_it_fills(client: Client) -> None:
    assert "No article has been approved yet" in text_of(client.get("/"))


def test_only_approved_articles_are_listed_newest_update_first(ada: User, ravi: User, client: Client) -> None:
    approve(ada, ravi, "What came first?", day=3)
    approve(ada, ravi, "What came last?", day=20)
    for state in ("draft", "submitted", "under_review", "changes_requested", "declined", "retired"):
        makers.article(ada, state, reviewer=ravi, question=f"Is this {state}?")
    words = text_of(client.get("/"))
    assert words.index("What came last?") < words.index("What came first?")
    assert "Updated February 20, 2025" in words
    assert "Reviewed by Ravi Menon, MD, PhD" in words
    assert "Is this" not in words


def test_a_draft_of_an_approved_article_moves_nothing(ada: User, ravi: User, client: Client) -> None:
    article = approve(ada, ravi, "What is stable?")
    before = client.get("/").content
    workflow.revise(article.pk, version=article.version, actor=ada)
    makers.edit(makers.fresh(article), "New words.", summary="A new summary.")
    assert client.get("/").content == before


def test_an_article_that_moved_is_listed_once_at_its_new_address(
    ada: User, ravi: User, edith: User, client: Client
) -> None:
    article = approve(ada, ravi, "Which scan?")
    workflow.move_address(article.pk, slug="scanning", actor=edith)
    page = client.get("/").content.decode()
    assert page.count('class="row-title"') == 1
    assert 'href="/articles/scanning/"' in page


def test_topics_stand_on_the_first_page_when_they_have_an_article(
    ada: User, ravi: User, client: Client
) -> None:
    imaging = Topic.objects.create(name="Imaging", slug="imaging")
    Topic.objects.create(name="Nothing yet", slug="nothing-yet")
    approve(ada, ravi, "Which scan?", topic=imaging)
    page = client.get("/").content.decode()
    assert 'href="/topics/imaging/"' in page
    assert "Nothing yet" not in page, "a topic is offered when it has an article"


def test_an_old_address_of_a_topic_leads_to_its_page(ada: User, ravi: User, client: Client) -> None:
    approve(ada, ravi, "Which scan?", topic=Topic.objects.create(name="Imaging", slug="imaging"))
    response = client.get("/?topic=imaging")
    assert (response.status_code, response.headers["Location"]) == (301, "/topics/imaging/")


def test_a_topic_goes_with_the_last_of_its_articles(
    ada: User, ravi: User, edith: User, client: Client
) -> None:
    surgery = Topic.objects.create(name="Surgery", slug="surgery")
    article = approve(ada, ravi, "Which operation?", topic=surgery)
    assert "Surgery" in text_of(client.get("/"))
    workflow.retire(article.pk, actor=edith, notice="Withdrawn.")
    assert "Surgery" not in text_of(client.get("/"))
    assert "Surgery" not in text_of(client.get("/?topic=surgery"))


def test_an_article_that_was_only_looked_at_again_was_not_updated(
    ada: User, ravi: User, client: Client
) -> None:
    approve(ada, ravi, "Does it still hold?", day=3)
    Publication.objects.update(reviewed_at=datetime(2025, 8, 7, 12, tzinfo=UTC))
    assert "Updated February 3, 2025" in text_of(client.get("/"))
    page = text_of(client.get("/articles/does-it-still-hold/"))
    assert "Last updated: February 3, 2025" in page
    assert "Last updated February 3, 2025" in page
    assert "Last reviewed August 7, 2025" in page


@pytest.mark.parametrize("query", ["topic=nothing", "topic=%00", "topic=" + "x" * 5000, "topic=%F0%9F%A6%93"])
def test_an_unknown_topic_is_no_error(ada: User, ravi: User, client: Client, query: str) -> None:
    approve(ada, ravi, "Which scan?")
    response = client.get("/?" + query)
    assert response.status_code == 200
    assert "Which scan?" in text_of(response)


def test_twenty_stand_on_a_page_and_any_page_number_leads_somewhere(
    ada: User, ravi: User, client: Client
) -> None:
    for number in range(21):
        approve(ada, ravi, f"Question number {number:02}?")
    assert text_of(client.get("/")).count("Question number") == 20
    assert text_of(client.get("/?page=2")).count("Question number") == 1
    for page in ("0", "-1", "99", "x", "%00", "9" * 40):
        assert client.get(f"/?page={page}").status_code == 200


def test_a_long_list_takes_as_many_queries_as_a_short_one(ada: User, ravi: User, client: Client) -> None:
    approve(ada, ravi, "Question one?")
    with CaptureQueriesContext(connection) as short:
        client.get("/")
    for number in range(12):
        approve(ada, ravi, f"Question number {number}?")
    with CaptureQueriesContext(connection) as long:
        client.get("/")
    assert len(long) == len(short) == 3
    assert not any('"clinical"' in query["sql"] for query in long.captured_queries)


@pytest.mark.parametrize("audience", Audience.values)
def test_the_reader_who_said_so_is_led_to_the_plain_text(
    ada: User, ravi: User, client: Client, audience: str
) -> None:
    approve(ada, ravi, "Which scan?")
    approve(ada, ravi, "Which operation?", plain_body="")
    client.cookies["audience"] = audience
    page = client.get("/").content.decode()
    plain = Audience(audience).level == Level.PLAIN
    assert plain == (audience in ("patient", "student"))
    assert ('href="/articles/which-scan/plain/"' in page) == plain
    assert 'href="/articles/which-operation/"' in page, "without a plain text there is one address"


def test_the_home_page_varies_with_the_cookie_and_says_so(client: Client) -> None:
    response = client.get("/")
    assert response.headers["Vary"] == "Cookie"
    assert not response.cookies


@pytest.mark.parametrize("said", ["", "nobody", "patient\x00", "<script>", "x" * 5000])
def test_a_cookie_that_says_nonsense_is_ignored(ada: User, ravi: User, client: Client, said: str) -> None:
    approve(ada, ravi, "Which scan?")
    client.cookies["audience"] = said
    assert 'href="/articles/which-scan/"' in client.get("/").content.decode()


@pytest.mark.parametrize(("said", "tail"), [("patient", "plain/"), ("student", "plain/"),
                                            ("professional", ""), ("researcher", "")])  # fmt: skip
def test_an_answer_is_remembered_and_leads_to_its_level(
    ada: User, ravi: User, client: Client, said: str, tail: str
) -> None:
    approve(ada, ravi, "Which scan?")
    response = client.post("/audience/", {"audience": said, "article": "which-scan"}, headers=FROM_HERE)
    assert (response.status_code, response.headers["Location"]) == (303, f"/articles/which-scan/{tail}")
    cookie = response.cookies["audience"]
    assert (cookie.value, cookie["samesite"], cookie["max-age"]) == (said, "Lax", 365 * 24 * 60 * 60)


def test_a_patient_is_led_to_the_clinical_text_where_there_is_no_other(
    ada: User, ravi: User, client: Client
) -> None:
    approve(ada, ravi, "Which operation?", plain_body="")
    data = {"audience": "patient", "article": "which-operation"}
    response = client.post("/audience/", data, headers=FROM_HERE)
    assert response.headers["Location"] == "/articles/which-operation/plain/", "with its words explained"


@pytest.mark.parametrize(
    "article", ["", "unknown", "//evil.example", "https://evil.example/", "\x00", "x" * 5000]
)
def test_an_answer_never_leads_off_the_site(client: Client, article: str) -> None:
    response = client.post("/audience/", {"audience": "patient", "article": article}, headers=FROM_HERE)
    assert (response.status_code, response.headers["Location"]) == (303, "/")


@pytest.mark.parametrize("said", ["", "nobody", "patient\x00"])
def test_an_answer_we_do_not_know_sets_nothing(client: Client, said: str) -> None:
    response = client.post("/audience/", {"audience": said}, headers=FROM_HERE)
    assert response.status_code == 400
    assert not response.cookies
    assert "Which best describes you?" in text_of(response)


@pytest.mark.parametrize(
    "headers",
    [{}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"},
     {"origin": "null"}, {"referer": "https://evil.example/testserver"}, {"origin": "http://[broken"}],
)  # fmt: skip
def test_another_site_cannot_answer_for_the_reader(client: Client, headers: dict[str, str]) -> None:
    response = client.post("/audience/", {"audience": "patient"}, headers=headers)
    assert response.status_code == 403
    assert not response.cookies


@pytest.mark.parametrize(
    "headers", [FROM_HERE, {"origin": "http://testserver"}, {"referer": "http://testserver/x"}]
)
def test_our_own_page_can(client: Client, headers: dict[str, str]) -> None:
    assert client.post("/audience/", {"audience": "patient"}, headers=headers).status_code == 303


def test_asking_who_is_reading_changes_nothing(client: Client) -> None:
    response = client.get("/audience/?audience=patient")
    assert response.status_code == 200
    assert not response.cookies
