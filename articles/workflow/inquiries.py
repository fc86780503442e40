"""Readers' questions at the desk: those that ask the same become one inquiry, in the editors' own words."""

import re
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from articles.content.checks import MAX_QUESTION, Issue
from articles.content.terms import words
from articles.models import Article, Event, Inquiry, InquiryState, Question, User, append_event
from articles.notify import outbox
from articles.states import EventKind
from articles.workflow import clock
from articles.workflow.errors import Blocked, NotAllowed, StaleVersion, WrongState

MOST = 200  # questions that are grouped in one step
_BORROWED = 8  # words in a row that make a title somebody else's
_ADDRESS = re.compile(r"\S+@\S+\.\S+")


def open_inquiry(questions: Sequence[int], *, actor: User, title: str) -> Inquiry:
    """Begin an inquiry with these open questions (keys). Where the oldest came from is where it belongs.

    Raises NotAllowed, WrongState (one is answered or grouped already, or forgotten), Blocked.
    """
    with transaction.atomic():
        person = as_editor(actor)
        found = _free(questions)
        first = found[0]
        now = clock.now()
        inquiry = Inquiry(
            article_id=first.publication.article_id,
            publication=first.publication,
            level=first.level,
            section=first.section,
            title=own_words(title, found),
            state_since=now,
            opened_by=person,
            opened_at=now,
        )
        keep(inquiry, person)
        Question.objects.filter(pk__in=[each.pk for each in found]).update(inquiry=inquiry)
    return inquiry


def join(pk: int, questions: Sequence[int], *, actor: User) -> Inquiry:
    """Add open questions to an inquiry that is not answered. Raises as open_inquiry."""
    with transaction.atomic():
        inquiry, _ = hold(pk, actor, editor=True)
        _refuse_answered(inquiry)
        found = _free(questions)
        Question.objects.filter(pk__in=[each.pk for each in found]).update(inquiry=inquiry)
    return inquiry


def take_out(pk: int, question: int, *, actor: User) -> Inquiry:
    """Let a question stand alone again. Raises NotAllowed, WrongState."""
    with transaction.atomic():
        inquiry, _ = hold(pk, actor, editor=True)
        _refuse_answered(inquiry)
        open_ones = Question.objects.filter(inquiry=inquiry, answered_at__isnull=True)
        if not open_ones.filter(pk=question).update(inquiry=None):
            raise WrongState("This question is not in the group any more. Nothing was changed.")
    return inquiry


def retitle(pk: int, *, actor: User, title: str, seen: str) -> Inquiry:
    """Put the inquiry into other words; `seen` is the title as it read.

    Raises NotAllowed, StaleVersion, Blocked.
    """
    with transaction.atomic():
        inquiry, person = hold(pk, actor, editor=True)
        if inquiry.title != seen:
            raise StaleVersion("Somebody changed this title while you wrote. Nothing was saved.", current=0)
        inquiry.title = own_words(title, list(inquiry.questions.all()))
        keep(inquiry, person)
    return inquiry


def reopen(pk: int, *, actor: User, note: str = "") -> Inquiry:
    """Take an inquiry back to the desk, from the board or from an author. Raises NotAllowed, WrongState."""
    with transaction.atomic():
        inquiry, person = hold(pk, actor, editor=True)
        if inquiry.state not in (InquiryState.WITH_BOARD, InquiryState.WITH_AUTHOR):
            raise WrongState(f"It is {inquiry.get_state_display().lower()} now. Nothing was changed.")
        told = {"member": inquiry.reply.member_id} if inquiry.state == InquiryState.WITH_BOARD else {}
        inquiry.carried_by, inquiry.carried_from = None, None
        move(inquiry, InquiryState.OPEN, person)
        record(inquiry, EventKind.INQUIRY_RETURNED, person, note, told)
    return inquiry


# --- What the other steps with an inquiry share


def hold(pk: int, actor: User, *, editor: bool = False) -> tuple[Inquiry, User]:
    """Lock an inquiry and its article, in this order; the inquiry, and the person as they are stored now.

    editor: whether the step is an editor's. Raises NotAllowed, Inquiry.DoesNotExist. Inside a transaction.
    """
    article_id = Inquiry.objects.values_list("article_id", flat=True).get(pk=pk)
    article = Article.objects.select_for_update(of=("self",)).get(pk=article_id)
    inquiry = Inquiry.objects.select_for_update(of=("self",)).get(pk=pk)
    inquiry.article = article
    if editor:
        return inquiry, as_editor(actor)
    person = User.objects.select_related("board_profile").get(pk=actor.pk)
    if not person.is_active:
        raise NotAllowed("This account is closed.")
    return inquiry, person


def as_editor(actor: User) -> User:
    """The person as they are stored now. Raises NotAllowed unless they are an editor."""
    person = User.objects.get(pk=actor.pk)
    if not person.is_editor:
        raise NotAllowed("Only editors look after readers’ questions.")
    return person


def move(inquiry: Inquiry, state: InquiryState, person: User) -> None:
    """Change where an inquiry stands, and keep it."""
    if inquiry.state != state:
        inquiry.state, inquiry.state_since = state, clock.now()
    if state != InquiryState.ANSWERED:
        inquiry.answered_with = ""
    keep(inquiry, person)


def keep(inquiry: Inquiry, person: User) -> None:
    inquiry._history_user, inquiry._history_date = person, clock.now()  # type: ignore[attr-defined]
    inquiry.save()


def record(
    inquiry: Inquiry,
    kind: EventKind,
    person: User,
    note: str,
    data: dict[str, Any],
    article: Article | None = None,
) -> Event:
    """Write what happened into the chain of an article that the caller holds locked: the inquiry's own."""
    article = article or inquiry.article
    event = append_event(
        article.pk,
        kind=kind,
        actor=person,
        actor_name=str(person),
        at=clock.now(),
        version=article.version,
        round=None,
        note=note.replace("\x00", "").strip(),
        data={"inquiry": inquiry.pk, "title": inquiry.title} | data,
    )
    outbox.enqueue(event, article)
    return event


def own_words(title: str, questions: Sequence[Question]) -> str:
    """The title as it is kept. Raises Blocked when it is none, or a reader's: it outlives those."""
    cleaned = " ".join(title.replace("\x00", "").split())
    issues = []
    if not cleaned:
        issues.append(Issue("title", "Write the question in your own words."))
    elif len(cleaned) > MAX_QUESTION:
        issues.append(Issue("title", f"It has {len(cleaned)} characters. Shorten it to {MAX_QUESTION}."))
    elif _ADDRESS.search(cleaned):
        issues.append(Issue("title", "Leave addresses out: this outlives what readers wrote."))
    elif any(_borrows(cleaned, each.text) for each in questions):
        issues.append(
            Issue("title", "These are a reader’s words, which are forgotten in time. Use words of your own.")
        )
    if issues:
        raise Blocked(issues)
    return cleaned


def _borrows(title: str, text: str) -> bool:
    """Whether a title repeats a question, or eight words of it in a row."""
    own, theirs = words(title), words(text)
    if own == theirs:
        return True
    runs = {tuple(theirs[at : at + _BORROWED]) for at in range(len(theirs) - _BORROWED + 1)}
    return any(tuple(own[at : at + _BORROWED]) in runs for at in range(len(own) - _BORROWED + 1))


def _free(questions: Sequence[int]) -> list[Question]:
    """These questions, locked, oldest first. Raises Blocked for none, WrongState unless all stand open."""
    wanted = list(dict.fromkeys(questions))[:MOST]
    if not wanted:
        raise Blocked([Issue("question", "Choose at least one question.")])
    rows: QuerySet[Question] = Question.objects.select_for_update(of=("self",)).filter(
        pk__in=wanted, answered_at__isnull=True, inquiry__isnull=True
    )
    found = list(rows.select_related("publication").defer(*_TEXTS).order_by("created_at", "pk"))
    if len(found) < len(wanted):
        raise WrongState(
            "One of these questions has been answered, grouped or forgotten meanwhile. Nothing was changed."
        )
    return found


_TEXTS = ("publication__clinical", "publication__plain", "publication__references")


def _refuse_answered(inquiry: Inquiry) -> None:
    if inquiry.is_answered:
        raise WrongState("This group has been answered. Nothing was changed.")
