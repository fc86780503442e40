"""Nobody approves what they wrote or edited, nor with a conflict. No role and no flag gets round it."""

from datetime import date

import pytest

from articles import workflow
from articles.models import Article, Assignment, BoardMember, Publication, User
from articles.states import Role
from articles.workflow import Blocked, NotAllowed, offers, why_not
from tests import makers
from tests.people import member
from tests.workflow.refusals import refused

pytestmark = pytest.mark.django_db


def approve(article: Article, actor: User) -> Article:
    return makers.approve(article, actor)


@pytest.fixture
def olga(db: None) -> User:
    """Author, board member, editor and superuser in one person."""
    user = member("olga", "Olga Berg", "MD", Role.AUTHOR, Role.EDITOR)
    user.is_superuser = user.is_staff = True
    user.save()
    return user


def test_a_board_member_approves_what_somebody_else_wrote(ada: User, ravi: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    assert approve(article, ravi).state == "approved"
    assert Publication.objects.live().get(article=article).approvers[0]["name"] == "Ravi Menon"


def test_author_cannot_review_their_own_article_whatever_their_roles(olga: User, ravi: User) -> None:
    article = makers.article(olga, "under_review", reviewer=ravi)
    with refused(NotAllowed, article, match="You are an author"):
        workflow.claim(article.pk, actor=olga)
    with refused(NotAllowed, article, match="You are an author"):
        approve(article, olga)
    with refused(Blocked, article):
        workflow.assign(article.pk, member=olga, actor=olga)
    assert not {"claim", "approve"} & {offer.action for offer in offers(article, olga)}
    assert "Somebody else" in why_not(article, olga)


def test_coauthor_cannot_review_even_when_named_after_taking_on_the_review(
    ada: User, edith: User, olga: User
) -> None:
    article = makers.article(ada, "under_review", reviewer=olga)
    workflow.set_coauthors(article.pk, coauthors=[olga], actor=edith)
    with refused(NotAllowed, article, match="You are an author"):
        approve(article, olga)


def test_who_edited_a_version_since_the_last_approval_cannot_approve_though_no_longer_an_author(
    ada: User, edith: User, olga: User
) -> None:
    article = makers.article(ada)
    workflow.set_coauthors(article.pk, coauthors=[olga], actor=edith)
    article = makers.edit(article, "Olga's words.", actor=olga)
    article = makers.edit(article, "Ada's words.", actor=ada)
    workflow.set_coauthors(article.pk, coauthors=[], actor=edith)
    workflow.submit(article.pk, version=article.version, actor=ada)
    article = makers.fresh(article)
    with refused(NotAllowed, article, match="You edited version 2"):
        workflow.claim(article.pk, actor=olga)
    with refused(Blocked, article):
        workflow.assign(article.pk, member=olga, actor=edith)


def test_an_edit_before_the_last_approval_no_longer_bars(
    ada: User, ravi: User, edith: User, olga: User
) -> None:
    article = makers.article(ada)
    workflow.set_coauthors(article.pk, coauthors=[olga], actor=edith)
    article = makers.edit(article, "Olga's words.", actor=olga)
    workflow.set_coauthors(article.pk, coauthors=[], actor=edith)
    article = makers.bring(article, "approved", reviewer=ravi)
    workflow.revise(article.pk, version=article.version, actor=ada)
    article = makers.edit(makers.fresh(article), "Ada's words.", actor=ada)
    article = makers.bring(article, "under_review", reviewer=olga)
    assert approve(article, olga).state == "approved"


def test_a_restored_version_counts_as_edited_by_who_restored_it(ada: User, edith: User, olga: User) -> None:
    article = makers.edit(makers.article(ada), "Second words.")
    workflow.set_coauthors(article.pk, coauthors=[olga], actor=edith)
    article = workflow.restore(article.pk, number=1, version=2, actor=olga)
    workflow.set_coauthors(article.pk, coauthors=[], actor=edith)
    workflow.submit(article.pk, version=3, actor=ada)
    with refused(NotAllowed, makers.fresh(article), match="You edited version 3"):
        workflow.claim(article.pk, actor=olga)


def test_a_declared_conflict_takes_away_the_review_for_good(ada: User, ravi: User, mei: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.declare_conflict(article.pk, actor=ravi, reason="I advise the maker of the drug.")
    article = makers.fresh(article)
    assert article.state == "submitted", "nobody is left to review it"
    with refused(NotAllowed, article, match="I advise the maker"):
        workflow.claim(article.pk, actor=ravi)
    workflow.claim(article.pk, actor=mei)
    with refused(NotAllowed, makers.fresh(article)):
        approve(makers.fresh(article), ravi)
    assert approve(makers.fresh(article), mei).state == "approved"


def test_a_conflict_with_one_article_bars_from_no_other(ada: User, ravi: User) -> None:
    article, other = (makers.article(ada, "submitted", question=each) for each in ("This one?", "Another?"))
    workflow.declare_conflict(article.pk, actor=ravi, reason="Shares.")
    with refused(NotAllowed, article):
        workflow.claim(article.pk, actor=ravi)
    workflow.claim(other.pk, actor=ravi)
    assert approve(makers.fresh(other), ravi).state == "approved"


def test_the_newest_version_that_somebody_edited_is_the_one_they_are_told_of(ada: User, edith: User) -> None:
    cora = member("cora", "Cora Bell", "MD", Role.AUTHOR)
    article = makers.article(ada)
    workflow.set_coauthors(article.pk, coauthors=[cora], actor=edith)
    for words in ("First.", "Second."):
        article = makers.edit(article, words, actor=cora)
    workflow.set_coauthors(article.pk, coauthors=[], actor=edith)
    article = makers.bring(makers.fresh(article), "submitted")
    with refused(NotAllowed, article, match="You edited version 3"):
        workflow.claim(article.pk, actor=cora)


def test_recusal_with_a_conflict_bars_later_rounds_and_without_one_does_not(
    ada: User, ravi: User, mei: User
) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    workflow.recuse(article.pk, actor=ravi, note="A former student of mine.", conflict=True)
    workflow.recuse(article.pk, actor=mei, note="No time this month.")
    article = makers.fresh(article)
    assert article.state == "submitted"
    workflow.withdraw(article.pk, version=article.version, actor=ada)
    workflow.submit(article.pk, version=article.version, actor=ada)
    with refused(NotAllowed, makers.fresh(article)):
        workflow.claim(article.pk, actor=ravi)
    assert workflow.claim(article.pk, actor=mei).state == "under_review"


def test_an_approval_whose_giver_then_declares_a_conflict_does_not_count(
    ada: User, ravi: User, mei: User, settings: object
) -> None:
    makers.policy(quorum=2)
    third = member("nia", "Nia Obi", "MD")
    article = makers.article(ada, "under_review", reviewer=ravi)
    for reviewer in (mei, third):
        workflow.claim(article.pk, actor=reviewer)
    assert approve(article, ravi).state == "under_review"
    workflow.declare_conflict(article.pk, actor=ravi, reason="Shares.")
    assert approve(article, mei).state == "under_review"
    assert approve(article, third).state == "approved"
    names = [each["name"] for each in Publication.objects.get(article=article).approvers]
    assert names == ["Mei Lin", "Nia Obi"]


def test_a_member_whose_term_ended_cannot_review(ada: User, ravi: User) -> None:
    from datetime import date

    former = member("finn", "Finn Old", "MD", term_to=date(2021, 1, 1))
    article = makers.article(ada, "under_review", reviewer=ravi)
    with refused(NotAllowed, article, match="serving members"):
        workflow.claim(article.pk, actor=former)


def test_a_role_taken_away_counts_at_once(ada: User, ravi: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    assert ravi.is_board_member, "remembered on the instance, as in a request that began before"
    ravi.groups.clear()
    with refused(NotAllowed, article):
        approve(article, ravi)


def test_a_closed_account_may_do_nothing(ada: User, ravi: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    User.objects.filter(pk=ravi.pk).update(is_active=False)
    with refused(NotAllowed, article):
        approve(article, ravi)


def test_a_superuser_is_nobody_special(ada: User, ravi: User) -> None:
    ravi.is_superuser = ravi.is_staff = True
    ravi.save()
    article = makers.article(ada, "under_review")
    with refused(NotAllowed, article, match="not a reviewer of this round"):
        approve(article, ravi)


def test_who_declares_a_conflict_after_asking_for_changes_does_not_stand_in_the_next_round(
    ada: User, ravi: User
) -> None:
    article = makers.article(ada, "changes_requested", reviewer=ravi)
    workflow.declare_conflict(article.pk, actor=ravi, reason="We share a grant.")
    article = makers.edit(makers.fresh(article), "Answered.")
    workflow.submit(article.pk, version=article.version, actor=ada)
    again = makers.fresh(article)
    assert again.state == "submitted", "nobody is left to review it"
    assert not Assignment.objects.filter(round__article=article, round__number=2).exists()


def test_who_asked_for_changes_stands_in_the_next_round(ada: User, ravi: User) -> None:
    article = makers.article(ada, "changes_requested", reviewer=ravi)
    article = makers.edit(article, "Answered.")
    workflow.submit(article.pk, version=article.version, actor=ada)
    assert makers.fresh(article).state == "under_review"
    assert Assignment.objects.get(round__article=article, round__number=2).member == ravi


def test_whose_term_ended_while_the_page_was_open_approves_nothing(ada: User, ravi: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    assert ravi.is_board_member, "remembered on the instance"
    BoardMember.objects.filter(user=ravi).update(term_to=date(2020, 12, 31))
    with refused(NotAllowed, article, match="serving members"):
        approve(article, ravi)
