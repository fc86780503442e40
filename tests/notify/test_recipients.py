"""Who hears of what: everyone an event concerns, once, and never the one who did it."""

from collections.abc import Callable

import pytest

from articles import workflow
from articles.models import Article, Message, User
from articles.states import EventKind, Role
from tests import makers, people

pytestmark = pytest.mark.django_db


def told(article: Article, kind: str) -> dict[str, str]:
    """Username -> kind of message, for everyone who was told of the last event of a kind."""
    event = article.events.filter(kind=kind).order_by("-sequence").first()
    assert event is not None, f"no event {kind}"
    messages = event.messages.select_related("recipient")
    assert len({message.recipient_id for message in messages}) == len(messages)
    return {message.recipient.username: message.kind for message in messages}


def decide(
    step: Callable[..., Article], article: Article, actor: User, note: str = "Name the source."
) -> None:
    step(article.pk, version=article.version, digest=article.digest, actor=actor, note=note)


def test_every_editor_hears_of_a_submission_nobody_has_handled(ada: User, edith: User) -> None:
    people.person("erin", "Erin Stone", Role.EDITOR)
    article = makers.article(ada, "submitted")
    assert told(article, EventKind.SUBMITTED) == {"edith": "editor_submitted", "erin": "editor_submitted"}


def test_once_an_editor_handled_an_article_only_they_hear_of_it(ada: User, ravi: User, edith: User) -> None:
    people.person("erin", "Erin Stone", Role.EDITOR)
    article = makers.article(ada, "submitted")
    workflow.assign(article.pk, member=ravi, actor=edith)
    workflow.withdraw(article.pk, version=article.version, actor=ada)
    workflow.submit(article.pk, version=article.version, actor=ada)
    workflow.recuse(article.pk, actor=ravi, note="I know the author well.")
    assert told(article, EventKind.RECUSED) == {"edith": "editor_recused"}


def test_the_assigned_member_hears_of_it_and_nobody_else(ada: User, ravi: User, edith: User) -> None:
    article = makers.article(ada, "submitted")
    workflow.assign(article.pk, member=ravi, actor=edith, note="You know this field.")
    assert told(article, EventKind.ASSIGNED) == {"ravi": "reviewer_assigned"}


def test_a_released_member_hears_of_it(ada: User, ravi: User, edith: User) -> None:
    article = makers.article(ada, "submitted")
    workflow.assign(article.pk, member=ravi, actor=edith)
    workflow.unassign(article.pk, member=ravi, actor=edith)
    assert told(article, EventKind.UNASSIGNED) == {"ravi": "reviewer_unassigned"}


def test_authors_and_coauthors_hear_what_must_change(ada: User, ravi: User, edith: User) -> None:
    omar = people.person("omar", "Omar Haddad", Role.AUTHOR)
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.set_coauthors(article.pk, coauthors=[omar], actor=edith)
    decide(workflow.request_changes, article, ravi)
    kind = "author_changes_requested"
    assert told(article, EventKind.CHANGES_REQUESTED) == {"ada": kind, "omar": kind}


def test_reviewers_hear_that_a_colleague_ended_the_round_or_completed_it(
    ada: User, ravi: User, mei: User, edith: User
) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.assign(article.pk, member=mei, actor=edith)
    decide(workflow.request_changes, article, ravi)
    assert told(article, EventKind.CHANGES_REQUESTED)["mei"] == "reviewer_changes_requested"
    makers.policy(quorum=2)
    article = makers.article(ada, "under_review", reviewer=ravi, question="And what else?")
    workflow.assign(article.pk, member=mei, actor=edith)
    makers.approve(article, mei)
    makers.approve(article, ravi)
    assert told(article, EventKind.PUBLISHED) == {"ada": "author_published", "mei": "reviewer_published"}


def test_reviewers_who_stand_hear_of_a_resubmission_and_editors_do_not(
    ada: User, ravi: User, edith: User
) -> None:
    article = makers.article(ada, "changes_requested", reviewer=ravi)
    article = makers.edit(article, "Histology with grade and stage sets prognosis.")
    workflow.submit(article.pk, version=article.version, actor=ada)
    assert told(article, EventKind.RESUBMITTED) == {"ravi": "reviewer_resubmitted"}


def test_a_coauthor_who_resubmits_is_not_told_and_the_reviewer_is_told_once(
    ada: User, ravi: User, edith: User
) -> None:
    omar = people.person("omar", "Omar Haddad", Role.AUTHOR)
    article = makers.article(ada, "changes_requested", reviewer=ravi)
    workflow.set_coauthors(article.pk, coauthors=[omar], actor=edith)
    workflow.submit(article.pk, version=article.version, actor=omar)
    assert told(article, EventKind.RESUBMITTED) == {"ravi": "reviewer_resubmitted"}


def test_the_author_hears_of_the_publication_once_and_not_of_the_approval_as_well(
    ada: User, ravi: User
) -> None:
    article = makers.article(ada, "approved", reviewer=ravi)
    assert told(article, EventKind.PUBLISHED) == {"ada": "author_published"}
    assert told(article, EventKind.APPROVED) == {}


def test_author_and_reviewers_hear_of_a_decline_and_of_a_retirement(
    ada: User, ravi: User, edith: User
) -> None:
    declined = makers.article(ada, "under_review", reviewer=ravi)
    workflow.decline(declined.pk, version=declined.version, actor=edith, note="Outside our field.")
    assert told(declined, EventKind.DECLINED) == {"ada": "author_declined", "ravi": "reviewer_declined"}
    retired = makers.article(ada, "retired", reviewer=ravi, editor=edith)
    assert told(retired, EventKind.RETIRED) == {"ada": "author_retired"}


def test_reviewers_hear_of_a_withdrawal(ada: User, ravi: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.withdraw(article.pk, version=article.version, actor=ada)
    assert told(article, EventKind.WITHDRAWN) == {"ravi": "reviewer_withdrawn"}


def test_editors_hear_when_the_last_reviewer_steps_back_and_not_before(
    ada: User, ravi: User, mei: User, edith: User
) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    workflow.recuse(article.pk, actor=mei, note="No time.")
    assert told(article, EventKind.RECUSED) == {}
    workflow.recuse(article.pk, actor=ravi, note="No time.")
    assert told(article, EventKind.RECUSED) == {"edith": "editor_recused"}


def test_a_conflict_of_somebody_who_does_not_review_leaves_no_gap_to_hear_of(
    ada: User, ravi: User, mei: User, edith: User
) -> None:
    draft = makers.article(ada)
    workflow.declare_conflict(draft.pk, actor=mei, reason="We share a grant.")
    assert told(draft, EventKind.CONFLICT_DECLARED) == {}
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.declare_conflict(article.pk, actor=mei, reason="We share a grant.")
    assert told(article, EventKind.CONFLICT_DECLARED) == {}
    workflow.declare_conflict(article.pk, actor=ravi, reason="We share a grant.")
    assert told(article, EventKind.CONFLICT_DECLARED) == {"edith": "editor_conflict_declared"}


def test_a_reviewer_who_is_the_only_editor_of_an_article_leaves_it_to_the_other_editors(
    ada: User, ravi: User, edith: User
) -> None:
    ravi.grant(Role.EDITOR)
    article = makers.article(ada, "submitted")
    workflow.assign(article.pk, member=ravi, actor=ravi)
    workflow.recuse(article.pk, actor=ravi, note="No time after all.")
    assert told(article, EventKind.ASSIGNED) == {}
    assert told(article, EventKind.RECUSED) == {"edith": "editor_recused"}


def test_nobody_hears_of_their_own_act(ada: User, ravi: User, mei: User, edith: User) -> None:
    for state in ("declined", "retired", "changes_requested", "approved"):
        makers.article(ada, state, reviewer=ravi, editor=edith)
    own = [
        message
        for message in Message.objects.select_related("event")
        if message.event.actor_id == message.recipient_id
    ]
    assert Message.objects.exists()
    assert own == []


def test_a_closed_account_is_not_told(ada: User, edith: User) -> None:
    edith.is_active = False
    edith.save()
    article = makers.article(ada, "submitted")
    assert told(article, EventKind.SUBMITTED) == {}
