"""The desk's first page: what needs an editor, every article, by state and by words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.desk.rooms import PAGE_SIZE
from articles.models import Article, Assignment, Publication, Topic, User
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
    for address in (
        "/desk/",
        f"/desk/{article.pk}/",
        "/desk/questions/",
        "/desk/policy/",
        "/desk/policies/",
        "/desk/checklist/",
    ):
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


def test_somebody_who_is_late_is_not_hidden_behind_a_page_of_what_waited_longer(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    for number in range(PAGE_SIZE + 1):
        makers.article(ada, "submitted", question=f"Who takes number {number}?")
    overdue(makers.article(ada, "under_review", reviewer=ravi, question="When is it due?"))
    first = waiting(client_of(edith).get("/desk/").content.decode())
    assert "When is it due?" in first
    assert "Who takes number 0?" in first
    assert f"Who takes number {PAGE_SIZE}?" not in first
    assert "And 2 more" in first


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
    assert "Nothing here matches what you asked for" in nothing


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "state=nonsense",
        "page=0",
        "page=x",
        "q=" + "y" * 3000,
        "q=%27%25",
        "sort=x",
        "show=x",
        "topic=%00",
    ],
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


def test_the_desk_asks_the_database_as_often_for_a_hundred_articles_as_for_three(
    ada: User, ravi: User, edith: User, client_of: In, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.desk.home.PAGE_SIZE", 100)
    client = client_of(edith)

    def queries(show: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/desk/", {"show": show}).status_code == 200
        return len(captured)

    def make() -> None:
        overdue(makers.article(ada, "under_review", reviewer=ravi))
        makers.article(ada, "submitted")
        makers.article(ada, "approved", reviewer=ravi)
        Publication.objects.update(next_review_due=timezone.localdate())

    make()
    few = {show: queries(show) for show in ("", "needs", "overdue", "again")}
    for _ in range(33):
        make()
    assert {show: queries(show) for show in few} == few
    assert max(few.values()) <= 20


def test_the_desk_is_read_and_not_written(edith: User, client_of: In) -> None:
    assert client_of(edith).post("/desk/").status_code == 405


def test_the_admin_is_found_by_those_who_may_enter_it(edith: User, client_of: In) -> None:
    assert 'href="/admin/"' not in client_of(edith).get("/desk/").content.decode()
    edith.is_staff = True
    edith.save()
    assert 'href="/admin/"' in client_of(edith).get("/desk/").content.decode()
    admin = client_of(edith).get("/admin/").content.decode()
    assert "NetReview administration" in admin
    assert "Django" not in admin


def test_one_reviewer_where_two_must_approve_needs_an_editor(
    ada: User, ravi: User, mei: User, edith: User, client_of: In
) -> None:
    makers.policy(quorum=2)
    article = makers.article(ada, "under_review", reviewer=ravi, question="Who else?")
    page = waiting(client_of(edith).get("/desk/").content.decode())
    assert "Who else?" in page
    assert "1 more reviewer wanted" in page
    workflow.claim(article.pk, actor=mei)
    assert "Who else?" not in waiting(client_of(edith).get("/desk/").content.decode())


def test_late_is_amber_at_the_desk_as_in_the_queue(ada: User, ravi: User, edith: User, client_of: In) -> None:
    overdue(makers.article(ada, "under_review", reviewer=ravi))
    for client, address in ((client_of(edith), "/desk/?show=overdue"), (client_of(ravi), "/review/")):
        page = client.get(address).content.decode()
        assert '<span class="tag tag-wait">4 days overdue</span>' in page
        assert "tag-stop" not in page


def test_texts_due_for_review_again_stand_in_a_section_of_their_own(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    today = timezone.localdate()
    for question, days in (("Past?", -3), ("Soon?", 60), ("Later?", 61)):
        article = makers.article(ada, "approved", reviewer=ravi, question=question)
        Publication.objects.filter(article=article).update(next_review_due=today + timedelta(days=days))
    gone = makers.article(ada, "retired", reviewer=ravi, editor=edith, question="Gone?")
    Publication.objects.filter(article=gone).update(next_review_due=today)
    revised = makers.article(ada, "approved", reviewer=ravi, question="Being revised?")
    workflow.revise(revised.pk, version=1, actor=ada)
    Publication.objects.filter(article=revised).update(next_review_due=today)
    client = client_of(edith)
    page = client.get("/desk/", {"show": "again"}).content.decode()
    assert "Due for review again 3" in page
    assert sorted(("Past?", "Soon?", "Being revised?"), key=page.index) == [
        "Past?",
        "Being revised?",
        "Soon?",
    ]
    assert "Next review was due" in page
    assert "3 days ago" in page
    assert page.count(">Ask for a reaffirmation<") == 2, "a text that is being revised is reviewed anyway"
    assert "Later?" not in page
    assert "Gone?" not in page
    empty = client.get("/desk/", {"show": "again", "q": "nothing"}).content.decode()
    assert "Nothing here matches what you asked for" in empty


def test_the_list_is_ordered_and_narrowed_and_the_address_keeps_it(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    topic = Topic.objects.create(name="Imaging", slug="imaging")
    makers.article(ada, "submitted", question="Beta?", topic=topic)
    makers.article(ada, "submitted", question="alpha?")
    makers.article(ada, "under_review", reviewer=ravi, question="Gamma?", topic=topic)
    client, names = client_of(edith), ("Beta?", "alpha?", "Gamma?")
    for sort, order in {
        "": ["Gamma?", "alpha?", "Beta?"],
        "since": ["Beta?", "alpha?", "Gamma?"],
        "question": ["alpha?", "Beta?", "Gamma?"],
        "topic": ["Beta?", "Gamma?", "alpha?"],
    }.items():
        page = client.get("/desk/", {"sort": sort}).content.decode().partition("All articles</h2>")[2]
        assert sorted(names, key=page.index) == order, sort
    page = client.get("/desk/", {"topic": "imaging", "sort": "question"}).content.decode()
    assert "alpha?" not in page
    assert "All 2" in page
    assert 'href="?state=submitted&amp;topic=imaging&amp;sort=question"' in page
    assert '<option value="imaging" selected>' in page
