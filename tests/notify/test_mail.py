"""A message in words: what happened, the reason, the next step and where to take it, in text and HTML."""

import itertools
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from django.conf import settings
from django.core import mail

from articles import workflow
from articles.models import Message, User
from articles.notify import outbox, recipients
from articles.notify.mail import WORDING, compose, tell
from articles.states import Role
from tests import makers, people

pytestmark = pytest.mark.django_db


def html_of(composed: mail.EmailMultiAlternatives) -> str:
    return str(composed.alternatives[0][0])


def test_a_mail_says_who_did_what_why_and_what_to_do_next_with_a_link(ada: User, ravi: User) -> None:
    makers.article(ada, "changes_requested", reviewer=ravi)
    composed = compose(Message.objects.get(recipient=ada))
    article = Message.objects.get(recipient=ada).event.article
    assert composed.to == ["ada@example.org"]
    assert composed.subject == f"[NetReview] Changes requested: {article.question}"
    for text in (composed.body, html_of(composed)):
        assert "Ada Okafor," in text
        assert "Ravi Menon asked for changes to version 1." in text
        assert "Name the source." in text
        assert "submit it again" in text
        assert f"{settings.SITE_URL}/write/{article.pk}/" in text
        assert "because you are an author of this article" in text


def test_the_news_of_a_publication_brings_what_each_approver_wrote(
    ada: User, ravi: User, mei: User, settings: Any
) -> None:
    makers.policy(quorum=2)
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    for member, note in ((ravi, "Clear and complete."), (mei, "Mind the doses.")):
        makers.approve(article, member, version=1, note=note)
    composed = compose(Message.objects.get(recipient=ada))
    for text in (composed.body, html_of(composed)):
        assert text.index("Ravi Menon wrote:") < text.index("Clear and complete.")
        assert text.index("Mei Lin wrote:") < text.index("Mind the doses.")
        assert "Readers see it from now on." in text


def test_every_kind_of_message_has_words_and_a_place_to_go(ada: User, edith: User) -> None:
    makers.article(ada, "submitted")
    message = Message.objects.get(recipient=edith)
    for kind in WORDING:
        message.kind = kind
        told = tell(message)
        assert told.path.startswith(("/write/", "/review/", "/desk/", "/office/articles/"))
        assert "{" not in told.subject + told.happened + told.next_step
        assert told.next_step.endswith(".")
        assert settings.SITE_URL + told.path in compose(message).body


def test_every_kind_of_message_that_anybody_can_get_has_words() -> None:
    kinds = {
        f"{part}_{event}"
        for event, tell_ in recipients._WHO.items()
        for part, heard in (
            ("author", {recipients._authors, recipients._authors_and_reviewers}),
            (
                "reviewer",
                {recipients._reviewers, recipients._named_member, recipients._authors_and_reviewers},
            ),
            (
                "editor",
                {
                    recipients._editors,
                    recipients._editors_if_nobody_is_left,
                    recipients._whoever_has_it_now,
                },
            ),
            ("member", {recipients._member, recipients._whoever_has_it_now}),
        )
        if tell_ in heard
    }
    kinds |= {"author_thread_answered", "reviewer_thread_answered", "reviewer_thread_done"}  # _other_side
    assert kinds == set(WORDING)


def test_a_line_break_in_a_name_or_a_question_makes_no_header(ada: User, edith: User) -> None:
    question = "How is it treated?\r\nBcc: everyone@example.org\u2028\x0bX-Evil: yes"
    User.objects.filter(pk=ada.pk).update(name="Ada\nCc: all@example.org")
    makers.article(User.objects.get(pk=ada.pk), "submitted", question=question)
    composed = compose(Message.objects.get(recipient=edith))
    sent = message_from_bytes(composed.message().as_bytes(), policy=default)
    assert sorted({"bcc", "cc", "x-evil"} & {name.lower() for name in sent}) == []
    assert sent["To"] == "edith@example.org"
    assert "Bcc: everyone@example.org" in sent["Subject"].replace("\r\n", "")


def test_names_questions_and_notes_are_escaped_in_html_and_plain_in_text(ada: User, edith: User) -> None:
    bad = "<script>alert(1)</script> & Co"
    User.objects.filter(pk=edith.pk).update(name=bad)
    article = makers.article(ada, "submitted", question=f"Is {bad} safe?")
    workflow.decline(article.pk, version=1, actor=edith, note=f"{bad}\nsecond line")
    composed = compose(Message.objects.get(recipient=ada))
    assert "<script" not in html_of(composed)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in html_of(composed)
    assert bad in composed.body
    assert "&lt;" not in composed.body


def test_braces_in_a_question_are_only_braces(ada: User, edith: User) -> None:
    makers.article(ada, "submitted", question="What does {who} mean by {0.__class__}?")
    message = Message.objects.get(recipient=edith)
    assert tell(message).subject == "Submitted: What does {who} mean by {0.__class__}?"


def test_every_attempt_at_one_message_carries_the_same_message_id(ada: User, edith: User) -> None:
    makers.article(ada, "submitted")
    message = Message.objects.get(recipient=edith)
    first, second = (compose(message).extra_headers["Message-ID"] for _ in range(2))
    assert first == second
    assert first.startswith("<message-")


def test_message_ids_differ_between_recipients(ada: User, edith: User) -> None:
    people.person("erin", "Erin Stone", Role.EDITOR)
    makers.article(ada, "submitted")
    ids = [compose(message).extra_headers["Message-ID"] for message in Message.objects.all()]
    assert all(one != other for one, other in itertools.combinations(ids, 2))


def test_a_delivered_mail_has_both_parts(ada: User, edith: User) -> None:
    makers.article(ada, "submitted")
    assert outbox.deliver() == 1
    [sent] = mail.outbox
    parts = [part.get_content_type() for part in sent.message().walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]
