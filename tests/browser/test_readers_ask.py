"""What becomes of a question: two readers ask, a member answers, another approves, both hear."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.places import FLAGSHIP
from tests.browser.server import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TITLE = "Is PRRT given to tumors that do not start in the midgut?"
SHOWN = "Is peptide receptor radionuclide therapy used outside of midgut tumors?"
ANSWER = "The phase 3 trial was in midgut tumors; for tumors of the lung there is a review."


def ask(page: Page, text: str, email: str) -> None:
    page.goto(f"{FLAGSHIP}ask/")
    page.get_by_label("Your question").fill(text)
    page.get_by_label(re.compile("E-mail address")).fill(email)
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_role("heading", name="Your question is with the editors")).to_be_visible()


def test_a_question_of_two_readers_is_answered_by_the_board_under_the_article(open_as: Open) -> None:
    reader = open_as()
    ask(reader, "My tumor began in the lung. Do they give PRRT for that?", "lung@example.org")
    ask(reader, "What about the radionuclide therapy if it is in the pancreas?", "pancreas@example.org")

    edith = open_as("edith")
    edith.goto("/desk/questions/")
    edith.get_by_role("checkbox", name=re.compile("My tumor began")).check()
    edith.get_by_role("checkbox", name=re.compile("What about the radionuclide")).check()
    edith.get_by_role("button", name="Group the chosen questions").click()
    edith.get_by_label("The question, in your own words").fill(TITLE)
    edith.get_by_role("button", name="Open the group").click()
    expect(edith.get_by_role("heading", name=TITLE)).to_be_visible()
    edith.get_by_text("Ask a member of the board to answer it").click()
    members = edith.get_by_label("Member", exact=True)
    mei_lin = members.locator("option").filter(has_text="Mei Lin")
    members.select_option(mei_lin.get_attribute("value"))
    edith.get_by_role("button", name="Ask this member").click()
    expect(edith.get_by_role("heading", name="Mei Lin answers for the board")).to_be_visible()

    mei = open_as("mei")
    mei.goto("/office/inbox/")
    mei.get_by_role("link", name=re.compile("A question of readers for you")).first.click()
    expect(mei.get_by_role("heading", name=TITLE)).to_be_visible()
    mei.wait_for_selector("#id_body.ProseMirror")
    mei.get_by_label("The question, as readers will see it").fill(SHOWN)
    mei.locator("#id_body").click()
    mei.keyboard.type(ANSWER)
    mei.keyboard.press("Control+Shift+E")
    chooser = mei.get_by_role("dialog", name="Cite")
    chooser.get_by_role("checkbox", name=re.compile("ramirez2017")).check()
    chooser.get_by_role("button", name="Cite", exact=True).click()
    mei.get_by_role("button", name="Hand it in for approval").click()
    expect(mei.get_by_text("Another member must approve it.")).to_be_visible()
    reader.goto(FLAGSHIP)
    expect(reader.get_by_text(ANSWER)).to_have_count(0)

    ravi = open_as("ravi")
    ravi.goto("/review/questions/?show=approve")
    ravi.get_by_role("link", name=TITLE).click()
    expect(ravi.get_by_text(ANSWER)).to_be_visible()
    ravi.get_by_label("Your password").fill(PASSWORD)
    ravi.get_by_role("button", name="Approve this answer").click()
    expect(ravi.get_by_text("Readers see this answer from now on.")).to_be_visible()

    # On the very next request, with its source and who signed it.
    reader.reload()
    answer = reader.get_by_role("region", name=SHOWN)
    expect(answer.get_by_text(ANSWER)).to_be_visible()
    expect(answer.get_by_text("Reviewed by")).to_contain_text("Ravi Menon")
    expect(answer.get_by_text("Ramirez RA", exact=False)).to_be_visible()
    expect(reader.get_by_text("My tumor began")).to_have_count(0)

    # Both who asked hear of it, each with their own question and the link to the answer.
    edith.goto("/office/mail/")
    for address in ("lung@example.org", "pancreas@example.org"):
        expect(edith.get_by_text(address)).to_have_count(1)
    edith.get_by_role("listitem").filter(has_text="lung@example.org").get_by_role("link").first.click()
    expect(edith.get_by_text("My tumor began in the lung.").first).to_be_visible()
    expect(edith.get_by_text(re.compile(r"#reply-\d+")).first).to_be_visible()
