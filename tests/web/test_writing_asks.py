"""What the board asks, for its author: what must be fixed first, each with its place, answered."""

from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import workflow
from articles.models import Article, ChecklistItem, Comment, Event, Suggestion, Thread, User
from articles.states import Role, Support
from tests import makers, people
from tests.evidence import sign_off, statement, thread
from tests.web.writing_form import filled, words

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]
BETTER = "Histology and grade together set prognosis. [pavel2020]"


@pytest.fixture
def article(ada: User, ravi: User) -> Article:
    return makers.article(ada, "under_review", reviewer=ravi)


def ask_changes(article: Article, actor: User, *aspects: str) -> Article:
    ticked = ChecklistItem.objects.filter(verdict="request_changes", text__in=aspects)
    workflow.request_changes(
        article.pk,
        version=article.version,
        digest=article.digest,
        actor=actor,
        note="See the threads.",
        ticked=[each.pk for each in ticked],
    )
    return makers.fresh(article)


def asks(article: Article) -> str:
    return reverse("writing:asks", args=[article.pk])


def act(name: str, found: Thread) -> str:
    return reverse(f"writing:{name}", args=[found.article_id, found.pk])


def text(response: Any) -> str:
    return response.content.decode()


def tree(response: Any) -> Any:
    return lxml.html.fromstring(text(response))


def shown(response: Any) -> list[str]:
    return [each.get("id") for each in tree(response).xpath("//article[contains(@class, 'thread')]")]


def test_what_reviewers_could_not_sign_off_reaches_the_author_once_the_round_is_over(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    sign_off(article, ravi, Support.NOT_SUPPORTED, note="The source speaks of one factor.")
    sign_off(article, ravi, Support.UNCLEAR, "Functional", note="Which tumors?")
    sign_off(article, ravi, Support.SUPPORTED, "In plain", note="Well put.")
    before = words(client_of(ada).get(asks(article)))
    assert "one factor" not in before, "the round still runs"
    ask_changes(article, ravi)
    said = words(client_of(ada).get(asks(article)))
    for each in (
        "In doubt 2",
        "Not supported",
        "The source speaks of one factor.",
        "Unclear",
        "Which tumors?",
    ):
        assert each in said
    assert "Well put." not in said
    page = words(client_of(ada).get(reverse("writing:save", args=[article.pk])))
    assert "2 statements are in doubt" in page
    asked = Event.objects.filter(article=article, kind="changes_requested").get()
    assert asked.data["asks"]["in_doubt"] == 2, "which the mail tells"
    makers.edit(article, "Grade sets prognosis.", body=article.body.replace("Histology", "Grade"))
    said = words(client_of(ada).get(asks(article)))
    assert "one factor" not in said, "those words are gone"
    assert "Which tumors?" in said


def test_what_must_be_fixed_comes_first_and_the_rest_in_the_order_of_the_text(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    last = thread(article, ravi, "In plain")
    first = thread(article, ravi, "Histology")
    must = thread(article, ravi, "Functional", must_fix=True)
    ask_changes(article, ravi, "Accuracy", "Harms and contraindications")
    response = client_of(ada).get(asks(article))
    assert shown(response) == [f"thread-{each.pk}" for each in (must, first, last)]
    said = words(response)
    for each in ("0 of 3 answered", "Ravi Menon asked for changes", "See the threads.", "Accuracy",
                 "Harms", "1 of 1 that must be fixed waits for your answer."):  # fmt: skip
        assert each in said


def test_each_thread_leads_to_its_place_in_the_editor(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    clinical, plain = thread(article, ravi), thread(article, ravi, "In plain")
    ask_changes(article, ravi)
    client = client_of(ada)
    assert act("place", clinical) in text(client.get(asks(article)))
    edit = reverse("writing:save", args=[article.pk])
    anchor = statement(article).anchor
    assert client.get(act("place", clinical))["Location"] == f"{edit}?at={anchor}#id_body"
    assert client.get(act("place", plain))["Location"].endswith("#id_plain_body")
    makers.edit(makers.fresh(article), "Histology with its grade sets the prognosis.")
    moved = client.get(act("place", clinical))["Location"]
    assert moved == f"{edit}?at={statement(makers.fresh(article)).anchor}#id_body", "to what stands there now"
    assert 'data-place-words="Histology with its grade' in text(client.get(moved))


def test_answers_and_done_count_and_what_is_left_blocks_the_submission(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    must, other = thread(article, ravi, must_fix=True), thread(article, ravi, "Functional")
    article = ask_changes(article, ravi)
    client = client_of(ada)
    before = client.get(asks(article))
    assert "Answer what must be fixed: “Histology with grade sets prognosis.”" in words(before)
    assert f"#thread-{must.pk}" in text(before)
    assert "One thing stands in the way of submitting version 1." in words(before)
    submit = reverse("writing:submit", args=[article.pk])
    assert client.post(submit, {"version": 1}).status_code == 422
    client.post(reverse("office:answer", args=[article.pk, must.pk]), {"done": "1"})
    after = words(client.get(asks(article)))
    assert "1 of 2 answered" in after
    assert "What must be fixed is answered." in after
    assert "One thread waits for a word of yours. You can submit version 1 all the same." in after
    workflow.answer(article.pk, thread=other.pk, actor=ada, text="It does.")
    assert "Nothing stands in the way of submitting version 1." in words(client.get(asks(article)))
    assert client.post(submit, {"version": 1}).status_code == 303
    assert makers.fresh(article).state == "under_review"


def test_the_answer_box_leads_back_to_the_thread_on_this_page(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi)
    article = ask_changes(article, ravi)
    client = client_of(ada)
    (form,) = tree(client.get(asks(article))).xpath("//article//form[.//textarea[@name='text']]")
    response = client.post(form.action, dict(form.form_values()) | {"text": "By form."})
    assert response["Location"] == f"{asks(article)}#thread-{found.pk}"


def test_a_suggestion_is_taken_up_with_one_click(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi, suggestion=BETTER, must_fix=True)
    article = ask_changes(article, ravi)
    client = client_of(ada)
    (form,) = tree(client.get(asks(article))).xpath("//form[contains(@action, '/accept/')]")
    response = client.post(form.action, dict(form.form_values()), follow=True)
    assert response.redirect_chain == [(f"{asks(article)}#thread-{found.pk}", 303)]
    assert "The words that Ravi Menon suggested are in: this is version 2." in words(response)
    assert "Taken up by Ada Okafor in version 2" in words(response)
    assert "Histology and grade together set prognosis" in makers.fresh(article).body
    assert "1 of 1 answered" in words(response)


def test_a_suggestion_whose_statement_changed_says_so_and_shows_all_the_words(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi, suggestion=BETTER)
    article = ask_changes(article, ravi)
    client = client_of(ada)
    (form,) = tree(client.get(asks(article))).xpath("//form[contains(@action, '/accept/')]")
    posted = dict(form.form_values())
    article = makers.edit(article, "Histology with its grade sets prognosis.")
    late = client.post(form.action, posted)
    assert late.status_code == 409, "the page was about version 1"
    assert "The text was saved meanwhile." in words(late)
    response = client.post(form.action, posted | {"version": "2"})
    assert response.status_code == 422
    (shown,) = (tree(response).get_element_by_id(f"thread-{found.pk}"),)
    said = " ".join(shown.text_content().split())
    assert "The statement has changed since. Place the suggested words yourself." in said
    assert "Histology with grade sets prognosis." in said, "as it was"
    assert "It says now" in said
    assert "together" in said, "as suggested"
    assert not shown.xpath(".//form[contains(@action, '/accept/')]"), "no button that could not work"
    assert makers.fresh(article).version == 2


def test_a_suggestion_is_declined_with_a_reason_which_is_never_lost(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi, suggestion=BETTER)
    article = ask_changes(article, ravi)
    client = client_of(ada)
    refused = client.post(act("decline_suggestion", found), {"reason": " "})
    assert refused.status_code == 422
    assert "Write the reason" in words(refused)
    response = client.post(
        act("decline_suggestion", found), {"reason": "Not what the source says."}, follow=True
    )
    assert "Declined by Ada Okafor" in words(response)
    assert found.comments.last().text == "Not what the source says."
    again = client.post(act("decline_suggestion", found), {"reason": "A second reason."})
    assert again.status_code == 422
    assert "There is no open suggestion in this thread." in words(again)
    assert "A second reason." in words(again)
    assert Suggestion.objects.get().reason == "Not what the source says."


def test_while_the_board_reads_the_author_answers_and_cannot_take_up_words(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi, suggestion=BETTER)
    client = client_of(ada)
    response = client.get(asks(article))
    assert "The text is with the board" in words(response)
    assert not tree(response).xpath("//form[contains(@action, '/accept/') or contains(@action, '/decline/')]")
    assert client.post(act("accept_suggestion", found), {"version": 1}).status_code == 409
    assert client.post(act("decline_suggestion", found), {"reason": "No."}).status_code == 409
    assert Suggestion.objects.get().status == "open"


def test_only_its_authors_find_the_page_and_only_their_own_threads(
    article: Article, ada: User, ravi: User, edith: User, client_of: In
) -> None:
    found = thread(article, ravi, suggestion=BETTER)
    article = ask_changes(article, ravi)
    other = makers.article(ada, "changes_requested", reviewer=ravi)
    omar = people.person("omar", "Omar Haddad", Role.AUTHOR)
    for person, status in ((ravi, 403), (edith, 403), (omar, 404)):
        client = client_of(person)
        assert client.get(asks(article)).status_code == status
        assert client.get(act("place", found)).status_code == status
        assert client.post(act("accept_suggestion", found), {"version": 1}).status_code == status
        assert client.post(act("decline_suggestion", found), {"reason": "No."}).status_code == status
    client = client_of(ada)
    for name, given in (("accept_suggestion", {"version": 1}), ("decline_suggestion", {"reason": "No."})):
        assert client.post(reverse(f"writing:{name}", args=[other.pk, found.pk]), given).status_code == 404
    assert client.get(reverse("writing:place", args=[other.pk, found.pk])).status_code == 404
    assert Suggestion.objects.get().status == "open"
    assert Client().get(asks(article)).status_code == 302


def test_the_page_says_so_when_nothing_is_asked(ada: User, ravi: User, client_of: In) -> None:
    client = client_of(ada)
    draft = makers.article(ada)
    assert "The board has not asked anything yet" in words(client.get(asks(draft)))
    whole = makers.article(ada, "changes_requested", reviewer=ravi)
    assert "No thread is open" in words(client.get(asks(whole)))
    settled = makers.article(ada, "under_review", reviewer=ravi)
    workflow.resolve(settled.pk, thread=thread(settled, ravi).pk, actor=ravi)
    response = client.get(asks(settled))
    assert "Every thread is resolved" in words(response)
    assert "1 resolved thread" in words(response)


def test_the_list_and_the_article_say_how_much_is_asked_and_lead_there(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    for number in range(5):
        thread(article, ravi, must_fix=number < 2)
    article = ask_changes(article, ravi)
    client = client_of(ada)
    mine = client.get("/write/")
    assert "Changes requested by Ravi Menon. The board asks 5 things, 2 must be fixed" in words(mine)
    assert asks(article) in text(mine)
    own = client.get(f"/write/{article.pk}/")
    assert "The board asks 5 things, 2 must be fixed. Answer 2 threads before you can submit" in words(own)
    assert asks(article) in text(own)
    assert "The board asks 5 things, 2 must be fixed" in words(client.get(f"/write/{article.pk}/edit/"))


def test_the_page_takes_the_same_queries_for_one_thread_and_a_hundred(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    first = thread(article, ravi, suggestion=BETTER, must_fix=True)
    article = ask_changes(article, ravi)
    article = makers.edit(article, "Other words.")
    workflow.answer(article.pk, thread=first.pk, actor=ada, text="Done.")
    client = client_of(ada)
    pages = (asks(article), f"/write/{article.pk}/", f"/write/{article.pk}/edit/", "/write/")

    def queries() -> list[int]:
        counts = []
        for address in pages:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append(len(captured))
        return counts

    one = queries()
    Thread.objects.bulk_create(
        Thread(
            article=article, round=1, version=1, level="clinical", digest=first.digest, quote=first.quote,
            section=first.section, opened_by=ravi, opened_at=first.opened_at, is_must_fix=number % 2 == 0,
        )
        for number in range(99)
    )  # fmt: skip
    every = list(Thread.objects.filter(article=article).order_by("pk"))
    Comment.objects.bulk_create(
        Comment(thread=each, by=ravi, text="Why?", version=1, at=first.opened_at) for each in every
    )
    Suggestion.objects.bulk_create(Suggestion(thread=each, by=ravi, html="Better.") for each in every[1:])
    assert queries() == one


# --- Beside the editor


def test_suggestions_stand_beside_the_editor_and_taking_one_up_saves_the_typed_text_first(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi, suggestion=BETTER)
    article = ask_changes(article, ravi)
    client = client_of(ada)
    edit = reverse("writing:save", args=[article.pk])
    form = client.get(edit)
    (button,) = tree(form).xpath("//button[@name='accept']")
    assert (button.get("form"), button.get("value")) == ("manuscript", str(found.pk))
    response = client.post(
        edit, filled(form, summary="A new summary, unsaved until now.") | {"accept": found.pk}
    )
    assert response["Location"] == act("place", found)
    kept = makers.fresh(article)
    assert kept.version == 3
    assert kept.summary == "A new summary, unsaved until now."
    assert "Histology and grade together set prognosis" in kept.body


def test_without_a_change_of_ones_own_taking_up_makes_one_version(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi, suggestion=BETTER)
    article = ask_changes(article, ravi)
    client = client_of(ada)
    edit = reverse("writing:save", args=[article.pk])
    client.post(edit, filled(client.get(edit)) | {"accept": found.pk})
    assert makers.fresh(article).version == 2


def test_when_the_typed_text_changed_the_statement_it_is_saved_and_the_words_stay_beside(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi, suggestion=BETTER)
    article = ask_changes(article, ravi)
    client = client_of(ada)
    edit = reverse("writing:save", args=[article.pk])
    form = client.get(edit)
    body = article.body.replace("Histology with grade", "Histology with its grade")
    response = client.post(edit, filled(form, body=body) | {"accept": found.pk}, follow=True)
    assert "The suggested words were not put in." in words(response)
    assert "Your text is saved." in words(response)
    assert "Histology with its grade" in makers.fresh(article).body
    (beside,) = tree(response).xpath(f"//li[@id='thread-{found.pk}']")
    assert "together" in beside.text_content()
    assert "The statement has changed since" in beside.text_content()
    assert Suggestion.objects.get().status == "open"


def test_a_text_that_cannot_be_saved_takes_nothing_up_and_loses_nothing(
    article: Article, ada: User, ravi: User, client_of: In
) -> None:
    found = thread(article, ravi, suggestion=BETTER)
    article = ask_changes(article, ravi)
    client = client_of(ada)
    edit = reverse("writing:save", args=[article.pk])
    typed = filled(client.get(edit), summary="Typed in the first window.") | {"accept": str(found.pk)}
    makers.edit(article, "Saved in a second window.")
    response = client.post(edit, typed)
    assert response.status_code == 409
    assert "Typed in the first window." in text(response)
    assert makers.fresh(article).version == 2
    assert Suggestion.objects.get().status == "open"
    wrong = client.post(edit, typed | {"question": "", "version": "2"})
    assert wrong.status_code == 422
    assert Suggestion.objects.get().status == "open"


@pytest.mark.parametrize("accept", ["0", "999999", "x", "1" * 400, "\x00", "²"])
def test_a_hand_made_number_of_a_thread_saves_the_text_and_says_so(
    accept: str, article: Article, ada: User, ravi: User, client_of: In
) -> None:
    article = ask_changes(article, ravi)
    client = client_of(ada)
    edit = reverse("writing:save", args=[article.pk])
    response = client.post(edit, filled(client.get(edit), summary="Typed.") | {"accept": accept}, follow=True)
    assert "There is no such thread. Your text is saved." in words(response)
    assert makers.fresh(article).summary == "Typed."
