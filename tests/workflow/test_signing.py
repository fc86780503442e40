"""An approval is signed: by the person themself, just now, with its meaning; and stays as it was signed."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from articles import workflow
from articles.models import Article, BoardMember, ChecklistItem, Decision, Publication, User
from articles.workflow import Blocked, signing
from articles.workflow.signing import FRESH, Signature
from tests import makers
from tests.people import PASSWORD
from tests.workflow.refusals import refused

pytestmark = pytest.mark.django_db

Sign = Callable[[], Signature | None]


def passkey(seconds_ago: float, **fields: object) -> list[dict[str, object]]:
    at = timezone.now().timestamp() - seconds_ago
    return [{"method": "mfa", "type": "webauthn", "at": at} | fields]


@pytest.fixture
def article(ada: User, ravi: User) -> Article:
    return makers.article(ada, "under_review", reviewer=ravi)


def test_the_right_password_signs(article: Article, ravi: User) -> None:
    makers.approve(article, ravi, signature=signing.with_password(ravi, PASSWORD))
    assert Decision.objects.get().method == "password"


@pytest.mark.parametrize("typed", ["", " ", PASSWORD + " ", PASSWORD.upper(), "another"])
def test_a_wrong_or_missing_password_signs_nothing(typed: str, article: Article, ravi: User) -> None:
    with refused(Blocked, article, match="password"):
        makers.approve(article, ravi, signature=signing.with_password(ravi, typed))


def test_who_typed_no_password_is_asked_for_one_and_not_told_that_it_is_wrong(ravi: User) -> None:
    with pytest.raises(Blocked, match="Enter your password to sign"):
        signing.with_password(ravi, "")


def test_a_colleagues_password_signs_nothing(article: Article, ravi: User, mei: User) -> None:
    mei.set_password("a password of her own")
    mei.save()
    with refused(Blocked, article, match="not your password"):
        makers.approve(article, ravi, signature=signing.with_password(ravi, "a password of her own"))


def test_a_closed_password_signs_nothing(article: Article, ravi: User) -> None:
    ravi.set_unusable_password()
    ravi.save()
    with refused(Blocked, article, match="not your password"):
        makers.approve(article, ravi, signature=signing.with_password(ravi, PASSWORD))


@pytest.mark.parametrize("seconds_ago", [0, 60, FRESH.total_seconds() - 2])
def test_a_passkey_used_just_now_signs(seconds_ago: float, article: Article, ravi: User) -> None:
    makers.approve(article, ravi, signature=signing.with_passkey(ravi, passkey(seconds_ago)))
    assert Decision.objects.get().method == "passkey"


@pytest.mark.parametrize(
    "used",
    [
        pytest.param(list, id="none"),
        pytest.param(lambda: passkey(FRESH.total_seconds() + 2), id="stale"),
        pytest.param(lambda: passkey(-60), id="in the future"),
        pytest.param(lambda: passkey(0, type="totp"), id="a code, not a passkey"),
        pytest.param(lambda: passkey(0, method="password"), id="a password at the log-in"),
        pytest.param(lambda: [{"method": "mfa", "type": "webauthn"}], id="without a time"),
    ],
)
def test_any_other_passkey_signs_nothing(
    used: Callable[[], list[dict[str, object]]], article: Article, ravi: User
) -> None:
    with refused(Blocked, article, match="passkey"):
        makers.approve(article, ravi, signature=signing.with_passkey(ravi, used()))


@pytest.mark.parametrize(
    ("whose", "age"),
    [
        pytest.param("mei", timedelta(), id="somebody else's"),
        pytest.param("ravi", FRESH + timedelta(seconds=1), id="too old"),
        pytest.param("ravi", -timedelta(minutes=1), id="of the future"),
        pytest.param("", timedelta(), id="none"),
    ],
)
def test_a_signature_is_ones_own_and_fresh(
    whose: str, age: timedelta, article: Article, ravi: User, mei: User
) -> None:
    people = {"ravi": ravi, "mei": mei}
    signature = Signature(people[whose].pk, "password", timezone.now() - age) if whose else None
    with refused(Blocked, article, match="Enter your password"):
        makers.approve(article, ravi, signature=signature)
    with time_machine.travel(timezone.now(), tick=False):
        makers.approve(article, ravi, signature=Signature(ravi.pk, "password", timezone.now() - FRESH))


def test_what_is_signed_is_kept_as_it_was(article: Article, ravi: User) -> None:
    profile = BoardMember.objects.get(user=ravi)
    profile.specialties = "Oncology, Pharmacy"
    profile.save()
    items = list(ChecklistItem.objects.filter(verdict="approve").values_list("text", flat=True))
    makers.approve(article, ravi, note="A careful text.")
    BoardMember.objects.filter(user=ravi).update(name="R. Other", credentials="BSc", specialties="Surgery")
    ChecklistItem.objects.update(text="Something else")
    signed = Decision.objects.get()
    assert (signed.name, signed.credentials) == ("Ravi Menon", "MD, PhD")
    assert signed.specialties == ["Oncology", "Pharmacy"]
    assert signed.meaning == "I approve version 1 as reviewed"
    assert (signed.version, signed.digest) == (1, article.digest)
    assert signed.checklist == items
    assert (signed.method, signed.note) == ("told", "A careful text.")
    event = article.events.get(kind="approved")
    assert event.data["meaning"] == signed.meaning
    assert event.data["method"] == "told"
    assert event.data["digest"] == article.digest
    (approver,) = Publication.objects.get().approvers
    assert (approver["name"], approver["credentials"]) == ("Ravi Menon", "MD, PhD")


def test_each_item_of_the_checklist_is_confirmed_or_named(article: Article, ravi: User) -> None:
    *all_but_one, left = makers.everything_considered()
    missing = ChecklistItem.objects.get(pk=left)
    with refused(Blocked, article, match=f"Confirm before you approve: {re.escape(missing.text)}"):
        makers.approve(article, ravi, ticked=all_but_one)
    missing.is_active = False
    missing.save()
    makers.approve(article, ravi, ticked=all_but_one)
    assert missing.text not in Decision.objects.get().checklist


def test_ticking_what_belongs_to_another_verdict_confirms_nothing(article: Article, ravi: User) -> None:
    others = list(ChecklistItem.objects.filter(verdict="request_changes").values_list("pk", flat=True))
    with refused(Blocked, article, match="Confirm before you approve"):
        makers.approve(article, ravi, ticked=others)


def test_a_request_for_changes_names_what_needs_work_and_needs_no_signature(
    article: Article, ravi: User
) -> None:
    sources, balance = ChecklistItem.objects.filter(
        verdict="request_changes", text__in=["Sources", "Balance"]
    )
    workflow.request_changes(
        article.pk, version=1, digest=article.digest, actor=ravi, note="Why?", ticked=[sources.pk]
    )
    decision = Decision.objects.get()
    assert decision.checklist == [sources.text]
    assert balance.text not in decision.checklist
    assert (decision.meaning, decision.method) == ("", "")
