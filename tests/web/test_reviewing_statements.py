"""The review page statement by statement: verdicts, what carries over, what asks again, what is shown."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Article, SignOff, User
from articles.states import State
from articles.workflow.case import Case
from tests import makers

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def article(ada: User, ravi: User) -> Article:
    """Under review by Ravi: its first statement is "Grade counts.", four in the clinical text and summary."""
    return makers.article(ada, "under_review", reviewer=ravi, words="Grade counts.")


def anchor(article: Article, words: str) -> str:
    return next(
        each.anchor for each in Case(article, article.author).statements.values() if words in each.text
    )


def shown(client: Client, article: Article, **asked: object) -> str:
    answer = client.get(f"/review/{article.pk}/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def row(page: str, at: str) -> str:
    """The part of the page that is one statement."""
    return page.split(f'id="{at}"')[1].split('<div class="st ')[0].split("<h2")[0].split("<h3")[0]


def sign(client: Client, article: Article, words: str, support: str = "supported", **fields: Any) -> Any:
    """Press a verdict's button on the statement with these words."""
    sent = {"version": article.version, "mark": f"{support} {anchor(article, words)}"} | fields
    return client.post(f"/review/{article.pk}/sign-off/", sent, headers=fields.pop("headers", {}))


def resubmitted(article: Article, words: str, **fields: Any) -> Article:
    saved = makers.edit(makers.fresh(article), words, **fields)
    workflow.submit(saved.pk, version=saved.version, actor=saved.author)
    return makers.fresh(saved)


def sent_back(article: Article, member: User) -> None:
    workflow.request_changes(
        article.pk, version=article.version, digest=article.digest, actor=member, note="Again."
    )


def test_under_review_the_page_opens_with_its_statements(article, ravi, client_of: ClientOf):
    page = shown(client_of(ravi), article)
    assert '<a href="/review/' in page
    assert 'aria-current="page">Statements' in page
    assert "<strong>0 of 4</strong> signed off" in page
    assert page.count('name="mark" value="supported ') == 4
    assert 'class="cite" href="/review/' in row(page, anchor(article, "Grade counts."))


def test_a_verdict_is_kept_and_the_answer_leads_back_to_the_statement(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    state = f"/review/{article.pk}/?show=statements&only=me"
    answer = sign(client, article, "Functional imaging", state=state)
    at = anchor(article, "Functional imaging")
    assert answer.status_code == 303
    assert answer["Location"] == f"/review/{article.pk}/?show=statements&only=me&at={at}#{at}"
    mark = SignOff.objects.get()
    assert (mark.member, mark.support, mark.version, mark.round) == (ravi, "supported", 1, 1)
    page = shown(client, article)
    assert "<strong>1 of 4</strong> signed off" in page
    assert "Signed off by you" in row(page, at)
    assert re.search(rf'value="supported {at}" aria-pressed="true"', page)


@pytest.mark.parametrize("state", ["https://evil.example/?show=x", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_leads_nowhere_but_here(article, ravi, client_of: ClientOf, state: str):
    answer = sign(client_of(ravi), article, "Functional imaging", state=state)
    assert answer["Location"].startswith(f"/review/{article.pk}/?show=statements")


def test_htmx_gets_the_statement_the_progress_and_the_bar_alone(article, ravi, client_of: ClientOf):
    at = anchor(article, "Functional imaging")
    sent = {"version": 1, "mark": f"unclear {at}"}
    answer = client_of(ravi).post(f"/review/{article.pk}/sign-off/", sent, headers=HTMX)
    part = answer.content.decode()
    assert answer.status_code == 200
    assert "<!doctype" not in part
    assert part.count('id="s-') == 1
    assert "Unclear to you" in part
    assert "1 unclear" in part
    assert "Needs me (3)" in part.split('id="filters" hx-swap-oob="true"')[1].split("</div>")[0]
    assert 'id="progress" role="status" hx-swap-oob="true"' in part
    assert 'id="review-bar" class="review-bar" hx-swap-oob="true"' in part


def test_a_verdict_carries_a_note_as_text_and_not_as_markup(article, ravi, mei, client_of: ClientOf):
    workflow.claim(article.pk, actor=mei)
    at = anchor(article, "Functional imaging")
    sent = {"version": 1, "statement": at, "support": "not_supported", "note": "<script>alert(1)</script>"}
    assert client_of(mei).post(f"/review/{article.pk}/sign-off/", sent).status_code == 303
    for page in (
        shown(client_of(ravi), article),
        shown(client_of(mei), article, at=at),
        client_of(ravi).get(f"/review/{article.pk}/beside/", {"at": at}, headers=HTMX).content.decode(),
    ):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
    assert "Not supported, says Mei Lin" in shown(client_of(ravi), article)
    assert "1 statement is not supported" in shown(client_of(mei), article).split("actionbar-status")[1]


def test_the_same_button_again_keeps_the_note(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    at = anchor(article, "Functional imaging")
    sent = {"version": 1, "statement": at, "support": "unclear", "note": "Which trial?"}
    client.post(f"/review/{article.pk}/sign-off/", sent)
    sign(client, article, "Functional imaging", "unclear")
    assert SignOff.objects.last().note == "Which trial?"
    sign(client, article, "Functional imaging", "supported")
    assert SignOff.objects.last().note == ""


def test_the_note_on_a_verdict_has_a_button_and_a_doubt_asks_for_its_reason(
    article, ravi, client_of: ClientOf
):
    client = client_of(ravi)
    at = anchor(article, "Functional imaging")

    def fold() -> str:
        return (
            shown(client, article, at=at)
            .split(f'id="verdict-{at}"')[1]
            .split("<details")[1]
            .split("</details>")[0]
        )

    assert "Save the note" not in fold()
    sign(client, article, "Functional imaging", "supported")
    assert not fold().startswith(" open")
    assert '<button class="btn btn-small" name="support" value="supported">Save the note</button>' in fold()
    sign(client, article, "Functional imaging", "not_supported")
    assert fold().startswith(" open")
    assert "with its reason" in fold()
    # The button sends what the form says: the verdict that stands, and the note.
    sent = {"version": 1, "statement": at, "support": "not_supported", "note": "One trial only."}
    client.post(f"/review/{article.pk}/sign-off/", sent)
    assert SignOff.objects.last().note == "One trial only."
    assert "with its reason" not in fold()


def test_each_verdict_is_named_in_full_at_its_statement(article, ravi, client_of: ClientOf):
    at = anchor(article, "Functional imaging")
    there = row(shown(client_of(ravi), article), at)
    assert re.findall(r'name="mark"[^>]*>([^<]*)<', there) == ["Supported", "Unclear", "Not supported"]


def test_a_verdict_can_be_taken_back(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    sign(client, article, "Functional imaging")
    at = anchor(article, "Functional imaging")
    assert "Take my verdict back" in shown(client, article, at=at)
    client.post(f"/review/{article.pk}/sign-off/", {"version": 1, "statement": at, "support": ""})
    page = shown(client, article)
    assert "<strong>0 of 4</strong> signed off" in page
    assert SignOff.objects.count() == 2


def test_what_did_not_change_keeps_its_sign_off_and_says_so(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    for words in ("Grade counts.", "Functional imaging", "From tissue"):
        sign(client, article, words)
    sent_back(article, ravi)
    article = resubmitted(article, "Grade counts most.")
    page = shown(client, article)
    kept = row(page, anchor(article, "Functional imaging"))
    assert "Signed off by you in version 1, unchanged" in kept
    changed = row(page, anchor(article, "Grade counts most."))
    assert "<ins> most</ins>" in changed
    assert "Signed off" not in changed
    assert ">Changed</span>" in changed
    assert "st-asks" in page.split(f'id="{anchor(article, "Grade counts most.")}"')[0].rsplit("<div", 1)[1]


def test_the_second_round_asks_for_exactly_what_changed(article, ravi, mei, client_of: ClientOf):
    workflow.claim(article.pk, actor=mei)
    case = Case(article, ravi)
    for number, digest in enumerate(case.statements):
        member = ravi if number % 2 else mei
        workflow.sign_off(article.pk, version=1, statement=digest, support="supported", actor=member)
    sent_back(article, mei)
    article = resubmitted(article, "Grade counts most.", plain_body=article.plain_body)
    for member in (ravi, mei):
        page = shown(client_of(member), article, only="me")
        assert re.findall(r'id="(s-[0-9a-f]{10})" tabindex', page) == [anchor(article, "Grade counts most.")]
        assert "Needs me (1)" in page


def test_what_changed_says_in_which_text_it_stands(article, ravi, client_of: ClientOf):
    sent_back(article, ravi)
    body = article.body.replace("Functional imaging", "Good imaging")
    page = shown(client_of(ravi), resubmitted(article, "Grade counts most.", body=body), show="changes")
    choices = page.split('aria-label="Text"')[1].split("</nav>")[0]
    assert re.findall(r">([^<>]+)</a>", choices) == ["For professionals (1)", "In plain language (1)"]
    assert "(1)" not in shown(client_of(ravi), article, show="text").split('aria-label="Text"')[1][:600]


def test_what_is_gone_is_shown_where_it_stood(article, ravi, client_of: ClientOf):
    sent_back(article, ravi)
    shorter = article.body.replace("<p>Grade counts.", "<p>Quite other words stand at this place now.")
    page = shown(client_of(ravi), resubmitted(article, "x", body=shorter))
    assert re.search(r'class="st st-removed"><div class="st-text"><del>Grade counts\.', page)


def test_an_answered_thread_asks_me_to_look_again(article, ada, ravi, client_of: ClientOf):
    client = client_of(ravi)
    sign(client, article, "Functional imaging")
    digest = next(d for d, each in Case(article, ravi).statements.items() if "Functional" in each.text)
    thread = workflow.open_thread(article.pk, version=1, statement=digest, actor=ravi, text="Which tracer?")
    at = anchor(article, "Functional imaging")
    assert f'id="{at}"' not in shown(client, article, only="me")
    workflow.answer(article.pk, thread=thread.pk, actor=ada, text="Gallium.")
    page = shown(client, article, only="me")
    assert f'id="{at}"' in page
    assert "answered" in row(page, at)


def test_filters_show_doubts_threads_changes_and_one_reading_level(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    sign(client, article, "Functional imaging", "unclear")
    imaging, grade = anchor(article, "Functional imaging"), anchor(article, "In plain words")
    doubts = shown(client, article, only="doubts")
    assert f'id="{imaging}"' in doubts
    assert f'id="{grade}"' not in doubts
    assert "Diagnosis</h3>" in doubts
    assert "Key Considerations</h3>" not in doubts
    assert "Nothing here asks for you" in shown(client, article, only="talk")
    plain = shown(client, article, level="plain")
    assert f'id="{grade}"' in plain
    assert f'id="{imaging}"' not in plain
    for nonsense in ("nothing", "²", "<script>"):
        assert f'id="{imaging}"' in shown(client, article, only=nonsense, level=nonsense, show=nonsense)


def test_the_evidence_stands_beside_with_its_links(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    at = anchor(article, "Functional imaging")
    page = shown(client, article, at=at)
    beside = page.split('id="beside"')[1]
    assert "https://doi.org/10.1016/j.annonc.2020.03.304" in beside
    assert "Gastroenteropancreatic neuroendocrine neoplasms" in beside
    part = client.get(f"/review/{article.pk}/beside/", {"at": at}, headers=HTMX).content.decode()
    assert part.lstrip().startswith('<section class="beside"')
    assert "https://doi.org/10.1016/j.annonc.2020.03.304" in part
    alone = client.get(f"/review/{article.pk}/beside/", {"at": at})
    assert alone["Location"] == f"/review/{article.pk}/?at={at}"
    assert "It cites no source." in shown(client, article, at=anchor(article, "From tissue"))
    assert "Choose “Evidence”" in shown(client, article, at="s-0000000000")


def test_a_text_that_changed_meanwhile_is_not_signed_off(article, ravi, client_of: ClientOf):
    at = anchor(article, "Functional imaging")
    workflow.withdraw(article.pk, version=1, actor=article.author)
    resubmitted(article, "Other words.")
    workflow_answer = client_of(ravi).post(
        f"/review/{article.pk}/sign-off/", {"version": 1, "mark": f"supported {at}"}
    )
    assert workflow_answer.status_code == 409
    assert "version 2 is there now" in workflow_answer.content.decode()
    part = client_of(ravi).post(
        f"/review/{article.pk}/sign-off/", {"version": 1, "mark": f"supported {at}"}, headers=HTMX
    )
    assert part.status_code == 409
    assert part["HX-Retarget"] == "#refused"
    assert "<!doctype" not in part.content.decode()
    assert not SignOff.objects.exists()


def test_a_verdict_after_the_round_ended_says_so_in_english_and_leads_to_the_page_as_it_is(
    article, ravi, mei, client_of: ClientOf
):
    workflow.claim(article.pk, actor=mei)
    at = anchor(article, "Functional imaging")
    sent_back(article, ravi)
    sent = {"version": 1, "mark": f"supported {at}"}
    answer = client_of(mei).post(f"/review/{article.pk}/sign-off/", sent, headers=HTMX)
    part = answer.content.decode()
    assert answer.status_code == 409
    assert "the article is now back with its author, for changes. Nothing was changed." in part
    assert f'<a href="/review/{article.pk}/">Load the page again</a>' in part
    assert not SignOff.objects.exists()


def test_statements_of_other_articles_are_not_found(article, ada, ravi, client_of: ClientOf):
    other = makers.article(ada, "under_review", reviewer=ravi, words="Words of another article.")
    at = anchor(other, "Words of another")
    answer = client_of(ravi).post(
        f"/review/{article.pk}/sign-off/", {"version": 1, "mark": f"supported {at}"}
    )
    assert answer.status_code == 404
    digest = next(d for d, each in Case(other, ravi).statements.items() if "another" in each.text)
    sent = {"version": 1, "statement": digest, "support": "supported"}
    assert client_of(ravi).post(f"/review/{article.pk}/sign-off/", sent).status_code == 404
    assert client_of(ravi).get(f"/review/{article.pk}/row/", {"at": at}, headers=HTMX).status_code == 404
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"version": 1, "mark": "perhaps {at}"}, {"mark": "supported {at}"}])
def test_a_hand_made_verdict_is_refused(article, ravi, client_of: ClientOf, fields: dict[str, Any]):
    at = anchor(article, "Functional imaging")
    sent = {name: str(value).format(at=at) for name, value in fields.items()}
    answer = client_of(ravi).post(f"/review/{article.pk}/sign-off/", sent)
    assert answer.status_code == 422
    assert not SignOff.objects.exists()


def test_only_reviewers_sign_off(article, ada, mei, edith, client_of: ClientOf, client: Client):
    for who in (ada, edith, mei):
        assert sign(client_of(who), article, "Functional imaging").status_code == 403
    assert sign(client, article, "Functional imaging").status_code == 401
    assert client_of(mei).get(f"/review/{article.pk}/sign-off/").status_code == 405
    assert 'name="mark"' not in shown(client_of(mei), article)
    assert not SignOff.objects.exists()


def test_in_an_independent_round_colleagues_verdicts_are_not_on_the_page(ada, ravi, mei, client_of: ClientOf):
    makers.policy(quorum=2, independent=True)
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    before = shown(client_of(ravi), article)
    at = anchor(article, "Functional")
    sent = {"version": 1, "statement": at, "support": "not_supported", "note": "No."}
    client_of(mei).post(f"/review/{article.pk}/sign-off/", sent)
    after = shown(client_of(ravi), article)
    tokens = re.compile(r'(csrfmiddlewaretoken" value=|X-CSRFToken": |nonce=)"[^"]+"')
    assert tokens.sub("", after) == tokens.sub("", before)
    assert "Reviews of this round are independent." in after
    assert "Not supported, you say" in shown(client_of(mei), article)


def test_the_last_thing_wanting_publishes_and_the_page_says_so(ada, ravi, mei, client_of: ClientOf):
    makers.policy(quorum=2, independent=True)
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    at = anchor(article, "Functional")
    mark = {"version": 1, "statement": at, "support": "not_supported"}
    client_of(mei).post(f"/review/{article.pk}/sign-off/", mark)
    makers.approve(article, ravi)
    with pytest.raises(workflow.Blocked):
        makers.approve(article, mei)
    mended = client_of(mei).post(f"/review/{article.pk}/sign-off/", mark | {"support": "supported"})
    assert mended.status_code == 303
    makers.approve(article, mei)
    assert makers.fresh(article).state == State.APPROVED


def test_what_blocks_an_approval_is_counted_listed_and_linked(ada, ravi, client_of: ClientOf):
    makers.policy(sign_off=True)
    many = "".join(f"<p>Statement {n} of many.{makers.CITED}</p>" for n in range(12))
    article = makers.article(ada, "under_review", reviewer=ravi, body=f"<h2>Key points</h2>{many}")
    page = shown(client_of(ravi), article)
    assert "Before you can approve: 14 statements are not signed off" in page
    sheet = page.split('id="approve-act"')[1].split("</section>")[0]
    at = anchor(article, "Statement 0 of many.")
    assert f'href="/review/{article.pk}/?show=statements&amp;at={at}#{at}"' in sheet
    assert "and 6 more" in sheet
    assert 'name="password"' not in sheet


def test_the_page_asks_the_same_of_the_database_whatever_hangs_on_it(ada, ravi, mei, client_of: ClientOf):
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=mei)
    client, digests = client_of(ravi), list(Case(article, ravi).statements)

    def asked(path: str = "", **query: str) -> int:
        client.get(f"/review/{article.pk}/{path}", query, headers=HTMX if path else {})
        with CaptureQueriesContext(connection) as made:
            client.get(f"/review/{article.pk}/{path}", query, headers=HTMX if path else {})
        return len(made)

    def work(times: int) -> None:
        for _ in range(times):
            for member, support in ((ravi, "supported"), (mei, "unclear"), (mei, "supported")):
                workflow.sign_off(
                    article.pk, version=1, statement=digests[0], support=support, actor=member, note=""
                )
            thread = workflow.open_thread(
                article.pk, version=1, statement=digests[0], actor=mei, text="Why?", suggestion=""
            )
            workflow.answer(article.pk, thread=thread.pk, actor=ada, text="Because.")

    at = anchor(article, "From tissue")
    work(1)
    few = asked(), asked("beside/", at=at), asked("row/", at=at)
    work(5)
    assert (asked(), asked("beside/", at=at), asked("row/", at=at)) == few
    assert max(few) <= 20


def test_names_and_notes_are_text_and_not_markup(article, ravi, mei, client_of: ClientOf):
    mei.name = "Mei <b onclick=x>Lin</b>"
    mei.save()
    workflow.claim(article.pk, actor=mei)
    note = 'See "table" <img src=x>'
    sign(client_of(mei), article, "Grade counts.", note=note)
    sent = {"version": 1, "statement": anchor(article, "Grade counts."), "text": "Which <i>one</i>?"}
    client_of(mei).post(f"/review/{article.pk}/threads/", sent)
    page = row(shown(client_of(ravi), article), anchor(article, "Grade counts."))
    assert "Signed off by Mei &lt;b onclick=x&gt;Lin&lt;/b&gt;" in page
    assert "<q>See &quot;table&quot; &lt;img src=x&gt;</q>" in page
    assert "<b>Mei &lt;b onclick=x&gt;Lin&lt;/b&gt;</b> Which &lt;i&gt;one&lt;/i&gt;?" in page
    for raw in ("<b onclick", "<img", "<i>one"):
        assert raw not in page


def test_a_verdict_given_again_beside_the_text_keeps_its_note(article, ravi, client_of: ClientOf):
    client = client_of(ravi)
    sign(client, article, "Grade counts.", note="Table 2.")
    sign(client, article, "Grade counts.")
    assert [each.note for each in SignOff.objects.all()] == ["Table 2."]
    sign(client, article, "Grade counts.", "unclear")
    assert SignOff.objects.last().note == ""


def test_the_references_tab_numbers_each_text_as_its_readers_do(ada, ravi, client_of: ClientOf):
    cite = '<cite data-ref="{}"></cite>'.format
    second, third = makers.RECORD | {"id": "shah2021"}, makers.RECORD | {"id": "never2000"}
    fields = makers.text(references=[makers.RECORD, second, third])
    article = makers.article(
        ada,
        "under_review",
        reviewer=ravi,
        references=fields["references"],
        body=fields["body"].replace("</h3><p>", f"</h3><p>Two sources.{cite('pavel2020')}</p><p>", 1)
        + f"<p>Both, as typed.{cite('shah2021 pavel2020')}</p>",
        plain_body=f"<h2>In short</h2><p>Turned round.{cite('shah2021')} So it is.{cite('pavel2020')}</p>",
    )
    client = client_of(ravi)
    page = shown(client, article, show="references")
    clinical, plain = page.split("References of the text for professionals")[1].split(
        "References of the plain-language text"
    )
    plain, others = plain.split("Not cited")
    assert re.findall(r'id="((?:plain-)?ref-\d)"', clinical) == ["ref-1", "ref-2"]
    assert re.findall(r'id="((?:plain-)?ref-\d)"', plain) == ["plain-ref-1", "plain-ref-2"]
    assert f"/review/{article.pk}/?show=text&amp;level=plain#cite-1-1" in plain
    assert others.split("</ul>")[0].count("<li>") == 1
    # The chips of one citation stand in the order readers see, whatever order the author typed.
    both = row(shown(client, article), anchor(article, "Both, as typed."))
    assert re.findall(r'aria-label="Reference (\d)"', both) == ["1", "2"]


def test_a_text_alone_has_one_list_of_references(ada, ravi, client_of: ClientOf):
    article = makers.article(ada, "under_review", reviewer=ravi, plain_body="")
    page = shown(client_of(ravi), article, show="references")
    assert page.count('<ol class="references">') == 1
    assert "References in the order of the text" in page
