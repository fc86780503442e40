"""Threads on statements: who may say, close, open and mark what, and what that blocks."""

import pytest

from articles import workflow
from articles.models import Article, Thread, User
from articles.states import Level, Role
from articles.workflow import Blocked, NotAllowed, WrongState, offers
from articles.workflow.case import Case
from tests import makers
from tests.evidence import resubmit, statement, thread
from tests.people import member, person
from tests.workflow.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(ada: User, ravi: User) -> Article:
    return makers.article(ada, "under_review", reviewer=ravi)


def ask_changes(article: Article, actor: User) -> None:
    workflow.request_changes(
        article.pk, version=article.version, digest=article.digest, actor=actor, note="See the threads."
    )


def said(found: Thread) -> list[tuple[str, str]]:
    return [(each.by.username, each.text) for each in found.comments.all()]


def stored(found: Thread) -> Thread:
    return Thread.objects.get(pk=found.pk)


def test_a_thread_keeps_the_words_it_was_about(article: Article, ravi: User) -> None:
    found = thread(article, ravi, text="Which grade?\r\nAnd where? ")
    assert found.quote == "Histology with grade sets prognosis."
    assert found.section == "From the Guidelines › Key Considerations"
    assert (found.level, found.version, found.round) == ("clinical", 1, 1)
    assert said(found) == [("ravi", "Which grade?\nAnd where?")]
    ask_changes(article, ravi)
    article = resubmit(article, "Other words.")
    assert stored(found).quote == "Histology with grade sets prognosis."
    assert found.digest not in Case(article, ravi).statements, "outdated, and still open"
    assert stored(found).is_open


def test_a_thread_about_the_plain_text_says_so_whatever_the_form_said(article: Article, ravi: User) -> None:
    assert thread(article, ravi, "In plain words", level="clinical").level == Level.PLAIN
    assert thread(article, ravi, "From tissue", level="plain").level == Level.PLAIN, "the summary is in both"
    assert thread(article, ravi, "From tissue", level="nonsense").level == Level.CLINICAL


@pytest.mark.parametrize("text", ["", "  \r\n", "\x00", "a" * 10_001])
def test_a_thread_needs_words_and_not_too_many(text: str, article: Article, ravi: User) -> None:
    with refused(Blocked, article):
        thread(article, ravi, text=text)
    assert not Thread.objects.exists()


def test_only_reviewers_open_threads_and_only_on_statements_of_the_text(
    article: Article, ada: User, mei: User, edith: User, ravi: User
) -> None:
    for who in (ada, mei, edith):
        with refused(NotAllowed, article):
            thread(article, who)
    with refused(Blocked, article, match="no such statement"):
        workflow.open_thread(article.pk, version=1, statement="0" * 64, actor=ravi, text="Why?")
    assert not Thread.objects.exists()


def test_author_reviewer_and_editor_talk_and_nobody_else(
    article: Article, ada: User, ravi: User, mei: User, edith: User
) -> None:
    found = thread(article, ravi)
    workflow.answer(article.pk, thread=found.pk, actor=ada, text="Grade 2.", quote="Which grade?")
    workflow.answer(article.pk, thread=found.pk, actor=edith, text="Please name the source.")
    workflow.answer(article.pk, thread=found.pk, actor=ravi, text="And the source?")
    strangers = [mei, person("omar", "Omar Other", Role.AUTHOR), person("nobody", "No Body")]
    for who in strangers:
        with refused(NotAllowed, article):
            workflow.answer(article.pk, thread=found.pk, actor=who, text="Me too.")
    assert [who for who, _ in said(found)] == ["ravi", "ada", "edith", "ravi"]
    assert found.comments.all()[1].quote == "Which grade?"


def test_who_reviewed_an_earlier_round_may_still_answer(article: Article, ada: User, ravi: User) -> None:
    found = thread(article, ravi)
    ask_changes(article, ravi)
    workflow.answer(article.pk, thread=found.pk, actor=ada, text="Is grade 2 meant?")
    workflow.answer(article.pk, thread=found.pk, actor=ravi, text="Yes.")
    assert len(said(found)) == 3


def test_a_conflict_ends_the_conversation(article: Article, ravi: User, mei: User) -> None:
    workflow.claim(article.pk, actor=mei)
    found = thread(article, mei)
    workflow.declare_conflict(article.pk, actor=mei, reason="Shares.")
    with refused(NotAllowed, article):
        workflow.answer(article.pk, thread=found.pk, actor=mei, text="One more thing.")


def test_threads_of_a_retired_article_are_closed_to_all(ada: User, ravi: User, edith: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    found = thread(article, ravi)
    makers.approve(article, ravi)
    workflow.answer(article.pk, thread=found.pk, actor=ada, text="Thank you.")
    workflow.retire(article.pk, actor=edith, notice="Superseded.")
    with refused(WrongState, article):
        workflow.answer(article.pk, thread=found.pk, actor=ada, text="Why?")


# Must fix


def test_an_open_must_fix_blocks_every_approval_until_it_is_resolved(
    article: Article, ravi: User, mei: User
) -> None:
    workflow.claim(article.pk, actor=mei)
    found = thread(article, ravi, must_fix=True)
    for who in (ravi, mei):
        approve = next(each for each in offers(article, who) if each.action == "approve")
        assert [(issue.code, issue.anchor) for issue in approve.blocked] == [
            ("must-fix", f"thread-{found.pk}")
        ]
        with refused(Blocked, article, match="must be fixed is open: “Histology"):
            makers.approve(article, who)
    workflow.resolve(article.pk, thread=found.pk, actor=ravi)
    assert makers.approve(article, mei).state == "approved"


def test_a_thread_that_need_not_be_fixed_blocks_nothing(article: Article, ravi: User) -> None:
    thread(article, ravi)
    assert makers.approve(article, ravi).state == "approved"


def test_what_must_be_fixed_is_judged_by_who_asked_while_they_review(
    article: Article, ravi: User, mei: User
) -> None:
    workflow.claim(article.pk, actor=mei)
    found = thread(article, ravi, must_fix=True)
    with refused(Blocked, article, match="Ravi Menon asked for this"):
        workflow.resolve(article.pk, thread=found.pk, actor=mei)
    with refused(Blocked, article, match="Ravi Menon asked for this"):
        workflow.set_must_fix(article.pk, thread=found.pk, actor=mei, must_fix=False)
    workflow.recuse(article.pk, actor=ravi, note="No time.")
    workflow.resolve(article.pk, thread=found.pk, actor=mei)
    assert stored(found).resolved_by == mei


def test_any_reviewer_resolves_what_need_not_be_fixed(article: Article, ravi: User, mei: User) -> None:
    workflow.claim(article.pk, actor=mei)
    found = thread(article, ravi)
    workflow.resolve(article.pk, thread=found.pk, actor=mei)
    with refused(Blocked, article, match="resolved already"):
        workflow.resolve(article.pk, thread=found.pk, actor=ravi)


def test_neither_author_nor_editor_resolves_reopens_or_marks(
    article: Article, ada: User, edith: User, ravi: User
) -> None:
    found = thread(article, ravi, must_fix=True)
    for who in (ada, edith):
        with refused(NotAllowed, article):
            workflow.resolve(article.pk, thread=found.pk, actor=who)
        with refused(NotAllowed, article):
            workflow.set_must_fix(article.pk, thread=found.pk, actor=who, must_fix=False)
        with refused(NotAllowed, article):
            workflow.reopen(article.pk, thread=found.pk, actor=who)


def test_a_resolved_thread_can_be_opened_again_and_blocks_again(article: Article, ravi: User) -> None:
    found = thread(article, ravi, must_fix=True)
    with refused(Blocked, article, match="open already"):
        workflow.reopen(article.pk, thread=found.pk, actor=ravi)
    workflow.answer(article.pk, thread=found.pk, actor=article.author, text="", done=True)
    workflow.resolve(article.pk, thread=found.pk, actor=ravi)
    workflow.reopen(article.pk, thread=found.pk, actor=ravi)
    again = stored(found)
    assert (again.resolved_at, again.resolved_by, again.done_at) == (None, None, None)
    with refused(Blocked, article, match="must be fixed"):
        makers.approve(article, ravi)


def test_must_fix_is_said_and_taken_back(article: Article, ravi: User) -> None:
    found = thread(article, ravi)
    with refused(Blocked, article, match="marked so already"):
        workflow.set_must_fix(article.pk, thread=found.pk, actor=ravi, must_fix=False)
    workflow.set_must_fix(article.pk, thread=found.pk, actor=ravi, must_fix=True)
    with refused(Blocked, article, match="must be fixed"):
        makers.approve(article, ravi)
    workflow.set_must_fix(article.pk, thread=found.pk, actor=ravi, must_fix=False)
    assert makers.approve(article, ravi).state == "approved"


# The author's side


@pytest.mark.parametrize("how", ["in words", "as done", "both"])
def test_what_must_be_fixed_is_answered_before_it_is_submitted_again(
    how: str, article: Article, ada: User, ravi: User
) -> None:
    found = thread(article, ravi, must_fix=True)
    ask_changes(article, ravi)
    article = makers.edit(makers.fresh(article), "Other words.")
    with refused(Blocked, article, match="Answer what must be fixed: “Histology"):
        workflow.submit(article.pk, version=2, actor=ada)
    text = "" if how == "as done" else "Grade 2; it says so now."
    workflow.answer(article.pk, thread=found.pk, actor=ada, text=text, done=how != "in words")
    assert workflow.submit(article.pk, version=2, actor=ada).state == "under_review"
    assert stored(found).is_open, "it stays open until who asked has looked"


def test_an_answer_that_was_answered_needs_another(article: Article, ada: User, ravi: User) -> None:
    found = thread(article, ravi, must_fix=True)
    ask_changes(article, ravi)
    workflow.answer(article.pk, thread=found.pk, actor=ada, text="", done=True)
    workflow.answer(article.pk, thread=found.pk, actor=ravi, text="Not yet: the source?")
    with refused(Blocked, article, match="Answer what must be fixed"):
        workflow.submit(article.pk, version=1, actor=ada)


def test_a_thread_that_need_not_be_fixed_needs_no_answer(article: Article, ada: User, ravi: User) -> None:
    thread(article, ravi)
    ask_changes(article, ravi)
    assert workflow.submit(article.pk, version=1, actor=ada).state == "under_review"


def test_only_an_author_says_that_something_is_done(article: Article, ravi: User, edith: User) -> None:
    found = thread(article, ravi)
    for who in (ravi, edith):
        with refused(Blocked, article, match="Write what you have to say"):
            workflow.answer(article.pk, thread=found.pk, actor=who, text=" ", done=True)
        workflow.answer(article.pk, thread=found.pk, actor=who, text="Done.", done=True)
    assert stored(found).done_at is None


# Other articles


def test_a_thread_of_another_article_does_not_exist(article: Article, ada: User, ravi: User) -> None:
    other = makers.article(ada, "under_review", reviewer=ravi, question="And here?")
    foreign = thread(other, ravi)
    with pytest.raises(Thread.DoesNotExist):
        workflow.resolve(article.pk, thread=foreign.pk, actor=ravi)
    with pytest.raises(Thread.DoesNotExist):
        workflow.answer(article.pk, thread=foreign.pk, actor=ada, text="Hello.")
    with pytest.raises(Thread.DoesNotExist):
        workflow.set_must_fix(article.pk, thread=foreign.pk, actor=ravi, must_fix=True)
    assert stored(foreign).is_open
    assert len(said(foreign)) == 1


def test_statements_of_another_article_are_not_this_ones(article: Article, ada: User, ravi: User) -> None:
    other = makers.article(ada, "under_review", reviewer=ravi, question="And here?", words="Elsewhere only.")
    foreign = statement(other, "Elsewhere").digest
    with refused(Blocked, article, match="no such statement"):
        workflow.open_thread(article.pk, version=1, statement=foreign, actor=ravi, text="Why?")


def test_a_reviewer_who_came_later_sees_and_continues_what_was_said(
    article: Article, ravi: User, edith: User
) -> None:
    nia = member("nia", "Nia Obi", "MD")
    found = thread(article, ravi)
    ask_changes(article, ravi)
    article = resubmit(article, "Other words.")
    workflow.assign(article.pk, member=nia, actor=edith)
    assert [each.pk for each in Case(article, nia).threads] == [found.pk]
    workflow.answer(article.pk, thread=found.pk, actor=nia, text="I see.")
