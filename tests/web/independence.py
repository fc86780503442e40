"""A review by several who must not know of each other, and all that one of them can do in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from articles import workflow
from articles.models import (
    Article,
    Assignment,
    ChecklistItem,
    Conflict,
    Decision,
    Event,
    GlossaryEntry,
    Message,
    Question,
    Round,
    Thread,
    Topic,
    User,
)
from articles.states import Role
from articles.workflow import clock
from tests import makers
from tests.evidence import resubmit, sign_off, thread
from tests.people import member, person
from tests.web.walking import Answer, Known

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BEFORE, SINCE = datetime(2026, 2, 1, 12, tzinfo=UTC), datetime(2026, 2, 20, 12, tzinfo=UTC)
SECRET = "zxravi"
HISTOLOGY, FUNCTIONAL, PLAIN = "Histology", "Functional", "In plain"


def secret(place: str) -> str:
    """A word that Ravi wrote in one place and nobody else anywhere."""
    return f"{SECRET}{place}"


@dataclass
class World:
    """An article in its second round, which Ravi, Mei and Olga review, each for themselves."""

    article: Article
    invited: Article
    his: Thread
    hers: Thread
    settled: Thread
    seen: dict[tuple[str, str], Answer] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        return User.objects.get(username=name)

    def known(self) -> Known:
        """Values for the parts of addresses, as they are now."""

        def keys(model: Any) -> list[int]:
            return list(model.objects.order_by("pk").values_list("pk", flat=True))

        return Known(
            {
                "pk": [self.article.pk, self.invited.pk],
                "thread": [self.his.pk, self.hers.pk, keys(Thread)[-2]],
                "number": [1, 2],
                "slug": ["live"],
                "reading:member:slug": ["ravi"],
                "reading:topic:slug": ["imaging"],
                "topic": ["imaging"],
                "letter": ["L"],
                "form": ["bib", "ris", "json"],
                **{
                    f"admin:articles_{model._meta.model_name}_{page}:object_id": keys(model)[-1:]
                    for model in (Article, Assignment, Conflict, Decision, Event, Message, Round)
                    for page in ("change", "history", "delete")
                },
                "object_id": [],
                "app_label": ["articles"],
                "office:read:pk": keys(Message),
                "desk:question:pk": keys(Question),
                "desk:topic_policy:pk": keys(Topic),
                "desk:remove_policy:pk": keys(Topic),
                "desk:topic_specialties:pk": keys(Topic),
                **dict.fromkeys((f"office:glossary_{step}:pk" for step in ("entry", "approve", "withdraw")),
                                keys(GlossaryEntry)),
                **dict.fromkeys((f"desk:{step}_item:pk" for step in ("reword", "move", "use")),
                                keys(ChecklistItem)[:1]),
            }
        )  # fmt: skip


def made() -> World:
    """The world in which Ravi has done nothing yet in the second round."""
    people = {
        "ada": person("ada", "Ada Okafor", Role.AUTHOR),
        "edith": person("edith", "Edith Hale", Role.EDITOR),
        "ravi": member("ravi", "Ravi Menon", "MD, PhD"),
        "mei": member("mei", "Mei Lin", "PharmD"),
        # Keeps the desk as well, and has every key to the admin.
        "olga": member("olga", "Olga Berg", "MD", Role.EDITOR),
        "nia": member("nia", "Nia Obi", "MD"),
    }
    User.objects.filter(username="olga").update(is_staff=True, is_superuser=True)
    ada, edith, ravi, mei, olga = (people[name] for name in ("ada", "edith", "ravi", "mei", "olga"))
    imaging = Topic.objects.create(name="Imaging", slug="imaging")
    with clock.at(BEFORE):
        makers.article(ada, "approved", reviewer=mei, question="Live?", topic=imaging)
        makers.policy(independent=True, quorum=3)
        invited = makers.article(ada, "under_review", reviewer=mei, question="Invited?", topic=imaging)
        workflow.assign(invited.pk, member=ravi, actor=edith, due=date(2026, 3, 1))
        workflow.claim(invited.pk, actor=olga)
        made = makers.article(ada, "under_review", reviewer=ravi, topic=imaging)
        for each in (mei, olga):
            workflow.claim(made.pk, actor=each)
        made = makers.fresh(made)
        his, hers, settled = (thread(made, each, text="In round one.") for each in (ravi, mei, mei))
        workflow.resolve(made.pk, thread=settled.pk, actor=mei)
        workflow.request_changes(made.pk, version=1, digest=made.digest, actor=mei, note="More, please.")
        workflow.answer(made.pk, thread=his.pk, actor=ada, text="Better now?")
    with clock.at(SINCE):
        made = resubmit(made, "Histology with grade sets prognosis.", summary="Another summary.")
        # What each of the others does for themselves.
        for each in (mei, olga):
            sign_off(made, each, "unclear", note="My own doubt.")
            thread(made, each, FUNCTIONAL, text="My own question.")
    return World(made, invited, his, hers, settled)


# What Ravi does


def works(world: World) -> None:
    """Everything that a reviewer can do before a decision, with words wherever words are taken."""
    article, pk = world.article, world.article.pk
    ravi, ada, edith = world["ravi"], world["ada"], world["edith"]
    for words in (HISTOLOGY, FUNCTIONAL, PLAIN):
        for support in ("supported", "unclear", "not_supported", ""):
            sign_off(article, ravi, support, words, note=secret("passing"))
    for words, support in ((HISTOLOGY, "supported"), (FUNCTIONAL, "unclear"), (PLAIN, "not_supported")):
        sign_off(article, ravi, support, words, note=secret(support))
    must = thread(
        article, ravi, FUNCTIONAL, text=secret("mustfix"), must_fix=True, suggestion=secret("wording")
    )
    open_ = thread(article, ravi, PLAIN, text=secret("question"))
    for on in (must, open_, world.his, world.hers):
        workflow.answer(pk, thread=on.pk, actor=ravi, text=secret("reply"), quote=secret("quote"))
        workflow.answer(pk, thread=on.pk, actor=ada, text=secret("authorsays"), quote=secret("reply"))
    workflow.answer(pk, thread=open_.pk, actor=edith, text=secret("editorsays"))
    workflow.answer(pk, thread=must.pk, actor=ada, text="", done=True)
    workflow.resolve(pk, thread=world.his.pk, actor=ravi)
    workflow.reopen(pk, thread=world.settled.pk, actor=ravi)
    workflow.remind(pk, member=ravi, actor=edith, note=secret("reminder"))


def approves(world: World) -> None:
    ravi, pk = world["ravi"], world.article.pk
    must = Thread.objects.get(article=pk, is_must_fix=True, resolved_at=None)
    workflow.resolve(pk, thread=must.pk, actor=ravi)
    sign_off(world.article, ravi, "supported", PLAIN, note=secret("decision"))
    makers.approve(world.article, ravi, note=secret("decision"))
    # Another review that he was asked for: he begins without a word.
    sign_off(world.invited, ravi, "unclear", note=secret("invited"))
    thread(world.invited, ravi, text=secret("invited"), must_fix=True)


def recuses(world: World) -> None:
    ravi = world["ravi"]
    workflow.set_must_fix(world.article.pk, thread=world.hers.pk, actor=ravi, must_fix=True)
    workflow.recuse(world.article.pk, actor=ravi, note=secret("decision"), conflict=True)
    workflow.decline_review(world.invited.pk, actor=ravi, note=secret("invited"))


def declares(world: World) -> None:
    for each in (world.article, world.invited):
        workflow.declare_conflict(each.pk, actor=world["ravi"], reason=secret("conflict"))


ENDINGS = {each.__name__: each for each in (approves, recuses, declares)}


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
