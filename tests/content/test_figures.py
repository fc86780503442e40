"""Figures: one statement of an image, what it says in words, and a caption."""

import hashlib

import pytest

from articles.content.checks import check
from articles.content.compare import ChangeKind, align, inline, sides
from articles.content.document import Level
from articles.content.figures import image_in, moved, name_of, size_of
from articles.content.frozen import body_of
from articles.content.render import render
from articles.content.replace import inline as one_statement
from articles.content.replace import is_replaceable, replace_statement
from articles.content.sanitise import sanitise
from articles.content.statements import Kind, split
from tests.content.texts import IMAGES, RECORDS, make_document

NAME, OTHER = IMAGES[:2]
CREDIT = "Drawn by NetReview. CC BY 4.0."
CITED = '<cite data-ref="pavel2020"></cite>'


def image(name: str = NAME, alt: str = "Three bars") -> str:
    return f'<img data-image="{name}" alt="{alt}">'


def figure(caption: str = f"Grades.{CITED} {CREDIT}", name: str = NAME, alt: str = "Three bars") -> str:
    return f"<figure>{image(name, alt)}{caption}</figure>"


def only(html: str):
    """The only statement of a text."""
    (block,) = split(html, RECORDS)
    return block


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (figure("a"), figure("a")),
        (image(), figure("")),
        (f"<p>a {image()} b</p>", f"<p>a</p>{figure('')}<p>b</p>"),
        (f"<h2>a{image()}b</h2>", f"<h2>a</h2>{figure('')}<h2>b</h2>"),
        (f"<figure>a{image()}b</figure>c", f"<p>a</p>{figure('b')}<p>c</p>"),
        (f"<figure>{image()}a{image(OTHER)}b</figure>", figure("a") + figure("b", OTHER)),
        (f"<figure>{image()}<figcaption><p>a</p><p>b</p></figcaption></figure>", figure("a<br>b")),
        (f"<figure>{image()}<br>a<br></figure>", figure("a")),
        (f"<figure>{image()}<h2>a</h2>b</figure>", f"{figure('')}<h2>a</h2><p>b</p>"),
        (f"<figure>{image()}a<ul><li>b</li></ul>c</figure>", f"{figure('a')}<ul><li>b</li></ul><p>c</p>"),
        (f"<figure>{image()}a<figure>{image(OTHER)}b</figure>c</figure>",
         f"{figure('a')}{figure('b', OTHER)}<p>c</p>"),
        (f"<ul><li>a{figure('b')}c</li><li>d</li></ul>",
         f"<ul><li>a</li></ul>{figure('b')}<ul><li>c</li><li>d</li></ul>"),
        (f"<blockquote>a{figure('b')}c</blockquote>",
         f"<blockquote><p>a</p></blockquote>{figure('b')}<blockquote><p>c</p></blockquote>"),
        (f"<table><tr><td>a{figure('b')}c</td></tr></table>",
         "<table><tbody><tr><td>a<br>Three bars b<br>c</td></tr></tbody></table>"),
        (f'<a href="https://example.org/">{image()}</a>', figure("")),
        (f'<figure><a href="/x"><img src="/office/a/figures/{NAME}.webp" alt="Three bars"></a></figure>',
         figure("")),
        (f'<p>a<cite data-ref="pavel2020">{image()}</cite></p>', f"<p>a{CITED}</p>"),
        ("<figure><img data-image='../secret' alt='b'>a</figure>", "<p>a</p>"),
        (f'<figure><img data-image="{NAME}.webp" alt="b">a</figure>', "<p>a</p>"),
        ('<img src="https://example.org/a.png" alt="b">', ""),
        (f'<img data-image="{NAME}" onerror="alert(1)" alt="  1 &lt; 2&quot;\n\u202e&gt; ">',
         figure("", alt="1 &lt; 2&quot; &gt;")),
    ],
)  # fmt: skip
def test_an_image_is_a_figure_of_its_own_or_nothing(typed: str, kept: str) -> None:
    assert sanitise(typed) == kept
    assert sanitise(kept) == kept


def test_texts_without_figures_keep_the_digests_they_were_signed_with() -> None:
    document = make_document()
    digests = "".join(block.digest for block in document.blocks(Level.CLINICAL))

    assert document.digest == "efe90dc307e8e576ac00dd0b61d338fdd18963afc8d7c579426c6fd3160aab03"
    assert (
        hashlib.sha256(digests.encode()).hexdigest()
        == "77c6cb33cd8aabe042ec6226213ff581838f63064028ca9d17ab47bd39ed4bd4"
    )
    foreign = make_document(
        body="<figure><p>One.</p><img src=x alt=y><figcaption>Two.</figcaption></figure>"
        "<ul><li>a<figure>b</figure>c</li></ul>"
    )
    assert foreign.digest == "7c0f978902bb1a69af40c8c9f4cc586d54352ace2e1d9f1bab1706ca2ca6693c"


def test_a_figure_is_one_statement_that_reads_as_its_caption() -> None:
    block = only(figure())

    assert (block.kind, block.tag, block.text) == (Kind.FIGURE, "figure", f"Grades. {CREDIT}")
    assert block.refs == ("pavel2020",)
    assert image_in(block.html) == (NAME, "Three bars")
    assert only(figure("")).text == "Three bars"


@pytest.mark.parametrize(
    "other",
    [figure(name=OTHER), figure(alt="Four bars"), figure("Grades."), figure(f"Stages.{CITED} {CREDIT}")],
    ids=["image", "alternative text", "citation", "caption"],
)
def test_whatever_changes_in_a_figure_voids_its_sign_off(other: str) -> None:
    assert only(other).digest != only(figure()).digest
    assert only(figure().replace(" ", " \n")).digest == only(figure()).digest


def test_words_that_look_like_an_image_have_another_digest() -> None:
    typed = only(f"<p>{NAME} Three bars Grades.</p>")

    assert typed.digest != only(figure("Grades.")).digest


def test_a_name_tells_the_size_and_depends_on_every_byte() -> None:
    name = name_of(b"one", 1200, 800)

    assert size_of(name) == (1200, 800)
    assert name != name_of(b"two", 1200, 800)
    assert sanitise(image(name)) == figure("", name)


def test_readers_see_figures_numbered_in_reading_order_with_room_kept_for_them() -> None:
    result = render(
        make_document(body=f"{figure()}<p>Between.{CITED}</p>{figure('Two', OTHER)}"), Level.CLINICAL
    )
    anchor = result.statements[1].anchor

    assert (
        f'<figure id="{anchor}"><a class="figure-image" href="/figures/{NAME}.webp">'
        f'<img src="/figures/{NAME}.webp" width="1200" height="800" alt="Three bars" loading="lazy"'
        ' decoding="async"></a><figcaption><span class="figure-number">Figure 1.</span> Grades.'
        '<span class="cites">'
    ) in result.html
    assert '<span class="figure-number">Figure 2.</span> Two</figcaption></figure>' in result.html


def test_a_rendering_leads_back_to_its_figures() -> None:
    body = sanitise(figure(alt="&quot;1 &lt; 2&quot; &amp;amp;") + figure("", OTHER) + "<p>Figure 2.</p>")

    assert sanitise(body_of(render(make_document(body=body), Level.CLINICAL).as_json())) == body


def test_the_office_shows_the_same_images_at_an_address_of_its_own() -> None:
    result = render(make_document(body=figure() + '<p>src="/figures/x"</p>'), Level.CLINICAL)
    html = moved(result.html, "/office/articles/7/figures/")

    assert html.count(f'"/office/articles/7/figures/{NAME}.webp"') == 2
    assert html.count("/figures/") == 3
    (change,) = align((), split(figure(), RECORDS))
    assert f'src="/office/articles/7/figures/{NAME}.webp"' in moved(
        inline(change, {}), "/office/articles/7/figures/"
    )


@pytest.mark.parametrize(
    ("after", "gone", "come"),
    [
        (figure(name=OTHER), f'<del><span class="figure-shown"><img src="/figures/{NAME}.webp"',
         f'<ins><span class="figure-shown"><img src="/figures/{OTHER}.webp"'),
        (figure(alt="Four bars"), "<del>Three</del>", "<ins>Four</ins>"),
        (figure(f"Stages.{CITED} {CREDIT}"), "<del>Grades</del>", "<ins>Stages</ins>"),
    ],
    ids=["image", "alternative text", "caption"],
)  # fmt: skip
def test_a_comparison_shows_what_changed_in_a_figure(after: str, gone: str, come: str) -> None:
    (change,) = align(split(figure(), RECORDS), split(after, RECORDS))
    html = inline(change, {"pavel2020": 1})

    assert change.kind is ChangeKind.CHANGED
    assert gone in html
    assert come in html
    assert html.count("Alternative text:") <= 2
    assert html.count("Caption:") == 1
    old, new = sides(change, {"pavel2020": 1}, {"pavel2020": 1})
    assert gone in old
    assert come in new


def test_an_unchanged_figure_is_shown_with_its_alternative_text_in_words() -> None:
    (change,) = align(split(figure(), RECORDS), split(figure(), RECORDS))
    html = inline(change, {"pavel2020": 1})

    assert f'<img src="/figures/{NAME}.webp" width="1200" height="800" alt="" loading="lazy">' in html
    assert "Alternative text:</span> Three bars<br>" in html


def test_a_figure_is_never_given_other_words_as_a_whole() -> None:
    block = only(figure())

    assert not is_replaceable(block.tag)
    assert replace_statement(figure(), RECORDS, block.digest, "Other words.") is None
    assert one_statement(f"Words {image()} and more.") == "Words<br>and more."


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (figure(), []),
        (figure(name=OTHER), ["figure-unknown"]),
        (figure(alt=""), ["figure-alt-missing"]),
        (figure(alt="x" * 1_001), ["figure-alt-too-long"]),
        (figure(f"{CREDIT}{CITED}"), ["figure-caption-missing"]),
        (figure(f"Grades.{CITED}"), ["figure-credit-missing"]),
        (figure(""), ["uncited-statement", "figure-caption-missing", "figure-credit-missing"]),
        (figure(f"Grades. {CREDIT}"), ["uncited-statement"]),
    ],
)
def test_a_figure_needs_its_image_words_for_it_a_caption_a_credit_and_a_source(
    body: str, codes: list[str]
) -> None:
    document = make_document(body=f"<h2>From the Research</h2>{body}<p>More.{CITED}</p>")
    found = [issue for issue in check(document, {NAME: CREDIT}) if issue.blocking]

    assert [issue.code for issue in found] == codes
    assert {issue.anchor for issue in found} <= {document.statements(Level.CLINICAL)[1].anchor}
