"""An approval names version and digest. If either differs from what is stored, it is refused and says why."""

import pytest
from django.db import connection

from articles import triggers, workflow
from articles.models import Article, Publication, User, Version
from articles.workflow import StaleVersion, WrongState
from tests import makers
from tests.workflow.refusals import refused

pytestmark = pytest.mark.django_db


def approve(pk: int, *, actor: User, **given: object) -> Article:
    return makers.approve(Article.objects.get(pk=pk), actor, **given)


@pytest.mark.parametrize("decide", [approve, workflow.request_changes])
def test_a_decision_over_another_version_is_refused(decide: object, ada: User, ravi: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    with refused(StaleVersion, article, match="version 1 is there now"):
        decide(article.pk, version=2, digest=article.digest, actor=ravi, note="Read.")


@pytest.mark.parametrize("decide", [approve, workflow.request_changes])
def test_a_decision_over_other_words_is_refused(decide: object, ada: User, ravi: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    with refused(StaleVersion, article, match="not the one you read"):
        decide(article.pk, version=1, digest="0" * 64, actor=ravi, note="Read.")


def test_text_that_changed_while_the_reviewer_read_is_not_approved_unseen(ada: User, ravi: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    read = (article.version, article.digest)
    workflow.withdraw(article.pk, version=1, actor=ada)
    article = makers.edit(makers.fresh(article), "Words nobody reviewed.")
    workflow.submit(article.pk, version=2, actor=ada)
    article = makers.fresh(article)
    assert article.state == "under_review", "the reviewer stands"
    with refused(StaleVersion, article):
        makers.approve(article, ravi, version=read[0], digest=read[1])
    makers.approve(article, ravi, version=2)
    assert "Words nobody reviewed" in Publication.objects.get(article=article).clinical["html"]


@pytest.mark.django_db(transaction=True)
def test_text_changed_behind_the_workflow_is_not_approved(ada: User, ravi: User) -> None:
    """Even somebody with the database in hand, triggers taken away, gets nothing past the digest."""
    article = makers.article(ada, "under_review", reviewer=ravi)
    triggers.remove(connection)
    Article.objects.filter(pk=article.pk).update(body=article.body.replace("Histology", "Hearsay"))
    triggers.install(connection)
    with refused(StaleVersion, article):
        makers.approve(article, ravi, version=1)


@pytest.mark.django_db(transaction=True)
def test_another_text_under_the_open_round_is_not_approved_though_its_digest_is_right(
    ada: User, ravi: User
) -> None:
    """The round says which text is under review: the article's own word is not enough."""
    article = makers.article(ada, "under_review", reviewer=ravi)
    article.body = article.body.replace("Histology", "Hearsay")
    triggers.remove(connection)
    digest = article.document().digest
    Article.objects.filter(pk=article.pk).update(body=article.body, digest=digest)
    triggers.install(connection)
    with refused(StaleVersion, article):
        makers.approve(article, ravi, digest=digest)


@pytest.mark.parametrize("decide", [approve, workflow.request_changes])
def test_the_same_words_under_an_older_number_are_refused(decide: object, ada: User, ravi: User) -> None:
    article = makers.edit(
        makers.edit(makers.article(ada), "Other words."), "Histology with grade sets prognosis."
    )
    article = makers.bring(article, "under_review", reviewer=ravi)
    assert (article.version, article.digest) == (3, Version.objects.get(id=article.pk, version=1).digest)
    with refused(StaleVersion, article, match="version 3 is there now"):
        decide(article.pk, version=1, digest=article.digest, actor=ravi, note="Read.")


@pytest.mark.parametrize(
    ("step", "state"),
    [("submit", "draft"), ("withdraw", "submitted"), ("decline", "submitted"), ("revise", "approved")],
)
@pytest.mark.parametrize("off", [-1, 1])
def test_a_step_over_another_version_is_refused(
    step: str, state: str, off: int, ada: User, ravi: User, edith: User
) -> None:
    article = makers.bring(makers.edit(makers.article(ada), "Words."), state, reviewer=ravi)
    actor = edith if step == "decline" else ada
    take = getattr(workflow, step)
    with refused(StaleVersion, article, match="version 2 is there now"):
        take(article.pk, version=2 + off, actor=actor, note="Why not.")
    take(article.pk, version=2, actor=actor, note="Why not.")


def test_a_second_click_is_refused_and_there_is_one_publication(ada: User, ravi: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    makers.approve(article, ravi, version=1)
    with refused(WrongState, article, match="now approved"):
        makers.approve(article, ravi, version=1)


def test_with_a_quorum_of_two_one_member_cannot_be_both(
    ada: User, ravi: User, mei: User, settings: object
) -> None:
    makers.policy(quorum=2)
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    assert makers.approve(article, ravi, version=1).state == "under_review"
    assert not Publication.objects.exists()
    with refused(workflow.Blocked, article, match="already approved"):
        makers.approve(article, ravi, version=1)
    makers.approve(article, mei, version=1)
    names = [each["name"] for each in Publication.objects.live().get().approvers]
    assert names == ["Ravi Menon", "Mei Lin"]


def test_a_round_keeps_the_quorum_it_began_with(ada: User, ravi: User) -> None:
    makers.policy(quorum=2)
    article = makers.article(ada, "under_review", reviewer=ravi)
    makers.policy(quorum=1)
    assert makers.approve(article, ravi, version=1).state == "under_review"
