"""Independent reviews, byte for byte: before one's own decision, not one byte of a colleague's work is told.

Ravi does all that a reviewer can do. Then everything that the app can answer is asked for as those who may
not know of it, and must be the same, byte for byte, as in the world in which he has done nothing.
"""

import logging
import re
from collections.abc import Iterator
from difflib import unified_diff
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.urls import reverse

from articles import workflow
from articles.models import (
    Message,
    Thread,
    User,
)
from articles.notify import outbox
from tests.evidence import statement
from tests.web.independence import (
    ENDINGS,
    FUNCTIONAL,
    HISTOLOGY,
    NOW,
    PLAIN,
    SECRET,
    World,
    approves,
    made,
    undone,
    works,
)
from tests.web.walking import Answer, Visitor, addresses, links

pytestmark = pytest.mark.django_db

DOORS = ("/office/", "/review/", "/desk/", "/write/")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once; each test undoes what it does."""
    logging.disable(logging.WARNING)
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        yield made()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


# What the others get to see. Mei reviews, Olga too and keeps the desk, Nia only serves on the board.

HERE = ("/review/", "/office/articles/", "/office/inbox/")
WALKS = [
    ("mei", "approves", ("/",)),
    ("mei", "recuses", HERE),
    ("mei", "declares", ("/review/",)),
    ("olga", "recuses", ("/desk/", "/admin/articles/")),
    ("olga", "declares", ("/admin/articles/",)),
    ("nia", "recuses", ("/review/",)),
]


def everywhere(world: World, viewer: User, under: tuple[str, ...]) -> dict[str, Answer]:
    """Every address with such a beginning, and every link with a query on their pages."""
    visitor = Visitor(viewer)
    found = {path: visitor.get(path) for path in addresses(world.known()) if path.startswith(under)}
    pages = {path: page for path, page in found.items() if page.status == 200}
    more = links(pages.items(), DOORS)
    more |= {f"{path}?q={SECRET}" for path, page in pages.items() if 'name="q"' in page.text}
    return found | {path: visitor.get(path) for path in more - found.keys()}


def differences(before: Answer, after: Answer) -> str:
    """The lines that differ, for whoever has to mend it."""
    if (before.status, before.headers) != (after.status, after.headers):
        return f"{before.status} {before.headers} became {after.status} {after.headers}"
    lines = unified_diff(
        before.text.splitlines(), after.text.splitlines(), "before", "after", n=0, lineterm=""
    )
    return "\n".join(line.strip() for line in lines)[:800]


@pytest.mark.parametrize(("who", "ending", "under"), WALKS)
def test_every_page_is_byte_for_byte_as_if_the_colleague_had_done_nothing(
    who: str, ending: str, under: tuple[str, ...], world: World
) -> None:
    with undone():
        works(world)
        ENDINGS[ending](world)
        after = everywhere(world, world[who], under)
    assert len(after) > 40, "the walk went somewhere"
    visitor = Visitor(world[who])
    wrong = []
    for path, answer in after.items():
        if answer.status == 405:
            continue  # Only forms are sent there; see below.
        before = world.seen.get((who, path)) or visitor.get(path)
        world.seen[(who, path)] = before
        if before != answer:
            wrong.append(f"{path}\n{differences(before, answer)}")
    assert not wrong, f"{len(wrong)} pages:\n" + "\n".join(wrong[:5])


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_letter_and_no_message_comes_of_it(ending: str, world: World) -> None:
    with undone():
        outbox.deliver()
        mail.outbox.clear()
        before = Message.objects.count()
        works(world)
        ENDINGS[ending](world)
        outbox.deliver()
        told = {address for letter in mail.outbox for address in letter.to}
        assert not told & {f"{who}@example.org" for who in ("mei", "olga", "nia")}
        assert not Message.objects.filter(recipient__username__in=("mei", "olga", "nia"))[before:]
        assert "ada@example.org" in told, "the author hears of it: letters do go out"


# A new row has the next number, whoever made the one before.
_NUMBERS = re.compile(rb'((?:thread|answer|quote|comment)s?(?:-|=|/|="))\d+')


def posts(world: World) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What somebody who is blind may send, short of a decision: (who, address, fields)."""
    article, pk = world.article, world.article.pk
    about = {"version": article.version, "digest": article.digest}
    hidden = Thread.objects.filter(article=pk, opened_by__username="ravi").latest("pk").pk
    marks = ((HISTOLOGY, "supported"), (FUNCTIONAL, "not_supported"), (PLAIN, "unclear"), (PLAIN, ""))
    for words, support in marks:
        said = about | {"statement": statement(article, words).digest, "support": support, "text": "Mine."}
        for step in ("sign_off", "open_thread"):
            yield "mei", reverse(f"reviewing:{step}", args=[pk]), said
    for step in ("approve", "request_changes", "recuse", "declare_conflict", "claim", "accept_review"):
        yield "mei", reverse(f"reviewing:{step}", args=[pk]), about | {"password": "wrong", "note": ""}
    for on in (world.his.pk, world.hers.pk, world.settled.pk, hidden):
        for step in ("reviewing:resolve", "reviewing:reopen", "reviewing:mark", "office:answer"):
            yield "mei", reverse(step, args=[pk, on]), {"text": "Mine.", "must_fix": "1"}
    for step in ("assign", "unassign", "remind"):
        yield "olga", reverse(f"desk:{step}", args=[pk]), {"member": world["ravi"].pk, "due": ""}


@pytest.mark.parametrize("htmx", [False, True])
def test_every_answer_to_a_form_is_the_same(htmx: bool, world: World) -> None:
    def answers() -> list[Answer]:
        visitors = {who: Visitor(world[who]) for who in ("mei", "olga")}
        found = [visitors[who].post(path, data, htmx=htmx) for who, path, data in sent]
        return [Answer(each.status, (), _NUMBERS.sub(rb"\1", each.body)) for each in found]

    with undone():
        works(world)
        approves(world)
        sent = [each for each in posts(world) if not htmx or "/threads/" in each[1] or "sign" in each[1]]
        after = answers()
    together = zip(sent, answers(), after, strict=True)
    wrong = [f"{what}\n{differences(one, other)}" for what, one, other in together if one != other]
    assert not wrong, f"{len(wrong)} of {len(sent)}\n" + "\n".join(wrong[:5])


# So that the tests above can fail: who may know finds all of it.

EVERYTHING = {"supported", "unclear", "mustfix", "wording", "question", "reply", "quote", "authorsays",
              "editorsays", "decision"}  # fmt: skip


def found_by(world: World, who: str, *doors: str) -> set[str]:
    """Ravi's words that somebody finds when they look at the article from behind some doors."""
    under = tuple(f"/{door}/{world.article.pk}/" for door in doors)
    pages = everywhere(world, world[who], under)
    everything = " ".join(page.text for page in pages.values())
    return set(re.findall(rf"{SECRET}(\w+)", everything))


def test_after_ones_own_decision_all_of_it_shows_and_nothing_of_another_review(world: World) -> None:
    with undone():
        works(world)
        approves(world)
        workflow.recuse(world.article.pk, actor=world["mei"], note="No time.")
        assert found_by(world, "mei", "review", "office/articles") == EVERYTHING | {"reminder"}
        other = Visitor(world["mei"]).get(reverse("reviewing:article", args=[world.invited.pk]))
        assert other.status == 200
        assert SECRET not in other.text


@pytest.mark.parametrize("who", ["ada", "edith"])
def test_authors_and_editors_see_it_at_once(who: str, world: World) -> None:
    with undone():
        works(world)
        approves(world)
        # Notes on sign-offs stand in the review, which is the board's.
        expected = (EVERYTHING | {"reminder"}) - {"supported", "unclear"}
        assert found_by(world, who, "office/articles") == expected
