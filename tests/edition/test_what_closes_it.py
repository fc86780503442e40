"""The work of the office leaves the edition open; whatever a public page depends on closes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from articles import workflow
from articles.edition import state
from articles.models import (
    Article,
    BoardMember,
    ChecklistItem,
    EditorialPolicy,
    Follow,
    Interest,
    Question,
    Thread,
    Topic,
    User,
)
from articles.states import Role, Support
from articles.workflow import glossary
from tests import makers
from tests.evidence import sign_off, thread
from tests.people import member, person

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Office:
    """An article under review, one that waits for its author, one that is live, and their people."""

    here: Article
    back: Article
    live: Article
    ada: User
    ravi: User
    mei: User
    edith: User

    @property
    def thread(self) -> Thread:
        return Thread.objects.get(article=self.here)


@pytest.fixture
def office() -> Office:
    ada, edith = person("ada", "Ada Okafor", Role.AUTHOR), person("edith", "Edith Hale", Role.EDITOR)
    ravi, mei = member("ravi", "Ravi Menon", "MD"), member("mei", "Mei Lin", "PharmD")
    live = makers.article(ada, "approved", reviewer=ravi, question="Live?")
    back = makers.article(ada, "under_review", reviewer=ravi, question="Back?")
    thread(back, ravi, suggestion="Histology and grade.")
    workflow.request_changes(back.pk, version=1, digest=back.digest, actor=ravi, note="More.")
    makers.policy(quorum=2)
    here = makers.article(ada, "under_review", reviewer=ravi)
    thread(here, ravi)
    return Office(here, makers.fresh(back), live, ada, ravi, mei, edith)


def number() -> int | None:
    state.forget_pause()
    return state.current() or state.reopen()


Act = Callable[[Office], object]


def ask(office: Office) -> object:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    publication = office.live.publications.get()
    return Question.objects.create(publication=publication, text="Why?", created_at=now, expires_at=now)


def follow(office: Office) -> object:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Follow.objects.create(email="a@example.org", article=office.live, created_at=now, confirm_by=now)


def write_word(office: Office) -> object:
    return glossary.write_entry(actor=office.edith, term="Grade", forms=[], meaning="How fast it grows.")


WORK: dict[str, Act] = {
    "sign off": lambda o: sign_off(o.here, o.ravi, Support.UNCLEAR, note="Hm."),
    "take a sign-off back": lambda o: (sign_off(o.here, o.ravi), sign_off(o.here, o.ravi, "")),
    "open a thread": lambda o: thread(o.here, o.ravi, suggestion="Other words.", must_fix=True),
    "answer": lambda o: workflow.answer(o.here.pk, thread=o.thread.pk, actor=o.ada, text="So.", done=True),
    "mark": lambda o: workflow.set_must_fix(o.here.pk, thread=o.thread.pk, actor=o.ravi, must_fix=True),
    "resolve": lambda o: workflow.resolve(o.here.pk, thread=o.thread.pk, actor=o.ravi),
    "take up a wording": lambda o: workflow.accept_suggestion(
        o.back.pk, thread=Thread.objects.get(article=o.back).pk, version=1, actor=o.ada
    ),
    "write": lambda o: makers.edit(o.back, "Other words."),
    "begin": lambda o: workflow.create(actor=o.ada, fields=makers.text(question="New?")),
    "submit": lambda o: makers.article(o.ada, "submitted", question="New?"),
    "take on": lambda o: workflow.claim(o.here.pk, actor=o.mei),
    "ask for changes": lambda o: workflow.request_changes(
        o.here.pk, version=1, digest=o.here.digest, actor=o.ravi, note="More."
    ),
    "approve as one of two": lambda o: makers.approve(o.here, o.ravi),
    "declare a conflict": lambda o: workflow.declare_conflict(o.here.pk, actor=o.mei, reason="Shares."),
    "decline": lambda o: workflow.decline(o.here.pk, version=1, actor=o.edith, note="Outside."),
    "begin a revision": lambda o: workflow.revise(o.live.pk, version=1, actor=o.ada),
    "keep the checklist": lambda o: ChecklistItem.objects.create(verdict="approve", text="Doses checked"),
    "write of a word": write_word,
    "a reader asks": ask,
    "a reader follows": follow,
}


@pytest.mark.parametrize("act", WORK)
def test_the_work_of_the_office_leaves_it_open(act: str, office: Office) -> None:
    before = number()
    assert before is not None
    WORK[act](office)
    assert state.current() == before == number()


def approve_word(office: Office) -> None:
    entry = write_word(office)
    assert state.current() is not None
    glossary.approve_entry(entry.pk, actor=office.ravi, digest=entry.digest)


def publish(office: Office) -> None:
    workflow.claim(office.here.pk, actor=office.mei)
    for each in (office.ravi, office.mei):
        assert state.current() is not None
        makers.approve(office.here, each)


def sign_off_last(office: Office) -> None:
    """Both have approved, each for themselves, and only a doubt is in the way until it is taken back."""
    makers.policy(quorum=2, independent=True)
    made = makers.article(office.ada, "under_review", reviewer=office.ravi, question="Later?")
    workflow.claim(made.pk, actor=office.mei)
    assert number() is not None
    makers.approve(made, office.mei)
    sign_off(made, office.mei, Support.NOT_SUPPORTED)
    makers.approve(made, office.ravi)
    assert state.current() is not None
    sign_off(made, office.mei, "")


def reaffirm(office: Office) -> None:
    workflow.reaffirm(office.live.pk, actor=office.edith)
    workflow.claim(office.live.pk, actor=office.mei)
    for each in (office.ravi, office.mei):
        assert state.current() is not None
        makers.approve(makers.fresh(office.live), each)


SHOWN: dict[str, Act] = {
    "publish": publish,
    "publish by a sign-off": sign_off_last,
    "reaffirm": reaffirm,
    "retire": lambda o: workflow.retire(o.live.pk, actor=o.edith, notice="Superseded."),
    "move": lambda o: workflow.move_address(o.live.pk, slug="there", actor=o.edith),
    "a member's name": lambda o: BoardMember.objects.filter(slug="ravi").update(name="Ravi M."),
    "a new member": lambda o: member("nia", "Nia Obi", "MD"),
    "a member's interest": lambda o: Interest.objects.create(
        member=o.ravi, kind="company", name="Ipsen", since=date(2020, 1, 1)
    ),
    "the end of an interest": lambda o: Interest.objects.filter(member=o.ravi).update(until=date(2026, 1, 1)),
    "the editorial policy": lambda o: EditorialPolicy.objects.create(
        pk=1, body="<p>New.</p>", updated_at=datetime(2026, 1, 1, tzinfo=UTC)
    ),
    "the rules of review": lambda o: makers.policy(quorum=3),
    "a topic": lambda o: Topic.objects.create(name="Imaging", slug="imaging"),
    "a word": approve_word,
}


@pytest.mark.parametrize("act", SHOWN)
def test_whatever_a_public_page_depends_on_closes_it(act: str, office: Office) -> None:
    before = number()
    SHOWN[act](office)
    assert state.current() is None
    assert number() not in (None, before)
