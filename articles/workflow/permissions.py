"""Who may take which step. Each answers with a refusal to show, or "" to let the person through."""

from collections.abc import Callable

from articles.models import Article, User
from articles.states import State
from articles.workflow.case import Case

Permission = Callable[[Case], str]


def _is_under_review(case: Case) -> bool:
    # Elsewhere nobody reviews, and that the article is elsewhere is the better answer.
    return bool(case.article.state == State.UNDER_REVIEW)


def author(case: Case) -> str:
    """An author of this article."""
    if not case.is_author:
        return "Only the authors of this article can do this."
    if not case.user.is_author:
        return "Your account is not an author's account. Ask an editor."
    return ""


def any_author(user: User) -> str:
    """Anyone with an author's account: asked before there is an article."""
    return "" if user.is_author else "Your account is not an author's account. Ask an editor."


def board_member(case: Case) -> str:
    """A serving board member who neither wrote nor edited the text and declared no conflict."""
    if not case.user.is_board_member:
        return "Only serving members of the Medical Advisory Board can do this."
    return case.own_bar


def reviewer(case: Case) -> str:
    """A board member, as above, who reviews in the open round."""
    refusal = board_member(case)
    if not refusal and _is_under_review(case) and not case.is_reviewer(case.user):
        return "You are not a reviewer of this round. Take on the review first."
    return refusal


def assigned(case: Case) -> str:
    """Whoever reviews in the open round, whatever else is true: stepping back is always possible."""
    if not case.user.is_board_member:
        return "Only serving members of the Medical Advisory Board can do this."
    if _is_under_review(case) and not case.is_reviewer(case.user):
        return "You are not a reviewer of this round."
    return ""


def in_conversation(case: Case) -> str:
    """The authors, whoever reviews or reviewed the article and still may, and editors."""
    if (case.is_author and case.user.is_author) or case.user.is_editor or case.is_reviewer(case.user):
        return ""
    return "" if case.has_reviewed else "Only the authors and reviewers of this article can do this."


def any_member(case: Case) -> str:
    """Any serving board member: anyone may declare a conflict."""
    return "" if case.user.is_board_member else "Only members of the Medical Advisory Board can do this."


def editor(case: Case) -> str:
    """An editor."""
    return "" if case.user.is_editor else "Only editors can do this."


def keeper(case: Case) -> str:
    """An editor, unless they review in this round themselves, independently, and have not decided yet."""
    refusal = editor(case)
    if not refusal and case.is_blind:
        return "You review this round yourself. Until you have decided, another editor keeps its reviewers."
    return refusal


def may_read(article: Article, user: User) -> bool:
    """Whether `user` may see this article's unapproved text: its authors, the board, the editors."""
    if user.is_editor or user.is_board_member:
        return True
    return user.is_author and Case(article, user).is_author
