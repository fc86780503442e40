"""Readers see an explanation when a member who did not write it approved exactly that text."""

import pytest

from articles.models import Explanation, GlossaryEntry, User
from articles.workflow import Blocked, NotAllowed, StaleVersion, glossary

pytestmark = pytest.mark.django_db


def written(actor: User, meaning: str = "How fast it grows.", **fields: object) -> GlossaryEntry:
    given = {"term": "Grade", "forms": ["grades"], "meaning": meaning} | fields
    return glossary.write_entry(actor=actor, **given)


def test_nothing_is_shown_before_the_board_approved_it(edith: User, ravi: User) -> None:
    entry = written(edith)
    assert not Explanation.objects.exists()
    shown = glossary.approve_entry(entry.pk, actor=ravi, digest=entry.digest)
    assert (shown.key, shown.term, shown.forms, shown.meaning) == (
        "grade", "Grade", ["grades"], "How fast it grows.",
    )  # fmt: skip
    assert (shown.approver_name, shown.approver_credentials) == ("Ravi Menon", "MD, PhD")


def test_a_change_waits_and_readers_keep_what_was_approved(edith: User, ravi: User) -> None:
    entry = written(edith)
    glossary.approve_entry(entry.pk, actor=ravi, digest=entry.digest)
    changed = written(edith, "Something else.", entry=entry.pk, seen=entry.digest)
    assert Explanation.objects.get().meaning == "How fast it grows."
    glossary.approve_entry(entry.pk, actor=ravi, digest=changed.digest)
    assert Explanation.objects.get().meaning == "Something else."
    assert [old.meaning for old in entry.history.all()] == ["Something else.", "How fast it grows."]


def test_only_exactly_what_was_read_is_approved(edith: User, ravi: User) -> None:
    entry = written(edith)
    written(edith, "Unseen words.", entry=entry.pk, seen=entry.digest)
    with pytest.raises(StaleVersion):
        glossary.approve_entry(entry.pk, actor=ravi, digest=entry.digest)
    assert not Explanation.objects.exists()


def test_nobody_approves_what_they_wrote_whatever_else_they_are(ravi: User, mei: User) -> None:
    ravi.is_superuser = True
    ravi.save()
    entry = written(ravi)
    with pytest.raises(NotAllowed, match="You wrote this"):
        glossary.approve_entry(entry.pk, actor=ravi, digest=entry.digest)
    glossary.approve_entry(entry.pk, actor=mei, digest=entry.digest)


def test_editors_and_authors_approve_nothing_and_authors_write_nothing(edith: User, ada: User) -> None:
    entry = written(edith)
    for person in (edith, ada):
        with pytest.raises(NotAllowed):
            glossary.approve_entry(entry.pk, actor=person, digest=entry.digest)
    with pytest.raises(NotAllowed):
        written(ada, term="Other")


def test_a_colleagues_change_is_not_overwritten_unseen(edith: User, ravi: User) -> None:
    entry = written(edith)
    seen = entry.digest
    written(ravi, "His words.", entry=entry.pk, seen=seen)
    with pytest.raises(StaleVersion):
        written(edith, "Her words.", entry=entry.pk, seen=seen)
    assert GlossaryEntry.objects.get().meaning == "His words."


def test_what_cannot_be_kept_is_refused_in_words(edith: User) -> None:
    with pytest.raises(Blocked) as refusal:
        written(edith, "", term="!", forms=["x"])
    assert [issue.code for issue in refusal.value.issues] == ["term", "meaning", "forms"]
    written(edith)
    with pytest.raises(Blocked, match="already"):
        written(edith, term="GRADE")


def test_a_withdrawn_explanation_is_gone_and_may_come_back(edith: User, ravi: User) -> None:
    entry = written(edith)
    glossary.approve_entry(entry.pk, actor=ravi, digest=entry.digest)
    glossary.withdraw_entry(entry.pk, actor=edith)
    assert not Explanation.objects.exists()
    glossary.approve_entry(entry.pk, actor=ravi, digest=entry.digest)
    assert Explanation.objects.get().key == "grade"
