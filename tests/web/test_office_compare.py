"""Two versions compared: every difference shown as what it is, and nothing else in the way."""

from collections.abc import Callable

import pytest
from django.test import Client

from articles import workflow
from articles.models import Article, User
from tests import makers

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def compared(client: Client, article: Article, *, status: int = 200, **asked: object) -> str:
    answer = client.get(f"/office/articles/{article.pk}/compare/", asked)
    assert answer.status_code == status, answer
    return answer.content.decode()


def with_versions(author: User, count: int) -> Article:
    """A draft of `count` versions."""
    article = makers.article(author, words="Words of version 1.")
    for number in range(2, count + 1):
        article = makers.edit(article, f"Words of version {number}.")
    return article


def test_words_are_marked_in_one_column_and_in_two(ada, client_of: ClientOf):
    article = with_versions(ada, 2)
    client = client_of(ada)
    inline = compared(client, article, old=1, new=2)
    assert "<del>1</del><ins>2</ins>" in inline.replace(" ", "")
    assert "compare-side" not in inline
    side = compared(client, article, old=1, new=2, view="side")
    assert "compare-side" in side
    assert "Version 1" in side


def test_what_changed_is_counted_in_words(ada, client_of: ClientOf):
    article = makers.article(ada)
    body = article.body.replace("<ul>", "<p>A new statement altogether.</p><ul>")
    makers.edit(article, "Histology with grade and differentiation sets prognosis.", body=body)
    page = compared(client_of(ada), makers.fresh(article))
    assert "1 changed, 1 added" in page
    assert "For professionals (1)" in page
    assert "In plain language (1)" in page


def test_a_statement_that_moved_is_shown_as_moved(ada, client_of: ClientOf):
    first, second, third = (f"<p>Statement {word} stands by itself.</p>" for word in ("one", "two", "three"))
    article = makers.article(ada, body=f"<h2>Order</h2>{first}{second}{third}")
    makers.edit(article, "", body=f"<h2>Order</h2>{third}{first}{second}", plain_body=article.plain_body)
    page = compared(client_of(ada), makers.fresh(article))
    assert "1 moved" in page
    assert "change-moved" in page
    assert "<ins>" not in page


def test_long_unchanged_runs_fold_and_their_headings_stay_above_a_change(ada, client_of: ClientOf):
    many = "".join(f"<p>Unchanged statement number {number}.</p>" for number in range(1, 8))
    article = makers.article(ada, body=f"<h2>Start</h2>{many}<h2>End</h2><h3>Deep</h3><p>Old end.</p>")
    makers.edit(article, "", body=f"<h2>Start</h2>{many}<h2>End</h2><h3>Deep</h3><p>New end.</p>")
    page = compared(client_of(ada), makers.fresh(article))
    fold, open_ = page.split('<details class="fold">')[1].split("</details>", 1)
    assert "7 statements unchanged" in fold
    assert "Unchanged statement number 3." in fold
    assert "Start" in fold
    assert open_.index(">End<") < open_.index(">Deep<") < open_.index("<del>Old</del>")


def test_a_change_of_formatting_only_is_folded_and_named(ada, client_of: ClientOf):
    article = makers.article(ada, body="<p>One statement of words.</p><p>Another of words.</p>")
    makers.edit(
        article,
        "",
        body="<p>One <em>statement</em> of words.</p><p>Another of words.</p>",
        plain_body=article.plain_body,
    )
    page = compared(client_of(ada), makers.fresh(article))
    assert "1 in formatting only" in page
    assert "1 changed in formatting only" in page.split('<details class="fold">')[1]


def test_references_question_summary_and_declarations_are_compared_too(ada, client_of: ClientOf):
    article = makers.article(ada)
    record = makers.RECORD | {"title": "A corrected title"}
    makers.edit(
        article,
        "Histology with grade sets prognosis.",
        references=[record],
        question="Is it asked anew?",
        summary="Another summary.",
        ai_use="Spelling was checked by a program.",
    )
    page = compared(client_of(ada), makers.fresh(article))
    assert "References that changed" in page
    assert "A corrected title" in page
    assert "Its source changed" in page
    assert "beside the text: question, summary, use of AI" in page
    for label in ("Question", "Summary", "Use of AI"):
        assert f"<dt>{label}</dt>" in page


def test_the_last_approved_version_is_compared_with_the_newest_unless_asked(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "approved", reviewer=ravi, words="Approved words.")
    workflow.revise(article.pk, version=1, actor=ada)
    for words in ("Second words.", "Third words."):
        makers.edit(makers.fresh(article), words)
    article = makers.fresh(article)
    assert "<del>Approved</del>" in compared(client_of(ravi), article)
    assert "<del>Second</del>" in compared(client_of(ravi), article, old=2)


@pytest.mark.parametrize(
    "asked", [{"old": "9"}, {"new": "0"}, {"old": "x"}, {"new": "-1"}, {"old": "²"}, {"new": "9" * 30}]
)
def test_a_comparison_with_no_such_version_says_so_and_lets_one_choose(ada, client_of: ClientOf, asked):
    page = compared(client_of(ada), with_versions(ada, 2), status=404, **asked)
    assert "There is no such version." in page
    assert '<option value="2"' in page


def test_one_version_has_nothing_to_be_compared_with(ada, client_of: ClientOf):
    assert "There is one version so far" in compared(client_of(ada), with_versions(ada, 1))


def test_a_version_compared_with_itself_says_so(ada, client_of: ClientOf):
    page = compared(client_of(ada), with_versions(ada, 2), old=2, new=2)
    assert "one and the same version" in page


def test_two_versions_with_the_same_text_differ_in_nothing(ada, client_of: ClientOf):
    article = with_versions(ada, 2)
    workflow.restore(article.pk, number=1, version=2, actor=ada)
    page = compared(client_of(ada), makers.fresh(article), old=1, new=3)
    assert "Nothing differs" in page
    assert "No statement changed" in page


def test_words_that_look_like_markup_stay_words_in_a_comparison(ada, client_of: ClientOf):
    article = makers.article(ada, words="A &lt;script&gt;alert(1)&lt;/script&gt; tag.")
    makers.edit(article, "A &lt;script&gt;alert(2)&lt;/script&gt; tag.", summary="<script>alert(3)</script>")
    for view in ("inline", "side"):
        assert "<script>alert" not in compared(client_of(ada), makers.fresh(article), view=view)
