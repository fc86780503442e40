"""A comparison shows what changed, all of it and nothing else."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.content.checks import check
from articles.content.citations import number
from articles.content.compare import ChangeKind, align, apply, compare, inline, sides
from articles.content.document import Declarations, Level
from articles.content.phrase import CITATION, collapse
from articles.content.statements import split
from articles.content.wording import show, word_changes
from tests.content.revisions import from_markdown, revisions
from tests.content.texts import (
    BODY,
    CAPLIN,
    PAVEL,
    RECORDS,
    SHAH,
    anything,
    bodies,
    make_document,
    words,
)

SAME, CHANGED, ADDED, REMOVED, MOVED = ChangeKind
LONG = [
    "Somatostatin analogs control hormone secretion and slow growth of well differentiated tumors.",
    "Functional imaging with gallium helps to find the primary site in most of the patients.",
    "Everolimus is an option in advanced disease that progresses under other treatment.",
    "Liver directed therapy is chosen where the burden of disease lies mainly in the liver.",
    "Cisplatin with etoposide is given in poorly differentiated carcinoma of high grade.",
    "Surgery remains the mainstay and can cure a well differentiated carcinoid of the lung.",
]


def body(*statements: str) -> str:
    """Paragraphs."""
    return "".join(f"<p>{statement}</p>" for statement in statements)


def kinds(old: str, new: str) -> list[tuple[ChangeKind, str]]:
    """What became of each block, by the first word of its newer text."""
    changes = align(split(old, RECORDS), split(new, RECORDS))
    return [(change.kind, (change.new or change.old).text.split()[0]) for change in changes]


def one_change(old: str, new: str):
    """The only change between two bodies."""
    (change,) = (c for c in align(split(old, RECORDS), split(new, RECORDS)) if c.kind is not SAME)
    return change


def test_nothing_changed() -> None:
    assert {kind for kind, _ in kinds(BODY, BODY)} == {SAME}
    assert compare(make_document(), make_document()).is_empty


def test_a_changed_word_is_shown_in_its_statement() -> None:
    change = one_change(body(*LONG), body(LONG[0], LONG[1].replace("most", "many"), *LONG[2:]))

    assert change.kind is CHANGED
    assert inline(change, {}) == (
        "Functional imaging with gallium helps to find the primary site in<del> most</del><ins> many</ins>"
        " of the patients."
    )
    old, new = sides(change, {}, {})
    assert "<del> most</del>" in old
    assert "<ins>" not in old
    assert "<ins> many</ins>" in new
    assert "<del>" not in new


def test_added_and_removed_statements_stand_where_they_are_and_were() -> None:
    new = [LONG[0], "Entirely other matter stands here now.", LONG[2], LONG[3], LONG[4]]

    assert kinds(body(*LONG), body(*new)) == [
        (SAME, "Somatostatin"), (REMOVED, "Functional"), (ADDED, "Entirely"), (SAME, "Everolimus"),
        (SAME, "Liver"), (SAME, "Cisplatin"), (REMOVED, "Surgery"),
    ]  # fmt: skip


def test_a_moved_statement_is_one_move() -> None:
    assert kinds(body(*LONG), body(*LONG[1:], LONG[0])) == [
        *((SAME, statement.split()[0]) for statement in LONG[1:]),
        (MOVED, "Somatostatin"),
    ]


def test_a_short_statement_moves_when_it_is_word_for_word_the_same() -> None:
    assert kinds(body("Rest.", *LONG), body(*LONG, "Rest."))[-1] == (MOVED, "Rest.")


def test_a_statement_that_moved_and_changed_shows_both() -> None:
    change = one_change(body(*LONG), body(*LONG[1:], LONG[0].replace("slow", "halt")))

    assert change.kind is MOVED
    assert "<del> slow</del><ins> halt</ins>" in inline(change, {})


def test_of_two_equal_statements_one_can_go() -> None:
    assert kinds(body("x y", LONG[0], "x y"), body(LONG[0], "x y")) == [
        (REMOVED, "x"),
        (SAME, "Somatostatin"),
        (SAME, "x"),
    ]


def test_a_changed_heading_is_seen() -> None:
    change = one_change("<h2>Diagnosis</h2><p>A.</p>", "<h2>Diagnostics</h2><p>A.</p>")

    assert change.kind is CHANGED
    assert inline(change, {}) == "<del>Diagnosis</del><ins>Diagnostics</ins>"


@pytest.mark.parametrize(
    "new",
    ["<p>A <em>b</em> c.</p>", "<ul><li>A b c.</li></ul>", "<h2>A b c.</h2>"],
    ids=["emphasis", "list", "heading"],
)
def test_formatting_is_a_change_without_words(new: str) -> None:
    change = one_change("<p>A b c.</p>", new)

    assert (change.kind, change.formatting_only, change.words) == (CHANGED, True, ())
    assert "<ins>" not in inline(change, {})


def test_a_citation_that_comes_or_goes_is_seen() -> None:
    old, new = (
        '<p>A b.<cite data-ref="pavel2020"></cite></p>',
        '<p>A b.<cite data-ref="shah:2021.v2"></cite></p>',
    )
    change = one_change(old, new)

    assert [(word.kind, word.text) for word in change.words] == [
        ("same", "A b."), ("del", "[pavel2020]"), ("ins", "[shah:2021.v2]"),
    ]  # fmt: skip
    assert inline(change, {"shah:2021.v2": 1}) == (
        'A b.<del><span class="cites"><span class="cite cite-unknown">pavel2020</span></span></del>'
        '<ins><span class="cites"><span class="cite">1</span></span></ins>'
    )
    assert '<span class="cite">7</span>' in sides(change, {"pavel2020": 7}, {})[0]


def test_typed_brackets_are_no_citation() -> None:
    change = one_change("<p>A b c d e.</p>", "<p>A b c d e [pavel2020].</p>")

    assert "cite" not in inline(change, {"pavel2020": 1}).replace("[pavel2020]", "")


def test_a_changed_record_is_seen_at_the_statements_that_cite_it() -> None:
    changed = ({**PAVEL, "volume": "32"}, CAPLIN, SHAH)
    changes = align(split(BODY, RECORDS), split(BODY, changed))

    for change in changes:
        assert change.reference_only == ("pavel2020" in change.new.refs)
        assert (change.kind is CHANGED) == change.reference_only


def test_a_power_and_a_row_are_shown_as_such() -> None:
    power = one_change("<p>A count of 10<sup>9</sup> cells.</p>", "<p>A count of 10<sup>8</sup> cells.</p>")
    row = one_change(
        "<table><tr><td>a</td><td>b c</td></tr></table>", "<table><tr><td>a</td><td>b d</td></tr></table>"
    )

    assert inline(power, {}) == "A count of<del> 10<sup>9</sup></del><ins> 10<sup>8</sup></ins> cells."
    assert inline(row, {}) == "a | b<del> c</del><ins> d</ins>"
    assert sides(align(*[split("<table><tr><td>a</td><td>b</td></tr></table>", ())] * 2)[0], {}, {}) == (
        "a | b",
        "a | b",
    )


def test_words_joined_or_parted_are_a_change() -> None:
    changes = word_changes("a (b", "a ( b")

    assert {word.kind for word in changes} >= {"ins", "del"}


@given(bodies, bodies)
def test_the_old_text_and_the_changes_give_the_new(old: str, new: str) -> None:
    before, after = split(old, RECORDS), split(new, RECORDS)
    changes = align(before, after)

    assert apply(before, changes) == after
    assert Counter(change.old for change in changes if change.old) == Counter(before)
    assert max(len(before), len(after)) <= len(changes) <= len(before) + len(after)


@given(st.lists(st.sampled_from(LONG), max_size=12), st.lists(st.sampled_from(LONG), max_size=12))
def test_repeats_and_moves_give_the_new_too(old: list[str], new: list[str]) -> None:
    before, after = split(body(*old), ()), split(body(*new), ())
    changes = align(before, after)

    assert apply(before, changes) == after
    kept = sum(change.kind in (SAME, MOVED) for change in changes)
    assert kept == sum((Counter(old) & Counter(new)).values())


def test_changes_of_another_text_cannot_be_applied() -> None:
    changes = align(split(BODY, RECORDS), split(BODY, RECORDS))

    with pytest.raises(ValueError, match="another text"):
        apply(split("<p>Other.</p>", RECORDS), changes)


@given(words, words)
def test_words_kept_and_inserted_are_the_new_text(old: str, new: str) -> None:
    old, new = collapse(old), collapse(new)
    changes = word_changes(old, new)

    assert "".join(word.text for word in changes if word.kind != "del") == new
    assert "".join(word.text for word in changes if word.kind != "ins").replace(" ", "") == old.replace(
        " ", ""
    )
    assert (old == new) == all(word.kind == "same" for word in changes)


@given(st.one_of(bodies, anything), st.one_of(bodies, anything))
def test_what_is_shown_is_escaped(old: str, new: str) -> None:
    before, after = split(old, RECORDS), split(new, RECORDS)
    safe = re.compile(
        r'</?(?:ins|del|sup|sub|strong|em|br)>|</?span>|<span class="cites?(?: cite-unknown)?">'
        r'|<span class="figure-(?:shown|label)">'
        r'|<img src="/figures/[0-9a-f]{32}-1200x800.webp" width="1200" height="800" alt="" loading="lazy">'
        r'|<a (?:rel="noopener nofollow" )?href="(?:https?://|mailto:|#)[^"<>]*">|</a>'
    )
    for change in align(before, after):
        for html in (inline(change, number(after)), *sides(change, number(before), number(after))):
            assert "<" not in safe.sub("", html)


def test_typed_markup_is_shown_and_not_run_wherever_words_changed() -> None:
    typed = "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more of the same words"
    change = one_change(f"<p>{typed} here</p>", f"<p>{typed} there &lt;img src=x&gt;</p>")
    field = compare(make_document(), make_document(question="Why <img src=x onerror=alert(1)>?")).fields[0]

    for html in (inline(change, {}), *sides(change, {}, {}), field.html):
        assert "<script" not in html
        assert "<img" not in html
    assert "&lt;script&gt;" in inline(change, {})
    assert "&lt;img" in field.html


@given(words, words)
def test_changed_words_hold_no_tags_but_ours(old: str, new: str) -> None:
    html = show(word_changes(collapse(old), collapse(new)), {}, {})

    assert "<" not in re.sub(r"</?(?:ins|del|sup|sub)>", "", html)


def test_fields_references_and_both_texts_are_compared() -> None:
    old = make_document()
    new = make_document(
        question="What is the best treatment for a neuroendocrine tumor?",
        body=BODY.replace("a team", "one team"),
        plain_body="",
        references=({**PAVEL, "volume": "32"}, CAPLIN, {**SHAH, "id": "shah2022"}),
        declarations=Declarations("None declared.", "None.", None),
    )
    found = compare(old, new)

    assert [field.name for field in found.fields] == ["question", "evidence_searched_to"]
    assert found.fields[0].html == "What is the<ins> best</ins> treatment for a neuroendocrine tumor?"
    assert found.fields[1].html == "<del>January 31, 2025</del>"
    assert [(change.kind, change.key) for change in found.references] == [
        (CHANGED, "pavel2020"), (ADDED, "shah2022"), (REMOVED, "shah:2021.v2"),
    ]  # fmt: skip
    assert [change.kind for change in found.changes[Level.PLAIN]] == [REMOVED]
    assert found.counts[CHANGED] == 4  # the words of one, the cited records of three
    assert not found.is_empty


def test_the_summary_is_a_field_and_no_block() -> None:
    found = compare(make_document(), make_document(summary="Other words."))

    assert [field.name for field in found.fields] == ["summary"]
    assert found.counts[SAME] == sum(found.counts.values())


def test_a_thousand_statements_can_change_at_once() -> None:
    old = body(*(f"Statement {n} of {n % 7} with words number {n * n}." for n in range(1000)))
    new = body(*(f"Claim {n} of {n % 7} with terms number {n * n}." for n in range(1000)))
    changes = align(split(old, ()), split(new, ()))

    assert Counter(change.kind for change in changes)[CHANGED] >= 990


def test_real_revisions_are_rebuilt_from_their_comparison() -> None:
    for revision in revisions():
        before, after = split(*from_markdown(revision["before"])), split(*from_markdown(revision["after"]))

        assert apply(before, align(before, after)) == after


def test_a_real_revision_of_white_space_shows_no_change() -> None:
    for revision in revisions("whitespace_only"):
        (old, references), (new, _) = from_markdown(revision["before"]), from_markdown(revision["after"])
        documents = (
            make_document(body=old, references=references),
            make_document(body=new, references=references),
        )

        assert documents[0].digest == documents[1].digest
        assert compare(*documents).is_empty


def test_a_real_revision_of_citations_changes_citations_only() -> None:
    for revision in revisions("citations_only"):
        before, after = split(*from_markdown(revision["before"])), split(*from_markdown(revision["after"]))
        changes = [change for change in align(before, after) if change.kind is not SAME]

        assert changes
        assert len(before) == len(after)
        assert [block.text for block in before] == [block.text for block in after], "the words are the same"
        for change in changes:
            assert change.kind is CHANGED
            assert CITATION.sub("", change.old.marked) == CITATION.sub("", change.new.marked)


def test_a_tiny_real_revision_leaves_all_else_as_it_was() -> None:
    for revision in revisions("tiny"):
        before, after = split(*from_markdown(revision["before"])), split(*from_markdown(revision["after"]))

        assert sum(change.kind is not SAME for change in align(before, after)) <= 3


def test_the_answer_is_remembered_for_the_same_documents_and_no_others() -> None:
    old, new = make_document(body="<p>One.</p>"), make_document(body="<p>Two.</p>")
    assert compare(old, new) is compare(old, new)
    assert compare(new, old) is not compare(old, new)
    same_words = make_document(body="<p>Two.</p>")
    assert same_words != new
    assert compare(old, same_words) is not compare(old, new)
    assert check(new) == check(same_words)
    check(new).clear()
    assert check(new) == check(same_words), "nobody can spoil what others are told"
