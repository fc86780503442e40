"""What a decision rests on is sealed in its event; whatever was altered behind the app's back is named."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from articles import triggers, workflow
from articles.models import Article, Comment, Event, SignOff, Suggestion, Thread, User
from articles.models.seals import KINDS, SEALING, seal
from articles.states import Support
from tests import makers
from tests.evidence import resubmit, sign_off, thread

pytestmark = pytest.mark.django_db

# Triggers come and go only between transactions that are really committed.
COMMITTED = pytest.mark.django_db(transaction=True)
FUNCTIONAL = "Functional"


@pytest.fixture
def article(ada: User, ravi: User, mei: User) -> Article:
    """Two review it; Ravi has signed off, asked and suggested, and Ada answered."""
    makers.policy(quorum=2)
    made = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(made.pk, actor=mei)
    sign_off(made, ravi, note="As Pavel says.")
    sign_off(made, ravi, Support.UNCLEAR, FUNCTIONAL)
    found = thread(made, ravi, suggestion="Histology and grade.")
    workflow.answer(made.pk, thread=found.pk, actor=ada, text="Grade 2.")
    return makers.fresh(made)


def evidence(article: Article, kind: str) -> dict[str, Any]:
    """The seal in the newest event of a kind."""
    return Event.objects.filter(article=article, kind=kind).latest("sequence").data["evidence"]


def problems() -> list[str]:
    """What verify_events finds."""
    said = StringIO()
    try:
        call_command("verify_events", stdout=StringIO(), stderr=said)
    except CommandError:
        return said.getvalue().splitlines()
    return []


@contextmanager
def behind_its_back() -> Iterator[None]:
    """What somebody can do who owns the database."""
    triggers.remove(connection)
    yield
    triggers.install(connection)


def keys(seal_: dict[str, Any]) -> dict[str, set[int]]:
    return {kind: {int(key) for key in rows} for kind, rows in seal_["rows"].items()}


def test_a_decision_seals_all_that_was_said_and_signed_off_before_it(
    article: Article, ravi: User, mei: User
) -> None:
    makers.approve(article, ravi)
    everything = {
        "sign-off": set(SignOff.objects.values_list("pk", flat=True)),
        "thread": set(Thread.objects.values_list("pk", flat=True)),
        "comment": set(Comment.objects.values_list("pk", flat=True)),
        "suggestion": set(Suggestion.objects.values_list("pk", flat=True)),
    }
    first = evidence(article, "approved")
    assert keys(first) == everything
    assert first["last"] == {kind: max(rows) for kind, rows in everything.items()}
    last = sign_off(article, mei)
    makers.approve(article, mei)
    second = evidence(article, "approved")
    assert keys(second) == {"sign-off": {last.pk}}, "what is sealed is not sealed again"
    assert second["last"] == first["last"] | {"sign-off": last.pk}
    assert second["digest"] != first["digest"]
    published = article.events.get(kind="published")
    assert "evidence" not in published.data, "one step seals once, in its first event"


def test_the_seal_is_made_as_it_is_described(article: Article, ravi: User) -> None:
    """Anybody can recompute it from the rows and docs/decisions/0015."""

    def sha(value: Any) -> str:
        canonical = json.dumps(
            value, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    makers.approve(article, ravi)
    (suggestion,) = Suggestion.objects.all()
    whole = sha(["suggestion", suggestion.pk, suggestion.thread_id, suggestion.by_id, suggestion.html])
    sealed = evidence(article, "approved")
    assert sealed["rows"]["suggestion"] == {str(suggestion.pk): whole[:16]}
    rows = {kind.name: [whole for _, whole in kind.rows(article.pk)] for kind in KINDS}
    assert sealed["digest"] == sha(["", rows])


@pytest.mark.parametrize("step", ["request_changes", "recuse", "withdraw", "decline"])
def test_whatever_ends_a_review_seals_it(
    step: str, article: Article, ada: User, ravi: User, edith: User
) -> None:
    match step:
        case "request_changes":
            workflow.request_changes(article.pk, version=1, digest=article.digest, actor=ravi, note="More.")
        case "recuse":
            workflow.recuse(article.pk, actor=ravi, note="No time.")
        case "withdraw":
            workflow.withdraw(article.pk, version=1, actor=ada)
        case "decline":
            workflow.decline(article.pk, version=1, actor=edith, note="Outside.")
    last = article.events.latest("sequence")
    assert last.kind in SEALING
    assert len(last.data["evidence"]["rows"]["sign-off"]) == 2


def test_a_sign_off_that_publishes_is_sealed_with_the_publication(ada: User, ravi: User, mei: User) -> None:
    makers.policy(quorum=2, independent=True)
    made = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(made.pk, actor=mei)
    makers.approve(made, mei)
    sign_off(made, mei, Support.NOT_SUPPORTED)
    makers.approve(made, ravi)
    last = sign_off(made, mei, Support.SUPPORTED)
    assert makers.fresh(made).state == "approved"
    assert keys(evidence(made, "published")) == {"sign-off": {last.pk}}


def test_sign_offs_and_answers_make_no_seal_of_their_own(article: Article, ravi: User) -> None:
    sign_off(article, ravi, Support.NOT_SUPPORTED)
    thread(article, ravi)
    assert not Event.objects.filter(data__has_key="evidence").exists()


def test_a_seal_costs_the_same_queries_whatever_there_is(
    article: Article, ravi: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(5):
        seal(article.pk)
    for _ in range(5):
        sign_off(article, ravi, Support.UNCLEAR, note="Again.")
        sign_off(article, ravi)
        thread(article, ravi)
    with django_assert_num_queries(5):
        seal(article.pk)


# What never changes in a row of evidence is sealed. All else is in its events.
CHANGES = {
    "sign-off": set(),
    "thread": {"is_must_fix", "done_at", "resolved_at", "resolved_by_id"},
    "comment": set(),
    "suggestion": {"status", "decided_by_id", "decided_at", "reason", "version"},
}


def test_every_column_is_sealed_or_known_to_change() -> None:
    for kind in KINDS:
        columns = {field.attname for field in kind.model._meta.concrete_fields} - {"id"}
        assert columns - set(kind.fields) == CHANGES[kind.name], kind.name


def alter_a_note() -> None:
    SignOff.objects.filter(note="As Pavel says.").update(note="As Pavel never said.")


def alter_a_verdict() -> None:
    SignOff.objects.filter(support="unclear").update(support="supported")


def alter_who_signed() -> None:
    SignOff.objects.filter(support="unclear").update(member=User.objects.get(username="mei"))


def alter_what_was_signed() -> None:
    SignOff.objects.filter(support="unclear").update(digest="0" * 64)


def alter_when() -> None:
    SignOff.objects.filter(support="unclear").update(at="2020-01-01T00:00:00Z")


def remove_a_sign_off() -> None:
    SignOff.objects.filter(support="unclear")._raw_delete("default")


def slip_in_a_sign_off() -> None:
    first = SignOff.objects.order_by("pk")[0]
    first.pk = -1
    first.support = "supported"
    first.save(force_insert=True)


def alter_a_comment() -> None:
    Comment.objects.filter(text="Grade 2.").update(text="Grade 3.")


def alter_a_quotation() -> None:
    Comment.objects.filter(text="Grade 2.").update(quote="He said so.")


def remove_a_comment() -> None:
    Comment.objects.filter(text="Grade 2.")._raw_delete("default")


def alter_a_thread() -> None:
    Thread.objects.update(quote="Other words.")


def alter_the_section_of_a_thread() -> None:
    Thread.objects.update(section="Elsewhere")


def alter_a_suggestion() -> None:
    Suggestion.objects.update(html="Something else.")


def resolve_a_thread() -> None:
    Thread.objects.update(resolved_at="2026-01-01T00:00:00Z")


def mark_a_thread() -> None:
    Thread.objects.update(is_must_fix=True)


def take_up_a_suggestion() -> None:
    Suggestion.objects.update(status="accepted")


TAMPERING: list[tuple[Callable[[], None], str]] = [
    (alter_a_note, "sign-off {sign_off[0]}: was changed after event {event} (approved) had sealed it"),
    (alter_a_verdict, "sign-off {sign_off[1]}: was changed after event {event} (approved) had sealed it"),
    (alter_who_signed, "sign-off {sign_off[1]}: was changed"),
    (alter_what_was_signed, "sign-off {sign_off[1]}: was changed"),
    (alter_when, "sign-off {sign_off[1]}: was changed"),
    (remove_a_sign_off, "sign-off {sign_off[1]}: was removed after event {event} (approved) had sealed it"),
    (slip_in_a_sign_off, "sign-off -1: was slipped in among what event {event} (approved) had sealed"),
    (alter_a_comment, "comment {comment[1]}: was changed"),
    (alter_a_quotation, "comment {comment[1]}: was changed"),
    (remove_a_comment, "comment {comment[1]}: was removed"),
    (alter_a_thread, "thread {thread[0]}: was changed"),
    (alter_the_section_of_a_thread, "thread {thread[0]}: was changed"),
    (alter_a_suggestion, "suggestion {suggestion[0]}: was changed"),
    (resolve_a_thread, "thread {thread[0]}: no event tells that it is resolved"),
    (mark_a_thread, "thread {thread[0]}: no event tells that it is marked as must fix"),
    (take_up_a_suggestion, "thread {thread[0]}: no event tells that its suggestion is accepted"),
]


@COMMITTED
@pytest.mark.parametrize(("tamper", "says"), TAMPERING, ids=lambda each: getattr(each, "__name__", ""))
def test_what_was_altered_behind_the_apps_back_is_named_and_nothing_else(
    tamper: Callable[[], None], says: str, article: Article, ravi: User, mei: User
) -> None:
    makers.approve(article, ravi)
    event = article.events.latest("sequence").sequence
    sign_off(article, mei)
    makers.approve(article, mei)
    rows = {kind.name.replace("-", "_"): [key for key, _ in kind.rows(article.pk)] for kind in KINDS}
    assert problems() == []
    with behind_its_back():
        tamper()
    (problem,) = problems()
    assert problem.startswith(f"article {article.pk}, {says.format(event=event, **rows)}")


@COMMITTED
def test_a_sign_off_moved_to_another_article_is_missed_where_it_was(
    article: Article, ada: User, ravi: User
) -> None:
    other = makers.article(ada, "under_review", reviewer=ravi, question="Other?")
    makers.approve(article, ravi)
    with behind_its_back():
        SignOff.objects.filter(support="unclear").update(article=other)
    assert len(problems()) == 1
    assert "was removed after" in problems()[0]


@COMMITTED
def test_a_seal_that_was_altered_breaks_its_chain(article: Article, ravi: User) -> None:
    makers.approve(article, ravi)
    with behind_its_back():
        event = article.events.latest("sequence")
        event.data["evidence"] = {}
        event.save(update_fields=["data"])
    assert any("was altered after it was written" in problem for problem in problems())


@COMMITTED
def test_a_digest_that_does_not_fit_its_rows_is_found(article: Article, ravi: User) -> None:
    """As where somebody found other words with the same fingerprint, or wrote the chain anew."""
    makers.approve(article, ravi)
    with behind_its_back():
        event = article.events.latest("sequence")
        event.data["evidence"]["digest"] = "0" * 64
        event.hash = event.compute_hash()
        event.save(update_fields=["data", "hash"])
    (problem,) = problems()
    assert problem == f"article {article.pk}, event {event.sequence}: its seal of the evidence is broken"


def test_whatever_may_happen_later_looks_like_no_tampering(
    article: Article, ada: User, ravi: User, mei: User, edith: User
) -> None:
    found = Thread.objects.get()
    makers.approve(article, ravi)
    # Work goes on after a decision: in threads that it sealed, and on statements that it signed off.
    workflow.set_must_fix(article.pk, thread=found.pk, actor=ravi, must_fix=True)
    workflow.answer(article.pk, thread=found.pk, actor=ada, text="Done.", done=True)
    workflow.resolve(article.pk, thread=found.pk, actor=ravi)
    workflow.reopen(article.pk, thread=found.pk, actor=ravi)
    sign_off(article, ravi, "")
    sign_off(article, mei, Support.NOT_SUPPORTED, note="No.")
    declined = thread(article, mei, FUNCTIONAL, suggestion="It helps.")
    workflow.request_changes(article.pk, version=1, digest=article.digest, actor=mei, note="More.")
    assert problems() == []
    workflow.accept_suggestion(article.pk, thread=found.pk, version=1, actor=ada)
    workflow.decline_suggestion(article.pk, thread=declined.pk, actor=ada, reason="It says less.")
    article = resubmit(makers.fresh(article), "Histology and stage.")
    for each in (ravi, mei):
        if each == ravi:
            workflow.resolve(article.pk, thread=found.pk, actor=ravi)
        sign_off(article, each)
        makers.approve(article, each)
    assert makers.fresh(article).state == "approved"
    workflow.retire(article.pk, actor=edith, notice="Superseded.")
    assert problems() == []


def test_what_was_decided_before_there_were_seals_holds_without(article: Article, ravi: User) -> None:
    assert problems() == []
    assert seal(article.pk)["last"]["sign-off"] == SignOff.objects.latest("pk").pk
