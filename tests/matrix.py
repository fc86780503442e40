"""Who may do what: every step, by every kind of person, in every state, written down by hand.

Nothing here is worked out from the workflow's table, its permissions or its offers: what they say is tested
against this. A cell is one of the words of Outcome.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db import connection

from articles import workflow
from articles.models import Article, Thread, User
from articles.states import Role, State
from tests import figures, makers
from tests.evidence import statement, thread
from tests.people import member, person

DRUG = "Lutathera"
STATES = [state.value for state in State]


class Outcome(StrEnum):
    MAY = "may"
    NOT_ALLOWED = "not allowed"  # this person may never, as things stand
    WRONG_STATE = "wrong state"  # this person may, elsewhere
    BLOCKED = "blocked"  # this person may, here, and something must be done first


# Everybody there is. Own and other's article, conflicts of every sort, assigned or not.
PEOPLE = {
    "author": "wrote it",
    "coauthor": "co-wrote it",
    "allroles": "co-wrote it; member, editor and superuser as well",
    "other": "an author of other articles",
    "reviewer": "took on the review",
    "decided": "took on the review and has approved",
    "invited": "was asked to review and has not answered",
    "touched": "reviews; then declared an interest that the text names",
    "recused": "took on the review and stepped back",
    "edited": "serves on the board and has edited this very text, as its co-author for a while",
    "member": "serves on the board and does not review it",
    "declared": "serves on the board and declared a conflict",
    "former": "served on the board",
    "editor": "an editor",
    "deskmember": "an editor who serves on the board and does not review it",
    "stranger": "a superuser without any role",
    "closed": "an editor and reviewer whose account was closed",
}

AUTHORS = "author coauthor allroles"
EDITORS = "editor deskmember allroles"
REVIEWERS = "reviewer decided invited"  # of the open round, barred by nothing
FREE = f"{REVIEWERS} recused member deskmember"  # members barred by nothing
BOARD = f"{FREE} touched edited declared allroles"  # serving members

ANY = " ".join(STATES)
EDITABLE = "draft changes_requested"
IN_REVIEW = "submitted under_review"
PUBLISHED = "approved retired"

# step: {states: who may there}. Elsewhere whoever may at all is told that the state is wrong.
MAY: dict[str, dict[str, str]] = {
    "save": {EDITABLE: AUTHORS},
    "submit": {EDITABLE: AUTHORS},
    "withdraw": {IN_REVIEW: AUTHORS},
    "revise": {"approved declined retired": AUTHORS},
    "claim": {"submitted": FREE, "under_review": "member deskmember"},
    "accept_review": {"under_review": "invited"},
    "decline_review": {"under_review": "invited"},
    "approve": {"under_review": "reviewer invited"},
    "request_changes": {"under_review": "reviewer invited"},
    "recuse": {"under_review": "reviewer invited touched"},
    "declare_conflict": {ANY: BOARD},
    "sign_off": {"under_review": REVIEWERS},
    "open_thread": {"under_review": REVIEWERS},
    "resolve": {"under_review": REVIEWERS},
    "reopen": {"under_review": REVIEWERS},
    "mark": {"under_review": REVIEWERS},
    "answer": {
        # Whoever reviewed an earlier round may still answer, unless something bars them now.
        "draft submitted changes_requested approved declined": f"{AUTHORS} {EDITORS} {REVIEWERS}",
        "under_review": f"{AUTHORS} {EDITORS} {REVIEWERS} touched",
    },
    "accept_suggestion": {EDITABLE: AUTHORS},
    "decline_suggestion": {EDITABLE: AUTHORS},
    "add_figure": {EDITABLE: AUTHORS},
    "remove_figure": {EDITABLE: AUTHORS},
    "reaffirm": {"approved": EDITORS},
    "assign": {IN_REVIEW: EDITORS},
    "unassign": {"under_review": EDITORS},
    "remind": {"under_review": EDITORS},
    "decline": {IN_REVIEW: EDITORS},
    "retire": {"approved": EDITORS},
    "set_coauthors": {ANY: EDITORS},
    "move_address": {"approved": EDITORS},
}
BLOCKED: dict[str, dict[str, str]] = {
    "claim": {"under_review": f"{REVIEWERS} recused"},
    "accept_review": {"under_review": "reviewer decided"},
    "decline_review": {"under_review": "reviewer decided touched"},
    "approve": {"under_review": "decided"},
    "request_changes": {"under_review": "decided"},
    "recuse": {"under_review": "decided"},
    "retire": {" ".join(s for s in STATES if s != "approved"): EDITORS},
    "move_address": {" ".join(s for s in STATES if s != "approved"): EDITORS},
}
# Who is told, outside of the states above, that the state is wrong; everybody else is not allowed.
ELSEWHERE: dict[str, str] = {
    **dict.fromkeys(("save", "submit", "withdraw", "revise"), AUTHORS),
    **dict.fromkeys(("accept_suggestion", "decline_suggestion"), AUTHORS),
    **dict.fromkeys(("add_figure", "remove_figure"), AUTHORS),
    **dict.fromkeys(
        ("claim", "accept_review", "approve", "request_changes", "sign_off", "open_thread", "resolve",
         "reopen", "mark"), FREE,
    ),
    **dict.fromkeys(("decline_review", "recuse"), BOARD),
    "answer": f"{AUTHORS} {EDITORS} {REVIEWERS}",
    **dict.fromkeys(("reaffirm", "assign", "unassign", "remind", "decline"), EDITORS),
    **dict.fromkeys(("declare_conflict", "retire", "set_coauthors", "move_address"), ""),
}  # fmt: skip


def expected(step: str, who: str, state: str) -> Outcome:
    """What the rules say of one cell."""
    if who == "closed":
        return Outcome.NOT_ALLOWED
    if who == "edited" and state in PUBLISHED.split():
        who = "member"  # What they edited was approved by others: the next version is not theirs.
    for outcome, table in ((Outcome.MAY, MAY), (Outcome.BLOCKED, BLOCKED)):
        for states, whom in table.get(step, {}).items():
            if state in states.split() and who in whom.split():
                return outcome
    begins_here = any(state in states.split() for states in MAY[step])
    if not begins_here and who in ELSEWHERE[step].split():
        return Outcome.WRONG_STATE
    return Outcome.NOT_ALLOWED


def cells(state: str) -> Iterator[tuple[str, str, Outcome]]:
    """(step, who, outcome) of every cell of a state."""
    for step in MAY:
        for who in PEOPLE:
            yield step, who, expected(step, who, state)


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements inside the block that change something of ours in the database (not a session)."""
    found: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.lstrip("( ").startswith(("INSERT", "UPDATE", "DELETE")) and '"articles_' in sql:
            found.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield found


class Scene:
    """An article in a state, with everybody who has to do with it or has not."""

    def __init__(self, state: str) -> None:
        makers.policy(quorum=2)
        self.people = _everybody()
        self.article = self._made(state)
        self.open = Thread.objects.get(article=self.article, resolved_at__isnull=True)
        self.resolved = Thread.objects.get(article=self.article, resolved_at__isnull=False)

    def __getitem__(self, who: str) -> User:
        return User.objects.get(pk=self.people[who].pk)

    @cached_property
    def statement(self) -> str:
        """The digest of a statement."""
        return statement(self.article, "Functional").digest

    def _made(self, state: str) -> Article:
        people = self.people
        author, reviewer, editor = people["author"], people["reviewer"], people["editor"]
        made = makers.article(author, words="Something was given.")
        self.figure = figures.add(made)
        workflow.set_coauthors(made.pk, coauthors=[people["edited"]], actor=editor)
        made = makers.edit(made, f"{DRUG} was given.", actor=people["edited"])
        workflow.set_coauthors(made.pk, coauthors=[people["coauthor"], people["allroles"]], actor=editor)
        made = makers.bring(makers.fresh(made), "submitted")
        workflow.declare_conflict(made.pk, actor=people["declared"], reason="Shares.")
        for each in ("reviewer", "decided", "touched", "recused"):
            workflow.claim(made.pk, actor=people[each])
        workflow.recuse(made.pk, actor=people["recused"], note="No time.")
        for each in ("invited", "closed"):
            workflow.assign(made.pk, member=people[each], actor=editor)
        people["touched"].interests.create(kind="drug", name=DRUG, since=date(2020, 1, 1))
        User.objects.filter(pk=people["closed"].pk).update(is_active=False)
        made = makers.fresh(made)
        thread(made, reviewer, suggestion=f"{DRUG} was tried.", words=DRUG)
        resolved = thread(made, reviewer, words="Functional")
        workflow.resolve(made.pk, thread=resolved.pk, actor=reviewer)
        makers.approve(made, people["decided"])
        if state in ("draft", "submitted"):
            workflow.withdraw(made.pk, version=2, actor=author)
        if state == "submitted":
            workflow.submit(made.pk, version=2, actor=author)
            standing = (
                makers.fresh(made).rounds.get(closed_at__isnull=True).assignments.select_related("member")
            )
            for assignment in standing:
                workflow.unassign(made.pk, member=assignment.member, actor=editor)
        if state == "changes_requested":
            workflow.request_changes(made.pk, version=2, digest=made.digest, actor=reviewer, note="More.")
        if state == "declined":
            workflow.decline(made.pk, version=2, actor=editor, note="Outside our field.")
        if state in ("approved", "retired"):
            makers.approve(made, reviewer)
        if state == "retired":
            workflow.retire(made.pk, actor=editor, notice="Superseded.")
        made = makers.fresh(made)
        assert made.state == state
        return made


def _everybody() -> dict[str, User]:
    made = {
        "author": person("author", "Ada Okafor", Role.AUTHOR),
        "coauthor": person("coauthor", "Cora Bell", Role.AUTHOR),
        "allroles": member("allroles", "Olga Berg", "MD", Role.AUTHOR, Role.EDITOR),
        "other": person("other", "Omar Other", Role.AUTHOR),
        "former": member("former", "Finn Old", "MD", term_to=date(2021, 1, 1)),
        "editor": person("editor", "Edith Hale", Role.EDITOR),
        "deskmember": member("deskmember", "Dora Both", "MD", Role.EDITOR),
        "stranger": person("stranger", "Sam Stranger"),
        "closed": member("closed", "Clara Gone", "MD", Role.EDITOR),
        "edited": member("edited", "Elif Both", "MD", Role.AUTHOR),
    }
    for who in ("allroles", "stranger"):
        made[who].is_superuser = made[who].is_staff = True
        made[who].save()
    for who in PEOPLE:
        if who not in made:
            made[who] = member(who, f"{who.title()} Member", "MD")
    return made
