"""Rounds: who stands again, what ends them, what the author gets back."""

import pytest

from articles import workflow
from articles.models import Publication, Round, User
from articles.workflow import Blocked, NotAllowed, WrongState
from tests import makers
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
