"""Every step from every state: what the table allows happens, everything else is refused."""

from collections.abc import Callable
from datetime import date

import pytest

from articles import workflow
from articles.models import Article, Comment, Figure, Suggestion, Thread, User
from articles.states import Level, State
from articles.workflow import NotAllowed, WrongState, offers
from articles.workflow.table import TABLE
from tests import figures, makers
from tests.workflow.refusals import refused

pytestmark = pytest.mark.django_db

Act = Callable[[Article, dict[str, User]], object]

ACTS: dict[str, tuple[str, Act]] = {
    "save": ("ada", lambda a, p: makers.edit(a, "Other words.")),
    "submit": ("ada", lambda a, p: workflow.submit(a.pk, version=a.version, actor=p["actor"])),
    "withdraw": ("ada", lambda a, p: workflow.withdraw(a.pk, version=a.version, actor=p["actor"])),
    "revise": ("ada", lambda a, p: workflow.revise(a.pk, version=a.version, actor=p["actor"])),
    "claim": ("mei", lambda a, p: workflow.claim(a.pk, actor=p["actor"])),
    "approve": ("ravi", lambda a, p: makers.approve(a, p["actor"])),
    "accept_review": ("mei", lambda a, p: workflow.accept_review(a.pk, actor=p["actor"])),
    "decline_review": ("mei", lambda a, p: workflow.decline_review(a.pk, actor=p["actor"], note="Why.")),
    "sign_off": (
        "ravi",
        lambda a, p: workflow.sign_off(
            a.pk, version=a.version, statement=first(a), support="supported", actor=p["actor"]
        ),
    ),
    "open_thread": (
        "ravi",
        lambda a, p: workflow.open_thread(
            a.pk, version=a.version, statement=first(a), actor=p["actor"], text="Which grade?"
        ),
    ),
    "answer": (
        "ada",
        lambda a, p: workflow.answer(a.pk, thread=thread_of(a).pk, actor=p["actor"], text="Grade 2."),
    ),
    "resolve": ("ravi", lambda a, p: workflow.resolve(a.pk, thread=thread_of(a).pk, actor=p["actor"])),
    "reopen": ("ravi", lambda a, p: workflow.reopen(a.pk, thread=thread_of(a).pk, actor=p["actor"])),
    "mark": (
        "ravi",
        lambda a, p: workflow.set_must_fix(a.pk, thread=thread_of(a).pk, actor=p["actor"], must_fix=True),
    ),
    "accept_suggestion": (
        "ada",
        lambda a, p: workflow.accept_suggestion(
            a.pk, thread=thread_of(a).pk, version=a.version, actor=p["actor"]
        ),
    ),
    "decline_suggestion": (
        "ada",
        lambda a, p: workflow.decline_suggestion(
            a.pk, thread=thread_of(a).pk, actor=p["actor"], reason="Too long."
        ),
    ),
    "add_figure": ("ada", lambda a, p: figures.add(a, actor=p["actor"])),
    "remove_figure": ("ada", lambda a, p: workflow.remove_figure(a.pk, name=image_of(a), actor=p["actor"])),
    "reaffirm": ("edith", lambda a, p: workflow.reaffirm(a.pk, actor=p["actor"])),
    "request_changes": (
        "ravi",
        lambda a, p: workflow.request_changes(
            a.pk, version=a.version, digest=a.digest, actor=p["actor"], note="Why."
        ),
    ),
    "recuse": ("ravi", lambda a, p: workflow.recuse(a.pk, actor=p["actor"], note="Why.")),
    "declare_conflict": (
        "mei",
        lambda a, p: workflow.declare_conflict(a.pk, actor=p["actor"], reason="Why."),
    ),
    "assign": (
        "edith",
        lambda a, p: workflow.assign(a.pk, member=p["mei"], actor=p["actor"], due=date(2099, 1, 1)),
    ),
    "unassign": ("edith", lambda a, p: workflow.unassign(a.pk, member=p["ravi"], actor=p["actor"])),
    "remind": ("edith", lambda a, p: workflow.remind(a.pk, member=p["ravi"], actor=p["actor"])),
    "decline": (
        "edith",
        lambda a, p: workflow.decline(a.pk, version=a.version, actor=p["actor"], note="Why."),
    ),
    "retire": ("edith", lambda a, p: workflow.retire(a.pk, actor=p["actor"], notice="Gone.")),
    "set_coauthors": ("edith", lambda a, p: workflow.set_coauthors(a.pk, coauthors=[], actor=p["actor"])),
    "move_address": ("edith", lambda a, p: workflow.move_address(a.pk, slug="moved", actor=p["actor"])),
}


def first(article: Article) -> str:
    """The digest of the article's first statement under a heading."""
    return article.document().statements(Level.CLINICAL)[1].digest


def image_of(article: Article) -> str:
    """The name of an image of the article, or of none."""
    return Figure.objects.filter(article=article).values_list("name", flat=True).first() or "none"


def thread_of(article: Article) -> Thread:
    """A thread of Ravi's about the first statement, with a suggestion: as it was left by an earlier round."""
    found = Thread.objects.filter(article=article).first()
    if found is not None:
        return found
    author = article.author
    ravi = User.objects.get(username="ravi")
    found = Thread.objects.create(
        article=article, round=0, version=article.version, level=Level.CLINICAL, digest=first(article),
        quote="Histology with grade sets prognosis.", opened_by=ravi, opened_at=article.created_at,
    )  # fmt: skip
    Comment.objects.create(thread=found, by=author, text="Why?", version=1, at=article.created_at)
    Suggestion.objects.create(thread=found, by=ravi, html="Grade sets prognosis.")
    return found


ON_THREADS = frozenset({"answer", "resolve", "reopen", "mark", "accept_suggestion", "decline_suggestion"})


def invite(article: Article, people: dict[str, User]) -> None:
    workflow.assign(article.pk, member=people["mei"], actor=people["edith"])


# What must be there before a step can be taken from where it begins.
BEFORE: dict[str, Act] = {
    "accept_review": invite,
    "decline_review": invite,
    "remove_figure": lambda a, p: figures.add(a),
    "reopen": lambda a, p: workflow.resolve(a.pk, thread=thread_of(a).pk, actor=p["ravi"]),
}

# Open in any state, but only while readers see something.
NEEDS_LIVE = {"retire", "move_address"}


@pytest.fixture
def people(ada: User, ravi: User, mei: User, edith: User) -> dict[str, User]:
    return {"ada": ada, "ravi": ravi, "mei": mei, "edith": edith}


def made(people: dict[str, User], state: str) -> Article:
    return makers.article(people["ada"], state, reviewer=people["ravi"], editor=people["edith"])


def act(action: str, article: Article, people: dict[str, User], actor: str = "") -> None:
    who, step = ACTS[action]
    step(article, people | {"actor": people[actor or who]})


def test_every_row_of_the_table_has_an_act_here() -> None:
    assert ACTS.keys() == TABLE.keys()


@pytest.mark.parametrize(
    ("action", "state"),
    [(row.action, state.value) for row in TABLE.values() for state in sorted(row.sources)],
)
def test_a_step_from_where_it_begins_is_taken_and_recorded(
    action: str, state: str, people: dict[str, User]
) -> None:
    article = made(people, state)
    if action in NEEDS_LIVE and state != "approved":
        with refused(workflow.Blocked, article):
            act(action, article, people)
        return
    if action in BEFORE:
        BEFORE[action](article, people)
    row = TABLE[action]
    events = article.events.count()
    act(action, article, people)
    article = makers.fresh(article)
    # A sign-off is a record of its own.
    assert article.events.count() > events or row.event is None
    if row.target is not None and not row.otherwise:
        assert article.state == row.target


@pytest.mark.parametrize(
    ("action", "state"),
    [(row.action, state.value) for row in TABLE.values() for state in State if state not in row.sources],
)
def test_a_step_from_anywhere_else_is_refused_and_changes_nothing(
    action: str, state: str, people: dict[str, User]
) -> None:
    article = made(people, state)
    if action in ON_THREADS:
        thread_of(article)
    with refused(WrongState, article):
        act(action, article, people)


@pytest.mark.parametrize("action", sorted(TABLE))
def test_a_person_without_any_role_may_take_no_step(action: str, people: dict[str, User]) -> None:
    from tests.people import person

    state = sorted(TABLE[action].sources & {"draft", "submitted", "under_review", "approved"})[0]
    article = made(people, state)
    stranger = person("sam", "Sam Stranger", is_superuser=True, is_staff=True)
    if action in ON_THREADS:
        thread_of(article)
    if action == "save":
        with refused(NotAllowed, article):
            makers.edit(article, "Other words.", actor=stranger)
        return
    with refused(NotAllowed, article):
        ACTS[action][1](article, people | {"actor": stranger})


@pytest.mark.parametrize("state", [state.value for state in State])
@pytest.mark.parametrize("who", ["ada", "ravi", "mei", "edith"])
def test_what_is_offered_can_be_done(state: str, who: str, people: dict[str, User]) -> None:
    """No button leads to a refusal: every unblocked offer, taken, succeeds."""
    article = made(people, state)
    for offer in offers(article, people[who]):
        if offer.blocked or (offer.action == "unassign" and state != "under_review"):
            continue
        again = makers.article(
            people["ada"], state, reviewer=people["ravi"], editor=people["edith"], question=f"{offer.action}?"
        )
        act(offer.action, again, people, actor=who)


def test_steps_that_are_not_offered_are_refused(people: dict[str, User]) -> None:
    """And the other way round: for every person and state, what is no offer raises.

    Steps beside single statements are no offers; test_who_may_do_what.py has the matrix of all.
    """
    offerable = {row.action for row in TABLE.values() if row.offered} - {"save"}
    for state in State:
        for who, user in people.items():
            article = makers.article(
                people["ada"],
                state.value,
                reviewer=people["ravi"],
                editor=people["edith"],
                question=f"{state} {who}?",
            )
            offered = {offer.action for offer in offers(article, user)}
            for action in offerable - offered:
                with refused(workflow.WorkflowError, article):
                    act(action, article, people, actor=who)
