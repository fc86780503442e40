"""One real server for all browser tests, people who are signed in on it, and somebody who listens."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.listening import Listener
from tests.browser.server import PASSWORD, Office, running_office

# A loaded machine is slow, not broken.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with running_office(tmp_path_factory.mktemp("office")) as running:
        yield running


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], office: Office) -> dict[str, Any]:
    return browser_context_args | {"base_url": office.url, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def signed_in(browser: Browser, office: Office) -> Callable[[str], Any]:
    """What a browser keeps of somebody who signed in; each person signs in once."""
    kept: dict[str, Any] = {}

    def keep(who: str) -> Any:
        if who not in kept:
            context = browser.new_context(base_url=office.url)
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            page.goto("/accounts/login/")
            page.get_by_label("E-mail or user name").fill(who)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("navigation", name="Editorial office")).to_be_visible()
            kept[who] = context.storage_state()
            context.close()
        return kept[who]

    return keep


@pytest.fixture
def listener(office: Office) -> Iterator[Listener]:
    """Hears what goes wrong in the pages of a test, and fails the test that passed all the same."""
    heard = Listener(office.url)
    yield heard
    assert not heard.complaints()


@pytest.fixture
def open_as(new_context: Callable[..., Any], signed_in: Callable[[str], Any], listener: Listener) -> Open:
    """A page in a browser of somebody's own: "ravi" is signed in already, "" is a reader."""

    def opened(who: str = "", **options: Any) -> Page:
        context = new_context(storage_state=signed_in(who) if who else None, **options)
        context.set_default_timeout(PATIENCE)
        listener.listen(context)
        return context.new_page()

    return opened
