"""Signing an approval in a browser, as people do: every box ticked, the password typed."""

import re

from playwright.sync_api import Page

from tests.browser.server import PASSWORD


def approve(page: Page, button: str | re.Pattern[str], note: str = "") -> None:
    """Open the sheet of the approval, confirm the checklist, sign with the password."""
    page.get_by_role("region", name="What you can do").get_by_role("button", name=button).click()
    sheet = page.get_by_role("dialog")
    for box in sheet.get_by_role("checkbox").all():
        box.check()
    if note:
        sheet.get_by_label("Note to the author").fill(note)
    sheet.get_by_label("Your password").fill(PASSWORD)
    sheet.get_by_role("button", name=button).click()
