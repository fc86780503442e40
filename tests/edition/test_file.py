"""The edition in a file, when the file is not what it should be."""

import os
from pathlib import Path

import pytest

from articles.edition.file import FileEdition


def owed() -> int:
    return 0


def test_two_processes_see_the_same_number(tmp_path: Path) -> None:
    mine, theirs = FileEdition(tmp_path / "edition"), FileEdition(tmp_path / "edition")
    assert mine.current() is None
    number = mine.open(owed)
    assert theirs.current() == number
    theirs.close()
    assert mine.current() is None
    later = mine.open(owed)
    assert later is not None
    assert number is not None
    assert later > number
    assert theirs.current() == later


def test_a_file_that_was_taken_away_is_noticed_and_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, slept = [100.0], []
    monkeypatch.setattr("articles.edition.file.time.monotonic", lambda: now[0])
    monkeypatch.setattr("articles.edition.file.time.sleep", slept.append)
    reader, publisher = FileEdition(tmp_path / "edition"), FileEdition(tmp_path / "edition")
    number = reader.open(owed)
    assert publisher.current() == number
    os.unlink(tmp_path / "edition")
    publisher.close()
    assert slept == [1.0], "until every reader has looked again"
    now[0] += 1.0
    assert reader.current() is None


def test_without_a_file_it_is_closed_and_nothing_can_be_published(tmp_path: Path) -> None:
    edition = FileEdition(tmp_path / "nowhere" / "edition")
    assert edition.current() is None
    assert edition.open(owed) is None
    with pytest.raises(OSError, match="nowhere"):
        edition.close()
