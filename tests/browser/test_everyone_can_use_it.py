"""No page shuts anybody out: axe finds nothing, nothing runs off a small screen, a keyboard is enough."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.listening import Listener
from tests.browser.places import FLAGSHIP, PLACES, Place
from tests.browser.server import PASSWORD, Office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WIDE, PHONE, SMALLEST = ({"width": width, "height": 800} for width in (1280, 390, 320))
AXE = Axe().axe_script
# Only the colours differ between the schemes, so the dark one is asked about colours only.
COLOURS = ["color-contrast", "link-in-text-block"]
AUDIT = """
rules => axe.run({exclude: ["iframe"]}, {
    resultTypes: ["violations"],
    ...(rules.length ? {runOnly: rules} : {}),
}).then(found => found.violations.flatMap(
    ({id, nodes}) => nodes.map(node => `${id}: ${node.html.slice(0, 200)}`)
))
"""


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is shown now, in the light scheme and in the dark."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    page.emulate_media(color_scheme="light")
    found = page.evaluate(AUDIT, [])
    page.emulate_media(color_scheme="dark")
    return [*found, *(f"dark {words}" for words in page.evaluate(AUDIT, COLOURS))]


@pytest.fixture
def go(office: Office, open_as: Open, listener: Listener) -> Callable[[Place], Page]:
    """A place, open before somebody who may see it, as wide as a desk."""

    def opened(place: Place) -> Page:
        page = open_as(place.who, viewport=WIDE)
        path = place.path.format(**office.words())
        if place.status != 200:
            listener.expect(path, place.status)
        answer = page.goto(path)
        assert answer
        assert answer.status == place.status
        if "write-edit" in place.name or "write-new" in place.name:
            expect(page.get_by_role("toolbar")).to_have_count(2)
        return page

    return opened


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_the_page_is_open_to_everybody_and_fits_every_screen(place, go):
    page = go(place)
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("main")).to_have_count(1)
    found = [f"wide: {words}" for words in violations(page)]
    page.set_viewport_size(PHONE)
    found += [f"phone: {words}" for words in violations(page)]
    assert found == []
    page.set_viewport_size(SMALLEST)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]


def test_a_fault_would_be_found(open_as):
    page = open_as(viewport=WIDE)
    page.goto(f"{FLAGSHIP}ask/")
    page.evaluate("document.querySelector('label[for=ask-text]').remove()")
    page.evaluate("document.querySelector('h1').style.color = '#eee'")
    found = violations(page)
    assert any(words.startswith("label: ") for words in found), found
    assert any(words.startswith("color-contrast: ") for words in found), found


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("button", ["Approve", "Request changes", "Declare a conflict of interest"])
def test_the_sheet_of_an_act_is_open_to_everybody(button, size, office, open_as):
    page = open_as("ravi", viewport=size)
    page.goto(f"/review/{office.articles()['under_review']}/")
    bar = page.get_by_role("region", name="What you can do")
    if size == PHONE and button != "Approve":
        bar.get_by_role("button", name="More").click()
        assert violations(page) == []
    page.get_by_role("button", name=re.compile(f"^{button}")).first.click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    inside = sheet.evaluate("node => node.getBoundingClientRect()")
    assert inside["left"] >= 0
    assert inside["right"] <= size["width"]
    assert violations(page) == []


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_list_to_cite_from_is_open_to_everybody(size, office, open_as):
    page = open_as("ada", viewport=size)
    page.goto(f"/write/{office.articles()['changes_requested']}/edit/")
    page.get_by_role("toolbar").first.get_by_role("button", name="Cite").click()
    expect(page.get_by_role("dialog", name="Cite").get_by_role("checkbox").first).to_be_visible()
    assert violations(page) == []


def test_forms_say_what_is_wrong_to_everybody(open_as, listener):
    page = open_as("ada", viewport=WIDE)
    listener.expect("/write/new/", 422)
    page.goto("/write/new/")
    page.get_by_label("Title").fill("A title, and nothing else that a reference needs")
    page.get_by_label("Date").fill("last spring")
    page.get_by_role("button", name="Begin the article").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert violations(page) == []
    reader = open_as(viewport=PHONE)
    reader.goto("/accounts/login/")
    reader.get_by_label("E-mail or user name").fill("nobody")
    reader.get_by_label("Password").fill("wrong")
    reader.get_by_role("button", name="Sign in").click()
    expect(reader.get_by_role("alert")).to_be_visible()
    assert violations(reader) == []


# --- The keyboard -------------------------------------------------------------------------------------------


def focused(locator: Locator) -> bool:
    return bool(locator.evaluate("node => node === document.activeElement"))


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press the key until the target has the focus; on the way the focus is always somewhere to be seen."""
    expect(target).to_be_visible()
    for _ in range(120):
        page.keyboard.press(key)
        hidden = page.evaluate(
            """() => {
                const node = document.activeElement;
                const { width, height } = node.getBoundingClientRect();
                return node !== document.body && (!width || !height) ? node.outerHTML.slice(0, 200) : "";
            }"""
        )
        assert not hidden
        if focused(target):
            return
    raise AssertionError(f"the keyboard does not reach {target}")


@pytest.mark.parametrize(("who", "path"), [("", FLAGSHIP), ("ravi", "/review/")], ids=["public", "office"])
def test_the_first_tab_offers_to_skip_to_the_content(who, path, open_as):
    page = open_as(who, viewport=WIDE)
    page.goto(path)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_review_is_decided_with_the_keyboard_alone(office, open_as):
    question = "Can an approval be given without a mouse?"
    office.make("submitted", question)
    page = open_as("ravi", viewport=WIDE)
    page.goto("/review/")
    press: Any = page.keyboard.press

    tab_to(page, page.get_by_role("link", name="Waiting for a reviewer"))
    press("Enter")
    tab_to(page, page.get_by_role("link", name=question))
    press("Enter")
    bar = page.get_by_role("region", name="What you can do")
    tab_to(page, bar.get_by_role("button", name="Take on this review"))
    press("Enter")
    tab_to(page, page.get_by_role("dialog").get_by_role("button", name="Take on this review"))
    press("Enter")
    expect(page.locator(".messages")).to_contain_text("You are now reviewing version 1.")

    # The sheet opens, closes on Escape with the focus where it was, and opens again.
    approve = bar.get_by_role("button", name="Approve version 1")
    tab_to(page, approve)
    press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(approve).to_be_focused()
    press("Enter")
    sheet = page.get_by_role("dialog")
    for box in sheet.get_by_role("checkbox").all():
        tab_to(page, box)
        press("Space")
    tab_to(page, sheet.get_by_label("Note to the author"))
    page.keyboard.type("Read with care.")
    tab_to(page, sheet.get_by_label("Your password"))
    page.keyboard.type(PASSWORD)
    tab_to(page, sheet.get_by_role("button", name="Approve version 1"))
    press("Enter")
    expect(page.locator(".messages")).to_contain_text("Version 1 is approved.")

    page.goto("/")
    expect(page.get_by_role("link", name=question)).to_be_visible()


def test_the_menu_of_the_account_opens_and_closes_with_the_keyboard(open_as):
    page = open_as("ada", viewport=PHONE)
    page.goto("/write/")
    summary = page.locator("details.menu summary")
    tab_to(page, summary)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(summary).to_be_focused()
