"""The policy of a round: how many, of which specialties; and whatever comes last completes it, once."""

from datetime import date

import pytest

from articles import workflow
from articles.models import Article, BoardMember, Publication, ReviewPolicy, Round, Topic, User, policy_for
from articles.states import State
from articles.workflow import Blocked, quorum
from articles.workflow.case import Case
from tests import makers
from tests.evidence import sign_off, sign_off_all, thread
from tests.people import member
from tests.workflow.refusals import refused

pytestmark = pytest.mark.django_db


def specialist(user: User, *specialties: str) -> User:
    BoardMember.objects.filter(user=user).update(specialties=", ".join(specialties))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def nia(db: None) -> User:
    return member("nia", "Nia Obi", "MD")


def reviewed_by(ada: User, *members: User, **fields: object) -> Article:
    first, *others = members
    made = makers.article(ada, "under_review", reviewer=first, **fields)
    for each in others:
        workflow.claim(made.pk, actor=each)
    return makers.fresh(made)


def wanting(article: Article, viewer: User) -> list[str]:
    case = Case(makers.fresh(article), viewer)
    return quorum.wanting(case, quorum.approvals_that_count(case))


def approvers(article: Article) -> list[str]:
    return [each["name"] for each in Publication.objects.get(article=article).approvers]


# How many, and who


def test_it_takes_as_many_as_the_policy_says(ada: User, ravi: User, mei: User, nia: User) -> None:
    makers.policy(quorum=3)
    article = reviewed_by(ada, ravi, mei, nia)
    for who, left in ((ravi, ["2 more approvals"]), (mei, ["1 more approval"])):
        assert makers.approve(article, who).state == "under_review"
        assert wanting(article, who) == left
        assert not Publication.objects.exists()
    assert makers.approve(article, nia).state == "approved"
    assert approvers(article) == ["Ravi Menon", "Mei Lin", "Nia Obi"]


def test_two_clinicians_and_one_pharmacist(ada: User, ravi: User, mei: User, nia: User) -> None:
    makers.policy(quorum=2, specialties={"Oncology": 2, "Pharmacy": 1})
    specialist(ravi, "Oncology")
    specialist(mei, "pharmacy", "Oncology")
    specialist(nia, "oncology")
    article = reviewed_by(ada, ravi, nia, mei)
    assert wanting(article, ravi) == ["2 more approvals", "2 from Oncology", "1 from Pharmacy"]
    assert makers.approve(article, ravi).state == "under_review"
    assert makers.approve(article, nia).state == "under_review", "the number is there, the pharmacist is not"
    assert wanting(article, ravi) == ["1 from Pharmacy"]
    assert makers.approve(article, mei).state == "approved"


def test_one_of_two_specialists_is_not_two(ada: User, ravi: User, mei: User, nia: User) -> None:
    makers.policy(quorum=2, specialties={"Oncology": 2})
    for each, specialty in ((ravi, "Oncology"), (mei, "Pharmacy"), (nia, "Oncology")):
        specialist(each, specialty)
    article = reviewed_by(ada, ravi, mei, nia)
    makers.approve(article, ravi)
    assert makers.approve(article, mei).state == "under_review"
    assert wanting(article, ravi) == ["1 from Oncology"]
    assert makers.approve(article, nia).state == "approved"


def test_somebody_who_stepped_back_has_not_approved(ada: User, ravi: User, mei: User, nia: User) -> None:
    makers.policy(quorum=2)
    article = reviewed_by(ada, ravi, mei, nia)
    workflow.recuse(article.pk, actor=ravi, note="No time.")
    assert wanting(article, mei) == ["2 more approvals"]
    assert makers.approve(article, mei).state == "under_review"
    assert not Publication.objects.exists()
    assert makers.approve(article, nia).state == "approved"
    assert approvers(article) == ["Mei Lin", "Nia Obi"]


def test_a_specialty_counts_as_it_was_when_signed(ada: User, ravi: User, mei: User) -> None:
    makers.policy(specialties={"Pharmacy": 1})
    article = reviewed_by(ada, ravi, mei)
    makers.approve(article, ravi)
    specialist(ravi, "Pharmacy")
    assert wanting(article, ravi) == ["1 from Pharmacy"]


def test_an_approval_of_one_who_may_not_review_any_more_does_not_count(
    ada: User, ravi: User, mei: User, nia: User
) -> None:
    makers.policy(quorum=2)
    article = reviewed_by(ada, ravi, mei, nia)
    makers.approve(article, ravi)
    ravi.interests.create(kind="person", name="ada okafor", since=date(2020, 1, 1))
    assert makers.approve(article, mei).state == "under_review"
    assert makers.approve(article, nia).state == "approved"
    assert approvers(article) == ["Mei Lin", "Nia Obi"]


# Which policy


def test_a_topics_own_policy_goes_before_the_default(ada: User, ravi: User) -> None:
    topic = Topic.objects.create(name="Oncology", slug="oncology")
    makers.policy(quorum=3)
    assert policy_for(topic.pk).quorum == 3
    ReviewPolicy.objects.create(topic=topic, quorum=1, months_to_next_review=3)
    article = makers.article(ada, "under_review", reviewer=ravi, topic=topic)
    assert makers.approve(article, ravi).state == "approved"
    assert policy_for(None).quorum == 3


def test_a_round_keeps_the_policy_it_began_with_whole(ada: User, ravi: User) -> None:
    before = {
        "quorum": 2, "specialties": {"Pharmacy": 1}, "sign_off": True, "independent": True,
        "days_to_review": 10, "months_to_next_review": 6,
    }  # fmt: skip
    makers.policy(**before)
    article = makers.article(ada, "under_review", reviewer=ravi)
    makers.policy(
        quorum=1,
        specialties={},
        sign_off=False,
        independent=False,
        days_to_review=99,
        months_to_next_review=99,
    )
    round_ = Round.objects.get(article=article)
    assert round_.policy == before
    case = Case(article, ravi)
    assert wanting(article, ravi) == ["2 more approvals", "1 from Pharmacy"]
    assert case.is_blind
    with refused(Blocked, article, match="Not signed off"):
        makers.approve(article, ravi)
    workflow.withdraw(article.pk, version=1, actor=ada)
    workflow.submit(article.pk, version=1, actor=ada)
    article = makers.fresh(article)
    assert not Case(article, ravi).is_blind, "the next round begins with the policy in force"
    assert makers.approve(article, ravi).state == "approved"


# Whatever comes last


def published(article: Article) -> bool:
    """Approved, with one publication and one event of it."""
    article = makers.fresh(article)
    count = Publication.objects.filter(article=article).count()
    assert count == article.events.filter(kind="published").count() <= 1
    assert (article.state == State.APPROVED) == bool(count)
    assert article.rounds.filter(closed_at__isnull=True).exists() != bool(count)
    return bool(count)


@pytest.fixture
def independent(ada: User, ravi: User, mei: User) -> Article:
    """Mei reviews too, and neither sees what the other does."""
    makers.policy(independent=True)
    return reviewed_by(ada, ravi, mei)


def test_an_approval_in_ignorance_of_a_colleagues_must_fix_waits_for_it(
    independent: Article, ravi: User, mei: User
) -> None:
    found = thread(independent, mei, must_fix=True)
    assert makers.approve(independent, ravi).state == "under_review"
    assert not published(independent)
    workflow.resolve(independent.pk, thread=found.pk, actor=mei)
    assert published(independent)


def test_the_last_thing_may_be_that_it_need_not_be_fixed(independent: Article, ravi: User, mei: User) -> None:
    found = thread(independent, mei, must_fix=True)
    makers.approve(independent, ravi)
    workflow.set_must_fix(independent.pk, thread=found.pk, actor=mei, must_fix=False)
    assert published(independent)


@pytest.mark.parametrize("instead", ["supported", "unclear", ""])
def test_the_last_thing_may_be_a_sign_off(instead: str, independent: Article, ravi: User, mei: User) -> None:
    sign_off(independent, mei, "not_supported")
    assert makers.approve(independent, ravi).state == "under_review"
    sign_off(independent, mei, instead)
    assert published(independent)


def test_the_last_thing_may_be_a_conflict_that_takes_the_objection_away(
    independent: Article, ravi: User, mei: User
) -> None:
    sign_off(independent, mei, "not_supported")
    makers.approve(independent, ravi)
    workflow.declare_conflict(independent.pk, actor=mei, reason="Shares.")
    assert published(independent)


def test_stepping_back_without_a_conflict_takes_no_objection_away(
    independent: Article, ravi: User, mei: User
) -> None:
    sign_off(independent, mei, "not_supported")
    makers.approve(independent, ravi)
    workflow.recuse(independent.pk, actor=mei, note="No time.")
    assert not published(independent)


def test_stepping_back_with_a_conflict_does(independent: Article, ravi: User, mei: User) -> None:
    sign_off(independent, mei, "not_supported")
    makers.approve(independent, ravi)
    workflow.recuse(independent.pk, actor=mei, note="Shares.", conflict=True)
    assert published(independent)


def test_a_sign_off_taken_back_after_the_approval_is_wanting_again(ada: User, ravi: User, mei: User) -> None:
    makers.policy(sign_off=True, independent=True)
    article = reviewed_by(ada, ravi, mei)
    found = thread(article, mei, must_fix=True)
    sign_off_all(article, ravi)
    makers.approve(article, ravi)
    sign_off(article, ravi, "")
    workflow.resolve(article.pk, thread=found.pk, actor=mei)
    assert not published(article)
    sign_off(article, ravi)
    assert published(article)


def test_all_of_it_together_and_none_of_it_twice(independent: Article, ravi: User, mei: User) -> None:
    found = thread(independent, mei, must_fix=True)
    sign_off(independent, mei, "not_supported")
    makers.approve(independent, ravi)
    workflow.resolve(independent.pk, thread=found.pk, actor=mei)
    assert not published(independent)
    sign_off(independent, mei, "supported")
    assert published(independent)
    with refused(workflow.WrongState, makers.fresh(independent)):
        makers.approve(independent, mei)


def test_sign_offs_and_resolves_without_an_approval_publish_nothing(
    independent: Article, ravi: User, mei: User
) -> None:
    found = thread(independent, mei, must_fix=True)
    sign_off_all(independent, mei)
    sign_off_all(independent, ravi)
    workflow.resolve(independent.pk, thread=found.pk, actor=mei)
    assert not published(independent)
    assert makers.fresh(independent).state == "under_review"
