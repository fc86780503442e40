"""The matrix of who may do what, through HTTP: each kind of person posts each step in each state.

What should come of it stands in tests/matrix.py, written by hand. A refusal writes nothing, and does not tell
who may not know that the article is there.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from articles.models import Article, Message, User
from tests import figures, makers
from tests.evidence import statement, thread
from tests.matrix import AUTHORS, BOARD, EDITORS, MAY, PEOPLE, STATES, Outcome, Scene, cells, expected, writes
from tests.people import PASSWORD
from tests.web.walking import Known, addresses
from tests.web.writing_form import filled

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"

# Which door a step has, and who is let through it at all.
DOORS = {
    "writing": {*["author", "coauthor", "allroles", "other", "edited"]},
    "reviewing": {*BOARD.split()},
    "desk": {*EDITORS.split()},
    "office": {*PEOPLE},
}
# Who may know of the article. To everybody else it does not exist.
READERS = {*["author", "coauthor"], *BOARD.split(), *EDITORS.split()}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of refusals are expected here, and none is worth a line."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


Data = Callable[[Scene], dict[str, Any]]


def version(scene: Scene) -> dict[str, Any]:
    return {"version": scene.article.version}


def exactly(scene: Scene) -> dict[str, Any]:
    return version(scene) | {"digest": scene.article.digest}


def manuscript(scene: Scene) -> dict[str, Any]:
    """What the editor's form sends with another summary, where there is one."""
    if not scene.article.is_editable:
        return {"summary": "Other words."}
    client = Client()
    client.force_login(scene.people["author"], backend=BACKEND)
    page = client.get(reverse("writing:save", args=[scene.article.pk]))
    return filled(page, summary="Other words.")


STEPS: dict[str, tuple[str, Data]] = {
    "save": ("writing", manuscript),
    "submit": ("writing", version),
    "withdraw": ("writing", version),
    "revise": ("writing", version),
    "claim": ("reviewing", lambda s: {}),
    "accept_review": ("reviewing", lambda s: {}),
    "decline_review": ("reviewing", lambda s: {"note": "No time."}),
    "approve": (
        "reviewing",
        lambda s: exactly(s) | {"password": PASSWORD, "ticked": makers.everything_considered()},
    ),
    "request_changes": ("reviewing", lambda s: exactly(s) | {"note": "More."}),
    "recuse": ("reviewing", lambda s: {"note": "No time."}),
    "declare_conflict": ("reviewing", lambda s: {"note": "Shares."}),
    "sign_off": ("reviewing", lambda s: version(s) | {"statement": s.statement, "support": "supported"}),
    "open_thread": ("reviewing", lambda s: version(s) | {"statement": s.statement, "text": "Why?"}),
    "resolve": ("reviewing", lambda s: {}),
    "reopen": ("reviewing", lambda s: {}),
    "mark": ("reviewing", lambda s: {"must_fix": "1"}),
    "answer": ("office", lambda s: {"text": "So."}),
    "accept_suggestion": ("writing", version),
    "decline_suggestion": ("writing", lambda s: {"reason": "It says less."}),
    "add_figure": (
        "writing",
        lambda s: {
            "file": SimpleUploadedFile("a.png", figures.drawing("red")),
            "alt": figures.ALT,
            "credit": figures.CREDIT,
        },
    ),
    "remove_figure": ("writing", lambda s: {"name": s.figure.name}),
    "reaffirm": ("desk", lambda s: {}),
    "assign": ("desk", lambda s: {"member": [s.people["member"].pk], "due": "2099-01-01"}),
    "unassign": ("desk", lambda s: {"member": s.people["reviewer"].pk}),
    "remind": ("desk", lambda s: {"member": s.people["reviewer"].pk}),
    "decline": ("desk", lambda s: version(s) | {"note": "Outside."}),
    "retire": ("desk", lambda s: {"note": "Gone.", "confirm": "on"}),
    "set_coauthors": ("desk", lambda s: {"coauthors": ""}),
    "move_address": ("desk", lambda s: {"slug": "moved"}),
}
ON_THREADS = {"resolve", "reopen", "mark", "answer", "accept_suggestion", "decline_suggestion"}
STATUS = {
    # The form of a step may be the first to see that nobody is there to be released, or that it is gone.
    Outcome.WRONG_STATE: {409, 422},
    Outcome.BLOCKED: {409, 422},
    Outcome.NOT_ALLOWED: {403},
}


def address(step: str, article: Article, thread_pk: int) -> str:
    door, _ = STEPS[step]
    args = [article.pk, thread_pk] if step in ON_THREADS else [article.pk]
    return reverse(f"{door}:{step}", args=args)


class Posting:
    """A scene with everybody logged in who can be."""

    def __init__(self, state: str) -> None:
        self.scene = Scene(state)
        self._clients: dict[str, Client] = {}

    def client(self, who: str) -> Client:
        if who not in self._clients:
            self._clients[who] = Client()
            if who != "nobody":
                self._clients[who].force_login(self.scene.people[who], backend=BACKEND)
        return self._clients[who]

    def post(self, who: str, step: str, url: str = "") -> tuple[int, bool]:
        """(status, whether anything was written); whatever was written is undone."""
        on = self.scene.resolved if step == "reopen" else self.scene.open
        url = url or address(step, self.scene.article, on.pk)
        client, data = self.client(who), STEPS[step][1](self.scene)
        with transaction.atomic(), writes() as written:
            response = client.post(url, data)
            transaction.set_rollback(True)
        return response.status_code, bool(written)


def statuses(step: str, who: str, outcome: Outcome) -> set[int]:
    """The statuses that one cell may answer with."""
    if who == "closed":
        return {401}
    if who not in DOORS[STEPS[step][0]]:
        return {403}
    if who not in READERS or (STEPS[step][0] == "writing" and who not in AUTHORS.split()):
        return {404}
    return {302, 303} if outcome is Outcome.MAY else STATUS[outcome]


def test_every_step_can_be_posted() -> None:
    assert STEPS.keys() == MAY.keys()


@pytest.mark.parametrize("state", STATES)
def test_every_post_ends_as_the_matrix_says(state: str) -> None:
    posting = Posting(state)
    wrong = []
    for step, who, outcome in cells(state):
        status, written = posting.post(who, step)
        if status not in statuses(step, who, outcome) or written != (outcome is Outcome.MAY):
            wrote = "wrote" if written else "wrote nothing"
            wrong.append(f"{who} ({PEOPLE[who]}), {step}, {state}: {status}, {wrote}; should be {outcome}")
    assert not wrong, "\n".join(wrong)


def test_who_is_not_logged_in_does_nothing_anywhere() -> None:
    posting = Posting("under_review")
    for step in STEPS:
        assert posting.post("nobody", step) == (401, False), step


# Ids of other articles


@pytest.fixture
def two() -> tuple[Posting, Article]:
    """A scene under review, and another article under review by the same people."""
    posting = Posting("under_review")
    people = posting.scene.people
    makers.policy(quorum=1)
    other = makers.article(
        people["author"],
        "under_review",
        reviewer=people["reviewer"],
        question="And here?",
        words="Elsewhere.",
    )
    return posting, other


@pytest.mark.parametrize("step", sorted(ON_THREADS))
def test_a_thread_of_another_article_is_not_found(step: str, two: tuple[Posting, Article]) -> None:
    posting, other = two
    foreign = thread(other, posting.scene["reviewer"], "Elsewhere", suggestion="Somewhere.")
    for who in ("author", "reviewer", "editor", "allroles"):
        if who in DOORS[STEPS[step][0]]:
            status, written = posting.post(who, step, address(step, posting.scene.article, foreign.pk))
            # Whoever may not take the step at all may be told so first.
            assert (status, written) in {(404, False), (403, False), (409, False)}, who
            right = address(step, posting.scene.article, posting.scene.open.pk)
            if expected(step, who, "under_review") is Outcome.MAY and step != "reopen":
                assert status == 404
                assert posting.post(who, step, right)[0] in {302, 303}, "with its own it goes"


@pytest.mark.parametrize("step", ["sign_off", "open_thread"])
def test_a_statement_of_another_article_is_refused(step: str, two: tuple[Posting, Article]) -> None:
    posting, other = two
    posting.scene.__dict__["statement"] = statement(other, "Elsewhere").digest
    status, written = posting.post("reviewer", step)
    assert status in {404, 422}
    assert not written


@pytest.mark.parametrize("step", ["approve", "request_changes"])
def test_the_digest_of_another_article_or_round_is_refused(step: str, two: tuple[Posting, Article]) -> None:
    posting, other = two
    url = address(step, other, 0)
    assert posting.post("reviewer", step, url) == (409, False), "the digest is that of the first article"
    assert posting.post("reviewer", step)[0] in {302, 303}


def test_a_reviewer_named_from_outside_the_round_is_refused(two: tuple[Posting, Article]) -> None:
    posting, other = two
    for step in ("unassign", "remind"):
        people = dict(posting.scene.people)
        posting.scene.people["reviewer"] = people["member"]
        assert posting.post("editor", step) == (422, False)
        posting.scene.people["reviewer"] = people["touched"]
        assert posting.post("editor", step, address(step, other, 0)) == (422, False)
        posting.scene.people.update(people)


def test_somebody_elses_interest_cannot_be_ended(two: tuple[Posting, Article]) -> None:
    posting, _ = two
    interest = posting.scene["touched"].interests.get()
    url = reverse("office:end_interest", args=[interest.pk])
    for who in ("member", "allroles", "reviewer"):
        assert posting.client(who).post(url, {"until": "2099-01-01"}).status_code == 404
    assert User.objects.get(username="touched").interests.get().until is None


# Every address that there is behind a door, whether it is a step or a page

# door: who does not come in, of every sort one
OUTSIDE = {
    "/write/": ("reviewer", "editor", "nobody"),
    "/review/": ("author", "editor", "former", "nobody"),
    "/desk/": ("author", "reviewer", "nobody"),
    "/admin/": ("editor", "nobody"),
}
# Where somebody has to be let in first, or is told that the desk is elsewhere.
REFUSED = {302, 403, 404, 405}


def behind(scene: Scene, door: str) -> list[str]:
    """Every address behind a door, with the keys of what is there."""
    known = Known(
        {
            "pk": [scene.article.pk],
            "thread": [scene.open.pk],
            "number": [1],
            "object_id": [str(scene.article.pk)],
            "app_label": ["articles"],
            **{
                f"desk:{step}_item:pk": [makers.everything_considered()[0]]
                for step in ("reword", "move", "use")
            },
        }
    )
    return [path for path in addresses(known) if path.startswith(door)]


@pytest.mark.parametrize("door", OUTSIDE)
def test_nothing_behind_a_door_answers_or_does_anything_for_who_may_not_come_in(door: str) -> None:
    posting = Posting("under_review")
    paths = behind(posting.scene, door)
    assert len(paths) >= 10
    wrong = []
    for who in OUTSIDE[door]:
        for path in paths:
            for method in ("get", "post"):
                client = posting.client(who)
                with transaction.atomic(), writes() as written:
                    response = getattr(client, method)(path, {"version": 2, "note": "x", "text": "x"})
                    transaction.set_rollback(True)
                let_in = response.status_code not in ({401} | REFUSED)
                public = door == "/admin/" and path in ("/admin/login/", "/admin/jsi18n/", "/admin/logout/")
                if written or (let_in and not public):
                    wrong.append(f"{who}, {method} {path}: {response.status_code}, wrote {len(written)}")
    assert not wrong, "\n".join(wrong)


def test_who_is_let_in_comes_in() -> None:
    """The control to the one above: the same addresses answer those who may."""
    posting = Posting("under_review")
    for door, who in (
        ("/write/", "author"),
        ("/review/", "reviewer"),
        ("/desk/", "editor"),
        ("/admin/", "allroles"),
    ):
        statuses = [posting.client(who).get(path).status_code for path in behind(posting.scene, door)]
        assert statuses.count(200) >= 2, (door, statuses)
        assert 403 not in statuses or door == "/admin/", door


def test_a_message_to_somebody_else_is_not_found(two: tuple[Posting, Article]) -> None:
    posting, _ = two
    message = Message.objects.filter(recipient=posting.scene["invited"], read_at=None).first()
    assert message is not None
    url = reverse("office:read", args=[message.pk])
    for who in ("author", "reviewer", "editor", "allroles", "stranger"):
        assert posting.client(who).get(url).status_code == 404, who
    message.refresh_from_db()
    assert message.read_at is None
    assert posting.client("invited").get(url).status_code == 302


def test_an_invitation_is_answered_by_who_was_invited_alone(two: tuple[Posting, Article]) -> None:
    posting, other = two
    for step in ("accept_review", "decline_review"):
        url = address(step, other, 0)
        status, written = posting.post("invited", step, url)
        assert (status, written) == (403, False), "invited to the first article, not to this one"
        assert posting.post("invited", step)[0] in {302, 303}
