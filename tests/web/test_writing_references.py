"""References in the author's form: rows for people, records for machines, nothing dropped in between."""

import json

import pytest
from django.urls import reverse

from articles.models import Article
from articles.writing.records import Unreadable, key_for, read_pasted, record_of, row_of
from tests import makers
from tests.web.writing_form import filled, words

RICH = {
    "id": "benson2021",
    "type": "article-journal",
    "title": "Neuroendocrine tumors",
    "author": [
        {"family": "Benson", "given": "Al B.", "suffix": "III"},
        {"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"},
        {"literal": "NANETS"},
    ],
    "container-title": "Pancreas",
    "issued": {"literal": "Spring 2021"},
    "ISSN": "0885-3177",
    "publisher": "Wolters Kluwer",
    "note": "Checked by hand",
}


@pytest.fixture
def author(client_of, ada):
    return client_of(ada)


@pytest.fixture
def draft(ada):
    return makers.article(ada, references=[makers.RECORD, RICH])


def edit(article: Article) -> str:
    return reverse("writing:save", args=[article.pk])


def test_a_row_that_was_not_touched_gives_back_the_very_record():
    assert record_of(row_of(RICH), RICH) == RICH


def test_fields_that_the_form_does_not_show_survive_a_change_of_those_it_shows(author, draft):
    form = filled(author.get(edit(draft)), references_1_title="Neuroendocrine and adrenal tumors")
    author.post(edit(draft), form)
    assert makers.fresh(draft).references[1] == RICH | {"title": "Neuroendocrine and adrenal tumors"}


def test_names_that_stay_keep_their_particles_when_one_is_added(author, draft):
    form = filled(author.get(edit(draft)))
    form["references-1-authors"] += "\r\nLin, Mei"
    author.post(edit(draft), form)
    assert makers.fresh(draft).references[1]["author"] == [*RICH["author"], {"family": "Lin", "given": "Mei"}]


def test_a_reference_is_marked_unverified_and_the_mark_is_taken_back(author, draft):
    author.post(edit(draft), filled(author.get(edit(draft)), references_1_unverified="on"))
    assert makers.fresh(draft).references[1]["status"] == "unverified"
    form = filled(author.get(edit(draft)))
    assert form.pop("references-1-unverified") == "on"
    author.post(edit(draft), form)
    assert "status" not in makers.fresh(draft).references[1]


def test_a_removed_reference_is_gone_after_saving(author, draft):
    author.post(edit(draft), filled(author.get(edit(draft)), references_1_remove="on"))
    assert [record["id"] for record in makers.fresh(draft).references] == ["pavel2020"]


def test_a_reference_that_is_still_cited_cannot_be_removed(author, draft):
    response = author.post(edit(draft), filled(author.get(edit(draft)), references_0_remove="on"))
    assert response.status_code == 422
    assert "The text cites “pavel2020”" in words(response)


def test_another_row_comes_from_the_server_and_nothing_typed_is_lost(author, draft):
    form = filled(author.get(edit(draft)), summary="Half typed", references_1_title="Half changed", add="1")
    response = author.post(edit(draft), form)
    assert response.status_code == 200
    again = filled(response)
    assert (again["summary"], again["references-1-title"]) == ("Half typed", "Half changed")
    assert 'name="references-2-title"' in response.content.decode()
    assert makers.fresh(draft).version == 1
    del form["add"]
    again |= {"references-2-title": "A third one", "references-2-issued": "2019"}
    author.post(edit(draft), again)
    stored = makers.fresh(draft).references
    assert [record["id"] for record in stored] == ["pavel2020", "benson2021", "a2019"]
    assert stored[1]["ISSN"] == "0885-3177"


def test_a_blank_row_is_no_reference(author, draft):
    page = author.post(edit(draft), filled(author.get(edit(draft)), add="1"))
    author.post(edit(draft), filled(page, summary="Saved."))
    assert len(makers.fresh(draft).references) == 2


def test_every_row_reads_as_readers_will_see_it(author, draft):
    assert "Pavel M. Gastroenteropancreatic neuroendocrine neoplasms. Annals of Oncology. 2020." in words(
        author.get(edit(draft))
    )


def test_markup_in_a_reference_is_only_text(author, draft):
    form = filled(author.get(edit(draft)), references_1_title="<script>alert(1)</script>")
    author.post(edit(draft), form)
    page = author.get(edit(draft)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "", "This reference needs a title."),
        ("doi", "not one", "This reference has a DOI that is not one"),
        ("pmid", "PMC12", "This reference has a PubMed number that is not a number."),
        ("url", "ftp://x", "This reference has an address that does not start with http:// or https://."),
        ("issued", "last year", "Write the year, or the year with month and day"),
        ("key", "pavel2020", "Another reference has the key “pavel2020”."),
        ("key", "with space", "This reference needs a key of letters, digits"),
    ],
)
def test_a_row_that_cannot_be_kept_says_why_in_its_place(author, draft, field, value, said):
    form = filled(author.get(edit(draft)), **{f"references_1_{field}": value}, summary="Typed")
    response = author.post(edit(draft), form)
    assert response.status_code == 422
    assert said in words(response)
    assert filled(response)["summary"] == "Typed"
    assert makers.fresh(draft).version == 1


def test_pasted_records_are_added_and_kept_on_saving(author, draft):
    pasted = [{"id": "yao2016", "type": "article-journal", "title": "Everolimus", "ISSN": "0140-6736"}]
    form = filled(author.get(edit(draft)), import_text=json.dumps(pasted), **{"import": "1"})
    page = author.post(edit(draft), form)
    assert "1 reference added at the end of the list." in words(page)
    assert makers.fresh(draft).version == 1
    author.post(edit(draft), filled(page))
    assert makers.fresh(draft).references[2] == pasted[0]


def test_of_pasted_records_all_are_taken_or_none(author, draft):
    pasted = [{"id": "good2020", "type": "book", "title": "Good"}, {"id": "bad2020", "type": "poem"}]
    form = filled(author.get(edit(draft)), import_text=json.dumps(pasted), **{"import": "1"}, summary="Typed")
    response = author.post(edit(draft), form)
    assert response.status_code == 422
    said = words(response)
    assert "Record 2 (bad2020) needs a title." in said
    assert "Record 2 (bad2020) needs a type" in said
    again = filled(response)
    assert json.loads(again["import_text"]) == pasted
    assert again["summary"] == "Typed"
    assert 'name="references-2-title"' not in response.content.decode()


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("{", "This is not JSON (line 1, column 2)."),
        ("[" * 100_000, "This is not JSON"),
        ("[]", "There is no reference in this."),
        ("7", "There is no reference in this."),
        ("[7]", "Record 1 is not a reference record."),
        ('{"id": "here2020", "type": "book", "title": "X"}', "Record 1 (here2020) has a key that another"),
        ('[{"id": ["x"], "type": "book", "title": "X"}]', "Record 1 needs a key"),
    ],
)
def test_what_cannot_be_taken_over_is_told_record_by_record(pasted, said):
    with pytest.raises(Unreadable) as refused:
        read_pasted(pasted, {"here2020"})
    assert said in " ".join(refused.value.reasons)


def test_a_record_without_a_key_gets_name_and_year():
    [record] = read_pasted(
        json.dumps(RICH | {"id": None, "issued": {"date-parts": [[2021]]}}), {"benson2021"}
    )
    assert record["id"] == "benson2021b"


def test_keys_are_plain_letters_and_never_taken_twice():
    record = {"author": [{"family": "Öberg"}], "issued": {"date-parts": [[2010]]}}
    taken = set()
    for _ in range(30):
        taken.add(key_for(record, taken))
    assert len(taken) == 30
    assert {"oberg2010", "oberg2010b", "oberg2010z", "oberg2010-27"} <= taken
    assert key_for({}, ()) == "reference"
