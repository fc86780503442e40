"""Readers' questions: grouped in the editors' words, answered once, forgotten without a trace."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db import models
from django.utils import timezone

from articles import tasks, workflow
from articles.models import Article, Event, Inquiry, Message, Publication, Question, User
from articles.notify import answers
from articles.retrieval.passages import passages
from articles.states import Role
from articles.workflow import (
    Blocked,
    NotAllowed,
    StaleVersion,
    WrongState,
    carrying,
    inquiries,
    replies,
    telling,
)
from articles.workflow.telling import answer_inquiry, answer_of, answer_question
from tests import makers
from tests.asking import TITLE, approve, ask, group, write
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def publication(ada: User, ravi: User) -> Publication:
    return makers.article(ada, "approved", reviewer=ravi).publications.get()


def statement(words: str = "functional imaging primary site") -> str:
    """The key of the statement that answers best."""
    return passages(words)[0].key


# --- Grouping


def test_several_questions_become_one_in_the_editors_words(publication: Publication, edith: User) -> None:
    first = ask(
        publication, "Is it safe?", section="Diagnosis", created_at=timezone.now() - timedelta(days=2)
    )
    second = ask(publication, "And is it safe for me?")
    inquiry = group(edith, second, first)
    assert list(inquiry.questions.order_by("pk")) == [first, second]
    assert (inquiry.title, inquiry.state, inquiry.opened_by) == (TITLE, "open", edith)
    # Where the first of them came from is kept.
    assert (inquiry.publication, inquiry.section, inquiry.level) == (publication, "Diagnosis", "plain")
    assert [row.history_user for row in inquiry.history.all()] == [edith]


def test_a_question_is_in_one_group_only_and_can_be_taken_out(publication: Publication, edith: User) -> None:
    one, two = ask(publication), ask(publication, "Another?")
    inquiry = group(edith, one)
    with pytest.raises(WrongState):
        inquiries.open_inquiry([one.pk, two.pk], actor=edith, title="A second group")
    assert not Inquiry.objects.filter(title="A second group").exists()
    inquiries.join(inquiry.pk, [two.pk], actor=edith)
    assert inquiry.questions.count() == 2
    inquiries.take_out(inquiry.pk, one.pk, actor=edith)
    assert list(inquiry.questions.all()) == [two]
    with pytest.raises(WrongState):
        inquiries.take_out(inquiry.pk, one.pk, actor=edith)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "x" * 301,
        "Answer mrs.doe@example.org please",
        # A reader's words, all of them or eight in a row.
        "my  sister anna has had this since she was a child: is it SAFE",
        "They say: my sister anna has had this since she grew up",
    ],
)
def test_a_title_is_nobodys_words_but_the_editors(publication: Publication, edith: User, title: str) -> None:
    asked = ask(publication, "My sister Anna has had this since she was a child: is it safe?")
    with pytest.raises(Blocked):
        group(edith, asked, title=title)
    assert not Inquiry.objects.exists()
    assert group(edith, asked, title="Is it safe for somebody who has had it since childhood?")


def test_nobody_but_editors_groups_answers_or_hands_on(
    publication: Publication, ada: User, ravi: User, edith: User
) -> None:
    asked = ask(publication)
    inquiry = group(edith, ask(publication, "Another?"))
    admin = person("root", "Root", is_superuser=True, is_staff=True)
    in_it = inquiry.questions.get().pk
    steps: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
        (inquiries.open_inquiry, ([asked.pk],), {"title": "Mine?"}),
        (inquiries.join, (inquiry.pk, [asked.pk]), {}),
        (inquiries.take_out, (inquiry.pk, in_it), {}),
        (inquiries.retitle, (inquiry.pk,), {"title": "Mine?", "seen": TITLE}),
        (inquiries.reopen, (inquiry.pk,), {}),
        (answer_question, (asked.pk,), {"words": "Mine."}),
        (answer_inquiry, (inquiry.pk,), {"words": "Mine."}),
        (replies.ask_member, (inquiry.pk,), {"member": ravi}),
        (replies.withdraw_reply, (inquiry.pk,), {"note": "Mine."}),
        (carrying.ask_revision, (inquiry.pk,), {}),
        (carrying.begin_article, (inquiry.pk,), {"author": ada}),
    ]
    for step, about, given in steps:
        for somebody in (ada, ravi, admin):
            with pytest.raises(NotAllowed):
                step(*about, actor=somebody, **given)
    assert Article.objects.count() == 1
    assert not Question.objects.filter(answered_at__isnull=False).exists()
    assert not Event.objects.filter(kind__startswith="inquiry").exists()


def test_a_title_that_somebody_changed_meanwhile_is_not_overwritten(
    publication: Publication, edith: User
) -> None:
    inquiry = group(edith, ask(publication))
    inquiries.retitle(inquiry.pk, actor=edith, title="Other words?", seen=TITLE)
    with pytest.raises(StaleVersion):
        inquiries.retitle(inquiry.pk, actor=edith, title="Third words?", seen=TITLE)
    inquiry.refresh_from_db()
    assert inquiry.title == "Other words?"
    assert [row.title for row in inquiry.history.all()] == ["Other words?", TITLE]


# --- Answering


@pytest.mark.django_db(transaction=True)
def test_everybody_in_a_group_gets_the_statement_with_its_sources_date_and_link_once(
    ada: User, ravi: User, edith: User
) -> None:
    publication = makers.article(ada, "approved", reviewer=ravi).publications.get()
    one = ask(publication, email="one@example.org", text="One?")
    two = ask(publication, email="two@example.org", text="Two?")
    silent = ask(publication, "Three?")
    inquiry = group(edith, one, two, silent)
    mail.outbox.clear()
    answer_inquiry(inquiry.pk, actor=edith, words="See this.", keys=[statement()])
    tasks.deliver_messages()
    assert sorted(sent.to[0] for sent in mail.outbox) == ["one@example.org", "two@example.org"]
    slug = publication.addresses.get().slug
    for sent in mail.outbox:
        for part in (sent.body, str(sent.alternatives[0][0])):
            assert "See this." in part
            assert "Functional imaging helps to find the primary site." in part
            assert "Gastroenteropancreatic neuroendocrine neoplasms" in part
            assert f"/articles/{slug}/#" in part
            assert f"last updated {publication.published_at:%B} {publication.published_at.day}" in part
    assert "Two?" not in next(sent.body for sent in mail.outbox if sent.to == ["one@example.org"])
    silent.refresh_from_db()
    assert (silent.answered_by, silent.sent_at) == (edith, None)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.answered_with) == ("answered", "statements")
    with pytest.raises(WrongState):
        answer_inquiry(inquiry.pk, actor=edith, words="Again.")
    with pytest.raises(WrongState):
        inquiries.join(inquiry.pk, [ask(publication, "Four?").pk], actor=edith)


def test_only_what_is_live_can_be_pointed_to(publication: Publication, ada: User, edith: User) -> None:
    asked = ask(publication, email="one@example.org")
    key = statement()
    workflow.retire(publication.article_id, actor=edith, notice="Superseded.")
    for wrong in (key, "9999-clinical-a", "1-clinical-", "x", "1", "\x00", "-" * 40):
        with pytest.raises(Blocked):
            answer_question(asked.pk, actor=edith, words="See this.", keys=[wrong])
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_what_was_seen_in_the_preview_is_what_is_sent(
    publication: Publication, ada: User, ravi: User, edith: User
) -> None:
    asked = ask(publication, email="one@example.org")
    key = statement()
    seen = answer_of("See this.", [key]).digest
    article = publication.article
    workflow.revise(article.pk, version=1, actor=ada)
    makers.bring(makers.edit(makers.fresh(article), "Other words."), "approved", reviewer=ravi)
    with pytest.raises(StaleVersion):
        answer_question(asked.pk, actor=edith, words="See this.", keys=[key], seen=seen)
    answer_question(
        asked.pk, actor=edith, words="See this.", keys=[key], seen=answer_of("See this.", [key]).digest
    )


def test_what_was_retired_before_the_mail_went_out_is_not_quoted(
    publication: Publication, edith: User
) -> None:
    asked = ask(publication, email="one@example.org")
    answer_question(asked.pk, actor=edith, words="See this.", keys=[statement()])
    workflow.retire(publication.article_id, actor=edith, notice="Superseded.")
    composed = answers.compose(Question.objects.get(pk=asked.pk))
    assert "Functional imaging" not in composed.body
    assert "1 statement that we meant to quote has been retired since" in composed.body
    assert "/articles/" not in composed.body


def test_a_question_that_stands_in_a_group_is_answered_there(publication: Publication, edith: User) -> None:
    asked = ask(publication)
    group(edith, asked)
    with pytest.raises(WrongState, match="grouped"):
        answer_question(asked.pk, actor=edith, words="Alone.")


def test_an_answer_says_something_in_at_most_so_many_words(publication: Publication, edith: User) -> None:
    asked = ask(publication)
    for words in ("", " \n\x00 ", "x" * 5_001):
        with pytest.raises(Blocked):
            answer_question(asked.pk, actor=edith, words=words)


# --- An article that answers


def revised(publication: Publication, author: User, reviewer: User, words: str = "It holds.") -> None:
    article = publication.article
    workflow.revise(article.pk, version=makers.fresh(article).version, actor=author)
    makers.bring(makers.edit(makers.fresh(article), words), "approved", reviewer=reviewer)


def test_the_approval_of_a_revision_answers_who_asked_for_it(
    publication: Publication, ada: User, ravi: User, edith: User
) -> None:
    asked = ask(publication, email="one@example.org")
    inquiry = group(edith, asked)
    carrying.ask_revision(inquiry.pk, actor=edith, note="In a sentence or two.")
    told = Message.objects.get(recipient=ada, kind="author_inquiry_attached")
    assert (told.event.data["title"], told.event.note) == (TITLE, "In a sentence or two.")
    revised(publication, ada, ravi)
    inquiry.refresh_from_db()
    asked.refresh_from_db()
    assert (inquiry.state, inquiry.answered_with) == ("answered", "publication")
    live = Publication.objects.live().get()
    composed = answers.compose(Question.objects.get(pk=asked.pk))
    assert f"approved it on {live.published_at:%B} {live.published_at.day}" in composed.body
    assert "/articles/" in composed.body
    event = Event.objects.get(kind="inquiry_answered")
    assert event.data == {"inquiries": [inquiry.pk]}


def test_what_was_under_review_already_cannot_answer(
    publication: Publication, ada: User, ravi: User, edith: User
) -> None:
    article = publication.article
    workflow.revise(article.pk, version=1, actor=ada)
    made = makers.bring(makers.edit(makers.fresh(article), "Before."), "under_review", reviewer=ravi)
    inquiry = group(edith, ask(publication))
    carrying.ask_revision(inquiry.pk, actor=edith)
    makers.approve(made, ravi)
    inquiry.refresh_from_db()
    assert inquiry.state == "with_author"
    revised(publication, ada, ravi, "After.")
    inquiry.refresh_from_db()
    assert inquiry.state == "answered"


def test_a_new_article_is_begun_for_an_author_and_answers_when_it_is_approved(
    publication: Publication, ravi: User, edith: User
) -> None:
    omar = person("omar", "Omar Other", Role.AUTHOR)
    asked = ask(publication, email="one@example.org")
    inquiry = group(edith, asked)
    with pytest.raises(Blocked):
        carrying.begin_article(inquiry.pk, author=ravi, actor=edith)
    article = carrying.begin_article(inquiry.pk, author=omar, actor=edith)
    assert (article.question, article.author, article.state, article.version) == (TITLE, omar, "draft", 1)
    assert Message.objects.filter(recipient=omar, kind="author_inquiry_attached").exists()
    makers.bring(makers.edit(article, "It holds.", question=article.question), "approved", reviewer=ravi)
    asked.refresh_from_db()
    slug = article.addresses.get().slug
    assert f"/articles/{slug}/" in answers.compose(Question.objects.get(pk=asked.pk)).body
    assert asked.answered_in_id == article.pk


@pytest.mark.parametrize("how", ["declined", "retired", "taken back"])
def test_what_an_article_will_not_answer_is_open_again(
    publication: Publication, ada: User, ravi: User, edith: User, how: str
) -> None:
    erin = person("erin", "Erin Stone", Role.EDITOR)
    inquiry = group(edith, ask(publication))
    carrying.ask_revision(inquiry.pk, actor=edith)
    article = publication.article
    if how == "declined":
        workflow.revise(article.pk, version=1, actor=ada)
        makers.bring(makers.edit(makers.fresh(article), "Half."), "declined", editor=edith)
    elif how == "retired":
        workflow.retire(article.pk, actor=edith, notice="Superseded.")
    else:
        inquiries.reopen(inquiry.pk, actor=edith)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.carried_by, inquiry.carried_from) == ("open", None, None)
    assert Message.objects.filter(recipient=erin, kind="editor_inquiry_returned").exists()


def test_an_approval_that_answers_nobody_asks_one_question_more(
    ada: User, ravi: User, django_assert_num_queries: Any
) -> None:
    publication = makers.article(ada, "approved", reviewer=ravi).publications.get()
    with django_assert_num_queries(1):
        assert carrying.answer_by(publication, ravi) == []


# --- Forgetting


def every_text() -> str:
    """All words that all tables hold."""
    said = []
    for model in apps.get_models(include_auto_created=True):
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField, models.JSONField))
        ]
        said += [str(row) for row in model._default_manager.values_list(*names)] if names else []
    return "\n".join(said)


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_reader_outlives_their_question(
    ada: User, ravi: User, mei: User, edith: User, client_of: Any
) -> None:
    publication = makers.article(ada, "approved", reviewer=ravi).publications.get()
    secret, address = "zxreaderwords", "zxreader@example.org"
    kept = {
        which: ask(publication, f"{secret} {which}?", email=address)
        for which in ("alone", "pointed", "board", "revised", "open")
    }
    editor = client_of(edith)
    typed = {"answer": "See this.", "statement": statement(), "search": "imaging", "do": "preview"}
    assert secret in editor.post(f"/desk/questions/{kept['alone'].pk}/", typed).content.decode()
    answer_question(kept["alone"].pk, actor=edith, words="Yes.")
    for which, title in (
        ("pointed", "First?"),
        ("board", "Second?"),
        ("revised", "Third?"),
        ("open", "Fourth?"),
    ):
        inquiry = group(edith, kept[which], title=title)
        if which == "pointed":
            answer_inquiry(inquiry.pk, actor=edith, words="See.", keys=[statement()])
        elif which == "board":
            write(inquiry, mei, question="Does it hold?")
            approve(inquiry, ravi)
        elif which == "revised":
            carrying.ask_revision(inquiry.pk, actor=edith)
            revised(publication, ada, ravi)
    tasks.deliver_messages()
    assert secret in every_text()
    assert address in every_text()
    Question.objects.update(expires_at=timezone.now())
    assert tasks.forget_expired_questions() == 5
    assert secret not in every_text()
    assert address not in every_text()
    assert Inquiry.objects.count() == 4


def test_a_group_whose_questions_are_forgotten_can_still_be_answered(
    publication: Publication, edith: User
) -> None:
    inquiry = group(edith, ask(publication))
    Question.objects.update(expires_at=timezone.now())
    tasks.forget_expired_questions()
    assert telling.answer_inquiry(inquiry.pk, actor=edith, words="Settled.").state == "answered"
