"""Signing up, confirming, signing in, a new password, a new address: and what each mail says."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from articles import workflow
from articles.models import BoardMember, User
from tests import makers, people

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]

PASSWORD = "zebra crossing at noon"


def text(response: Any) -> str:
    return response.content.decode()


def sign_up(client: Client, email: str = "lena@example.org", name: str = "Lena Vogt", **fields: str) -> Any:
    form = {"name": name, "email": email, "password1": PASSWORD, "password2": PASSWORD} | fields
    return client.post("/accounts/signup/", form, follow=True)


def link(message: Any) -> str:
    """The address on this site that a mail leads to."""
    found = re.search(r"http://testserver(/\S+)", message.body)
    assert found, message.body
    return found.group(1)


def confirm(client: Client, message: Any) -> Any:
    assert "Confirm the address" in text(client.get(link(message)))
    return client.post(link(message), follow=True)


def sign_in(login: str, password: str = PASSWORD) -> Any:
    return Client().post("/accounts/login/", {"login": login, "password": password}, follow=True)


def test_somebody_signs_up_confirms_and_begins_to_write(client: Client) -> None:
    sent = sign_up(client)
    assert "One step left" in text(sent)
    user = User.objects.get(email="lena@example.org")
    assert user.name == "Lena Vogt"
    landed = confirm(client, mail.outbox[0])
    assert landed.redirect_chain[-1] == ("/write/", 302)
    assert User.objects.get(pk=user.pk).is_author


def test_an_account_is_no_authors_before_its_address_is_confirmed(
    ada: User, edith: User, client: Client, client_of: In
) -> None:
    sign_up(client)
    user = User.objects.get(email="lena@example.org")
    assert user.roles == frozenset()
    assert "One step left" in text(sign_in("lena@example.org"))
    article = makers.article(ada)
    with pytest.raises(workflow.Blocked, match="No author's account: Lena Vogt"):
        workflow.set_coauthors(article.pk, coauthors=[user], actor=edith)


def test_a_link_opened_elsewhere_confirms_but_signs_nobody_in(client: Client) -> None:
    sign_up(client)
    elsewhere = Client()
    landed = confirm(elsewhere, mail.outbox[0])
    assert "/accounts/login/" in landed.redirect_chain[-1][0]
    assert "_auth_user_id" not in elsewhere.session
    assert sign_in("lena@example.org").redirect_chain[-1] == ("/write/", 302)


def test_a_link_that_was_changed_confirms_nothing(client: Client) -> None:
    sign_up(client)
    forged = link(mail.outbox[0])[:-3] + "xx/"
    assert "expired or was used before" in text(client.get(forged))
    assert client.post(forged).status_code == 404
    assert User.objects.get(email="lena@example.org").roles == frozenset()


@pytest.mark.parametrize("login", ["ada", "ada@example.org", "ADA@example.org"])
def test_one_signs_in_by_username_or_address(login: str, ada: User) -> None:
    assert sign_in(login, people.PASSWORD).redirect_chain[-1] == ("/write/", 302)


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(ada: User) -> None:
    known, unknown = (text(sign_in(login, "wrong")) for login in ("ada@example.org", "nobody@example.org"))
    said = re.compile(r'role="alert">(.*?)</div>', re.DOTALL)
    assert said.findall(known) == said.findall(unknown) != []


def test_signing_up_again_tells_nobody_but_the_owner_of_the_address(ada: User) -> None:
    new, taken = (sign_up(Client(), email) for email in ("lena@example.org", "ada@example.org"))
    assert new.redirect_chain == taken.redirect_chain
    assert text(new).replace("lena@", "ada@") == text(taken)
    assert User.objects.filter(email="ada@example.org").count() == 1
    assert User.objects.get(email="ada@example.org").check_password(people.PASSWORD)
    to_owner = mail.outbox[-1]
    assert to_owner.to == ["ada@example.org"]
    assert to_owner.subject == "[NetReview] You already have an account"


def test_what_was_typed_stays_when_signing_up_is_refused(client: Client) -> None:
    response = sign_up(client, password2="something else entirely")
    assert 'value="Lena Vogt"' in text(response)
    assert 'value="lena@example.org"' in text(response)
    assert PASSWORD not in text(response)
    assert not User.objects.exists()
    assert "common" in text(sign_up(client, password1="password123", password2="password123"))


def test_a_name_of_many_lines_becomes_one(client: Client) -> None:
    sign_up(client, name="  Lena \r\n Bcc: all@example.org  ")
    assert User.objects.get().name == "Lena Bcc: all@example.org"


def test_a_new_password_is_chosen_through_a_mail(ada: User) -> None:
    client = Client()
    done = client.post("/accounts/password/reset/", {"email": "ada@example.org"}, follow=True)
    assert "Look in your mail" in text(done)
    assert mail.outbox[0].subject == "[NetReview] Choose a new password"
    form = client.get(link(mail.outbox[0]), follow=True)
    address = form.redirect_chain[-1][0]
    changed = client.post(address, {"password1": PASSWORD, "password2": PASSWORD}, follow=True)
    assert "Your password is changed" in text(changed)
    assert sign_in("ada").redirect_chain[-1] == ("/write/", 302)
    assert "_auth_user_id" not in Client().session
    assert "password was changed" in mail.outbox[-1].subject
    again = client.get(link(mail.outbox[0]), follow=True)
    assert 'name="password1"' not in text(again), "a link works once"


def test_asking_for_a_new_password_says_the_same_of_an_unknown_address(ada: User) -> None:
    known, unknown = (
        Client().post("/accounts/password/reset/", {"email": email}, follow=True)
        for email in ("ada@example.org", "nobody@example.org")
    )
    assert text(known) == text(unknown)
    assert mail.outbox[-1].to == ["nobody@example.org"]
    assert "No account uses this address" in mail.outbox[-1].subject


def test_a_new_address_takes_the_place_of_the_old_when_it_is_confirmed(ada: User, client_of: In) -> None:
    client = client_of(ada)
    client.post("/accounts/email/", {"email": "okafor@example.org", "action_add": ""}, follow=True)
    assert User.objects.get(pk=ada.pk).email == "ada@example.org"
    assert "okafor@example.org waits to be confirmed" in text(client.get("/accounts/email/"))
    confirm(client, mail.outbox[0])
    assert User.objects.get(pk=ada.pk).email == "okafor@example.org"
    assert list(ada.emailaddress_set.values_list("email", "verified")) == [("okafor@example.org", True)]
    told = {(sent.to[0], sent.subject) for sent in mail.outbox}
    assert ("ada@example.org", "[NetReview] Your e-mail address was changed") in told


def test_confirming_an_address_gives_nobody_a_role_they_were_not_given(edith: User, client_of: In) -> None:
    sent_away = people.person("zoe", "Zoe Blum")
    sent_away.last_login = sent_away.date_joined
    sent_away.save()
    for person in (edith, sent_away):
        mail.outbox.clear()
        client = client_of(person)
        client.post("/accounts/email/", {"email": f"new-{person.email}", "action_add": ""})
        confirm(client, mail.outbox[0])
        assert not User.objects.get(pk=person.pk).is_author


def test_an_address_of_somebody_else_cannot_be_taken_over(ada: User, edith: User, client_of: In) -> None:
    client = client_of(edith)
    client.post("/accounts/email/", {"email": "ada@example.org", "action_add": ""}, follow=True)
    assert User.objects.get(pk=ada.pk).email == "ada@example.org"
    assert not edith.emailaddress_set.filter(email="ada@example.org", verified=True).exists()
    # Only Ada gets the mail; and even her own click gives her address to nobody else.
    assert {address for sent in mail.outbox for address in sent.to} == {"ada@example.org"}
    address = link(mail.outbox[0])
    assert "already belongs to another account" in text(Client().get(address))
    Client().post(address)
    assert User.objects.get(pk=edith.pk).email == "edith@example.org"
    assert User.objects.get(pk=ada.pk).email == "ada@example.org"


@pytest.mark.parametrize(
    ("term_from", "term_to"), [(date(2020, 1, 1), date(2021, 1, 1)), (date(2999, 1, 1), None)]
)
def test_a_member_whose_term_is_not_running_cannot_review(
    term_from: date, term_to: date | None, ada: User, ravi: User, client_of: In
) -> None:
    article = makers.article(ada, "submitted")
    assert client_of(ravi).get(f"/review/{article.pk}/").status_code == 200
    BoardMember.objects.filter(user=ravi).update(term_from=term_from, term_to=term_to)
    former = User.objects.get(pk=ravi.pk)
    assert client_of(former).get(f"/review/{article.pk}/").status_code in {403, 404}
    assert client_of(former).post(f"/review/{article.pk}/claim/").status_code in {403, 404}
    with pytest.raises(workflow.NotAllowed):
        workflow.claim(article.pk, actor=former)


def test_every_mail_about_an_account_is_in_our_words_in_text_and_html(ada: User, client_of: In) -> None:
    sign_up(Client())
    sign_up(Client(), "ada@example.org")
    for email in ("ada@example.org", "nobody@example.org"):
        Client().post("/accounts/password/reset/", {"email": email})
    client = client_of(ada)
    client.post(
        "/accounts/password/change/",
        {"oldpassword": people.PASSWORD, "password1": PASSWORD, "password2": PASSWORD},
    )
    client.post("/accounts/email/", {"email": "okafor@example.org", "action_add": ""})
    assert len(mail.outbox) == 6
    for sent in mail.outbox:
        html = str(sent.alternatives[0][0])
        assert sent.subject.startswith("[NetReview] ")
        assert len(sent.subject.splitlines()) == 1
        assert sent.body.count("\nNetReview\n") == 1
        assert "testserver!" not in sent.body
        assert "Hello from" not in sent.body
        assert "!" not in sent.body.replace("http://", "")
        assert "\n\n\n" not in sent.body
        assert f"<title>{sent.subject.removeprefix('[NetReview] ')}</title>" in html
        if "http://testserver" in sent.body:
            assert f'href="http://testserver{link(sent)}"' in html


def test_a_name_is_escaped_in_the_html_of_a_mail(client: Client) -> None:
    sign_up(client, name="<b>Lena</b>")
    assert "<b>Lena</b>," in mail.outbox[0].body
    assert "&lt;b&gt;Lena&lt;/b&gt;," in str(mail.outbox[0].alternatives[0][0])


def test_a_mail_server_that_is_away_loses_no_account(client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.notify.test_outbox.Away"
    response = sign_up(client)
    assert response.status_code == 200
    assert "We could not send you a mail just now." in text(response)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    from django.core.cache import cache

    cache.clear()  # the few minutes after which a mail may be asked for again
    sign_in("lena@example.org")
    confirm(Client(), mail.outbox[0])
    assert User.objects.get().is_author
