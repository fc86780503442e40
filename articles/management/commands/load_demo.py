"""Tell the demonstration's story through the workflow, so that every screen has something true on it."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from articles import workflow
from articles.management.demo import content, readers
from articles.models import (
    TEXT_FIELDS,
    Article,
    BoardMember,
    ChecklistItem,
    EditorialPolicy,
    Message,
    ReviewPolicy,
    Topic,
    User,
)
from articles.states import Role
from articles.workflow import clock, glossary, signing
from articles.workflow.case import Case

PASSWORD = "netreview-demo"  # noqa: S105 - printed on purpose: the demo's accounts are for everyone
_ROLES = {"author": Role.AUTHOR, "board": Role.BOARD, "editor": Role.EDITOR}
# What is older than this before the story's end has been read; the rest waits in the inboxes.
_RECENT = timedelta(days=45)


class Command(BaseCommand):
    help = (
        "Load the demonstration: people, topics, the policy, and articles in every state. Does nothing twice."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demonstration has accounts whose password everybody knows. Set DEMO=1 to load it."
            )
        people = content.people()
        if User.objects.filter(username__in=people).exists():
            self.stdout.write("The demonstration is already there.")
            return
        with transaction.atomic():
            story = Story(people, later=content.later(timezone.localdate()))
            for step in content.steps():
                story.take(step)
            self._explain_words(story)
            readers.tell(story)
            self._mark_old_messages_read()
        self.stdout.write(f"Loaded {len(people)} people and {Article.objects.count()} articles.")

    def _explain_words(self, story: "Story") -> None:
        with clock.at(content.steps()[0].at):
            for word in content.glossary():
                entry = glossary.write_entry(
                    actor=story.people[word["by"]],
                    term=word["term"],
                    forms=word["forms"],
                    meaning=word["meaning"],
                )
                if word["approved_by"]:
                    glossary.approve_entry(
                        entry.pk, actor=story.people[word["approved_by"]], digest=entry.digest
                    )

    def _mark_old_messages_read(self) -> None:
        last = Message.objects.order_by("-created_at").values_list("created_at", flat=True).first()
        if last is not None:
            Message.objects.filter(created_at__lt=last - _RECENT).update(read_at=timezone.now())


class Story:
    """The people and articles of the story so far."""

    def __init__(self, people: dict[str, content.Person], *, later: timedelta) -> None:
        self.later = later
        self._shift = later
        self.people = {key: self._person(content.moved(person, later)) for key, person in people.items()}
        self.topics = {
            topic.slug: Topic.objects.get_or_create(
                slug=topic.slug,
                defaults={"name": topic.name, "description": topic.description, "terms": topic.terms},
            )[0]
            for topic in content.topics().values()
        }
        self.texts = content.articles()
        self.made: dict[str, int] = {}
        self.threads: dict[str, int] = {}
        EditorialPolicy.objects.get_or_create(
            pk=1, defaults={"body": content.policy(), "updated_at": content.steps()[0].at + later}
        )

    def _person(self, person: content.Person) -> User:
        user = User.objects.create_user(person.key, person.email, PASSWORD, name=person.name)
        user.emailaddress_set.create(email=person.email, verified=True, primary=True)  # type: ignore[attr-defined]
        for role in person.roles:
            user.grant(_ROLES[role])
        if "editor" in person.roles:
            # The editor of the demo also looks after accounts. It gives no power over the workflow.
            user.is_staff = user.is_superuser = True
            user.save(update_fields=["is_staff", "is_superuser"])
        if person.term_from is not None:
            BoardMember.objects.create(
                user=user,
                name=person.name,
                slug=person.slug,
                credentials=person.credentials,
                specialties=", ".join(person.specialties),
                affiliation=person.affiliation,
                biography=person.biography,
                disclosures=person.disclosures,
                term_from=person.term_from,
                term_to=person.term_to,
            )
        return user

    def _by(self, step: content.Step) -> timedelta:
        """How far the dates of a step move, and those of the text it brings."""
        return timedelta() if content.stands(step.article, step.at) else self.later

    def take(self, step: content.Step) -> None:
        """Take one step of the story at its own time, as its own actor, through the workflow."""
        self._shift = self._by(step)
        step = content.moved(step, self._shift)
        with clock.at(step.at):
            getattr(self, f"_{step.action}", self._plain_step)(step)

    def _fields(self, step: content.Step) -> tuple[dict[str, Any], str]:
        article = self.texts[step.article]
        text = content.moved(article.version(step.version or 1), self._shift)
        fields = {name: getattr(text, name) for name in TEXT_FIELDS}
        return fields | {"references": list(text.references), "topic": self.topics[article.topic]}, text.note

    def _create(self, step: content.Step) -> None:
        fields, note = self._fields(step)
        article = workflow.create(actor=self.people[step.actor], fields=fields, note=note)
        self.made[step.article] = article.pk
        for figure in self.texts[step.article].figures:
            workflow.add_figure(
                article.pk,
                actor=self.people[step.actor],
                file=figure.data,
                alt=figure.alt,
                credit=figure.credit,
            )

    def _save(self, step: content.Step) -> None:
        fields, note = self._fields(step)
        article = self._article(step)
        workflow.save(
            article.pk, version=article.version, actor=self.people[step.actor], fields=fields, note=note
        )

    def _assign(self, step: content.Step) -> None:
        workflow.assign(
            self._article(step).pk,
            member=self.people[step.member],
            due=step.due,
            actor=self.people[step.actor],
            note=step.note,
        )

    def _claim(self, step: content.Step) -> None:
        workflow.claim(self._article(step).pk, actor=self.people[step.actor])

    def _recuse(self, step: content.Step) -> None:
        workflow.recuse(
            self._article(step).pk, actor=self.people[step.actor], note=step.note, conflict=step.conflict
        )

    def _reaffirm(self, step: content.Step) -> None:
        workflow.reaffirm(self._article(step).pk, actor=self.people[step.actor], note=step.note)

    def _retire(self, step: content.Step) -> None:
        workflow.retire(
            self._article(step).pk, actor=self.people[step.actor], notice=step.notice or step.note
        )

    def _approve(self, step: content.Step) -> None:
        ticked = ChecklistItem.objects.filter(verdict="approve").values_list("pk", flat=True)
        self._decide(
            workflow.approve, step, signature=signing.told(self.people[step.actor]), ticked=list(ticked)
        )

    def _request_changes(self, step: content.Step) -> None:
        named = ChecklistItem.objects.filter(verdict="request_changes", text__in=step.aspects)
        self._decide(workflow.request_changes, step, ticked=list(named.values_list("pk", flat=True)))

    def _policy(self, step: content.Step) -> None:
        ReviewPolicy.objects.update_or_create(
            topic=self.topics[step.topic],
            defaults={"quorum": step.quorum, "specialties": step.specialties, "sign_off": step.sign_off},
        )

    def _accept_review(self, step: content.Step) -> None:
        workflow.accept_review(self._article(step).pk, actor=self.people[step.actor])

    # --- On single statements

    def _sign_off(self, step: content.Step) -> None:
        for words in step.statements:
            self._on_statement(workflow.sign_off, step, words, support=step.support, note=step.note)

    def _open_thread(self, step: content.Step) -> None:
        self.threads[step.thread] = self._on_statement(
            workflow.open_thread,
            step,
            step.statement,
            text=step.text,
            must_fix=step.must_fix,
            suggestion=step.suggestion,
        ).pk

    def _answer(self, step: content.Step) -> None:
        self._on_thread(workflow.answer, step, text=step.text, quote=step.quote, done=step.done)

    def _resolve(self, step: content.Step) -> None:
        self._on_thread(workflow.resolve, step)

    def _accept_suggestion(self, step: content.Step) -> None:
        self._on_thread(workflow.accept_suggestion, step, version=self._article(step).version)

    def _on_statement(self, take: Any, step: content.Step, words: str, **given: Any) -> Any:
        """Take a step on the first statement that begins with `words`."""
        article = self._article(step)
        actor = self.people[step.actor]
        statements = Case(article, actor).statements.values()
        digest = next(each.digest for each in statements if each.text.startswith(words))
        return take(article.pk, version=article.version, statement=digest, actor=actor, **given)

    def _on_thread(self, take: Any, step: content.Step, **given: Any) -> None:
        take(
            self._article(step).pk,
            thread=self.threads[step.thread],
            actor=self.people[step.actor],
            **given,
        )

    def _decide(self, decide: Any, step: content.Step, **signed: Any) -> None:
        article = self._article(step)
        decide(
            article.pk,
            version=article.version,
            digest=article.digest,
            actor=self.people[step.actor],
            note=step.note,
            **signed,
        )

    def _plain_step(self, step: content.Step) -> None:
        """submit, withdraw, revise, decline: an article, its version, an actor and a note."""
        article = self._article(step)
        getattr(workflow, step.action)(
            article.pk, version=article.version, actor=self.people[step.actor], note=step.note
        )

    def _article(self, step: content.Step) -> Article:
        return Article.objects.get(pk=self.made[step.article])
