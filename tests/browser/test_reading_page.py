"""The article page as readers have it: what it weighs, that it stands still, its cards, its keys."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.places import FLAGSHIP
from tests.browser.server import Office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WIDE, PHONE, SMALLEST = ({"width": width, "height": 800} for width in (1280, 390, 320))
# Bytes of everything that the page fetches, as they come over the wire, with their headers.
LIGHT_ENOUGH = 60_000
WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
        shifts.push([entry.value, entry.sources.map(({ node }) => node?.nodeName ?? "")]);
    }
}).observe({ type: "layout-shift", buffered: true });
"""
# How many characters stand in each full line of each paragraph.
LINES = """() => [...document.querySelectorAll(".prose > p")].flatMap((paragraph) => {
    const text = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    const lines = new Map();
    const range = document.createRange();
    for (let node = text.nextNode(); node; node = text.nextNode()) {
        if (node.parentElement.closest("sup, a")) continue;
        for (let at = 0; at < node.length; at += 1) {
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            const { bottom } = range.getBoundingClientRect();
            if (bottom) lines.set(Math.round(bottom / 10), (lines.get(Math.round(bottom / 10)) ?? 0) + 1);
        }
    }
    return [...lines.values()].slice(0, -1);
})"""
# Explained in the glossary of the demo; the article has no plain-language text.
_WORDY = """
from articles.models import User
from tests import makers
ada, ravi = (User.objects.get(username=name) for name in ("ada", "ravi"))
makers.article(ada, "approved", reviewer=ravi, question="Who explains the words?", plain_body="",
    words="Histopathology and biomarkers come first.")
"""


@pytest.fixture
def read(open_as: Open) -> Callable[..., Page]:
    """The flagship, open before a reader."""

    def opened(path: str = FLAGSHIP, **options: Any) -> Page:
        page = open_as(**({"viewport": WIDE} | options))
        page.goto(path)
        return page

    return opened


def card(page: Page) -> Locator:
    return page.get_by_role("tooltip")


def to_the_end(page: Page) -> None:
    """Scroll through all of it, and wait until the last of it is on the screen."""
    while page.evaluate(
        "scrollBy(0, 600), innerHeight + scrollY < document.documentElement.scrollHeight - 2"
    ):
        page.evaluate("() => new Promise(requestAnimationFrame)")


# --- Weight and calm ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [FLAGSHIP, f"{FLAGSHIP}plain/"], ids=["clinical", "plain"])
def test_the_article_with_all_it_needs_is_light_and_comes_from_one_host(path, office: Office, open_as: Open):
    page = open_as(viewport=PHONE)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    asked: dict[str, str] = {}
    bytes_of: dict[str, float] = {}
    wire.on(
        "Network.requestWillBeSent", lambda said: asked.update({said["requestId"]: said["request"]["url"]})
    )
    wire.on(
        "Network.loadingFinished",
        lambda said: bytes_of.update({asked[said["requestId"]]: said["encodedDataLength"]}),
    )
    page.goto(path, wait_until="networkidle")
    to_the_end(page)
    assert {url for url in asked.values() if not url.startswith((f"{office.url}/", "data:"))} == set()
    assert len(bytes_of) > 5
    assert 10_000 < sum(bytes_of.values()) < LIGHT_ENOUGH, bytes_of
    assert page.context.cookies() == []


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_on_the_page_moves_while_it_is_read(size, open_as: Open):
    page = open_as(viewport=size)
    page.add_init_script(WATCH)
    page.goto(FLAGSHIP, wait_until="networkidle")
    to_the_end(page)
    assert page.evaluate("shifts") == []
    # And a shift would have been heard.
    page.evaluate("scrollTo(0, 0), document.querySelector('.page-head').prepend('Late')")
    page.wait_for_function("() => shifts.length > 0")


def test_nothing_runs_off_the_smallest_screen_even_when_all_is_open(read):
    page = read(viewport=SMALLEST)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]


def test_a_line_holds_as_many_characters_as_are_read_with_ease(read):
    page = read()
    lines = page.evaluate(LINES)
    assert len(lines) > 20
    assert 60 <= sum(lines) / len(lines) <= 75
    assert max(lines) <= 82
    # In other fonts too: a character takes between 0.42 and 0.53 of their size.
    wide = page.locator(".prose > p").first.evaluate(
        "node => node.getBoundingClientRect().width / parseFloat(getComputedStyle(node).fontSize)"
    )
    assert 60 * 0.5 <= wide <= 75 * 0.44


# --- Citations and words ------------------------------------------------------------------------------------


def test_a_citation_shows_its_reference_to_the_pointer_and_keeps_it_while_the_pointer_is_on_it(read):
    page = read()
    chip = page.locator("a.cite").first
    chip.hover()
    expect(card(page)).to_contain_text("Loree JM")
    expect(card(page).get_by_role("link", name="doi:10.1001/jamaoncol.2024.4330")).to_be_visible()
    expect(card(page)).to_be_in_viewport(ratio=1)
    expect(chip).to_have_attribute("aria-describedby", "peek")
    card(page).hover()
    page.evaluate("() => new Promise((done) => setTimeout(done, 400))")  # longer than the card waits
    expect(card(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    chip.hover()
    expect(card(page)).to_be_visible()
    page.get_by_role("heading", level=1).hover()
    expect(card(page)).to_have_count(0)


def test_a_citation_shows_its_reference_to_the_keyboard_and_leads_there_and_back(read):
    page = read()
    page.get_by_role("note").get_by_role("link", name="Ravi Menon, MD, PhD").focus()
    page.keyboard.press("Tab")
    chip = page.locator("a.cite").first
    expect(chip).to_be_focused()
    expect(card(page)).to_contain_text("Loree JM")
    page.keyboard.press("Tab")
    expect(card(page)).to_contain_text("Pavel M")
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#ref-1$"))
    back = page.locator("#ref-1").get_by_role("link", name="Back to where reference 1 is cited, place 1")
    back.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#cite-1-1$"))
    expect(chip).to_be_in_viewport()


def test_a_tap_shows_the_reference_and_a_second_one_leads_to_it(read):
    page = read(viewport=PHONE, has_touch=True, is_mobile=True)
    chips = page.locator("a.cite")
    chips.nth(3).tap()
    expect(card(page)).to_contain_text("Tella SH")
    expect(card(page)).to_be_in_viewport(ratio=1)
    assert "#" not in page.url
    page.get_by_role("heading", name="Key Considerations").tap()
    expect(card(page)).to_have_count(0)
    chips.nth(3).tap()
    expect(card(page)).to_be_visible()
    chips.nth(3).tap()
    expect(page).to_have_url(re.compile("#ref-3$"))


def test_an_explained_word_shows_its_meaning(read, office: Office):
    office.manage("shell", "--no-imports", "-c", _WORDY)
    page = read("/articles/who-explains-the-words/plain/")
    word = page.locator("a.term", has_text="Histopathology")
    word.hover()
    expect(card(page)).to_contain_text("Looking at a small piece of tissue under the microscope")
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    word.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(card(page)).to_contain_text("Looking at a small piece of tissue")
    page.keyboard.press("Enter")
    expect(page.locator("#word-histopathology")).to_be_in_viewport()


# --- Finding one's way --------------------------------------------------------------------------------------


def test_the_contents_lead_to_every_part_and_tell_where_one_is(read):
    page = read()
    contents = page.get_by_role("navigation", name="On this page")
    links = contents.get_by_role("link").all()
    assert len(links) > 10
    for link in links:
        link.click()
        target = page.locator(str(link.get_attribute("href")))
        expect(target).to_be_in_viewport()
    expect(contents.locator("[aria-current]")).to_have_count(1)
    contents.get_by_role("link", name="From the Research").click()
    expect(contents.locator("[aria-current]")).to_have_text(["From the Research"])


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_who_one_is_leads_to_the_text_for_them(scripts, read):
    page = read(java_script_enabled=scripts)
    switch = page.get_by_role("group", name="Which best describes you?")
    expect(switch.get_by_role("button")).to_have_text(
        ["Patient or caregiver", "Student", "Healthcare professional", "Researcher"]
    )
    switch.get_by_role("button", name="Patient or caregiver").click()
    expect(page).to_have_url(re.compile(f"{FLAGSHIP}plain/$"))
    expect(page.get_by_role("heading", name="How is it treated?")).to_be_visible()
    if scripts:
        expect(switch.get_by_role("button", pressed=True)).to_have_text(["Patient or caregiver"])
    switch.get_by_role("button", name="Researcher").click()
    expect(page).to_have_url(re.compile(f"{FLAGSHIP}$"))
    expect(page.get_by_role("heading", name="From the Research")).to_be_visible()


def test_each_reading_level_is_a_link_away_from_the_other(read):
    page = read()
    page.get_by_role("link", name="Read it in plain language").click()
    expect(page).to_have_url(re.compile(f"{FLAGSHIP}plain/$"))
    page.get_by_role("link", name="Read the text for health professionals").click()
    expect(page).to_have_url(re.compile(f"{FLAGSHIP}$"))


def test_what_is_suggested_for_a_search_is_reached_with_the_keyboard_alone(read):
    page = read("/")
    box = page.get_by_role("searchbox")
    suggested = page.locator("#suggestions a")
    box.focus()
    page.keyboard.type("somatostatin")
    expect(suggested.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(suggested.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(suggested).to_have_count(0)
    expect(box).to_be_focused()
    expect(box).to_have_value("somatostatin")
    page.keyboard.type(" a")
    expect(suggested.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    address = str(suggested.first.get_attribute("href"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{re.escape(address)}$"))


def test_back_from_a_question_that_was_sent_leads_to_the_form_and_to_no_error(read):
    page = read(f"{FLAGSHIP}ask/")
    page.get_by_label("Your question").fill("Which scan shows where a neuroendocrine tumor began?")
    page.get_by_role("button", name="Look for an answer first").click()
    expect(page.locator("#found h3")).to_have_text("Already answered?")
    page.get_by_role("button", name="Send the question").click()
    expect(page).to_have_url(re.compile("/ask/sent/"))
    page.go_back()
    expect(page).to_have_url(re.compile("/ask/$"))
    expect(page.get_by_label("Your question")).to_be_visible()


# --- On paper -----------------------------------------------------------------------------------------------


def test_paper_gets_the_text_who_signed_it_and_the_addresses_and_nothing_to_press(read):
    page = read()
    page.emulate_media(media="print")
    expect(page.locator(".trust")).to_be_visible()
    expect(page.get_by_role("heading", name="Professional Medical Disclaimer")).to_be_visible()
    for gone in (".sitenav", ".contents", ".personalize", ".other-level", "form", "#ask", "#take_along"):
        expect(page.locator(gone).first).to_be_hidden()
    printed = "node => getComputedStyle(node, '::after').content"
    source = page.locator(".reference-links a").first.evaluate(printed)
    assert "https://doi.org/10.1001/jamaoncol.2024.4330" in source
    assert f"{FLAGSHIP}versions/1/" in page.locator(".page-head .byline").evaluate(printed)
