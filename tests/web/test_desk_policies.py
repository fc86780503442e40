"""Review policies at the desk: the default, a topic's own, who changed what, and what cannot be."""

from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import ReviewPolicy, Round, Topic, User, policy_for
from tests import makers, people

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]
DEFAULT = "/desk/policies/default/"


@pytest.fixture
def surgery(db: None) -> Topic:
    return Topic.objects.create(name="Surgery", slug="surgery")


def typed(client: Client, address: str, *specialties: tuple[str, int | str], **rules: Any) -> dict[str, Any]:
    """The form of a policy as the browser would send it: what the page holds, with some of it changed."""
    page = client.get(address)
    form = page.context["forms"]
    sent = {name: form.rules[name].value() for name in form.rules.fields} | rules
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    sent |= {"specialty-TOTAL_FORMS": len(specialties), "specialty-INITIAL_FORMS": 0}
    for number, (name, count) in enumerate(specialties):
        sent |= {f"specialty-{number}-specialty": name, f"specialty-{number}-count": count}
    return sent


def form_on(client: Client, address: str) -> Any:
    """The form that saves a policy, as it stands on its page."""
    forms = lxml.html.fromstring(text(client.get(address))).forms
    return next(form for form in forms if "days_to_review" in form.fields)


def text(response: Any) -> str:
    return response.content.decode()


def test_every_topic_stands_there_with_the_rule_in_force(
    edith: User, surgery: Topic, client_of: In, django_assert_num_queries: Any
) -> None:
    client = client_of(edith)
    page = text(client.get("/desk/policies/"))
    assert "1 board member must approve · 21 days to review · next review after 12 months" in page
    assert "as the default" in page
    ReviewPolicy.objects.create(topic=surgery, quorum=2, specialties={"Surgery": 1}, sign_off=True)
    page = text(client.get("/desk/policies/"))
    assert "2 board members must approve · 1 of them from Surgery · every statement signed off" in page
    with CaptureQueriesContext(connection) as few:
        client.get("/desk/policies/")
    for number in range(20):
        topic = Topic.objects.create(name=f"Topic {number}", slug=f"topic-{number}")
        ReviewPolicy.objects.create(topic=topic, quorum=2)
    with django_assert_num_queries(len(few)):
        client.get("/desk/policies/")


def test_the_default_is_changed_and_the_history_says_who_changed_what(edith: User, client_of: In) -> None:
    client = client_of(edith)
    sent = typed(
        client, DEFAULT, ("Endocrine  oncology", 1), ("", ""), quorum=2, days_to_review=14, independent=True
    )
    done = client.post(DEFAULT, sent, follow=True)
    assert done.redirect_chain == [(DEFAULT, 303)]
    policy = policy_for(None)
    assert (policy.quorum, policy.days_to_review, policy.independent) == (2, 14, True)
    assert policy.specialties == {"Endocrine oncology": 1}
    again = typed(client, DEFAULT, quorum=1, days_to_review=14)
    again.pop("independent")
    page = text(client.post(DEFAULT, again, follow=True))
    assert "<strong>Edith Hale</strong> changed it" in page
    assert "Now: 1 board member must approve" in page
    assert "Before: 2 board members must approve" in page
    assert "Before: 1 of them from Endocrine oncology" in page
    assert page.count("Now: 14 days") == 1, "what did not change is not told"


def test_the_form_is_saved_as_the_browser_sends_it_with_its_empty_lines(
    edith: User, surgery: Topic, client_of: In
) -> None:
    client = client_of(edith)
    for address in (DEFAULT, f"/desk/policies/{surgery.pk}/"):
        for name in ("Surgery", ""):
            form = form_on(client, address)
            form.fields["days_to_review"] = str(int(form.fields["days_to_review"]) + 3)
            form.fields["specialty-0-specialty"] = name
            done = client.post(address, dict(form.form_values()), follow=True)
            assert "Saved. It holds for every round that begins from now on." in text(done)
    assert policy_for(surgery.pk).specialties == {}


def test_saving_what_stands_there_already_leaves_no_line_in_the_history(edith: User, client_of: In) -> None:
    client = client_of(edith)
    assert "Nothing to save." in text(client.post(DEFAULT, typed(client, DEFAULT), follow=True))
    assert ReviewPolicy.history.count() == 1


def test_a_topic_gets_a_policy_of_its_own_and_loses_it_after_a_confirmation(
    edith: User, surgery: Topic, client_of: In
) -> None:
    client, address = client_of(edith), f"/desk/policies/{surgery.pk}/"
    assert "The default holds for this topic." in text(client.get(address))
    client.post(address, typed(client, address, quorum=3))
    assert policy_for(surgery.pk).quorum == 3
    assert policy_for(None).quorum == 1
    unsure = client.post(f"{address}remove/")
    assert unsure.status_code == 422
    assert "Confirm that the topic’s own policy is to be removed." in text(unsure)
    assert policy_for(surgery.pk).quorum == 3
    client.post(f"{address}remove/", {"confirm": "on"})
    assert policy_for(surgery.pk).quorum == 1
    page = text(client.get(address))
    assert "removed it: the default holds" in page
    assert "3 board members must approve" in page, "the history keeps what it said"


def test_more_specialists_than_approvals_are_refused_in_words_and_the_form_comes_back(
    edith: User, client_of: In
) -> None:
    client = client_of(edith)
    sent = typed(client, DEFAULT, ("Oncology", 2), ("Pharmacy", 1), quorum=2)
    refused = client.post(DEFAULT, sent)
    assert refused.status_code == 422
    assert "The specialties ask for 3 members, and only 2 members must approve." in text(refused)
    assert 'value="Oncology"' in text(refused)
    assert 'value="Pharmacy"' in text(refused)
    assert policy_for(None).quorum == 1
    assert client.post(DEFAULT, sent | {"quorum": 3}).status_code == 303
    assert policy_for(None).specialties == {"Oncology": 2, "Pharmacy": 1}


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"quorum": 0}, "greater than or equal to 1"),
        ({"quorum": ""}, "This field is required."),
        ({"days_to_review": 400}, "less than or equal to 365"),
        ({"months_to_next_review": "soon"}, "Enter a whole number."),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(
    rules: dict[str, Any], words: str, edith: User, client_of: In
) -> None:
    client = client_of(edith)
    refused = client.post(DEFAULT, typed(client, DEFAULT) | rules)
    assert refused.status_code == 422
    assert words in text(refused)
    assert ReviewPolicy.history.count() == 1


def test_a_specialty_is_named_once(edith: User, client_of: In) -> None:
    client = client_of(edith)
    refused = client.post(DEFAULT, typed(client, DEFAULT, ("Pharmacy", 1), ("pharmacy", 1), quorum=2))
    assert refused.status_code == 422
    assert "“pharmacy” stands here twice" in text(refused)


def test_what_the_board_of_today_cannot_meet_is_saved_with_a_warning(
    edith: User, ravi: User, client_of: In
) -> None:
    client = client_of(edith)
    sent = typed(client, DEFAULT, ("Nuclear medicine", 1), quorum=2)
    page = text(client.post(DEFAULT, sent, follow=True))
    assert policy_for(None).specialties == {"Nuclear medicine": 1}
    assert "No member who serves today has the specialty Nuclear medicine" in page
    assert "2 members must approve, and 1 serves on the board today." in page
    assert "cannot be met today" in text(client.get("/desk/policies/"))
    profile = people.member("nils", "Nils Berg", "MD").board_profile
    profile.specialties = "Surgery, nuclear medicine"
    profile.save()
    assert "cannot be met today" not in text(client.get("/desk/policies/"))


def test_open_rounds_keep_their_policy_and_the_page_says_how_many(
    ada: User, ravi: User, edith: User, surgery: Topic, client_of: In
) -> None:
    client, own = client_of(edith), f"/desk/policies/{surgery.pk}/"
    article = makers.article(ada, "under_review", reviewer=ravi, topic=surgery)
    makers.article(ada, "submitted")
    assert "2 rounds are open and keep the policy they began with." in text(client.get(DEFAULT))
    client.post(own, typed(client, own, quorum=2))
    assert "1 round is open and keeps the policy it began with." in text(client.get(own))
    assert "1 round is open" in text(client.get(DEFAULT)), "the topic’s round is not the default’s any more"
    assert Round.objects.get(article=article).quorum == 1
    makers.approve(article, ravi)
    assert makers.fresh(article).state == "approved"
    page = text(client.get(f"/desk/{makers.article(ada, 'submitted', topic=surgery).pk}/"))
    assert "Policy of this round: 2 board members must approve" in page


def test_the_page_of_an_article_says_that_the_policy_has_changed_since(
    ada: User, edith: User, client_of: In
) -> None:
    article = makers.article(ada, "submitted")
    client = client_of(edith)
    assert "It has changed since" not in text(client.get(f"/desk/{article.pk}/"))
    makers.policy(quorum=2)
    assert "It has changed since; this round keeps the one it began with." in text(
        client.get(f"/desk/{article.pk}/")
    )


def test_of_two_editors_who_save_at_once_the_second_sees_both_and_loses_nothing(
    edith: User, client_of: In
) -> None:
    client = client_of(edith)
    sent = typed(client, DEFAULT, ("Pharmacy", 1), quorum=4)
    erin = people.person("erin", "Erin Stone", people.Role.EDITOR)
    other = client_of(erin)
    other.post(DEFAULT, typed(other, DEFAULT, quorum=2))
    met = client.post(DEFAULT, sent)
    assert met.status_code == 409
    assert "Erin Stone changed this policy while you were editing" in text(met)
    assert 'value="4"' in text(met)
    assert 'value="Pharmacy"' in text(met)
    assert policy_for(None).quorum == 2
    newest = met.context["forms"].rules["seen"].value()
    assert client.post(DEFAULT, sent | {"seen": newest}).status_code == 303
    assert policy_for(None).quorum == 4


def test_an_editor_says_whom_to_ask_first_for_a_topic(edith: User, surgery: Topic, client_of: In) -> None:
    address = f"/desk/policies/{surgery.pk}/"
    client = client_of(edith)
    client.post(f"{address}specialties/", {"specialties": "Surgery,  Thoracic   surgery, surgery,"})
    surgery.refresh_from_db()
    assert surgery.specialties == ["surgery", "Thoracic surgery"]
    assert 'value="surgery, Thoracic surgery"' in text(client.get(address))


@pytest.mark.parametrize("path", ["", "default/", "{topic}/"])
def test_policies_are_for_editors(path: str, ada: User, ravi: User, surgery: Topic, client_of: In) -> None:
    address = "/desk/policies/" + path.format(topic=surgery.pk)
    for somebody in (ada, ravi):
        assert client_of(somebody).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    if path:
        assert client_of(ravi).post(address, {"quorum": 1}).status_code == 403
    assert client_of(ravi).post(f"/desk/policies/{surgery.pk}/remove/", {"confirm": "on"}).status_code == 403


def test_readers_are_told_the_rules_in_force_and_the_topics_with_their_own(surgery: Topic) -> None:
    makers.policy(quorum=2, specialties={"Pharmacy": 1}, sign_off=True, months_to_next_review=6)
    ReviewPolicy.objects.create(topic=surgery, quorum=3, independent=True)
    page = text(Client().get("/editorial-policy/"))
    assert "when 2 board members have approved the same version, 1 of them from Pharmacy, and" in page
    assert "every statement of the text has been marked as supported" in page
    assert "due 6 months after the last" in page
    assert "<strong>Surgery.</strong> 3 board members must approve, members review independently" in page
    makers.policy(sign_off=False)
    assert "Sentence by sentence" not in text(Client().get("/editorial-policy/"))


def test_an_invitation_proposes_the_date_of_the_policy_that_the_round_began_with(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    makers.policy(days_to_review=5)
    article = makers.article(ada, "submitted")
    makers.policy(days_to_review=50)
    client = client_of(edith)
    due = client.get(f"/desk/{article.pk}/").context["acts"][0].form["due"].value()
    workflow.assign(article.pk, member=ravi, actor=edith, due=due)
    assert (due - Round.objects.get().opened_at.date()).days == 5
