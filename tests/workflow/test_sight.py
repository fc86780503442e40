"""Independent reviews: before one's own decision, nothing that colleagues do in the open round is known."""

import pytest

from articles import workflow
from articles.models import Article, Message, Round, Thread, User
from articles.states import Role
from articles.workflow import Blocked, sight
from articles.workflow.case import Case
from tests import makers
from tests.evidence import marks, resubmit, sign_off, thread
from tests.people import member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _independent(db: None) -> None:
    makers.policy(independent=True, quorum=2)


@pytest.fixture
def article(ada: User, ravi: User, mei: User) -> Article:
    made = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(made.pk, actor=mei)
    return makers.fresh(made)


@pytest.fixture
def nia(db: None) -> User:
    """Serves on the board and reviews nothing yet."""
    return member("nia", "Nia Obi", "MD")


def case(article: Article, viewer: User) -> Case:
    return Case(makers.fresh(article), User.objects.get(pk=viewer.pk))


def threads(article: Article, viewer: User) -> list[int]:
    return [each.pk for each in case(article, viewer).threads]


def kinds(article: Article, viewer: User) -> list[str]:
    return list(sight.events(case(article, viewer)).order_by("sequence").values_list("kind", flat=True))


def decisions(article: Article, viewer: User) -> list[str]:
    return [
        f"{each.member.username} {each.verdict}"
        for round_ in sight.rounds(case(article, viewer))
        for each in round_.seen_decisions
    ]


def reviewing(article: Article, viewer: User) -> set[str]:
    """Who seems to review in the open round."""
    open_round = sight.rounds(case(article, viewer))[0]
    return {each.member.username for each in open_round.seen_assignments if each.ended_at is None}


def decide(article: Article, actor: User, verdict: str) -> None:
    if verdict == "approve":
        makers.approve(makers.fresh(article), actor)
    else:
        workflow.recuse(article.pk, actor=actor, note="No time.")


@pytest.mark.parametrize("verdict", ["approve", "recuse"])
def test_a_colleagues_work_is_hidden_until_ones_own_decision_is_in(
    verdict: str, article: Article, ravi: User, mei: User, nia: User
) -> None:
    found = thread(article, ravi)
    sign_off(article, ravi, "unclear", note="Which?")
    decide(article, ravi, verdict)
    for viewer in (mei, nia):
        assert threads(article, viewer) == []
        assert marks(article, viewer) == {}
        assert decisions(article, viewer) == []
        assert kinds(article, viewer) == ["created", "submitted", "claimed", "claimed"]
        with pytest.raises(Thread.DoesNotExist):
            sight.thread(case(article, viewer), found.pk)
    assert reviewing(article, mei) == {"ravi", "mei"}
    decide(article, mei, "recuse")
    assert threads(article, mei) == [found.pk]
    assert marks(article, mei) == {"ravi": "unclear"}
    assert "thread_opened" in kinds(article, mei)
    assert set(decisions(article, mei)) == {f"ravi {verdict}", "mei recuse"}


def test_one_always_sees_ones_own(article: Article, ravi: User) -> None:
    found = thread(article, ravi)
    sign_off(article, ravi)
    assert threads(article, ravi) == [found.pk]
    assert marks(article, ravi) == {"ravi": "supported"}
    assert kinds(article, ravi)[-1] == "thread_opened"


def test_authors_and_editors_see_all_of_it(article: Article, ada: User, edith: User, ravi: User) -> None:
    found = thread(article, ravi)
    sign_off(article, ravi)
    for viewer in (ada, edith):
        assert threads(article, viewer) == [found.pk]
        assert marks(article, viewer) == {"ravi": "supported"}
        assert "thread_opened" in kinds(article, viewer)


def test_an_editor_who_reviews_is_a_reviewer_first(ada: User, ravi: User) -> None:
    olga = member("olga", "Olga Berg", "MD", Role.EDITOR)
    article = makers.article(ada, "under_review", reviewer=ravi)
    found = thread(article, ravi)
    assert threads(article, olga) == [found.pk], "as an editor"
    workflow.claim(article.pk, actor=olga)
    assert threads(article, olga) == []
    workflow.decline(article.pk, version=1, actor=olga, note="Outside our field.")
    assert threads(article, olga) == [found.pk], "the round is over"


def test_where_reviews_are_not_independent_everything_is_seen_at_once(
    ada: User, ravi: User, mei: User
) -> None:
    makers.policy(independent=False)
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    found = thread(article, ravi)
    sign_off(article, ravi)
    assert threads(article, mei) == [found.pk]
    assert marks(article, mei) == {"ravi": "supported"}


def test_an_authors_answer_to_a_colleague_is_hidden_with_the_thread(
    article: Article, ada: User, ravi: User, mei: User
) -> None:
    hidden, own = thread(article, ravi), thread(article, mei)
    for each in (hidden, own):
        workflow.answer(article.pk, thread=each.pk, actor=ada, text="Grade 2.")
    assert kinds(article, mei).count("thread_answered") == 1
    assert kinds(article, ravi).count("thread_answered") == 1
    assert kinds(article, ada).count("thread_answered") == 2


def test_a_blind_step_records_nothing_of_the_approvals_there_are(
    article: Article, ravi: User, mei: User
) -> None:
    makers.approve(article, ravi)
    found = thread(article, mei)
    workflow.resolve(article.pk, thread=found.pk, actor=mei)
    assert article.events.get(kind="thread_resolved").data == {"thread": found.pk}
    assert article.events.get(kind="approved").data["approvals"] == 1


def test_no_mail_tells_a_reviewer_of_a_colleagues_work(
    article: Article, ada: User, ravi: User, mei: User
) -> None:
    before = Message.objects.filter(recipient=mei).count()
    found = thread(article, ravi, must_fix=True)
    workflow.answer(article.pk, thread=found.pk, actor=ada, text="Grade 2.")
    workflow.answer(article.pk, thread=found.pk, actor=ravi, text="Thank you.")
    workflow.resolve(article.pk, thread=found.pk, actor=ravi)
    makers.approve(article, ravi)
    assert Message.objects.filter(recipient=mei).count() == before


def test_an_editor_who_reviews_gets_no_mail_of_a_colleagues_work_either(
    ada: User, ravi: User, edith: User, mei: User
) -> None:
    olga = member("olga", "Olga Berg", "MD", Role.EDITOR)
    article = makers.article(ada, "submitted")
    for reviewer in (mei, ravi):
        workflow.assign(article.pk, member=reviewer, actor=olga)
    workflow.claim(article.pk, actor=olga)
    workflow.decline_review(article.pk, actor=mei, note="I disagree with all of it.")
    workflow.recuse(article.pk, actor=ravi, note="No time.")
    assert not Message.objects.filter(recipient=olga, event__kind__in=("review_declined", "recused")).exists()
    assert Message.objects.filter(recipient=edith, event__kind="review_declined").exists()


# Threads of earlier rounds


@pytest.fixture
def second(article: Article, ravi: User, mei: User) -> tuple[Article, Thread, Thread]:
    """The second round, with a thread of Ravi's and one of Mei's from the first."""
    his, hers = thread(article, ravi, must_fix=True), thread(article, mei, "Functional")
    workflow.request_changes(article.pk, version=1, digest=article.digest, actor=ravi, note="See the thread.")
    workflow.answer(article.pk, thread=his.pk, actor=article.author, text="Grade 2.", done=True)
    return resubmit(article, "Histology, grade 2."), his, hers


def seen(article: Article, viewer: User, found: Thread) -> tuple[list[str], bool, bool, bool]:
    """Words, whether open, must fix, done: as the viewer knows the thread."""
    known = sight.thread(case(article, viewer), found.pk)
    words = [each.text for each in known.seen_comments]
    return words, known.is_open, known.is_must_fix, known.done_at is not None


def test_what_was_before_the_round_is_known_and_what_colleagues_do_since_is_not(
    second: tuple[Article, Thread, Thread], ada: User, ravi: User, mei: User
) -> None:
    article, his, hers = second
    before = {each.pk: seen(article, mei, each) for each in (his, hers)}
    assert before[his.pk] == (["Which grade?", "Grade 2."], True, True, True)
    assert before[hers.pk] == (["Which grade?"], True, False, False)
    workflow.answer(article.pk, thread=his.pk, actor=ravi, text="Still not clear.")
    workflow.answer(article.pk, thread=his.pk, actor=ada, text="I see, Ravi.", quote="Still not clear.")
    workflow.answer(article.pk, thread=hers.pk, actor=ravi, text="I agree with Mei.")
    workflow.set_must_fix(article.pk, thread=his.pk, actor=ravi, must_fix=False)
    workflow.set_must_fix(article.pk, thread=hers.pk, actor=ravi, must_fix=True)
    workflow.resolve(article.pk, thread=his.pk, actor=ravi)
    assert {each.pk: seen(article, mei, each) for each in (his, hers)} == before
    assert seen(article, ada, his)[1:] == (False, False, False)
    makers.policy(independent=False)
    workflow.recuse(article.pk, actor=mei, note="No time.")
    assert seen(article, mei, his) == seen(article, ada, his)
    assert seen(article, mei, hers)[0] == ["Which grade?", "I agree with Mei."]


def test_a_thread_that_a_colleague_opens_again_seems_resolved_as_it_was(
    second: tuple[Article, Thread, Thread], ravi: User, mei: User
) -> None:
    article, _, hers = second
    workflow.resolve(article.pk, thread=hers.pk, actor=mei)
    workflow.withdraw(article.pk, version=2, actor=article.author)
    article = resubmit(article)
    workflow.reopen(article.pk, thread=hers.pk, actor=ravi)
    known = sight.thread(case(article, mei), hers.pk)
    assert not known.is_open
    assert known.resolved_by == mei


def test_ones_own_acts_in_a_thread_are_known_whatever_colleagues_did(
    second: tuple[Article, Thread, Thread], ravi: User, mei: User
) -> None:
    article, _, hers = second
    workflow.set_must_fix(article.pk, thread=hers.pk, actor=ravi, must_fix=True)
    workflow.resolve(article.pk, thread=hers.pk, actor=mei)
    assert seen(article, mei, hers)[1:3] == (False, False)
    workflow.answer(article.pk, thread=hers.pk, actor=mei, text="Well said.")
    assert seen(article, mei, hers)[0] == ["Which grade?", "Well said."]


def test_what_is_refused_tells_nothing_of_a_colleague_who_stepped_back(
    second: tuple[Article, Thread, Thread], ravi: User, mei: User
) -> None:
    article, his, _ = second
    workflow.recuse(article.pk, actor=ravi, note="No time.")
    with pytest.raises(Blocked, match="Ravi Menon asked for this"):
        workflow.resolve(article.pk, thread=his.pk, actor=mei)


def test_sign_offs_of_earlier_rounds_are_known_and_those_of_this_one_are_not(
    second: tuple[Article, Thread, Thread], ada: User, ravi: User, mei: User
) -> None:
    article, _, _ = second
    sign_off(article, ravi, words="Functional")
    assert marks(article, mei, "Functional") == {}
    workflow.withdraw(article.pk, version=2, actor=ada)
    article = resubmit(article)
    assert marks(article, mei, "Functional") == {"ravi": "supported"}
    sign_off(article, ravi, "not_supported", words="Functional")
    assert marks(article, mei, "Functional") == {"ravi": "supported"}, "as it was when the round began"
    assert marks(article, ada, "Functional") == {"ravi": "not_supported"}


def test_one_approves_by_what_one_knows(article: Article, ravi: User, mei: User) -> None:
    thread(article, ravi, must_fix=True)
    sign_off(article, ravi, "not_supported")
    assert makers.approve(article, mei).state == "under_review"


def test_blind_rounds_in_lists_are_those_of_single_articles(
    article: Article, ada: User, ravi: User, mei: User, nia: User, edith: User
) -> None:
    olga = member("olga", "Olga Berg", "MD", Role.EDITOR, Role.AUTHOR)
    makers.article(olga, "under_review", reviewer=ravi, question="Hers?")
    makers.policy(independent=False)
    makers.article(ada, "under_review", reviewer=ravi, question="Open?")
    workflow.recuse(article.pk, actor=mei, note="No time.")
    for viewer in (ada, ravi, mei, nia, edith, olga):
        blind = set(sight.blind_rounds(viewer).values_list("pk", flat=True))
        for round_ in Round.objects.filter(closed_at__isnull=True):
            assert (round_.pk in blind) == case(round_.article, viewer).is_blind, (viewer, round_)
