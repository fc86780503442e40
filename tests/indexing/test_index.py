"""The search index is what is live, and nothing else: after every step, and made anew."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import indexing, workflow
from articles.models import (
    Article,
    IndexedArticle,
    IndexedTopic,
    Passage,
    Posting,
    Publication,
    SearchIndex,
    Term,
    Topic,
    TopicName,
    User,
)
from tests import makers

pytestmark = pytest.mark.django_db

MODELS = (IndexedArticle, Passage, Posting, Term, IndexedTopic, TopicName)


def contents() -> dict[str, list[Any]]:
    """Everything in the index, without the keys that differ each time it is made."""
    terms = dict(Term.objects.values_list("pk", "text"))
    return {
        "articles": list(IndexedArticle.objects.order_by("pk").values()),
        "terms": sorted(Term.objects.values_list("text", "articles")),
        "postings": sorted(
            (terms[row.pop("term_id")], *row.values())
            for row in Posting.objects.values("term_id", "publication_id", "weight", "clinical", "plain")
        ),
        "passages": sorted(map(str, Passage.objects.values_list("publication", "level", "position", "text"))),
        "topics": list(IndexedTopic.objects.order_by("slug").values()),
        "names": sorted(TopicName.objects.values_list("topic", "name", "letter", "stems", "is_main")),
    }


def approve(
    ada: User, ravi: User, words: str = "Histology with grade sets prognosis.", **fields: Any
) -> Article:
    return makers.article(ada, "approved", reviewer=ravi, words=words, **fields)


def is_found(text: str) -> bool:
    return Term.objects.filter(text=text).exists() or Passage.objects.filter(text__icontains=text).exists()


def test_an_approval_brings_its_statements_in(ada: User, ravi: User) -> None:
    article = approve(ada, ravi, "Quixotine helps.")
    assert is_found("quixotin")
    passage = Passage.objects.get(text="Quixotine helps.", level="clinical")
    assert (passage.section_title, passage.citations[0]["number"]) == (
        "From the Guidelines · Key Considerations",
        1,
    )
    assert passage.publication.article == article
    assert SearchIndex.objects.get().articles == 1


@pytest.mark.parametrize("state", ["draft", "submitted", "under_review", "changes_requested", "declined"])
def test_nothing_of_an_unapproved_text_is_in_it(ada: User, ravi: User, state: str) -> None:
    makers.article(ada, state, reviewer=ravi, words="Quixotine helps.", question="Is quixotine good?")
    assert not any(model.objects.exists() for model in MODELS)


def test_a_new_approval_takes_the_old_text_out(ada: User, ravi: User) -> None:
    article = approve(ada, ravi, "Quixotine helps.")
    workflow.revise(article.pk, version=article.version, actor=ada)
    article = makers.edit(makers.fresh(article), "Dulcinol helps.")
    assert is_found("quixotin"), "a revision changes nothing before its approval"
    makers.bring(article, "approved", reviewer=ravi)
    assert is_found("dulcinol")
    assert not is_found("quixotin")
    assert SearchIndex.objects.get().articles == 1


def test_a_retirement_takes_everything_out(ada: User, ravi: User, edith: User) -> None:
    topic = Topic.objects.create(name="Windmills", slug="windmills", terms=["Giants"])
    article = approve(ada, ravi, "Quixotine helps.", topic=topic)
    assert TopicName.objects.count() == 2
    workflow.retire(article.pk, actor=edith, notice="Withdrawn.")
    assert not any(model.objects.exists() for model in MODELS)
    assert SearchIndex.objects.get().articles == 0


def test_a_refused_step_leaves_the_index_as_it_was(
    ada: User, ravi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(ada, ravi, "Quixotine helps.")
    before = contents()
    monkeypatch.setattr("articles.indexing.index.refresh_topics", lambda slugs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        approve(ada, ravi, "Dulcinol helps.", question="Another?")
    assert contents() == before
    assert Publication.objects.live().count() == 1


def test_made_anew_it_is_the_same(ada: User, ravi: User, edith: User) -> None:
    topic = Topic.objects.create(name="Windmills", slug="windmills", terms=["Giants"])
    approve(ada, ravi, "Quixotine helps.", topic=topic)
    approve(ada, ravi, "Dulcinol helps.", question="What else helps?", plain_body="", topic=topic)
    gone = approve(ada, ravi, "Rocinol helps.", question="And what?")
    workflow.retire(gone.pk, actor=edith, notice="Withdrawn.")
    before, revision = contents(), SearchIndex.objects.get().revision
    call_command("rebuild_search", stdout=_Nowhere(), stderr=_Nowhere())
    assert contents() == before
    assert SearchIndex.objects.get().revision > revision, "what processes remember is out of date"


def test_following_twice_changes_nothing(ada: User, ravi: User) -> None:
    article = approve(ada, ravi)
    before, revision = contents(), SearchIndex.objects.get().revision
    indexing.follow(article.pk, live=article.publications.live().get())
    assert (contents(), SearchIndex.objects.get().revision) == (before, revision)


def test_what_was_published_before_there_was_an_index_is_indexed_by_migrate(ada: User, ravi: User) -> None:
    approve(ada, ravi)
    before = contents()
    for model in (*MODELS[::-1], SearchIndex):
        model.objects.all().delete()
    indexing.build_after_migrate()
    assert contents() == before


def test_other_names_of_a_topic_count_from_the_moment_an_editor_saves_them(
    ada: User, ravi: User, admin_client: Any
) -> None:
    topic = Topic.objects.create(name="Windmills", slug="windmills")
    approve(ada, ravi, topic=topic)
    data = {
        "name": topic.name,
        "slug": topic.slug,
        "description": "They turn.",
        "terms": "Giants\n\n Giants \nMills",
    }
    response = admin_client.post(f"/admin/articles/topic/{topic.pk}/change/", data)
    assert response.status_code == 302
    assert Topic.objects.get().terms == ["Giants", "Mills"]
    assert set(TopicName.objects.values_list("name", flat=True)) == {"Windmills", "Giants", "Mills"}
    assert IndexedTopic.objects.get().description == "They turn."


def test_an_approval_takes_as_many_statements_among_many_articles_as_among_few(ada: User, ravi: User) -> None:
    def taken(question: str) -> int:
        article = makers.article(ada, "under_review", reviewer=ravi, question=question)
        with CaptureQueriesContext(connection) as captured:
            makers.approve(article, ravi)
        return len(captured)

    approve(ada, ravi)
    few = taken("What is one?")
    for number in range(10):
        approve(ada, ravi, question=f"Question {number}?")
    assert taken("What is two?") == few


class _Nowhere:
    def write(self, text: str) -> None:
        """Say nothing."""
