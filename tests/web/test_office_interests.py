"""Declared interests: by whom, seen by whom, and what they keep a member from."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles import workflow
from articles.models import Interest, User
from tests import makers, people
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]
HERE = "/office/interests/"


def day(offset: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=offset)).isoformat()


def declare(client: Client, name: str = "Acme Pharma", kind: str = "company", **dates: str) -> Any:
    return client.post(HERE, {"kind": kind, "name": name, "since": day(-100)} | dates, follow=True)


def text(response: Any) -> str:
    return response.content.decode()


def approval(article: Any) -> dict[str, Any]:
    ticked = makers.everything_considered()
    return {"version": article.version, "digest": article.digest, "password": PASSWORD, "ticked": ticked}


def test_a_member_declares_an_interest_and_readers_see_it_on_the_profile(ravi: User, client_of: In) -> None:
    client = client_of(ravi)
    assert "You have declared no interest that runs" in text(client.get(HERE))
    assert "has declared no interest that runs today" in text(Client().get("/board/ravi/"))
    page = text(declare(client, "Acme  Pharma"))
    assert "Declared: Acme Pharma." in page
    assert "<strong>Ravi Menon</strong> declared Acme Pharma" in page
    public = text(Client().get("/board/ravi/"))
    assert "Acme Pharma" in public
    assert "company, since" in public


def test_an_interest_ends_and_is_kept(ravi: User, client_of: In) -> None:
    client = client_of(ravi)
    declare(client)
    own = Interest.objects.get()
    early = client.post(f"{HERE}{own.pk}/end/", {"until": day(-1)})
    assert early.status_code == 422
    assert "An interest ends today or later" in text(early)
    assert day(-1) in text(early)
    client.post(f"{HERE}{own.pk}/end/", {"until": day()})
    own.refresh_from_db()
    assert own.until == timezone.localdate()
    assert "Acme Pharma" in text(Client().get("/board/ravi/")), "it runs until its last day is over"
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert "Acme Pharma" not in text(Client().get("/board/ravi/"))
        page = text(client_of(ravi).get(HERE))
    assert "Acme Pharma" in page.partition("Ended")[2]
    assert "ended Acme Pharma" in page
    assert client.delete(f"{HERE}{own.pk}/end/").status_code == 405


def test_an_interest_that_has_ended_is_not_made_longer(ravi: User, client_of: In) -> None:
    client = client_of(ravi)
    declare(client, until=day(-10))
    own = Interest.objects.get()
    assert "Acme Pharma" not in text(Client().get("/board/ravi/"))
    client.post(f"{HERE}{own.pk}/end/", {"until": day(5)})
    own.refresh_from_db()
    assert own.until.isoformat() == day(-10)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": "GE"}, "at least 3 letters"),
        ({"name": ""}, "This field is required."),
        ({"kind": "pet"}, "Select a valid choice."),
        ({"since": day(1)}, "This day is to come."),
        ({"since": day(-1), "until": day(-2)}, "It cannot end before it began."),
        ({"since": "spring"}, "Enter a valid date."),
    ],
)
def test_a_declaration_that_makes_no_sense_comes_back_filled_in(
    form: dict[str, str], words: str, ravi: User, client_of: In
) -> None:
    sent = {"kind": "drug", "name": "Zebratide", "since": day()} | form
    refused = client_of(ravi).post(HERE, sent)
    assert refused.status_code == 422
    assert words in text(refused)
    assert sent["name"] in text(refused)
    assert Interest.objects.count() == 0


def test_nobody_ends_or_sees_the_list_of_another_member(
    ada: User, ravi: User, mei: User, edith: User, client_of: In
) -> None:
    declare(client_of(ravi))
    own = Interest.objects.get()
    assert client_of(mei).post(f"{HERE}{own.pk}/end/", {"until": day()}).status_code == 404
    assert "Acme Pharma" not in text(client_of(mei).get(HERE))
    for somebody in (ada, edith):
        assert client_of(somebody).get(HERE).status_code == 403
        assert client_of(somebody).post(f"{HERE}{own.pk}/end/", {"until": day()}).status_code == 403
    assert Client().get(HERE).status_code == 302
    own.refresh_from_db()
    assert own.until is None


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("drug", "Zebratide", "zebratide lowers the rate"),
        ("person", "ada okafor", "Histology sets prognosis."),
    ],
)
def test_a_match_takes_away_the_offer_to_approve_and_says_why(
    kind: str, name: str, words: str, ada: User, ravi: User, mei: User, client_of: In
) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi, words=words)
    client = client_of(ravi)
    address = f"/review/{article.pk}/"
    assert f"{address}approve/" in text(client.get(address))
    declare(client, name, kind)
    page = text(client.get(address))
    assert f"{address}approve/" not in page
    assert f"You declared an interest that this article touches: {name}." in page
    refused = client.post(f"{address}approve/", approval(article))
    assert refused.status_code == 403
    assert makers.fresh(article).state == "under_review"
    assert f"{address}claim/" in text(client_of(mei).get(address)), "who declared nothing may still"


def test_an_interest_in_something_the_text_does_not_name_keeps_nobody_away(
    ada: User, ravi: User, client_of: In
) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi, words="Zebratides differ.")
    client = client_of(ravi)
    declare(client, "Zebratide", "drug")
    declare(client, "Ada Okafor-Smith", "person")
    assert client.post(f"/review/{article.pk}/approve/", approval(article)).status_code == 303
    assert makers.fresh(article).state == "approved"


def test_ending_an_interest_during_a_round_opens_no_way_into_it(ada: User, ravi: User, client_of: In) -> None:
    client = client_of(ravi)
    declare(client, "Zebratide", "drug")
    article = makers.article(ada, "submitted", words="Zebratide lowers the rate.")
    client.post(f"{HERE}{Interest.objects.get().pk}/end/", {"until": day()})
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert client_of(ravi).post(f"/review/{article.pk}/claim/").status_code == 403
        workflow.withdraw(article.pk, version=1, actor=ada)
        workflow.submit(article.pk, version=1, actor=ada)
        assert client_of(ravi).post(f"/review/{article.pk}/claim/").status_code == 303


def test_editors_see_the_match_where_they_invite_and_cannot_override_it(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    declare(client_of(ravi), "Zebratide", "drug")
    article = makers.article(ada, "submitted", words="Zebratide lowers the rate.")
    client = client_of(edith)
    page = text(client.get(f"/desk/{article.pk}/"))
    assert "Cannot: declared an interest that it touches: Zebratide" in page
    refused = client.post(f"/desk/{article.pk}/assign/", {"member": ravi.pk, "due": day(7)})
    assert refused.status_code == 422
    assert not article.rounds.get().assignments.exists()


def test_an_editor_who_is_a_member_does_not_override_their_own(ada: User, client_of: In) -> None:
    both = people.member("bo", "Bo Berg", "MD", people.Role.EDITOR)
    both.is_superuser = both.is_staff = True
    both.save()
    declare(client_of(both), "Zebratide", "drug")
    article = makers.article(ada, "submitted", words="Zebratide lowers the rate.")
    client = client_of(both)
    assert client.post(f"/review/{article.pk}/claim/").status_code == 403
    assert client.post(f"/desk/{article.pk}/assign/", {"member": both.pk, "due": day(7)}).status_code == 422
    assert makers.fresh(article).state == "submitted"


def test_an_approval_no_longer_counts_once_an_interest_is_declared(
    ada: User, ravi: User, mei: User, client_of: In
) -> None:
    makers.policy(quorum=2)
    article = makers.article(ada, "under_review", reviewer=ravi, words="Zebratide lowers the rate.")
    workflow.claim(article.pk, actor=mei)
    makers.approve(article, ravi)
    declare(client_of(ravi), "Zebratide", "drug")
    makers.approve(article, mei)
    assert makers.fresh(article).state == "under_review"


def test_names_are_escaped_wherever_they_are_shown(ravi: User, client_of: In) -> None:
    page = text(declare(client_of(ravi), "<script>alert(1)</script>"))
    assert "<script>alert" not in page
    assert "<script>alert" not in text(Client().get("/board/ravi/"))
