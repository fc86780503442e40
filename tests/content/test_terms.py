"""Words as the search compares them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.content.terms import KIN, LONGEST, marked, stem, stems, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tumors", "Tumor"),
        ("carcinoids", "carcinoid"),
        ("naïve", "naive"),
        ("Sjögren’s", "sjogren's"),
        ("68Ga-DOTATATE", "68ga dotatate"),
    ],
)
def test_forms_of_a_word_are_one(one: str, other: str) -> None:
    assert stems(one) == stems(other)


def test_what_every_question_says_is_left_out() -> None:
    assert stems("Hello doctor, what are the treatments for a carcinoid? Thank you") == [
        "treatment",
        "carcinoid",
    ]


def test_a_text_of_nothing_but_such_words_keeps_them() -> None:
    assert stems("What is it?") == ["what", "is", "it"]


def test_readers_words_and_texts_words_are_kin() -> None:
    assert "treatment" in KIN[stem("cure")]
    assert stem("diagnosis") in KIN[stem("diagnosed")]
    assert all(stem not in kin for stem, kin in KIN.items())


def test_what_is_longer_than_a_word_can_be_is_none() -> None:
    assert words("x" * (LONGEST + 1) + " scan") == ["scan"]


def test_marking_keeps_every_character_and_finds_forms() -> None:
    text = "Carcinoids — slow tumours, not every TUMOR."
    pieces = list(marked(text, frozenset(stems("carcinoid tumor"))))
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, hit in pieces if hit] == ["Carcinoids", "TUMOR"]


@given(st.text(max_size=300), st.text(max_size=30))
def test_no_text_is_lost_or_refused(text: str, wanted: str) -> None:
    pieces = list(marked(text, frozenset(stems(wanted))))
    assert len("".join(piece for piece, _ in pieces)) == len(text)
    assert all(len(word) <= LONGEST for word in words(text))
