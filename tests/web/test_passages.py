"""Before a question goes to the editors, the statements that may answer it."""

import json

import pytest
from django.test import Client

from articles import workflow
from articles.models import Publication, Question, User
from articles.retrieval.passages import passages
from tests import makers
from tests.web.test_reading_article import text_of

pytestmark = pytest.mark.django_db

FROM_HERE = {"sec-fetch-site": "same-origin"}
BODY = (
    "<h2>From the Guidelines</h2><h3>Treatment</h3>"
    f"<p>Surgery is considered for a carcinoid of the lung.{makers.CITED}</p>"
    "<h3>Diagnosis</h3>"
    f"<p>A biopsy of the carcinoid sets the grade.{makers.CITED}</p>"
)


@pytest.fixture
def lung(ada: User, ravi: User) -> None:
    makers.article(
        ada,
        "approved",
        reviewer=ravi,
        question="What is done for a lung carcinoid?",
        body=BODY,
        plain_body="<h2>In short</h2><p>Doctors may cut the carcinoid out.</p>",
    )
    makers.article(ada, "approved", reviewer=ravi, question="Which scan finds a primary?", plain_body="")


@pytest.mark.usefixtures("lung")
def test_the_statement_that_answers_comes_first_with_its_source_and_place() -> None:
    best = passages("My uncle has a carcinoid in his lung. Should he have an operation?")[0]
    assert best.statement == "Surgery is considered for a carcinoid of the lung."
    assert best.section_title == "From the Guidelines · Treatment"
    assert best.citations[0].number == 1
    assert "Pavel M" in best.citations[0].text
    page = Client().get(best.path.partition("#")[0]).content.decode()
    assert f'id="{best.anchor}"' in page


@pytest.mark.usefixtures("lung")
def test_the_heading_tells_which_of_two_statements_answers() -> None:
    assert (
        passages("how is a carcinoid diagnosed")[0].statement == "A biopsy of the carcinoid sets the grade."
    )


@pytest.mark.usefixtures("lung")
def test_in_plain_language_plain_statements_come_and_clinical_ones_where_there_are_none() -> None:
    assert {one.level for one in passages("lung carcinoid", "plain") if "lung" in one.question} == {"plain"}
    assert {one.level for one in passages("which scan", "plain") if "scan" in one.question} == {"clinical"}
    assert {one.level for one in passages("lung carcinoid")} == {"clinical"}


@pytest.mark.usefixtures("lung")
@pytest.mark.parametrize("question", ["", "zzzxxy", "\x00", "???"])
def test_without_a_word_that_is_known_there_is_none(question: str) -> None:
    assert passages(question) == []


def test_nothing_but_live_text_answers(ada: User, ravi: User, edith: User) -> None:
    for state in ("draft", "under_review", "retired"):
        makers.article(
            ada, state, reviewer=ravi, editor=edith, words="Quixotine helps.", question=f"Is it {state}?"
        )
    assert passages("quixotine") == []
    live = makers.article(ada, "approved", reviewer=ravi, words="Quixotine helps.")
    assert passages("quixotine")
    workflow.retire(live.pk, actor=edith, notice="Withdrawn.")
    assert passages("quixotine") == []


@pytest.mark.usefixtures("lung")
def test_programs_get_them_as_json(client: Client) -> None:
    response = client.get("/api/v1/passages", {"q": "lung carcinoid operation", "limit": "1"})
    answer = json.loads(response.content)
    assert answer["count"] == 1
    best = answer["results"][0]
    assert best["statement"] == "Surgery is considered for a carcinoid of the lung."
    assert best["article_id"] == Publication.objects.live().get(question__contains="lung").article_id
    assert best["source_id"] == ""
    assert best["section_title"]
    assert best["score"] > 0
    assert best["url"].endswith(f"#{best['anchor']}")
    assert response.headers["ETag"]
    for wrong in ("limit=0", "limit=51", "limit=x", "limit=²", "limit=" + "9" * 99, "level=secret"):
        assert client.get(f"/api/v1/passages?q=lung&{wrong}").status_code == 422


ASK = "/articles/what-is-done-for-a-lung-carcinoid/ask/"


@pytest.mark.usefixtures("lung")
def test_without_scripts_a_second_button_brings_them_and_keeps_what_was_typed(client: Client) -> None:
    data = {"text": "Is surgery an option?", "email": "reader@example.org", "look": "1"}
    response = client.post(ASK, data, headers=FROM_HERE)
    words = text_of(response)
    assert response.status_code == 200
    assert "Surgery is considered for a carcinoid of the lung." in words
    assert "Is surgery an option?" in response.content.decode()
    assert "reader@example.org" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert not Question.objects.exists(), "looking sends nothing"


@pytest.mark.usefixtures("lung")
def test_while_typing_only_the_part_comes(client: Client) -> None:
    headers = FROM_HERE | {"hx-request": "true"}
    response = client.post(
        ASK, {"text": "What about a carcinoid?", "look": "1", "level": "plain"}, headers=headers
    )
    page = response.content.decode()
    assert "<html" not in page
    assert "Doctors may cut the carcinoid out." in page
    assert client.post(ASK, {"text": "", "look": "1"}, headers=headers).content.strip() == b""
    assert "911" in client.post(ASK, {"text": "chest pain", "look": "1"}, headers=headers).content.decode()


def test_what_is_raised_or_lowered_is_shown_so_and_nothing_else_becomes_markup(
    ada: User, ravi: User, client: Client
) -> None:
    words = "PET with <sup>68</sup>Ga and H<sub>2</sub>O &lt;sup&gt; shows tissue."
    makers.article(ada, "approved", reviewer=ravi, question="What is done for a lung carcinoid?", words=words)
    response = client.post(ASK, {"text": "Which PET shows tissue?", "look": "1"}, headers=FROM_HERE)
    page = response.content.decode()
    assert "PET with <sup>68</sup>Ga and H<sub>2</sub>O &lt;sup&gt; shows tissue." in page


@pytest.mark.usefixtures("lung")
def test_what_no_plain_text_says_a_clinical_one_may(client: Client) -> None:
    assert passages("histology", "plain")[0].level == "clinical"


@pytest.mark.usefixtures("lung")
def test_another_site_cannot_look_for_a_reader(client: Client) -> None:
    response = client.post(ASK, {"text": "surgery", "look": "1"}, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403


@pytest.mark.usefixtures("lung")
@pytest.mark.parametrize("text", ["\x00", "<b>surgery</b>", "🦓" * 999, "x" * 5000, "\u202esurgery"])
def test_whatever_is_typed_is_answered(client: Client, text: str) -> None:
    for headers in (FROM_HERE, FROM_HERE | {"hx-request": "true"}):
        response = client.post(ASK, {"text": text, "look": "1"}, headers=headers)
        assert response.status_code == 200
        assert "<b>surgery" not in response.content.decode()
