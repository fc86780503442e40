"""Publications: frozen at approval, one live at a time, at an address that lasts."""

from datetime import UTC, date, datetime

import pytest

from articles import workflow
from articles.models import Address, BoardMember, Publication, User, Version
from articles.workflow import clock
from articles.workflow.publish import _months_after
from tests import makers
from tests.workflow.refusals import refused

pytestmark = pytest.mark.django_db


def revised(article: object, words: str, ada: User) -> object:
    workflow.revise(article.pk, version=article.version, actor=ada)
    return makers.edit(makers.fresh(article), words)


def test_a_publication_is_self_contained_and_sealed(ada: User, ravi: User) -> None:
    article = makers.article(ada, "approved", reviewer=ravi)
    publication = Publication.objects.get(article=article)
    assert publication.digest == article.document().digest == Version.objects.get(id=article.pk).digest
    assert publication.seal == publication.compute_seal()
    assert publication.authors == ["Ada Okafor"]
    assert publication.approvers[0]["credentials"] == "MD, PhD"
    assert "Histology with grade" in publication.clinical["html"]
    assert "In plain words" in publication.plain["html"]
    assert publication.references[0]["id"] == "pavel2020"


def test_approvers_stay_as_they_were_when_profiles_change(ada: User, ravi: User) -> None:
    makers.article(ada, "approved", reviewer=ravi)
    BoardMember.objects.filter(user=ravi).update(name="Ravi M.", credentials="Retired")
    assert Publication.objects.get().approvers[0]["name"] == "Ravi Menon"


def test_editing_an_approved_article_changes_nothing_that_readers_see_until_the_next_approval(
    ada: User, ravi: User
) -> None:
    article = makers.article(ada, "approved", reviewer=ravi)
    before = Publication.objects.filter(article=article).values().get()
    workflow.revise(article.pk, version=1, actor=ada)
    # Everything that can be written, so that nothing of it can reach readers by another way.
    article = makers.edit(
        makers.fresh(article),
        "Newer words.",
        question="Another question?",
        summary="Another summary.",
        references=[makers.RECORD | {"title": "Another title"}],
        competing_interests="Some.",
        ai_use="Some.",
        evidence_searched_to=date(2025, 5, 1),
    )
    assert Publication.objects.filter(article=article).values().get() == before
    makers.bring(article, "approved", reviewer=ravi)
    old, new = Publication.objects.filter(article=article).order_by("number")
    assert (old.status, new.status) == ("superseded", "live")
    assert new.previous_digest == old.digest
    assert old.clinical == before["clinical"]


def test_dates_move_on_approval_and_on_nothing_else(ada: User, ravi: User, edith: User) -> None:
    with clock.at(datetime(2025, 2, 15, 9, tzinfo=UTC)):
        article = makers.article(ada, "approved", reviewer=ravi)
    article = revised(article, "Newer words.", ada)
    live = Publication.objects.live().get()
    assert live.published_at == live.reviewed_at == datetime(2025, 2, 15, 9, tzinfo=UTC)
    assert live.next_review_due == date(2026, 2, 15)
    with clock.at(datetime(2025, 6, 2, 9, tzinfo=UTC)):
        makers.bring(article, "approved", reviewer=ravi)
    live = Publication.objects.live().get()
    assert live.published_at == live.reviewed_at == datetime(2025, 6, 2, 9, tzinfo=UTC)
    assert live.next_review_due == date(2026, 6, 2)


def test_the_next_review_is_due_when_the_rules_of_the_house_say(ada: User, ravi: User) -> None:
    makers.policy(months_to_next_review=7)
    with clock.at(datetime(2025, 2, 15, 9, tzinfo=UTC)):
        makers.article(ada, "approved", reviewer=ravi)
    assert Publication.objects.live().get().next_review_due == date(2025, 9, 15)


def test_a_re_approved_article_keeps_its_address_whatever_its_question_says(ada: User, ravi: User) -> None:
    article = makers.article(ada, "approved", reviewer=ravi, question="How is a NET found?")
    workflow.revise(article.pk, version=1, actor=ada)
    article = makers.edit(makers.fresh(article), "Newer words.", question="How is a NET detected?")
    makers.bring(article, "approved", reviewer=ravi)
    address = Address.objects.get(article=article)
    assert (address.slug, address.publication.number) == ("how-is-a-net-found", 2)


def test_two_articles_that_ask_the_same_have_two_addresses(ada: User, ravi: User) -> None:
    for _ in range(2):
        makers.article(ada, "approved", reviewer=ravi, question="What now?")
    assert sorted(Address.objects.values_list("slug", flat=True)) == ["what-now", "what-now-2"]


def test_a_moved_address_leads_on_from_every_old_one_and_may_move_back(
    ada: User, ravi: User, edith: User
) -> None:
    article = makers.article(ada, "approved", reviewer=ravi, question="First?")
    workflow.move_address(article.pk, slug="Second", actor=edith)
    workflow.move_address(article.pk, slug="third", actor=edith)
    leads = {each.slug: each.moved_to and each.moved_to.slug for each in Address.objects.all()}
    assert leads == {"first": "third", "second": "third", "third": None}
    workflow.move_address(article.pk, slug="first", actor=edith)
    leads = {each.slug: each.moved_to and each.moved_to.slug for each in Address.objects.all()}
    assert leads == {"first": None, "second": "first", "third": "first"}


def test_an_address_of_another_article_cannot_be_taken(ada: User, ravi: User, edith: User) -> None:
    makers.article(ada, "approved", reviewer=ravi, question="First?")
    article = makers.article(ada, "approved", reviewer=ravi, question="Second?")
    for slug in ("first", "second", "???"):
        with refused(workflow.Blocked, article, match="taken or empty"):
            workflow.move_address(article.pk, slug=slug, actor=edith)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 12, 15), 12, date(2026, 12, 15)),
        (date(2025, 8, 31), 18, date(2027, 2, 28)),
    ],
)
def test_the_next_review_is_due_on_the_same_day_or_the_last_one_of_the_month(
    day: date, months: int, then: date
) -> None:
    assert _months_after(day, months) == then
