"""References for other programs, read back by programs that are not ours."""

import json
import re

import bibtexparser
import pytest
import rispy
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st

from articles.content.export import FORMATS, bibtex, csl_json, ris
from articles.content.records import problems
from tests.content.texts import CAPLIN, PAVEL, SHAH

NASTY = {
    "id": "nasty:1",
    "type": "article-journal",
    "title": "100% of $5 & <i>E. coli</i> {braces} #1_2 ~tilde^ \\end{document} 10<sup>9</sup>",
    "author": [
        {"family": "Müller & Söhne", "given": "A. B."},
        {"literal": "The {Great} Group, and others"},
        {"family": "Benson", "given": "Al", "suffix": "III", "non-dropping-particle": "van der"},
        {"literal": "et al"},
    ],
    "container-title": "J\r\nER  - \r\nTY  - JOUR",
    "page": "12–19",
    "issued": {"date-parts": [[2021, 2]]},
    "DOI": "10.1000/x_y(1)",
    "note": "Ask Mei about this one.",
}
RECORDS = (PAVEL, CAPLIN, SHAH, NASTY)
anything = st.text(min_size=1, max_size=40)


def test_the_records_are_ones_that_are_accepted() -> None:
    assert [problems(record) for record in RECORDS] == [[], [], [], []]


def test_bibtex_is_read_back_with_every_field() -> None:
    library = bibtexparser.parse_string(bibtex(RECORDS))
    assert library.failed_blocks == []
    pavel, caplin, shah, nasty = library.entries
    assert (pavel.entry_type, pavel.key) == ("article", "pavel2020")
    assert pavel["author"] == "Pavel, M. and Öberg, Kjell"
    assert pavel["pages"] == "844--860"
    assert (pavel["volume"], pavel["number"], pavel["year"]) == ("31", "7", "2020")
    assert caplin["month"] in ("jul", 7, "7")
    assert (shah.entry_type, shah["publisher"]) == ("book", "Green Press")
    assert nasty["author"].endswith("and van der Benson, III, Al and others")
    assert r"\textit{E. coli}" in nasty["title"]


def test_nothing_that_tex_would_act_upon_is_left_open() -> None:
    entry = bibtex([NASTY])
    title = next(line for line in entry.splitlines() if line.startswith("  title"))
    assert r"100\% of \$5 \& " in title
    assert r"\end" not in title
    bare = re.sub(r"\\[{}]", "", entry)
    assert bare.count("{") == bare.count("}")


def test_ris_is_read_back_with_every_field() -> None:
    entries = rispy.loads(ris(RECORDS))
    assert [each["type_of_reference"] for each in entries] == ["JOUR", "JOUR", "BOOK", "JOUR"]
    pavel = entries[0]
    assert pavel["authors"] == ["Pavel, M.", "Öberg, Kjell"]
    assert (pavel["start_page"], pavel["end_page"]) == ("844", "860")
    assert pavel["doi"] == "10.1016/j.annonc.2020.03.304"
    assert entries[1]["date"] == "2014/07/17"
    assert entries[3]["title"].startswith("100% of $5 & E. coli {braces}")


def test_csl_json_is_read_by_a_citation_processor_and_holds_no_note_to_ourselves() -> None:
    text = csl_json(RECORDS)
    source = CiteProcJSON(json.loads(text))
    assert list(source) == [record["id"].lower() for record in RECORDS]
    assert "Ask Mei" not in text + bibtex(RECORDS) + ris(RECORDS)


@given(title=anything, family=anything, journal=anything, publisher=anything)
@pytest.mark.filterwarnings("ignore")
def test_whatever_stands_in_a_record_it_stays_one_record(title, family, journal, publisher) -> None:
    record = {
        "id": "one",
        "type": "article-journal",
        "title": title,
        "author": [{"family": family}],
        "container-title": journal,
        "publisher": publisher,
    }
    both = [record, PAVEL]
    assert len(rispy.loads(ris(both))) == 2
    library = bibtexparser.parse_string(bibtex(both))
    assert [entry.key for entry in library.entries] == ["one", "pavel2020"]
    assert len(json.loads(csl_json(both))) == 2


def test_every_format_names_its_media_type() -> None:
    assert set(FORMATS) == {"bib", "ris", "json"}
    assert all(media.startswith("application/") for media, _ in FORMATS.values())
