"""The checklists at the desk: added to, reworded, put in order, retired; never forgotten."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from articles.models import ChecklistItem, Decision, User
from tests import makers

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]
HERE = "/desk/checklist/"


def items(verdict: str = "approve") -> list[ChecklistItem]:
    return list(ChecklistItem.objects.filter(verdict=verdict, is_active=True))


def text(response: Any) -> str:
    return response.content.decode()


def test_an_item_is_added_at_the_end_and_asked_with_the_next_decision(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    client = client_of(edith)
    done = client.post(f"{HERE}add/", {"verdict": "approve", "text": "Doses:  checked against the label"})
    added = items()[-1]
    assert added.text == "Doses: checked against the label"
    assert done["Location"] == f"{HERE}#item-{added.pk}"
    assert "added an item for approvals" in text(client.get(HERE))
    article = makers.article(ada, "under_review", reviewer=ravi)
    makers.approve(article, ravi)
    assert "Doses: checked against the label" in Decision.objects.get().checklist


def test_an_item_without_words_is_refused_where_it_was_typed(edith: User, client_of: In) -> None:
    before = ChecklistItem.objects.count()
    client = client_of(edith)
    for form in (
        {"verdict": "approve", "text": "  "},
        {"verdict": "approve", "text": "x" * 201},
        {"verdict": "recuse", "text": "Not a list of ours"},
    ):
        assert client.post(f"{HERE}add/", form).status_code == 422
    long = text(client.post(f"{HERE}add/", {"verdict": "request_changes", "text": "y" * 201}))
    assert "y" * 201 in long
    assert ChecklistItem.objects.count() == before


def test_rewording_changes_what_is_asked_and_not_what_was_signed(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    item = items()[0]
    old = item.text
    makers.article(ada, "approved", reviewer=ravi)
    client = client_of(edith)
    client.post(f"{HERE}{item.pk}/reword/", {"text": "Accuracy: every number is right"})
    item.refresh_from_db()
    assert item.text == "Accuracy: every number is right"
    assert old in Decision.objects.get().checklist
    page = text(client.get(HERE))
    assert "<strong>Edith Hale</strong> reworded an item for approvals" in page
    assert f"Now: Accuracy: every number is right\nBefore: {old}" in page
    empty = client.post(f"{HERE}{item.pk}/reword/", {"text": ""})
    assert empty.status_code == 422
    item.refresh_from_db()
    assert item.text == "Accuracy: every number is right"


def test_items_change_places_by_buttons(edith: User, client_of: In) -> None:
    client = client_of(edith)
    first, second, third, *_ = names = [item.text for item in items()]
    lines = ChecklistItem.history.count()
    others = [item.text for item in items("request_changes")]
    keys = {item.text: item.pk for item in items()}
    client.post(f"{HERE}{keys[second]}/move/", {"to": "up"})
    assert [item.text for item in items()][:3] == [second, first, third]
    client.post(f"{HERE}{keys[second]}/move/", {"to": "up"})
    assert [item.text for item in items()][:3] == [second, first, third], "there is nothing above the first"
    client.post(f"{HERE}{keys[second]}/move/", {"to": "down"})
    client.post(f"{HERE}{keys[names[-1]]}/move/", {"to": "down"})
    assert [item.text for item in items()] == names
    assert [item.text for item in items("request_changes")] == others
    assert ChecklistItem.history.count() == lines, "the order is no wording"


def test_a_retired_item_is_not_asked_and_comes_back_at_the_end(
    ada: User, ravi: User, edith: User, client_of: In
) -> None:
    client, item = client_of(edith), items()[0]
    client.post(f"{HERE}{item.pk}/use/", {"use": "no"})
    assert item not in items()
    page = text(client.get(HERE))
    assert "Retired (1)" in page
    assert "retired an item for approvals" in page
    article = makers.article(ada, "under_review", reviewer=ravi)
    makers.approve(article, ravi, ticked=[each.pk for each in items()])
    assert item.text not in Decision.objects.get().checklist
    client.post(f"{HERE}{item.pk}/use/", {"use": "yes"})
    assert items()[-1] == item
    assert "took an item for approvals into use again" in text(client.get(HERE))


def test_a_long_history_costs_no_more_queries(
    edith: User, client_of: In, django_assert_num_queries: Any
) -> None:
    client, item = client_of(edith), items()[0]
    client.post(f"{HERE}{item.pk}/reword/", {"text": "Words 0"})
    with django_assert_num_queries(8):
        client.get(HERE)
    for number in range(1, 40):
        client.post(f"{HERE}{item.pk}/reword/", {"text": f"Words {number}"})
    with django_assert_num_queries(8):
        client.get(HERE)


def test_the_checklists_are_for_editors(ada: User, ravi: User, client_of: In) -> None:
    item = items()[0]
    for somebody in (ada, ravi):
        client = client_of(somebody)
        assert client.get(HERE).status_code == 403
        for step in ("add/", f"{item.pk}/reword/", f"{item.pk}/move/", f"{item.pk}/use/"):
            assert client.post(HERE + step, {"text": "Mine", "verdict": "approve"}).status_code == 403
    assert Client().get(HERE).status_code == 302
    assert items()[0].text == item.text
