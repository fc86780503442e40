"""One list tells author and board what to mend, in words, and where."""

from datetime import date

import pytest

from articles.content.checks import MAX_BODY_BYTES, MAX_QUESTION, MAX_REFERENCES, MAX_SUMMARY, check
from articles.content.document import Declarations, Level
from articles.content.readability import grade, syllables
from tests.content.texts import BODY, CAPLIN, PAVEL, RECORDS, make_document

CITED = '<p>Analogs slow growth.<cite data-ref="pavel2020"></cite></p>'


def codes(**fields) -> list[str]:
    """The codes of a document's issues."""
    return [issue.code for issue in check(make_document(**fields))]


@pytest.fixture
def whole() -> dict:
    """Fields of a document that cites all it lists under headings of evidence."""
    return {"body": BODY.replace("stage.", 'stage.<cite data-ref="pavel2020"></cite>')}


def test_a_whole_document_has_no_issue(whole: dict) -> None:
    assert check(make_document(**whole)) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"question": " \n"}, "question-missing"),
        ({"question": "x" * (MAX_QUESTION + 1)}, "question-too-long"),
        ({"summary": ""}, "summary-missing"),
        ({"summary": "x" * (MAX_SUMMARY + 1)}, "summary-too-long"),
        ({"body": "<p> </p>", "references": ()}, "body-empty"),
        ({"declarations": Declarations("", "None.", date(2025, 1, 1))}, "competing-interests-missing"),
        ({"declarations": Declarations("None.", "", date(2025, 1, 1))}, "ai-use-missing"),
        ({"declarations": Declarations("None.", "None.", None)}, "evidence-date-missing"),
        ({"body": CITED, "references": ()}, "unknown-citation"),
        ({"body": CITED, "references": ({**PAVEL, "title": ""},)}, "reference-invalid"),
        ({"body": CITED, "references": (PAVEL, PAVEL)}, "reference-duplicate"),
        ({"body": CITED, "references": (PAVEL, "not a record")}, "reference-invalid"),
        ({"body": "<h2>From the Research</h2><p>A claim.</p>", "references": ()}, "uncited-statement"),
    ],
)
def test_each_fault_is_found_and_blocks(fields: dict, code: str, whole: dict) -> None:
    found = [issue for issue in check(make_document(**{**whole, **fields})) if issue.blocking]

    assert [issue.code for issue in found] == [code]


def test_a_text_that_is_far_too_long_is_not_taken_apart(whole: dict) -> None:
    body = "é" * (MAX_BODY_BYTES // 2 + 1)

    assert codes(**{**whole, "body": body}) == ["body-too-long"]
    assert codes(**{**whole, "plain_body": body}) == ["body-too-long"]


def test_too_many_references_are_too_many(whole: dict) -> None:
    many = tuple({**PAVEL, "id": f"r{n}"} for n in range(MAX_REFERENCES + 1))

    assert "too-many-references" in codes(**{**whole, "references": many})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"body": CITED, "references": (PAVEL, CAPLIN)}, "reference-uncited"),
        ({"plain_body": ""}, "plain-body-empty"),
        (
            {"plain_body": "<p>Multidisciplinary care necessitates histopathological evaluation.</p>"},
            "plain-body-hard",
        ),
    ],
)
def test_what_is_only_advice_does_not_block(fields: dict, code: str, whole: dict) -> None:
    (issue,) = check(make_document(**{**whole, **fields}))

    assert (issue.code, issue.blocking) == (code, False)


def test_a_message_names_the_statement_and_leads_to_it() -> None:
    document = make_document(
        body="<h2>From the Research</h2><p>Surgery remains the mainstay and can cure a carcinoid.</p>",
        references=(),
    )
    (issue,) = check(document)

    assert issue.message == (
        "“Surgery remains the mainstay and can cure a…” stands under “From the Research” and cites nothing. "
        "Cite its source."
    )
    assert issue.anchor == document.blocks(Level.CLINICAL)[-1].anchor


def test_messages_quote_with_the_quotation_marks_of_the_labels() -> None:
    nothing = Declarations("", "", None)
    messages = [issue.message for issue in check(make_document(declarations=nothing))]
    assert any("“None declared”" in message for message in messages)
    assert not [message for message in messages if '"' in message]


def test_a_message_about_citations_names_the_keys() -> None:
    (issue,) = check(
        make_document(body='<p>A.<cite data-ref="x pavel2020 y"></cite></p>', references=(PAVEL,))
    )

    assert issue.message == (
        "“A.” cites x, y, which the references do not list. "
        "Add them to the references or take the citation out."
    )


@pytest.mark.parametrize(
    "body",
    [
        "<h2>Background</h2><p>A claim.</p>",
        "<p>A claim before any heading.</p>",
        "<h2>From the Guidelines</h2><p>They consider:</p>" + CITED,
        f"<h2>From the Guidelines</h2><table><tr><th>Drug</th></tr></table>{CITED}",
    ],
)
def test_what_claims_no_evidence_needs_no_source(body: str) -> None:
    assert "uncited-statement" not in codes(body=body, references=RECORDS)


def test_the_plain_text_may_cite_less(whole: dict) -> None:
    assert (
        check(make_document(**whole, plain_body="<h2>From the Research</h2><p>It helps most people.</p>"))
        == []
    )


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("", 0, 0),
        ("123 456.", 0, 0),
        ("The cat sat on the mat. It was warm.", 0, 1),
        (
            "Your doctor can take a small piece of the lump to look at. This tells you how fast it grows.",
            0,
            4,
        ),
        ("Multidisciplinary evaluation of histopathological differentiation determines prognosis.", 18, 50),
    ],
)
def test_the_grade_grows_with_long_words_and_sentences(text: str, low: float, high: float) -> None:
    assert low <= grade(text) <= high


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1),
        ("tumor", 2),
        ("dose", 1),
        ("table", 2),
        ("used", 1),
        ("treated", 2),
        ("therapy", 3),
        ("times", 1),
    ],
)
def test_syllables_are_counted(word: str, count: int) -> None:
    assert syllables(word) == count
