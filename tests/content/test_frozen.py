"""From what readers read back to the text: statement by statement the same, so that it can be compared."""

from dataclasses import replace

from hypothesis import given

from articles.content.compare import compare
from articles.content.document import Level
from articles.content.frozen import body_of, thaw
from articles.content.render import render
from tests.content.texts import BODY, bodies, make_document


def thawed(document):
    """The document as it comes back from its frozen renderings."""
    clinical = render(document, Level.CLINICAL).as_json()
    plain = render(document, Level.PLAIN).as_json() if document.plain_body else None
    declared = document.declarations
    return thaw(
        question=document.question,
        summary=document.summary,
        clinical=clinical,
        plain=plain,
        references=document.references,
        competing_interests=declared.competing_interests,
        ai_use=declared.ai_use,
        evidence_searched_to=declared.evidence_searched_to,
    )


def vars_of(document):
    """The fields of a document, to make its like."""
    return {name: getattr(document, name) for name in ("body", "plain_body", "references", "declarations")}


def test_a_rendering_leads_back_to_the_document_it_was_made_from() -> None:
    document = make_document(body=BODY, plain_body="<h2>In short</h2><p>Plain words.</p>")
    again = thawed(document)
    for level in Level:
        for before, after in zip(document.blocks(level), again.blocks(level), strict=True):
            assert replace(after, html="", marked="", refs=()) == replace(before, html="", marked="", refs=())
            assert set(after.refs) == set(before.refs)
    assert (again.question, again.summary) == (document.question, document.summary)
    assert again.declarations == document.declarations
    assert compare(again, thawed(make_document(**vars_of(document)))).is_empty


@given(bodies)
def test_every_statement_comes_back_with_its_digest_and_its_anchor(body: str) -> None:
    document = make_document(body=body)
    again = thawed(document)
    for level in Level:
        before, after = document.blocks(level), again.blocks(level)
        assert [(each.digest, each.anchor) for each in after] == [
            (each.digest, each.anchor) for each in before
        ]
    assert compare(document, again).references == ()


def test_a_citation_that_led_nowhere_still_does() -> None:
    document = make_document(body='<p>Unproven.<cite data-ref="nobody pavel2020"></cite></p>')
    assert 'data-ref="pavel2020 nobody"' in body_of(render(document, Level.CLINICAL).as_json())


def test_words_that_look_like_a_chip_are_words() -> None:
    typed = '<p>&lt;span class="cites"&gt;&lt;a class="cite" href="#ref-1"&gt;1&lt;/a&gt;&lt;/span&gt;</p>'
    document = make_document(body=typed)
    assert thawed(document).blocks(Level.CLINICAL) == document.blocks(Level.CLINICAL)


def test_no_rendering_is_no_text() -> None:
    assert body_of(None) == ""
