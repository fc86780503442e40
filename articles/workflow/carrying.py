"""An inquiry that an article is to answer: a new one or a revision, and the approval that answers it."""

from django.db import transaction

from articles.content.checks import Issue
from articles.models import AnsweredWith, Article, Inquiry, InquiryState, Publication, Question, User
from articles.states import EventKind
from articles.workflow import telling
from articles.workflow.drafting import begin_for
from articles.workflow.errors import Blocked, WrongState
from articles.workflow.inquiries import hold, move, record


def begin_article(pk: int, *, author: User, actor: User, note: str = "") -> Article:
    """Begin an article for an author, with the inquiry as its question and attached to it. They are told.

    Raises NotAllowed, WrongState, Blocked (no author's account).
    """
    with transaction.atomic():
        inquiry, person = hold(pk, actor, editor=True)
        _refuse_unless_open(inquiry)
        if not (author.is_active and author.is_author):
            raise Blocked([Issue("author", f"{author} has no author’s account.")])
        fields = {"question": inquiry.title, "topic": inquiry.article.topic}
        article = begin_for(
            author, actor=person, fields=fields, note="Begun for a question that readers asked"
        )
        _attach(inquiry, article, person, note)
    return article


def ask_revision(pk: int, *, actor: User, note: str = "") -> Article:
    """Attach an inquiry to the article it is about; its authors are asked to revise.

    Raises NotAllowed, WrongState. Only a version saved from now on can answer it:
    what is under review already was written before.
    """
    with transaction.atomic():
        inquiry, person = hold(pk, actor, editor=True)
        _refuse_unless_open(inquiry)
        _attach(inquiry, inquiry.article, person, note)
    return inquiry.article


def answer_by(publication: Publication, actor: User) -> list[int]:
    """Answer the inquiries that a publication was to answer: their keys. The caller holds the article's lock.

    One query when there is none.
    """
    carried = list(
        Inquiry.objects.select_for_update(of=("self",))
        .filter(
            carried_by=publication.article_id,
            state=InquiryState.WITH_AUTHOR,
            carried_from__lt=publication.version,
        )
        .order_by("pk")
    )
    for inquiry in carried:
        telling.close(inquiry, actor, AnsweredWith.PUBLICATION)
        day = f"{publication.published_at:%B} {publication.published_at.day}, {publication.published_at.year}"
        is_revision = inquiry.article_id == publication.article_id
        what = "a new version of the article" if is_revision else "an article"
        words = (
            f"Because you and others asked, there is {what}: “{publication.question}”. "
            f"Our Medical Advisory Board approved it on {day}."
        )
        telling.tell(
            Question.objects.filter(inquiry=inquiry),
            actor,
            telling.Answer(words),
            article=publication.article_id,
        )
    return [inquiry.pk for inquiry in carried]


def give_back(article: Article, actor: User) -> list[int]:
    """Open the inquiries again that this article was to answer: it will not. The caller holds its lock.

    One query when there is none.
    """
    carried = list(
        Inquiry.objects.select_for_update(of=("self",)).filter(
            carried_by=article, state=InquiryState.WITH_AUTHOR
        )
    )
    for inquiry in carried:
        inquiry.carried_by, inquiry.carried_from = None, None
        move(inquiry, InquiryState.OPEN, actor)
    return [inquiry.pk for inquiry in carried]


def _attach(inquiry: Inquiry, article: Article, person: User, note: str) -> None:
    inquiry.carried_by, inquiry.carried_from = article, article.version
    move(inquiry, InquiryState.WITH_AUTHOR, person)
    record(inquiry, EventKind.INQUIRY_ATTACHED, person, note, {}, article)


def _refuse_unless_open(inquiry: Inquiry) -> None:
    if inquiry.state != InquiryState.OPEN:
        raise WrongState(f"It is {inquiry.get_state_display().lower()} now. Nothing was changed.")
