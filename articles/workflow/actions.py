"""The steps of the workflow, one function each. See table.py for who may take them and when."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.utils.text import slugify

from articles.content.checks import Issue
from articles.models import Address, Article, Assignment, Conflict, Round, Thread, User
from articles.states import EventKind, RoundKind, RoundOutcome, State, Verdict
from articles.workflow import carrying, publish, quorum, telling
from articles.workflow.case import Case
from articles.workflow.errors import Blocked
from articles.workflow.signing import Signature
from articles.workflow.transition import Step, transition


def submit(article_id: int, *, version: int, actor: User, note: str = "") -> Article:
    """Freeze the text and ask the board for a review. Opens a round over exactly this version.

    Reviewers of a round that ended with changes requested, or was withdrawn, stand again.
    Raises NotAllowed, WrongState, StaleVersion, Blocked.
    """
    with transition("submit", article_id, version=version, actor=actor, note=note) as step:
        before = Round.objects.filter(article=step.article).order_by("-number").first()
        again = before is not None and before.outcome in _STANDS_AGAIN
        step.open_round()
        if again and _carry_over(step, before):
            step.event = EventKind.RESUBMITTED
    return step.article


def withdraw(article_id: int, *, version: int, actor: User, note: str = "") -> Article:
    """Take the text back to edit it; the round ends. Raises NotAllowed, WrongState, StaleVersion.

    Nobody submitted what the board was asked to reaffirm: it stays approved as it was.
    """
    with transition("withdraw", article_id, version=version, actor=actor, note=note) as step:
        if step.round is not None and step.round.is_reaffirmation:
            step.target = State.APPROVED
        step.close_round(RoundOutcome.WITHDRAWN)
    return step.article


def revise(article_id: int, *, version: int, actor: User, note: str = "") -> Article:
    """Open an approved, declined or retired article for editing; the live publication stays as it is."""
    with transition("revise", article_id, version=version, actor=actor, note=note) as step:
        pass
    return step.article


def claim(article_id: int, *, actor: User) -> Article:
    """Become a reviewer of the version that waits. Raises NotAllowed, WrongState, Blocked."""
    with transition("claim", article_id, actor=actor) as step:
        step.add_reviewer(step.actor, by=None, due=None)
    return step.article


def assign(article_id: int, *, member: User, actor: User, due: date | None = None, note: str = "") -> Article:
    """Make a board member a reviewer of this round. Raises NotAllowed, WrongState, Blocked."""
    with transition("assign", article_id, actor=actor, member=member, due=due, note=note) as step:
        step.add_reviewer(member, by=step.actor, due=due)
        step.data = {"member": member.pk, "member_name": str(member), "due": due.isoformat() if due else None}
    return step.article


def unassign(article_id: int, *, member: User, actor: User, note: str = "") -> Article:
    """Release a reviewer who has not decided. Raises NotAllowed, WrongState, Blocked."""
    with transition("unassign", article_id, actor=actor, member=member, note=note) as step:
        step.drop_reviewer(member)
        step.data = {"member": member.pk, "member_name": str(member)}
    return step.article


def remind(article_id: int, *, member: User, actor: User, note: str = "") -> Article:
    """Send a reviewer who has not decided a reminder. Raises NotAllowed, WrongState, Blocked."""
    with transition("remind", article_id, actor=actor, member=member, note=note) as step:
        own = next(each for each in step.case.standing if each.member_id == member.pk)
        due = own.due.isoformat() if own.due else None
        step.data = {"member": member.pk, "member_name": str(member), "due": due}
    return step.article


def accept_review(article_id: int, *, actor: User) -> Article:
    """Say yes to an invitation to review. Raises NotAllowed, WrongState, Blocked."""
    with transition("accept_review", article_id, actor=actor) as step:
        step.accept()
    return step.article


def decline_review(article_id: int, *, actor: User, note: str) -> Article:
    """Say no to an invitation, with a reason; the editors hear of it. Raises as accept_review."""
    with transition("decline_review", article_id, actor=actor, note=note) as step:
        step.drop_reviewer(step.actor)
    return step.article


def reaffirm(article_id: int, *, actor: User, note: str = "") -> Article:
    """Ask the board whether the live text still holds: a round that can move the review date alone.

    Those who approved it last are asked again. Raises NotAllowed, WrongState, Blocked.
    """
    with transition("reaffirm", article_id, actor=actor, note=note) as step:
        before = Round.objects.filter(article=step.article).order_by("-number").first()
        step.open_round(RoundKind.REAFFIRMATION)
        _carry_over(step, before)
    return step.article


def approve(
    article_id: int,
    *,
    version: int,
    digest: str,
    actor: User,
    signature: Signature | None,
    ticked: Collection[int] = (),
    note: str = "",
) -> Article:
    """Record the board's approval of exactly the version the actor read, signed.

    signature: see articles.workflow.signing. ticked: keys of the checklist items confirmed.
    The approval that completes the quorum publishes, in the same transaction; in a reaffirmation it moves
    the review date. Raises NotAllowed, WrongState, StaleVersion, Blocked (.issues to show).
    """
    # A newer version may arrive while the reviewer reads; approving it unseen is the harm.
    with transition(
        "approve",
        article_id,
        version=version,
        digest=digest,
        actor=actor,
        note=note,
        signature=signature,
        ticked=ticked,
    ) as step:
        step.decide(Verdict.APPROVE, meaning(step.case))
        quorum.settle(step)
    return step.article


def meaning(case: Case) -> str:
    """What an approval says, in the words that are signed."""
    if case.round is not None and case.round.is_reaffirmation:
        return f"I reviewed version {case.article.version} again, and nothing needs to change"
    return f"I approve version {case.article.version} as reviewed"


def request_changes(
    article_id: int,
    *,
    version: int,
    digest: str,
    actor: User,
    note: str,
    ticked: Collection[int] = (),
) -> Article:
    """Give the text back to its authors with a reason; the round ends.

    ticked: keys of the checklist items that need work. Raises NotAllowed, WrongState, StaleVersion, Blocked.
    """
    with transition(
        "request_changes",
        article_id,
        version=version,
        digest=digest,
        actor=actor,
        note=note,
        ticked=ticked,
    ) as step:
        decision = step.decide(Verdict.REQUEST_CHANGES)
        step.data |= {"aspects": decision.checklist, "asks": _asked(step)}
        step.close_round(RoundOutcome.CHANGES_REQUESTED)
    return step.article


def _asked(step: Step) -> dict[str, int]:
    """How many open threads the authors find, how many must be fixed, how many statements are in doubt."""
    found = Thread.objects.filter(article=step.article, resolved_at__isnull=True)
    must_fix = list(found.values_list("is_must_fix", flat=True))
    doubted = [marks for marks in step.case.all_marks.values() if any(each.is_doubt for each in marks)]
    return {"threads": len(must_fix), "must_fix": sum(must_fix), "in_doubt": len(doubted)}


def recuse(article_id: int, *, actor: User, note: str, conflict: bool = False) -> Article:
    """Step back from this round, and with `conflict` from this article for good.

    Raises NotAllowed, WrongState, Blocked.
    """
    with transition("recuse", article_id, actor=actor, note=note) as step:
        step.decide(Verdict.RECUSE)
        step.drop_reviewer(step.actor)
        step.data["conflict"] = conflict
        if conflict:
            _keep_conflict(step)
            quorum.settle(step)
    return step.article


def declare_conflict(article_id: int, *, actor: User, reason: str) -> Article:
    """Declare a conflict of interest with an article. It cannot be taken back; approvals of the open
    round by this member no longer count. Raises NotAllowed, Blocked.
    """
    with transition("declare_conflict", article_id, actor=actor, note=reason) as step:
        _keep_conflict(step)
        step.drop_reviewer(step.actor)
        # With the member goes what they objected to, which may have been all that was in the way.
        quorum.settle(step)
    return step.article


def decline(article_id: int, *, version: int, actor: User, note: str) -> Article:
    """End the review with a no and a reason; a reaffirmation is called off, and the text stays approved.

    Raises NotAllowed, WrongState, StaleVersion, Blocked.
    """
    with transition("decline", article_id, version=version, actor=actor, note=note) as step:
        if step.round is not None and step.round.is_reaffirmation:
            step.target = State.APPROVED
        else:
            _give_questions_back(step)
        step.close_round(RoundOutcome.DECLINED)
    return step.article


def retire(article_id: int, *, actor: User, notice: str) -> Article:
    """Take the article away from readers at once; `notice` (public) stands in its place.

    A round under way ends too: nothing may come back without a review that knows of the retirement.
    Raises NotAllowed, Blocked.
    """
    with transition("retire", article_id, actor=actor, note=notice) as step:
        live = step.article.publications.live().get()
        publish.withdraw(live, step.case.note)
        step.close_round(RoundOutcome.RETIRED)
        step.data = {"publication": live.number}
        telling.take_back_unsent(step.article.pk)
        _give_questions_back(step)
    return step.article


def _give_questions_back(step: Step) -> None:
    """What readers asked, and this article was to answer, is the desk's again."""
    if returned := carrying.give_back(step.article, step.actor):
        step.also(EventKind.INQUIRY_RETURNED, inquiries=returned)


def set_coauthors(article_id: int, *, coauthors: Sequence[User], actor: User) -> Article:
    """Name the co-authors of an article. Raises NotAllowed, Blocked (someone without an author's account)."""
    with transition("set_coauthors", article_id, actor=actor) as step:
        strangers = [person for person in coauthors if not person.is_author]
        if strangers:
            names = ", ".join(str(person) for person in strangers)
            raise Blocked([Issue("coauthors", f"No author's account: {names}.")])
        chosen = [person for person in coauthors if person.pk != step.article.author_id]
        step.article.coauthors.set(chosen)
        step.data = {"coauthors": [str(person) for person in chosen]}
    return step.article


def move_address(article_id: int, *, slug: str, actor: User) -> Article:
    """Give a published article a new address; every old one leads there. Raises NotAllowed, Blocked."""
    with transition("move_address", article_id, actor=actor) as step:
        wanted = slugify(slug)[: publish.SLUG_LENGTH]
        old = Address.objects.get(article=step.article, moved_to__isnull=True)
        taken = Address.objects.filter(slug=wanted).first()
        if not wanted or (taken is not None and taken.article_id != step.article.pk) or taken == old:
            raise Blocked(
                [Issue("slug", f"The address “{wanted or slug}” is taken or empty. Choose another.")]
            )
        _lead_to(wanted, old, taken)
        step.data = {"from": old.slug, "to": wanted}
    return step.article


def _lead_to(slug: str, old: Address, taken: Address | None) -> None:
    """Make `slug` the current address. An address the article had before may become current again."""
    family = Address.objects.filter(article=old.article)
    if taken is None:
        # Points at the old one for the blink in which two current addresses would break the constraint.
        taken = Address.objects.create(
            slug=slug, article=old.article, publication=old.publication, moved_to=old
        )
    old.moved_to = taken
    old.save(update_fields=["moved_to"])
    taken.moved_to = None
    taken.save(update_fields=["moved_to"])
    family.exclude(pk=taken.pk).update(moved_to=taken)


# After these the same reviewers review what comes next.
_STANDS_AGAIN = frozenset({RoundOutcome.CHANGES_REQUESTED, RoundOutcome.WITHDRAWN})


def _carry_over(step: Step, before: Round | None) -> bool:
    """Let the reviewers of the round before review in this one; whether there were any."""
    standing = _reviewers_who_stand(step.case, before)
    due = step.now.date() + timedelta(days=step.case.policy.days_to_review)
    for assignment in standing:
        step.add_reviewer(assignment.member, by=assignment.assigned_by, due=due, stands=True)
        step.target = State.UNDER_REVIEW
    return bool(standing)


def _reviewers_who_stand(case: Case, before: Round | None) -> list[Assignment]:
    """Assignments of the round before whose members may review this one too."""
    return [
        assignment
        for assignment in Assignment.objects.filter(round=before, ended_at__isnull=True)
        .select_related("member__board_profile", "assigned_by")
        .order_by("pk")
        if assignment.member.is_board_member and not case.bar(assignment.member)
    ]


def _keep_conflict(step: Step) -> None:
    Conflict.objects.get_or_create(
        article=step.article,
        member=step.actor,
        defaults={"reason": step.case.note, "declared_at": step.now},
    )
