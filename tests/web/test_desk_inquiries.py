"""Groups of readers' questions at the desk: found, opened, answered with a preview, handed on."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Article, Inquiry, Publication, Question, User
from tests import makers
from tests.asking import TITLE, approve, ask, group, write

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]


@pytest.fixture
def publication(ada: User, ravi: User) -> Publication:
    return makers.article(ada, "approved", reviewer=ravi).publications.get()


@pytest.fixture
def desk(edith: User, client_of: In) -> Client:
    return client_of(edith)


def text(response: Any) -> str:
    return response.content.decode()


def keys(page: str) -> list[str]:
    """The statements that a page offers to point to."""
    return re.findall(r'name="statement" value="([^"]+)"', page)


def test_questions_chosen_from_the_list_become_a_group(publication: Publication, desk: Client) -> None:
    one, two = ask(publication, "One?"), ask(publication, "Two?")
    page = text(desk.get(f"/desk/inquiries/new/?question={one.pk}&question={two.pk}"))
    assert "One?" in page
    assert "Two?" in page
    given = {"question": [one.pk, two.pk], "title": TITLE}
    done = desk.post("/desk/inquiries/new/", given, follow=True)
    assert TITLE in text(done)
    listed = text(desk.get("/desk/questions/"))
    assert TITLE in listed
    assert "group of 2 questions" in listed
    assert "One?" not in listed


def test_a_title_that_is_none_comes_back_with_what_was_typed(publication: Publication, desk: Client) -> None:
    asked = ask(publication)
    refused = desk.post("/desk/inquiries/new/", {"question": asked.pk, "title": "does it hold AFTER surgery"})
    assert refused.status_code == 422
    assert 'value="does it hold AFTER surgery"' in text(refused)
    assert not Inquiry.objects.exists()


def test_what_was_answered_meanwhile_cannot_be_grouped(
    publication: Publication, edith: User, desk: Client
) -> None:
    asked = ask(publication)
    group(edith, asked)
    refused = desk.post("/desk/inquiries/new/", {"question": asked.pk, "title": "Mine?"})
    assert refused.status_code == 409
    assert Inquiry.objects.count() == 1
    assert desk.get("/desk/inquiries/new/").status_code == 303


def test_a_question_shows_what_others_ask_nearly_alike_and_why(
    publication: Publication, edith: User, desk: Client
) -> None:
    asked = ask(publication, "Is lanreotide safe during pregnancy?")
    twin = ask(publication, "Can lanreotide be taken in pregnancy?")
    far = ask(publication, "Which scan is best?")
    ready = group(edith, ask(publication, "Mine?"), title="Is pregnancy safe with lanreotide?")
    page = text(desk.get(f"/desk/questions/{asked.pk}/"))
    assert f'name="question" value="{twin.pk}"' in page
    assert f"/desk/inquiries/{ready.pk}/" in page
    assert "Both say “lanreotide”, “pregnancy” · about the same article" in page
    assert far.text not in page


def test_the_best_statements_are_there_at_once_and_others_by_other_words(
    publication: Publication, edith: User, desk: Client
) -> None:
    inquiry = group(edith, ask(publication, "x?"), title="Does functional imaging find the primary site?")
    page = text(desk.get(f"/desk/inquiries/{inquiry.pk}/"))
    assert "Functional imaging helps to find the primary site." in page
    typed = {
        "do": "look",
        "search": "histology prognosis",
        "statement": keys(page)[0],
        "answer": "Dear reader",
    }
    page = text(desk.post(f"/desk/inquiries/{inquiry.pk}/", typed))
    assert "Histology with grade sets prognosis." in page
    # What was chosen stays chosen, what was typed stays typed, and nothing is sent.
    assert re.search(rf'value="{keys(page)[0]}" id="[^"]+" checked', page)
    assert "Dear reader" in page
    assert not Question.objects.filter(answered_at__isnull=False).exists()


def test_the_preview_is_the_mail_and_sending_takes_two_steps(
    publication: Publication, edith: User, desk: Client
) -> None:
    mailed = ask(publication, "First <b>of all</b>?", email="one@example.org")
    inquiry = group(edith, mailed, ask(publication, "Second?"), title="Does functional imaging help?")
    address = f"/desk/inquiries/{inquiry.pk}/"
    offered = text(desk.get(address))
    chosen = re.search(r'value="([^"]+)" id="[^"]+" >\s*<div>\s*<label[^>]+>Functional', offered)[1]
    typed = {"statement": chosen, "answer": "See <this>."}
    page = text(desk.post(address, typed | {"do": "preview"}))
    assert "one@example.org" in page
    assert "First &lt;b&gt;of all&lt;/b&gt;?" in page
    assert "See &lt;this&gt;." in page
    assert "Functional imaging helps to find the primary site." in page
    assert "1 left no address" in page
    assert not Question.objects.filter(answered_at__isnull=False).exists()
    unseen = desk.post(address, typed | {"do": "send"})
    assert unseen.status_code == 409, "nothing goes out that nobody has looked at"
    assert "See &lt;this&gt;." in text(unseen)
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    done = desk.post(address, typed | {"do": "send", "seen": seen}, follow=True)
    assert "The answer goes to 1 reader." in text(done)
    again = desk.post(address, typed | {"do": "send", "seen": seen})
    assert again.status_code == 409
    assert "See &lt;this&gt;." in text(again)


def test_an_empty_answer_is_refused(publication: Publication, edith: User, desk: Client) -> None:
    inquiry = group(edith, ask(publication, email="one@example.org"))
    refused = desk.post(f"/desk/inquiries/{inquiry.pk}/", {"do": "preview", "answer": " "})
    assert refused.status_code == 422
    assert "Write an answer, or choose a statement that answers." in text(refused)


def test_a_group_goes_to_a_member_and_back(
    publication: Publication, ravi: User, mei: User, edith: User, desk: Client
) -> None:
    inquiry = group(edith, ask(publication))
    address = f"/desk/inquiries/{inquiry.pk}/"
    refused = desk.post(f"{address}ask/", {"member": "", "note": "You know it."})
    assert refused.status_code == 422
    assert "You know it." in text(refused)
    asked = desk.post(f"{address}ask/", {"member": mei.pk, "note": "You know it."}, follow=True)
    assert "Mei Lin is asked" in text(asked)
    assert "Mei Lin answers for the board" in text(asked)
    assert TITLE in text(desk.get("/desk/questions/?show=being"))
    assert TITLE not in text(desk.get("/desk/questions/"))
    late = desk.post(f"{address}ask/", {"member": ravi.pk})
    assert late.status_code == 409
    back = desk.post(f"{address}reopen/", {"note": "Not needed."}, follow=True)
    assert "open at the desk again" in text(back)


def test_a_member_with_a_conflict_is_named_and_cannot_be_chosen(
    publication: Publication, mei: User, edith: User, desk: Client
) -> None:
    workflow.declare_conflict(publication.article_id, actor=mei, reason="Shares.")
    inquiry = group(edith, ask(publication))
    page = text(desk.get(f"/desk/inquiries/{inquiry.pk}/"))
    assert f'value="{mei.pk}"' not in page
    assert "Mei Lin, PharmD declared a conflict of interest: Shares." in page
    assert desk.post(f"/desk/inquiries/{inquiry.pk}/ask/", {"member": mei.pk}).status_code == 422


def test_an_article_is_begun_for_an_author_who_sees_what_readers_ask(
    publication: Publication, ada: User, edith: User, desk: Client, client_of: In
) -> None:
    inquiry = group(edith, ask(publication, "zxsecret?"))
    address = f"/desk/inquiries/{inquiry.pk}/article/"
    assert desk.post(address, {"author": "nobody"}).status_code == 422
    assert desk.post(address, {"author": "edith"}).status_code == 422
    done = text(desk.post(address, {"author": "ADA@example.org"}, follow=True))
    assert "An article is begun for Ada Okafor" in done
    made = Article.objects.get(question=TITLE)
    for page in (f"/write/{made.pk}/", f"/write/{made.pk}/edit/"):
        shown = text(client_of(ada).get(page))
        assert "Readers asked" in shown
        assert "zxsecret" not in shown


def test_a_revision_is_asked_for_and_reviewers_see_why(
    publication: Publication, ada: User, ravi: User, edith: User, desk: Client, client_of: In
) -> None:
    inquiry = group(edith, ask(publication))
    desk.post(f"/desk/inquiries/{inquiry.pk}/revision/", {"note": "Please."})
    article = publication.article_id
    assert "Readers asked" in text(client_of(ada).get(f"/write/{article}/"))
    page = text(client_of(ravi).get(f"/review/{article}/"))
    assert "Readers asked" in page
    assert TITLE in page


def test_an_approved_answer_is_withdrawn_with_a_reason(
    publication: Publication, ravi: User, mei: User, edith: User, desk: Client
) -> None:
    inquiry = group(edith, ask(publication))
    write(inquiry, mei)
    assert "Not approved. Readers see nothing of it." in text(desk.get(f"/desk/inquiries/{inquiry.pk}/"))
    approve(inquiry, ravi)
    page = text(desk.get(f"/desk/inquiries/{inquiry.pk}/"))
    assert "Withdraw it from readers" in page
    assert desk.post(f"/desk/inquiries/{inquiry.pk}/withdraw/", {"note": ""}).status_code == 422
    done = desk.post(f"/desk/inquiries/{inquiry.pk}/withdraw/", {"note": "Wrong."}, follow=True)
    assert "Readers no longer see this answer." in text(done)


def test_the_list_is_searched_and_says_in_its_address_what_was_asked(
    publication: Publication, edith: User, desk: Client
) -> None:
    ask(publication, "Is lanreotide safe?")
    ask(publication, "Which scan?", kind="error", email="zx@example.org")
    group(edith, ask(publication, "Mine about somatostatin?"), title="A title of ours")
    assert "lanreotide" in text(desk.get("/desk/questions/?q=LANREOTIDE"))
    assert "Which scan?" not in text(desk.get("/desk/questions/?q=lanreotide"))
    assert "A title of ours" in text(desk.get("/desk/questions/?q=somatostatin+mine"))
    page = text(desk.get("/desk/questions/?show=reports&q=scan"))
    assert "Which scan?" in page
    assert "?show=answered&amp;q=scan" in page
    assert "Nothing here has these words" in text(desk.get("/desk/questions/?q=nowhere%00&show=being"))


def test_nobody_else_comes_in(
    publication: Publication, ada: User, ravi: User, edith: User, client_of: In
) -> None:
    inquiry = group(edith, ask(publication))
    for somebody in (ada, ravi):
        client = client_of(somebody)
        for path in ("new/?question=1", f"{inquiry.pk}/"):
            assert client.get(f"/desk/inquiries/{path}").status_code == 403
        for step in ("ask", "article", "revision", "reopen", "withdraw", "join", "take-out", "title"):
            assert client.post(f"/desk/inquiries/{inquiry.pk}/{step}/").status_code == 403
    assert Client().get(f"/desk/inquiries/{inquiry.pk}/").status_code == 302


@pytest.mark.parametrize("step", ["join", "take-out"])
def test_a_form_that_names_no_question_is_told_so(
    publication: Publication, edith: User, desk: Client, step: str
) -> None:
    inquiry = group(edith, ask(publication))
    for wrong in ("x", "-1", "9" * 30, "²"):
        assert desk.post(f"/desk/inquiries/{inquiry.pk}/{step}/", {"question": wrong}).status_code == 400
    assert desk.get("/desk/inquiries/4711/").status_code == 404


def test_many_questions_and_groups_take_no_more_queries(
    publication: Publication, edith: User, desk: Client
) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address).status_code == 200
        return len(captured)

    one = group(
        edith, ask(publication, "Is lanreotide safe?", email="a@example.org"), title="Lanreotide or not?"
    )
    alone = ask(publication, "Is lanreotide really safe?")
    addresses = ("/desk/questions/", f"/desk/inquiries/{one.pk}/", f"/desk/questions/{alone.pk}/")
    for address in addresses:
        queries(address)  # what a process remembers of the index is read now
    few = [queries(address) for address in addresses]
    for number in range(12):
        other = ask(publication, f"Is lanreotide safe {number}?")
        Question.objects.filter(pk=other.pk).update(inquiry=one)
        ask(publication, f"Lanreotide {number}?")
        group(edith, ask(publication, f"And {number}?"), title=f"Lanreotide, number {number}?")
    assert [queries(address) for address in addresses] == few
