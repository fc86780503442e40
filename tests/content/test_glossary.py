"""Difficult words are explained once, where they first stand, and never inside a link or a heading."""

import re

from hypothesis import given
from hypothesis import strategies as st

from articles.content.document import Document, Level
from articles.content.glossary import Term, explain
from articles.content.render import render

NET = Term("net", ("Neuroendocrine tumor", "NET", "neuroendocrine tumors"), "A tumor.")
GRADE = Term("grade", ("Grade", "grades"), "How fast it grows.")
TERMS = (NET, GRADE)


def html(text: str) -> str:
    return explain(text, TERMS)[0]


def test_the_first_occurrence_alone_is_explained() -> None:
    found, terms = explain("<p>The grade counts.</p><p>Grade again.</p>", TERMS)
    assert found == (
        '<p>The <a class="term" href="#word-grade" id="term-grade">grade</a> counts.</p><p>Grade again.</p>'
    )
    assert terms == (GRADE,)


def test_other_forms_are_the_same_word() -> None:
    assert html("<p>Two grades, one grade.</p>").count("<a") == 1
    assert ">Neuroendocrine tumors</a>" in html("<p>Neuroendocrine tumors differ.</p>"), (
        "the longer form wins"
    )


def test_capitals_are_matched_as_written() -> None:
    assert "<a" in html("<p>A NET grows.</p>")
    assert "<a" not in html("<p>The net result.</p>")


def test_parts_of_words_are_no_words() -> None:
    assert "<a" not in html("<p>Upgrades degrade NETwork, gradeless.</p>")


def test_nothing_is_explained_inside_links_headings_captions_and_table_heads() -> None:
    for closed in (
        '<p><a href="https://example.org/">grade</a></p>',
        "<h2>Grade</h2>",
        '<h3 id="x">The <em>grade</em></h3>',
        "<table><caption>Grade</caption></table>",
        '<th scope="col">Grade</th>',
    ):
        assert html(closed) == closed
        assert html(closed + "<p>grade</p>").endswith(">grade</a></p>"), "the next place serves instead"


def test_names_with_signs_of_markup_are_found_as_they_are_written() -> None:
    terms = (Term("rd", ("R&D",), "Research."),)
    assert ">R&amp;D</a>" in explain("<p>Our R&amp;D.</p>", terms)[0]
    assert explain("<p>&amp;</p>", (Term("amp", ("amp",), "x"),))[0] == "<p>&amp;</p>"


@given(st.lists(st.sampled_from(["grade", "NET", "of", "<em>grade</em>", "tumor & net", "10<sup>9</sup>"])))
def test_words_and_tags_stay_as_they_were(parts: list[str]) -> None:
    body = "<h2>Grade</h2><p>" + " ".join(parts or ["x"]) + "</p>"
    rendered = render(Document("Q", "S", body, ""), Level.CLINICAL).html
    found, terms = explain(rendered, TERMS)
    assert re.sub(r'<a class="term"[^>]*>([^<]*)</a>', r"\1", found) == rendered
    assert found.count('class="term"') == len(terms) <= 2
