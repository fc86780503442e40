"""Where people land, what they are told in their inbox, and the demo's own post office."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Message, User
from articles.states import Role
from tests import makers, people

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]


def text(response: Any) -> str:
    return response.content.decode()


def test_people_with_one_role_are_sent_to_where_they_work(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    for person, place in ((ada, "/write/"), (ravi, "/review/"), (edith, "/desk/")):
        response = client_of(person).get("/office/")
        assert (response.status_code, response.headers["Location"]) == (302, place)
    assert Client().get("/office/").headers["Location"].startswith("/accounts/login/")


def test_people_with_several_roles_choose_and_see_what_waits_in_each(
    ada: User, ravi: User, mei: User, edith: User, client_of: In
) -> None:
    for role in (Role.AUTHOR, Role.EDITOR):
        ravi.grant(role)
    makers.article(ada, "under_review", reviewer=ravi)
    makers.article(ada, "submitted")
    makers.article(ravi, "changes_requested", reviewer=mei)
    makers.article(ravi, "draft")
    makers.article(ravi, "draft")
    page = text(client_of(ravi).get("/office/"))
    for words in ("/review/", "/desk/", "/write/", "1 review to decide · 1 submission without a reviewer",
                  "1 article needs an editor", "1 article to answer · 2 drafts"):  # fmt: skip
        assert words in page


def test_somebody_without_a_role_is_told_what_to_do(client_of: In) -> None:
    page = text(client_of(people.person("nora", "Nora Weiss")).get("/office/"))
    assert "Your account has no role here yet." in page
    assert "nora@example.org" in page


def test_a_former_member_is_told_that_the_term_has_ended(client_of: In) -> None:
    olga = people.member("olga", "Olga Ivanova", "MD", term_to=date(2021, 1, 1))
    page = text(client_of(olga).get("/office/"))
    assert "Your term on the Medical Advisory Board is not running" in page
    assert client_of(olga).get("/review/").status_code == 403


def test_the_inbox_tells_what_happened_and_marks_what_is_unread(ada: User, ravi: User, client_of: In) -> None:
    article = makers.article(ada, "changes_requested", reviewer=ravi)
    page = text(client_of(ada).get("/office/inbox/"))
    assert f"Changes requested: {article.question}" in page
    assert "Ravi Menon asked for changes to version 1." in page
    assert "(unread)" in page
    assert "Mark all as read" in page


def test_an_empty_inbox_says_how_it_fills(ada: User, client_of: In) -> None:
    page = text(client_of(ada).get("/office/inbox/"))
    assert "Nothing yet" in page
    assert "Mark all as read" not in page


def test_opening_a_message_marks_it_read_and_leads_to_its_place(ada: User, ravi: User, client_of: In) -> None:
    article = makers.article(ada, "changes_requested", reviewer=ravi)
    message = Message.objects.get(recipient=ada)
    response = client_of(ada).get(f"/office/inbox/{message.pk}/")
    assert response.headers["Location"] == f"/write/{article.pk}/asks/"
    first = Message.objects.get(pk=message.pk).read_at
    assert first is not None
    client_of(ada).get(f"/office/inbox/{message.pk}/")
    assert Message.objects.get(pk=message.pk).read_at == first
    assert "(unread)" not in text(client_of(ada).get("/office/inbox/"))


def test_somebody_elses_message_does_not_exist(ada: User, ravi: User, edith: User, client_of: In) -> None:
    makers.article(ada, "changes_requested", reviewer=ravi)
    message = Message.objects.get(recipient=ada)
    assert client_of(edith).get(f"/office/inbox/{message.pk}/").status_code == 404
    assert Message.objects.get(pk=message.pk).read_at is None
    assert "Changes requested" not in text(client_of(edith).get("/office/inbox/"))


def test_marking_all_read_takes_a_post_and_touches_ones_own(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    for _ in range(2):
        makers.article(ada, "changes_requested", reviewer=ravi)
    client = client_of(ada)
    assert client.get("/office/inbox/read-all/").status_code == 405
    response = client.post("/office/inbox/read-all/", follow=True)
    assert "Marked 2 messages as read." in text(response)
    assert not Message.objects.filter(recipient=ada, read_at__isnull=True).exists()
    assert Message.objects.filter(recipient=edith, read_at__isnull=True).count() == 2


def test_a_full_inbox_comes_in_pages_and_takes_no_more_queries(ada: User, edith: User, client_of: In) -> None:
    client = client_of(edith)
    article = makers.article(ada, "submitted")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/office/inbox/")
        return len(captured)

    few = queries()
    for _ in range(26):
        workflow.withdraw(article.pk, version=1, actor=ada)
        workflow.submit(article.pk, version=1, actor=ada)
    assert queries() == few
    assert text(client.get("/office/inbox/")).count("row-title") == 25
    assert text(client.get("/office/inbox/?page=2")).count("row-title") == 2


@pytest.fixture
def mailbox(demo_addresses: None, settings: Any, tmp_path: Path) -> Path:
    """A demo that keeps its mail in files."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


def send(subject: str, body: str = "Hello.", html: str = "", to: str = "reader@example.org") -> None:
    message = mail.EmailMultiAlternatives(subject, body, to=[to])
    if html:
        message.attach_alternative(html, "text/html")
    message.send()


def names(page: str) -> list[str]:
    return [part.partition("/")[0] for part in page.split('href="/office/mail/')[1:] if part[0] != '"']


def test_outside_a_demo_there_is_no_mailbox(client: Client, settings: Any) -> None:
    assert client.get("/office/mail/").status_code == 404


def test_the_demos_mail_is_readable_by_somebody_who_is_signing_up(mailbox: Path, client: Client) -> None:
    assert "No mail yet" in text(client.get("/office/mail/"))
    send("First")
    send("Confirm it", "Go to http://testserver/accounts/confirm-email/AB:cd:ef/ now.", "<p>Go</p>")
    listing = text(client.get("/office/mail/"))
    assert listing.index("Confirm it") < listing.index("First")
    assert "To reader@example.org" in listing
    page = text(client.get(f"/office/mail/{names(listing)[0]}/"))
    assert '<a href="http://testserver/accounts/confirm-email/AB:cd:ef/"' in page
    assert "/html/" in page


def test_several_messages_in_one_file_are_told_apart(mailbox: Path, client: Client) -> None:
    rule = "-" * 79
    messages = [
        mail.EmailMessage(f"Number {n}", f"Body {n}\n{rule}\nstill body {n}", to=["a@example.org"])
        for n in range(3)
    ]
    mail.get_connection().send_messages(messages)
    listing = text(client.get("/office/mail/"))
    found = names(listing)
    assert len(list(mailbox.iterdir())) == 1
    assert len(found) == len(set(found)) == 3
    for place, number in enumerate((2, 1, 0)):
        page = text(client.get(f"/office/mail/{found[place]}/"))
        assert f"<h1>Number {number}</h1>" in page
        assert f"still body {number}" in page


def test_the_newest_mail_stands_first_by_its_own_date(mailbox: Path, client: Client) -> None:
    # A story of the past is sent in one go, and several of its messages share a file.
    for day, place in ((3, "a"), (1, "b"), (2, "a")):
        date = f"Date: Sun, 0{day} Feb 2026 09:00:00 -0000"
        mailbox.mkdir(exist_ok=True)
        with (mailbox / f"{place}.log").open("a") as file:
            file.write(f"Subject: Of day {day}\nTo: a@example.org\n{date}\n\nWords.\n{'-' * 79}\n")
    send("Of today", "Words.")
    listing = text(client.get("/office/mail/"))
    places = [listing.index(f"Of {day}") for day in ("today", "day 3", "day 2", "day 1")]
    assert places == sorted(places)


def test_mail_is_shown_as_words_and_its_html_apart_without_script_or_origin(
    mailbox: Path, client: Client
) -> None:
    send(
        "<script>alert(1)</script>",
        "<b>bold</b>",
        "<head></head><p style='color:red'>Hi<script>alert(1)</script></p>",
    )
    name = names(text(client.get("/office/mail/")))[0]
    page = client.get(f"/office/mail/{name}/")
    assert "<script>alert" not in text(page)
    assert "&lt;b&gt;bold&lt;/b&gt;" in text(page)
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    part = client.get(f"/office/mail/{name}/html/")
    policy = part.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert part.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    "name",
    [
        "..%2Fsecret.0",
        "%2e%2e%2fsecret.0",
        "..%5csecret.0",
        "secret.0",
        "x%00.0",
        "....0",
        "%2Fetc%2Fpasswd.0",
    ],
)
def test_a_name_that_is_not_in_the_list_leads_nowhere(name: str, mailbox: Path, client: Client) -> None:
    send("Only this one")
    (mailbox.parent / "secret.log").write_text("Subject: secret\n\nsecret words\n")
    for address in (f"/office/mail/{name}/", f"/office/mail/{name}/html/"):
        response = client.get(address)
        assert response.status_code == 404
        assert "secret words" not in text(response)


def test_a_broken_file_does_not_close_the_mailbox(mailbox: Path, client: Client) -> None:
    send("Good one")
    (mailbox / "20200101-000000-1.log").write_bytes(b"\xff\xfe not a mail\n" + b"-" * 79 + b"\n")
    (mailbox / "20200101-000000-2.log").write_bytes(b"")
    listing = text(client.get("/office/mail/"))
    assert "Good one" in listing
    for name in names(listing):
        assert client.get(f"/office/mail/{name}/").status_code == 200
