"""The rich text editor in a real browser, under the content security policy that every page has."""

import pytest
from playwright.sync_api import BrowserContext, Page

from articles.content.sanitise import sanitise
from articles.models import Article
from tests import makers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""
# Everything that a body may hold: what the editor does not know, it would drop without a word.
EVERYTHING = sanitise(
    "<h2>From the Guidelines</h2><h3>Key <em>considerations</em></h3>"
    "<p>10<sup>9</sup>/L, H<sub>2</sub>O, <strong>bold <em>both</em></strong>"
    '<cite data-ref="pavel2020"></cite>. '
    'A <a href="https://example.org/?a=1&amp;b=2">link</a>, <a href="#x">another</a>.<br>A line.</p>'
    '<ol><li>One<ul><li>Within<cite data-ref="pavel2020"></cite></li></ul></li><li>Two</li></ol>'
    "<blockquote><p>Said</p><ul><li>so</li></ul></blockquote>"
    '<table><caption>Drugs by <em>grade</em><cite data-ref="pavel2020"></cite></caption>'
    "<thead><tr><th>Drug</th><th>Dose</th></tr></thead>"
    "<tbody><tr><th>A</th><td>1<br>2</td></tr><tr><td></td><td>3</td></tr></tbody></table>"
)


@pytest.fixture
def page_of_ada(context: BrowserContext, live_server, client_of, ada) -> Page:
    session = client_of(ada).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    context.add_init_script(WATCH)
    return context.new_page()


def opened(page: Page, live_server, article: Article) -> Page:
    page.goto(f"{live_server.url}/write/{article.pk}/edit/")
    page.wait_for_selector("#id_body.ProseMirror")
    page.wait_for_selector("#id_plain_body.ProseMirror")
    return page


def save(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()


def test_an_author_types_and_cites_by_keyboard_and_no_policy_is_violated(page_of_ada, live_server, ada):
    article = makers.article(ada)
    page = opened(page_of_ada, live_server, article)
    # A quick author on a slow machine: no key may fall between the end of a dialog and the cursor's return.
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 8})
    editor = page.get_by_role("textbox", name="Clinical text")
    editor.locator("li").first.click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("Grade directs treatment")
    page.keyboard.press("Control+Shift+e")
    page.get_by_label("Find a reference").press_sequentially("pavel")
    page.keyboard.press("Enter")
    page.keyboard.type(". ")
    page.get_by_role("toolbar", name="Formatting: Clinical text").get_by_label("Bold").click()
    page.keyboard.type("Always")
    assert page.evaluate("violations") == []
    save(page)
    assert "Saved as version 2." in page.locator(".messages").inner_text()
    body = makers.fresh(article).body
    assert 'Grade directs treatment<cite data-ref="pavel2020"></cite>. <strong>Always</strong>' in body


def test_the_cursor_is_back_in_the_text_in_the_moment_the_dialog_goes(page_of_ada, live_server, ada):
    page = opened(page_of_ada, live_server, makers.article(ada))
    page.locator("#id_body li").first.click()
    page.keyboard.press("End")
    page.keyboard.press("Control+Shift+e")
    page.get_by_label("Find a reference").fill("pavel")
    page.locator(".cite-list input:visible").check()
    # All in one turn of the browser: whatever waits for the next one, a quick author's keys come before it.
    page.evaluate(
        """() => {
            document.querySelector(".cite-dialog form").requestSubmit();
            document.execCommand("insertText", false, " at once");
        }"""
    )
    page.keyboard.type(" and later")
    text = page.locator("#id_body li").first.inner_text()
    assert text.endswith(" at once and later")
    page.keyboard.press("Control+Shift+e")
    page.keyboard.press("Escape")
    page.keyboard.type(", on")
    assert page.locator("#id_body li").first.inner_text() == f"{text}, on"
    assert page.locator(".cite-dialog").count() == 0


def test_opening_a_text_and_touching_it_loses_nothing_of_it(page_of_ada, live_server, ada):
    article = makers.article(ada, body=EVERYTHING)
    assert article.body == EVERYTHING
    page = opened(page_of_ada, live_server, article)
    page.locator("#id_body h2").first.click()
    page.keyboard.press("Home")
    page.keyboard.type("X")
    assert page.locator("textarea[name=body]").input_value() != EVERYTHING
    save(page)
    assert makers.fresh(article).body == EVERYTHING.replace("<h2>", "<h2>X", 1)


def test_a_text_that_was_only_looked_at_is_unchanged(page_of_ada, live_server, ada):
    article = makers.article(ada, body=EVERYTHING)
    page = opened(page_of_ada, live_server, article)
    page.locator("#id_body p").first.click()
    save(page)
    assert "Nothing has changed; no version was made." in page.locator(".messages").inner_text()


def test_leaving_with_unsaved_words_asks_first(page_of_ada, live_server, ada):
    article = makers.article(ada)
    page = opened(page_of_ada, live_server, article)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#id_body p").first.click()
    page.keyboard.type("X")
    page.goto(f"{live_server.url}/write/")
    assert asked == ["beforeunload"]


def test_a_link_from_the_checks_leads_to_the_statement_itself(page_of_ada, live_server, ada):
    body = f"<h2>From the Research</h2><p>Sourced.{makers.CITED}</p><p>A claim without a source.</p>"
    article = makers.article(ada, body=body)
    page = page_of_ada
    page.goto(f"{live_server.url}/write/{article.pk}/")
    page.get_by_role("link", name="A claim without a source.").click()
    page.wait_for_selector("#id_body.ProseMirror-focused")
    page.keyboard.type(" Here")
    assert "A claim without a source. Here" in page.locator("textarea[name=body]").input_value()


def test_a_reference_without_a_key_can_be_cited_before_it_is_saved(page_of_ada, live_server, ada):
    article = makers.article(ada)
    page = opened(page_of_ada, live_server, article)
    page.get_by_role("button", name="Add another reference").click()
    row = page.locator("[data-reference]").last
    row.get_by_label("Title").fill("Principles of diagnosis")
    row.get_by_label("Authors").fill("Pavél, Marianne")
    row.get_by_label("Date").fill("2020-07")
    page.locator("#id_body li").first.click()
    page.keyboard.press("End")
    page.keyboard.press("Control+Shift+e")
    # Pavel has a paper of that year already.
    page.get_by_label("pavel2020b").check()
    page.get_by_role("dialog").get_by_role("button", name="Cite").click()
    save(page)
    stored = makers.fresh(article)
    assert '<cite data-ref="pavel2020 pavel2020b"></cite>' in stored.body
    assert [record["id"] for record in stored.references] == ["pavel2020", "pavel2020b"]


def test_a_citation_is_changed_where_it_stands(page_of_ada, live_server, ada):
    other = makers.RECORD | {"id": "yao2016", "title": "Everolimus"}
    article = makers.article(ada, references=[makers.RECORD, other])
    page = opened(page_of_ada, live_server, article)
    page.locator("#id_body cite").first.click()
    page.get_by_role("toolbar", name="Formatting: Clinical text").get_by_label("Cite a reference").click()
    assert page.get_by_label("pavel2020").is_checked()
    page.get_by_label("yao2016").check()
    page.get_by_role("button", name="Change the citation").click()
    page.wait_for_selector(".cite-dialog", state="detached")
    save(page)
    stored = makers.fresh(article).body
    assert stored.count('<cite data-ref="pavel2020 yao2016"></cite>') == 1
    assert stored.count("<cite") == 2
