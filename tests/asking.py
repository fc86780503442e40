"""Readers' questions and what comes of them, made by the steps that people take."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from articles.models import Inquiry, Publication, PublishedReply, Question, Reply, User
from articles.workflow import inquiries, replies
from articles.workflow.signing import told
from tests.makers import CITED

TITLE = "What holds after an operation?"


def ask(publication: Publication, text: str = "Does it hold after surgery?", **fields: Any) -> Question:
    """A question of a reader, as the form under an article keeps it."""
    now = timezone.now()
    fields = {"level": "plain", "created_at": now, "expires_at": now + timedelta(days=90)} | fields
    return Question.objects.create(publication=publication, text=text, **fields)


def group(editor: User, *questions: Question, title: str = TITLE) -> Inquiry:
    return inquiries.open_inquiry([each.pk for each in questions], actor=editor, title=title)


def write(
    inquiry: Inquiry, member: User, words: str = "It does.", *, hand_in: bool = True, **given: Any
) -> Reply:
    """The member takes the inquiry, unless they have it, and writes."""
    if inquiry.state == "open":
        replies.take(inquiry.pk, actor=member)
        inquiry.refresh_from_db()
    fields = {
        "question": "Does it hold after an operation?",
        "body": f"<p>{words}{CITED}</p>",
        "seen": digest(inquiry),
    }
    return replies.write_reply(inquiry.pk, actor=member, hand_in=hand_in, **fields | given)


def digest(inquiry: Inquiry) -> str:
    """The digest of the reply as it is stored."""
    live = replies.live_publication(inquiry.article)
    return Reply.objects.get(inquiry=inquiry).document(live.references).digest


def approve(inquiry: Inquiry, member: User, **given: Any) -> PublishedReply:
    fields = {"digest": digest(inquiry), "signature": told(member)}
    return replies.approve_reply(inquiry.pk, actor=member, **fields | given)
