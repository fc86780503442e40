"""What is sent is HTML without an error: parsed by another program than a browser, which would mend it."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests.browser.places import PLACES, Place
from tests.browser.server import Office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NAMES_IDS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget", "list", "form")
# Everything that readers' pages may say of an element, beside aria-* and data-*.
ATTRIBUTES = {
    "action", "alt", "autocomplete", "autofocus", "charset", "checked", "class", "cols", "colspan",
    "content", "crossorigin", "datetime", "decoding", "defer", "dir", "disabled", "download", "enctype",
    "for", "height", "hidden", "href", "id", "inputmode", "lang", "loading", "max", "maxlength", "media",
    "method", "min", "minlength", "multiple", "name", "nonce", "open", "pattern", "placeholder", "popover",
    "popovertarget", "property", "readonly", "rel", "required", "role", "rows", "rowspan", "scope",
    "selected", "size", "src", "start", "tabindex", "target", "title", "type", "value", "width",
}  # fmt: skip
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def faults(text: str, *, strange_attributes: bool) -> list[str]:
    """What is wrong with a page: its grammar, names given twice or of nothing, headings left out."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(text)
    found = [f"line {line}: {code} {about}" for (line, _), code, about in parser.errors]
    elements = [element for element in page.iter() if isinstance(element.tag, str)]
    ids = [value for element in elements if (value := element.get("id")) is not None]
    found += [f"id {name} given {ids.count(name)} times" for name in sorted(set(ids)) if ids.count(name) > 1]
    for element in elements:
        found += [f"<{element.tag}>: {words}" for words in _faults_of(element, set(ids))]
        if strange_attributes and not element.tag.startswith("{"):
            found += [
                f"<{element.tag}> has a strange attribute {name}"
                for name in element.attrib
                if name not in ATTRIBUTES and not name.startswith(("aria-", "data-"))
            ]
    levels = [HEADINGS.index(element.tag) + 1 for element in elements if element.tag in HEADINGS]
    if levels.count(1) != 1:
        found.append(f"{levels.count(1)} headings of the first level")
    found += [
        f"a heading of level {one} is followed by one of level {next_one}"
        for one, next_one in pairwise(levels)
        if next_one > one + 1
    ]
    if not (page.findtext("head/title") or "").strip():
        found.append("no title")
    if page.get("lang") != "en":
        found.append("no language")
    return found


def _faults_of(element: Element, ids: set[str]) -> list[str]:
    found = [
        f"{name} names {each}, which is nowhere"
        for name in NAMES_IDS
        for each in element.get(name, "").split()
        if each not in ids
    ]
    href = element.get("href")
    if href is not None and (not href or (href.startswith("#") and href[1:] not in ids)):
        found.append(f"leads to {href or 'nothing'}")
    found += [f"{name} is empty" for name in ("action", "id", "src", "for") if element.get(name) == ""]
    if element.tag == "img" and element.get("alt") is None:
        found.append("has no words for those who do not see it")
    if element.tag == "a" and href is None and element.get("id") is None:
        found.append("leads nowhere")
    return found


@pytest.fixture
def source(office: Office, new_context: Callable[..., Any], signed_in: Callable[[str], Any]) -> Any:
    """The page of a place as it is sent, before a browser has mended anything."""

    def of(place: Place) -> str:
        context = new_context(storage_state=signed_in(place.who) if place.who else None)
        answer = context.request.get(place.path.format(**office.words()))
        assert answer.status == place.status
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return str(answer.text())

    return of


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_the_page_is_valid(place, source):
    assert faults(source(place), strange_attributes=not place.who) == []


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("</main>", "<div></main>", "end-tag-too-early"),
        ('id="references"', 'id="ask"', "id ask given 2 times"),
        ('href="#ref-1"', 'href="#ref-99"', "leads to #ref-99"),
        ('for="ask-text"', 'for="ask"', ""),
        ('for="ask-text"', 'for="nothing"', "for names nothing, which is nowhere"),
        ("data-hx-post", "hx-post", "strange attribute hx-post"),
        ("<h3", "<h4", "followed by one of level 4"),
        ("<h1>", "<p>", "0 headings of the first level"),
    ],
)
def test_a_fault_would_be_found(before, after, complaint, source):
    text = source(next(place for place in PLACES if place.name == "article"))
    assert before in text
    found = faults(text.replace(before, after), strange_attributes=True)
    assert any(complaint in words for words in found) if complaint else found == []
