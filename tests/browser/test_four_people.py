"""The main job in four browsers on the real server: written, reviewed, approved, read, revised, retired."""

import json
import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.listening import Listener
from tests.browser.server import Office
from tests.browser.signing import approve

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

QUESTION = "When is a liver-directed therapy considered for neuroendocrine tumors?"
ADDRESS = "/articles/when-is-a-liver-directed-therapy-considered-for-neuroendocrine-tumors/"
PASTED = {
    "type": "article-journal",
    "title": "Systemic treatment of neuroendocrine tumors",
    "author": [{"family": "Herrera", "given": "A."}],
    "container-title": "Endocrine Reviews",
    "issued": {"date-parts": [[2018]]},
}
TEXT = {
    "Key Considerations": "Grade sets the outlook, and a team plans the care.",
    "Clinical Guidelines": "Guidelines name these therapies for disease mainly in the liver.",
    "Diagnosis": "Imaging shows how far the liver is involved.",
    "Treatment": "Embolization can ease symptoms of hormone excess.",
    "Treatment Approach": "Receptor status and pace of growth guide the choice.",
}
REASON = "Say what the grade does for treatment. “Sets the outlook” is too little."


def today_after(words: str) -> re.Pattern[str]:
    """These words and then today's date, whose parts are kept together by spaces that do not break."""
    now = datetime.now(UTC)
    return re.compile(rf"{words}\s*{now:%B}\s{now.day},\s{now.year}")


def act(page: Page, button: str | re.Pattern[str], note: str = "") -> None:
    """Open the sheet of an act in the bar, write the note, and confirm."""
    page.get_by_role("region", name="What you can do").get_by_role("button", name=button).click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    if note:
        sheet.get_by_role("textbox").fill(note)
    sheet.get_by_role("button", name=button).click()


def says(page: Page, words: str | re.Pattern[str]) -> None:
    """What the office answers to a step."""
    expect(page.locator(".messages")).to_contain_text(words)


def cite(page: Page, text: Locator, key: str) -> None:
    """Put a citation where the cursor is, with the button of the editor."""
    page.get_by_role("toolbar", name="Formatting: Clinical text").get_by_role("button", name="Cite").click()
    dialog = page.get_by_role("dialog", name="Cite")
    dialog.get_by_role("checkbox", name=key).check()
    dialog.get_by_role("button", name="Cite").click()
    expect(dialog).to_be_hidden()
    expect(text.locator(f'cite[data-ref="{key}"]').first).to_be_visible()


def article_of(page: Page) -> Locator:
    """The link to our article in any list."""
    return page.get_by_role("main").get_by_role("link", name=QUESTION, exact=True)


def sign_up(page: Page, name: str, address: str) -> None:
    """A new account; its mail is read in the browser, as the demo allows."""
    page.goto("/accounts/signup/")
    page.get_by_label("Your name").fill(name)
    page.get_by_label(re.compile("^E-?mail")).fill(address)
    page.get_by_label("Password", exact=True).fill("correct horse battery staple")
    page.get_by_label("Password (again)").fill("correct horse battery staple")
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("confirm your e-mail address")
    page.get_by_role("link", name="Read the demo's mail").click()
    page.locator(".row", has_text=address).first.get_by_role("link").click()
    html = page.frame_locator(".mail-frame")
    expect(html.get_by_role("link", name="Confirm the address")).to_be_visible()
    page.locator(".mail-text").get_by_role("link", name="/accounts/confirm-email/").click()
    page.get_by_role("button", name="Confirm the address").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My articles")


def write(page: Page) -> None:
    """The whole article: by hand, in the editor, with a typed and a pasted reference."""
    page.get_by_role("link", name="Write your first article").click()
    page.get_by_label("Clinical question").fill(QUESTION)
    page.get_by_label("Summary").fill(
        "When most of the disease is in the liver and other care is not enough."
    )
    page.get_by_label("Topic").select_option("Systemic treatment")

    reference = page.locator("[data-reference]").first
    reference.get_by_label("Key").fill("pavel2020")
    reference.get_by_label("Title").fill("Gastroenteropancreatic neuroendocrine neoplasms")
    reference.get_by_label("Authors").fill("Pavel, M.\nÖberg, K.")
    reference.get_by_label("Journal, book or site").fill("Annals of Oncology")
    reference.get_by_label("Date").fill("2020")
    reference.get_by_label("DOI").fill("10.1016/j.annonc.2020.03.304")

    body = page.get_by_role("textbox", name="Clinical text")
    for heading, words in TEXT.items():
        body.locator(f'h3:has-text("{heading}") + p').first.click()
        page.keyboard.type(words)
        cite(page, body, "pavel2020")

    # The list of references comes back from the server; the text beside it must not notice.
    page.get_by_text("Paste references from a reference manager").click()
    page.get_by_label("CSL-JSON").fill(json.dumps([PASTED]))
    page.get_by_role("button", name="Add these references").click()
    expect(page.get_by_text("1 reference added")).to_be_visible()
    body.locator('h3:has-text("Treatment Approach") + p').click()
    cite(page, body, "herrera2018")
    expect(body.locator("cite")).to_have_count(6)

    page.get_by_role("textbox", name="Plain-language text").click()
    page.keyboard.type("A treatment aimed at the liver can help when most of the tumor is there.")
    page.get_by_label("Competing interests").fill("None declared.")
    page.get_by_label("Use of AI").fill("None.")
    page.get_by_label("Evidence searched to").fill("2026-10-01")
    page.get_by_role("button", name="Begin the article").click()
    says(page, "this is version 1")


def replace_word(page: Page, word: str, other: str, note: str) -> None:
    """Double-click a word of the clinical text, type another over it, and save."""
    page.get_by_role("link", name="Edit the text").first.click()
    # Until the editor is there, the textarea that it will hide holds the same words.
    page.wait_for_selector("#id_body.ProseMirror")
    body = page.get_by_role("textbox", name="Clinical text")
    paragraph = body.get_by_text(word).first
    x, y = paragraph.evaluate(
        """(node, word) => {
            const range = document.createRange();
            const start = node.firstChild.data.indexOf(word);
            range.setStart(node.firstChild, start);
            range.setEnd(node.firstChild, start + word.length);
            const place = node.getBoundingClientRect();
            const { x, y, width, height } = range.getBoundingClientRect();
            return [x + width / 2 - place.x, y + height / 2 - place.y];
        }""",
        word,
    )
    # Within the paragraph, and not on the screen: it may still move while the page is laid out.
    paragraph.dblclick(position={"x": x, "y": y})
    page.wait_for_function("word => getSelection().toString().trim() === word", arg=word)
    page.keyboard.type(other)
    expect(body.get_by_text(other)).to_be_visible()
    page.get_by_label("What changed").fill(note)
    page.get_by_role("button", name="Save", exact=True).click()


def test_an_article_is_submitted_reviewed_approved_read_revised_and_retired(
    office: Office, open_as: Open, listener: Listener
):
    ada, ravi, reader, edith = open_as(), open_as("ravi"), open_as(), open_as("edith")
    log = office.var / "server.log"
    told_before = len(log.read_text(encoding="utf-8"))

    # Ada signs up, writes and submits. Readers see nothing of it.
    sign_up(ada, "Ada Nwosu", "ada.nwosu@example.org")
    write(ada)
    act(ada, re.compile("^Submit"), "Short, and strict on sources.")
    says(ada, re.compile("submitted", re.IGNORECASE))
    reader.goto("/")
    expect(article_of(reader)).to_have_count(0)

    # Ravi takes it on, and asks for changes.
    ravi.goto("/review/")
    ravi.get_by_role("link", name="Waiting for a reviewer").click()
    article_of(ravi).click()
    act(ravi, "Take on this review")
    says(ravi, "You are now reviewing version 1.")
    act(ravi, "Request changes", REASON)
    says(ravi, "Version 1 is back with Ada Nwosu")

    # Ada hears of it, sees why, and answers with a new version.
    ada.get_by_role("link", name="Inbox").click()
    ada.get_by_role("link", name=re.compile("^Changes requested")).click()
    decided = ada.get_by_role("region", name="What was decided")
    expect(decided).to_contain_text("Ravi Menon")
    expect(decided.locator("blockquote")).to_have_text(REASON)
    replace_word(ada, "sets", "guides", "Says what the grade does.")
    says(ada, "Saved as version 2.")
    act(ada, re.compile("^(Res|S)ubmit"), "It guides treatment now.")

    # Ravi sees exactly what changed, and approves it.
    ravi.goto("/review/")
    article_of(ravi).click()
    ravi.get_by_role("link", name="What changed").click()
    changes = ravi.locator(".differences")
    expect(changes.locator("ins")).to_have_text(["guides"])
    expect(changes.locator("del")).to_have_text(["sets"])
    expect(changes.locator(".change-changed")).to_have_count(1)
    approve(ravi, re.compile("^Approve version 2"), "Thank you.")
    says(ravi, "Version 2 is approved. Readers see it from now on.")

    # A reader finds it, with today's date, and follows a citation to its source.
    reader.goto("/")
    row = reader.locator(".row", has_text=QUESTION)
    expect(row).to_contain_text(today_after("Updated"))
    article_of(reader).click()
    expect(reader).to_have_url(office.url + ADDRESS)
    expect(reader.get_by_role("main")).to_contain_text(today_after("Last updated:"))
    expect(reader.locator(".trust")).to_contain_text("Ravi Menon, MD, PhD")
    approved = reader.get_by_text("Grade guides the outlook, and a team plans the care.")
    expect(approved).to_be_visible()
    reader.locator("a.cite", has_text="2").first.click()
    source = reader.locator(".references li:target")
    expect(source).to_contain_text("Herrera A. Systemic treatment of neuroendocrine tumors")
    expect(reader.get_by_role("link", name="doi:10.1016/j.annonc.2020.03.304")).to_be_visible()

    # Ada revises it: byte for byte, readers keep what was approved.
    def public() -> list[bytes]:
        return [
            reader.request.get(path).body() for path in (ADDRESS, f"{ADDRESS}plain/", f"{ADDRESS}versions/")
        ]

    before = public()
    ada.goto("/write/")
    article_of(ada).click()
    act(ada, "Begin a revision")
    assert public() == before
    replace_word(ada, "shows", "reveals", "A better verb.")
    says(ada, "Saved as version 3.")
    assert public() == before
    act(ada, re.compile("^(Res|S)ubmit"))
    says(ada, re.compile("submitted", re.IGNORECASE))
    assert public() == before
    reader.goto(ADDRESS)
    expect(approved).to_be_visible()
    expect(reader.get_by_text("Imaging shows how far")).to_be_visible()

    # With the next approval readers get the new text, and the old one stays on record.
    ravi.goto("/review/?show=waiting")
    article_of(ravi).click()
    act(ravi, "Take on this review")
    expect(ravi.locator(".st ins")).to_have_text(["reveals"])
    assert public() == before
    approve(ravi, re.compile("^Approve version 3"))
    says(ravi, "Version 3 is approved.")
    reader.reload()
    expect(reader.get_by_text("Imaging reveals how far")).to_be_visible()
    reader.get_by_role("link", name="All approved versions", exact=True).click()
    expect(reader.locator(".row")).to_have_count(2)

    # Edith retires it: gone at once, with a notice.
    edith.goto("/desk/")
    edith.get_by_role("searchbox").fill("liver-directed Nwosu")
    edith.get_by_role("searchbox").press("Enter")
    article_of(edith).first.click()
    retire = edith.locator("#retire")
    retire.locator("summary").click()
    retire.get_by_role("textbox").fill("Newer guidance has replaced this article.")
    retire.get_by_role("checkbox").check()
    retire.get_by_role("button", name=re.compile("Retire")).click()
    says(edith, re.compile("retired", re.IGNORECASE))
    for path in (ADDRESS, f"{ADDRESS}plain/", f"{ADDRESS}versions/1/"):
        listener.expect(path, 410)
        gone = reader.goto(path)
        assert gone
        assert gone.status == 410
        expect(reader.get_by_role("main")).to_contain_text("Newer guidance has replaced this article.")
        expect(reader.get_by_text("Embolization")).to_have_count(0)
    reader.goto("/")
    expect(article_of(reader)).to_have_count(0)

    # What other stories did on the same server is their own.
    assert "Traceback" not in log.read_text(encoding="utf-8")[told_before:]
