"""Photograph the demo: `python -m tests.browser.screens [--all DIRECTORY]`.

Without an option it makes the pictures of the documents, in docs/screens/. With `--all` it photographs every
kind of page, wide and on a phone, in both schemes, for people to look at.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests import services
from tests.browser.places import PLACES
from tests.browser.server import PASSWORD, ROOT, Office, running_office

SCREENS = ROOT / "docs" / "screens"
WIDE: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Picture:
    """One picture of the documents: the name of a Place, and how it is looked at."""

    place: str
    size: ViewportSize = field(default_factory=WIDE.copy)
    dark: bool = False


PICTURES = {
    "home": Picture("home"),
    "article": Picture("article"),
    "article-dark": Picture("article", dark=True),
    "article-phone": Picture("article", PHONE),
    "article-phone-dark": Picture("article", PHONE, dark=True),
    "plain": Picture("article-plain"),
    "plain-dark": Picture("article-plain", dark=True),
    "plain-phone": Picture("article-plain", PHONE),
    "plain-phone-dark": Picture("article-plain", PHONE, dark=True),
    "versions": Picture("article-versions"),
    "compare": Picture("article-compare"),
    "search": Picture("search"),
    "ask": Picture("ask"),
    "board": Picture("board"),
    "member": Picture("member"),
    "policy": Picture("policy"),
    "queue": Picture("queue"),
    "desk": Picture("desk"),
    # The last one: it changes what there is to see.
    "review": Picture("review"),
}
QUESTION = "Which scan shows where a neuroendocrine tumor began?"

Visit = Callable[[str], Page]


def visits(browser: Browser, office: Office) -> Visit:
    """Pages for people: each signs in once, and "" is a reader."""
    contexts = {}

    def page_of(who: str) -> Page:
        if who not in contexts:
            contexts[who] = browser.new_context(base_url=office.url, viewport=WIDE, reduced_motion="reduce")
            if who:
                page = contexts[who].new_page()
                page.goto("/accounts/login/")
                page.get_by_label("E-mail or user name").fill(who)
                page.get_by_label("Password").fill(PASSWORD)
                page.get_by_role("button", name="Sign in").click()
                expect(page.get_by_role("navigation", name="Editorial office")).to_be_visible()
                page.close()
        return contexts[who].new_page()

    return page_of


def for_documents(office: Office, visit: Visit, target: Path) -> None:
    """Each picture of the documents, under its name."""
    places = {place.name: place for place in PLACES}
    words = office.words()
    for name, picture in PICTURES.items():
        place = places[picture.place]
        page = visit("mei" if name == "review" else place.who)
        page.set_viewport_size(picture.size)
        page.emulate_media(color_scheme="dark" if picture.dark else "light")
        path = answered_review(office, visit) if name == "review" else place.path.format(**words)
        page.goto(path)
        if name == "ask":
            page.get_by_label("Your question").fill(QUESTION)
            page.get_by_role("button", name="Look for an answer first").click()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=target / f"{name}.png")
        page.close()


def answered_review(office: Office, visit: Visit) -> str:
    """Ada takes up the words that Mei suggested, answers the rest that must be fixed, and resubmits."""
    changes = office.articles()["changes_requested"]
    page = visit("ada")
    page.goto(f"/write/{changes}/asks/")
    page.get_by_role("button", name="Take up these words").click()
    expect(page.locator(".messages")).to_contain_text("that Mei Lin suggested are in")
    page.goto(f"/write/{changes}/asks/")
    unanswered = page.locator(".thread-must").filter(has_text="Waits for you").first
    unanswered.get_by_text("Answer", exact=True).click()
    unanswered.get_by_label("Your answer").fill(
        "The final report is cited now. Does safety need a section of its own?"
    )
    unanswered.get_by_role("button", name="Mark as done").click()
    # The bar comes back with what is answered counted in; a sheet opened before would go with the old one.
    expect(page.locator("#asks-left")).to_contain_text("Nothing stands in the way")
    submit = re.compile("^Submit version")
    page.get_by_role("region", name="What you can do").get_by_role("button", name=submit).click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("textbox").fill("Survival and the lung statement are as you asked; safety is answered.")
    sheet.get_by_role("button", name=submit).click()
    expect(page.locator(".messages")).to_be_visible()
    page.close()
    return f"/review/{changes}/"


def of_everything(office: Office, visit: Visit, target: Path) -> None:
    for place in PLACES:
        page = visit(place.who)
        page.goto(place.path.format(**office.words()))
        page.wait_for_load_state("networkidle")
        for size in (WIDE, PHONE):
            page.set_viewport_size(size)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                path = target / f"{place.name}-{size['width']}-{scheme}.png"
                page.screenshot(path=path, full_page=True)
        page.close()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/screens", description="Photograph the demo.")
    parser.add_argument("--all", type=Path, metavar="DIRECTORY", help="every kind of page, into DIRECTORY")
    everything: Path | None = parser.parse_args(arguments).all
    chromium = services.chromium()
    if chromium is None:
        print("Error: Chromium is needed, and was not found.", file=sys.stderr)
        return 1
    target = everything or SCREENS
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as var, running_office(Path(var)) as office, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        (of_everything if everything else for_documents)(office, visits(browser, office), target)
        browser.close()
    print(f"The pictures are in {target}/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
