"""The board answers readers: taken, written, approved with a signature, and shown under the article."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Inquiry, Publication, PublishedReply, Reply, User
from articles.workflow import replies
from tests import makers
from tests.asking import TITLE, approve, ask, digest, group, write
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]


@pytest.fixture
def publication(ada: User, ravi: User) -> Publication:
    return makers.article(ada, "approved", reviewer=ravi).publications.get()


@pytest.fixture
def inquiry(publication: Publication, edith: User) -> Inquiry:
    return group(edith, ask(publication, "zxreader?", email="reader@example.org"))


def text(response: Any) -> str:
    return response.content.decode()


def public_page(publication: Publication, tail: str = "") -> Any:
    return Client().get(f"/articles/{publication.article.addresses.get().slug}/{tail}")


def test_a_member_takes_writes_and_hands_in_another_signs_and_readers_see_it_at_once(
    publication: Publication, inquiry: Inquiry, ravi: User, mei: User, client_of: In
) -> None:
    writer, approver = client_of(mei), client_of(ravi)
    address = f"/review/questions/{inquiry.pk}/"
    assert TITLE in text(writer.get("/review/questions/?show=open"))
    before = public_page(publication)
    assert "Questions readers asked" not in text(before)
    assert "Write the answer" in text(writer.post(f"{address}take/", follow=True))
    typed = {
        "question": "Does it hold after an operation?",
        "body": f"<p>It does hold.{makers.CITED}</p>",
        "seen": digest(inquiry),
    }
    assert "Only the office sees it." in text(writer.post(f"{address}write/", typed, follow=True))
    typed["seen"] = digest(inquiry)
    writer.post(f"{address}write/", typed | {"do": "hand_in"})
    assert "You wrote this answer" not in text(approver.get(address))
    assert TITLE in text(approver.get("/review/questions/"))
    for password in ("", "wrong"):
        refused = approver.post(f"{address}approve/", {"digest": digest(inquiry), "password": password})
        assert refused.status_code == 422
    assert "It does hold." not in text(public_page(publication))
    signed = approver.post(
        f"{address}approve/", {"digest": digest(inquiry), "password": PASSWORD}, follow=True
    )
    assert "Readers see this answer from now on." in text(signed)
    for tail in ("", "plain/"):
        page = text(public_page(publication, tail))
        assert "Questions readers asked" in page
        assert "Does it hold after an operation?" in page
        assert "It does hold." in page
        assert "Ravi Menon, MD, PhD" in page
        assert "zxreader" not in page
        assert "reader@example.org" not in page
    assert public_page(publication).headers["ETag"] != before.headers["ETag"]
    assert PublishedReply.objects.get().method == "password"


def test_the_ids_of_an_answer_are_its_own(
    publication: Publication, inquiry: Inquiry, ravi: User, mei: User, edith: User
) -> None:
    other = group(edith, ask(publication, "Another?"), title="And another?")
    for each in (inquiry, other):
        write(each, mei)
        approve(each, ravi)
    page = text(public_page(publication))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_a_withdrawn_answer_is_gone_at_the_next_request(
    publication: Publication, inquiry: Inquiry, ravi: User, mei: User, edith: User
) -> None:
    write(inquiry, mei)
    approve(inquiry, ravi)
    shown = public_page(publication)
    assert "It does." in text(shown)
    replies.withdraw_reply(inquiry.pk, actor=edith, note="Wrong.")
    slug = publication.addresses.get().slug
    again = Client().get(f"/articles/{slug}/", headers={"if-none-match": shown.headers["ETag"]})
    assert again.status_code == 200
    assert "It does." not in text(again)
    assert "It does." not in text(public_page(publication, "plain/"))


def test_an_answer_stays_when_the_article_is_updated_and_goes_when_it_is_retired(
    publication: Publication, inquiry: Inquiry, ada: User, ravi: User, mei: User, edith: User
) -> None:
    write(inquiry, mei)
    approve(inquiry, ravi)
    article = publication.article
    workflow.revise(article.pk, version=1, actor=ada)
    makers.bring(makers.edit(makers.fresh(article), "Other words."), "approved", reviewer=ravi)
    assert "It does." in text(public_page(publication))
    assert "It does." not in text(public_page(publication, "versions/1/"))
    workflow.retire(article.pk, actor=edith, notice="Superseded.")
    gone = public_page(publication)
    assert gone.status_code == 410
    assert "It does." not in text(gone)


def test_an_article_with_many_answers_asks_one_query_more(
    publication: Publication, inquiry: Inquiry, ravi: User, mei: User, edith: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            public_page(publication)
        return len(captured)

    slug = publication.addresses.get().slug
    with CaptureQueriesContext(connection) as captured:
        Client().get(f"/articles/{slug}/")
    assert len(captured) == 1
    write(inquiry, mei)
    approve(inquiry, ravi)
    few = queries()
    for number in range(3):
        each = group(edith, ask(publication, f"{number}?"), title=f"What of number {number}?")
        write(each, mei)
        approve(each, ravi)
    assert queries() == few


def test_what_blocks_the_hand_in_is_said_and_what_was_typed_is_kept(
    inquiry: Inquiry, mei: User, client_of: In
) -> None:
    replies.take(inquiry.pk, actor=mei)
    typed = {"question": "Mine?", "body": "<p>No source.</p>", "seen": digest(inquiry), "do": "hand_in"}
    refused = client_of(mei).post(f"/review/questions/{inquiry.pk}/write/", typed)
    assert refused.status_code == 422
    assert "“No source.” cites nothing. Cite its source." in text(refused)
    assert "&lt;p&gt;No source.&lt;/p&gt;" in text(refused)


def test_an_answer_changed_meanwhile_comes_back_with_both_texts(
    inquiry: Inquiry, mei: User, client_of: In
) -> None:
    write(inquiry, mei, "From another tab.", hand_in=False)
    typed = {"question": "Mine?", "body": "<p>From this tab.</p>", "seen": "x" * 64}
    refused = client_of(mei).post(f"/review/questions/{inquiry.pk}/write/", typed)
    assert refused.status_code == 409
    assert "From this tab." in text(refused)
    assert "Does it hold after an operation?" in text(refused)
    assert "another tab" in Reply.objects.get().body


def test_only_members_come_in_and_one_with_a_conflict_is_told_why(
    inquiry: Inquiry, ada: User, mei: User, edith: User, client_of: In
) -> None:
    for somebody in (ada, edith):
        assert client_of(somebody).get("/review/questions/").status_code == 403
        assert client_of(somebody).post(f"/review/questions/{inquiry.pk}/take/").status_code == 403
    workflow.declare_conflict(inquiry.article_id, actor=mei, reason="Shares.")
    client = client_of(mei)
    assert "You declared a conflict of interest" in text(client.get(f"/review/questions/{inquiry.pk}/"))
    assert client.post(f"/review/questions/{inquiry.pk}/take/").status_code == 403
    assert client.get("/review/questions/4711/").status_code == 404


@pytest.mark.parametrize(
    "words",
    [
        '<script>alert("x")</script>',
        "مرحبا \u202e‮ reversed",
        "🦓" * 500,
        "\x00\x01\x7f",
        "x" * 900_000,
        "{{ 7|add:7 }}{% load x %}",
    ],
    ids=["markup", "right-to-left", "emoji", "control", "megabyte", "template"],
)
def test_whatever_is_typed_is_refused_or_kept_and_never_a_crash(
    inquiry: Inquiry, mei: User, client_of: In, words: str
) -> None:
    replies.take(inquiry.pk, actor=mei)
    client = client_of(mei)
    typed = {"question": words, "body": words, "seen": digest(inquiry), "do": "hand_in"}
    assert client.post(f"/review/questions/{inquiry.pk}/write/", typed).status_code in (303, 422)
    back = client.post(f"/review/questions/{inquiry.pk}/hand-back/", {"note": words})
    assert back.status_code in (303, 422)
    assert client.get(f"/review/questions/{inquiry.pk}/").status_code == 200


def test_many_questions_take_no_more_queries(
    publication: Publication, inquiry: Inquiry, mei: User, edith: User, client_of: In
) -> None:
    client = client_of(mei)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    addresses = ("/review/questions/?show=open", f"/review/questions/{inquiry.pk}/")
    few = [queries(address) for address in addresses]
    for number in range(8):
        group(edith, ask(publication, f"{number}?"), title=f"What of number {number}?")
    assert [queries(address) for address in addresses] == few
