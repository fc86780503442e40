"""An article at the desk: what an editor sees of it, and each step an editor takes with it."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.desk.board import candidates
from articles.models import (
    Address,
    Article,
    Assignment,
    BoardMember,
    Event,
    Interest,
    Message,
    Topic,
    User,
)
from articles.states import PublicationStatus, Role, State
from articles.workflow import clock
from articles.workflow.case import Case
from articles.workflow.guards import member_can_review
from tests import makers, people

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]


def due() -> str:
    return (timezone.localdate() + timedelta(days=7)).isoformat()


def text(response: HttpResponse) -> str:
    return response.content.decode()


def unchanged(article: Article, events: int) -> bool:
    return makers.fresh(article).state == article.state and article.events.count() == events


def test_the_page_shows_where_the_article_stands_and_leads_everywhere(
    ada: User, ravi: User, mei: User, edith: User, client_of: In
) -> None:
    article = makers.article(ada, "changes_requested", reviewer=ravi)
    article = makers.bring(article, "approved", reviewer=ravi)
    workflow.declare_conflict(article.pk, actor=mei, reason="We share a grant.")
    page = text(client_of(edith).get(f"/desk/{article.pk}/"))
    slug = Address.objects.get(article=article).slug
    for words in ("Ada Okafor", "Ravi Menon, MD, PhD", "requested changes", "approved", "Name the source.",
                  "Mei Lin", "We share a grant.", "Publication 1, version 1", f"/articles/{slug}/",
                  "Round 2, version 1", "Round 1, version 1"):  # fmt: skip
        assert words in page
    for place in ("preview", "versions", "compare", "timeline"):
        assert f"/office/articles/{article.pk}/{place}/" in page


@pytest.mark.parametrize("state", ["declined", "retired"])
def test_what_has_ended_is_on_no_way_to_approval(
    state: str, ada: User, ravi: User, edith: User, client_of: In
) -> None:
    article = makers.article(ada, state, reviewer=ravi, editor=edith)
    page = text(client_of(edith).get(f"/desk/{article.pk}/"))
    assert "Progress" not in page
    assert "(not yet)" not in page


def test_an_article_that_is_not_there_is_not_found(edith: User, client_of: In) -> None:
    assert client_of(edith).get("/desk/4711/").status_code == 404
    assert client_of(edith).post("/desk/4711/decline/", {"note": "No.", "version": 1}).status_code == 404


@pytest.mark.parametrize(
    "step", ["assign", "unassign", "remind", "reaffirm", "decline", "retire", "coauthors", "address"]
)
def test_steps_are_taken_by_post_and_by_editors_only(
    step: str, ada: User, ravi: User, edith: User, client_of: In
) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    events = article.events.count()
    address = f"/desk/{article.pk}/{step}/"
    assert client_of(edith).get(address).status_code == 405
    form = {"note": "No.", "version": 1, "member": ravi.pk, "due": due(), "confirm": "on", "slug": "x"}
    for somebody in (ada, ravi):
        assert client_of(somebody).post(address, form).status_code == 403
    assert Client().post(address, form).status_code == 401
    assert unchanged(article, events)


def test_an_editor_assigns_a_member(ada: User, ravi: User, edith: User, client_of: In) -> None:
    article = makers.article(ada, "submitted")
    client = client_of(edith)
    page = text(client.get(f"/desk/{article.pk}/"))
    assert (timezone.localdate() + timedelta(days=21)).isoformat() in page
    assert 'Ravi Menon, MD, PhD <span class="soft">Endocrine oncology</span>' in page
    assert "No open review" in page
    response = client.post(
        f"/desk/{article.pk}/assign/", {"member": ravi.pk, "due": due(), "note": "Please."}, follow=True
    )
    assert response.redirect_chain == [(f"/desk/{article.pk}/", 303)]
    assert "Ravi Menon is asked to review this version by" in text(response)
    assignment = Assignment.objects.get(round__article=article)
    assert (assignment.member, assignment.assigned_by) == (ravi, edith)
    assert assignment.due == date.fromisoformat(due())
    assert Message.objects.filter(recipient=ravi, kind="reviewer_assigned").count() == 1


def test_an_assignment_that_cannot_be_keeps_what_was_typed(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    article = makers.article(ada, "submitted")
    events = article.events.count()
    client = client_of(edith)
    for form, status, words in (
        ({"member": ravi.pk, "due": "2020-01-01"}, 422, "Choose a due date that is not in the past."),
        ({"member": ravi.pk, "due": "soon"}, 422, "Enter a valid date."),
        ({"member": ada.pk, "due": due()}, 422, "Choose serving members of the board from the list."),
        ({"due": due()}, 422, "Choose at least one member."),
    ):
        response = client.post(f"/desk/{article.pk}/assign/", form | {"note": "A word that must stay"})
        assert response.status_code == status
        assert words in text(response)
        assert "A word that must stay" in text(response)
    assert unchanged(article, events)


def test_members_who_are_barred_are_shown_with_the_reason_and_cannot_be_chosen(
    ada: User, ravi: User, mei: User, edith: User, client_of: In
) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.declare_conflict(article.pk, actor=mei, reason="We share a grant.")
    client = client_of(edith)
    page = text(client.get(f"/desk/{article.pk}/"))
    for member, why in (
        (mei, "declared a conflict of interest: We share a grant."),
        (ravi, "is reviewing it now"),
    ):
        box = re.search(rf'<input type="checkbox" name="member" value="{member.pk}"[^>]*>', page)
        assert box
        assert " disabled " in box[0]
        assert f"Cannot: {why}" in page
    assert "2 who cannot review it" in page
    response = client.post(f"/desk/{article.pk}/assign/", {"member": mei.pk, "due": due()})
    assert response.status_code == 422
    assert "Mei Lin cannot review this article" in text(response)
    assert Assignment.objects.filter(member=mei).count() == 0


def test_the_list_bars_exactly_whom_the_workflow_bars(ada: User, ravi: User, mei: User, edith: User) -> None:
    """Two answers to one question, one for all members at once and one for each: they must agree."""
    writer = people.member("wanda", "Wanda Ruiz", "MD", Role.AUTHOR)
    coauthor = people.member("cora", "Cora Blum", "MD", Role.AUTHOR)
    editor = people.member("emil", "Emil Roth", "MD", Role.AUTHOR)
    stepped_back = people.member("sven", "Sven Holm", "MD")
    free = people.member("fay", "Fay Moore", "MD")
    people.member("olga", "Olga Ivanova", "MD", term_to=date(2021, 1, 1))
    closed = people.member("carl", "Carl Weiss", "MD")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    article = makers.article(writer)
    workflow.set_coauthors(article.pk, coauthors=[coauthor, editor], actor=edith)
    article = makers.edit(makers.fresh(article), "Edited by a co-author who left.", actor=editor)
    workflow.set_coauthors(article.pk, coauthors=[coauthor], actor=edith)
    article = makers.bring(makers.fresh(article), "under_review", reviewer=ravi)
    workflow.claim(article.pk, actor=stepped_back)
    workflow.recuse(article.pk, actor=stepped_back, note="No time.")
    workflow.declare_conflict(article.pk, actor=mei, reason="We share a grant.")
    article = makers.fresh(article)
    listed = {each.user.username: each.barred for each in candidates(Case(article, edith))}
    asked = {
        profile.user.username: bool(member_can_review(Case(article, edith, member=profile.user)))
        for profile in BoardMember.objects.select_related("user")
        if profile.user.is_board_member
    }
    assert {name: bool(barred) for name, barred in listed.items()} == asked
    assert [name for name, barred in listed.items() if not barred] == [free.username]
    assert "olga" not in listed
    assert "carl" not in listed


def test_the_list_says_how_much_each_member_has_open_and_names_the_least_busy_first(
    ada: User, ravi: User, mei: User, edith: User
) -> None:
    for _ in range(2):
        makers.article(ada, "under_review", reviewer=mei)
    makers.article(ada, "changes_requested", reviewer=mei)
    late = Assignment.objects.filter(member=mei).first()
    Assignment.objects.filter(pk=late.pk).update(due=timezone.localdate() - timedelta(days=1))
    article = makers.article(ada, "submitted")
    ranked = candidates(Case(article, edith))
    assert [(each.user.username, each.load) for each in ranked] == [("ravi", 0), ("mei", 2)]
    assert ranked[0].reasons == ["no open review"]
    assert ranked[1].reasons == ["2 open reviews, 1 of them overdue"]


def test_who_suits_comes_first_with_the_reason(ada: User, ravi: User, mei: User, edith: User) -> None:
    """What the policy still asks for, then what suits the topic, then who is free; who declined is last."""
    topic = Topic.objects.create(name="Surgery", slug="surgery", specialties=["Surgery"])
    makers.policy(quorum=3, specialties={"Oncology pharmacy": 1})
    special = {mei: "Oncology pharmacy", ravi: "Endocrine oncology"}
    special |= {people.member("nils", "Nils Berg", "MD"): "thoracic, SURGERY"}
    for user, specialties in special.items():
        BoardMember.objects.filter(user=user).update(specialties=specialties)
    makers.article(ada, "under_review", reviewer=mei)
    article = makers.article(ada, "submitted", topic=topic)
    said = [(each.user.username, each.reasons) for each in candidates(Case(article, edith))]
    assert said == [
        ("mei", ["Oncology pharmacy, which the policy asks for", "1 open review"]),
        ("nils", ["Surgery suits the topic", "no open review"]),
        ("ravi", ["no open review"]),
    ]
    workflow.assign(article.pk, member=mei, actor=edith)
    another = people.member("petra", "Petra Holm", "PharmD")
    BoardMember.objects.filter(user=another).update(specialties="Oncology pharmacy")
    nils = User.objects.get(username="nils")
    workflow.assign(article.pk, member=nils, actor=edith)
    workflow.decline_review(article.pk, actor=nils, note="Away until June.")
    said = [(each.user.username, each.reasons[0]) for each in candidates(Case(makers.fresh(article), edith))]
    assert said == [
        ("petra", "no open review"),  # a pharmacist is on it already
        ("ravi", "no open review"),
        ("nils", "declined this round: Away until June."),
        ("mei", "cannot: is reviewing it now"),
    ]


def test_a_hundred_members_are_ranked_with_the_queries_of_one(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    article = makers.article(ada, "submitted", words="Zebratide lowers the rate.")
    client = client_of(edith)
    Interest.objects.create(member=ravi, kind="drug", name="Zebratide", since=date(2024, 1, 1))

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/desk/{article.pk}/").status_code == 200
        return len(captured)

    few = asked()
    for number in range(99):
        member = people.member(f"m{number}", f"Member {number:02}", "MD")
        Interest.objects.create(member=member, kind="drug", name=f"Drug {number}", since=date(2024, 1, 1))
    assert asked() == few
    page = text(client.get(f"/desk/{article.pk}/"))
    assert "93 more" in page
    assert "1 who cannot review it" in page


def test_several_are_invited_at_once_all_of_them_or_none(
    ada: User, ravi: User, mei: User, edith: User, client_of: In
) -> None:
    article = makers.article(ada, "submitted")
    client, address = client_of(edith), f"/desk/{article.pk}/assign/"
    workflow.declare_conflict(article.pk, actor=mei, reason="We share a grant.")
    refused = client.post(address, {"member": [ravi.pk, mei.pk], "due": due(), "note": "Both of you"})
    assert refused.status_code == 422
    assert "Both of you" in text(refused)
    assert refused.content.count(b" checked ") == 2
    assert Assignment.objects.count() == 0
    assert not Message.objects.filter(recipient=ravi).exists()
    nils = people.member("nils", "Nils Berg", "MD")
    done = client.post(address, {"member": [ravi.pk, nils.pk], "due": due()}, follow=True)
    assert "Ravi Menon and Nils Berg are asked to review this version by" in text(done)
    assert Assignment.objects.count() == 2


def test_the_page_says_who_answered_what_and_who_is_waited_for(
    ada: User, ravi: User, mei: User, edith: User, client_of: In
) -> None:
    makers.policy(quorum=2)
    nils = people.member("nils", "Nils Berg", "MD")
    article = makers.article(ada, "submitted")
    with time_machine.travel(timezone.now() - timedelta(days=5), tick=False):
        for member in (ravi, mei, nils):
            workflow.assign(
                article.pk, member=member, actor=edith, due=timezone.localdate() + timedelta(days=3)
            )
    workflow.accept_review(article.pk, actor=ravi)
    workflow.decline_review(article.pk, actor=nils, note="Away until <June>.")
    page = text(client_of(edith).get(f"/desk/{article.pk}/"))
    assert "<strong>Ravi Menon</strong> accepted" in page
    assert "<strong>Mei Lin</strong> has not answered the invitation" in page
    assert "waited for 5 days" in page
    assert "<strong>Nils Berg</strong> declined the invitation" in page
    assert "Away until &lt;June&gt;." in page
    assert page.count("2 days overdue") >= 2
    assert "tag-stop" not in page, "late is waiting, in amber"
    assert "Still wanted: 2 more approvals." in page


def test_a_reviewer_is_reminded_once_a_day(
    ada: User, ravi: User, mei: User, edith: User, client_of: In
) -> None:
    article = makers.article(ada, "submitted")
    workflow.assign(article.pk, member=ravi, actor=edith)
    client, address = client_of(edith), f"/desk/{article.pk}/remind/"
    assert f'action="{address}"' in text(client.get(f"/desk/{article.pk}/"))
    page = text(client.post(address, {"member": ravi.pk}, follow=True))
    assert "Ravi Menon is reminded by mail." in page
    assert "· reminded <time" in page
    assert Message.objects.filter(recipient=ravi, kind="reviewer_reminded").count() == 1
    again = client.post(address, {"member": ravi.pk})
    assert again.status_code == 422
    assert "Once a day is enough." in text(again)
    assert client.post(address, {"member": mei.pk}).status_code == 422, "who was not asked is not reminded"
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        client_of(edith).post(address, {"member": ravi.pk})
    assert Message.objects.filter(recipient=ravi, kind="reviewer_reminded").count() == 2
    for somebody in (ada, mei):
        assert client_of(somebody).post(address, {"member": ravi.pk}).status_code == 403


def test_the_board_is_asked_whether_a_text_still_holds(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    with time_machine.travel("2025-01-10T09:00:00Z"):
        article = makers.article(ada, "approved", reviewer=ravi)
    client = client_of(edith)
    with time_machine.travel("2025-12-01T09:00:00Z"):
        client = client_of(edith)
        assert "Ask for a reaffirmation" in text(client.get("/desk/", {"show": "again"}))
        page = text(client.post(f"/desk/{article.pk}/reaffirm/", {"note": "Still true?"}, follow=True))
        assert "A round of reaffirmation is open. The reviewers are told." in page
        assert "Round 2, version 1: does it still hold?" in page
        assert "eaffirm" in text(client_of(ravi).get(f"/review/{article.pk}/"))
        assert "reaffirmation of version 1" in text(client_of(ravi).get("/review/"))
        makers.approve(article, ravi)
        assert article.question not in text(client.get("/desk/", {"show": "again"}))
    slug = Address.objects.get(article=article).slug
    with time_machine.travel("2025-12-02T09:00:00Z"):
        facts = re.sub(r"<[^>]+>|\s+", " ", text(Client().get(f"/articles/{slug}/")))
    facts = " ".join(facts.split())
    assert "Last updated January 10, 2025" in facts
    assert "Last reviewed December 1, 2025" in facts
    assert "Next review due December 1, 2026" in facts


def test_only_a_text_that_readers_have_as_it_is_can_be_reaffirmed(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    article = makers.article(ada, "approved", reviewer=ravi)
    workflow.revise(article.pk, version=1, actor=ada)
    response = client_of(edith).post(f"/desk/{article.pk}/reaffirm/", {"note": "A word that must stay"})
    assert response.status_code == 409
    assert "A word that must stay" in text(response)
    assert client_of(ravi).post(f"/desk/{article.pk}/reaffirm/").status_code == 403


def test_an_editor_who_reviews_independently_learns_nothing_of_the_others_at_the_desk(
    ada: User, ravi: User, mei: User, edith: User, client_of: In
) -> None:
    """Every byte of the desk's pages is the same, whatever a colleague does in the round meanwhile."""
    makers.policy(quorum=3, independent=True)
    both = people.member("bo", "Bo Berg", "MD", Role.EDITOR)
    article = makers.article(ada, "under_review", reviewer=both, question="Is it independent?")
    for member in (ravi, mei):
        due_ = timezone.localdate() + timedelta(days=2)
        workflow.assign(article.pk, member=member, actor=edith, due=due_)
    other = makers.article(ada, "submitted", question="Another one?")
    client = client_of(both)
    pages = ["/desk/", "/desk/?show=needs", "/desk/?show=overdue", "/desk/?sort=due", "/office/",
             f"/desk/{article.pk}/", f"/desk/{other.pk}/"]  # fmt: skip

    def seen() -> list[str]:
        return [re.sub(r'csrf[^>]+>|"X-CSRFToken[^}]+', "", text(client.get(page))) for page in pages]

    before = seen()
    assert "Mei Lin" not in before[0]
    makers.approve(article, ravi, note="Secret praise.")
    assert seen() == before, "an approval shows"
    workflow.recuse(article.pk, actor=mei, note="Secret reason.", conflict=True)
    assert seen() == before, "a recusal shows"
    refused = client.post(f"/desk/{article.pk}/unassign/", {"member": ravi.pk})
    assert refused.status_code == 403
    assert "another editor keeps its reviewers" in text(refused)
    for secret in ("Secret praise.", "Secret reason.", "has already decided"):
        assert secret not in text(refused)
    assert client.post(f"/desk/{article.pk}/remind/", {"member": ravi.pk}).status_code == 403
    makers.approve(article, both)
    told = text(client.get(f"/desk/{article.pk}/"))
    assert "Secret praise." in told
    assert "Secret reason." in told


def test_an_editor_releases_a_reviewer(ada: User, ravi: User, edith: User, client_of: In) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    client = client_of(edith)
    response = client.post(f"/desk/{article.pk}/unassign/", {"member": ravi.pk, "note": "Away."}, follow=True)
    assert "Ravi Menon is released from this review" in text(response)
    assert "Nobody reviews it now" in text(response)
    assert makers.fresh(article).state == State.SUBMITTED
    again = client.post(f"/desk/{article.pk}/unassign/", {"member": ravi.pk, "note": "A word that must stay"})
    assert again.status_code == 422


def test_an_editor_declines_with_a_reason_and_only_the_version_they_saw(
    ada: User, edith: User, client_of: In
) -> None:
    article = makers.article(ada, "submitted")
    events = article.events.count()
    client = client_of(edith)
    empty = client.post(f"/desk/{article.pk}/decline/", {"version": 1, "note": "  "})
    assert empty.status_code == 422
    stale = client.post(f"/desk/{article.pk}/decline/", {"version": 7, "note": "Outside our field."})
    assert stale.status_code == 409
    assert "Outside our field." in text(stale)
    assert unchanged(article, events)
    done = client.post(f"/desk/{article.pk}/decline/", {"version": 1, "note": "Outside our field."})
    assert done.status_code == 303
    assert makers.fresh(article).state == State.DECLINED


def test_words_for_a_step_that_is_no_longer_possible_are_not_lost(
    ada: User, edith: User, client_of: In
) -> None:
    article = makers.article(ada, "submitted")
    workflow.withdraw(article.pk, version=1, actor=ada)
    response = client_of(edith).post(
        f"/desk/{article.pk}/decline/", {"version": 1, "note": "Long and well considered <reasons>"}
    )
    assert response.status_code == 409
    assert "the article is now a draft, with its author" in text(response)
    assert "Long and well considered &lt;reasons&gt;" in text(response)


def test_retiring_names_the_consequences_and_asks_for_a_confirmation(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    article = makers.article(ada, "approved", reviewer=ravi)
    client = client_of(edith)
    slug = Address.objects.get(article=article).slug
    page = text(client.get(f"/desk/{article.pk}/"))
    assert f"At /articles/{slug}/ readers see your notice instead of the text at once" in page
    unconfirmed = client.post(f"/desk/{article.pk}/retire/", {"note": "Superseded."})
    assert unconfirmed.status_code == 422
    assert "Confirm that the article is to be taken away from readers." in text(unconfirmed)
    assert "Superseded." in text(unconfirmed)
    assert makers.fresh(article).state == State.APPROVED
    silent = client.post(f"/desk/{article.pk}/retire/", {"note": "", "confirm": "on"})
    assert silent.status_code == 422
    done = client.post(f"/desk/{article.pk}/retire/", {"note": "Superseded.", "confirm": "on"})
    assert done.status_code == 303
    assert makers.fresh(article).state == State.RETIRED
    publication = article.publications.get()
    assert (publication.status, publication.notice) == (PublicationStatus.WITHDRAWN, "Superseded.")


def test_what_was_never_published_cannot_be_retired(ada: User, edith: User, client_of: In) -> None:
    article = makers.article(ada, "submitted")
    client = client_of(edith)
    assert "Retire this article now" not in text(client.get(f"/desk/{article.pk}/"))
    response = client.post(f"/desk/{article.pk}/retire/", {"note": "Gone.", "confirm": "on"})
    assert response.status_code == 422
    assert makers.fresh(article).state == State.SUBMITTED


def test_coauthors_are_named_by_address_or_username_one_to_a_line(
    ada: User, edith: User, client_of: In
) -> None:
    people.person("omar", "Omar Haddad", Role.AUTHOR)
    people.person("lena", "Lena Vogt", Role.AUTHOR)
    article = makers.article(ada)
    response = client_of(edith).post(
        f"/desk/{article.pk}/coauthors/", {"coauthors": "OMAR@example.org\r\n\r\n lena \r\nomar"}, follow=True
    )
    assert "Co-authors are now Lena Vogt and Omar Haddad." in text(response)
    assert "omar@example.org" in text(response), "the form shows who they are now"
    cleared = client_of(edith).post(f"/desk/{article.pk}/coauthors/", {"coauthors": ""}, follow=True)
    assert "There are no co-authors now." in text(cleared)


def test_unknown_coauthors_are_named_and_nothing_changes(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    omar = people.person("omar", "Omar Haddad", Role.AUTHOR)
    article = makers.article(ada)
    workflow.set_coauthors(article.pk, coauthors=[omar], actor=edith)
    events = article.events.count()
    typed = "omar\r\nnobody@example.org\r\n<b>who</b>"
    response = client_of(edith).post(f"/desk/{article.pk}/coauthors/", {"coauthors": typed})
    assert response.status_code == 422
    assert "Nobody here goes by “nobody@example.org”, “&lt;b&gt;who&lt;/b&gt;”." in text(response)
    assert "omar\nnobody@example.org" in text(response).replace("\r", "")
    not_an_author = client_of(edith).post(f"/desk/{article.pk}/coauthors/", {"coauthors": "omar\nravi"})
    assert not_an_author.status_code == 422
    assert "No author&#x27;s account: Ravi Menon." in text(not_an_author)
    assert "omar\nravi" in text(not_an_author).replace("\r", "")
    crowd = client_of(edith).post(f"/desk/{article.pk}/coauthors/", {"coauthors": "a\n" * 2000})
    assert crowd.status_code == 422
    assert list(article.coauthors.all()) == [omar]
    assert unchanged(article, events)


def test_an_article_moves_to_a_new_address_and_not_to_a_taken_one(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    article = makers.article(ada, "approved", reviewer=ravi, question="What is it called?")
    makers.article(ada, "approved", reviewer=ravi, question="Taken already?")
    client = client_of(edith)
    taken = client.post(f"/desk/{article.pk}/address/", {"slug": "taken-already"})
    assert taken.status_code == 422
    assert "taken-already" in text(taken)
    moved = client.post(f"/desk/{article.pk}/address/", {"slug": "A Better Name"}, follow=True)
    assert "The address is /articles/a-better-name/ now." in text(moved)
    assert Address.objects.get(slug="what-is-it-called").moved_to == Address.objects.get(slug="a-better-name")


def test_a_forged_form_of_another_site_changes_nothing(ada: User, edith: User) -> None:
    article = makers.article(ada, "submitted")
    client = Client(enforce_csrf_checks=True)
    client.force_login(edith, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(
        f"/desk/{article.pk}/decline/",
        {"version": 1, "note": "Forged."},
        headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert response.status_code == 403
    assert not Event.objects.filter(article=article, kind="declined").exists()


def test_the_page_asks_the_database_as_often_for_a_long_story_as_for_a_short_one(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    client = client_of(edith)
    article = makers.article(ada, "changes_requested", reviewer=ravi)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/desk/{article.pk}/").status_code == 200
        return len(captured)

    makers.bring(makers.fresh(article), "under_review", reviewer=ravi)
    few = queries()
    for _ in range(4):
        workflow.request_changes(
            article.pk, version=1, digest=article.digest, actor=ravi, note="Again, please."
        )
        makers.bring(makers.fresh(article), "under_review", reviewer=ravi)
    for name in ("ben", "cleo", "dora", "egon"):
        colleague = people.member(name, name.title(), "MD")
        workflow.claim(article.pk, actor=colleague)
    assert queries() == few


def test_an_article_whose_next_review_is_overdue_says_so(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    with clock.at(timezone.now() - timedelta(days=370)):
        late = makers.article(ada, "approved", reviewer=ravi)
    on_time = makers.article(ada, "approved", reviewer=ravi)
    marked = '<span class="tag tag-wait">overdue</span>'
    assert marked in text(client_of(edith).get(f"/desk/{late.pk}/"))
    assert marked not in text(client_of(edith).get(f"/desk/{on_time.pk}/"))
