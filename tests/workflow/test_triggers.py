"""What happened is never altered or deleted: the database itself refuses, on both engines, even raw SQL."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from articles import triggers, workflow
from articles.models import (
    Article,
    Comment,
    Conflict,
    Decision,
    Event,
    Publication,
    Round,
    SignOff,
    Suggestion,
    Thread,
    User,
    Version,
)
from tests import makers
from tests.evidence import sign_off, thread

pytestmark = pytest.mark.django_db

# Triggers come and go only between transactions that are really committed.
COMMITTED = pytest.mark.django_db(transaction=True)


@pytest.fixture
def article(ada: User, ravi: User, mei: User) -> Article:
    made = makers.article(ada, "under_review", reviewer=ravi)
    thread(made, ravi, suggestion="Histology and grade.")
    sign_off(made, ravi, note="As Pavel says.")
    makers.approve(made, ravi)
    workflow.declare_conflict(made.pk, actor=mei, reason="Shares.")
    return makers.fresh(made)


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


FROZEN = [
    (Decision, "note"),
    (Decision, "verdict"),
    (Decision, "digest"),
    (Decision, "name"),
    (Event, "note"),
    (Event, "actor_name"),
    (Event, "hash"),
    (Conflict, "reason"),
    (Version, "body"),
    (Version, "question"),
    (Version, "history_change_reason"),
    (Publication, "question"),
    (Publication, "summary"),
    (Publication, "clinical"),
    (Publication, "approvers"),
    (Publication, "digest"),
    (Publication, "seal"),
    (Round, "digest"),
    (Round, "outcome"),
    (Round, "policy"),
    (Round, "kind"),
    (Decision, "meaning"),
    (Decision, "method"),
    (Decision, "checklist"),
    (Decision, "specialties"),
    (SignOff, "support"),
    (SignOff, "note"),
    (SignOff, "digest"),
    (SignOff, "version"),
    (SignOff, "member_id"),
    (Comment, "text"),
    (Comment, "quote"),
    (Comment, "by_id"),
    (Thread, "quote"),
    (Thread, "digest"),
    (Thread, "opened_by_id"),
    (Thread, "round"),
    (Suggestion, "html"),
    (Suggestion, "by_id"),
]
JSON = {"clinical", "approvers", "policy", "checklist", "specialties"}
NUMBERS = {"version", "member_id", "by_id", "opened_by_id", "round"}


@pytest.mark.parametrize(("model", "column"), FROZEN, ids=lambda each: getattr(each, "__name__", each))
def test_content_cannot_be_changed_by_raw_sql(model: type, column: str, article: Article) -> None:
    before = model.objects.order_by("pk").values().first()
    other = "'{\"altered\": 1}'" if column in JSON else "99" if column in NUMBERS else "'altered'"
    with pytest.raises(DatabaseError, match=r"never change|closed round"):
        run(f'UPDATE "{model._meta.db_table}" SET "{column}" = {other}')
    assert model.objects.order_by("pk").values().first() == before


@pytest.mark.parametrize(
    "model",
    [Decision, Event, Conflict, Version, Publication, Round, SignOff, Comment, Thread, Suggestion],
)
def test_rows_cannot_be_deleted_by_raw_sql(model: type, article: Article) -> None:
    count = model.objects.count()
    with pytest.raises(DatabaseError):
        run(f'DELETE FROM "{model._meta.db_table}"')
    assert model.objects.count() == count > 0


@pytest.mark.parametrize(
    "model", [Decision, Event, Conflict, Version, Publication, SignOff, Comment, Thread, Suggestion]
)
def test_the_orm_meets_the_same_refusal(model: type, article: Article) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all()._raw_delete(using="default")


@pytest.mark.parametrize("state", ["submitted", "under_review", "approved", "declined", "retired"])
def test_frozen_text_cannot_be_changed_by_raw_sql(state: str, ada: User) -> None:
    made = makers.article(ada, state)
    for column in ("body", "plain_body", "question", "digest"):
        with pytest.raises(DatabaseError, match="text is frozen"):
            run(f"UPDATE articles_article SET {column} = 'altered' WHERE id = {made.pk}")


def test_what_becomes_of_a_thread_may_change_and_what_it_is_about_may_not(article: Article) -> None:
    run("UPDATE articles_thread SET is_must_fix = NOT is_must_fix, resolved_at = opened_at")
    run("UPDATE articles_suggestion SET status = 'declined', reason = 'No.'")


def test_the_policy_of_an_open_round_cannot_be_changed(ada: User) -> None:
    made = makers.article(ada, "under_review")
    with pytest.raises(DatabaseError, match="never changes"):
        run("UPDATE articles_round SET policy = '{\"quorum\": 0}' WHERE closed_at IS NULL")
    assert made.rounds.get().quorum == 1


def test_editable_text_can_be_saved(ada: User) -> None:
    assert makers.edit(makers.article(ada, "changes_requested"), "New words.").version == 2


def test_an_ended_publication_never_comes_back(article: Article, edith: User) -> None:
    workflow.retire(article.pk, actor=edith, notice="Superseded.")
    with pytest.raises(DatabaseError, match="never comes back"):
        run("UPDATE articles_publication SET status = 'live'")


def test_versions_of_a_never_submitted_article_may_be_deleted(ada: User) -> None:
    made = makers.article(ada)
    run(f"DELETE FROM articles_historicalarticle WHERE id = {made.pk}")
    assert not Version.objects.filter(id=made.pk).exists()


@COMMITTED
def test_every_rule_is_installed_and_comes_back_after_a_table_is_rebuilt(ada: User) -> None:
    wanted = {triggers.PREFIX + rule.name for rule in triggers.rules(connection.vendor)}
    assert wanted <= triggers.installed(connection).keys()
    triggers.remove(connection)
    assert not triggers.installed(connection)
    call_command("migrate", verbosity=0)
    assert wanted <= triggers.installed(connection).keys()


@COMMITTED
@pytest.mark.postgres
def test_a_table_cannot_be_emptied_at_a_stroke(article: Article) -> None:
    with pytest.raises(DatabaseError, match="never deleted"):
        run("TRUNCATE articles_event CASCADE")


def alter_an_event() -> None:
    Event.objects.filter(sequence=2).update(note="altered")


def alter_a_publication() -> None:
    Publication.objects.update(question="altered")


def alter_a_version() -> None:
    Version.objects.update(body="<p>altered</p>")


@COMMITTED
@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (alter_an_event, "was altered after it was written"),
        (alter_a_publication, "was altered after it was sealed"),
        (alter_a_version, "does not match its digest"),
    ],
)
def test_tampering_past_the_triggers_is_found(
    tamper: Callable[[], None], says: str, article: Article, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_events")
    assert "are as they were written" in capsys.readouterr().out
    triggers.remove(connection)
    tamper()
    triggers.install(connection)
    with pytest.raises(CommandError):
        call_command("verify_events")
    assert says in capsys.readouterr().err


# All else in a publication is what the board approved, or says that it did.
LIVES_ON = {"id", "seal", "reviewed_at", "next_review_due", "status", "ended_at", "notice"}


def test_the_seal_of_a_publication_and_the_hash_of_an_event_cover_every_field(article: Article) -> None:
    publication, event = Publication.objects.get(article=article), Event.objects.filter(article=article)[0]
    for row, compute, free in (
        (publication, publication.compute_seal, LIVES_ON),
        (event, event.compute_hash, {"id", "hash"}),
    ):
        untouched = compute()
        for field in row._meta.concrete_fields:
            kept = getattr(row, field.attname)
            setattr(row, field.attname, "altered")
            assert (compute() == untouched) == (field.attname in free), field.attname
            setattr(row, field.attname, kept)
        assert compute() == untouched


@COMMITTED
def test_a_missing_event_is_found(article: Article, capsys: pytest.CaptureFixture[str]) -> None:
    triggers.remove(connection)
    gone = Event.objects.filter(messages__isnull=True, sequence__gt=1).order_by("sequence").first()
    Event.objects.filter(pk=gone.pk)._raw_delete(using="default")
    triggers.install(connection)
    with pytest.raises(CommandError):
        call_command("verify_events")
    assert f"event {gone.sequence} is missing" in capsys.readouterr().err


@COMMITTED
def test_missing_triggers_are_found(article: Article, capsys: pytest.CaptureFixture[str]) -> None:
    triggers.remove(connection)
    with pytest.raises(CommandError):
        call_command("verify_events")
    triggers.install(connection)
    assert "is missing: run migrate" in capsys.readouterr().err
