"""The review page, worked on for a day: by keyboard, on a phone, without scripts, and when it refuses."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.listening import Listener
from tests.browser.server import PASSWORD, Office
from tests.browser.test_everyone_can_use_it import tab_to, violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WIDE, PHONE, SMALLEST = ({"width": width, "height": 800} for width in (1280, 390, 320))
# Of every article of the makers: the summary, two in the clinical text, and one in plain words.
STATEMENTS = 4
# Edith asks Mei to review it as well.
_INVITE = """
from articles import workflow
from articles.models import Article, User
mei, edith = (User.objects.get(username=name) for name in ("mei", "edith"))
workflow.assign(%d, member=mei, actor=edith, note="The second opinion we lack.")
"""
# Withdrawn, edited and submitted; Ravi stands as its reviewer.
_MOVE_ON = """
from articles import workflow
from articles.models import Article, User
from tests import makers
ada = User.objects.get(username="ada")
found = Article.objects.get(pk=%d)
workflow.withdraw(found.pk, version=found.version, actor=ada)
saved = makers.edit(makers.fresh(found), "Histology with grade and stage sets prognosis.")
workflow.submit(saved.pk, version=saved.version, actor=ada)
"""
# What somebody means to press, or to type in, and something else lies on.
COVERED = """
() => [
    ...document.querySelectorAll("main :is(a[href], button, input, select, textarea, summary)")
].flatMap(node => {
    if (node.type === "hidden" || !node.checkVisibility({ visibilityProperty: true })) return [];
    node.scrollIntoView({ block: "center", inline: "center" });
    const lines = [...node.getClientRects()].filter(({ width, height }) => width && height);
    if (!lines.length) return [];
    const { left, right, top, width, height } = lines[0];
    const words = node.outerHTML.slice(0, 160);
    if (left < 0 || right > innerWidth) return [`cut: ${words}`];
    const found = document.elementFromPoint(left + width / 2, top + height / 2);
    const label = node.id && document.querySelector(`label[for="${CSS.escape(node.id)}"]`);
    const isReached = found && (node.contains(found) || found.contains(node) || label?.contains(found));
    return isReached ? [] : [`covered by ${found?.outerHTML.slice(0, 80)}: ${words}`];
})
"""
# Words that run over the edge of their box.
CUT = """
() => [...document.querySelectorAll("main *")].flatMap(node => {
    const style = getComputedStyle(node);
    if (!node.checkVisibility() || node.closest(".visually-hidden, svg")) return [];
    if (style.overflowX !== "hidden") return [];
    return node.scrollWidth > node.clientWidth + 1 ? [node.outerHTML.slice(0, 160)] : [];
})
"""


@pytest.fixture
def under_review(office: Office) -> Callable[[str], int]:
    """Make an article under review by Ravi, with a question of its own."""
    return lambda question: office.make("under_review", question)


def progress(page: Page) -> Locator:
    return page.locator("#progress")


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="What you can do")


def ready(page: Page) -> None:
    """The page's script has begun its work."""
    expect(page.locator("html.has-workbench")).to_have_count(1)


def statement(page: Page, words: str) -> Locator:
    return page.locator(".st[id]", has_text=words)


# --- The keyboard -------------------------------------------------------------------------------------------


def test_the_keyboard_alone_does_a_whole_review(under_review, open_as: Open):
    article = under_review("Can a whole review be done without a mouse?")
    page = open_as("ravi", viewport=WIDE)
    page.goto(f"/review/{article}/")
    ready(page)
    press = page.keyboard.press
    summary, first, second, plain = (page.locator(".st[id]").nth(place) for place in range(STATEMENTS))
    beside = page.locator("#beside")

    # To and fro, and a verdict each time.
    press("j")
    expect(summary).to_be_focused()
    press("j")
    expect(first).to_be_focused()
    expect(first).to_have_class(re.compile("st-current"))
    press("k")
    expect(summary).to_be_focused()
    press("s")
    expect(summary.locator(".st-mark")).to_have_text("Signed off by you")
    expect(progress(page)).to_contain_text(f"1 of {STATEMENTS} signed off")
    expect(summary).to_be_focused()
    press("ArrowRight")
    expect(first).to_be_focused()
    press("n")
    expect(first.locator(".st-mark")).to_have_text("Not supported, you say")
    press("u")
    expect(first.locator(".st-mark")).to_have_text("Unclear to you")
    press("ArrowLeft")
    expect(summary).to_be_focused()

    # What the keys do is one key away, and the way back is another.
    press("?")
    sheet = page.get_by_role("dialog", name="Keyboard")
    expect(sheet).to_contain_text("Next statement")
    press("Escape")
    expect(sheet).to_be_hidden()
    expect(summary).to_be_focused()

    # The reference of a statement, a note with its verdict, and back to the text.
    press("j")
    expect(beside).to_have_attribute("data-at", first.get_attribute("id") or "")
    press("r")
    expect(beside.locator(".beside-references a").first).to_be_focused()
    press("Escape")
    expect(first).to_be_focused()
    press("r")
    # A doubt asks for its reason: the box is open.
    expect(beside.get_by_label("Your note on this statement")).to_be_visible()
    tab_to(page, beside.get_by_label("Your note on this statement"))
    page.keyboard.type("Of which grade?")
    tab_to(page, beside.get_by_role("button", name="Unclear"), "Shift+Tab")
    press("Enter")
    expect(first.locator(".st-mark q")).to_have_text("Of which grade?")
    press("Escape")
    expect(first).to_be_focused()

    # A thread that must be fixed, with other words.
    press("c")
    expect(beside.get_by_label("Your comment")).to_be_focused()
    page.keyboard.type("Say of which grade. sunk")
    tab_to(page, beside.get_by_label("It must be fixed before I can approve"))
    press("Space")
    tab_to(page, beside.locator("summary", has_text="Suggest other words"))
    press("Enter")
    tab_to(page, beside.get_by_label("The statement as you would write it"))
    press("Home")
    page.keyboard.type("In short: ")
    tab_to(page, beside.get_by_role("button", name="Open the thread"))
    press("Enter")
    expect(first.locator(".st-thread")).to_contain_text("Must fix")
    expect(beside.locator(".thread ins").first).to_contain_text("In short")
    expect(bar(page)).to_contain_text("1 thread must be fixed")

    # Only what still asks, and all again.
    press("Escape")
    press("f")
    expect(page).to_have_url(re.compile("only=me"))
    ready(page)
    expect(page.locator(".st[id]")).to_have_count(2)
    press("f")
    expect(page).not_to_have_url(re.compile("only=me"))
    ready(page)

    # Settled, signed off, and signed.
    thread = page.locator("#beside .thread")
    page.goto(f"/review/{article}/")
    ready(page)
    press("j")
    press("j")
    expect(thread).to_be_visible()
    press("r")
    expect(beside.locator(".beside-references a").first).to_be_focused()
    tab_to(page, thread.get_by_role("button", name="Resolve"))
    press("Enter")
    expect(thread).to_contain_text("Resolved by Ravi Menon")
    press("Escape")
    expect(first).to_be_focused()
    for each in (first, second, plain):
        press("s")
        expect(each.locator(".st-mark").first).to_have_text(re.compile("^Signed off by you"))
        press("j")
    expect(progress(page)).to_contain_text(f"{STATEMENTS} of {STATEMENTS} signed off")
    tab_to(page, bar(page).get_by_role("button", name=re.compile("^Approve version")))
    press("Enter")
    approval = page.get_by_role("dialog", name=re.compile("^Approve version"))
    for box in approval.get_by_role("checkbox").all():
        tab_to(page, box)
        press("Space")
    tab_to(page, approval.get_by_label("Your password"))
    page.keyboard.type(PASSWORD)
    press("Enter")
    expect(page.locator(".messages")).to_contain_text("version 1 is", ignore_case=True)


def test_keys_are_letters_to_somebody_who_writes_and_can_be_switched_off(under_review, open_as: Open):
    article = under_review("Who presses s while writing a comment?")
    page = open_as("ravi", viewport=WIDE)
    page.goto(f"/review/{article}/")
    ready(page)
    press = page.keyboard.press
    press("j")
    press("c")
    box = page.locator("#beside").get_by_label("Your comment")
    expect(box).to_be_focused()
    page.keyboard.type("susanne jnk?")
    expect(box).to_have_value("susanne jnk?")
    expect(page.locator(".st-mark")).to_have_count(0)
    # Another statement does not take away what was being written: it waits at its own.
    first, second = (page.locator(".st[id]").nth(place) for place in range(2))
    press("Escape")
    press("j")
    expect(second).to_be_focused()
    expect(box).to_have_value("")
    press("k")
    expect(first).to_be_focused()
    expect(box).to_have_value("susanne jnk?")
    press("?")
    page.get_by_label("Use these keys").uncheck()
    press("Escape")
    press("s")
    press("j")
    expect(first).to_be_focused()
    expect(page.locator(".st-mark")).to_have_count(0)
    page.once("dialog", lambda asked: asked.accept())
    page.goto("/review/")


# --- A phone ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [PHONE, SMALLEST], ids=["phone", "smallest"])
@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("ravi", "/review/"),
        ("ravi", "/review/?show=decided"),
        ("ravi", "/review/{under_review}/"),
        ("mei", "/review/{changes_requested}/?show=statements&thread={thread}"),
        ("mei", "/review/{changes_requested}/?show=changes&with=1"),
        ("mei", "/review/{changes_requested}/?show=changes&with=1&view=side"),
        ("mei", "/review/{changes_requested}/?show=references"),
        ("ravi", "/review/{submitted}/?show=text"),
        ("mei", "/office/articles/{changes_requested}/threads/{thread}/"),
        ("ravi", "/office/interests/"),
        ("ada", "/write/{changes_requested}/asks/"),
    ],
)
def test_on_a_phone_nothing_is_cut_and_everything_is_reached(who, path, size, office: Office, open_as: Open):
    page = open_as(who, viewport=size, has_touch=True, is_mobile=True)
    page.goto(path.format(**office.words()))
    for fold in page.locator("main details:not([open]) > summary").all():
        if fold.is_visible():
            fold.tap()
    if page.locator(".beside[data-open]").count():
        page.locator("[data-close]").tap()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate(CUT) == []
    assert page.evaluate(COVERED) == []


def test_a_phone_reviews_with_a_thumb(under_review, open_as: Open):
    article = under_review("Can a review be done on a train?")
    page = open_as("ravi", viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"/review/{article}/")
    ready(page)
    first = statement(page, "Histology with grade").first
    first.get_by_role("button", name="Unclear").tap()
    expect(first.locator(".st-mark")).to_have_text("Unclear to you")
    # The evidence is a sheet from below, which leaves room for its statement, and closes.
    first.get_by_role("link", name=re.compile("^Reference 1")).tap()
    sheet = page.locator(".beside[data-open]")
    expect(sheet).to_be_visible()
    expect(sheet.locator("#ref-1")).to_be_visible()
    inside = sheet.evaluate("node => node.getBoundingClientRect().toJSON()")
    assert inside["left"] == 0
    assert inside["right"] == PHONE["width"]
    assert inside["top"] >= PHONE["height"] * 0.3
    expect(first).to_be_in_viewport()
    assert page.evaluate(COVERED.replace("main :is", "#beside :is")) == []
    sheet.get_by_role("link", name="Next statement").tap()
    expect(sheet).to_have_attribute("data-at", page.locator(".st[id]").nth(2).get_attribute("id") or "")
    sheet.get_by_text("Comment on this statement").tap()
    sheet.get_by_label("Your comment").fill("Which imaging?")
    sheet.get_by_role("button", name="Open the thread").tap()
    expect(page.locator(".st[id]").nth(2).locator(".st-thread")).to_contain_text("Which imaging?")
    page.locator("[data-close]").tap()
    expect(page.locator(".beside[data-open]")).to_have_count(0)
    bar(page).get_by_role("button", name="More").tap()
    bar(page).get_by_role("button", name="Recuse myself").tap()
    recusal = page.get_by_role("dialog", name="Recuse myself")
    expect(recusal.get_by_role("button", name="Recuse myself")).to_be_in_viewport()
    recusal.get_by_role("button", name="Cancel").tap()
    expect(recusal).to_be_hidden()


# --- Without scripts ----------------------------------------------------------------------------------------


def test_without_scripts_a_whole_review_is_done(under_review, open_as: Open):
    article = under_review("Can a review be done by forms alone?")
    page = open_as("ravi", viewport=WIDE, java_script_enabled=False)
    page.goto(f"/review/{article}/")
    first = statement(page, "Histology with grade").first

    first.get_by_role("button", name="Unclear").click()
    expect(first.locator(".st-mark")).to_have_text("Unclear to you")
    beside = page.locator("#beside")
    beside.get_by_label("Your note on this statement").fill("Of which grade?")
    beside.get_by_role("button", name="Save the note").click()
    expect(first.locator(".st-mark q")).to_have_text("Of which grade?")

    beside.get_by_text("Comment on this statement").click()
    beside.get_by_label("Your comment").fill("Say of which grade.")
    beside.get_by_label("It must be fixed before I can approve").check()
    beside.get_by_text("Suggest other words").click()
    wording = beside.get_by_label("The statement as you would write it")
    wording.fill(wording.input_value().replace("Histology with grade", "Histology with its grade"))
    beside.get_by_role("button", name="Open the thread").click()
    thread = beside.locator(".thread")
    expect(thread).to_contain_text("Must fix")
    expect(thread.locator("ins").first).to_contain_text("its")
    expect(bar(page)).to_contain_text("Before you can approve: 1 thread must be fixed")

    thread.get_by_role("button", name="Need not be fixed").click()
    expect(thread).not_to_contain_text("Must fix")
    thread.get_by_text("Answer", exact=True).click()
    thread.get_by_label("Your answer").fill("Found it: in the next sentence.")
    thread.get_by_role("button", name="Send the answer").click()
    expect(page.locator(".thread")).to_contain_text("Found it: in the next sentence.")
    page.locator(".thread").get_by_role("button", name="Resolve").click()
    expect(page.locator(".thread").first).to_contain_text("Resolved by Ravi Menon")

    page.goto(f"/review/{article}/?only=me")
    for _ in range(STATEMENTS):
        asking = page.locator(".st-asks").first
        if not asking.count():
            break
        asking.get_by_role("button", name="Supported", exact=True).click()
    expect(page.get_by_text("Nothing here asks for you")).to_be_visible()
    page.goto(f"/review/{article}/")
    first.get_by_role("button", name="Supported", exact=True).click()
    expect(progress(page)).to_contain_text(f"{STATEMENTS} of {STATEMENTS} signed off")
    bar(page).get_by_role("button", name=re.compile("^Approve version")).click()
    approval = page.get_by_role("dialog", name=re.compile("^Approve version"))
    for box in approval.get_by_role("checkbox").all():
        box.check()
    approval.get_by_label("Your password").fill(PASSWORD)
    approval.get_by_role("button", name=re.compile("^Approve version")).click()
    expect(page.locator(".messages")).to_contain_text("version 1 is", ignore_case=True)


# --- Everybody ----------------------------------------------------------------------------------------------


def shown_to_everybody(page: Page) -> list[str]:
    """What axe finds in both schemes, wide and on a phone; and whether it fits there."""
    found = []
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        found += [f"{size['width']}: {words}" for words in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append(f"{size['width']}: runs off the screen")
    return found


def test_what_opens_on_the_page_is_open_to_everybody(under_review, open_as: Open):
    article = under_review("Is what opens on this page open to all?")
    page = open_as("ravi", viewport=WIDE)
    page.goto(f"/review/{article}/")
    ready(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    assert shown_to_everybody(page) == []
    page.keyboard.press("Escape")
    page.set_viewport_size(WIDE)
    page.locator("details.menu > summary").first.click()
    assert shown_to_everybody(page) == []
    page.keyboard.press("Escape")
    page.set_viewport_size(WIDE)
    first = statement(page, "Histology with grade").first
    first.locator(".st-text").click()
    page.keyboard.press("c")
    beside = page.locator("#beside")
    expect(beside.get_by_label("Your comment")).to_be_focused()
    beside.get_by_text("Suggest other words").click()
    beside.get_by_text("Add a note").click()
    assert violations(page) == []
    beside.get_by_label("Your comment").fill("Say of which grade.")
    beside.get_by_role("button", name="Open the thread").click()
    beside.locator(".thread summary", has_text="Answer").click()
    expect(beside.get_by_label("Your answer")).to_be_focused()
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    first.get_by_role("link", name=re.compile("^Evidence")).click()
    expect(page.locator(".beside[data-open]")).to_be_visible()
    assert violations(page) == []


def test_an_invitation_is_open_to_everybody(office: Office, under_review, open_as: Open):
    article = under_review("Will Mei read this one as well?")
    office.manage("shell", "--no-imports", "-c", _INVITE % article)
    page = open_as("mei", viewport=WIDE)
    page.goto("/review/")
    expect(page.get_by_role("heading", name="Waiting for your answer")).to_be_visible()
    assert shown_to_everybody(page) == []
    page.goto(f"/review/{article}/")
    for name in ("Accept", "Decline"):
        page.set_viewport_size(WIDE)
        bar(page).get_by_role("button", name=re.compile(f"^{name}")).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert shown_to_everybody(page) == []
        page.keyboard.press("Escape")


def refused(page: Page, listener: Listener, step: str, status: int) -> list[str]:
    """Send what the open sheet holds, past the browser's own questions; what axe finds on the next page."""
    path = page.url.partition("?")[0].partition("#")[0] + step + "/"
    listener.expect("/" + path.split("/", 3)[3], status)
    sheet = page.get_by_role("dialog")
    sheet.locator("form").evaluate("form => { form.noValidate = true; }")
    sheet.get_by_role("button").first.click()
    expect(page.get_by_role("alert").first).to_be_visible()
    return shown_to_everybody(page)


def test_a_refusal_is_open_to_everybody_and_keeps_the_words(
    office: Office, under_review, open_as: Open, listener: Listener
):
    article = under_review("What does the page say when it refuses?")
    page = open_as("ravi", viewport=WIDE)
    page.goto(f"/review/{article}/")
    bar(page).get_by_role("button", name="Request changes").click()
    assert refused(page, listener, "request-changes", 422) == []
    expect(page.locator("#again")).to_contain_text("Request changes")

    page.set_viewport_size(WIDE)
    page.goto(f"/review/{article}/")
    bar(page).get_by_role("button", name=re.compile("^Approve")).click()
    sheet = page.get_by_role("dialog")
    for box in sheet.get_by_role("checkbox").all():
        box.check()
    sheet.get_by_label("Note to the author").fill("Well said.")
    sheet.get_by_label("Your password").fill("not my password")
    assert refused(page, listener, "approve", 422) == []
    again = page.locator("#again")
    expect(again.get_by_label("Note to the author")).to_have_value("Well said.")
    expect(again.get_by_label("Your password")).to_have_value("")
    for box in again.get_by_role("checkbox").all():
        expect(box).to_be_checked()

    page.set_viewport_size(WIDE)
    page.goto(f"/review/{article}/")
    bar(page).get_by_role("button", name="Request changes").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("textbox").fill("Name the trial.")
    office.manage("shell", "--no-imports", "-c", _MOVE_ON % article)
    assert refused(page, listener, "request-changes", 409) == []
    expect(page.locator("main")).to_contain_text("version 2 is there now")
    expect(page.locator("main")).to_contain_text("Name the trial.")
