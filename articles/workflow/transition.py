"""One transaction around every step: lock, check, change, record. The only writer of Article.state."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import transaction

from articles.models import (
    Article,
    Assignment,
    Decision,
    Event,
    Round,
    User,
    append_event,
)
from articles.models.seals import SEALING, seal
from articles.notify import outbox
from articles.states import EventKind, RoundKind, RoundOutcome, State, Verdict
from articles.workflow import clock
from articles.workflow.case import Case
from articles.workflow.errors import Blocked, NotAllowed, StaleVersion, WrongState
from articles.workflow.table import TABLE, Row


class Step:
    """A step that passed its checks, inside its transaction. It gathers what changes; `close` writes it."""

    def __init__(self, row: Row, case: Case, now: datetime) -> None:
        self.row = row
        self.case = case
        self.now = now
        self.article: Article = case.article
        self.actor: User = case.user
        self.target: State | None = row.target
        self.event = row.event
        self.data: dict[str, Any] = {}
        # The round the step was about, even if it closes it.
        self.round: Round | None = case.round
        self._also: list[tuple[EventKind, dict[str, Any]]] = []
        self._is_sealed = False

    def decide(self, verdict: Verdict, meaning: str = "") -> Decision:
        """Sign the actor's verdict over the open round, as the person readers will see."""
        assert self.round is not None  # noqa: S101 - a reviewer without a round was refused above
        profile = self.actor.board_profile
        signature = self.case.signature
        self.accept()
        self.data |= {"name": profile.name, "credentials": profile.credentials, "digest": self.round.digest}
        if meaning:
            self.data |= {"meaning": meaning, "method": signature.method if signature else ""}
        return Decision.objects.create(
            round=self.round,
            member=self.actor,
            verdict=verdict,
            note=self.case.note,
            version=self.round.version,
            digest=self.round.digest,
            name=profile.name,
            credentials=profile.credentials,
            specialties=profile.specialty_list,
            meaning=meaning,
            method=signature.method if signature and meaning else "",
            checklist=[
                item.text
                for item in self.case.checklist
                if item.verdict == verdict and item.pk in self.case.ticked
            ],
            decided_at=self.now,
        )

    def accept(self) -> None:
        """Working on a review is taking it on: an invitation needs no other answer."""
        Assignment.objects.filter(
            round=self.round, member=self.actor, ended_at__isnull=True, accepted_at__isnull=True
        ).update(accepted_at=self.now)

    def open_round(self, kind: RoundKind = RoundKind.REVIEW) -> Round:
        """Begin a round over the text as it stands, under the policy in force now."""
        last = Round.objects.filter(article=self.article).order_by("-number").first()
        self.round = Round.objects.create(
            article=self.article,
            number=last.number + 1 if last else 1,
            version=self.article.version,
            digest=self.article.digest,
            kind=kind,
            policy=self.case.policy.as_json(),
            opened_at=self.now,
        )
        return self.round

    def close_round(self, outcome: RoundOutcome) -> None:
        if self.round is not None:
            self.round.closed_at = self.now
            self.round.outcome = outcome
            self.round.save(update_fields=["closed_at", "outcome"])

    def add_reviewer(self, member: User, *, by: User | None, due: date | None, stands: bool = False) -> None:
        """Make the member a reviewer. Nobody asks one who claims, or who `stands` from the round before."""
        accepted = self.now if by is None or stands else None
        Assignment.objects.update_or_create(
            round=self.round,
            member=member,
            defaults={"assigned_by": by, "due": due, "ended_at": None, "accepted_at": accepted},
            create_defaults={
                "assigned_by": by, "due": due, "created_at": self.now, "accepted_at": accepted,
            },
        )  # fmt: skip

    def drop_reviewer(self, member: User) -> None:
        """End the member's assignment; with no reviewer left the article waits for one again."""
        Assignment.objects.filter(round=self.round, member=member, ended_at__isnull=True).update(
            ended_at=self.now
        )
        left = Assignment.objects.filter(round=self.round, ended_at__isnull=True).exists()
        if self.round is not None and not left and self.article.state == State.UNDER_REVIEW:
            self.target = State.SUBMITTED

    def also(self, kind: EventKind, **data: Any) -> None:
        """Record a second event that follows from this step."""
        self._also.append((kind, data))

    def close(self) -> None:
        """Write the state, the events and their messages, together with whatever else the step changed."""
        if self.target is not None and self.target != self.article.state:
            self.article.state = self.target
            self.article.state_since = self.now
            self.article.save_bookkeeping("state", "state_since")
        if self.event is not None:
            self._record(self.event, self.case.note, self.data)
        for kind, data in self._also:
            self._record(kind, "", data)

    def _record(self, kind: EventKind, note: str, data: dict[str, Any]) -> Event:
        if kind in SEALING and not self._is_sealed:
            # Whoever signs relies on what was said and signed off so far: it must stay as it was.
            data = data | {"evidence": seal(self.article.pk)}
            self._is_sealed = True
        event = append_event(
            self.article.pk,
            kind=kind,
            actor=self.actor,
            actor_name=str(self.actor),
            at=self.now,
            version=self.article.version,
            round=self.round.number if self.round else None,
            note=note,
            data=data,
        )
        outbox.enqueue(event, self.article)
        return event


@contextmanager
def transition(
    action: str,
    article_id: int,
    *,
    actor: User,
    version: int | None = None,
    digest: str | None = None,
    **brought: Any,
) -> Iterator[Step]:
    """Take the step `action` on an article, all of it or nothing.

    Locks the article's row, then checks permission, state, version and digest (where given), and guards,
    in this order. `brought` is what the person brings along, as Case takes it.
    Raises NotAllowed, WrongState, StaleVersion, Blocked, Article.DoesNotExist.
    """
    row = TABLE[action]
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",)).get(pk=article_id)
        # Read again under the lock: roles may have been taken away since the request began.
        person = User.objects.select_related("board_profile").get(pk=actor.pk)
        case = Case(article, person, **brought)
        _check(row, case, version, digest)
        step = Step(row, case, clock.now())
        yield step
        step.close()


# How a step that came too late names where the article is.
_STANDS = {
    State.DRAFT: "a draft, with its author",
    State.SUBMITTED: "submitted",
    State.UNDER_REVIEW: "under review",
    State.CHANGES_REQUESTED: "back with its author, for changes",
    State.APPROVED: "approved",
    State.DECLINED: "declined",
    State.RETIRED: "retired",
}


def _check(row: Row, case: Case, version: int | None, digest: str | None) -> None:
    if not case.user.is_active:
        raise NotAllowed("This account is closed.")
    refusal = row.who(case)
    if refusal:
        raise NotAllowed(refusal)
    article = case.article
    if article.state not in row.sources:
        raise WrongState(
            f"That is not possible any more: the article is now {_STANDS[State(article.state)]}. "
            "Nothing was changed."
        )
    if version is not None and version != article.version:
        raise StaleVersion(
            f"This was about version {version}, and version {article.version} is there now. "
            "Read it first; nothing was changed.",
            current=article.version,
        )
    if digest is not None:
        _check_digest(case, digest)
    issues = [issue for guard in row.guards for issue in guard(case)]
    if issues:
        raise Blocked(issues)


def _check_digest(case: Case, digest: str) -> None:
    """The text that was read, the text under review and the text that is stored must be one and the same."""
    article, round_ = case.article, case.round
    stored = case.document.digest
    under_review = (round_.version, round_.digest) if round_ else (article.version, stored)
    if digest != stored or under_review != (article.version, stored):
        raise StaleVersion(
            "The text is not the one you read. Open it again; nothing was changed.", current=article.version
        )
