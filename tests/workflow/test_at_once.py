"""Two people acting at once: exactly one wins, the other is told; one publication, never two."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from articles import workflow
from articles.models import Article, Decision, Event, Publication, User, Version, broken_links
from articles.workflow import WorkflowError
from tests import makers

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
