"""Readers find an article by its words, by other words, misspelt, and by what it is about."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Article, Topic, User
from tests import makers
from tests.web.test_reading_article import text_of

pytestmark = pytest.mark.django_db

NAUGHTY = [
    "", " ", "\x00", "carcinoid\x00tumor", "<script>alert(1)</script>", "' OR 1=1 --", '"', "%", "_", "\\",
    "*:&|!()", "🦓 zebra", "مرحبا بالعالم", "\u202etumor", "x" * 100_000, "tumor " * 20_000, "a b c d e f g",
    "?" * 500, "\ud83e", "NULL", "0", "-1",
]  # fmt: skip


def approve(
    ada: User, ravi: User, question: str, words: str = "It depends on the grade.", **fields: Any
) -> Article:
    return makers.article(ada, "approved", reviewer=ravi, question=question, words=words, **fields)


@pytest.fixture
def shelf(ada: User, ravi: User) -> None:
    """A few articles on two topics."""
    tumors = Topic.objects.create(name="Neuroendocrine tumors", slug="nets", terms=["NET", "carcinoid"])
    surgery = Topic.objects.create(name="Surgery", slug="surgery")
    approve(ada, ravi, "What is a carcinoid of the appendix?", "It is often found by chance.", topic=tumors)
    approve(ada, ravi, "Which scan finds a primary?", "Receptor imaging finds most of them.", topic=tumors)
    approve(ada, ravi, "When is the liver operated on?", "When a carcinoid has spread there.", topic=surgery)
    approve(ada, ravi, "How is diarrhea eased?", "Octreotide eases it.", plain_body="", topic=surgery)


def titles(client: Client, words: str, **more: str) -> list[str]:
    response = client.get("/search/", {"q": words, **more})
    assert response.status_code == 200
    return [result.address.publication.question for result in response.context["results"]]


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("carcinoid", "What is a carcinoid of the appendix?"),
        ("carcinoids", "What is a carcinoid of the appendix?"),
        ("CARCNOID", "What is a carcinoid of the appendix?"),
        ("apendix", "What is a carcinoid of the appendix?"),
        ("octreotide", "How is diarrhea eased?"),
        ("hepatic operation", "When is the liver operated on?"),
        (
            "Hello, my mother had scans and the primary was not found, what now? Thank you",
            "Which scan finds a primary?",
        ),
        ("is there anything that eases the terrible diarrhea of my zebra", "How is diarrhea eased?"),
    ],
)
def test_the_article_that_answers_comes_first(client: Client, words: str, first: str) -> None:
    assert titles(client, words)[0] == first


@pytest.mark.usefixtures("shelf")
def test_the_question_counts_more_than_the_text(client: Client) -> None:
    found = titles(client, "carcinoid")
    assert found.index("What is a carcinoid of the appendix?") < found.index("When is the liver operated on?")


@pytest.mark.usefixtures("shelf")
def test_a_readers_name_for_a_topic_finds_it(client: Client) -> None:
    response = client.get("/search/", {"q": "NET"})
    assert 'href="/topics/nets/"' in response.content.decode()
    assert "Which scan finds a primary?" in titles(client, "net scan")


@pytest.mark.usefixtures("shelf")
def test_a_mended_word_is_said(client: Client) -> None:
    assert "No article says “carcnoid”; these say “carcinoid”." in text_of(client.get("/search/?q=carcnoid"))


@pytest.mark.usefixtures("shelf")
def test_another_word_is_not_taken_for_a_slip(ada: User, ravi: User, client: Client) -> None:
    approve(ada, ravi, "How long is it treated?", "Longer than that.")
    assert "these say" not in text_of(client.get("/search/?q=how dangerous is it"))
    assert "these say “longer”" in text_of(client.get("/search/?q=lnoger"))


@pytest.mark.usefixtures("shelf")
def test_results_can_be_narrowed_by_topic_and_by_plain_text(client: Client) -> None:
    assert len(titles(client, "carcinoid")) == 3, "two that say it, and one more on its topic"
    assert titles(client, "carcinoid", topic="surgery") == ["When is the liver operated on?"]
    assert titles(client, "diarrhea", plain="1") == []
    assert titles(client, "carcinoid", topic="nothing") == titles(client, "carcinoid"), (
        "an unknown topic is none"
    )


@pytest.mark.usefixtures("shelf")
def test_words_are_marked_and_everything_is_escaped(ada: User, ravi: User, client: Client) -> None:
    approve(ada, ravi, "Is <b>5 & 6</b> quixotic?", "Quixotic &lt;script&gt; indeed.")
    page = client.get("/search/", {"q": "<i>quixotic</i>"}).content.decode()
    assert "Is &lt;b&gt;5 &amp; 6&lt;/b&gt; <mark>quixotic</mark>?" in page
    assert "<mark>Quixotic</mark> &lt;script&gt; indeed." in page
    assert "<i>" not in page


def test_a_raised_character_is_found_and_shown_without_a_mark_of_ours(
    ada: User, ravi: User, client: Client
) -> None:
    approve(ada, ravi, "Which tracer is used?", "A scan with <sup>68</sup>Ga-DOTATATE shows quixotic tissue.")
    page = client.get("/search/", {"q": "quixotic"}).content.decode()
    assert "A scan with 68Ga-DOTATATE shows <mark>quixotic</mark> tissue." in page


@pytest.mark.usefixtures("shelf")
def test_nothing_found_says_what_else_to_try(client: Client) -> None:
    words = text_of(client.get("/search/?q=zzzxxy"))
    assert "No approved article on “zzzxxy”" in words
    assert "Look at the spelling" in words
    assert "Neuroendocrine tumors" in words


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("words", NAUGHTY)
@pytest.mark.parametrize("address", ["/search/", "/search/suggest/", "/api/v1/passages"])
def test_whatever_is_typed_is_answered(client: Client, address: str, words: str) -> None:
    response = client.get(address, {"q": words.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    "more", ["page=0", "page=99", "page=x", "topic=%00", "topic=" + "x" * 999, "plain=%00"]
)
def test_whatever_else_stands_in_the_address_is_answered(client: Client, more: str) -> None:
    assert client.get(f"/search/?q=carcinoid&{more}").status_code == 200


@pytest.mark.usefixtures("shelf")
def test_suggestions_begin_with_what_is_typed(client: Client) -> None:
    page = client.get("/search/suggest/?q=carc").content.decode()
    assert 'href="/articles/what-is-a-carcinoid-of-the-appendix/"' in page
    assert 'href="/topics/nets/"' in page
    assert client.get("/search/suggest/?q=c").content.strip() == b""


def test_an_article_that_was_superseded_or_retired_is_not_found(
    ada: User, ravi: User, edith: User, client: Client
) -> None:
    article = approve(ada, ravi, "Is quixotine good?", "Rocinol is better.")
    assert titles(client, "rocinol")
    workflow.revise(article.pk, version=article.version, actor=ada)
    revised = makers.edit(makers.fresh(article), "Dulcinol is better.", question="Is dulcinol good?")
    makers.bring(revised, "approved", reviewer=ravi)
    for gone in ("quixotine", "rocinol", "rocinl"):
        assert titles(client, gone) == []
        assert "quixotin" not in client.get("/search/suggest/", {"q": gone[:4]}).content.decode()
    assert titles(client, "dulcinol")
    workflow.retire(article.pk, actor=edith, notice="Withdrawn.")
    assert titles(client, "dulcinol") == []
    assert titles(client, "dulcinl") == [], "nor does it mend a word"


def test_a_search_takes_as_many_queries_among_many_articles_as_among_few(
    ada: User, ravi: User, client: Client
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert titles(client, "which carcinoid has which grade")
        return len(captured)

    topic = Topic.objects.create(name="Neuroendocrine tumors", slug="nets", terms=["carcinoid"])
    approve(ada, ravi, "Which carcinoid is it?", topic=topic)
    few = asked()
    for number in range(14):
        approve(ada, ravi, f"Which carcinoid is number {number}?", topic=topic)
    assert asked() == few <= 13


@pytest.mark.usefixtures("shelf")
def test_a_topic_has_a_page_with_its_names_and_articles(client: Client) -> None:
    words = text_of(client.get("/topics/nets/"))
    assert "Also called NET, carcinoid" in words
    assert "Which scan finds a primary?" in words
    assert "How is diarrhea eased?" not in words
    assert client.get("/topics/nothing/").status_code == 404


@pytest.mark.usefixtures("shelf")
def test_every_name_of_a_topic_stands_in_the_a_to_z(client: Client) -> None:
    words = text_of(client.get("/a-z/"))
    assert words.index("carcinoid see Neuroendocrine tumors") < words.index("NET see Neuroendocrine tumors")
    assert "Surgery" not in text_of(client.get("/a-z/N/"))
    assert client.get("/a-z/nothing/").status_code == 404


@pytest.mark.usefixtures("shelf")
def test_a_small_letter_leads_to_the_address_of_its_page(client: Client) -> None:
    response = client.get("/a-z/n/")
    assert (response.status_code, response.headers["Location"]) == (301, "/a-z/N/")
    assert client.get("/a-z/n/", follow=True).status_code == 200
    for nothing in ("ß", "nn", "-"):
        assert client.get(f"/a-z/{nothing}/").status_code == 404


def test_before_the_first_approval_every_page_says_how_it_fills(client: Client) -> None:
    for address in ("/search/", "/topics/", "/a-z/", "/a-z/A/"):
        assert client.get(address).status_code == 200
    assert "A topic appears here with its first approved article." in text_of(client.get("/topics/"))
