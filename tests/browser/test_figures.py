"""Figures in a browser: put into the text by keyboard, shown to everybody, at rest, alone and on paper."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import figures
from tests.browser.places import FLAGSHIP
from tests.browser.test_everyone_can_use_it import PHONE, SMALLEST, WIDE, violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EDITOR = "#id_body.ProseMirror"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "bars.png"
    path.write_bytes(figures.drawing())
    return path


def edit(page: Page, article: int) -> None:
    page.goto(f"/write/{article}/edit/")
    page.wait_for_selector(EDITOR)
    page.locator(EDITOR).click()
    page.keyboard.press("Control+End")


def test_a_figure_is_added_and_put_into_the_text_by_keyboard(office, open_as, listener, picture) -> None:
    article = office.make("draft", "Which figure goes in by keyboard?")
    page = open_as("ada", viewport=WIDE)
    edit(page, article)
    page.keyboard.press("Control+Shift+F")
    dialog = page.get_by_role("dialog", name="Figure")
    expect(dialog.get_by_text("This article has no images yet")).to_be_visible()
    assert violations(page) == []

    listener.expect(f"/write/{article}/figures/add/", 422)
    dialog.get_by_label("Image", exact=True).set_input_files(picture)
    dialog.get_by_role("button", name="Add this image").press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("Say in words what the image shows")
    dialog.get_by_label("What it shows, in words").fill(figures.ALT)
    dialog.get_by_label("Credit").fill(figures.CREDIT)
    dialog.get_by_role("button", name="Add this image").press("Enter")
    expect(dialog.get_by_role("radio", name=figures.ALT)).to_be_checked()
    expect(dialog.get_by_label("Alternative text")).to_have_value(figures.ALT)
    assert violations(page) == []
    dialog.get_by_role("button", name="Insert the figure").press("Enter")
    expect(dialog).to_be_hidden()
    page.keyboard.type("Grades by their bars.")
    page.keyboard.press("Enter")
    page.keyboard.type("And a paragraph after it.")
    page.get_by_label("What changed").focus()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/write/{article}/")
    page.goto(f"/office/articles/{article}/preview/")
    figure = page.get_by_role("figure")
    expect(figure).to_have_text(f"Figure 1. Grades by their bars. {figures.CREDIT}")
    expect(figure.get_by_role("img")).to_have_accessible_name(figures.ALT)
    assert figure.get_by_role("img").evaluate("img => img.complete && img.naturalWidth") == 240
    expect(page.locator(".prose p").last).to_have_text("And a paragraph after it.")


def test_a_figure_is_changed_and_taken_out_and_never_loses_its_image_unseen(office, open_as) -> None:
    article = office.make("draft", "Which figure is changed?")
    office.manage(
        "shell", "--no-imports", "-c",
        f"from articles.models import Article\nfrom tests import figures\n"
        f"a = Article.objects.get(pk={article})\nfigures.show(a, figures.add(a))",
    )  # fmt: skip
    page = open_as("ada", viewport=WIDE)
    edit(page, article)
    caption = page.locator(f"{EDITOR} figcaption")
    caption.click()
    toolbar = page.get_by_role("toolbar", name="Formatting: Clinical text")
    expect(toolbar.get_by_role("button", name="Section heading", exact=True)).to_have_attribute(
        "aria-disabled", "true"
    )
    toolbar.get_by_role("button", name="Figure").click()
    dialog = page.get_by_role("dialog", name="Figure")
    expect(dialog.get_by_role("radio", name=figures.ALT)).to_be_checked()
    dialog.get_by_label("Alternative text").fill("Other words")
    dialog.get_by_role("button", name="Change the figure").click()
    expect(page.locator(f"{EDITOR} figure img[data-image]")).to_have_attribute("alt", "Other words")

    caption.click()
    page.keyboard.press("Home")
    page.keyboard.press("Backspace")
    expect(page.locator(f"{EDITOR} figure.ProseMirror-selectednode")).to_have_count(1)
    page.keyboard.press("Backspace")
    expect(page.locator(f"{EDITOR} figure")).to_have_count(0)
    page.keyboard.press("Control+Z")
    expect(page.locator(f"{EDITOR} figure img[data-image]")).to_have_count(1)


def test_an_article_that_is_not_saved_yet_says_that_it_must_be(open_as) -> None:
    page = open_as("ada", viewport=PHONE)
    page.goto("/write/new/")
    page.wait_for_selector(EDITOR)
    page.get_by_role("toolbar", name="Formatting: Clinical text").get_by_role("button", name="Figure").click()
    dialog = page.get_by_role("dialog", name="Figure")
    expect(dialog).to_contain_text("Save the article first")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_page_of_figures_needs_no_script(office, new_context, signed_in, listener, picture) -> None:
    article = office.make("draft", "Which figure needs no script?")
    context = new_context(storage_state=signed_in("ada"), java_script_enabled=False, viewport=SMALLEST)
    listener.listen(context)
    page = context.new_page()
    page.goto(f"/write/{article}/")
    page.get_by_role("link", name="Figures").click()
    page.get_by_label("Image", exact=True).set_input_files(picture)
    page.get_by_label("Alternative text").fill(figures.ALT)
    page.get_by_label("Credit").fill(figures.CREDIT)
    page.get_by_role("button", name="Add this image").click()
    expect(page.locator(".messages")).to_contain_text("The image is added.")
    page.get_by_text("Put it into the text").first.click()
    markup = page.get_by_label("Figure as HTML").input_value()
    assert markup.startswith("<figure><img data-image=")
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]


@pytest.mark.parametrize("size", [WIDE, PHONE, SMALLEST], ids=["wide", "phone", "smallest"])
def test_readers_see_the_figure_at_rest_and_alone(size, open_as, listener) -> None:
    page = open_as(viewport=size)
    held = []
    # The image comes late: the words around it must not move when it does.
    page.route("**/figures/*.webp", lambda route: held.append(route))
    page.goto(FLAGSHIP)
    figure = page.get_by_role("figure")
    figure.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('figure img').getBoundingClientRect().height > 50")
    after = figure.locator("figcaption")
    before = after.evaluate("node => [node.offsetTop, document.body.scrollHeight]")
    while not held:
        page.evaluate("() => new Promise(requestAnimationFrame)")
    for route in held:
        route.continue_()
    page.wait_for_function("() => document.querySelector('figure img').naturalWidth === 720")
    assert after.evaluate("node => [node.offsetTop, document.body.scrollHeight]") == before
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    expect(figure).to_contain_text(re.compile(r"^Figure 1\. Grades of gastroenteropancreatic"))
    if size == PHONE:
        page.unroute("**/figures/*.webp")
        listener.expect("/favicon.ico", 404)
        figure.get_by_role("link").first.click()
        page.wait_for_url("**/figures/*.webp")


def test_on_paper_a_figure_stands_on_one_page_with_its_caption(open_as) -> None:
    page = open_as(viewport=WIDE)
    page.goto(FLAGSHIP)
    page.get_by_role("figure").scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('figure img').naturalWidth === 720")
    page.emulate_media(media="print")
    figure = page.get_by_role("figure")
    assert figure.evaluate("node => getComputedStyle(node).breakInside") == "avoid"
    assert (
        figure.get_by_role("img").evaluate("node => node.getBoundingClientRect().height") <= 150 / 25.4 * 96
    )
    expect(figure.locator("figcaption")).to_be_visible()
