"""What is new in a version, in numbers and in words."""

from articles.content.changes import changes_between, in_words
from tests.content.texts import CAPLIN, PAVEL, make_document

OLD = (
    '<h2>Diagnosis</h2><p>Tissue first.<cite data-ref="pavel2020"></cite></p><p>Then imaging.</p>'
    "<h2>Treatment</h2><p>Surgery where it can cure.</p><p>Nothing for most people.</p>"
)
NEW = (
    '<h2>Diagnosis</h2><p>Tissue comes first.<cite data-ref="pavel2020"></cite></p>'
    "<p><em>Then</em> imaging.</p>"
    "<h2>Treatment today</h2><p>Surgery where it can cure.</p>"
    '<p>Analogs slow growth.<cite data-ref="caplin2014"></cite></p>'
)


def test_statements_sections_references_and_fields_are_counted() -> None:
    old = make_document(body=OLD, plain_body="<p>Short.</p>", references=(PAVEL,))
    new = make_document(
        body=NEW, plain_body="<p>Short.</p>", references=(PAVEL, CAPLIN), summary="Another summary."
    )
    changes = changes_between(old, new)
    assert changes["clinical"] == {
        "changed": 1,
        "added": 1,
        "removed": 1,
        "moved": 0,
        "sections": ["Diagnosis", "Treatment", "Treatment today"],
    }
    assert changes["plain"] == {"changed": 0, "added": 0, "removed": 0, "moved": 0, "sections": []}
    assert changes["references"] == {"changed": 0, "added": 1, "removed": 0}
    assert changes["fields"] == ["Summary"]


def test_the_lines_say_what_changed_and_where() -> None:
    counts = {"changed": 2, "added": 1, "removed": 0, "moved": 0, "sections": ["A", "B"]}
    none = {"changed": 0, "added": 0, "removed": 0, "moved": 0, "sections": []}
    changes = {
        "clinical": counts,
        "plain": none | {"removed": 1, "sections": ["A", "B", "C", "D", "E"]},
        "references": {"changed": 1, "added": 0, "removed": 2},
        "fields": ["Summary", "Evidence searched to"],
    }
    assert in_words(changes) == [
        "Clinical text: 2 statements changed, 1 added, under “A” and “B”",
        "Plain-language text: 1 statement removed, under “A”, “B”, “C” and 2 more sections",
        "References: 1 changed, 2 removed",
        "Also: summary, evidence searched to",
    ]


def test_a_plain_text_written_for_the_first_time_is_not_counted_word_by_word() -> None:
    old, new = make_document(plain_body=""), make_document(plain_body="<p>One.</p><p>Two.</p>")
    assert in_words(changes_between(old, new)) == ["Plain-language text: written for the first time"]
    assert in_words(changes_between(new, old)) == ["Plain-language text: taken away"]


def test_nothing_new_is_said_in_words_too() -> None:
    old, new = (
        make_document(body="<p>Then imaging.</p>"),
        make_document(body="<p><em>Then</em>  imaging.</p>"),
    )
    assert in_words(changes_between(old, new)) == ["No statement changed"]
