"""Writing: each save that changes something is a version; nothing typed is lost; nothing foreign gets in."""

import pytest

from articles import workflow
from articles.models import Article, User, Version
from articles.workflow import Blocked, NotAllowed, StaleVersion
from tests import makers
from tests.workflow.refusals import refused

pytestmark = pytest.mark.django_db


def test_each_save_is_a_numbered_version_with_who_when_and_why(ada: User) -> None:
    article = makers.edit(makers.article(ada), "Second words.")
    first, second = Version.objects.filter(id=article.pk).order_by("version")
    assert (first.version, second.version) == (1, 2)
    assert (second.history_user, second.history_change_reason) == (ada, "Edited.")
    assert second.digest == second.document().digest == article.digest != first.digest


def test_saving_without_a_change_makes_no_version(ada: User) -> None:
    article = makers.article(ada)
    workflow.save(article.pk, version=1, actor=ada, fields=makers.text(), note="Nothing.")
    assert Version.objects.filter(id=article.pk).count() == 1
    assert article.events.count() == 1


def test_workflow_steps_make_no_versions(ada: User, ravi: User) -> None:
    article = makers.article(ada, "approved", reviewer=ravi)
    assert Version.objects.filter(id=article.pk).count() == 1


def test_saving_over_a_newer_version_is_refused_and_names_it(ada: User) -> None:
    article = makers.edit(makers.article(ada), "Second words.")
    with refused(StaleVersion, article) as _:
        workflow.save(article.pk, version=1, actor=ada, fields=makers.text("Third words."))
    with pytest.raises(StaleVersion) as error:
        workflow.save(article.pk, version=1, actor=ada, fields=makers.text("Third words."))
    assert error.value.current == 2


def test_an_old_version_is_restored_as_a_new_one(ada: User) -> None:
    article = makers.edit(makers.article(ada), "Second words.")
    article = workflow.restore(article.pk, number=1, version=2, actor=ada)
    assert article.version == 3
    old, new = (Version.objects.get(id=article.pk, version=number) for number in (1, 3))
    assert old.digest == new.digest
    assert article.events.order_by("sequence").last().kind == "restored"


def test_only_an_author_begins_an_article(ravi: User) -> None:
    with pytest.raises(NotAllowed):
        workflow.create(actor=ravi, fields=makers.text())
    assert not Article.objects.exists()


def test_markup_is_sanitised_before_it_is_stored(ada: User) -> None:
    article = makers.article(ada)
    body = '<h2 onclick="x()">From the Guidelines</h2><script>alert(1)</script><p style="x">Words<b>bold'
    article = workflow.save(article.pk, version=1, actor=ada, fields={"body": body})
    for foreign in ("script", "onclick", "style", "alert"):
        assert foreign not in article.body
    assert "<strong>bold</strong>" in article.body


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"body": "<p>" + "x" * 1_000_001 + "</p>"}, "bytes long"),
        ({"question": "x" * 301}, "longer than 300"),
        ({"summary": "x" * 2_001}, "longer than 2,000"),
        ({"body": '<p>Words<cite data-ref="nobody2020"></cite></p>'}, "“nobody2020”"),
        ({"references": [{"id": "no spaces allowed", "title": "T"}]}, "Reference 1"),
        ({"references": ["a string"]}, "Reference 1"),
    ],
)
def test_what_cannot_be_stored_is_refused_in_words(fields: dict[str, object], says: str, ada: User) -> None:
    article = makers.article(ada)
    with refused(Blocked, article, match=says):
        workflow.save(article.pk, version=1, actor=ada, fields=fields)


def test_fields_that_are_no_text_cannot_be_smuggled_in(ada: User) -> None:
    article = makers.article(ada)
    with pytest.raises(ValueError, match="state"):
        workflow.save(article.pk, version=1, actor=ada, fields={"state": "approved"})
    assert makers.fresh(article).state == "draft"
