"""An article without a plain-language text explains its difficult words at its plain address."""

from collections.abc import Callable

import pytest
from django.test import Client

from articles.models import Explanation, GlossaryEntry, User
from articles.workflow import glossary
from tests import makers
from tests.web.test_reading_article import AT, text_of

pytestmark = pytest.mark.django_db
ROOM = "/office/glossary/"


@pytest.fixture
def explained(edith: User, ravi: User) -> GlossaryEntry:
    entry = glossary.write_entry(
        actor=edith, term="Histology", forms=["histopathology"], meaning="Looking at <tissue> & cells."
    )
    glossary.approve_entry(entry.pk, actor=ravi, digest=entry.digest)
    return entry


@pytest.fixture
def without_plain(ada: User, ravi: User) -> None:
    makers.article(ada, "approved", reviewer=ravi, plain_body="")


@pytest.mark.usefixtures("explained", "without_plain")
def test_the_plain_address_says_what_it_is_and_explains(client: Client) -> None:
    page = client.get(AT + "plain/")
    body = page.content.decode()
    assert "There is no plain-language text of this article yet" in text_of(page)
    assert body.count('class="term"') == 1
    assert '<a class="term" href="#word-histology" id="term-histology">Histology</a>' in body
    assert "Looking at &lt;tissue&gt; &amp; cells." in body
    assert f'<link rel="canonical" href="http://localhost:8000{AT}">' in body or f'{AT}">' in body
    assert 'class="term"' not in client.get(AT).content.decode(), "the clinical address stays as it is"


@pytest.mark.usefixtures("without_plain")
def test_an_unapproved_explanation_is_not_shown_and_an_approval_is_seen_at_once(
    client: Client, edith: User, ravi: User
) -> None:
    entry = glossary.write_entry(actor=edith, term="Histology", forms=[], meaning="zxpending words")
    first = client.get(AT + "plain/")
    assert "zxpending" not in first.content.decode() + client.get("/glossary/").content.decode()
    glossary.approve_entry(entry.pk, actor=ravi, digest=entry.digest)
    again = client.get(AT + "plain/", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 200
    assert "zxpending" in again.content.decode()
    assert "zxpending" in client.get("/glossary/").content.decode()


@pytest.mark.usefixtures("explained")
def test_a_plain_text_is_left_as_its_author_wrote_it(client: Client, ada: User, ravi: User) -> None:
    makers.article(ada, "approved", reviewer=ravi)
    assert 'class="term"' not in client.get(AT + "plain/").content.decode()


@pytest.mark.usefixtures("without_plain")
def test_the_page_asks_the_same_few_queries_whatever_the_glossary_holds(
    client: Client, edith: User, ravi: User, django_assert_num_queries: Callable[..., object]
) -> None:
    for number in range(30):
        entry = glossary.write_entry(actor=edith, term=f"Word {number}", forms=[], meaning="x")
        glossary.approve_entry(entry.pk, actor=ravi, digest=entry.digest)
    with django_assert_num_queries(3):  # address and publication, explanations, the clinical text
        client.get(AT + "plain/")


def test_an_empty_glossary_says_so(client: Client) -> None:
    assert "No word is explained yet" in text_of(client.get("/glossary/"))


def test_editors_write_members_approve_and_what_was_typed_is_never_lost(
    client_of: Callable[[User], Client], edith: User, ravi: User, ada: User
) -> None:
    editor, member = client_of(edith), client_of(ravi)
    wrong = editor.post(ROOM + "new/", {"term": "Grade", "forms_": "grades", "meaning": ""})
    assert wrong.status_code == 422
    assert 'value="Grade"' in wrong.content.decode()
    answer = editor.post(ROOM + "new/", {"term": "Grade", "forms_": "grades\r\ngraded", "meaning": "Speed."})
    assert answer.status_code == 303
    entry = GlossaryEntry.objects.get()
    assert entry.forms == ["grades", "graded"]
    at = f"{ROOM}{entry.pk}/"
    assert "Approve this explanation" not in editor.get(at).content.decode()
    refused = editor.post(at + "approve/", {"digest": entry.digest})
    assert refused.status_code == 403
    assert "Approve this explanation" in member.get(at).content.decode()
    assert member.post(at + "approve/", {"digest": "0" * 64}).status_code == 409
    assert member.post(at + "approve/", {"digest": entry.digest}).status_code == 303
    assert Explanation.objects.get().meaning == "Speed."
    stale = editor.post(at, {"term": "Grade", "forms_": "", "meaning": "Mine.", "seen": "old"})
    assert stale.status_code == 409
    assert "Mine." in stale.content.decode()
    assert "Speed." in stale.content.decode()
    assert editor.post(at + "withdraw/").status_code == 303
    assert not Explanation.objects.exists()
    assert client_of(ada).get(ROOM).status_code == 403


def test_the_list_asks_the_same_number_of_queries_at_1_and_at_50_words(
    client_of: Callable[[User], Client],
    edith: User,
    ravi: User,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    editor = client_of(edith)
    for number in range(50):
        entry = glossary.write_entry(actor=edith, term=f"Word {number}", forms=[], meaning="x")
        if number % 2:
            glossary.approve_entry(entry.pk, actor=ravi, digest=entry.digest)
    with django_assert_max_num_queries(8):
        assert "Change waits" not in editor.get(ROOM).content.decode()
    waiting = editor.get(ROOM, {"show": "waiting"})
    assert waiting.content.decode().count("Waits for approval") == 25
