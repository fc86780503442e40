"""With JavaScript switched off the work goes on: write, submit, claim, approve, ask, say who is reading."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.places import FLAGSHIP
from tests.browser.signing import approve

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

QUESTION = "What can be done without scripts?"
BODY = """
<h2>From the Guidelines</h2>
<h3>Key Considerations</h3>
<p>Plain pages reach everybody. <cite data-ref="pavel2020"></cite></p>
"""


def without_scripts(open_as: Open, who: str = "") -> Page:
    return open_as(who, java_script_enabled=False)


def act(page: Page, button: str | re.Pattern[str], note: str = "") -> None:
    """The sheets open by the browser's own means."""
    page.get_by_role("region", name="What you can do").get_by_role("button", name=button).click()
    sheet = page.get_by_role("dialog")
    if note:
        sheet.get_by_role("textbox").fill(note)
    sheet.get_by_role("button", name=button).click()


def test_an_article_is_written_reviewed_and_approved(open_as: Open):
    ada, ravi = without_scripts(open_as, "ada"), without_scripts(open_as, "ravi")

    ada.goto("/write/")
    ada.get_by_role("link", name="Write an article").click()
    ada.get_by_label("Clinical question").fill(QUESTION)
    ada.get_by_label("Summary").fill("Everything that matters.")
    ada.get_by_label("Clinical text").fill(BODY)
    ada.get_by_label("Plain-language text").fill("<p>All that matters can be done.</p>")
    first, second = ada.locator("[data-reference]").nth(0), ada.locator("[data-reference]").nth(1)
    first.get_by_label("Key").fill("pavel2020")
    first.get_by_label("Title").fill("Gastroenteropancreatic neuroendocrine neoplasms")
    first.get_by_label("Date").fill("2020")
    # Another row comes from the server, with everything typed so far.
    ada.get_by_role("button", name="Add another reference").click()
    expect(second).to_be_visible()
    expect(ada.get_by_label("Clinical question")).to_have_value(QUESTION)
    expect(ada.get_by_label("Clinical text")).to_have_value(re.compile("Plain pages reach everybody"))
    ada.get_by_label("Competing interests").fill("None declared.")
    ada.get_by_label("Use of AI").fill("None.")
    ada.get_by_label("Evidence searched to").fill("2026-10-01")
    ada.get_by_role("button", name="Begin the article").click()
    expect(ada.locator(".messages")).to_contain_text("this is version 1")
    act(ada, re.compile("^Submit"), "Written by hand.")
    expect(ada.get_by_role("main")).to_contain_text("Submitted")

    ravi.goto("/review/?show=waiting")
    ravi.get_by_role("link", name=QUESTION).click()
    act(ravi, "Take on this review")
    expect(ravi.locator(".messages")).to_contain_text("You are now reviewing version 1.")
    approve(ravi, re.compile("^Approve"))
    expect(ravi.locator(".messages")).to_contain_text("Version 1 is approved.")

    reader = without_scripts(open_as)
    reader.goto("/")
    reader.get_by_role("link", name=QUESTION).click()
    expect(reader.get_by_text("Plain pages reach everybody.")).to_be_visible()
    reader.locator("a.cite").click()
    expect(reader.locator(".references li:target")).to_be_visible()


def test_a_reader_asks_a_question(open_as: Open):
    page = without_scripts(open_as)
    page.goto(FLAGSHIP)
    page.get_by_label("Your question").fill("Does grade matter for follow-up?")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your question is with the editors")
    edith = without_scripts(open_as, "edith")
    edith.goto("/desk/questions/")
    expect(edith.get_by_role("link", name="Does grade matter for follow-up?")).to_be_visible()


def test_a_reader_says_who_they_are_and_is_led_to_the_text_for_them(open_as: Open):
    page = without_scripts(open_as)
    page.goto(FLAGSHIP)
    page.get_by_role("button", name="Patient or caregiver").click()
    expect(page).to_have_url(re.compile(f"{FLAGSHIP}plain/$"))
    expect(page.get_by_role("heading", name="What is a neuroendocrine tumor?")).to_be_visible()
    page.get_by_role("button", name="Researcher").click()
    expect(page).to_have_url(re.compile(f"{FLAGSHIP}$"))


def test_on_a_phone_the_card_and_the_contents_unfold(open_as: Open):
    page = open_as("", java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(FLAGSHIP)
    card = page.locator("section.trust")
    expect(card).to_be_hidden()
    page.locator(".trust-line summary").click()
    expect(card).to_be_visible()
    expect(card).to_contain_text("Ravi Menon, MD, PhD")
    contents = page.get_by_role("navigation", name="On this page")
    expect(contents).to_be_hidden()
    page.locator(".contents-line summary").click()
    contents.get_by_role("link", name="References").click()
    expect(page.get_by_role("heading", name="References")).to_be_in_viewport()
