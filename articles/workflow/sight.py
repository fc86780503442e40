"""What a person may see of others' work in a round whose reviews are independent: the one place that says.

Before a board member's own decision is in, not one byte of another's decision, thread or sign-off in the
open round may reach them (Case.sees). Pages, mail, exports and events all ask here.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from articles import queries
from articles.models import (
    Article,
    Assignment,
    Conflict,
    Decision,
    Event,
    Message,
    Round,
    Thread,
    User,
)
from articles.states import EventKind
from articles.workflow import masking
from articles.workflow.case import Case

# What a reviewer does in a round, by the event it leaves.
REVIEW_WORK = frozenset(
    {
        EventKind.APPROVED,
        EventKind.RECUSED,
        EventKind.REVIEW_DECLINED,
        EventKind.CONFLICT_DECLARED,
        # Who is reminded has not decided.
        EventKind.REMINDED,
        *masking.TALK,
    }
)


def blind_rounds(user: User) -> QuerySet[Round]:
    """The open rounds, of any article, in which this person is blind: Case.is_blind for lists. No query."""
    if not user.is_board_member:
        return Round.objects.none()
    coauthored = Article.coauthors.through.objects.filter(article=OuterRef("article"), user=user)
    found = (
        Round.objects.filter(closed_at__isnull=True, policy__independent=True)
        .exclude(article__author=user)
        .exclude(Exists(coauthored))
        .exclude(Exists(Decision.objects.filter(round=OuterRef("pk"), member=user)))
    )
    if user.is_editor:
        own = Assignment.objects.filter(round=OuterRef("pk"), member=user, ended_at__isnull=True)
        found = found.filter(Exists(own))
    return found


def events(case: Case) -> QuerySet[Event]:
    """What happened to the article, newest first, as far as this person may know of it."""
    found = queries.timeline(case.article.pk)
    if case.round is None or not case.is_blind:
        return found
    here = Q(round=case.round.number)
    own = Q(actor=case.user) | Q(actor__in=case.author_ids)
    # That an author answered a colleague tells that the colleague asked.
    others = list(
        Thread.objects.filter(article=case.article, round=case.round.number)
        .exclude(opened_by=case.user)
        .values_list("pk", flat=True)
    )
    # So does an answer to a colleague in an older thread: what was said is hidden, and that it was said.
    hidden = [
        comment.pk
        for each in case.threads
        for comment in each.said  # type: ignore[attr-defined]
        if comment not in each.seen_comments  # type: ignore[attr-defined]
    ]
    answers = found.filter(kind=EventKind.THREAD_ANSWERED, data__comment__in=hidden)
    return (
        found.exclude(here & Q(kind__in=REVIEW_WORK) & ~own)
        .exclude(here & Q(kind__in=masking.TALK, data__thread__in=others))
        .exclude(pk__in=list(answers.values_list("pk", flat=True)))
    )


def thread(case: Case, pk: int) -> Thread:
    """One thread of this article. Raises Thread.DoesNotExist for any other, and for one not to be seen."""
    found = next((each for each in case.threads if each.pk == pk), None)
    if found is None:
        raise Thread.DoesNotExist(f"article {case.article.pk} has no thread {pk} for {case.user}")
    return found


def rounds(case: Case) -> list[Round]:
    """The article's rounds, newest first, each with `seen_decisions` and `seen_assignments`."""
    found = list(queries.rounds(case.article.pk))
    for each in found:
        each.seen_decisions = decisions(case, each)  # type: ignore[attr-defined]
        each.seen_assignments = assignments(case, each)  # type: ignore[attr-defined]
    return found


def decisions(case: Case, round_: Round) -> list[Decision]:
    """The decisions of one round of the article, prefetched, as far as this person may know of them."""
    return [each for each in round_.decisions.all() if case.sees(round_.number, each.member_id)]


def assignments(case: Case, round_: Round) -> list[Assignment]:
    """Who reviews in a round, as it seems: whoever went by themselves stands, whoever began has not answered.

    Whether a colleague works is for them to know; whom an editor released, for everybody. One query at most.
    """
    found = list(round_.assignments.all())
    began = {
        each.pk
        for each in found
        if each.assigned_by_id and each.accepted_at is not None and each.accepted_at > round_.opened_at
    }
    told = _told_of(case, round_, [each for each in found if each.ended_at is not None or each.pk in began])
    for each in found:
        if case.sees(round_.number, each.member_id):
            continue
        if each.ended_at is not None and (EventKind.UNASSIGNED, each.member_id) not in told:
            each.ended_at = None
        if each.pk in began and (EventKind.ACCEPTED, each.member_id) not in told:
            each.accepted_at = None
    return found


def _told_of(case: Case, round_: Round, moved: Collection[Assignment]) -> set[tuple[str, int]]:
    """(kind, whose) of what everybody may know of the assignments that moved since they were made."""
    if all(case.sees(round_.number, each.member_id) for each in moved):
        return set()
    kinds = (EventKind.ACCEPTED, EventKind.UNASSIGNED)
    events = Event.objects.filter(article=case.article, round=round_.number, kind__in=kinds)
    return {(event.kind, event.data.get("member", event.actor_id)) for event in events}


def in_the_admin(user: User, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows of any table, less what colleagues did in rounds in which this person is blind. No query.

    The pages of the office show what little there is to know; the admin shows rows, and can mask none.
    """
    blind = blind_rounds(user)
    if rows.model in (Assignment, Decision):
        here, own = Exists(blind.filter(pk=OuterRef("round"))), Q(member=user)
    elif rows.model is Event:
        here, own = _of_event(blind, ""), Q(actor=user)
    elif rows.model is Message:
        here, own = _of_event(blind, "event__"), Q(recipient=user)
    elif rows.model is Conflict:
        since = blind.filter(article=OuterRef("article"), opened_at__lte=OuterRef("declared_at"))
        here, own = Exists(since), Q(member=user)
    else:
        return rows
    return rows.filter(~Q(here) | own)


def _of_event(blind: QuerySet[Round], event: str) -> Exists:
    """Whether an event belongs to one of these rounds."""
    return Exists(blind.filter(article=OuterRef(f"{event}article"), number=OuterRef(f"{event}round")))


def may_judge(case: Case, thread: Thread) -> bool:
    """Whether this person may say that a thread is settled, or that it must be fixed.

    What must be fixed is judged by who asked for it, as long as they review.
    """
    is_own = thread.opened_by_id == case.user.pk
    return not thread.is_must_fix or is_own or not seems_to_review(case, thread.opened_by)


def seems_to_review(case: Case, user: User) -> bool:
    """Whether somebody reviews in the open round, as far as this person may know."""
    if case.round is None:
        return False
    return any(each.member_id == user.pk and each.ended_at is None for each in assignments(case, case.round))
