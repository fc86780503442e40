"""A suggested wording: typed as people type, read back as it was, and put in the place of one statement."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from articles.content.compare import ChangeKind, align
from articles.content.outline import outline
from articles.content.piece import Slot
from articles.content.replace import as_typed, from_typed, inline, is_replaceable, replace_statement
from articles.content.sanitise import sanitise
from articles.content.statements import split
from tests.content.texts import BODY, KEYS, RECORDS, anything, bodies, phrases

ALL_KEYS = frozenset([*KEYS, "unknown", "x" * 64])
# What could be taken for something else on the way there and back.
tricky = st.lists(
    st.sampled_from(
        [
            "[pavel2020]", " [pavel2020, caplin2014] ", "[", "]", "[[", "]]", "[95% CI 1-2]", "[sic]",
            "&amp;#91;", "&amp;lt;b&amp;gt;", "&lt;b&gt;", "&lt;/", "&lt; 5", "&amp;amp;", "R&amp;D",
            "p &gt; q", "a", " ", "<br>",
            "<strong>[caplin2014]</strong>", '<a href="https://x.org/[pavel2020]?a=1&amp;b">x</a>',
            '<cite data-ref="pavel2020"></cite>', "<em> [</em>", "10<sup>9</sup>",
        ]
    ),
    max_size=8,
).map("".join)  # fmt: skip


@given(st.one_of(phrases, tricky))
def test_what_is_shown_for_typing_is_read_back_as_it_was(words: str) -> None:
    for block in split(f"<p>{words}</p>", RECORDS):
        assert from_typed(as_typed(block.html), ALL_KEYS) == block.html


@pytest.mark.parametrize(
    ("html", "typed"),
    [
        ('Grade sets prognosis.<cite data-ref="pavel2020"></cite>', "Grade sets prognosis. [pavel2020]"),
        ('Both.<cite data-ref="pavel2020 caplin2014"></cite>', "Both. [pavel2020 caplin2014]"),
        ("<strong>Ki-67</strong> &lt; 3% &amp; low", "<strong>Ki-67</strong> < 3% & low"),
        ("At 5 mg [95% CI 2 to 8]", "At 5 mg [95% CI 2 to 8]"),
    ],
)
def test_it_looks_as_people_would_type_it(html: str, typed: str) -> None:
    assert as_typed(html) == typed
    assert from_typed(typed, ALL_KEYS) == html


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("A.[pavel2020,caplin2014]", 'A.<cite data-ref="pavel2020 caplin2014"></cite>'),
        ("A. [pavel2020; caplin2014]", 'A.<cite data-ref="pavel2020 caplin2014"></cite>'),
        ("A. [pavel2020 and others]", "A. [pavel2020 and others]"),
        ("A. [nobody1999]", "A. [nobody1999]"),
        ("A. [pavel2020 nobody1999]", "A. [pavel2020 nobody1999]"),
        ("One.\n\nTwo.", "One. Two."),
        ("<p>One.</p><p>Two.</p>", "One.<br>Two."),
        ('<img src=x onerror="alert(1)">A <b>b</b>.', "A <strong>b</strong>."),
        ("<script>alert(1)</script>", ""),
        ("  <br> ", ""),
    ],
)
def test_only_known_keys_become_citations_and_only_what_a_statement_may_hold_stays(
    typed: str, html: str
) -> None:
    assert from_typed(typed, frozenset(KEYS)) == html


@given(st.one_of(bodies, anything))
def test_whatever_is_typed_is_the_inside_of_one_statement(typed: str) -> None:
    html = from_typed(typed, ALL_KEYS)
    blocks = split(f"<p>{html}</p>", RECORDS)
    assert [block.html for block in blocks] == ([html] if html else [])
    assert inline(html) == html


@given(bodies, phrases, st.integers(min_value=0))
def test_exactly_one_statement_is_replaced(body: str, words: str, choice: int) -> None:
    body, inner = sanitise(body), inline(words)
    before = split(body, RECORDS)
    places = [i for i, block in enumerate(before) if is_replaceable(block.tag)]
    assume(places and inner)
    wanted = before[places[choice % len(places)]]
    replaced = replace_statement(body, RECORDS, wanted.digest, inner)
    assert replaced is not None
    assert sanitise(replaced) == replaced
    after = split(replaced, RECORDS)
    first = next(i for i in places if before[i].digest == wanted.digest)
    assert after[first].html == inner
    assert len(after) == len(before)
    for i, (old, new) in enumerate(zip(before, after, strict=True)):
        assert i == first or (old.html, old.tag) == (new.html, new.tag)
    assert structure(replaced) == structure(body)


def structure(body: str) -> list[str]:
    """Everything around the words."""
    return [piece.tag if isinstance(piece, Slot) else piece for piece in outline(body)]


@given(bodies, st.integers(min_value=0))
def test_a_statement_replaced_by_itself_changes_not_one_byte(body: str, choice: int) -> None:
    body = sanitise(body)
    found = [block for block in split(body, RECORDS) if is_replaceable(block.tag)]
    assume(found)
    chosen = found[choice % len(found)]
    first = next(block for block in found if block.digest == chosen.digest)
    assert replace_statement(body, RECORDS, chosen.digest, first.html) == body


def test_the_comparison_shows_one_change() -> None:
    body = sanitise(BODY)
    wanted = next(block for block in split(body, RECORDS) if block.text.startswith("They control"))
    replaced = replace_statement(body, RECORDS, wanted.digest, "They control the hormones.")
    assert replaced is not None
    changes = [
        change
        for change in align(split(body, RECORDS), split(replaced, RECORDS))
        if change.kind is not ChangeKind.SAME
    ]
    assert [(change.kind, change.new.text) for change in changes] == [
        (ChangeKind.CHANGED, "They control the hormones.")
    ]


def test_what_is_not_there_or_no_statement_in_words_is_not_replaced() -> None:
    blocks = split(BODY, RECORDS)
    heading = next(block for block in blocks if block.is_heading)
    row = next(block for block in blocks if block.tag == "tr" and not block.is_header)
    for digest in ("0" * 64, heading.digest, row.digest):
        assert replace_statement(BODY, RECORDS, digest, "Other words.") is None


def test_the_same_words_citing_a_record_that_changed_are_another_statement() -> None:
    wanted = next(block for block in split(BODY, RECORDS) if "pavel2020" in block.refs)
    changed = [dict(record) | {"volume": "99"} for record in RECORDS]
    assert replace_statement(BODY, changed, wanted.digest, "Other words.") is None
