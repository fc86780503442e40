"""The board's queue: what waits for whom, since when, and how a member finds it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.models import Article, Assignment, Topic, User
from articles.workflow import sight
from articles.workflow.case import Case
from tests import makers, people

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def shown(client: Client, **asked: str) -> str:
    answer = client.get("/review/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def assigned(author: User, member: User, editor: User, days: int, question: str) -> None:
    article = makers.article(author, "submitted", question=question)
    due = timezone.localdate() + timedelta(days=days)
    workflow.assign(article.pk, member=member, due=due, actor=editor)


def test_a_submitted_article_waits_for_anyone_until_somebody_claims_it(ada, ravi, mei, client_of: ClientOf):
    article = makers.article(ada, "submitted", question="Is it waiting?")
    assert "Is it waiting?" in shown(client_of(ravi), show="waiting")
    assert "no reviewer yet" in shown(client_of(ravi), show="waiting")
    workflow.claim(article.pk, actor=ravi)
    assert "Is it waiting?" not in shown(client_of(ravi), show="waiting")
    assert "Is it waiting?" in shown(client_of(ravi))
    others = shown(client_of(mei), show="others")
    assert "Is it waiting?" in others
    assert "waits for Ravi Menon since" in others


def test_a_due_date_is_told_in_days(ada, ravi, edith, client_of: ClientOf):
    assigned(ada, ravi, edith, 5, "Due later?")
    assert "due in 5 days" in shown(client_of(ravi))
    assert "Edith Hale asked you" in shown(client_of(ravi))


def test_an_overdue_review_is_marked_for_who_is_late_and_for_the_others(
    ada, ravi, mei, edith, client_of: ClientOf
):
    assigned(ada, ravi, edith, 1, "Due soon?")
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        page = shown(client_of(ravi))
        late = shown(client_of(mei), show="overdue")
    assert '<span class="tag tag-wait">3 days overdue</span>' in page
    assert "tag-stop" not in page, "late is waiting: red is for what must be fixed and what is gone"
    assert "waits for Ravi Menon" in late
    assert '<span class="tag tag-wait">3 days overdue</span>' in late


def test_a_review_that_is_not_due_yet_is_not_coloured(ada, ravi, edith, client_of: ClientOf):
    assigned(ada, ravi, edith, 5, "Due later?")
    assert '<span class="tag">due in 5 days</span>' in shown(client_of(ravi))


def test_my_own_due_date_counts_and_not_a_colleagues(ada, ravi, mei, edith, client_of: ClientOf):
    assigned(ada, ravi, edith, 9, "Two reviewers?")
    article = ada.articles.get()
    workflow.assign(article.pk, member=mei, due=timezone.localdate() + timedelta(days=2), actor=edith)
    assert "due in 9 days" in shown(client_of(ravi))
    assert "due in 2 days" in shown(client_of(mei))


def test_a_decided_article_moves_to_decided_by_me(ada, ravi, client_of: ClientOf):
    makers.article(ada, "changes_requested", reviewer=ravi, question="Decided already?")
    assert "Decided already?" not in shown(client_of(ravi))
    page = shown(client_of(ravi), show="decided")
    assert "Decided already?" in page
    assert "you requested changes" in page
    assert "Now changes requested" in page


def test_an_approval_that_waits_for_a_colleague_is_no_longer_for_me(ada, ravi, client_of: ClientOf, settings):
    makers.policy(quorum=2)
    article = makers.article(ada, "under_review", reviewer=ravi, question="Half approved?")
    makers.approve(article, ravi, version=1)
    assert "Half approved?" not in shown(client_of(ravi))
    assert "you approved, waits for another reviewer" in shown(client_of(ravi), show="others")


def test_the_search_is_folded_away_over_few_reviews(ada, ravi, client_of: ClientOf):
    for number in range(3):
        makers.article(ada, "submitted", question=f"Question {number}?")
    client = client_of(ravi)
    folded = '<details class="disclosure"><summary>Search and order</summary>'
    assert folded in shown(client, show="waiting")
    for asked in ({"q": "Question 1"}, {"q": "nothing"}, {"sort": "topic"}):
        assert folded not in shown(client, show="waiting", **asked)
    makers.article(ada, "submitted", question="One more?")
    assert folded not in shown(client, show="waiting")


def test_search_finds_words_of_the_question_and_of_the_author(ada, ravi, client_of: ClientOf):
    makers.article(ada, "submitted", question="What helps against flushing?")
    makers.article(ada, "submitted", question="What helps against cough?")
    page = shown(client_of(ravi), show="waiting", q="FLUSH okafor")
    assert "against flushing" in page
    assert "against cough" not in page


def test_a_search_without_a_match_repeats_the_words_escaped(ravi, client_of: ClientOf):
    page = shown(client_of(ravi), q="<b>nothing</b>")
    assert "&lt;b&gt;nothing&lt;/b&gt;" in page
    assert "<b>nothing</b>" not in page


@pytest.mark.parametrize(
    ("show", "says"),
    [
        ("overdue", "from the day after its due date"),
        ("mine", "Reviews that you take on"),
        ("waiting", "from the moment its author submits it"),
        ("others", "Reviews of your colleagues"),
        ("decided", "Each approval, request for changes and recusal"),
        ("nonsense", "Reviews that you take on"),
    ],
)
def test_an_empty_section_says_how_it_fills(ravi, client_of: ClientOf, show: str, says: str):
    assert says in shown(client_of(ravi), show=show)


def test_an_empty_desk_of_ones_own_leads_to_what_waits(ada, ravi, client_of: ClientOf):
    makers.article(ada, "submitted")
    assert 'href="/review/?show=waiting"' in shown(client_of(ravi))


def test_the_queue_is_not_open_to_authors_editors_and_strangers(
    ada, edith, client_of: ClientOf, client: Client
):
    assert client_of(ada).get("/review/").status_code == 403
    assert client_of(edith).get("/review/").status_code == 403
    assert client.get("/review/").status_code == 302
    assert client_of(edith).post("/review/").status_code == 405


@pytest.mark.parametrize("show", ["mine", "waiting", "overdue", "others", "decided"])
def test_the_queue_asks_the_same_of_the_database_at_one_row_and_at_a_hundred(
    ada, ravi, mei, client_of: ClientOf, show: str, monkeypatch
):
    monkeypatch.setattr("articles.reviewing.queue.PAGE_SIZE", 100)
    state = {"waiting": "submitted", "decided": "approved"}.get(show, "under_review")
    reviewer = mei if show in {"others", "overdue"} else ravi
    client = client_of(ravi)

    def queries_made() -> int:
        with CaptureQueriesContext(connection) as made:
            assert "Question number" in shown(client, show=show)
        return len(made)

    def made(number: int) -> None:
        makers.article(ada, state, reviewer=reviewer, question=f"Question number {number}?")
        if show == "overdue":
            Assignment.objects.update(due=timezone.localdate() - timedelta(days=1))

    made(0)
    at_one = queries_made()
    for number in range(1, 100):
        made(number)
    assert queries_made() == at_one
    assert at_one <= 16


def test_a_long_queue_is_turned_page_by_page_and_keeps_its_section(
    ada, ravi, client_of: ClientOf, monkeypatch
):
    monkeypatch.setattr("articles.reviewing.queue.PAGE_SIZE", 2)
    for number in range(3):
        makers.article(ada, "submitted", question=f"Question number {number}?")
    page = shown(client_of(ravi), show="waiting")
    assert "Page 1 of 2" in page
    assert "show=waiting" in page.split('rel="next"')[1][:80]
    assert "Question number 2?" in shown(client_of(ravi), show="waiting", page="2")


def test_invitations_that_wait_for_an_answer_come_first(ada, ravi, edith, client_of: ClientOf):
    makers.article(ada, "under_review", reviewer=ravi, question="Taken on?")
    assigned(ada, ravi, edith, 3, "Accepted?")
    workflow.accept_review(Article.objects.get(question="Accepted?").pk, actor=ravi)
    assigned(ada, ravi, edith, 30, "Asked?")
    for sort in ("", "due", "question", "since"):
        page = shown(client_of(ravi), sort=sort)
        first, _, rest = page.partition("To decide")
        assert "Waiting for your answer" in first
        assert "Asked?" in first
        assert "Asked?" not in rest
        assert "Taken on?" in rest
    assert page.count(">Answer<") == 1


def test_what_i_asked_of_an_author_waits_for_the_author(ada, ravi, client_of: ClientOf):
    makers.article(ada, "changes_requested", reviewer=ravi, question="Answered yet?")
    page = shown(client_of(ravi), show="others")
    assert "waits for Ada Okafor to answer since" in page
    assert "Answered yet?" not in shown(client_of(ravi), show="others", state="under_review")
    assert "Answered yet?" in shown(client_of(ravi), show="others", state="changes_requested")


def positions(page: str, *questions: str) -> list[str]:
    return sorted(questions, key=page.index)


def test_the_queue_is_put_in_any_order_and_the_address_keeps_it(ada, ravi, edith, client_of: ClientOf):
    surgery = Topic.objects.create(name="Surgery", slug="surgery")
    imaging = Topic.objects.create(name="Imaging", slug="imaging")
    for number, (question, topic, days) in enumerate(
        [("Beta?", surgery, 9), ("alpha?", imaging, 5), ("Gamma?", None, 7)]
    ):
        with time_machine.travel(timezone.now() - timedelta(days=3 - number)):
            article = makers.article(ada, "submitted", question=question, topic=topic)
        workflow.assign(article.pk, member=ravi, actor=edith, due=timezone.localdate() + timedelta(days=days))
        workflow.accept_review(article.pk, actor=ravi)
    client, names = client_of(ravi), ("Beta?", "alpha?", "Gamma?")
    for sort, order in {
        "": ["alpha?", "Gamma?", "Beta?"],
        "question": ["alpha?", "Beta?", "Gamma?"],
        "topic": ["alpha?", "Beta?", "Gamma?"],
        "since": ["Beta?", "alpha?", "Gamma?"],
        "nonsense": ["alpha?", "Gamma?", "Beta?"],
    }.items():
        page = shown(client, sort=sort)
        assert positions(page, *names) == order, sort
    assert '<option value="topic" selected>' in shown(client, sort="topic")
    assert "Surgery" in page


def test_the_queue_is_narrowed_by_topic_and_every_tab_keeps_that(ada, ravi, client_of: ClientOf):
    surgery = Topic.objects.create(name="Surgery", slug="surgery")
    makers.article(ada, "submitted", question="With a knife?", topic=surgery)
    makers.article(ada, "submitted", question="With a pill?")
    client = client_of(ravi)
    page = shown(client, show="waiting", topic="surgery")
    assert "With a knife?" in page
    assert "With a pill?" not in page
    assert 'href="?show=others&amp;topic=surgery"' in page
    assert 'Waiting for a reviewer <span class="count">1</span>' in page
    page = shown(client, show="waiting", topic="none")
    assert "With a pill?" in page
    assert "With a knife?" not in page
    nothing = shown(client, show="waiting", topic="gone")
    assert "Nothing here matches what you asked for" in nothing
    assert 'href="?show=waiting"' in nothing


@pytest.mark.parametrize(
    "query", ["q=%00", "state=nonsense", "page=0", "page=x", "q=" + "y" * 3000, "topic=%00", "sort=due;drop"]
)
def test_odd_addresses_are_answered(ada, ravi, client_of: ClientOf, query: str):
    makers.article(ada, "under_review", reviewer=ravi)
    for show in ("mine", "decided", "others"):
        assert client_of(ravi).get(f"/review/?show={show}&{query}").status_code == 200


SECTIONS = ("mine", "waiting", "overdue", "others", "decided")


@pytest.mark.parametrize("part", ["a reviewer", "anybody else on the board"])
def test_of_an_independent_round_the_queue_shows_no_byte_of_what_a_colleague_did(
    ada, ravi, mei, edith, client_of: ClientOf, part: str
):
    makers.policy(quorum=3, independent=True)
    nils, petra = (people.member(name.lower(), f"{name} Holm", "MD") for name in ("Nils", "Petra"))
    article = makers.article(ada, "under_review", reviewer=petra, question="Is it independent?")
    if part == "a reviewer":
        workflow.assign(article.pk, member=ravi, actor=edith, due=timezone.localdate() + timedelta(days=9))
    for member, days in ((mei, 2), (nils, 4)):
        workflow.assign(
            article.pk, member=member, actor=edith, due=timezone.localdate() + timedelta(days=days)
        )
    # Something that could change places with it.
    makers.article(ada, "under_review", reviewer=ravi, question="Another?")

    def seen() -> list[str]:
        with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
            client = client_of(ravi)
            asked = [{"show": show, "sort": sort} for show in SECTIONS for sort in ("", "due", "since")]
            pages = [shown(client, **each) for each in asked] + [client.get("/office/").content.decode()]
        return [re.sub(r'csrf[^>]+>|"X-CSRFToken[^}]+|\d+ seconds', "", page) for page in pages]

    before = seen()
    assert "Is it independent?" in "".join(before)
    assert "Mei Lin" not in "".join(before)
    assert "Is it independent?" not in before[SECTIONS.index("overdue") * 3], "that Mei is late is hidden too"
    makers.approve(article, mei)
    assert seen() == before, "an approval shows"
    workflow.decline_review(article.pk, actor=nils, note="No time.")
    assert seen() == before, "a declined invitation shows"
    workflow.recuse(article.pk, actor=petra, note="We share a grant.", conflict=True)
    assert seen() == before, "a recusal shows"
    if part == "a reviewer":
        makers.approve(article, ravi)
        assert "Mei Lin approved" in shown(client_of(ravi), show="others")


def test_an_author_on_the_board_is_not_kept_in_the_dark_about_their_own_article(
    ravi, mei, client_of: ClientOf
):
    makers.policy(quorum=2, independent=True)
    both = people.member("wanda", "Wanda Ruiz", "MD", people.Role.AUTHOR)
    article = makers.article(both, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    makers.approve(article, mei)
    assert "waits for Ravi Menon since" in shown(client_of(both), show="others")


def test_the_rounds_a_member_is_blind_in_are_those_their_case_says(ada, ravi, mei, edith):
    """Two answers to one question, one for lists and one for a page: they must agree."""
    both = people.member("bo", "Bo Berg", "MD", people.Role.EDITOR)
    writer = people.member("wanda", "Wanda Ruiz", "MD", people.Role.AUTHOR)
    for independent in (True, False):
        makers.policy(quorum=3, independent=independent)
        for author in (ada, writer):
            article = makers.article(author, "under_review", reviewer=ravi)
            makers.article(author, "submitted")
            workflow.claim(article.pk, actor=mei)
            makers.approve(article, mei)
            stepped_back = makers.article(author, "under_review", reviewer=ravi)
            workflow.claim(stepped_back.pk, actor=both)
            workflow.recuse(stepped_back.pk, actor=both, note="No time.")
            workflow.claim(makers.article(author, "under_review", reviewer=both).pk, actor=ravi)
    coauthored = Article.objects.filter(author=ada).first()
    coauthored.coauthors.add(writer)
    for user in (ada, ravi, mei, edith, both, writer):
        person = User.objects.get(pk=user.pk)
        blind = set(sight.blind_rounds(person).values_list("article", flat=True))
        assert blind == {each.pk for each in Article.objects.all() if Case(each, person).is_blind}, person


def test_only_what_waits_is_counted_in_the_colour_of_waiting(ada, ravi, mei, client_of: ClientOf):
    makers.article(ada, "under_review", reviewer=ravi, question="Mine?")
    makers.article(ada, "submitted", question="Whose?")
    makers.article(ada, "under_review", reviewer=mei, question="Hers?")
    makers.article(ada, "approved", reviewer=ravi, question="Done?")
    found = re.findall(r'>([\w ]+?) <span class="(count[\w -]*)">(\d+)<', shown(client_of(ravi)))
    assert found == [
        ("For me", "count", "1"),
        ("Waiting for a reviewer", "count", "1"),
        ("With others", "count count-quiet", "1"),
        ("Decided by me", "count count-quiet", "1"),
    ]
