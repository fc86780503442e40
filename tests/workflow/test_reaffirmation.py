"""A reaffirmation: the board looks at the live text again, and the review date moves, and nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from articles import workflow
from articles.models import Article, Decision, Publication, Round, User
from articles.workflow import Blocked, NotAllowed, WrongState, offers
from tests import makers
from tests.evidence import thread
from tests.people import member
from tests.workflow.refusals import refused

pytestmark = pytest.mark.django_db

LATER = timedelta(days=400)


@pytest.fixture
def live(ada: User, ravi: User) -> Article:
    return makers.article(ada, "approved", reviewer=ravi)


@pytest.fixture
def asked(live: Article, edith: User) -> Article:
    return workflow.reaffirm(live.pk, actor=edith, note="A year has passed.")


def frozen() -> list[dict[str, object]]:
    """Publications as they are, but for the dates of review."""
    return [
        {name: value for name, value in row.items() if name not in {"reviewed_at", "next_review_due"}}
        for row in Publication.objects.order_by("pk").values()
    ]


def test_who_reviewed_it_last_is_asked_again(asked: Article, ravi: User) -> None:
    assert asked.state == "under_review"
    round_ = Round.objects.get(article=asked, closed_at__isnull=True)
    assert (round_.kind, round_.version, round_.number) == ("reaffirmation", 1, 2)
    assert [each.member for each in round_.assignments.all()] == [ravi]
    assert ravi.inbox.filter(event__kind="reaffirmation_asked").exists()


def test_it_waits_for_a_reviewer_when_none_of_them_may(live: Article, ravi: User, edith: User) -> None:
    ravi.groups.clear()
    assert workflow.reaffirm(live.pk, actor=edith).state == "submitted"


def test_an_approval_moves_the_dates_of_review_and_nothing_else(asked: Article, ravi: User) -> None:
    before, dates = frozen(), Publication.objects.get()
    with time_machine.travel(timezone.now() + LATER, tick=False):
        article = makers.approve(asked, ravi)
        now = timezone.now()
    assert article.state == "approved"
    assert frozen() == before
    live = Publication.objects.get()
    assert live.reviewed_at == now > dates.reviewed_at
    assert live.next_review_due > dates.next_review_due
    assert live.seal == live.compute_seal()
    signed = Decision.objects.get(round__number=2)
    assert signed.meaning == "I reviewed version 1 again, and nothing needs to change"
    assert Round.objects.get(article=article, number=2).outcome == "reaffirmed"
    kinds = list(article.events.order_by("-sequence").values_list("kind", flat=True)[:2])
    assert kinds == ["reaffirmed", "approved"]
    assert article.version == 1


def test_it_takes_the_quorum_too(live: Article, ravi: User, mei: User, edith: User) -> None:
    makers.policy(quorum=2, sign_off=True)
    article = workflow.reaffirm(live.pk, actor=edith)
    workflow.assign(article.pk, member=mei, actor=edith)
    before = Publication.objects.get().reviewed_at
    assert makers.approve(article, ravi).state == "under_review", "no statement is asked for one by one"
    assert Publication.objects.get().reviewed_at == before
    assert makers.approve(article, mei).state == "approved"
    assert Publication.objects.get().reviewed_at > before


def test_the_date_does_not_move_over_what_a_colleague_says_must_be_fixed(
    live: Article, ravi: User, mei: User, edith: User
) -> None:
    makers.policy(quorum=2, independent=True)
    article = workflow.reaffirm(live.pk, actor=edith)
    workflow.claim(live.pk, actor=mei)
    before = Publication.objects.get().reviewed_at
    makers.approve(article, ravi)
    found = thread(article, ravi, must_fix=True)
    # Mei does not know of it yet, and approves in good faith.
    assert makers.approve(article, mei).state == "under_review"
    assert Publication.objects.get().reviewed_at == before
    assert workflow.resolve(article.pk, thread=found.pk, actor=ravi)
    assert makers.fresh(article).state == "approved"
    assert Publication.objects.get().reviewed_at > before


def test_changes_may_be_asked_for_instead(asked: Article, ada: User, ravi: User) -> None:
    before = list(Publication.objects.values())
    workflow.request_changes(
        asked.pk, version=1, digest=asked.digest, actor=ravi, note="New guidance of this year."
    )
    assert makers.fresh(asked).state == "changes_requested"
    assert list(Publication.objects.values()) == before, "readers keep what they have, with its date"
    article = makers.edit(makers.fresh(asked), "As the new guidance says.")
    assert workflow.submit(article.pk, version=2, actor=ada).state == "under_review"
    assert Round.objects.get(article=article, number=3).kind == "review"
    makers.approve(makers.fresh(article), ravi)
    assert Publication.objects.live().get().number == 2


def test_a_withdrawn_or_called_off_one_leaves_the_text_approved_as_it_was(
    asked: Article, ada: User, edith: User, ravi: User
) -> None:
    before = list(Publication.objects.values())
    assert workflow.withdraw(asked.pk, version=1, actor=ada).state == "approved"
    again = workflow.reaffirm(asked.pk, actor=edith)
    assert again.state == "under_review", "the same reviewer stands"
    assert workflow.decline(again.pk, version=1, actor=edith, note="Asked too early.").state == "approved"
    assert list(Publication.objects.values()) == before
    assert not Round.objects.filter(closed_at__isnull=True).exists()
    assert {"revise"} <= {offer.action for offer in offers(makers.fresh(asked), ada)}


def test_only_an_editor_asks_and_only_for_what_readers_have(
    live: Article, ada: User, ravi: User, edith: User
) -> None:
    for who in (ada, ravi):
        with refused(NotAllowed, live):
            workflow.reaffirm(live.pk, actor=who)
    workflow.revise(live.pk, version=1, actor=ada)
    article = makers.edit(makers.fresh(live), "Newer words.")
    with refused(WrongState, article):
        workflow.reaffirm(article.pk, actor=edith)


def test_the_text_is_frozen_meanwhile(asked: Article) -> None:
    with refused(WrongState, asked):
        makers.edit(asked, "Newer words.")


def test_retiring_meanwhile_ends_it(asked: Article, ravi: User, edith: User) -> None:
    workflow.retire(asked.pk, actor=edith, notice="Superseded.")
    with refused(WrongState, makers.fresh(asked)):
        makers.approve(asked, ravi)


def test_a_checklist_and_a_signature_are_asked_for_as_for_any_approval(asked: Article, ravi: User) -> None:
    with refused(Blocked, asked, match="password"):
        makers.approve(asked, ravi, signature=None)
    with refused(Blocked, asked, match="Confirm before you approve"):
        makers.approve(asked, ravi, ticked=())


def test_who_declared_a_conflict_since_is_not_asked_again(live: Article, ravi: User, edith: User) -> None:
    nia = member("nia", "Nia Obi", "MD")
    workflow.declare_conflict(live.pk, actor=ravi, reason="Shares.")
    article = workflow.reaffirm(live.pk, actor=edith)
    assert article.state == "submitted"
    workflow.claim(article.pk, actor=nia)
    assert makers.approve(makers.fresh(article), nia).state == "approved"
