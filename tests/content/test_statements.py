"""A body is split into statements; a digest covers its words and what it cites, and nothing else."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from articles.content.citations import known, number
from articles.content.document import Level
from articles.content.sanitise import sanitise
from articles.content.statements import Kind, slug, split
from tests.content.texts import BODY, CAPLIN, PAVEL, RECORDS, SHAH, bodies, make_document, tag_soup


def digests(html, references=RECORDS):
    """The digests of a body, in reading order."""
    return [block.digest for block in split(html, references)]


def test_paragraphs_items_rows_and_headings_are_blocks() -> None:
    found = [(block.kind, block.text) for block in split(BODY, RECORDS)]

    assert found == [
        (Kind.PARAGRAPH, "Care is planned by a team."),
        (Kind.HEADING, "From the Guidelines"),
        (Kind.HEADING, "Key Considerations"),
        (Kind.ITEM, "Analogs slow growth."),
        (Kind.ITEM, "They control hormones."),
        (Kind.HEADING, "From the Research"),
        (Kind.PARAGRAPH, "A count of 10^{9} cells."),
        (Kind.PARAGRAPH, "Doses"),
        (Kind.ROW, "Drug | Dose"),
        (Kind.ROW, "Lanreotide | 120 mg"),
        (Kind.PARAGRAPH, "Grade, then stage."),
    ]


def test_a_block_knows_where_it_stands() -> None:
    intro, _, _, item, *_, quote = split(BODY, RECORDS)

    assert (intro.section, intro.section_path) == ("", ())
    assert (item.section, item.section_path) == (
        "key-considerations",
        ("From the Guidelines", "Key Considerations"),
    )
    assert (quote.section, quote.section_path) == ("from-the-research", ("From the Research",))


def test_the_summary_comes_first_on_both_levels() -> None:
    document = make_document()

    for level in Level:
        first = document.blocks(level)[0]
        assert (first.section, first.text) == ("summary", document.summary)
        assert first in document.statements(level)


def test_a_summary_is_plain_text_and_its_markup_is_escaped() -> None:
    (block,) = split("", (), summary="A <b>bold</b> claim & more")

    assert block.text == "A <b>bold</b> claim & more"
    assert block.html == "A &lt;b&gt;bold&lt;/b&gt; claim &amp; more"


def test_a_repeated_statement_gets_an_anchor_of_its_own() -> None:
    one, two, three = split("<p>Same.</p><p>Same.</p><p>Other.</p>", ())

    assert one.digest == two.digest != three.digest
    assert one.anchor == f"s-{one.digest[:10]}"
    assert two.anchor == f"{one.anchor}-2"


@given(st.one_of(bodies, tag_soup))
def test_anchors_are_unique(html: str) -> None:
    anchors = [block.anchor for block in split(html, RECORDS, summary="a")]

    assert len(anchors) == len(set(anchors))


def test_headings_do_not_take_the_ids_that_pages_use() -> None:
    blocks = split("<h2>References</h2><h2>Ref-1</h2><h2>S-x</h2><h2>漢</h2><h2>A b</h2><h2>A-b</h2>", ())

    assert [block.anchor for block in blocks] == [
        "section-references", "section-ref-1", "section-s-x", "section", "a-b", "a-b-2",
    ]  # fmt: skip
    assert slug("Ga-DOTATATE PET/CT: où?") == "ga-dotatate-pet-ct-ou"


@given(bodies)
def test_splitting_reads_a_body_as_sanitising_writes_it(html: str) -> None:
    assert split(html, RECORDS) == split(sanitise(html), RECORDS)


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma"]), min_size=1))
def test_every_word_of_a_body_stands_in_one_block(typed: list[str]) -> None:
    html = "<table><caption>".join(f"{word}<li>{word}<td>" for word in typed)

    assert sum(block.text.count(word) for block in split(html, ()) for word in set(typed)) == 2 * len(typed)


def test_a_power_is_not_a_number_and_a_link_is_its_target_too() -> None:
    power, number_, index = digests("<p>10<sup>9</sup></p><p>109</p><p>10<sub>9</sub></p>")
    here, there = digests('<p><a href="https://a.org/">a</a></p><p><a href="https://b.org/">a</a></p>')

    assert len({power, number_, index}) == 3
    assert here != there


def test_the_place_of_a_citation_counts() -> None:
    first, second = digests(
        '<p>A.<cite data-ref="pavel2020"></cite> B.</p><p>A. B.<cite data-ref="pavel2020"></cite></p>'
    )

    assert first != second


def test_emphasis_changes_no_statement_but_the_document() -> None:
    body = BODY.replace("planned", "<em>planned</em>")

    assert digests(body) == digests(BODY)
    assert make_document(body=body).digest != make_document().digest


@given(bodies, st.randoms())
def test_white_space_changes_no_digest(html: str, random) -> None:
    spaces = [" ", "\n", "\t ", "\u00a0", " \r\n "]
    spaced = "".join(random.choice(spaces) if char == " " else char for char in sanitise(html)).replace(
        "<cite\u00a0", "<cite "
    )
    # Between attributes only an HTML space parts.
    for tag in ("cite", "a", "img"):
        for space in spaces:
            spaced = spaced.replace(f"<{tag}{space}", f"<{tag} ").replace(f'"{space}alt="', '" alt="')
    spaced = spaced.replace("</p>", " </p>\n").replace("<p>", " <p> ").replace("<li>", "\n<li> ")

    assert digests(spaced) == digests(html)
    document, laid_out = make_document(body=html), make_document(body=spaced)
    assert laid_out.digest == document.digest


def test_white_space_and_composition_change_no_digest_of_the_fields() -> None:
    document = make_document(question="Qu’est-ce que\u00a0le café ?", summary=" a  b ")
    spaced = make_document(
        question=unicodedata.normalize("NFD", "\nQu’est-ce  que le café ? "), summary="a\tb"
    )

    assert document.digest == spaced.digest


@given(bodies, st.permutations(RECORDS))
def test_the_order_of_the_reference_list_changes_no_digest(html: str, references) -> None:
    assert digests(html, references) == digests(html)
    assert make_document(body=html, references=tuple(references)).digest == make_document(body=html).digest


def test_the_order_of_keys_in_one_citation_changes_no_statement() -> None:
    one, other = digests(
        '<p>A.<cite data-ref="pavel2020 caplin2014"></cite></p>'
        '<p>A.<cite data-ref="caplin2014 pavel2020"></cite></p>'
    )

    assert one == other


def test_new_numbers_change_no_other_statement() -> None:
    earlier = '<p>New.<cite data-ref="shah:2021.v2"></cite></p>' + BODY

    assert digests(earlier)[1:] == digests(BODY)
    assert number(split(earlier, RECORDS)) != number(split(BODY, RECORDS))


@given(bodies)
def test_a_changed_reference_changes_exactly_the_statements_that_cite_it(html: str) -> None:
    changed = ({**PAVEL, "volume": "32"}, CAPLIN, SHAH)

    for before, after in zip(split(html, RECORDS), split(html, changed), strict=True):
        assert (before.digest != after.digest) == ("pavel2020" in before.refs)
    assert make_document(body=html, references=changed).digest != make_document(body=html).digest


def test_what_does_not_count_in_a_record_changes_no_digest() -> None:
    noted = (
        {**PAVEL, "custom": {"a": 1}, "ISSN": None, "abstract": "x", "title": f" {PAVEL['title']}\n"},
        CAPLIN,
        SHAH,
    )

    assert digests(BODY, noted) == digests(BODY)
    assert make_document(references=noted).digest == make_document().digest


def test_a_key_counts_before_its_record_is_there() -> None:
    one, other = digests('<p>A<cite data-ref="x"></cite></p><p>A<cite data-ref="y"></cite></p>', ())

    assert one != other
    assert digests('<p>A<cite data-ref="pavel2020"></cite></p>', ()) != digests(
        '<p>A<cite data-ref="pavel2020"></cite></p>'
    )


@given(st.lists(st.integers(), unique=True, min_size=1, max_size=10).flatmap(st.permutations))
def test_a_statement_that_moved_keeps_its_digest(order: list[int]) -> None:
    html = "".join(f"<p>Statement {n}.</p>" for n in order)

    assert sorted(digests(html)) == sorted(digests("".join(f"<p>Statement {n}.</p>" for n in sorted(order))))


def test_references_are_numbered_by_first_appearance() -> None:
    numbers = number(split(BODY, RECORDS))

    assert numbers == {"pavel2020": 1, "caplin2014": 2, "shah:2021.v2": 3}
    assert known(numbers, ["shah:2021.v2", "caplin2014"]) == {"caplin2014": 1, "shah:2021.v2": 2}


def test_every_part_of_a_document_counts_in_its_digest() -> None:
    usual = make_document()
    others = [
        make_document(question="What else?"),
        make_document(summary="Else."),
        make_document(body="<p>Else.</p>"),
        make_document(plain_body="<p>Else.</p>"),
        make_document(body=BODY.replace("<blockquote>", "").replace("</blockquote>", "")),
        make_document(references=RECORDS[:2]),
        make_document(declarations=type(usual.declarations)()),
    ]

    assert len({document.digest for document in [usual, *others]}) == len(others) + 1
