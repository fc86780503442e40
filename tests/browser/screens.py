"""Photograph the demo: `python -m tests.browser.screens [--all DIRECTORY]`.

Without an option it makes the pictures of the documents, in docs/screens/. With `--all` it photographs every
kind of page, wide and on a phone, in both schemes, for people to look at.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import services
from tests.browser.places import FLAGSHIP, PLACES
from tests.browser.server import PASSWORD, ROOT, Office, running_office

SCREENS = ROOT / "docs" / "screens"
WIDE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}

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
    """The article as readers see it, and a review of what changed."""
    page = visit("")
    page.goto(FLAGSHIP)
    page.screenshot(path=target / "article.png")

    # Ada answers what Mei asked for, in part, and Mei sees what came of it.
    changes = office.articles()["changes_requested"]
    page = visit("ada")
    page.goto(f"/write/{changes}/")
    page.get_by_role("region", name="What you can do").get_by_role("button").last.click()
    page.get_by_role("dialog").get_by_role("textbox").fill(
        "The first point is in. Does the second need a section of its own?"
    )
    page.get_by_role("dialog").get_by_role("button").first.click()
    expect(page.locator(".messages")).to_be_visible()
    page = visit("mei")
    page.goto(f"/review/{changes}/")
    expect(page.locator(".differences ins").first).to_be_visible()
    page.screenshot(path=target / "review.png")


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
