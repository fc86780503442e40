"""The board's answers to readers: written by one member, approved by another, withdrawn at once."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from articles import tasks, workflow
from articles.models import Event, Inquiry, Message, Publication, PublishedReply, Reply, User
from articles.states import Role
from articles.workflow import Blocked, NotAllowed, StaleVersion, WrongState, inquiries, replies
from articles.workflow.signing import told
from tests import makers
from tests.asking import approve, ask, digest, group, write
from tests.people import member, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def publication(ada: User, ravi: User) -> Publication:
    return makers.article(ada, "approved", reviewer=ravi).publications.get()


@pytest.fixture
def inquiry(publication: Publication, edith: User) -> Inquiry:
    return group(edith, ask(publication, email="reader@example.org"))


def test_a_member_is_asked_writes_and_another_approves(
    inquiry: Inquiry, ravi: User, mei: User, edith: User
) -> None:
    due = timezone.localdate() + timedelta(days=7)
    replies.ask_member(inquiry.pk, member=mei, actor=edith, due=due, note="You know the trial.")
    [message] = Message.objects.filter(recipient=mei, kind="member_inquiry_asked")
    assert (message.event.note, message.event.data["due"]) == ("You know the trial.", due.isoformat())
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.reply.member, inquiry.reply.due) == ("with_board", mei, due)
    write(inquiry, mei, "It holds.")
    assert Message.objects.filter(recipient=edith, kind="editor_reply_handed_in").exists()
    assert not PublishedReply.objects.exists()
    published = approve(inquiry, ravi)
    assert published.writer_name == "Mei Lin"
    assert (published.approver_name, published.approver_credentials) == ("Ravi Menon", "MD, PhD")
    assert (published.number, published.publication_number, published.status) == (1, 1, "live")
    assert (published.meaning, published.method) == ("I approve this answer as I read it", "told")
    assert "It holds." in published.rendering["html"]
    assert [each["key"] for each in published.rendering["references"]] == ["pavel2020"]
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.answered_with) == ("answered", "reply")
    event = Event.objects.get(kind="reply_approved")
    assert event.data["digest"] == published.digest
    assert Message.objects.filter(recipient=mei, kind="member_reply_approved").exists()


@pytest.mark.django_db(transaction=True)
def test_who_asked_hears_of_the_approved_answer_with_its_link(
    ada: User, ravi: User, mei: User, edith: User
) -> None:
    publication = makers.article(ada, "approved", reviewer=ravi).publications.get()
    inquiry = group(edith, ask(publication, email="reader@example.org"), ask(publication, "Another?"))
    write(inquiry, mei)
    mail.outbox.clear()
    published = approve(inquiry, ravi)
    tasks.deliver_messages()
    [sent] = [each for each in mail.outbox if each.to == ["reader@example.org"]]
    assert "Our Medical Advisory Board has answered: “Does it hold after an operation?”" in sent.body
    assert f"/articles/{publication.addresses.get().slug}/#reply-{published.reply_id}" in sent.body


def test_the_writer_cannot_approve_nor_who_wrote_before_nor_who_has_a_conflict(
    inquiry: Inquiry, ravi: User, mei: User, ada: User, edith: User
) -> None:
    """The same set-up as for the approval above, by everybody who may not."""
    write(inquiry, ravi, "First words.")
    inquiries.reopen(inquiry.pk, actor=edith)
    replies.ask_member(inquiry.pk, member=mei, actor=edith)
    inquiry.refresh_from_db()
    write(inquiry, mei, "Other words.")
    barred = member("rosa", "Rosa Diaz", "MD")
    workflow.declare_conflict(inquiry.article_id, actor=barred, reason="Shares.")
    former = member("finn", "Finn Old", "MD", term_to=date(2021, 1, 1))
    root = person("root", "Root", is_superuser=True, is_staff=True)
    for somebody in (mei, ravi, barred, former, ada, edith, root):
        with pytest.raises(NotAllowed):
            approve(inquiry, somebody)
    assert not PublishedReply.objects.exists()
    assert not Event.objects.filter(kind="reply_approved").exists()
    assert approve(inquiry, member("olga", "Olga Berg", "MD"))


def test_an_author_on_the_board_neither_writes_nor_approves(
    ada: User, ravi: User, mei: User, edith: User
) -> None:
    olga = member("olga", "Olga Berg", "MD", Role.AUTHOR)
    publication = makers.article(olga, "approved", reviewer=ravi).publications.get()
    inquiry = group(edith, ask(publication))
    with pytest.raises(NotAllowed):
        replies.take(inquiry.pk, actor=olga)
    with pytest.raises(Blocked):
        replies.ask_member(inquiry.pk, member=olga, actor=edith)
    write(inquiry, mei)
    with pytest.raises(NotAllowed):
        approve(inquiry, olga)


def test_a_conflict_declared_meanwhile_stops_the_writer(inquiry: Inquiry, mei: User) -> None:
    write(inquiry, mei, hand_in=False)
    workflow.declare_conflict(inquiry.article_id, actor=mei, reason="Shares.")
    with pytest.raises(NotAllowed, match="conflict"):
        write(inquiry, mei, "More.")
    replies.hand_back(inquiry.pk, actor=mei, note="I have a conflict.")
    inquiry.refresh_from_db()
    assert inquiry.state == "open"


def test_an_approval_is_of_exactly_what_was_read_and_signed(inquiry: Inquiry, ravi: User, mei: User) -> None:
    write(inquiry, mei, "Read this.")
    seen = digest(inquiry)
    write(inquiry, mei, "Changed since.")
    with pytest.raises(StaleVersion):
        approve(inquiry, ravi, digest=seen)
    for signature in (None, told(mei)):
        with pytest.raises(Blocked):
            approve(inquiry, ravi, signature=signature)
    assert not PublishedReply.objects.exists()


def test_a_reference_that_changed_since_changes_what_was_read(
    inquiry: Inquiry, ada: User, ravi: User, mei: User
) -> None:
    write(inquiry, mei)
    seen = digest(inquiry)
    article = inquiry.article
    workflow.revise(article.pk, version=1, actor=ada)
    record = makers.RECORD | {"title": "Another title"}
    made = makers.edit(makers.fresh(article), "Other words.", references=[record])
    makers.bring(made, "approved", reviewer=ravi)
    with pytest.raises(StaleVersion):
        approve(inquiry, ravi, digest=seen)


def test_what_is_not_handed_in_cannot_be_approved(inquiry: Inquiry, ravi: User, mei: User) -> None:
    write(inquiry, mei, hand_in=False)
    with pytest.raises(WrongState):
        approve(inquiry, ravi)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p></p>",
        "<p>It does.</p>",  # cites nothing
        f"<p>It does.{makers.CITED}</p><ul><li>And so on.</li></ul>",
        '<p>It does.<cite data-ref="nobody2020"></cite></p>',
        f"<h2>A heading</h2><p>It does.{makers.CITED}</p>",
        f"<p>{'It does. ' * 3_000}{makers.CITED}</p>",
    ],
)
def test_an_answer_without_sources_is_saved_and_not_handed_in(inquiry: Inquiry, mei: User, body: str) -> None:
    write(inquiry, mei, hand_in=False, body=body)
    with pytest.raises(Blocked):
        write(inquiry, mei, body=body)
    assert Reply.objects.get().handed_in_at is None


def test_what_is_not_allowed_in_a_text_is_not_kept(inquiry: Inquiry, ravi: User, mei: User) -> None:
    body = f'<p onclick="x()">It\x00 does.<script>alert(1)</script>{makers.CITED}</p><img src=x>'
    write(inquiry, mei, body=body, question="Is it <b>safe</b>?\x00")
    html = approve(inquiry, ravi).rendering["html"]
    assert "script" not in html
    assert "onclick" not in html
    assert "<img" not in html


def test_the_public_question_is_not_a_readers(inquiry: Inquiry, mei: User) -> None:
    with pytest.raises(Blocked):
        write(inquiry, mei, question="Does it hold after surgery?")


def test_two_members_cannot_write_at_once(inquiry: Inquiry, ravi: User, mei: User) -> None:
    write(inquiry, mei, hand_in=False)
    seen = digest(inquiry)
    with pytest.raises(WrongState):
        replies.take(inquiry.pk, actor=ravi)
    with pytest.raises(NotAllowed):
        replies.write_reply(inquiry.pk, actor=ravi, question="Mine?", body="<p>Mine.</p>", seen=seen)
    write(inquiry, mei, "In another tab.", hand_in=False)
    with pytest.raises(StaleVersion):
        write(inquiry, mei, "In this tab.", seen=seen)


def test_a_colleague_may_ask_for_changes(inquiry: Inquiry, ravi: User, mei: User) -> None:
    write(inquiry, mei)
    with pytest.raises(Blocked):
        replies.return_reply(inquiry.pk, actor=ravi, note=" ")
    with pytest.raises(NotAllowed):
        replies.return_reply(inquiry.pk, actor=mei, note="Mine.")
    replies.return_reply(inquiry.pk, actor=ravi, note="Name the dose.")
    assert Message.objects.get(recipient=mei, kind="member_reply_returned").event.note == "Name the dose."
    with pytest.raises(WrongState):
        approve(inquiry, ravi)


def test_a_changed_answer_is_seen_once_it_is_approved_again(inquiry: Inquiry, ravi: User, mei: User) -> None:
    write(inquiry, mei, "First.")
    approve(inquiry, ravi)
    inquiry.refresh_from_db()
    write(inquiry, mei, "Second.")
    assert "First." in PublishedReply.objects.live().get().rendering["html"]
    approve(inquiry, ravi)
    assert [(each.number, each.status) for each in PublishedReply.objects.order_by("number")] == [
        (1, "superseded"),
        (2, "live"),
    ]
    assert "Second." in PublishedReply.objects.live().get().rendering["html"]


def test_editors_withdraw_an_answer_and_it_may_come_back(
    inquiry: Inquiry, ravi: User, mei: User, edith: User
) -> None:
    write(inquiry, mei)
    with pytest.raises(WrongState):
        replies.withdraw_reply(inquiry.pk, actor=edith, note="Wrong.")
    approve(inquiry, ravi)
    with pytest.raises(NotAllowed):
        replies.withdraw_reply(inquiry.pk, actor=ravi, note="Wrong.")
    with pytest.raises(Blocked):
        replies.withdraw_reply(inquiry.pk, actor=edith, note="")
    replies.withdraw_reply(inquiry.pk, actor=edith, note="The dose is wrong.")
    assert not PublishedReply.objects.live().exists()
    inquiry.refresh_from_db()
    assert inquiry.state == "with_board"
    # Nobody is mailed what was taken back.
    assert inquiry.questions.get().answered_at is None
    write(inquiry, mei, "The right dose.")
    approve(inquiry, ravi)
    assert PublishedReply.objects.live().get().number == 2


def test_nothing_stands_under_an_article_that_readers_do_not_have(
    inquiry: Inquiry, ravi: User, mei: User, edith: User
) -> None:
    write(inquiry, mei)
    workflow.retire(inquiry.article_id, actor=edith, notice="Superseded.")
    with pytest.raises(WrongState):
        approve(inquiry, ravi, digest="x")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE articles_publishedreply SET question = 'Other?'",
        "UPDATE articles_publishedreply SET rendering = '{}'",
        "UPDATE articles_publishedreply SET approver_name = 'Nobody'",
        "DELETE FROM articles_publishedreply",
    ],
)
def test_the_database_refuses_to_alter_an_approved_answer(
    inquiry: Inquiry, ravi: User, mei: User, sql: str
) -> None:
    write(inquiry, mei)
    approve(inquiry, ravi)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_withdrawn_answer_never_comes_back_as_it_was(
    inquiry: Inquiry, ravi: User, mei: User, edith: User
) -> None:
    write(inquiry, mei)
    approve(inquiry, ravi)
    replies.withdraw_reply(inquiry.pk, actor=edith, note="Wrong.")
    with pytest.raises(DatabaseError), transaction.atomic():
        PublishedReply.objects.update(status="live")


def test_a_due_date_that_has_passed_is_refused(inquiry: Inquiry, mei: User, edith: User) -> None:
    with pytest.raises(Blocked):
        replies.ask_member(inquiry.pk, member=mei, actor=edith, due=timezone.localdate() - timedelta(days=1))
