"""Two reviewers on the flagship: statement by statement, twice, to a signed page."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.listening import Listener
from tests.browser.places import FLAGSHIP
from tests.browser.screens import visits
from tests.browser.server import Office, running_office
from tests.browser.signing import approve

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# The policy asks for two approvals and for every statement.
_POLICY = """
from articles.models import ReviewPolicy
ReviewPolicy.objects.filter(topic=None).update(quorum=2, sign_off=True)
"""
STATEMENT = "Liver-directed therapy may be considered where disease lies mainly in the liver."
BETTER = (
    "Liver-directed therapy may be considered where the disease lies mainly in the liver "
    "and cannot be removed."
)


@pytest.fixture(scope="module")
def own_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A server of its own: this story changes the article that other tests look at."""
    with running_office(tmp_path_factory.mktemp("two-reviewers")) as running:
        running.manage("shell", "--no-imports", "-c", _POLICY)
        yield running


@pytest.fixture
def visit(browser: Browser, own_office: Office) -> Iterator[Callable[[str], Page]]:
    """A page for a person, wide, with somebody listening to what goes wrong in it."""
    listener = Listener(own_office.url)
    people = visits(browser, own_office)

    def opened(who: str) -> Page:
        page = people(who)
        listener.listen(page.context)
        return page

    yield opened
    assert not listener.complaints()


def act(page: Page, button: str | re.Pattern[str], note: str = "") -> None:
    page.get_by_role("region", name="What you can do").get_by_role("button", name=button).click()
    sheet = page.get_by_role("dialog")
    if note:
        sheet.get_by_role("textbox").last.fill(note)
    sheet.get_by_role("button", name=button).click()


def progress(page: Page) -> Locator:
    return page.locator("#progress")


def signed(page: Page) -> int:
    return int(progress(page).inner_text().split(" of ")[0])


def current(page: Page) -> Locator:
    return page.locator(".st-current")


def sign_off_what_needs_me(page: Page, text: str) -> None:
    """By keyboard alone: s for supported, j for the next, until nothing is left at this reading level."""
    page.get_by_role("navigation", name="Text").get_by_role("link", name=text).click()
    page.get_by_role("navigation", name="Show").get_by_role("link", name=re.compile("Needs me")).click()
    expect(page).to_have_url(re.compile("only=me"))
    expect(page.locator("html.has-workbench")).to_have_count(1)
    left = page.locator(".st-asks")
    page.keyboard.press("j")
    for _ in range(left.count()):
        before = signed(page)
        page.keyboard.press("s")
        expect(progress(page)).to_contain_text(f"{before + 1} of")
        expect(current(page)).to_contain_text("Signed off by you")
        page.keyboard.press("j")
    expect(left).to_have_count(0)


def test_two_reviewers_sign_off_ask_again_for_what_changed_and_sign_by_name(
    own_office: Office, visit: Callable[[str], Page]
):
    article = own_office.articles()["draft"]
    ada, ravi, mei = visit("ada"), visit("ravi"), visit("mei")

    # Ada submits; both take it on.
    ada.goto(f"/write/{article}/")
    act(ada, re.compile("^(Res|S)ubmit"))
    for member in (ravi, mei):
        member.goto(f"/review/{article}/")
        if member.get_by_role("button", name="Take on this review").is_visible():
            act(member, "Take on this review")
        expect(progress(member)).to_be_visible()

    # Ravi signs off the clinical text, Mei the plain one, and neither touches the mouse for it.
    sign_off_what_needs_me(ravi, "For professionals")
    mei.reload()
    sign_off_what_needs_me(mei, "In plain language")

    # But of one statement Mei asks for other words, and it must be fixed.
    mei.goto(f"/review/{article}/")
    total = signed(mei)
    expect(progress(mei)).to_contain_text(f"{total} of {total}")
    statement = mei.locator(".st", has_text=STATEMENT).first
    statement.locator(".st-text").click()
    mei.keyboard.press("c")
    beside = mei.locator("#beside")
    beside.get_by_label("Your comment").fill("Say for whom: those who cannot be operated on.")
    beside.get_by_label("It must be fixed before I can approve").check()
    beside.get_by_text("Suggest other words").click()
    wording = beside.get_by_label("The statement as you would write it")
    typed = wording.input_value()
    assert typed.startswith(STATEMENT.removesuffix("."))
    wording.fill(typed.replace("mainly in the liver", "mainly in the liver and cannot be removed"))
    beside.get_by_role("button", name="Open the thread").click()
    expect(statement.locator(".st-thread")).to_contain_text("Must fix")
    expect(mei.locator(".actionbar-status")).to_have_text("Before you can approve: 1 thread must be fixed")
    expect(beside.locator(".thread-suggestion ins").first).to_contain_text("and cannot be removed")
    ravi.goto(f"/review/{article}/")
    ravi.get_by_role("button", name=re.compile("^Approve")).first.click()
    ravi.get_by_role("dialog").get_by_role("link", name=re.compile("must be fixed")).click()
    expect(ravi.locator("#beside .thread")).to_contain_text("Say for whom")
    act(mei, "Request changes", "One sentence; my words for it are in the thread.")
    expect(mei.locator(".messages")).to_contain_text("is back with Ada Okafor")

    # Ada takes up the words with one click, and resubmits.
    ada.goto(f"/write/{article}/asks/")
    ada.get_by_role("button", name="Take up these words").click()
    expect(ada.locator(".messages")).to_contain_text("that Mei Lin suggested are in")
    ada.goto(f"/write/{article}/")
    act(ada, re.compile("^(Res|S)ubmit"), "Taken up.")

    # The second round asks for exactly what changed, and shows what it was before.
    for member in (ravi, mei):
        member.goto(f"/review/{article}/?only=me")
        expect(member.locator(".st-asks")).to_have_count(1)
        expect(member.locator(".st[id]")).to_have_count(1)
        expect(member.locator(".st-asks ins")).to_contain_text("and cannot be removed")
        expect(progress(member)).to_contain_text(f"{total - 1} of {total}")
        member.get_by_role("link", name=re.compile(r"^All \(")).click()
        expect(member.locator(".st-mark", has_text="unchanged").first).to_be_visible()
    mei.goto(f"/review/{article}/?only=me")
    expect(mei.locator("html.has-workbench")).to_have_count(1)
    mei.keyboard.press("j")
    mei.keyboard.press("s")
    expect(progress(mei)).to_contain_text(f"{total} of {total}")
    mei.locator(".st-asks .st-outdated, .st .st-outdated").first.click()
    mei.locator("#beside").get_by_role("button", name="Resolve").click()
    expect(mei.locator("#beside .thread")).to_contain_text("Resolved by Mei Lin")
    expect(mei.locator(".actionbar-status")).to_contain_text("It takes 2 more approvals")

    # Both sign: the password each time, and the second signature publishes.
    approve(mei, re.compile("^Approve version"), "Thank you for the words.")
    expect(mei.locator(".messages")).to_contain_text("It waits for your colleagues.")
    ravi.goto(f"/review/{article}/")
    approve(ravi, re.compile("^Approve version"))
    expect(ravi.locator(".messages")).to_contain_text("Readers see it from now on.")

    reader = visit("")
    reader.goto(FLAGSHIP)
    expect(reader.get_by_text(BETTER.partition("where the")[0]).first).to_be_visible()
    expect(reader.get_by_text("and cannot be removed")).to_be_visible()
    trust = reader.locator(".trust").first
    expect(trust).to_contain_text("Ravi Menon, MD, PhD")
    expect(trust).to_contain_text("Mei Lin, PharmD")
    assert "Traceback" not in (own_office.var / "server.log").read_text(encoding="utf-8")
