"""Rounds: who stands again, what ends them, what the author gets back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import Decision, Publication, Round, User
from articles.workflow import Blocked, NotAllowed, WrongState
from articles.workflow.case import Case
from tests import makers
from tests.evidence import marks, resubmit, sign_off_all
from tests.workflow.refusals import refused

pytestmark = pytest.mark.django_db


def test_changes_requested_gives_the_text_back_and_the_same_reviewer_stands_again(
    ada: User, ravi: User
) -> None:
    article = makers.article(ada, "changes_requested", reviewer=ravi)
    article = makers.edit(article, "Words with a source.")
    workflow.submit(article.pk, version=2, actor=ada, note="Named the source.")
    article = makers.fresh(article)
    assert article.state == "under_review"
    first, second = Round.objects.filter(article=article).order_by("number")
    assert (first.outcome, first.version, second.version, second.is_open) == ("changes_requested", 1, 2, True)
    assert [each.member for each in second.assignments.all()] == [ravi]


def test_a_reviewer_who_stepped_back_does_not_stand_again(ada: User, ravi: User, mei: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    workflow.recuse(article.pk, actor=ravi, note="No time.")
    workflow.request_changes(article.pk, version=1, digest=article.digest, actor=mei, note="More sources.")
    workflow.submit(article.pk, version=1, actor=ada)
    assert [each.member for each in Round.objects.get(article=article, number=2).assignments.all()] == [mei]


def test_a_revision_of_an_approved_article_waits_for_reviewers_afresh(ada: User, ravi: User) -> None:
    article = makers.article(ada, "approved", reviewer=ravi)
    workflow.revise(article.pk, version=1, actor=ada)
    article = makers.edit(makers.fresh(article), "Newer words.")
    assert workflow.submit(article.pk, version=2, actor=ada).state == "submitted"


def test_a_reason_is_required_to_request_changes_decline_and_recuse(
    ada: User, ravi: User, edith: User
) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    with refused(Blocked, article, match="Write the reason"):
        workflow.request_changes(article.pk, version=1, digest=article.digest, actor=ravi, note="  ")
    with refused(Blocked, article, match="Write the reason"):
        workflow.recuse(article.pk, actor=ravi, note="")
    with refused(Blocked, article, match="Write the reason"):
        workflow.decline(article.pk, version=1, actor=edith, note="")


def test_what_fails_the_checks_cannot_be_submitted(ada: User) -> None:
    article = makers.article(ada, competing_interests="", ai_use="")
    with refused(Blocked, article) as _:
        workflow.submit(article.pk, version=1, actor=ada)


def test_what_is_merely_advice_stops_neither_the_author_nor_the_board(ada: User, ravi: User) -> None:
    unread = makers.RECORD | {"id": "unread2020", "DOI": "10.1016/j.unread.2020.01.001"}
    article = makers.article(ada, "under_review", reviewer=ravi, references=[makers.RECORD, unread])
    issues = Case(article, ravi).issues
    assert issues
    assert not any(issue.blocking for issue in issues)
    assert makers.approve(article, ravi).state == "approved"


def test_one_author_cannot_submit_or_withdraw_the_article_of_another(ada: User) -> None:
    from articles.states import Role
    from tests.people import person

    article = makers.article(ada)
    other = person("omar", "Omar Other", Role.AUTHOR)
    with refused(NotAllowed, article):
        workflow.submit(article.pk, version=1, actor=other)
    with refused(NotAllowed, article):
        makers.edit(article, "Omar's words.", actor=other)


def test_retiring_ends_a_review_under_way_and_nothing_comes_back_without_a_new_one(
    ada: User, ravi: User, edith: User
) -> None:
    article = makers.article(ada, "approved", reviewer=ravi)
    workflow.revise(article.pk, version=1, actor=ada)
    article = makers.edit(makers.fresh(article), "Newer words.")
    article = makers.bring(article, "under_review", reviewer=ravi)
    workflow.retire(article.pk, actor=edith, notice="Withdrawn for safety.")
    article = makers.fresh(article)
    assert article.state == "retired"
    assert not Publication.objects.live().exists()
    with refused(WrongState, article):
        makers.approve(article, ravi, version=2)
    workflow.revise(article.pk, version=2, actor=ada)
    article = makers.bring(makers.fresh(article), "approved", reviewer=ravi)
    assert Publication.objects.live().get(article=article).number == 2


def test_an_editor_releases_a_reviewer_and_the_article_waits_again(
    ada: User, ravi: User, edith: User
) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.unassign(article.pk, member=ravi, actor=edith, note="On leave.")
    article = makers.fresh(article)
    assert article.state == "submitted"
    workflow.assign(article.pk, member=ravi, actor=edith)
    assert makers.fresh(article).state == "under_review"


def test_saving_without_a_change_voids_nothing(ada: User, ravi: User, mei: User) -> None:
    """The digest, not the number of times somebody pressed save, is what was approved and signed off."""
    article = makers.article(ada, "under_review", reviewer=ravi)
    sign_off_all(article, ravi)
    workflow.withdraw(article.pk, version=1, actor=ada)
    saved = makers.edit(makers.fresh(article), "Histology with grade sets prognosis.")
    assert (saved.version, saved.digest) == (1, article.digest)
    spaced = makers.text()["body"].replace("<h2>", "\n\n<h2>").replace(" sets ", "  sets\n")
    assert makers.edit(saved, "Histology with grade sets prognosis.", body=spaced).digest == article.digest
    workflow.submit(article.pk, version=makers.fresh(article).version, actor=ada)
    assert marks(article, ravi) == {"ravi": "supported"}
    article = makers.approve(makers.fresh(article), ravi)
    assert article.state == "approved"


def test_the_decisions_of_earlier_rounds_are_kept_and_no_longer_count(
    ada: User, ravi: User, mei: User
) -> None:
    makers.policy(quorum=2)
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    makers.approve(article, ravi)
    workflow.request_changes(article.pk, version=1, digest=article.digest, actor=mei, note="More sources.")
    article = resubmit(article, "Words with a source.")
    assert [each.member for each in Case(article, ravi).standing] == [ravi, mei]
    assert Case(article, ravi).decision is None, "whoever approved the old words is asked again"
    assert [
        (each.round.number, each.member, each.verdict)
        for each in Decision.objects.filter(round__article=article)
    ] == [(1, ravi, "approve"), (1, mei, "request_changes")]
    assert makers.approve(article, mei).state == "under_review"
    assert not Publication.objects.exists()
    assert makers.approve(article, ravi).state == "approved"


def test_an_approval_lapses_with_its_round_even_when_no_word_changed(
    ada: User, ravi: User, mei: User
) -> None:
    makers.policy(quorum=2)
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    makers.approve(article, ravi)
    workflow.withdraw(article.pk, version=1, actor=ada)
    article = resubmit(article)
    assert makers.approve(article, mei).state == "under_review"


def test_reviewers_who_stand_have_accepted_and_get_a_new_date(ada: User, ravi: User, edith: User) -> None:
    makers.policy(days_to_review=10)
    article = makers.article(ada, "submitted")
    workflow.assign(article.pk, member=ravi, actor=edith)
    workflow.accept_review(article.pk, actor=ravi)
    workflow.request_changes(article.pk, version=1, digest=article.digest, actor=ravi, note="More.")
    article = resubmit(article, "More words.")
    (own,) = Case(article, ravi).standing
    assert own.accepted_at is not None
    assert own.due == timezone.now().date() + timedelta(days=10)


def test_an_invitation_is_declined_with_a_reason_and_can_be_taken_on_later(
    ada: User, ravi: User, edith: User
) -> None:
    article = makers.article(ada, "submitted")
    workflow.assign(article.pk, member=ravi, actor=edith)
    with refused(Blocked, article, match="Write the reason"):
        workflow.decline_review(article.pk, actor=ravi, note=" ")
    assert workflow.decline_review(article.pk, actor=ravi, note="On leave.").state == "submitted"
    assert edith.inbox.filter(event__kind="review_declined").exists()
    assert workflow.claim(article.pk, actor=ravi).state == "under_review"
    with refused(Blocked, makers.fresh(article), match="No invitation"):
        workflow.decline_review(article.pk, actor=ravi, note="Again.")


def test_an_invitation_is_accepted_once(ada: User, ravi: User, mei: User, edith: User) -> None:
    article = makers.article(ada, "submitted")
    workflow.assign(article.pk, member=ravi, actor=edith)
    workflow.accept_review(article.pk, actor=ravi)
    with refused(Blocked, makers.fresh(article), match="No invitation"):
        workflow.accept_review(article.pk, actor=ravi)
    with refused(NotAllowed, makers.fresh(article)):
        workflow.accept_review(article.pk, actor=mei)
