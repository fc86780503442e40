"""The threads of an article: who reads and answers them where, and what never gets lost or out."""

from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import workflow
from articles.models import Article, Comment, Thread, User
from articles.states import Role
from tests import makers, people
from tests.evidence import resubmit, thread
from tests.web.writing_form import words

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]
SCRIPT = "<script>alert('thread')</script><b>bold</b>"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def article(ada: User, ravi: User) -> Article:
    return makers.article(ada, "under_review", reviewer=ravi)


def page(found: Thread, name: str = "thread") -> str:
    return reverse(f"office:{name}", args=[found.article_id, found.pk])


def listed(article: Article) -> str:
    return reverse("office:threads", args=[article.pk])


def text(response: Any) -> str:
    return response.content.decode()


def shown(response: Any) -> list[str]:
    """Ids of the threads on a page, in their order."""
    tree = lxml.html.fromstring(text(response))
    return [each.get("id") for each in tree.xpath("//article[contains(@class, 'thread')]")]


def buttons(response: Any) -> set[str]:
    """What the buttons of the threads say."""
    tree = lxml.html.fromstring(text(response))
    return {" ".join(each.text_content().split()) for each in tree.xpath("//article//form//button")}


def ask_changes(article: Article, actor: User) -> Article:
    workflow.request_changes(
        article.pk, version=article.version, digest=article.digest, actor=actor, note="See the threads."
    )
    return makers.fresh(article)


# --- One thread


def test_author_reviewer_and_editor_read_and_answer_a_thread(
    article: Article, ada: User, ravi: User, edith: User, client_of: In
) -> None:
    found = thread(article, ravi, text="Which grade?", must_fix=True)
    for number, person in enumerate((ada, edith, ravi), start=1):
        client = client_of(person)
        said = words(client.get(page(found)))
        for each in ("Histology with grade sets prognosis.", "Which grade?", "Ravi Menon", "Must fix"):
            assert each in said, person
        response = client.post(page(found, "answer"), {"text": f"Answer {number}"})
        assert (response.status_code, response["Location"]) == (303, f"{page(found)}#thread-{found.pk}")
    assert [each.text for each in found.comments.all()][1:] == ["Answer 1", "Answer 2", "Answer 3"]


def test_who_does_not_take_part_reads_without_a_box_and_is_refused(
    article: Article, ravi: User, mei: User, client_of: In
) -> None:
    found = thread(article, ravi)
    client = client_of(mei)
    response = client.get(page(found))
    assert "Which grade?" in text(response)
    assert buttons(response) == set()
    refused = client.post(page(found, "answer"), {"text": "May I?"})
    assert refused.status_code == 403
    assert "Only the authors and reviewers of this article can do this." in text(refused)
    assert "May I?" in text(refused), "what was typed is still there to copy"
    assert found.comments.count() == 1


def test_strangers_and_readers_find_no_thread(article: Article, ravi: User, client_of: In) -> None:
    found = thread(article, ravi)
    omar = client_of(people.person("omar", "Omar Haddad", Role.AUTHOR))
    for address in (listed(article), page(found)):
        assert omar.get(address).status_code == 404
        assert Client().get(address)["Location"].startswith("/accounts/login/")
    assert omar.post(page(found, "answer"), {"text": "Hello"}).status_code == 404
    assert found.comments.count() == 1


def test_ids_of_other_articles_threads_do_not_exist(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    other = makers.article(ada, "under_review", reviewer=ravi)
    found = thread(other, ravi)
    for person in (ada, ravi):
        client = client_of(person)
        for thread_id in (found.pk, 999_999):
            address = reverse("office:thread", args=[article.pk, thread_id])
            assert client.get(address).status_code == 404
            assert client.post(f"{address}answer/", {"text": "Hello"}).status_code == 404
    assert found.comments.count() == 1


def test_an_answer_quotes_the_statement_or_a_comment_of_its_thread_and_nothing_else(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found, other = (
        thread(article, ravi),
        thread(article, ravi, "Functional", text="A secret of another thread."),
    )
    client = client_of(ada)
    foreign = f"comment-{other.comments.get().pk}"
    for quote in ("statement", f"comment-{found.comments.get().pk}", foreign, "made up", ""):
        client.post(page(found, "answer"), {"text": "Grade 2.", "quote": quote})
    quoted = [each.quote for each in found.comments.all()][1:]
    assert quoted == ["Histology with grade sets prognosis.", "Which grade?", "", "", ""]


def test_only_an_author_marks_as_done_with_or_without_words(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi, must_fix=True)
    assert "Mark as done" not in buttons(client_of(ravi).get(page(found)))
    client = client_of(ada)
    assert "Mark as done" in buttons(client.get(page(found)))
    client.post(page(found, "answer"), {"text": "", "done": "1"})
    assert Thread.objects.get(pk=found.pk).done_at is not None
    assert found.comments.count() == 1
    after = client.get(page(found))
    assert "Marked as done; waits for Ravi Menon" in words(after)
    assert "Mark as done" not in buttons(after)


def test_each_person_gets_the_buttons_they_may_use(
    article: Article, ada: User, ravi: User, mei: User, edith: User, client_of: In
) -> None:
    workflow.claim(article.pk, actor=mei)
    found = thread(article, ravi, must_fix=True, suggestion="Histology sets it. [pavel2020]")
    assert buttons(client_of(ravi).get(page(found))) == {"Send the answer", "Resolve", "Need not be fixed"}
    assert buttons(client_of(mei).get(page(found))) == {"Send the answer"}, "who asked decides"
    assert buttons(client_of(edith).get(page(found))) == {"Send the answer"}
    assert buttons(client_of(ada).get(page(found))) == {"Send the answer", "Mark as done"}, (
        "the text is frozen"
    )
    workflow.resolve(article.pk, thread=found.pk, actor=ravi)
    assert buttons(client_of(ravi).get(page(found))) == {"Reopen"}
    workflow.reopen(article.pk, thread=found.pk, actor=ravi)
    ask_changes(article, ravi)
    assert buttons(client_of(ada).get(page(found))) == {
        "Send the answer", "Mark as done", "Take up these words", "Decline with this reason",
    }  # fmt: skip


# --- Nothing typed is lost


def test_a_refused_answer_comes_back_with_every_word(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi)
    client = client_of(ada)
    typed = "word " * 2500
    response = client.post(page(found, "answer"), {"text": typed, "quote": "statement"})
    assert response.status_code == 422
    assert "This is longer than 10,000 characters." in text(response)
    form = lxml.html.fromstring(text(response)).xpath("//article//form")[0]
    assert form.fields["text"].strip() == typed.strip()
    assert form.fields["quote"] == "statement"
    assert found.comments.count() == 1


def test_an_empty_answer_is_asked_for_words(article: Article, ada: User, ravi: User, client_of: In) -> None:
    found = thread(article, ravi)
    for empty in ("", "  \r\n", "\x00"):
        response = client_of(ada).post(page(found, "answer"), {"text": empty})
        assert response.status_code == 422
        assert "Write what you have to say." in text(response)


def test_an_expired_session_keeps_what_was_typed(article: Article, ravi: User) -> None:
    found = thread(article, ravi)
    response = Client().post(page(found, "answer"), {"text": "A long answer.", "next": "/office/"})
    assert response.status_code == 401
    assert response["X-Kept"] == "yes"
    form = lxml.html.fromstring(text(response)).xpath("//form[@class='kept-form']")[0]
    assert form.action == page(found, "answer")
    assert form.fields["text"] == "A long answer."
    assert form.fields["next"] == "/office/"


def test_megabytes_and_odd_characters_are_refused_or_kept_and_break_nothing(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi)
    client = client_of(ada)
    assert client.post(page(found, "answer"), {"text": "x" * 1_500_000}).status_code == 422
    assert client.post(page(found, "answer"), {"text": "x" * 4_000_000}).status_code in (413, 422)
    client.post(page(found, "answer"), {"text": "Ja\x00 👩🏽‍⚕️ \u202eright to left\r\nsecond line"})
    assert found.comments.last().text == "Ja 👩🏽‍⚕️ \u202eright to left\nsecond line"
    assert "👩🏽‍⚕️" in text(client.get(page(found)))


def test_markup_in_every_part_of_a_thread_is_escaped(ada: User, ravi: User, client_of: In) -> None:
    User.objects.filter(pk=ravi.pk).update(name=SCRIPT)
    made = makers.article(
        ada, "under_review", reviewer=User.objects.get(pk=ravi.pk), words="If a &lt;b&gt; is c."
    )
    found = thread(made, ravi, "If a", text=SCRIPT, suggestion=f"If a is d. {SCRIPT} &lt;i&gt; [pavel2020]")
    client = client_of(ada)
    client.post(page(found, "answer"), {"text": SCRIPT, "quote": f"comment-{found.comments.get().pk}"})
    for response in (client.get(page(found)), client.get(listed(made))):
        tree = lxml.html.fromstring(text(response))
        assert "<script>alert" not in text(response)
        assert tree.xpath("//article//b | //article//script | //article//i") == []
        assert "alert('thread')" in words(response)


# --- Back to where it was read, whole or in part


def test_an_answer_leads_back_to_the_page_that_the_form_names_if_it_is_ours(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi)
    client = client_of(ada)
    places = {
        f"{listed(article)}?show=must-fix&page=2#top": f"{listed(article)}?show=must-fix&page=2",
        "https://evil.example/": page(found),
        "//evil.example/": page(found),
        "/\\evil.example/": page(found),
        "javascript:alert(1)": page(found),
        "": page(found),
    }
    for given, expected in places.items():
        response = client.post(page(found, "answer"), {"text": "Grade 2.", "next": given})
        assert response["Location"] == f"{expected}#thread-{found.pk}", given


def test_htmx_gets_the_thread_alone_and_the_page_hears_of_it(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi)
    response = client_of(ada).post(page(found, "answer"), {"text": "Grade 2.", "next": "/x/"}, **HTMX)
    assert response.status_code == 200
    assert response["HX-Trigger-After-Swap"] == "talked"
    assert text(response).lstrip().startswith("<article")
    assert shown(response) == [f"thread-{found.pk}"]
    assert "Grade 2." in text(response)
    assert 'name="next" value="/x/"' in text(response), "the next answer, too, leads back"
    refused = client_of(ada).post(page(found, "answer"), {"text": "", "next": "/x/"}, **HTMX)
    assert refused.status_code == 422
    assert shown(refused) == [f"thread-{found.pk}"]


def test_the_box_is_a_plain_form_where_no_script_runs(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi)
    client = client_of(ada)
    (form,) = lxml.html.fromstring(text(client.get(listed(article)))).xpath("//article//form[.//textarea]")
    assert (form.method, form.action) == ("POST", page(found, "answer"))
    response = client.post(form.action, dict(form.form_values()) | {"text": "By form."})
    assert response["Location"] == f"{listed(article)}#thread-{found.pk}"
    assert found.comments.last().text == "By form."


# --- All threads


def test_the_list_shows_open_must_fix_outdated_and_resolved_threads_apart(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    fixed, must, settled = (
        thread(article, ravi),
        thread(article, ravi, "Functional", must_fix=True),
        thread(article, ravi, "In plain"),
    )
    workflow.resolve(article.pk, thread=settled.pk, actor=ravi)
    ask_changes(article, ravi)
    workflow.answer(article.pk, thread=must.pk, actor=ada, text="Done.")
    resubmit(article, "Other words.")
    client = client_of(ada)
    expected = {
        "": [fixed, must],
        "?show=must-fix": [must],
        "?show=outdated": [fixed],
        "?show=resolved": [settled],
        "?show=all": [fixed, must, settled],
        "?show=nonsense&page=x": [fixed, must],
    }
    for query, found in expected.items():
        response = client.get(listed(article) + query)
        assert shown(response) == [f"thread-{each.pk}" for each in found], query
    assert "About earlier words" in words(client.get(listed(article) + "?show=outdated"))
    assert "Open 2" in words(client.get(listed(article)))


def test_an_empty_list_says_how_it_fills(article: Article, ada: User, client_of: In) -> None:
    for show in ("", "must-fix", "outdated", "resolved", "all"):
        response = client_of(ada).get(listed(article), {"show": show})
        assert lxml.html.fromstring(text(response)).find_class("empty-title"), show


def test_words_that_changed_stand_beside_what_is_there_now(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi)
    ask_changes(article, ravi)
    resubmit(article, "Histology with grade sets the prognosis.")
    response = client_of(ada).get(page(found))
    assert "It says now" in words(response)
    (now,) = lxml.html.fromstring(text(response)).find_class("thread-now")
    assert [each.text_content().strip() for each in now.iter("ins")] == ["the"]


def test_a_suggestion_is_shown_word_by_word_against_the_statement_it_was_made_for(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi, suggestion="Histology with grade decides prognosis. [pavel2020]")
    client = client_of(ada)

    def difference() -> tuple[list[str], list[str]]:
        (shown,) = lxml.html.fromstring(text(client.get(page(found)))).find_class("thread-words")
        return tuple([each.text_content().strip() for each in shown.iter(tag)] for tag in ("del", "ins"))  # type: ignore[return-value]

    assert difference() == (["sets"], ["decides"])
    ask_changes(article, ravi)
    resubmit(article, "Entirely other words stand here.")
    assert difference() == (["sets"], ["decides"]), (
        "the words it was about are gone from the text, not from here"
    )


def test_many_threads_come_in_pages(article: Article, ada: User, ravi: User, client_of: In) -> None:
    for number in range(23):
        thread(article, ravi, text=f"Number {number}")
    client = client_of(ada)
    assert len(shown(client.get(listed(article)))) == 20
    assert len(shown(client.get(listed(article), {"page": 2}))) == 3
    assert len(shown(client.get(listed(article), {"page": 99}))) == 3


def test_the_list_takes_the_same_queries_for_one_thread_and_a_hundred(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    client = client_of(ada)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(listed(article), {"show": "all"}).status_code == 200
        return len(captured)

    first = thread(article, ravi, suggestion="Histology sets it. [pavel2020]")
    ask_changes(article, ravi)
    resubmit(article, "Other words.")
    workflow.answer(article.pk, thread=first.pk, actor=ada, text="Done.")
    one = queries()
    Thread.objects.bulk_create(
        Thread(
            article=article, round=1, version=1, level="clinical", digest=first.digest, quote=first.quote,
            section=first.section, opened_by=ravi, opened_at=first.opened_at, is_must_fix=number % 2 == 0,
        )
        for number in range(99)
    )  # fmt: skip
    Comment.objects.bulk_create(
        Comment(thread=each, by=(ada, ravi)[number % 2], text=f"Word {number}", version=1, at=first.opened_at)
        for each in Thread.objects.filter(article=article)
        for number in range(5)
    )
    assert queries() == one


# --- Independence


def test_a_blind_reviewer_finds_no_thread_answer_event_or_count_of_a_colleague(
    ada: User, ravi: User, mei: User, client_of: In
) -> None:
    makers.policy(independent=True, quorum=2)
    made = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(made.pk, actor=mei)
    hers = thread(made, mei, text="From Mei.")
    ask_changes(made, mei)
    made = resubmit(made, "Other words.")
    his = thread(made, ravi, "Functional", text="A word of Ravi's.", must_fix=True)
    workflow.answer(made.pk, thread=his.pk, actor=ada, text="Ada to Ravi.")
    workflow.answer(made.pk, thread=hers.pk, actor=ravi, text="Ravi agrees.")
    workflow.answer(made.pk, thread=hers.pk, actor=ada, text="Ada on that.")
    client = client_of(mei)
    assert client.get(page(his)).status_code == 404
    assert client.post(page(his, "answer"), {"text": "Hello"}).status_code == 404
    assert client.get(page(hers)).status_code == 200
    timeline = client.get(reverse("office:timeline", args=[made.pk]))
    for response in (client.get(page(hers)), client.get(listed(made), {"show": "all"}), timeline):
        for hidden in ("A word of Ravi", "Ada to Ravi", "Ravi agrees", "Ada on that", "Must fix 1"):
            assert hidden not in words(response)
    assert "answered in a thread" not in words(timeline), "that there was something to answer tells, too"
    quoted = {"text": "And?", "quote": f"comment-{hers.comments.get(text='Ravi agrees.').pk}"}
    client.post(page(hers, "answer"), quoted)
    assert hers.comments.last().quote == ""
    assert "Ravi agrees" in words(client_of(ada).get(page(hers)))
