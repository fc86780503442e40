"""A message as words: subject, what happened, the note, the next step and where to take it."""

from dataclasses import dataclass
from datetime import date
from email.utils import formatdate
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from articles.content.wording import unmarked
from articles.models import Comment, Decision, Event, Message, Thread
from articles.notify.words import asks_in_words
from articles.states import EventKind, Verdict


@dataclass(frozen=True, slots=True)
class Wording:
    """How one kind of message reads. `{who}`, `{title}` and `{version}` are filled in from the event."""

    subject: str
    happened: str
    next_step: str
    button: str
    url: str


_EDIT, _REVIEW, _DESK = "writing:article", "reviewing:article", "desk:article"
_THREAD = "office:thread"
_INQUIRY, _REPLY = "desk:inquiry", "reviewing:inquiry"

WORDING = {
    "author_changes_requested": Wording(
        "Changes requested: {title}",
        "{who} asked for changes to version {version}.{asks}",
        "Answer, in the text or in words, and submit it again. The same reviewers will see what you changed.",
        "See what the board asks",
        "writing:asks",
    ),
    "author_published": Wording(
        "Approved and published: {title}",
        "The Medical Advisory Board approved version {version}. Readers see it from now on.",
        "Nothing is left to do. When something changes, begin a revision.",
        "Open the article",
        _EDIT,
    ),
    "author_declined": Wording(
        "Declined: {title}",
        "{who} declined version {version}.",
        "Read the reason. You may begin a revision and submit it again.",
        "Read the reason",
        _EDIT,
    ),
    "author_retired": Wording(
        "Retired: {title}",
        "{who} retired the article. Readers see a notice in its place.",
        "You may begin a revision; it goes through a whole review before readers see it.",
        "Open the article",
        _EDIT,
    ),
    "author_reaffirmed": Wording(
        "Reaffirmed: {title}",
        "The Medical Advisory Board reviewed version {version} again and found nothing to change.",
        "Nothing is left to do. Readers see the new review date.",
        "Open the article",
        _EDIT,
    ),
    "author_thread_answered": Wording(
        "An answer: {title}",
        "{who} answered in a thread about your text.",
        "Read it, and answer in the same place if there is more to say.",
        "Open the thread",
        _THREAD,
    ),
    "reviewer_thread_answered": Wording(
        "An answer: {title}",
        "{who} answered in a thread that you opened.",
        "Read it, and resolve the thread if nothing is left to do.",
        "Open the thread",
        _THREAD,
    ),
    "reviewer_thread_done": Wording(
        "Marked as done: {title}",
        "{who} says that what you asked for in a thread is done.",
        "Look at it, and resolve the thread if you agree. If not, say what is missing.",
        "Open the thread",
        _THREAD,
    ),
    "reviewer_reaffirmation_asked": Wording(
        "Does it still hold? {title}",
        "{who} asks you to look at the published version {version} again.",
        "Approve when nothing needs to change: the review date moves, and nothing else.",
        "Open the review",
        _REVIEW,
    ),
    "reviewer_assigned": Wording(
        "A review for you: {title}",
        "{who} asked you to review version {version}.",
        "Accept or decline the invitation; then read, sign off the statements, and decide.",
        "Open the review",
        _REVIEW,
    ),
    "reviewer_reminded": Wording(
        "A review waits for you: {title}",
        "{who} reminds you of your review of version {version}.",
        "Read it and decide, or say that you cannot: then somebody else is asked.",
        "Open the review",
        _REVIEW,
    ),
    "reviewer_unassigned": Wording(
        "You are released: {title}",
        "{who} released you from the review of version {version}.",
        "Nothing is left to do.",
        "Open your queue",
        "reviewing:queue",
    ),
    "reviewer_resubmitted": Wording(
        "Back for review: {title}",
        "{who} answered the requests with version {version}.",
        "See what changed, sign off what is new, and decide.",
        "See what changed",
        _REVIEW,
    ),
    "reviewer_changes_requested": Wording(
        "Changes requested: {title}",
        "{who} asked for changes to version {version}. The round has ended, yours with it.",
        "Nothing is left to do. You will hear when it comes back, with what changed.",
        "See the reason",
        _REVIEW,
    ),
    "reviewer_published": Wording(
        "Approved and published: {title}",
        "Version {version}, which you reviewed, has the approvals it needs. Readers see it from now on.",
        "Nothing is left to do.",
        "Open the review",
        _REVIEW,
    ),
    "reviewer_withdrawn": Wording(
        "Withdrawn: {title}",
        "{who} withdrew version {version}. Your review of it has ended.",
        "Nothing is left to do. You will hear when it is submitted again.",
        "Open your queue",
        "reviewing:queue",
    ),
    "reviewer_declined": Wording(
        "Declined: {title}",
        "{who} declined version {version}. Your review of it has ended.",
        "Nothing is left to do.",
        "Open your queue",
        "reviewing:queue",
    ),
    "reviewer_retired": Wording(
        "Retired: {title}",
        "{who} retired the article. Your review of version {version} has ended.",
        "Nothing is left to do.",
        "Open your queue",
        "reviewing:queue",
    ),
    "editor_submitted": Wording(
        "Submitted: {title}",
        "{who} submitted version {version} for review.",
        "Assign a reviewer, or let a board member take it on.",
        "Open it at the desk",
        _DESK,
    ),
    "editor_review_declined": Wording(
        "Declined to review: {title}",
        "{who} cannot review version {version}.",
        "Ask somebody else.",
        "Open it at the desk",
        _DESK,
    ),
    "editor_recused": Wording(
        "Without a reviewer: {title}",
        "{who} stepped back from the review of version {version}, and nobody else is reviewing it.",
        "Assign another reviewer.",
        "Open it at the desk",
        _DESK,
    ),
    "author_inquiry_attached": Wording(
        "Readers asked: {title}",
        "{who} asks you to answer what readers ask, in this article: “{asked}”",
        "Answer it in the text and submit it. When it is approved, the readers who asked are told.",
        "Open the article",
        _EDIT,
    ),
    "member_inquiry_asked": Wording(
        "A question of readers for you: {title}",
        "{who} asks you to answer what readers ask: “{asked}”{due}",
        "Write the answer with its sources and hand it in, or give the question back. "
        "Another member approves the answer before readers see it.",
        "Open the question",
        _REPLY,
    ),
    "member_inquiry_returned": Wording(
        "Taken back: {title}",
        "{who} took a question of readers back to the desk: “{asked}”",
        "Nothing is left to do.",
        "Open the board’s questions",
        "reviewing:inquiries",
    ),
    "member_reply_returned": Wording(
        "Changes to your answer: {title}",
        "{who} asks for changes to your answer to “{asked}”",
        "Change it, and hand it in again.",
        "Open your answer",
        _REPLY,
    ),
    "member_reply_approved": Wording(
        "Your answer is approved: {title}",
        "{who} approved your answer to “{asked}”. Readers see it under the article from now on.",
        "Nothing is left to do.",
        "Open your answer",
        _REPLY,
    ),
    "member_reply_withdrawn": Wording(
        "Your answer is withdrawn: {title}",
        "{who} withdrew the answer to “{asked}”. Readers no longer see it.",
        "Read why. You may change it and hand it in again.",
        "Open your answer",
        _REPLY,
    ),
    "editor_inquiry_returned": Wording(
        "Back at the desk: {title}",
        "{who} gave a question of readers back{which}.",
        "Ask somebody else, or answer it yourself.",
        "Open it at the desk",
        _INQUIRY,
    ),
    "editor_reply_handed_in": Wording(
        "An answer waits for approval: {title}",
        "{who} answered what readers ask: “{asked}”",
        "Another member of the board reads and approves it. Ask one if nobody does.",
        "Open it at the desk",
        _INQUIRY,
    ),
    "editor_conflict_declared": Wording(
        "Without a reviewer: {title}",
        "{who} declared a conflict of interest, and nobody else is reviewing version {version}.",
        "Assign another reviewer.",
        "Open it at the desk",
        _DESK,
    ),
}


# Why somebody gets a mail, by the first word of its kind.
_REASONS = {
    "author": "You get this mail because you are an author of this article at NetReview.",
    "reviewer": "You get this mail because you were asked to review this article at NetReview.",
    "member": "You get this mail because you serve on the Medical Advisory Board of NetReview.",
    "editor": "You get this mail because you are an editor of NetReview.",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A message in words, for the mail and for the inbox alike."""

    subject: str
    happened: str
    note: str
    next_step: str
    button: str
    path: str


def tell(message: Message) -> Told:
    """Put a message into words. Needs event and event.article; no query of its own."""
    wording, event = WORDING[message.kind], message.event
    words = {
        "who": event.actor_name,
        "title": event.article.question,
        "version": event.version,
        "asks": _asks(event),
        "asked": event.data.get("title", ""),
        "which": f": “{event.data['title']}”" if "title" in event.data else "",
        "due": _due(event),
    }
    path = reverse(wording.url, args=_place(wording.url, event))
    return Told(
        # One line, whatever somebody put into a name or a question: headers end at a line break.
        subject=" ".join(wording.subject.format(**words).split()),
        happened=wording.happened.format(**words),
        note=event.note,
        next_step=wording.next_step,
        button=wording.button,
        path=path,
    )


def _place(url: str, event: Event) -> list[int]:
    if url.endswith(("queue", "inquiries")):
        return []
    if url in (_INQUIRY, _REPLY):
        # What an article was to answer comes back several at once; the first leads to the others.
        several = event.data.get("inquiries") or [0]
        return [event.data.get("inquiry") or several[0]]
    return [event.article_id, event.data.get("thread", 0)] if url == _THREAD else [event.article_id]


def _due(event: Event) -> str:
    """Until when a member is asked to answer, as the end of a sentence."""
    if event.kind != EventKind.INQUIRY_ASKED or not event.data.get("due"):
        return "."
    day = date.fromisoformat(event.data["due"])
    return f", by {day:%B} {day.day}, {day.year}."


def _asks(event: Event) -> str:
    """What a request for changes comes to: how many threads, and which aspects were named."""
    asks, aspects = event.data.get("asks", {}), event.data.get("aspects", [])
    found = asks_in_words(asks.get("threads", 0), asks.get("must_fix", 0), asks.get("in_doubt", 0))
    sentences = [found] if found else []
    if aspects:
        sentences.append(f"Needs work: {', '.join(aspects)}")
    return "".join(f" {each}." for each in sentences)


def _about(message: Message) -> str:
    """The words that a thread is about, for the mail of an answer in it."""
    pk = message.event.data.get("thread")
    quote = Thread.objects.filter(pk=pk).values_list("quote", flat=True).first() if pk else None
    return unmarked(quote) if quote else ""


def _said(message: Message) -> list[tuple[str, str]]:
    """(name, words) of what people wrote with it. A publication brings the notes of all who approved it."""
    event = message.event
    if event.kind == EventKind.THREAD_ANSWERED:
        comments = Comment.objects.filter(pk=event.data["comment"])
        return [(event.actor_name, text) for text in comments.values_list("text", flat=True)]
    if event.kind != EventKind.PUBLISHED:
        return [(event.actor_name, event.note)] if event.note else []
    approvals = Decision.objects.filter(
        round__article=event.article_id, round__number=event.round or 0, verdict=Verdict.APPROVE
    ).exclude(note="")
    return list(approvals.order_by("decided_at", "pk").values_list("name", "note"))


def compose(message: Message) -> EmailMultiAlternatives:
    """The mail of a message: text and HTML, with a Message-ID that is the same at every attempt."""
    told = tell(message)
    context = {
        "told": told,
        "name": message.recipient.name,
        "about": _about(message),
        "said": _said(message),
        "subject": told.subject,
        "preheader": told.happened,
        "link": settings.SITE_URL + told.path,
        "link_label": told.button,
        "reason": _REASONS[message.kind.partition("_")[0]],
    }
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    mail = EmailMultiAlternatives(
        subject=settings.EMAIL_SUBJECT_PREFIX + told.subject,
        body=render_to_string("mail/message.txt", context),
        to=[message.recipient.email],
        headers={
            # The same message sent twice by a crash between sending and noting it is shown once.
            "Message-ID": f"<message-{message.pk}.{message.event.hash[:16]}@{host}>",
            "Date": formatdate(message.created_at.timestamp()),
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(render_to_string("mail/message.html", context), "text/html")
    return mail
