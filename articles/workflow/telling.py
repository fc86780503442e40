"""The answer that readers get: words, statements of approved articles, or where one now stands. Once each."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet

from articles.content.checks import Issue
from articles.models import AnsweredWith, Article, Inquiry, InquiryState, Publication, Question, User
from articles.notify import outbox
from articles.retrieval.passages import MOST_KEYS, by_key
from articles.states import EventKind
from articles.workflow import clock
from articles.workflow.errors import Blocked, StaleVersion, WrongState
from articles.workflow.inquiries import as_editor, hold, move, record

MAX_WORDS = 5_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What an editor is about to send. quotes: statements as they are approved now, as JSON values."""

    words: str
    quotes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """SHA-256 (hex): what was seen in the preview is what is sent, or nothing is."""
        whole = json.dumps([self.words, self.quotes], cls=DjangoJSONEncoder, sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()


def answer_of(words: str, keys: Sequence[str] = ()) -> Answer:
    """An answer in these words with these statements (keys of passages). Raises Blocked. Three queries."""
    words = words.replace("\x00", "").replace("\r\n", "\n").strip()
    keys = list(dict.fromkeys(keys))
    found = by_key(keys)
    issues = []
    if len(words) > MAX_WORDS:
        issues.append(
            Issue("words", f"The answer has {len(words):,} characters. Shorten it to {MAX_WORDS:,}.")
        )
    if len(keys) > MOST_KEYS:
        issues.append(Issue("statements", f"Choose at most {MOST_KEYS} statements."))
    elif len(found) < len(keys):
        issues.append(Issue("statements", "A statement you chose is no longer there. Choose again."))
    if not words and not keys:
        issues.append(Issue("words", "Write an answer, or choose a statement that answers."))
    if issues:
        raise Blocked(issues)
    articles = {each.article_id for each in found}
    live = {
        publication.article_id: publication
        for publication in Publication.objects.live()
        .filter(article__in=articles)
        .only("article", "number", "published_at", "question")
    }
    quotes = [
        {
            "article": each.article_id,
            "number": live[each.article_id].number,
            "question": each.question,
            "updated": live[each.article_id].published_at.isoformat(),
            "level": each.level,
            "section": each.section,
            "section_title": each.section_title,
            "anchor": each.anchor,
            "statement": each.statement,
            "citations": [{"number": one.number, "text": one.text} for one in each.citations],
        }
        for each in found
        if each.article_id in live
    ]
    return Answer(words, quotes)


def answer_question(
    pk: int, *, actor: User, words: str, keys: Sequence[str] = (), seen: str | None = None
) -> Question:
    """Answer a question that stands alone; without an address it is marked as handled.

    seen: the digest of the Answer that was previewed. Raises NotAllowed, WrongState (somebody answered, or
    grouped it), StaleVersion (a statement has changed since), Blocked, Question.DoesNotExist.
    """
    with transaction.atomic():
        person = as_editor(actor)
        asked = Question.objects.select_for_update(of=("self",)).get(pk=pk)
        if asked.answered_at is not None:
            raise WrongState(
                f"{asked.answered_by} has answered this question meanwhile. Your answer was not sent."
            )
        if asked.inquiry_id is not None:
            raise WrongState("This question was grouped with others meanwhile. Your answer was not sent.")
        tell(Question.objects.filter(pk=pk), person, _as_seen(words, keys, seen))
        asked.refresh_from_db()
    return asked


def answer_inquiry(
    pk: int, *, actor: User, words: str, keys: Sequence[str] = (), seen: str | None = None
) -> Inquiry:
    """Answer everybody who asks it with the same words and statements. Raises as answer_question."""
    with transaction.atomic():
        inquiry, person = hold(pk, actor, editor=True)
        if inquiry.is_answered:
            raise WrongState("Somebody has answered this group meanwhile. Your answer was not sent.")
        if inquiry.state == InquiryState.WITH_AUTHOR:
            raise WrongState(
                "An author is at work on this group. Take it back first; your answer was not sent."
            )
        given = _as_seen(words, keys, seen)
        count = tell(inquiry.questions.all(), person, given)
        close(inquiry, person, AnsweredWith.STATEMENTS if given.quotes else AnsweredWith.WORDS)
        record(inquiry, EventKind.INQUIRY_ANSWERED, person, "", {"askers": count})
    return inquiry


def close(inquiry: Inquiry, person: User, answered_with: AnsweredWith) -> None:
    """Keep an inquiry as answered; the caller tells the askers."""
    inquiry.answered_with = answered_with
    move(inquiry, InquiryState.ANSWERED, person)


def tell(
    questions: QuerySet[Question],
    person: User,
    given: Answer,
    *,
    article: Article | int | None = None,
    anchor: str = "",
) -> int:
    """Answer those of the questions that are open; who left an address gets a mail. How many there were.

    article, anchor: where the answer stands. Two statements, whatever the number of questions.
    """
    now = clock.now()
    waiting = questions.filter(answered_at__isnull=True)
    told = waiting.exclude(email="").update(not_before=now)
    count = waiting.update(
        answer=given.words,
        quotes=given.quotes,
        answered_at=now,
        answered_by=person,
        answered_in=article,
        anchor=anchor,
    )
    if told:
        transaction.on_commit(outbox.wake, robust=True)
    return count


def take_back_unsent(article_id: int, anchor: str | None = None) -> None:
    """Open again what was to be answered with a text that is no longer approved, and is not sent yet."""
    waiting = Question.objects.filter(answered_in=article_id, sent_at__isnull=True, not_before__isnull=False)
    if anchor is not None:
        waiting = waiting.filter(anchor=anchor)
    waiting.update(
        answer="",
        quotes=[],
        answered_at=None,
        answered_by=None,
        answered_in=None,
        anchor="",
        not_before=None,
        attempts=0,
    )


def _as_seen(words: str, keys: Sequence[str], seen: str | None) -> Answer:
    given = answer_of(words, keys)
    if seen is not None and seen != given.digest:
        raise StaleVersion(
            "This is not the answer you looked at. Look at it again; nothing was sent.", current=0
        )
    return given
