"""The desk's first page: what needs an editor, every article, by state and by words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.models import Article, Assignment, User
from articles.states import State
from tests import makers, people

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]


def overdue(article: Article, days: int = 4) -> None:
    Assignment.objects.filter(round__article=article).update(due=timezone.localdate() - timedelta(days=days))


def waiting(page: str) -> str:
    """The part of the page above the list of all articles."""
    return page.partition("All articles")[0]


def test_only_editors_may_come_to_the_desk(ada: User, ravi: User, edith: User, client_of: In) -> None:
    article = makers.article(ada, "submitted")
    for address in ("/desk/", f"/desk/{article.pk}/", "/desk/questions/", "/desk/policy/"):
        assert client_of(edith).get(address).status_code == 200
        assert client_of(ada).get(address).status_code == 403
        assert client_of(ravi).get(address).status_code == 403
        assert Client().get(address).status_code == 302


def test_an_empty_desk_says_how_it_fills(edith: User, client_of: In) -> None:
    page = client_of(edith).get("/desk/").content.decode()
    assert "No articles yet" in page
    assert "as soon as an author begins one" in page


def test_what_needs_an_editor_comes_first(ada: User, ravi: User, edith: User, client_of: In) -> None:
    makers.article(ada, "submitted", question="Who reviews this?")
    late = makers.article(ada, "under_review", reviewer=ravi, question="When is it due?")
    overdue(late)
    makers.article(ada, "under_review", reviewer=ravi, question="Is all well here?")
    makers.article(ada, "draft", question="Not yet submitted?")
    page = client_of(edith).get("/desk/").content.decode()
    first = waiting(page)
    assert "Who reviews this?" in first
    assert "When is it due?" in first
    assert "4 days overdue" in first
    assert page.count("4 days overdue") == 2, "among all articles it is marked as well"
    assert "Is all well here?" not in first
    assert "Not yet submitted?" not in first


def test_a_reviewer_who_decided_is_not_overdue(
    ada: User, ravi: User, mei: User, edith: User, client_of: In, settings: object
) -> None:
    makers.policy(quorum=2)
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    makers.approve(article, ravi, version=1)
    Assignment.objects.filter(member=ravi).update(due=timezone.localdate() - timedelta(days=4))
    page = client_of(edith).get("/desk/").content.decode()
    assert article.question not in waiting(page)
    assert "Ravi Menon (approved) and Mei Lin (no due date)" in page
    overdue(article, days=1)
    page = client_of(edith).get("/desk/").content.decode()
    assert "1 day overdue" in waiting(page)


def test_every_state_has_its_count_and_a_link_that_filters(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    for state in State.values:
        makers.article(ada, state, reviewer=ravi, editor=edith, question=f"Is this one {state}?")
    client = client_of(edith)
    page = client.get("/desk/").content.decode()
    assert "All 7" in page
    for state in State:
        assert f"{state.label} 1" in page
        assert f"?state={state}" in page
        filtered = client.get("/desk/", {"state": state}).content.decode()
        assert f"Is this one {state}?" in filtered
        assert filtered.count("Is this one ") == 1


def test_search_finds_by_question_and_by_author_and_keeps_the_state(
    ada: User, edith: User, client_of: In
) -> None:
    omar = people.person("omar", "Omar Haddad", people.Role.AUTHOR)
    makers.article(ada, question="How is a carcinoid treated?")
    makers.article(omar, "submitted", question="Which scan finds it?")
    client = client_of(edith)
    found = client.get("/desk/", {"q": "carcinoid treated"}).content.decode()
    assert "How is a carcinoid treated?" in found
    assert "Which scan finds it?" not in found
    found = client.get("/desk/", {"q": "haddad", "state": "submitted"}).content.decode()
    assert "Which scan finds it?" in found
    assert "state=draft&amp;q=haddad" in found
    nothing = client.get("/desk/", {"q": "haddad", "state": "draft"}).content.decode()
    assert "Nothing here matches these words" in nothing


@pytest.mark.parametrize(
    "query", ["q=%00", "state=nonsense", "page=0", "page=x", "q=" + "y" * 3000, "q=%27%25"]
)
def test_odd_addresses_are_answered(query: str, ada: User, edith: User, client_of: In) -> None:
    makers.article(ada)
    assert client_of(edith).get(f"/desk/?{query}").status_code == 200


def test_long_lists_come_in_pages_of_25_and_keep_the_filter(ada: User, edith: User, client_of: In) -> None:
    for number in range(26):
        makers.article(ada, question=f"Is it number {number:02}?")
    client = client_of(edith)
    first = client.get("/desk/", {"state": "draft"}).content.decode()
    assert first.count("Is it number") == 25
    assert "?state=draft&amp;page=2" in first
    assert client.get("/desk/", {"state": "draft", "page": 2}).content.decode().count("Is it number") == 1


def test_questions_are_escaped(ada: User, edith: User, client_of: In) -> None:
    makers.article(ada, "submitted", question="Is <script>alert(1)</script> safe?")
    page = client_of(edith).get("/desk/", {"q": "<script>"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_desk_asks_the_database_as_often_for_many_articles_as_for_one(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    client = client_of(edith)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/desk/").status_code == 200
        return len(captured)

    overdue(makers.article(ada, "under_review", reviewer=ravi))
    makers.article(ada, "submitted")
    few = queries()
    for _ in range(5):
        overdue(makers.article(ada, "under_review", reviewer=ravi))
        makers.article(ada, "submitted")
    assert queries() == few


def test_the_desk_is_read_and_not_written(edith: User, client_of: In) -> None:
    assert client_of(edith).post("/desk/").status_code == 405


def test_the_admin_is_found_by_those_who_may_enter_it(edith: User, client_of: In) -> None:
    assert 'href="/admin/"' not in client_of(edith).get("/desk/").content.decode()
    edith.is_staff = True
    edith.save()
    assert 'href="/admin/"' in client_of(edith).get("/desk/").content.decode()
