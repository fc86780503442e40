"""Something wrong on this page: a short form that reaches the desk, and gives nothing to who abuses it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from articles import workflow
from articles.models import Article, Question, User
from articles.notify import answers
from articles.workflow import clock
from tests import makers
from tests.web.test_reading_article import AT, revised, text_of

pytestmark = pytest.mark.django_db

REPORT = AT + "report/"
FROM_HERE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def approved(ada: User, ravi: User) -> Article:
    """Ada's article, approved by Ravi on February 15, 2025."""
    with clock.at(datetime(2025, 2, 15, 12, tzinfo=UTC)):
        return makers.article(ada, "approved", reviewer=ravi)


def send(client: Client, **fields: Any) -> Any:
    headers = fields.pop("headers", FROM_HERE)
    given = {"kind": "error", "text": "The dose is 120 mg.", "section": "Key Considerations"} | fields
    return client.post(
        REPORT, {name: value for name, value in given.items() if value is not None}, headers=headers
    )


@pytest.mark.usefixtures("approved")
def test_the_page_leads_to_the_form_and_the_form_knows_the_sections(client: Client) -> None:
    assert f'href="{REPORT}"' in client.get(AT).content.decode()
    assert f'href="{REPORT}?level=plain"' in client.get(AT + "plain/").content.decode()
    page = client.get(REPORT).content.decode()
    for place in ("The page as a whole", "Key Considerations", "References"):
        assert f'<option value="{place}"' in page
    assert '<option value="In short"' in client.get(REPORT + "?level=plain").content.decode()
    assert f"for {settings.QUESTION_RETENTION_DAYS} days" in text_of(client.get(REPORT))
    assert "csrfmiddlewaretoken" not in page


def test_a_report_is_kept_with_the_version_and_the_section_it_is_about(
    approved: Article, ravi: User, client: Client
) -> None:
    response = send(client, email="reader@example.org", number="1", kind="outdated")
    assert (response.status_code, response.headers["Location"]) == (303, REPORT + "sent/")
    kept = Question.objects.get()
    assert (kept.kind, kept.section, kept.text) == ("outdated", "Key Considerations", "The dose is 120 mg.")
    assert (kept.publication.number, kept.level, kept.email) == (1, "clinical", "reader@example.org")
    assert kept.expires_at - kept.created_at == timedelta(days=settings.QUESTION_RETENTION_DAYS)
    assert kept.is_report
    assert "Your report is with the editors" in text_of(client.get(response.headers["Location"]))
    # The page was open while the next version was approved: the report is about the one that was read.
    revised(approved, ravi)
    send(client, number="1", text="On the old page.")
    send(client, number="2", text="On the new page.")
    send(client, number="7", text="On a page that never was.")
    numbers = Question.objects.order_by("pk").values_list("publication__number", flat=True)
    assert list(numbers) == [1, 1, 2, 2]


@pytest.mark.usefixtures("approved")
def test_the_desk_sees_it_among_the_questions_and_answers_it(
    edith: User, client: Client, client_of: Callable[[User], Client]
) -> None:
    send(client, email="reader@example.org", text='<img src=x onerror="alert(1)">')
    desk = client_of(edith)
    listing = desk.get("/desk/questions/").content.decode()
    assert "Something is wrong" in listing
    assert "under “Key Considerations”" in listing
    kept = Question.objects.get()
    page = desk.get(f"/desk/questions/{kept.pk}/").content.decode()
    assert "A reader’s report: something is wrong" in page
    assert "<img" not in page
    desk.post(f"/desk/questions/{kept.pk}/", {"answer": "Put right in version 2."})
    kept.refresh_from_db()
    sent = answers.compose(kept)
    assert sent.subject.endswith("What came of your report")
    assert "You reported about" in sent.body


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(
    "fields",
    [
        {"kind": None},
        {"kind": "nonsense"},
        {"kind": "question"},
        {"text": ""},
        {"text": "  \n"},
        {"text": "A\x00B"},
        {"text": "x" * 1001},
        {"email": "not an address"},
        {"email": "a@example.org\nBcc: everybody@example.org"},
        {"email": "a@example.org\r\nSubject: hello"},
        {"email": "a\x00@example.org"},
        {"number": "1" * 40},
    ],
)
def test_a_report_that_cannot_be_kept_comes_back_filled_in(client: Client, fields: dict[str, Any]) -> None:
    response = send(client, **fields)
    assert response.status_code == 422
    assert "What you typed is still here." in text_of(response)
    assert "no-store" in response.headers["Cache-Control"]
    assert not Question.objects.exists()


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(
    "text", ["🦓👩🏽‍⚕️", "\u202eesrever\u202c", "ما هذا؟", "<script>alert(1)</script>", "{{ 7|add:7 }}"]
)
def test_a_report_in_any_script_is_kept_as_it_was_written(client: Client, text: str) -> None:
    assert send(client, text=text).status_code == 303
    assert Question.objects.get().text == text


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(
    "section", ["", "The page as a whole", "Nobody's heading", "\x00", "<b>", "x" * 9000]
)
def test_a_section_that_is_none_of_the_page_is_the_page_as_a_whole(client: Client, section: str) -> None:
    assert send(client, section=section).status_code in (303, 422)
    assert not Question.objects.exclude(section="").exists()


@pytest.mark.usefixtures("approved")
def test_megabytes_programs_other_sites_and_floods_are_kept_out(client: Client) -> None:
    assert send(client, text="x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)).status_code == 413
    assert send(client, website="https://spam.example").status_code == 303
    assert send(client, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert send(client, headers={}).status_code == 403
    assert not Question.objects.exists()
    assert send(client).status_code == send(client).status_code == 303
    assert Question.objects.count() == 1, "a double click"
    for number in range(4):
        assert send(client, text=f"Report {number}.").status_code == 303
    response = send(client, text="One more.")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "3600")
    assert "One more." in response.content.decode()


def test_nobody_reports_on_what_is_not_there(
    ada: User, edith: User, approved: Article, client: Client
) -> None:
    makers.article(ada, "submitted", question="Hidden?")
    assert client.post("/articles/hidden/report/", {"text": "x"}, headers=FROM_HERE).status_code == 404
    workflow.retire(approved.pk, actor=edith, notice="Gone.")
    assert send(client).status_code == 410
    assert not Question.objects.exists()
