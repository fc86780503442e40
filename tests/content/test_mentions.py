"""Names are found as whole words, and nothing else is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.content.document import Declarations
from articles.content.mentions import mentioned, same_name
from tests.content.texts import make_document


@pytest.mark.parametrize(
    ("name", "text", "is_found"),
    [
        ("Ipsen", "made by IPSEN.", True),
        ("Ipsen", "Ipsen's drug", True),
        ("Ipsen", "Ipsenoid", False),
        ("Ipsen", "non-Ipsen", True),
        ("Bristol-Myers Squibb", "Bristol  Myers\nSquibb", True),
        ("Myers Squibb Bristol", "Bristol Myers Squibb", False),
        ("177Lu", "with 177Lu-DOTATATE", True),
        ("a.b", "acb", False),
        ("C++", "C++ code", True),
        ("Straße AG", "STRASSE AG", True),
        ("Ip", "Ip is short", False),
        ("  ", "no name at all", False),
        ("(", "one ( bracket", False),
    ],
)
def test_a_name_is_found_as_whole_words(name: str, text: str, is_found: bool) -> None:
    document = make_document(plain_body=f"<p>{text}</p>")
    assert mentioned(document, [name]) == ([name] if is_found else [])


def test_every_part_of_an_article_is_looked_through() -> None:
    document = make_document(
        question="Aaa?", summary="Bbb.", body="<h2>Ccc</h2><ul><li>Ddd</li></ul>", plain_body="<p>Eee</p>",
        declarations=Declarations("Fff.", "None.", None),
    )  # fmt: skip
    names = ["Aaa", "Bbb", "Ccc", "Ddd", "Eee", "Fff", "Ggg"]
    assert mentioned(document, names) == names[:-1]


def test_a_name_across_two_statements_is_none() -> None:
    document = make_document(plain_body="<p>The drug of Novo</p><p>Nordisk made it.</p>")
    assert mentioned(document, ["Novo Nordisk"]) == []


@given(st.text(min_size=1, max_size=30))
def test_no_name_breaks_it_and_each_is_found_where_it_stands_alone(name: str) -> None:
    document = make_document(question=name)
    found = mentioned(document, [name])
    words = "".join(name.split())
    if len(words) >= 3 and words.isalnum() and words.isascii():
        assert found == [name]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ada Okafor", "ada  OKAFOR", True),
        ("J. R. Smith", "J R Smith", True),
        ("José", "Jose\u0301", True),
        ("Ada Okafor", "Okafor Ada", False),
        ("Ada Okafor", "Ada", False),
    ],
)
def test_two_names_are_of_one_person(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same
