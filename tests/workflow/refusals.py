"""What a refusal must leave behind: nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from articles.models import (
    Article,
    Assignment,
    Comment,
    Conflict,
    Decision,
    Event,
    Message,
    Publication,
    Round,
    SignOff,
    Suggestion,
    Thread,
    Version,
)
from articles.workflow import WorkflowError


def everything(article: Article) -> dict[str, object]:
    """All that a step could have changed about an article."""
    return {
        "article": Article.objects.filter(pk=article.pk).values().get(),
        "versions": Version.objects.filter(id=article.pk).count(),
        "rounds": list(Round.objects.filter(article=article).order_by("pk").values()),
        "decisions": Decision.objects.filter(round__article=article).count(),
        "publications": list(Publication.objects.filter(article=article).values_list("pk", "status")),
        "events": Event.objects.filter(article=article).count(),
        "assignments": list(Assignment.objects.filter(round__article=article).order_by("pk").values()),
        "conflicts": Conflict.objects.filter(article=article).count(),
        "sign_offs": SignOff.objects.filter(article=article).count(),
        "threads": list(Thread.objects.filter(article=article).order_by("pk").values()),
        "comments": Comment.objects.filter(thread__article=article).count(),
        "suggestions": list(Suggestion.objects.filter(thread__article=article).order_by("pk").values()),
        "messages": Message.objects.filter(event__article=article).count(),
    }


@contextmanager
def refused(error: type[WorkflowError], article: Article, *, match: str | None = None) -> Iterator[None]:
    """The block must raise `error` and change nothing: no state, event, mail, version or publication."""
    before = everything(article)
    with pytest.raises(error, match=match):
        yield
    assert everything(article) == before
