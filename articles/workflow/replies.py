"""The board's answers to readers: a member writes, another approves exactly what was read."""

from datetime import date

from django.db import transaction

from articles.content.checks import Issue, check_reply
from articles.content.document import Document, Level
from articles.content.render import render
from articles.content.sanitise import sanitise
from articles.models import (
    AnsweredWith,
    Article,
    Inquiry,
    InquiryState,
    Publication,
    PublishedReply,
    Reply,
    User,
)
from articles.models.replies import anchor_of
from articles.states import EventKind, PublicationStatus
from articles.workflow import clock, guards, telling
from articles.workflow.case import Case
from articles.workflow.errors import Blocked, NotAllowed, StaleVersion, WrongState
from articles.workflow.inquiries import hold, move, own_words, record
from articles.workflow.signing import Signature

MAX_TYPED = 100_000
MEANING = "I approve this answer as I read it"  # in the words that are signed
_WROTE = "wrote"  # marks the rows of the history that hold a member's own words


def ask_member(pk: int, *, member: User, actor: User, due: date | None = None, note: str = "") -> Inquiry:
    """Ask a serving member to answer an inquiry, by a day if one is named. They are told.

    Raises NotAllowed, WrongState, Blocked (the member cannot, or the day has passed).
    """
    with transaction.atomic():
        inquiry, person = hold(pk, actor, editor=True)
        _refuse_unless(inquiry, InquiryState.OPEN)
        asked = User.objects.select_related("board_profile").get(pk=member.pk)
        issues = []
        if refusal := why_not_write(Case(inquiry.article, asked)):
            issues.append(Issue("member", f"{asked} cannot be asked. {refusal}"))
        if due is not None and due < clock.now().date():
            issues.append(Issue("due", "The due date has passed. Choose a later day."))
        if issues:
            raise Blocked(issues)
        _give(inquiry, asked, person, by=person, due=due)
        day = due.isoformat() if due else None
        record(
            inquiry,
            EventKind.INQUIRY_ASKED,
            person,
            note,
            {"member": asked.pk, "member_name": str(asked), "due": day},
        )
    return inquiry


def take(pk: int, *, actor: User) -> Inquiry:
    """Answer an open inquiry oneself, as a member. Raises NotAllowed, WrongState."""
    with transaction.atomic():
        inquiry, person = hold(pk, actor)
        _refuse(why_not_write(Case(inquiry.article, person)))
        _refuse_unless(inquiry, InquiryState.OPEN)
        _give(inquiry, person, person, by=None, due=None)
        record(inquiry, EventKind.INQUIRY_TAKEN, person, "", {})
    return inquiry


def hand_back(pk: int, *, actor: User, note: str) -> Inquiry:
    """Give an inquiry back to the desk, with a reason. Raises NotAllowed, WrongState, Blocked."""
    with transaction.atomic():
        inquiry, person = hold(pk, actor)
        _own_reply(inquiry, person)
        _refuse_unless(inquiry, InquiryState.WITH_BOARD)
        if not note.replace("\x00", "").strip():
            raise Blocked([Issue("note", "Say why, so that the editors can ask somebody who can.")])
        move(inquiry, InquiryState.OPEN, person)
        record(inquiry, EventKind.INQUIRY_RETURNED, person, note, {})
    return inquiry


def write_reply(pk: int, *, actor: User, question: str, body: str, seen: str, hand_in: bool = False) -> Reply:
    """Save the answer of the member who has the inquiry; with `hand_in` it waits for another's approval.

    seen: the digest of what was edited. What readers see stays until an approval. Raises NotAllowed,
    WrongState, StaleVersion, Blocked (what cannot be stored; with `hand_in` everything that is wrong).
    """
    with transaction.atomic():
        inquiry, person = hold(pk, actor)
        reply = _own_reply(inquiry, person)
        _refuse(why_not_write(Case(inquiry.article, person)))
        _refuse_unless(inquiry, *_WRITABLE)
        live = live_publication(inquiry.article)
        if reply.document(live.references).digest != seen:
            raise StaleVersion("This answer was changed while you wrote. Nothing was saved.", current=0)
        if len(body) > MAX_TYPED:
            raise Blocked([Issue("body", "The answer is too long. What needs so many words is an article.")])
        reply.question = own_words(question, list(inquiry.questions.all()))
        reply.body, reply.edited_at, reply.handed_in_at = sanitise(body), clock.now(), None
        issues = check_reply(reply.document(live.references))
        if hand_in and issues:
            raise Blocked(issues)
        reply.handed_in_at = clock.now() if hand_in else None
        _keep(reply, person, _WROTE)
        if hand_in:
            record(inquiry, EventKind.REPLY_HANDED_IN, person, "", {})
    return reply


def approve_reply(pk: int, *, actor: User, digest: str, signature: Signature | None) -> PublishedReply:
    """Let readers have exactly the answer that was read (`digest`), signed, under the article at once.

    Everybody who asked hears of it. Raises NotAllowed, WrongState, StaleVersion, Blocked.
    """
    with transaction.atomic():
        inquiry, person = hold(pk, actor)
        reply = Reply.objects.select_for_update(of=("self",)).filter(inquiry=inquiry).first()
        case = Case(inquiry.article, person, signature=signature)
        _refuse(why_not_approve(case, reply))
        _refuse_unless(inquiry, *_WRITABLE)
        if reply is None or reply.handed_in_at is None:
            raise WrongState("The answer is not handed in for approval. Nothing was changed.")
        live = live_publication(inquiry.article)
        document = reply.document(live.references)
        if document.digest != digest:
            raise StaleVersion(
                "This is not the answer you read. Read it again; nothing was changed.", current=0
            )
        issues = [*check_reply(document), *guards.is_signed(case)]
        if issues:
            raise Blocked(issues)
        published = _publish(inquiry, reply, document, live, case)
        reply.handed_in_at = None
        _keep(reply, person, "")
        telling.close(inquiry, person, AnsweredWith.REPLY)
        words = f"Our Medical Advisory Board has answered: “{reply.question}”"
        telling.tell(
            inquiry.questions.all(),
            person,
            telling.Answer(words),
            article=inquiry.article_id,
            anchor=published.anchor,
        )
        record(inquiry, EventKind.REPLY_APPROVED, person, "", {
            "member": reply.member_id, "reply": reply.pk, "number": published.number, "digest": digest,
            "meaning": published.meaning, "method": published.method,
        })  # fmt: skip
    return published


def return_reply(pk: int, *, actor: User, note: str) -> Inquiry:
    """Ask the writer for changes instead of approving, with a reason.

    Raises NotAllowed, WrongState, Blocked.
    """
    with transaction.atomic():
        inquiry, person = hold(pk, actor)
        reply = Reply.objects.select_for_update(of=("self",)).filter(inquiry=inquiry).first()
        _refuse(why_not_approve(Case(inquiry.article, person), reply))
        if reply is None or reply.handed_in_at is None:
            raise WrongState("The answer is not handed in for approval. Nothing was changed.")
        if not note.replace("\x00", "").strip():
            raise Blocked([Issue("note", "Say what should change.")])
        reply.handed_in_at = None
        _keep(reply, person, "")
        record(inquiry, EventKind.REPLY_RETURNED, person, note, {"member": reply.member_id})
    return inquiry


def withdraw_reply(pk: int, *, actor: User, note: str) -> Inquiry:
    """Take an approved answer away from readers at once; what was written stays with its member.

    Raises NotAllowed, WrongState, Blocked.
    """
    with transaction.atomic():
        inquiry, person = hold(pk, actor, editor=True)
        live = (
            PublishedReply.objects.live()
            .select_for_update(of=("self",))
            .filter(reply__inquiry=inquiry)
            .first()
        )
        if live is None:
            raise WrongState("Readers see no answer of the board to this. Nothing was changed.")
        if not note.replace("\x00", "").strip():
            raise Blocked([Issue("note", "Say why; the member who wrote it is told.")])
        _end(live, PublicationStatus.WITHDRAWN)
        telling.take_back_unsent(inquiry.article_id, live.anchor)
        move(inquiry, InquiryState.WITH_BOARD, person)
        record(inquiry, EventKind.REPLY_WITHDRAWN, person, note, {"member": inquiry.reply.member_id})
    return inquiry


def why_not_write(case: Case) -> str:
    """Why this person cannot answer readers of this article for the board, or ""."""
    if not case.user.is_active or not case.user.is_board_member:
        return "Only serving members of the Medical Advisory Board can do this."
    return case.own_bar


def why_not_approve(case: Case, reply: Reply | None) -> str:
    """Why this person cannot approve the answer as it stands, or ""."""
    if refusal := why_not_write(case):
        return refusal
    if reply is not None and _wrote(reply, case.user):
        return "You wrote this answer. Another member must approve it."
    return ""


def live_publication(article: Article) -> Publication:
    """What readers have of the article, with its references. Raises WrongState when that is nothing."""
    live = Publication.objects.live().filter(article=article).defer("clinical", "plain").first()
    if live is None:
        raise WrongState("Readers have no text of this article now, so nothing can stand under it.")
    return live


_WRITABLE = (InquiryState.WITH_BOARD, InquiryState.ANSWERED)


def _publish(
    inquiry: Inquiry, reply: Reply, document: Document, live: Publication, case: Case
) -> PublishedReply:
    before = PublishedReply.objects.filter(reply=reply).order_by("-number").first()
    if before is not None and before.status == PublicationStatus.LIVE:
        _end(before, PublicationStatus.SUPERSEDED)
    writer, approver, signature = reply.member.board_profile, case.user.board_profile, case.signature
    return PublishedReply.objects.create(
        reply=reply,
        article=inquiry.article,
        number=before.number + 1 if before else 1,
        publication_number=live.number,
        digest=document.digest,
        question=reply.question,
        rendering=render(document, Level.CLINICAL, f"{anchor_of(reply.pk)}-").as_json(),
        writer_name=writer.name,
        writer_credentials=writer.credentials,
        writer_slug=writer.slug,
        approver_name=approver.name,
        approver_credentials=approver.credentials,
        approver_slug=approver.slug,
        approved_at=clock.now(),
        meaning=MEANING,
        method=signature.method if signature else "",
    )


def _end(published: PublishedReply, status: PublicationStatus) -> None:
    published.status, published.ended_at = status, clock.now()
    published.save(update_fields=["status", "ended_at"])


def _give(inquiry: Inquiry, member: User, person: User, *, by: User | None, due: date | None) -> None:
    """Make the member the one who writes; what somebody wrote before is theirs to go on with."""
    now = clock.now()
    reply = Reply.objects.filter(inquiry=inquiry).first() or Reply(
        inquiry=inquiry, question=inquiry.title, edited_at=now
    )
    reply.member, reply.asked_by, reply.since, reply.due, reply.handed_in_at = member, by, now, due, None
    _keep(reply, person, "")
    move(inquiry, InquiryState.WITH_BOARD, person)


def _own_reply(inquiry: Inquiry, person: User) -> Reply:
    reply = Reply.objects.select_for_update(of=("self",)).filter(inquiry=inquiry).first()
    if reply is None or reply.member_id != person.pk:
        raise NotAllowed("Another member answers this, or nobody yet. Take it on first.")
    return reply


def _wrote(reply: Reply, person: User) -> bool:
    """Whether the person is the one who writes it, or wrote any of it before."""
    wrote = reply.history.filter(history_user=person, history_change_reason=_WROTE)
    return reply.member_id == person.pk or wrote.exists()


def _keep(reply: Reply, person: User, why: str) -> None:
    reply._history_user, reply._history_date = person, clock.now()  # type: ignore[attr-defined]
    reply._change_reason = why  # type: ignore[attr-defined]
    reply.save()


def _refuse(refusal: str) -> None:
    if refusal:
        raise NotAllowed(refusal)


def _refuse_unless(inquiry: Inquiry, *states: InquiryState) -> None:
    if inquiry.state not in states:
        raise WrongState(f"The question is now {inquiry.get_state_display().lower()}. Nothing was changed.")
