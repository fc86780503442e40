"""Evidence sign-offs: of a member's own the latest counts; they hang on the statement, not on the version."""

from datetime import date

import pytest

from articles import workflow
from articles.models import Article, SignOff, User
from articles.states import Level, Role
from articles.workflow import Blocked, NotAllowed, StaleVersion, offers
from articles.workflow.case import Case
from tests import makers
from tests.evidence import marks, resubmit, sign_off, sign_off_all, statement
from tests.people import member
from tests.workflow.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(ada: User, ravi: User) -> Article:
    return makers.article(ada, "under_review", reviewer=ravi)


def ask_changes(article: Article, actor: User) -> None:
    workflow.request_changes(
        article.pk, version=article.version, digest=article.digest, actor=actor, note="Say more."
    )


def blocked(article: Article, user: User, code: str) -> list[str]:
    """What of one kind stands in the way of this member's approval."""
    approve = next(each for each in offers(makers.fresh(article), user) if each.action == "approve")
    return [issue.message for issue in approve.blocked if issue.code == code]


def test_of_a_members_own_the_latest_counts(article: Article, ravi: User) -> None:
    sign_off(article, ravi, "unclear", note="Which study?")
    sign_off(article, ravi, "supported")
    assert marks(article, ravi) == {"ravi": "supported"}
    assert SignOff.objects.count() == 2, "nothing is overwritten"


def test_one_can_be_taken_back(article: Article, ravi: User) -> None:
    sign_off(article, ravi)
    sign_off(article, ravi, "")
    sign_off(article, ravi, "")
    assert marks(article, ravi) == {}
    with refused(Blocked, article, match="not signed"):
        sign_off(article, ravi, "", words="Functional")


def test_each_member_has_their_own(article: Article, ravi: User, mei: User) -> None:
    workflow.claim(article.pk, actor=mei)
    sign_off(article, ravi)
    sign_off(article, mei, "unclear")
    assert marks(article, ravi) == {"ravi": "supported", "mei": "unclear"}


def test_the_same_again_changes_nothing(article: Article, ravi: User) -> None:
    first = sign_off(article, ravi, note="Read.")
    assert sign_off(article, ravi, note="Read. ") == first
    assert sign_off(article, ravi, note="Read twice.") != first


def test_a_sign_off_makes_no_event_and_no_mail(article: Article, ravi: User) -> None:
    events = article.events.count()
    sign_off(article, ravi)
    assert article.events.count() == events


@pytest.mark.parametrize("support", ["approved", "SUPPORTED", "1"])
def test_there_are_three_verdicts(support: str, article: Article, ravi: User) -> None:
    with refused(Blocked, article, match="Choose supported"):
        sign_off(article, ravi, support)


def test_only_a_statement_of_this_version_can_be_signed_off(article: Article, ravi: User) -> None:
    heading = next(each for each in article.document().blocks(Level.CLINICAL) if each.is_heading)
    for digest in ("0" * 64, "", heading.digest):
        with refused(Blocked, article, match="no such statement"):
            workflow.sign_off(article.pk, version=1, statement=digest, support="supported", actor=ravi)
    with refused(StaleVersion, article):
        workflow.sign_off(
            article.pk, version=2, statement=statement(article).digest, support="supported", actor=ravi
        )


def test_only_reviewers_sign_off(article: Article, ada: User, mei: User, edith: User) -> None:
    for person in (ada, mei, edith):
        with refused(NotAllowed, article):
            sign_off(article, person)


def test_working_on_a_review_accepts_the_invitation(article: Article, mei: User, edith: User) -> None:
    workflow.assign(article.pk, member=mei, actor=edith)
    sign_off(article, mei)
    assert article.rounds.get().assignments.get(member=mei).accepted_at is not None


# On the next version


def test_an_untouched_statement_keeps_its_sign_off_and_a_changed_one_loses_it(
    article: Article, ravi: User
) -> None:
    sign_off_all(article, ravi)
    ask_changes(article, ravi)
    article = resubmit(article, "Histology with grade predicts survival.")
    assert marks(article, ravi) == {}
    assert marks(article, ravi, "Functional") == {"ravi": "supported"}


def test_a_moved_statement_keeps_its_sign_off(article: Article, ravi: User) -> None:
    sign_off_all(article, ravi)
    ask_changes(article, ravi)
    first, second = article.body.split("<h2>From the Research</h2>")
    article = resubmit(article, body=f"<h2>From the Research</h2>{second}{first}")
    assert marks(article, ravi) == marks(article, ravi, "Functional") == {"ravi": "supported"}


def test_a_changed_record_voids_the_sign_off_of_what_cites_it(article: Article, ravi: User) -> None:
    sign_off_all(article, ravi)
    ask_changes(article, ravi)
    article = resubmit(article, references=[makers.RECORD | {"issued": {"date-parts": [[2021]]}}])
    assert marks(article, ravi) == marks(article, ravi, "Functional") == {}
    assert marks(article, ravi, "In plain words") == {"ravi": "supported"}, "it cites nothing"


def test_white_space_and_numbering_void_nothing(article: Article, ravi: User) -> None:
    sign_off_all(article, ravi)
    ask_changes(article, ravi)
    other = makers.RECORD | {"id": "aaa2019", "title": "Another", "DOI": "10.1000/other"}
    body = article.body.replace("<p>", '<p>Numbered first.<cite data-ref="aaa2019"></cite></p>\n\n<p> ', 1)
    article = resubmit(article, body=body, references=[other, makers.RECORD])
    assert marks(article, ravi) == {"ravi": "supported"}
    assert marks(article, ravi, "Numbered") == {}


def test_words_that_come_back_bring_their_sign_off_back(article: Article, ravi: User) -> None:
    sign_off(article, ravi)
    ask_changes(article, ravi)
    article = resubmit(article, "Other words.")
    assert marks(article, ravi, "Other") == {}
    ask_changes(article, ravi)
    article = resubmit(article, "Histology with grade sets prognosis.")
    assert marks(article, ravi) == {"ravi": "supported"}


def test_the_same_words_in_another_article_are_another_matter(ada: User, ravi: User) -> None:
    one = makers.article(ada, "under_review", reviewer=ravi)
    other = makers.article(ada, "under_review", reviewer=ravi, question="And here?")
    sign_off(one, ravi)
    assert marks(other, ravi) == {}


# Whose count


def test_those_of_one_who_declares_a_conflict_no_longer_count(
    article: Article, ravi: User, mei: User
) -> None:
    workflow.claim(article.pk, actor=mei)
    sign_off(article, mei)
    workflow.declare_conflict(article.pk, actor=mei, reason="Shares.")
    assert marks(article, ravi) == {}


def test_those_of_one_who_becomes_an_author_no_longer_count(
    article: Article, ravi: User, edith: User
) -> None:
    olga = member("olga", "Olga Berg", "MD", Role.AUTHOR)
    workflow.claim(article.pk, actor=olga)
    sign_off(article, olga)
    workflow.set_coauthors(article.pk, coauthors=[olga], actor=edith)
    assert marks(article, ravi) == {}


def test_those_of_one_whose_interest_the_text_comes_to_name_no_longer_count(
    article: Article, ravi: User, mei: User
) -> None:
    workflow.claim(article.pk, actor=mei)
    sign_off(article, mei, words="Functional")
    ask_changes(article, ravi)
    article = resubmit(article, "Lutathera was given.")
    assert marks(article, ravi, "Functional") == {"mei": "supported"}
    mei.interests.create(kind="drug", name="lutathera", since=date(2020, 1, 1))
    assert marks(article, ravi, "Functional") == {}


# What they block


def test_not_supported_blocks_whatever_the_policy_asks(article: Article, ravi: User, mei: User) -> None:
    workflow.claim(article.pk, actor=mei)
    sign_off(article, mei, "not_supported")
    assert blocked(article, ravi, "not-supported") == [
        "Marked as not supported: “Histology with grade sets prognosis.”."
    ]
    with refused(Blocked, article, match="not supported"):
        makers.approve(article, ravi)
    sign_off(article, ravi)
    with refused(Blocked, article, match="not supported"):
        makers.approve(article, ravi)
    sign_off(article, mei, "unclear")
    assert makers.approve(article, ravi).state == "approved"


def test_where_the_policy_asks_every_statement_is_signed_off(ada: User, ravi: User) -> None:
    makers.policy(sign_off=True)
    article = makers.article(ada, "under_review", reviewer=ravi)
    assert len(blocked(article, ravi, "sign-off")) == len(Case(article, ravi).statements)
    sign_off_all(article, ravi, but="Functional")
    sign_off(article, ravi, "unclear", words="Functional")
    with refused(Blocked, article, match="Not signed off as supported: “Functional"):
        makers.approve(article, ravi)
    sign_off(article, ravi, words="Functional")
    assert makers.approve(article, ravi).state == "approved"


def test_the_next_version_asks_again_for_exactly_what_changed(ada: User, ravi: User) -> None:
    makers.policy(sign_off=True)
    article = makers.article(ada, "under_review", reviewer=ravi)
    sign_off_all(article, ravi)
    ask_changes(article, ravi)
    article = resubmit(article, plain_body=article.plain_body, words="Histology and grade.")
    assert blocked(article, ravi, "sign-off") == ["Not signed off as supported: “Histology and grade.”."]


def test_an_objection_stays_with_words_that_stay(article: Article, ravi: User) -> None:
    sign_off(article, ravi, "not_supported")
    ask_changes(article, ravi)
    article = resubmit(article, summary="Another summary.")
    with refused(Blocked, article, match="not supported"):
        makers.approve(article, ravi)


def test_an_objection_of_one_who_left_gives_way_only_in_a_later_round_to_one_who_saw_it(
    article: Article, ravi: User, mei: User, edith: User
) -> None:
    workflow.claim(article.pk, actor=mei)
    sign_off(article, mei, "not_supported")
    sign_off(article, ravi, note="I find it in the guideline.")
    workflow.recuse(article.pk, actor=mei, note="No time.")
    with refused(Blocked, article, match="not supported"):
        makers.approve(article, ravi)
    workflow.withdraw(article.pk, version=1, actor=article.author)
    article = resubmit(article)
    with refused(Blocked, article, match="not supported"):
        makers.approve(article, ravi)
    sign_off(article, ravi, note="I find it in the guideline.")
    assert makers.approve(article, ravi).state == "approved"


def test_an_objection_stands_as_long_as_its_member_reviews(article: Article, ravi: User, mei: User) -> None:
    workflow.claim(article.pk, actor=mei)
    sign_off(article, mei, "not_supported")
    ask_changes(article, ravi)
    article = resubmit(article)
    sign_off(article, ravi)
    with refused(Blocked, article, match="not supported"):
        makers.approve(article, ravi)
