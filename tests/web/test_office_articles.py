"""Versions, comparisons, previews and the timeline: one set of pages for authors, board and editors."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Article, Event, User
from articles.states import Role
from tests import makers, people

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
PAGES = ("versions/", "versions/1/", "compare/", "preview/", "timeline/")


def shown(client: Client, article: Article, path: str, *, status: int = 200, **asked: object) -> str:
    answer = client.get(f"/office/articles/{article.pk}/{path}", asked)
    assert answer.status_code == status, answer
    return answer.content.decode()


def with_versions(author: User, count: int) -> Article:
    """A draft of `count` versions."""
    article = makers.article(author, words="Words of version 1.")
    for number in range(2, count + 1):
        article = makers.edit(article, f"Words of version {number}.")
    return article


@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_open_to_the_author_the_board_and_editors_and_to_nobody_else(
    ada, ravi, edith, client_of: ClientOf, client: Client, page: str
):
    article = with_versions(ada, 2)
    for insider in (ada, ravi, edith):
        shown(client_of(insider), article, page)
    stranger = people.person("otto", "Otto Berg", Role.AUTHOR)
    shown(client_of(stranger), article, page, status=404)
    assert shown(client_of(stranger), article, page, status=404).count("Words of version") == 0
    shown(client_of(people.person("nina", "Nina Roth")), article, page, status=404)
    shown(client, article, page, status=302)
    assert client_of(ada).post(f"/office/articles/{article.pk}/{page}").status_code == 405


@pytest.mark.parametrize("page", PAGES)
def test_a_coauthor_may_look_at_everything(ada, edith, client_of: ClientOf, page: str):
    article = with_versions(ada, 2)
    otto = people.person("otto", "Otto Berg", Role.AUTHOR)
    shown(client_of(otto), article, page, status=404)
    workflow.set_coauthors(article.pk, coauthors=[otto], actor=edith)
    shown(client_of(otto), article, page)


@pytest.mark.parametrize("page", PAGES)
def test_an_article_that_is_not_there_is_not_found(ravi, client_of: ClientOf, page: str):
    assert client_of(ravi).get(f"/office/articles/4711/{page}").status_code == 404


def test_the_way_back_leads_to_where_one_works(ada, ravi, edith, client_of: ClientOf):
    article = with_versions(ada, 1)
    for person, door in ((ada, "write"), (ravi, "review"), (edith, "desk")):
        assert f'href="/{door}/{article.pk}/"' in shown(client_of(person), article, "versions/")


# --- Versions -----------------------------------------------------------------------------------------------


def test_the_list_tells_of_each_version_who_made_it_why_and_what_became_of_it(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "changes_requested", reviewer=ravi)
    article = makers.edit(article, "Better words.")
    article = makers.bring(article, "approved", reviewer=ravi)
    workflow.revise(article.pk, version=2, actor=ada)
    makers.edit(makers.fresh(article), "Words in progress.")
    page = shown(client_of(ravi), article, "versions/")
    assert "Round 1: changes requested" in page
    assert "Round 2: approved" in page
    assert "Publication 1, live" in page
    assert "Newest" in page
    assert "Edited." in page
    assert "Ada Okafor" in page


def test_the_list_proposes_to_compare_the_newest_with_the_last_approved(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "approved", reviewer=ravi)
    workflow.revise(article.pk, version=1, actor=ada)
    for words in ("Second.", "Third."):
        makers.edit(makers.fresh(article), words)
    page = shown(client_of(ada), makers.fresh(article), "versions/")
    assert '<input type="radio" name="old" value="1" checked>' in page
    assert '<input type="radio" name="new" value="3" checked>' in page


def test_an_old_version_shows_its_own_text_at_both_levels(ada, client_of: ClientOf):
    article = with_versions(ada, 3)
    client = client_of(ada)
    assert "Words of version 2." in shown(client, article, "versions/2/")
    assert "Words of version 3." not in shown(client, article, "versions/2/")
    assert "In plain words: Words of version 2." in shown(client, article, "versions/2/", level="plain")


def test_a_version_the_board_has_had_before_it_is_marked_as_frozen(ada, ravi, client_of: ClientOf):
    article = with_versions(ada, 2)
    assert "Frozen" not in shown(client_of(ada), article, "versions/2/")
    makers.bring(article, "submitted")
    assert "Frozen" in shown(client_of(ada), article, "versions/2/")
    assert "Round 1: under review" in shown(client_of(ada), article, "versions/2/")


@pytest.mark.parametrize("number", [0, 3, 10**9, 10**30])
def test_a_version_that_is_not_there_is_not_found(ada, client_of: ClientOf, number: int):
    shown(client_of(ada), with_versions(ada, 2), f"versions/{number}/", status=404)


def test_a_version_of_another_article_is_not_shown(ada, client_of: ClientOf):
    with_versions(ada, 3)
    other = makers.article(ada, words="Another article.")
    shown(client_of(ada), other, "versions/2/", status=404)
    assert "Another article." in shown(client_of(ada), other, "versions/1/")


def test_restoring_is_offered_to_authors_while_the_text_is_open_and_asks_first(
    ada, ravi, edith, client_of: ClientOf
):
    article = with_versions(ada, 2)
    page = shown(client_of(ada), article, "versions/1/")
    form = page.split(f'action="/write/{article.pk}/restore/"')[1].split("</form>")[0]
    assert '<input type="hidden" name="number" value="1">' in form
    assert '<input type="hidden" name="version" value="2">' in form
    assert f"/write/{article.pk}/restore/" not in shown(client_of(ada), article, "versions/2/")
    for reader in (ravi, edith):
        assert "restore/" not in shown(client_of(reader), article, "versions/1/")
        assert "#restore" not in shown(client_of(reader), article, "versions/")
    makers.bring(article, "submitted")
    assert "restore/" not in shown(client_of(ada), article, "versions/1/")


def test_a_version_whose_author_is_unknown_is_still_listed(ada, client_of: ClientOf):
    article = makers.article(ada)
    article.version = 2
    article.save_as_version(by=None, at=article.created_at, note="")
    assert "Somebody" in shown(client_of(ada), article, "versions/")


# --- Preview ------------------------------------------------------------------------------------------------


def test_a_preview_shows_the_article_as_readers_would_see_it_with_the_warning(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "under_review", reviewer=ravi, words="Not approved yet.")
    page = shown(client_of(ravi), article, "preview/")
    assert "Not approved yet." in page
    assert "Pending review" in page
    assert "Preview of version 1." in page
    assert f'href="/review/{article.pk}/"' in page
    assert "Last updated" not in page
    assert "In plain words: Not approved yet." in shown(client_of(ravi), article, "preview/", level="plain")


def test_a_preview_of_a_revision_shows_the_revision(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "approved", reviewer=ravi, words="Approved words.")
    workflow.revise(article.pk, version=1, actor=ada)
    makers.edit(makers.fresh(article), "Revised words.")
    assert "Revised words." in shown(client_of(ada), article, "preview/")


def test_a_preview_of_what_readers_read_already_is_the_readers_page(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "approved", reviewer=ravi)
    slug = article.addresses.get().slug
    answer = client_of(ada).get(f"/office/articles/{article.pk}/preview/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/articles/{slug}/"
    plain = client_of(ada).get(f"/office/articles/{article.pk}/preview/", {"level": "plain"})
    assert plain["Location"] == f"/articles/{slug}/plain/"


def test_a_preview_of_an_empty_draft_works(ada, client_of: ClientOf):
    empty = workflow.create(actor=ada, fields={"question": "Only a question?"})
    for page in PAGES:
        shown(client_of(ada), empty, page)


# --- Timeline -----------------------------------------------------------------------------------------------


def test_the_timeline_tells_what_happened_newest_first(ada, ravi, edith, client_of: ClientOf):
    article = makers.article(ada, "submitted")
    workflow.assign(article.pk, member=ravi, actor=edith, note="If you have time.")
    makers.approve(article, ravi, version=1, note="Sound.")
    workflow.move_address(article.pk, slug="diagnosis", actor=edith)
    page = shown(client_of(ada), article, "timeline/")
    told = [
        "moved the public address",
        "published it as publication 1",
        "approved (1 of 1 approvals), round 1",
        "asked Ravi Menon to review",
        "submitted for review",
        "created the article",
    ]
    assert [page.index(line) for line in told] == sorted(page.index(line) for line in told)
    assert "If you have time." in page
    assert "Sound." in page
    assert "Chain verified" in page


def test_every_kind_of_step_is_told_without_stumbling(ada, ravi, mei, edith, client_of: ClientOf):
    otto = people.person("otto", "Otto Berg", Role.AUTHOR)
    article = makers.article(ada)
    workflow.set_coauthors(article.pk, coauthors=[otto], actor=edith)
    workflow.set_coauthors(article.pk, coauthors=[], actor=edith)
    article = makers.edit(article, "Other words.")
    article = workflow.restore(article.pk, number=1, version=2, actor=ada)
    workflow.submit(article.pk, version=3, actor=ada)
    workflow.withdraw(article.pk, version=3, actor=ada)
    workflow.submit(article.pk, version=3, actor=ada)
    workflow.assign(article.pk, member=mei, actor=edith)
    workflow.unassign(article.pk, member=mei, actor=edith)
    workflow.claim(article.pk, actor=mei)
    workflow.recuse(article.pk, actor=mei, note="I advise the maker.", conflict=True)
    workflow.decline(article.pk, version=3, actor=edith, note="Outside our field.")
    page = shown(client_of(ada), article, "timeline/")
    for words in (
        "named as co-authors: Otto Berg",
        "took all co-authors off",
        "restored the text of version 1",
        "withdrew the submission",
        "released Mei Lin",
        "stepped back, with a conflict",
        "declined",
    ):
        assert words in page


def test_a_record_that_was_tampered_with_is_named(ada, client_of: ClientOf, monkeypatch):
    article = with_versions(ada, 2)
    monkeypatch.setattr(Event, "compute_hash", lambda event: "0" * 64)
    page = shown(client_of(ada), article, "timeline/")
    assert "The record does not hold together." in page
    assert "event 1: was altered" in page
    assert "Chain verified" not in page


# --- Cost ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "at_most"),
    [
        ("versions/", 12),
        ("versions/1/", 10),
        ("compare/?old=1&new=2", 10),
        ("preview/", 9),
        ("timeline/", 11),
    ],
)
def test_a_page_asks_the_same_of_the_database_at_two_versions_and_at_twelve(
    ada, ravi, client_of: ClientOf, page: str, at_most: int
):
    client = client_of(ravi)
    article = with_versions(ada, 2)

    def queries_made() -> int:
        with CaptureQueriesContext(connection) as made:
            shown(client, article, page)
        return len(made)

    at_two = queries_made()
    saved = makers.fresh(article)
    for number in range(3, 13):
        saved = makers.edit(saved, f"Words of version {number}.")
    assert Event.objects.filter(article=article).count() == 12
    assert queries_made() == at_two
    assert at_two <= at_most


def test_long_lists_are_turned_page_by_page(ada, client_of: ClientOf, monkeypatch):
    article = with_versions(ada, 3)
    monkeypatch.setattr("articles.office.versions.PAGE_SIZE", 2)
    monkeypatch.setattr("articles.office.timeline.PAGE_SIZE", 2)
    for page in ("versions/", "timeline/"):
        assert "Page 1 of 2" in shown(client_of(ada), article, page)
        assert "version 1" in shown(client_of(ada), article, page, page=2).lower()
