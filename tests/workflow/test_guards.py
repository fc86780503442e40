"""What must be true before a step, one rule at a time: refused; let through when it is so."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from articles import workflow
from articles.models import Article, User
from articles.workflow import Blocked
from tests import makers
from tests.evidence import thread
from tests.people import member
from tests.workflow.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(ada: User, ravi: User) -> Article:
    makers.policy(quorum=2)
    return makers.article(ada, "under_review", reviewer=ravi)


def test_only_a_serving_member_can_be_asked(article: Article, mei: User, edith: User) -> None:
    former = member("finn", "Finn Old", "MD", term_to=timezone.localdate() - timedelta(days=1))
    for nobody in (former, edith):
        with refused(Blocked, article, match="not a serving member"):
            workflow.assign(article.pk, member=nobody, actor=edith)
    workflow.assign(article.pk, member=mei, actor=edith)


def test_nobody_is_asked_twice_nor_after_stepping_back(
    article: Article, ravi: User, mei: User, edith: User
) -> None:
    with refused(Blocked, article, match="already reviewing"):
        workflow.assign(article.pk, member=ravi, actor=edith)
    workflow.claim(article.pk, actor=mei)
    workflow.recuse(article.pk, actor=mei, note="No time.")
    with refused(Blocked, article, match="already stepped back"):
        workflow.assign(article.pk, member=mei, actor=edith)
    with refused(Blocked, article, match="already recused"):
        workflow.claim(article.pk, actor=mei)


def test_nobody_is_asked_whom_something_bars(article: Article, mei: User, edith: User) -> None:
    workflow.declare_conflict(article.pk, actor=mei, reason="Shares.")
    with refused(Blocked, article, match="cannot review this article"):
        workflow.assign(article.pk, member=mei, actor=edith)


def test_only_who_reviews_and_has_not_decided_is_released_or_reminded(
    article: Article, ravi: User, mei: User, edith: User
) -> None:
    for step in (workflow.unassign, workflow.remind):
        with refused(Blocked, article, match="is not reviewing"):
            step(article.pk, member=mei, actor=edith)
    makers.approve(article, ravi)
    for step in (workflow.unassign, workflow.remind):
        with refused(Blocked, article, match="has already decided"):
            step(article.pk, member=ravi, actor=edith)


def test_a_due_date_is_today_or_later(article: Article, mei: User, edith: User) -> None:
    today = timezone.localdate()
    with refused(Blocked, article, match="not in the past"):
        workflow.assign(article.pk, member=mei, actor=edith, due=today - timedelta(days=1))
    workflow.assign(article.pk, member=mei, actor=edith, due=today)


def test_one_person_is_reminded_of_one_article_once_a_day(
    article: Article, ada: User, ravi: User, mei: User, edith: User
) -> None:
    other = makers.article(ada, "under_review", reviewer=ravi, question="Other?")
    workflow.claim(article.pk, actor=mei)
    workflow.remind(article.pk, member=ravi, actor=edith)
    with refused(Blocked, article, match="Once a day is enough"):
        workflow.remind(article.pk, member=ravi, actor=edith)
    workflow.remind(article.pk, member=mei, actor=edith)
    workflow.remind(other.pk, member=ravi, actor=edith)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        workflow.remind(article.pk, member=ravi, actor=edith)


@pytest.mark.parametrize("notice", ["", " \n", "\x00"])
def test_nothing_is_retired_without_a_notice(notice: str, ada: User, ravi: User, edith: User) -> None:
    article = makers.article(ada, "approved", reviewer=ravi)
    with refused(Blocked, article, match="Write the notice"):
        workflow.retire(article.pk, actor=edith, notice=notice)
    assert workflow.retire(article.pk, actor=edith, notice="Superseded.").state == "retired"


def test_nothing_is_retired_twice(ada: User, ravi: User, edith: User) -> None:
    article = makers.article(ada, "retired", reviewer=ravi, editor=edith)
    with refused(Blocked, article, match="no live publication"):
        workflow.retire(article.pk, actor=edith, notice="Again.")


def test_nobody_decides_twice_in_a_round(article: Article, ravi: User) -> None:
    makers.approve(article, ravi)
    with refused(Blocked, article, match="already approved"):
        makers.approve(article, ravi)
    with refused(Blocked, article, match="already approved"):
        workflow.recuse(article.pk, actor=ravi, note="On second thought.")


def test_an_invitation_is_answered_once(article: Article, mei: User, edith: User) -> None:
    workflow.assign(article.pk, member=mei, actor=edith)
    workflow.accept_review(article.pk, actor=mei)
    with refused(Blocked, article, match="No invitation"):
        workflow.accept_review(article.pk, actor=mei)
    with refused(Blocked, article, match="No invitation"):
        workflow.decline_review(article.pk, actor=mei, note="No time.")


def test_whoever_opens_a_thread_has_taken_the_invitation_on(article: Article, mei: User, edith: User) -> None:
    workflow.assign(article.pk, member=mei, actor=edith)
    thread(article, mei)
    with refused(Blocked, article, match="No invitation"):
        workflow.decline_review(article.pk, actor=mei, note="No time.")


@pytest.mark.parametrize("done", [True, False])
def test_what_must_be_fixed_is_answered_before_it_is_submitted_again(
    done: bool, article: Article, ada: User, ravi: User, edith: User
) -> None:
    must, may = thread(article, ravi, must_fix=True), thread(article, ravi)
    workflow.answer(article.pk, thread=must.pk, actor=ada, text="Which one?")
    workflow.answer(article.pk, thread=must.pk, actor=ravi, text="The second.")
    workflow.request_changes(article.pk, version=1, digest=article.digest, actor=ravi, note="More.")
    with refused(Blocked, article, match="Answer what must be fixed"):
        workflow.submit(article.pk, version=1, actor=ada)
    workflow.answer(article.pk, thread=must.pk, actor=ada, text="" if done else "So.", done=done)
    assert may.is_open, "what need not be fixed needs no answer"
    if done:
        workflow.answer(article.pk, thread=must.pk, actor=edith, text="Thank you.")
        with refused(Blocked, article, match="Answer what must be fixed"):
            workflow.submit(article.pk, version=1, actor=ada)
        workflow.answer(article.pk, thread=must.pk, actor=ada, text="", done=True)
    assert workflow.submit(article.pk, version=1, actor=ada).state == "under_review"


def test_what_was_resolved_asks_for_no_answer(article: Article, ada: User, ravi: User) -> None:
    must = thread(article, ravi, must_fix=True)
    workflow.resolve(article.pk, thread=must.pk, actor=ravi)
    workflow.request_changes(article.pk, version=1, digest=article.digest, actor=ravi, note="More.")
    assert workflow.submit(article.pk, version=1, actor=ada).state == "under_review"
