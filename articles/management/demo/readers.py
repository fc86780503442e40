"""What readers of the demonstration ask, and what comes of it: told through the workflow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from articles.management.demo import content
from articles.models import Article, Inquiry, Publication, Question, Reply
from articles.models.search import Passage
from articles.workflow import carrying, clock, inquiries, replies, signing
from articles.workflow.telling import answer_inquiry

if TYPE_CHECKING:
    from articles.management.commands.load_demo import Story


def tell(story: Story) -> None:
    """Keep every question about what is live at the end of the story, and take the steps that followed."""
    together: dict[str, list[int]] = {}
    for asked in content.questions():
        together.setdefault(asked.inquiry, []).append(_ask(story, asked).pk)
    for each in content.inquiries():
        _answer(story, content.moved(each, story.later), together[each.key])


def _ask(story: Story, asked: content.Asked) -> Question:
    asked = content.moved(asked, story.later)
    return Question.objects.create(
        publication=Publication.objects.live().get(article=story.made[asked.article]),
        level=asked.level,
        section=asked.section,
        text=asked.text,
        email=asked.email,
        created_at=asked.at,
        expires_at=asked.at + timedelta(days=settings.QUESTION_RETENTION_DAYS),
        answer=asked.answer,
        answered_at=asked.answered_at,
        answered_by=story.people[asked.by] if asked.by else None,
    )


def _answer(story: Story, told: content.AskedTogether, questions: list[int]) -> None:
    editor = story.people[told.by]
    with clock.at(told.at):
        inquiry = inquiries.open_inquiry(questions, actor=editor, title=told.title)
    if told.answered_at is not None:
        keys = [_key(inquiry, words) for words in told.statements]
        with clock.at(told.answered_at):
            answer_inquiry(inquiry.pk, actor=editor, words=told.words, keys=keys)
    if told.revision_at is not None:
        with clock.at(told.revision_at):
            carrying.ask_revision(inquiry.pk, actor=editor, note=told.note)
    if told.asked_at is not None:
        _let_the_board_answer(story, told, inquiry, told.asked_at)


def _let_the_board_answer(
    story: Story, told: content.AskedTogether, inquiry: Inquiry, asked_at: datetime
) -> None:
    assert told.written_at is not None  # noqa: S101 - the three dates come together
    assert told.approved_at is not None  # noqa: S101
    writer, approver = story.people[told.member], story.people[told.approved_by]
    with clock.at(asked_at):
        replies.ask_member(
            inquiry.pk, member=writer, actor=story.people[told.by], due=told.due, note=told.note
        )
    with clock.at(told.written_at):
        replies.write_reply(
            inquiry.pk,
            actor=writer,
            question=told.question,
            body=told.body,
            seen=_digest(inquiry),
            hand_in=True,
        )
    with clock.at(told.approved_at):
        replies.approve_reply(
            inquiry.pk, actor=approver, digest=_digest(inquiry), signature=signing.told(approver)
        )


def _digest(inquiry: Inquiry) -> str:
    article = Article.objects.get(pk=inquiry.article_id)
    references = replies.live_publication(article).references
    return Reply.objects.get(inquiry=inquiry).document(references).digest


def _key(inquiry: Inquiry, words: str) -> str:
    """The key of the first statement of the inquiry's article that begins so."""
    row = Passage.objects.filter(
        publication__article=inquiry.article_id, level="clinical", text__startswith=words
    ).first()
    assert row is not None, words  # noqa: S101 - the story names statements that are there
    return f"{inquiry.article_id}-{row.level}-{row.anchor}"
