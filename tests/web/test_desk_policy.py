"""The editorial policy at the desk: cleaned, kept in every version, and never overwritten unseen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from articles.models import EditorialPolicy, User
from articles.states import Role
from tests import people

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]


def text(response: Any) -> str:
    return response.content.decode()


def seen(client: Client) -> str:
    """What the form of the page says it was opened on."""
    return str(client.get("/desk/policy/").context["form"]["seen"].value())


def save(client: Client, body: str, *, on: str | None = None) -> Any:
    return client.post("/desk/policy/", {"body": body, "seen": seen(client) if on is None else on})


def test_the_first_policy_is_written_and_then_changed(edith: User, client_of: In) -> None:
    client = client_of(edith)
    assert save(client, "<h2>Who we are</h2><p>We explain.</p>").status_code == 303
    assert save(client, "<h2>Who we are</h2><p>We explain more.</p>").status_code == 303
    policy = EditorialPolicy.objects.get()
    assert "We explain more." in policy.body
    assert [version.history_user for version in policy.history.all()] == [edith, edith]
    assert "We explain more." in text(Client().get("/editorial-policy/"))


def test_what_is_not_allowed_in_a_text_is_left_out(edith: User, client_of: In) -> None:
    client = client_of(edith)
    save(
        client,
        '<h2 onclick="x()">Ours</h2><script>alert(1)</script><p>See <a href="javascript:x">it</a>.</p>',
    )
    body = EditorialPolicy.objects.get().body
    assert "<script" not in body
    assert "onclick" not in body
    assert "javascript" not in body
    assert "<h2>Ours</h2>" in body


@pytest.mark.parametrize("body", ["", "   ", "<script></script>"])
def test_a_policy_that_says_nothing_is_refused(body: str, edith: User, client_of: In) -> None:
    client = client_of(edith)
    save(client, "<p>Kept.</p>")
    assert save(client, body).status_code == 422
    assert "Kept." in EditorialPolicy.objects.get().body


def test_saving_without_a_change_makes_no_version(edith: User, client_of: In) -> None:
    client = client_of(edith)
    save(client, "<p>The same.</p>")
    response = client.post("/desk/policy/", {"body": "<p>The same.</p>", "seen": seen(client)}, follow=True)
    assert "Nothing to save." in text(response)
    assert EditorialPolicy.objects.get().history.count() == 1


def test_a_text_saved_by_somebody_else_is_not_overwritten_unseen(edith: User, client_of: In) -> None:
    erin = people.person("erin", "Erin Stone", Role.EDITOR)
    mine, theirs = client_of(edith), client_of(erin)
    save(mine, "<p>The first.</p>")
    opened = seen(mine)
    save(theirs, "<p>Of Erin, meanwhile.</p>")
    response = save(mine, "<p>Of Edith, typed for an hour.</p>", on=opened)
    assert response.status_code == 409
    page = text(response)
    assert "Erin Stone saved the policy while you were editing" in page
    assert "&lt;p&gt;Of Erin, meanwhile.&lt;/p&gt;" in page
    assert "&lt;p&gt;Of Edith, typed for an hour.&lt;/p&gt;" in page
    assert "Of Erin" in EditorialPolicy.objects.get().body
    knowing = save(mine, "<p>Of both.</p>", on=str(response.context["form"]["seen"].value()))
    assert knowing.status_code == 303
    assert "Of both." in EditorialPolicy.objects.get().body
    assert EditorialPolicy.objects.get().history.count() == 3


def test_every_earlier_text_can_be_found_and_read(edith: User, client_of: In) -> None:
    client = client_of(edith)
    for number in range(3):
        save(client, f"<p>Text number {number}.</p>")
    listing = text(client.get("/desk/policy/versions/"))
    for number in (1, 2, 3):
        assert f"Text {number}" in listing
    assert listing.count("Edith Hale, ") == 3
    oldest = EditorialPolicy.objects.get().history.earliest()
    page = text(client.get(f"/desk/policy/versions/{oldest.history_id}/"))
    assert "<p>Text number 0.</p>" in page
    assert client.get("/desk/policy/versions/4711/").status_code == 404


def test_only_editors_see_and_change_the_policy_here(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    save(client_of(edith), "<p>Ours.</p>")
    for somebody in (ada, ravi):
        for address in ("/desk/policy/", "/desk/policy/versions/"):
            assert client_of(somebody).get(address).status_code == 403
        assert client_of(somebody).post("/desk/policy/", {"body": "<p>Mine.</p>"}).status_code == 403
    assert "Ours." in EditorialPolicy.objects.get().body
