"""What readers get: safe, numbered, reachable, and the same each time."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from articles.content.document import Level
from articles.content.render import render
from articles.content.sanitise import sanitise
from tests.content.texts import CAPLIN, PAVEL, anything, bodies, make_document, tag_soup

TAGS = {
    "h2", "h3", "p", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tr", "th", "td", "blockquote",
    "strong", "em", "sub", "sup", "a", "br", "span", "div", "figure", "img", "figcaption",
}  # fmt: skip
ATTRIBUTES = {"id", "class", "href", "rel", "aria-label", "title", "scope", "role", "tabindex"} | {
    "src", "alt", "width", "height", "loading", "decoding",
}  # fmt: skip


def rendered(body: str, **fields):
    """The clinical rendering of a body."""
    return render(make_document(body=body, **fields), Level.CLINICAL)


def elements(html: str):
    """Every element of a fragment."""
    return list(lxml_html.fragment_fromstring(html, create_parent="main").iterdescendants())


def test_headings_and_statements_carry_their_anchors() -> None:
    document = make_document()
    html = render(document, Level.CLINICAL).html

    for block in document.blocks(Level.CLINICAL)[1:]:
        assert html.count(f'<{block.tag} id="{block.anchor}">') == 1
    assert document.summary not in html


def test_a_citation_is_a_group_of_chips_in_the_order_of_their_numbers() -> None:
    body = '<p>A.<cite data-ref="pavel2020"></cite> B.<cite data-ref="caplin2014 pavel2020"></cite></p>'
    html = rendered(body).html

    assert html.endswith(
        'A.<span class="cites">'
        '<a class="cite" href="#ref-1" id="cite-1-1" aria-label="Reference 1">1</a></span>'
        ' B.<span class="cites"><a class="cite" href="#ref-1" id="cite-1-2" aria-label="Reference 1">1</a>'
        '<a class="cite" href="#ref-2" id="cite-2-1" aria-label="Reference 2">2</a></span></p>'
    )


def test_references_lead_back_to_where_they_are_cited() -> None:
    result = render(make_document(), Level.CLINICAL)
    ids = re.findall(r' id="(cite-[^"]+)"', result.html)

    assert [reference.key for reference in result.references] == ["pavel2020", "caplin2014", "shah:2021.v2"]
    assert [reference.number for reference in result.references] == [1, 2, 3]
    assert sorted(ids) == sorted(link for reference in result.references for link in reference.backlinks)
    assert result.references[1].backlinks == ["cite-2-1", "cite-2-2"]


def test_a_key_without_a_record_is_shown_and_not_numbered() -> None:
    result = rendered('<p>A.<cite data-ref="nobody pavel2020"></cite></p>')

    assert '<span class="cite cite-unknown" title="There is no reference nobody">?</span>' in result.html
    assert [(reference.number, reference.key) for reference in result.references] == [(1, "pavel2020")]


def test_an_unverified_record_says_so() -> None:
    result = rendered(
        '<p>A.<cite data-ref="pavel2020 caplin2014"></cite></p>',
        references=({**PAVEL, "status": "unverified"}, CAPLIN),
    )

    assert [reference.is_unverified for reference in result.references] == [True, False]


def test_the_contents_are_the_headings_in_order() -> None:
    contents = render(make_document(), Level.CLINICAL).contents

    assert [(line.level, line.title, line.id) for line in contents] == [
        (2, "From the Guidelines", "from-the-guidelines"),
        (3, "Key Considerations", "key-considerations"),
        (2, "From the Research", "from-the-research"),
    ]


def test_a_table_can_be_scrolled_by_keyboard_and_has_a_name() -> None:
    captioned = rendered("<table><caption>Doses &amp; “times”</caption><tr><td>a</td></tr></table>").html
    bare = rendered(
        "<h2>Drugs</h2><table><tr><th>a</th><th>b</th></tr><tr><th>c</th><td>d</td></tr></table>"
    ).html

    assert captioned.startswith(
        '<div class="table" tabindex="0" role="region" aria-label="Doses &amp; “times”"><table><caption id='
    )
    assert captioned.endswith("</table></div>")
    assert 'aria-label="Table 1, Drugs"' in bare
    assert '<th scope="col">a</th><th scope="col">b</th>' in bare
    assert '<th scope="row">c</th><td>d</td>' in bare


def test_links_to_elsewhere_are_marked_and_links_within_are_not() -> None:
    html = rendered('<p><a href="https://a.org/">a</a> <a href="#b">b</a></p>').html

    assert '<a rel="noopener nofollow" href="https://a.org/">a</a> <a href="#b">b</a>' in html


def test_the_address_of_a_link_is_escaped() -> None:
    html = rendered('<p><a href="https://a.org/?b=1&amp;copy=2">a</a></p>').html

    assert 'href="https://a.org/?b=1&amp;copy=2"' in html


def test_each_level_has_its_own_text_and_numbers() -> None:
    document = make_document(plain_body='<p>Plain.<cite data-ref="shah:2021.v2"></cite></p>')
    plain = render(document, Level.PLAIN)

    assert "Plain." in plain.html
    assert [(reference.number, reference.key) for reference in plain.references] == [(1, "shah:2021.v2")]


@given(st.one_of(bodies, tag_soup, anything))
def test_whatever_is_rendered_is_safe(body: str) -> None:
    result = rendered(body)

    for element in elements(result.html):
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES
        assert re.match(
            r"https?://|mailto:|#|/figures/[0-9a-f]{32}-1200x800.webp$|$", element.get("href", "")
        )
        assert re.match(r"/figures/[0-9a-f]{32}-1200x800.webp$|$", element.get("src", ""))
    ids = re.findall(r' id="([^"]*)"', result.html)
    assert len(ids) == len(set(ids))


@given(bodies)
def test_rendering_is_the_same_each_time_and_the_same_for_the_sanitised_text(body: str) -> None:
    assert rendered(body) == rendered(body) == rendered(sanitise(body))


@given(bodies)
def test_every_chip_leads_to_a_reference_that_leads_back(body: str) -> None:
    result = rendered(body)
    chips = re.findall(r'<a class="cite" href="#ref-(\d+)" id="([^"]+)"', result.html)

    assert sorted((int(place), chip) for place, chip in chips) == sorted(
        (reference.number, chip) for reference in result.references for chip in reference.backlinks
    )


def test_a_rendering_goes_through_json_unchanged() -> None:
    stored = render(make_document(), Level.CLINICAL).as_json()

    assert json.loads(json.dumps(stored)) == stored
    assert stored["contents"][0] == {"id": "from-the-guidelines", "title": "From the Guidelines", "level": 2}
    assert stored["references"][0]["links"][0][1].startswith("https://doi.org/")
    assert stored["statements"][0]["section"] == "summary"
