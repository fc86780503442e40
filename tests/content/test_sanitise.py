"""Any HTML becomes the small safe subset, once and for all, and no word is lost on the way."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.content.sanitise import KEY, sanitise
from tests.content.texts import BODY, IMAGES, anything, bodies, tag_soup

ALLOWED = re.compile(
    r"</?(?:h2|h3|p|ul|ol|li|table|caption|thead|tbody|tr|th|td|blockquote|strong|em|sub|sup|a|cite|br|figure)>"
    r'|<a href="(?:https?://|mailto:|#)[^"<>]*">'
    r'|<cite data-ref="[A-Za-z0-9._:-]+(?: [A-Za-z0-9._:-]+)*">'
    r'|<img data-image="[0-9a-f]{32}-[0-9]+x[0-9]+" alt="[^"<>]*">'
)


def words_of(html: str) -> str:
    """The letters of a text without its tags."""
    return re.sub(r"<[^>]*>|\s+", "", html)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (" \n <!-- nothing --> ", ""),
        ("astray <b>bold</b>", "<p>astray <strong>bold</strong></p>"),
        ("<p>one<p>two", "<p>one</p><p>two</p>"),
        ("<h1>A</h1><h4>B</h4><h6>C</h6>", "<h2>A</h2><h3>B</h3><h3>C</h3>"),
        ("<div>a<p>b</div>c", "<p>a</p><p>b</p><p>c</p>"),
        ("<i>a</i> <b><b>c</b></b>", "<p><em>a</em> <strong>c</strong></p>"),
        ("<p>a<b> b </b> c</p>", "<p>a<strong> b </strong>c</p>"),
        ("<p></p><h2> </h2><ul><li></li></ul><table><tr><td></td></tr></table>", ""),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "<ul><li>a<br>b</li></ul>"),
        ("<ul><li>a<ol><li>b</li></ol></li></ul>", "<ul><li>a<ol><li>b</li></ol></li></ul>"),
        ("<ul><li>a<ul><li>b</li></ul>c</li></ul>", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ul><li><ul><li>b</li></ul></li></ul>", "<ul><li>b</li></ul>"),
        ("<blockquote>a<h2>b</h2></blockquote>", "<blockquote><p>a</p><p>b</p></blockquote>"),
        ("<p>a\u00a0\n b<br><br>\n</p>", "<p>a b</p>"),
        ("<p>e\u0301</p>", "<p>é</p>"),
        ("<p>1 &lt; 2 &amp;amp; 3</p>", "<p>1 &lt; 2 &amp;amp; 3</p>"),
        ("a\x00b\u200bc\u202ed", "<p>abcd</p>"),
        ('<p style="x" class="y" id="z" data-q="1" onclick="w">a</p>', "<p>a</p>"),
        ("<script>alert(1)</script><style>p{}</style><p>a</p>", "<p>a</p>"),
        (
            "<table><tr><th>a<td>b<ul><li>c</ul><tr><td>d</table>",
            "<table><tbody><tr><th>a</th><td>b<br>c</td></tr><tr><td>d</td></tr></tbody></table>",
        ),
        (
            "<table><thead><tr><th>a</th></tr></thead><tr><td>b</td></tr></table>",
            "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
        ),
        ("<table><caption>alone</caption></table>", "<p>alone</p>"),
        ("<table>astray</table>", "<table><tbody><tr><td>astray</td></tr></tbody></table>"),
    ],
)
def test_what_is_typed_becomes_the_subset(typed: str, kept: str) -> None:
    assert sanitise(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ('a<cite data-ref="x">[1]</cite>', '<p>a<cite data-ref="x"></cite></p>'),
        ('a<cite data-ref=" x  y x ">', '<p>a<cite data-ref="x y"></cite></p>'),
        ('a <cite data-ref="x"></cite>.', '<p>a<cite data-ref="x"></cite>.</p>'),
        ('a <cite data-ref="x"></cite>b', '<p>a<cite data-ref="x"></cite> b</p>'),
        ('a<cite data-ref="x"></cite> <cite data-ref="y x"></cite>', '<p>a<cite data-ref="x y"></cite></p>'),
        ('a<sup><cite data-ref="x"></cite></sup>', '<p>a<cite data-ref="x"></cite></p>'),
        ('a<cite data-ref="-x <y> é"></cite>', "<p>a</p>"),
        ("<cite>The Lancet</cite>", "<p>The Lancet</p>"),
        (f'a<cite data-ref="{"x" * 65}"></cite>', "<p>a</p>"),
    ],
)
def test_a_citation_keeps_its_valid_keys_and_nothing_else(typed: str, kept: str) -> None:
    assert sanitise(typed) == kept


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://example.org/?a=1&amp;b=2", "https://example.org/?a=1&amp;b=2"),
        (" HTTP://example.org ", "http://example.org"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
        ("#summary", "#summary"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("&#106;avascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org", None),
        ("/articles/", None),
        ("http://[", None),
        ("https://1.2.3.4.5/", None),
    ],
)
def test_a_link_leads_to_the_web_a_mailbox_or_the_page_itself(href: str, kept: str | None) -> None:
    assert sanitise(f'<a href="{href}">a</a>') == (f'<p><a href="{kept}">a</a></p>' if kept else "<p>a</p>")


def test_a_sanitised_body_stays_as_it_is() -> None:
    assert sanitise(BODY) == BODY


@given(st.one_of(tag_soup, anything))
def test_whatever_comes_in_the_subset_comes_out(html: str) -> None:
    once = sanitise(html)

    assert not re.sub(r"[^<]", "", ALLOWED.sub("", once))
    assert sanitise(once) == once


@given(bodies)
def test_sanitising_a_body_twice_is_sanitising_it_once(html: str) -> None:
    assert sanitise(sanitise(html)) == sanitise(html)


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta"]), min_size=1, max_size=30), st.randoms())
def test_no_word_is_lost_among_broken_tags(typed: list[str], random) -> None:
    names = [
        "p", "div", "b", "i", "ul", "ol", "li", "table", "tr", "td", "th", "caption", "blockquote", "h1",
        "h3", "sup", "a", "span", "figure", "figcaption", f'img data-image="{IMAGES[0]}"',
    ]  # fmt: skip
    html = "".join(f"<{random.choice(['', '/'])}{random.choice(names)}>{word}" for word in typed)

    assert words_of(sanitise(html)) == "".join(typed)


def test_words_before_and_after_a_broken_comment_survive() -> None:
    assert "before" in sanitise("<p>before<!-- never closed")


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000 + "deep",
        "<ul><li>" * 20_000 + "deep",
        "<blockquote>deep" * 20_000,
        "<table><tr><td>" * 20_000 + "deep",
        "<b>" * 20_000 + "deep",
        "".join(f"<p><b class={n}>deep" for n in range(10_000)),
        "<div>" * 20_000 + "deep" + "</p></b>" * 20_000,
    ],
    ids=["div", "list", "quote", "table", "bold", "bold across paragraphs", "ends without a beginning"],
)
def test_thousands_of_levels_are_read_in_time(html: str) -> None:
    began = time.perf_counter()

    assert "deep" in sanitise(html)
    # Linear takes well under a second; quadratic took more than ten times this.
    assert time.perf_counter() - began < 10


def test_a_list_nests_eight_deep_and_keeps_the_words_of_deeper_ones() -> None:
    html = "".join(f"<ul><li>w{n}" for n in range(12))

    assert sanitise(html).count("<ul>") <= 9
    assert words_of(sanitise(html)) == "".join(f"w{n}" for n in range(12))


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(["<p>word ", "<li>", "</b>", "&amp;", "<a ", "<!--", "é", "\x00"]))
def test_a_megabyte_is_read(piece: str) -> None:
    html = piece * (1_000_000 // len(piece))

    assert sanitise(html).count("<script") == 0


@pytest.mark.parametrize("key", ["a", "pavel2020", "doi:10.1000.x", "A-b_c.d:e", "x" * 64])
def test_a_key_is_letters_digits_and_four_signs(key: str) -> None:
    assert KEY.fullmatch(key)


@pytest.mark.parametrize("key", ["", "-a", ".a", "a b", "é", "a/b", 'a"b', "x" * 65])
def test_a_key_that_could_do_harm_is_none(key: str) -> None:
    assert not KEY.fullmatch(key)
