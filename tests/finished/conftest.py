"""A published article, committed, and web processes before it."""

import pytest
from django.conf import settings

from articles import workflow
from articles.models import Article, User
from tests import makers
from tests.edition.fixtures import _an_edition_of_its_own  # noqa: F401 - a fixture for every test
from tests.finished.asking import Process

PAGE = "/articles/how-is-a-neuroendocrine-tumor-diagnosed/"


@pytest.fixture(autouse=True)
def _hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["testserver"])


@pytest.fixture
def published(transactional_db: None, ada: User, ravi: User) -> Article:
    return makers.article(ada, "approved", reviewer=ravi)


@pytest.fixture
def process(published: Article) -> Process:
    return Process()


def approve_again(article: Article, words: str, reviewer: User) -> Article:
    """The article with other words, approved: its next publication."""
    article = makers.fresh(article)
    workflow.revise(article.pk, version=article.version, actor=article.author)
    return makers.bring(makers.edit(makers.fresh(article), words), "approved", reviewer=reviewer)
