"""Two people acting at once: exactly one wins, the other is told; one publication, never two."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from articles import workflow
from articles.models import Article, Decision, Event, Publication, User, Version, broken_links
from articles.workflow import WorkflowError
from tests import makers
from tests.evidence import sign_off
from tests.evidence import thread as open_thread

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[], object]


def at_once(*acts: Act) -> list[object]:
    """Run the acts in threads that start together; each one's result, or the WorkflowError it raised."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Act) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            results[place] = act()
        except BaseException as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, WorkflowError):
            raise result
    return results


def winners(results: list[object]) -> list[object]:
    return [result for result in results if not isinstance(result, WorkflowError)]


def chain_holds(article: Article) -> bool:
    return not broken_links(Event.objects.filter(article=article).order_by("sequence"))


def approve(article: Article, actor: User) -> Act:
    return lambda: makers.approve(article, actor)


@pytest.mark.parametrize("attempt", range(3))
def test_two_members_approving_at_once_make_one_publication(
    attempt: int, ada: User, ravi: User, mei: User
) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    results = at_once(approve(article, ravi), approve(article, mei))
    assert len(winners(results)) == 1
    assert Publication.objects.filter(article=article).count() == 1
    assert Decision.objects.filter(round__article=article).count() == 1
    assert chain_holds(article)


def test_a_double_click_is_one_decision(ada: User, ravi: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    results = at_once(*[approve(article, ravi)] * 4)
    assert len(winners(results)) == 1
    assert Decision.objects.count() == Publication.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_approve_against_withdraw_ends_one_way_or_the_other(attempt: int, ada: User, ravi: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    results = at_once(approve(article, ravi), lambda: workflow.withdraw(article.pk, version=1, actor=ada))
    assert len(winners(results)) == 1
    article = makers.fresh(article)
    assert (article.state, Publication.objects.count()) in {("approved", 1), ("draft", 0)}
    assert chain_holds(article)


@pytest.mark.parametrize("attempt", range(3))
def test_save_against_save_keeps_one_and_tells_the_other(attempt: int, ada: User) -> None:
    article = makers.article(ada)
    results = at_once(
        *(
            lambda words=words: workflow.save(article.pk, version=1, actor=ada, fields=makers.text(words))
            for words in ("One.", "Another.")
        )
    )
    assert len(winners(results)) == 1
    lost = next(result for result in results if isinstance(result, WorkflowError))
    assert lost.current == 2
    assert sorted(Version.objects.filter(id=article.pk).values_list("version", flat=True)) == [1, 2]
    assert chain_holds(article)


def test_two_members_claiming_at_once_both_review(ada: User, ravi: User, mei: User) -> None:
    article = makers.article(ada, "submitted")
    results = at_once(
        lambda: workflow.claim(article.pk, actor=ravi), lambda: workflow.claim(article.pk, actor=mei)
    )
    assert len(winners(results)) == 2
    assert article.rounds.get().assignments.count() == 2
    assert chain_holds(article)


def test_two_submissions_at_once_open_one_round(ada: User) -> None:
    article = makers.article(ada)
    results = at_once(*[lambda: workflow.submit(article.pk, version=1, actor=ada)] * 2)
    assert len(winners(results)) == 1
    assert article.rounds.count() == 1


def test_two_articles_with_one_question_approved_at_once_get_two_addresses(
    ada: User, ravi: User, mei: User
) -> None:
    first = makers.article(ada, "under_review", reviewer=ravi, question="What now?")
    second = makers.article(ada, "under_review", reviewer=mei, question="What now?")
    results = at_once(approve(first, ravi), approve(second, mei))
    assert len(winners(results)) == 2
    assert Publication.objects.live().count() == 2


@pytest.fixture
def almost_approved(ada: User, ravi: User, mei: User) -> Article:
    """Independent reviews: Ravi approved, not knowing of Mei's must-fix thread and her objection."""
    makers.policy(independent=True, quorum=1)
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    open_thread(article, mei, must_fix=True)
    sign_off(article, mei, "not_supported")
    return makers.approve(article, ravi)


@pytest.mark.parametrize("attempt", range(3))
def test_the_last_two_things_wanting_done_at_once_publish_once(
    attempt: int, almost_approved: Article, mei: User
) -> None:
    article = almost_approved
    results = at_once(
        lambda: workflow.resolve(article.pk, thread=article.threads.get().pk, actor=mei),
        lambda: sign_off(article, mei, "supported"),
    )
    assert len(winners(results)) == 2
    assert makers.fresh(article).state == "approved"
    assert Publication.objects.count() == article.events.filter(kind="published").count() == 1
    assert chain_holds(article)


@pytest.mark.parametrize("attempt", range(3))
def test_an_approval_and_a_resolve_at_once_publish_once(
    attempt: int, ada: User, ravi: User, mei: User
) -> None:
    makers.policy(independent=True, quorum=2)
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    found = open_thread(article, mei)
    makers.approve(article, mei)
    workflow.set_must_fix(article.pk, thread=found.pk, actor=mei, must_fix=True)
    results = at_once(
        approve(article, ravi), lambda: workflow.resolve(article.pk, thread=found.pk, actor=mei)
    )
    assert len(winners(results)) == 2
    assert makers.fresh(article).state == "approved"
    assert Publication.objects.count() == article.events.filter(kind="published").count() == 1
    assert chain_holds(article)


@pytest.mark.parametrize("attempt", range(3))
def test_an_approval_against_an_objection_never_publishes_over_it(
    attempt: int, ada: User, ravi: User, mei: User
) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    results = at_once(approve(article, ravi), lambda: sign_off(article, mei, "not_supported"))
    assert len(winners(results)) == 1, "whichever was first refuses the other"
    assert (makers.fresh(article).state == "approved") == bool(Publication.objects.count())
    assert Publication.objects.exists() != article.sign_offs.exists()


def test_a_double_click_on_a_verdict_is_one_sign_off(ada: User, ravi: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    results = at_once(*[lambda: sign_off(article, ravi)] * 4)
    assert len(winners(results)) == 4
    assert article.sign_offs.count() == 1


def test_a_suggestion_taken_up_twice_at_once_makes_one_version(ada: User, ravi: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    found = open_thread(article, ravi, suggestion="Histology and grade.")
    workflow.request_changes(article.pk, version=1, digest=article.digest, actor=ravi, note="See there.")
    results = at_once(
        *[lambda: workflow.accept_suggestion(article.pk, thread=found.pk, version=1, actor=ada)] * 3
    )
    assert len(winners(results)) == 1
    assert sorted(Version.objects.filter(id=article.pk).values_list("version", flat=True)) == [1, 2]
    assert chain_holds(article)
