"""What was said in the threads of an article."""

from datetime import datetime
from typing import NamedTuple

from articles.models import Comment, User

_FIELDS = ("thread", "pk", "by", "text", "quote", "version", "at")


class Remark(NamedTuple):
    """A comment. There may be a thousand, all read for one page: as models they would take twice the time."""

    thread: int
    pk: int
    by_id: int
    text: str
    quote: str
    version: int
    at: datetime
    by: User


def rows(article_id: int) -> list[tuple[int, int, int, str, str, int, datetime]]:
    """Every comment of an article, oldest first: a Remark each, less its person. One query."""
    return list(Comment.objects.filter(thread__article=article_id).order_by("pk").values_list(*_FIELDS))
