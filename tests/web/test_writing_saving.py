"""Authors write and save: nothing typed is lost, nothing unseen is overwritten, nothing unsafe is kept."""

import pytest
from django.test import Client
from django.urls import reverse

from articles import workflow
from articles.models import Article, Event, Version
from tests import makers, people
from tests.web.writing_form import filled, words


@pytest.fixture
def author(client_of, ada):
    return client_of(ada)


@pytest.fixture
def draft(ada):
    return makers.article(ada)


def edit(pk: int) -> str:
    return reverse("writing:save", args=[pk])


NEW = "/write/new/"


def test_a_new_article_begins_with_its_sections(author):
    body = filled(author.get(NEW))["body"]
    for title in ("From the Guidelines", "Key Considerations", "Clinical Guidelines", "From the Research",
                  "Diagnosis", "Treatment", "Treatment Approach"):  # fmt: skip
        assert f">{title}</h" in body


def test_an_author_begins_an_article_with_a_reference_typed_into_the_form(author, ada):
    form = filled(
        author.get(NEW),
        question="Which scan finds the primary tumor?",
        references_0_title="Gastroenteropancreatic neuroendocrine neoplasms",
        references_0_authors="Pavel, Marianne\r\nWorld Health Organization",
        references_0_issued="2020-07",
        body='<p>Imaging helps.<cite data-ref="pavel2020"></cite></p>',
    )
    response = author.post(NEW, form, follow=True)
    article = Article.objects.get()
    assert response.redirect_chain == [(f"/write/{article.pk}/", 303)]
    assert "The article is begun" in words(response)
    assert (article.author, article.version) == (ada, 1)
    [record] = article.references
    assert record["id"] == "pavel2020"
    assert record["author"] == [
        {"family": "Pavel", "given": "Marianne"},
        {"literal": "World Health Organization"},
    ]
    assert record["issued"] == {"date-parts": [[2020, 7]]}


def test_without_a_question_nothing_is_begun_and_the_rest_stays_in_the_form(author):
    form = filled(author.get(NEW), question="", summary="Kept words")
    response = author.post(NEW, form)
    assert response.status_code == 422
    assert filled(response)["summary"] == "Kept words"
    assert not Article.objects.exists()


def test_saving_makes_the_next_version_with_its_note(author, ada, draft):
    form = filled(author.get(edit(draft.pk)), summary="A better summary.", note="Sharper summary")
    response = author.post(edit(draft.pk), form, follow=True)
    assert "Saved as version 2." in words(response)
    version = Version.objects.get(id=draft.pk, version=2)
    assert (version.summary, version.history_change_reason, version.history_user) == (
        "A better summary.",
        "Sharper summary",
        ada,
    )


def test_saving_the_form_as_it_came_changes_nothing_and_says_so(author, draft):
    response = author.post(edit(draft.pk), filled(author.get(edit(draft.pk))), follow=True)
    assert "Nothing has changed; no version was made." in words(response)
    assert makers.fresh(draft).version == 1
    assert Event.objects.filter(article=draft).count() == 1


def test_line_ends_of_browsers_are_no_change(author, ada):
    draft = makers.article(ada, summary="One line.\nAnother line.")
    form = filled(author.get(edit(draft.pk)))
    form["summary"] = form["summary"].replace("\n", "\r\n")
    author.post(edit(draft.pk), form)
    assert makers.fresh(draft).version == 1


def test_who_goes_on_writing_comes_back_to_the_text(author, draft):
    form = filled(author.get(edit(draft.pk)), summary="A better summary.", stay="1")
    assert author.post(edit(draft.pk), form)["Location"] == edit(draft.pk)


def test_a_text_saved_meanwhile_is_shown_beside_what_was_typed(author, client_of, ada, draft):
    cora = people.person("cora", "Cora Bell", people.Role.AUTHOR)
    edith = people.person("edda", "Edda Hale", people.Role.EDITOR)
    workflow.set_coauthors(draft.pk, coauthors=[cora], actor=edith)
    form = filled(author.get(edit(draft.pk)), summary="Ada's words.", note="Mine")
    makers.edit(draft, "Cora's statement.", actor=cora)

    response = author.post(edit(draft.pk), form)

    assert response.status_code == 409
    said = words(response)
    assert "Cora Bell saved version 2" in said
    assert "after you had opened version 1" in said
    assert "Cora's statement" in said, "the stored text is shown"
    again = filled(response)
    assert (again["summary"], again["note"]) == ("Ada's words.", "Mine"), "what was typed is in the form"
    assert makers.fresh(draft).version == 2, "nothing was saved"

    author.post(edit(draft.pk), again)
    stored = makers.fresh(draft)
    assert (stored.version, stored.summary) == (3, "Ada's words.")


def test_a_form_that_comes_twice_is_saved_once_and_the_second_time_says_so(author, draft):
    form = filled(author.get(edit(draft.pk)), summary="Once only.")
    assert author.post(edit(draft.pk), form).status_code == 303
    second = author.post(edit(draft.pk), form)
    assert second.status_code == 409
    assert "This text is stored already, as version 2." in words(second)
    assert makers.fresh(draft).version == 2


def test_a_first_form_that_comes_twice_begins_one_article(author):
    form = filled(author.get(NEW), question="Once only?")
    assert author.post(NEW, form).status_code == 303
    second = author.post(NEW, form)
    assert second.status_code == 409
    assert "saved only once" in words(second)
    assert filled(second)["question"] == "Once only?"
    assert Article.objects.count() == 1


def test_a_refused_first_form_may_be_sent_again(author):
    form = filled(
        author.get(NEW), question="Refused first?", body='<p>x<cite data-ref="nobody1999"></cite></p>'
    )
    assert author.post(NEW, form).status_code == 422
    assert author.post(NEW, form | {"body": "<p>x</p>"}).status_code == 303


def test_a_form_that_names_no_version_overwrites_nothing(author, draft):
    form = filled(author.get(edit(draft.pk)), summary="Blind.")
    del form["version"]
    assert author.post(edit(draft.pk), form).status_code == 409
    assert makers.fresh(draft).version == 1


def test_a_citation_without_its_reference_is_refused_by_name(author, draft):
    form = filled(author.get(edit(draft.pk)), body='<p>Claim.<cite data-ref="nobody1999"></cite></p>')
    response = author.post(edit(draft.pk), form)
    assert response.status_code == 422
    assert "The text cites “nobody1999”, and no reference has that key." in words(response)
    assert "nobody1999" in filled(response)["body"]
    assert makers.fresh(draft).version == 1


def test_a_body_over_a_megabyte_is_refused_and_stays_in_the_form(author, draft):
    long = f"<p>{'long ' * 220_000}</p>"
    response = author.post(edit(draft.pk), filled(author.get(edit(draft.pk)), body=long))
    assert response.status_code == 422
    assert "1,000,000 can be kept" in words(response)
    assert filled(response)["body"].strip() == long
    assert makers.fresh(draft).version == 1


def test_a_form_larger_than_the_server_reads_is_answered_in_words(author, draft):
    form = filled(author.get(edit(draft.pk)), body="x" * 5_000_000)
    response = author.post(edit(draft.pk), form)
    assert response.status_code == 413
    assert "your browser still holds what you typed" in words(response)
    assert makers.fresh(draft).version == 1


def test_broken_and_foreign_markup_is_made_safe(author, draft):
    dirty = (
        "<h2>From the Guidelines<p onclick=steal()>Open <b>bold<script>alert(1)</script>"
        f'<a href="javascript:alert(2)">link</a>{makers.CITED}<table><tr><td>cell'
    )
    author.post(edit(draft.pk), filled(author.get(edit(draft.pk)), body=dirty))
    body = makers.fresh(draft).body
    assert makers.fresh(draft).version == 2
    assert "<strong>bold" in body
    assert not any(bad in body for bad in ("script", "onclick", "javascript", "alert"))


def test_what_cannot_be_edited_now_comes_back_with_every_word(author, draft):
    form = filled(author.get(edit(draft.pk)), summary="Typed while it was submitted elsewhere.")
    makers.bring(draft, "submitted")
    response = author.post(edit(draft.pk), form)
    assert response.status_code == 409
    assert "the article is now submitted" in words(response)
    assert filled(response)["summary"] == "Typed while it was submitted elsewhere."


def test_opening_the_text_under_review_leads_to_the_article(author, ada):
    frozen = makers.article(ada, "under_review")
    response = author.get(edit(frozen.pk), follow=True)
    assert response.redirect_chain == [(f"/write/{frozen.pk}/", 302)]
    assert "The text cannot be edited now" in words(response)


def test_what_was_typed_outlives_the_session(ada, draft):
    """Logged out, the page that comes back holds every field; after a new login it can be saved."""
    author = Client(enforce_csrf_checks=True, headers={"sec-fetch-site": "same-origin"})
    log_in = {"login": "ada", "password": people.PASSWORD}
    _post(author, reverse("account_login"), log_in)
    form = filled(author.get(edit(draft.pk)), summary="Written for an hour.")
    form["csrfmiddlewaretoken"] = _token(author, edit(draft.pk))
    _post(author, reverse("account_logout"), {}, page="/office/inbox/")

    refused = author.post(edit(draft.pk), form)
    assert refused.status_code in {401, 403}
    held = _held(refused)
    assert held["summary"] == "Written for an hour."
    assert held["references-0-title"] == form["references-0-title"]
    logged_out = author.post(edit(draft.pk), held)
    assert logged_out.status_code == 401
    assert "Sign in, in a new tab" in words(logged_out)

    _post(author, reverse("account_login"), log_in)
    stale = author.post(edit(draft.pk), _held(logged_out))
    assert stale.status_code == 403, "the token of the page is older than the login"
    saved = author.post(edit(draft.pk), _held(stale))
    assert saved.status_code == 303
    assert makers.fresh(draft).summary == "Written for an hour."


def test_somebody_elses_article_does_not_exist(client_of, draft):
    stranger = client_of(people.person("otto", "Otto Lund", people.Role.AUTHOR))
    assert stranger.get(edit(draft.pk)).status_code == 404
    assert stranger.post(edit(draft.pk), {"question": "Mine now", "version": "1"}).status_code == 404
    assert makers.fresh(draft).version == 1


def test_a_board_member_who_also_writes_does_not_enter_by_this_door(client_of, draft):
    both = people.member("bo", "Bo Falk", "MD", people.Role.AUTHOR)
    assert client_of(both).get(edit(draft.pk)).status_code == 404
    assert client_of(both).post(edit(draft.pk), {"question": "Mine", "version": "1"}).status_code == 404


def test_a_board_member_without_an_authors_account_is_refused(client_of, ravi, draft):
    for address in ("/write/", NEW, f"/write/{draft.pk}/", edit(draft.pk)):
        assert client_of(ravi).get(address).status_code == 403
    assert client_of(ravi).post(NEW, {"question": "Mine?"}).status_code == 403
    assert Article.objects.count() == 1


def _post(author: Client, address: str, fields: dict[str, str], page: str = "") -> None:
    token = _token(author, page or address)
    assert author.post(address, fields | {"csrfmiddlewaretoken": token}).status_code == 302


def _token(author: Client, address: str) -> str:
    return str(author.get(address).context["csrf_token"])


def _held(response) -> dict[str, str]:
    """The hidden fields of the page that keeps what was typed, as its button sends them."""
    import lxml.html

    page = lxml.html.fromstring(response.content.decode())
    [form] = [form for form in page.forms if "Save again" in form.text_content()]
    return dict(form.form_values())
