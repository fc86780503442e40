"""The author's form as a browser without scripts fills it in: read from the page, changed, sent back."""

from typing import Any

import lxml.html


def filled(response: Any, **changes: Any) -> dict[str, str]:
    """What the form on a page would send, with `changes`; references_0_title is references-0-title."""
    page = lxml.html.fromstring(response.content.decode())
    form = page.get_element_by_id("manuscript")
    # A browser takes the line end that opens a textarea for markup; this parser does not.
    areas = {area.name for area in form.iter("textarea")}
    fields = {
        name: value.removeprefix("\n") if name in areas else value for name, value in form.form_values()
    }
    fields.pop("csrfmiddlewaretoken", None)
    for name, value in changes.items():
        if name.startswith("references_"):
            _, row, field = name.split("_", 2)
            name = f"references-{row}-{field}"
        fields[name] = value
    return fields


def words(response: Any) -> str:
    """The words of a page, in one line."""
    page = lxml.html.fromstring(response.content.decode())
    for element in page.xpath("//script|//style"):
        element.drop_tree()
    return " ".join(page.text_content().split())
