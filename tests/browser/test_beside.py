"""What stands beside the text of a review: the chosen statement, with nothing lost that was begun there."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.server import Office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def page(office: Office, open_as: Open) -> Page:
    """A review of Ravi's own, with room beside the text."""
    article = office.make("under_review", "Does what stands beside belong to what is chosen?")
    page = open_as("ravi", viewport={"width": 1400, "height": 900})
    page.goto(f"/review/{article}/")
    expect(page.locator("html.has-workbench")).to_have_count(1)
    return page


def test_what_stands_beside_follows_the_statement_and_the_note_begun_stays_with_its_own(page: Page):
    first, second = page.locator(".st[id]").nth(1), page.locator(".st[id]").nth(2)
    beside, note = page.locator("#beside"), page.get_by_label("Your note on this statement")
    at_first, at_second = (str(each.get_attribute("id")) for each in (first, second))
    first.get_by_role("link", name="Evidence").click()
    expect(beside).to_have_attribute("data-at", at_first)
    beside.get_by_text("Add a note").click()
    note.fill("Which trial says so?")

    # Another statement is chosen: what stands beside is about that one, and so is a verdict given there.
    second.get_by_role("link", name="Evidence").click()
    expect(beside).to_have_attribute("data-at", at_second)
    expect(note).to_have_value("")
    expect(first.locator(".st-side")).to_contain_text("Your words are not sent yet")
    beside.get_by_role("button", name="Supported", exact=True).click()
    expect(second.locator(".st-mark")).to_have_text("Signed off by you")
    expect(first.locator(".st-mark")).to_have_count(0)

    # The note is where it was begun, and goes with the verdict, even one that is given by its key.
    second.press("k")
    expect(beside).to_have_attribute("data-at", at_first)
    expect(note).to_be_visible()
    expect(note).to_have_value("Which trial says so?")
    second.get_by_role("link", name="Evidence").click()
    expect(beside).to_have_attribute("data-at", at_second)
    first.get_by_role("button", name="Unclear").click()
    expect(first.locator(".st-mark q")).to_have_text("Which trial says so?")
    expect(page.locator(".st-unsent")).to_have_count(0)
    # Nothing is left that a question would have to be asked about.
    page.goto("/review/")


def test_a_sign_off_takes_over_no_style_which_the_policy_would_refuse(page: Page):
    statement = page.locator(".st[id]").nth(1)
    statement.get_by_role("link", name="Evidence").click()
    beside, note = page.locator("#beside"), page.get_by_label("Your note on this statement")
    expect(beside).to_have_attribute("data-at", str(statement.get_attribute("id")))
    beside.get_by_text("Add a note").click()
    # As a browser does when somebody draws the box larger. The listener hears what the policy refuses.
    note.evaluate("node => { node.style.height = '12rem'; }")
    note.fill("Which trial says so?")
    beside.get_by_role("button", name="Unclear").click()
    expect(beside.locator(".st-mark q")).to_have_text("Which trial says so?")
    expect(beside.get_by_role("button", name="Save the note")).to_be_visible()


def test_leaving_the_page_asks_about_words_begun_at_a_statement_that_is_not_shown(page: Page):
    first, second = page.locator(".st[id]").nth(1), page.locator(".st[id]").nth(2)
    beside = page.locator("#beside")
    first.get_by_role("link", name="Evidence").click()
    expect(beside).to_have_attribute("data-at", str(first.get_attribute("id")))
    beside.get_by_text("Comment on this statement").click()
    beside.get_by_label("Your comment").fill("Say of which grade.")
    beside.get_by_label("It must be fixed before I can approve").check()
    second.get_by_role("link", name="Evidence").click()
    expect(beside).to_have_attribute("data-at", str(second.get_attribute("id")))

    asked = []
    page.once("dialog", lambda question: (asked.append(question.type), question.dismiss()))
    page.get_by_role("link", name=re.compile("^Needs me")).click()
    first.get_by_role("link", name="Evidence").click()
    expect(beside.get_by_label("Your comment")).to_have_value("Say of which grade.")
    expect(beside.get_by_label("It must be fixed before I can approve")).to_be_checked()
    assert asked == ["beforeunload"]
    beside.get_by_role("button", name="Open the thread").click()
    expect(first.locator(".st-thread")).to_contain_text("Must fix")
    expect(page.locator(".st-unsent")).to_have_count(0)


def test_the_contents_mark_the_section_of_the_chosen_statement_and_nothing_jumps_between_tabs(page: Page):
    plain = page.locator(".st[id]").last
    plain.locator(".st-text").click()
    marked = page.locator("[data-contents] a[aria-current]")
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text("In short")
    page.keyboard.press("k")
    expect(marked).to_contain_text("Diagnosis")
    page.keyboard.press("j")
    expect(marked).to_contain_text("In short")

    def places() -> list[float]:
        parts = page.locator("main h1, .actionbar-status, .tabs")
        return [part.evaluate("node => node.getBoundingClientRect().left") for part in parts.all()]

    before = places()
    for tab in ("As readers will see it", "References"):
        page.get_by_role("navigation", name="What to look at").get_by_role("link", name=tab).click()
        expect(page.get_by_role("link", name=tab)).to_have_attribute("aria-current", "page")
        assert places() == before
