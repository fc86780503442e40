"""Mail about threads: the other side hears what was said, and a reviewer nothing of a colleague too early."""

import pytest
from django.conf import settings

from articles import workflow
from articles.models import Article, Message, Thread, User
from articles.notify.mail import compose, tell
from tests import makers
from tests.evidence import resubmit, thread

pytestmark = pytest.mark.django_db
MARKUP = "<script>alert(1)</script> & a second thought"


@pytest.fixture
def article(ada: User, ravi: User) -> Article:
    return makers.article(ada, "under_review", reviewer=ravi)


def told(article: Article) -> dict[str, str]:
    """Username -> kind, of everyone who was told of the last answer in a thread of the article."""
    event = article.events.filter(kind="thread_answered").order_by("-sequence").first()
    return {message.recipient.username: message.kind for message in event.messages.all()}


def mail_to(person: User) -> list[str]:
    """Text and HTML of the newest mail to somebody."""
    composed = compose(Message.objects.filter(recipient=person).latest("pk"))
    return [composed.body, str(composed.alternatives[0][0])]


def answer(found: Thread, actor: User, text: str = "Grade 2.", **given: object) -> None:
    workflow.answer(found.article_id, thread=found.pk, actor=actor, text=text, **given)


def test_who_opened_a_thread_is_told_what_the_author_answered(
    article: Article, ada: User, ravi: User
) -> None:
    found = thread(article, ravi)
    answer(found, ada, "Grade 2, and the source says so.")
    assert told(article) == {"ravi": "reviewer_thread_answered"}
    for text in mail_to(ravi):
        assert "Ada Okafor answered in a thread that you opened." in text
        assert "Histology with grade sets prognosis." in text
        assert "Grade 2, and the source says so." in text
        assert f"{settings.SITE_URL}/office/articles/{article.pk}/threads/{found.pk}/" in text


def test_done_without_words_is_told_as_done(article: Article, ada: User, ravi: User) -> None:
    answer(thread(article, ravi), ada, "", done=True)
    assert told(article) == {"ravi": "reviewer_thread_done"}
    for text in mail_to(ravi):
        assert "Ada Okafor says that what you asked for in a thread is done." in text
        assert "wrote:" not in text


def test_the_authors_are_told_what_a_reviewer_or_an_editor_answered(
    article: Article, ada: User, ravi: User, edith: User
) -> None:
    found = thread(article, ravi)
    for person in (ravi, edith):
        answer(found, person, f"Word of {person.name}")
        assert told(article) == {"ada": "author_thread_answered"}
        assert all(f"Word of {person.name}" in text for text in mail_to(ada))


def test_markup_in_an_answer_is_escaped_in_html_and_plain_in_text(
    article: Article, ada: User, ravi: User
) -> None:
    answer(thread(article, ravi), ada, MARKUP)
    plain, html = mail_to(ravi)
    assert MARKUP in plain
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_superscripts_reach_the_mail_without_marks(ada: User, ravi: User) -> None:
    made = makers.article(ada, "under_review", reviewer=ravi, words="Uptake of <sup>177</sup>Lu is seen.")
    answer(thread(made, ravi, "Uptake"), ada)
    assert all("Uptake of 177Lu is seen." in text for text in mail_to(ravi))


def test_a_request_for_changes_says_how_much_is_asked_and_which_aspects(
    article: Article, ada: User, ravi: User
) -> None:
    thread(article, ravi, must_fix=True)
    thread(article, ravi, "Functional")
    items = makers.ChecklistItem.objects.filter(verdict="request_changes", text__in=["Accuracy", "Balance"])
    workflow.request_changes(
        article.pk,
        version=1,
        digest=article.digest,
        actor=ravi,
        note="See below.",
        ticked=[i.pk for i in items],
    )
    message = Message.objects.get(recipient=ada)
    assert tell(message).happened == (
        "Ravi Menon asked for changes to version 1. The board asks 2 things, 1 must be fixed. "
        "Needs work: Accuracy, Balance."
    )
    assert tell(message).path == f"/write/{article.pk}/asks/"


def test_other_reviewers_are_told_nothing_of_a_thread(
    article: Article, ada: User, ravi: User, mei: User
) -> None:
    workflow.claim(article.pk, actor=mei)
    found = thread(article, ravi)
    answer(found, ada)
    answer(found, ravi)
    assert not Message.objects.filter(recipient=mei).exists()


def test_an_answer_to_a_colleague_reaches_no_reviewer_who_must_not_know_yet(
    ada: User, ravi: User, mei: User
) -> None:
    makers.policy(independent=True, quorum=2)
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    hers = thread(article, mei)
    workflow.request_changes(article.pk, version=1, digest=article.digest, actor=ravi, note="See the thread.")
    article = resubmit(article, "Other words.")
    answer(hers, ravi, "I agree with Mei.")
    answer(hers, ada, "So you both think so.")
    assert told(article) == {}
    answer(hers, mei, "And the source?")
    answer(hers, ada, "Added.")
    assert told(article) == {"mei": "reviewer_thread_answered"}
    assert all("both" not in text for text in mail_to(mei))
