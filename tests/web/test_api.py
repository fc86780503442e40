"""The API: live publications for other programs, honest about what moved, changed and went."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from django.conf import settings
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from articles import workflow
from articles.models import Article, Topic, User
from articles.reading.api.urls import _schema as openapi_schema
from articles.workflow import clock
from tests import makers
from tests.web.test_reading_article import revised

pytestmark = pytest.mark.django_db

AT = "/api/v1/articles/how-is-a-neuroendocrine-tumor-diagnosed"


@pytest.fixture
def approved(ada: User, ravi: User) -> Article:
    """Ada's article, approved by Ravi on February 15, 2025."""
    with clock.at(datetime(2025, 2, 15, 12, tzinfo=UTC)):
        topic = Topic.objects.create(name="Diagnosis", slug="diagnosis")
        return makers.article(ada, "approved", reviewer=ravi, topic=topic)


def path_of(address: str) -> str:
    assert address.startswith(settings.SITE_URL)
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def is_problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = response.json()
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]
    return said


@pytest.mark.usefixtures("approved")
def test_an_article_is_told_with_who_reviewed_it_when_and_on_what(client: Client) -> None:
    found = client.get(AT).json()
    assert found["question"] == "How is a neuroendocrine tumor diagnosed?"
    assert found["topic"] == {"slug": "diagnosis", "name": "Diagnosis"}
    assert found["reviewed_by"][0]["name"] == "Ravi Menon"
    assert found["reviewed_by"][0]["credentials"] == "MD, PhD"
    assert found["reviewed_by"][0]["url"] == f"{settings.SITE_URL}/board/ravi/"
    assert found["updated_at"].startswith("2025-02-15")
    assert found["plain_url"].endswith("/plain/")
    assert (found["number"], found["status"], found["changes"]) == (1, "live", None)
    statement = next(each for each in found["clinical"]["statements"] if "Histology" in each["text"])
    assert statement["references"] == ["pavel2020"]
    assert statement["section"] == ["From the Guidelines", "Key Considerations"]
    page = client.get(path_of(found["url"])).content.decode()
    assert f'id="{statement["anchor"]}"' in page
    assert found["clinical"]["html"] in page
    assert client.get(path_of(found["permanent_url"])).status_code == 200


@pytest.mark.usefixtures("approved")
def test_references_are_the_records_as_csl_json(client: Client) -> None:
    items = client.get(AT + "/references").json()["items"]
    assert [item["id"] for item in items] == ["pavel2020"]
    assert items[0]["DOI"] == makers.RECORD["DOI"]


def test_versions_say_what_changed_and_each_can_be_had(approved: Article, ravi: User, client: Client) -> None:
    revised(approved, ravi, summary="Another summary.")
    second, first = client.get(AT + "/versions").json()["items"]
    assert (second["number"], second["status"], first["status"]) == (2, "live", "superseded")
    assert "Also: summary" in second["what_changed"]
    assert (first["changes"], first["what_changed"]) == (None, [])
    old = client.get(path_of(first["api_url"])).json()
    assert old["status"] == "superseded"
    assert "Histology with grade" in old["clinical"]["html"]
    assert "Other words." in client.get(path_of(second["api_url"])).json()["clinical"]["html"]
    is_problem(client.get(AT + "/versions/3"), 404)
    is_problem(client.get(AT + f"/versions/{10**30}"), 404)


def test_a_retired_article_answers_gone_everywhere_with_its_notice(
    approved: Article, edith: User, client: Client
) -> None:
    etag = client.get(AT).headers["ETag"]
    workflow.retire(approved.pk, actor=edith, notice="A dose was wrong.")
    for tail in ("", "/versions", "/versions/1", "/references"):
        said = is_problem(client.get(AT + tail, headers={"if-none-match": etag}), 410)
        assert said["notice"] == "A dose was wrong."
        assert "Histology" not in str(said)
    assert client.get("/api/v1/articles").json()["items"] == []
    assert client.get("/api/v1/topics").json()["items"] == []


def test_what_was_withdrawn_stays_withdrawn_when_the_article_comes_back(
    approved: Article, ravi: User, edith: User, client: Client
) -> None:
    workflow.retire(approved.pk, actor=edith, notice="A dose was wrong.")
    revised(makers.fresh(approved), ravi, summary="Put right.")
    assert client.get(AT).status_code == 200
    assert is_problem(client.get(AT + "/versions/1"), 410)["notice"] == "A dose was wrong."
    first = client.get(AT + "/versions").json()["items"][-1]
    assert (first["status"], first["api_url"]) == ("withdrawn", None)


@pytest.mark.parametrize("tail", ["", "/versions", "/versions/1", "/references"])
def test_an_old_address_leads_to_the_new_one(
    approved: Article, edith: User, client: Client, tail: str
) -> None:
    workflow.move_address(approved.pk, slug="diagnosis", actor=edith)
    response = client.get(AT + tail)
    assert response.status_code == 301
    assert response.headers["Location"] == f"{settings.SITE_URL}/api/v1/articles/diagnosis{tail}"


def test_what_is_not_approved_is_not_found(ada: User, client: Client) -> None:
    makers.article(ada, "submitted")
    for tail in ("", "/versions", "/versions/1", "/references"):
        is_problem(client.get(AT + tail), 404)
    assert client.get("/api/v1/articles").json() == {"items": [], "next": None}


def test_a_list_is_walked_to_its_end_with_each_article_once(ada: User, ravi: User, client: Client) -> None:
    for day in (1, 1, 1, 2, 3, 3, 5):
        with clock.at(datetime(2025, 3, day, 12, tzinfo=UTC)):
            makers.article(ada, "approved", reviewer=ravi, question=f"Question of day {day}?")
    found: list[str] = []
    address = "/api/v1/articles?limit=2"
    while address:
        page = client.get(address).json()
        assert len(page["items"]) <= 2
        found += [item["slug"] for item in page["items"]]
        # An approval in the middle of the walk moves nothing.
        if len(found) == 2:
            makers.article(ada, "approved", reviewer=ravi, question="Approved meanwhile?")
        address = path_of(page["next"]) if page["next"] else ""
    assert len(found) == len(set(found)) == 7
    assert found[0] == "question-of-day-5"


def test_a_list_is_narrowed_by_topic_and_by_time(ada: User, ravi: User, client: Client) -> None:
    imaging = Topic.objects.create(name="Imaging", slug="imaging")
    for day, topic in ((1, imaging), (2, None), (3, imaging)):
        with clock.at(datetime(2025, 3, day, 12, tzinfo=UTC)):
            makers.article(ada, "approved", reviewer=ravi, question=f"Of day {day}?", topic=topic)

    def slugs(query: str) -> list[str]:
        return [item["slug"] for item in client.get(f"/api/v1/articles?{query}").json()["items"]]

    assert slugs("topic=imaging") == ["of-day-3", "of-day-1"]
    assert slugs("updated_since=2025-03-02T12:00:00Z") == ["of-day-3", "of-day-2"]
    assert slugs("topic=imaging&updated_since=2025-03-02T00:00:00%2B02:00") == ["of-day-3"]
    assert slugs("topic=nothing") == []
    assert slugs("updated_since=9999-12-31T23:59:59-12:00") == []
    assert len(slugs("updated_since=0001-01-01T00:00:00%2B12:00")) == 3
    first = client.get("/api/v1/articles?topic=imaging&limit=1").json()
    assert [item["slug"] for item in client.get(path_of(first["next"])).json()["items"]] == ["of-day-1"]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "cursor=x", "cursor=%00", "cursor=W10", "cursor=" + "x" * 300,
     "cursor=WyIyMDI1LTAxLTAxIiwgMV0", "updated_since=yesterday", "updated_since=2025-01-01",
     "topic=%00", "topic=a%20b"],
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_a_problem_and_no_error(client: Client, query: str) -> None:
    is_problem(client.get(f"/api/v1/articles?{query}"), 422)


def test_topics_count_their_live_articles_and_name_their_feed(
    ada: User, ravi: User, approved: Article, client: Client
) -> None:
    Topic.objects.create(name="Nothing yet", slug="nothing-yet")
    Topic.objects.filter(slug="diagnosis").update(name="Diagnosis and imaging")
    makers.article(
        ada, "approved", reviewer=ravi, question="More?", topic=Topic.objects.get(slug="diagnosis")
    )
    [topic] = client.get("/api/v1/topics").json()["items"]
    assert (topic["slug"], topic["name"], topic["articles"]) == ("diagnosis", "Diagnosis and imaging", 2)
    assert client.get(path_of(topic["feed"])).status_code == 200


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(
    "address",
    [AT, AT + "/versions", AT + "/references", "/api/v1/articles", "/api/v1/topics", "/api/v1/openapi.json"],
)
def test_an_answer_is_good_until_it_changes_and_names_nobody(client: Client, address: str) -> None:
    first = client.get(address)
    assert first.status_code == 200
    assert not first.cookies
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Cookie" not in first.headers.get("Vary", "")
    again = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(address)
    assert (head.status_code, head.headers["ETag"]) == (200, first.headers["ETag"])


def test_a_new_approval_makes_the_old_answer_stale(approved: Article, ravi: User, client: Client) -> None:
    etags = {address: client.get(address).headers["ETag"] for address in (AT, "/api/v1/articles")}
    revised(approved, ravi)
    for address, etag in etags.items():
        assert client.get(address, headers={"if-none-match": etag}).status_code == 200


@pytest.mark.usefixtures("approved")
def test_pages_of_other_sites_may_read_it_and_nothing_else(client: Client) -> None:
    foreign = {"origin": "https://hospital.example"}
    for address in (AT, "/api/v1/articles", "/api/v1/nothing"):
        response = client.get(address, headers=foreign)
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers
    asked = foreign | {
        "access-control-request-method": "GET",
        "access-control-request-headers": "if-none-match",
    }
    preflight = client.options(AT, headers=asked)
    assert preflight.status_code in (200, 204)
    assert "if-none-match" in preflight.headers["Access-Control-Allow-Headers"]
    assert "POST" not in preflight.headers["Access-Control-Allow-Methods"]
    for address in ("/", "/desk/", "/accounts/login/"):
        assert "Access-Control-Allow-Origin" not in client.get(address, headers=foreign).headers


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", [AT, "/api/v1/articles", "/api/v1/nothing", "/api/v1/openapi.json"])
def test_nothing_can_be_written(method: str, address: str, client: Client) -> None:
    response = getattr(client, method)(address)
    is_problem(response, 405)
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("tail", ["", "nothing", "articles/", "articles/a/b/c", "a%0Ab", "articles/%00"])
def test_an_address_that_is_none_is_a_problem_too(client: Client, tail: str) -> None:
    is_problem(client.get("/api/v1/" + tail), 404)


def test_a_list_takes_as_many_queries_with_many_articles_as_with_one(
    ada: User, ravi: User, client: Client
) -> None:
    makers.article(ada, "approved", reviewer=ravi, question="Question one?")
    with CaptureQueriesContext(connection) as short:
        client.get("/api/v1/articles")
    for number in range(12):
        makers.article(ada, "approved", reviewer=ravi, question=f"Question number {number}?")
    with CaptureQueriesContext(connection) as long:
        assert len(client.get("/api/v1/articles").json()["items"]) == 13
    assert len(long) == len(short) == 1
    assert '"clinical"' not in long.captured_queries[0]["sql"].split("FROM")[0].replace('"plain" IS', "")


def test_the_page_for_people_names_every_operation(client: Client) -> None:
    page = client.get("/api/v1/docs").content.decode()
    for path in openapi_schema()["paths"]:
        assert f"GET {path}" in page
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)


# --- Whatever is asked, the answer is the one that the description promises ---------------------------------


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A server ends its connection with the request; here the test's transaction hangs on it."""
    both = (signals.request_started, signals.request_finished)
    for signal in both:
        signal.disconnect(close_old_connections)
    yield
    for signal in both:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("approved", "one_connection")
@pytest.mark.parametrize("path", openapi_schema()["paths"])
def test_every_operation_keeps_what_its_description_promises(
    path: str, client: Client, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    operation = schema[path]["GET"]

    @hypothesis_settings(
        max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(case=operation.as_strategy(), is_there=st.booleans())
    def asked(case: Any, is_there: bool) -> None:
        # Half of what is asked is about an article that there is.
        if is_there and "slug" in case.path_parameters:
            case.path_parameters["slug"] = AT.rpartition("/")[2]
        # A cursor is text, and not every text is a cursor.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    asked()
