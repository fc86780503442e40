"""A finished page is what Django would have sent, compressed, with tags for exactly these bytes."""

import gzip

import brotli
import pytest
from django.test import Client

from articles.models import Article, User
from netreview.finished.page import encoding_for
from tests.finished.asking import Process
from tests.finished.conftest import PAGE, approve_again

OURS = {"ETag", "Content-Length", "Vary", "Last-Modified", "Content-Encoding"}


@pytest.mark.parametrize(
    "path", [PAGE, PAGE + "plain/", PAGE + "versions/1/", "/", "/board/", "/editorial-policy/"]
)
def test_the_second_reader_gets_djangos_bytes_and_headers_without_django(process: Process, path: str) -> None:
    expected = Client().get(path)
    first, second = process.get(path), process.get(path)
    assert first.by_django
    assert not second.by_django
    assert second.queries == 0
    assert first.body == second.body == expected.content
    assert second.headers == first.headers
    for answer in (first, second):
        own = {name: value for name, value in answer.headers.items() if name not in OURS}
        assert own == {name: value for name, value in expected.headers.items() if name not in OURS}
        assert "Content-Security-Policy" in own
        assert "Set-Cookie" not in own
        assert answer.headers["Content-Length"] == str(len(expected.content))


def test_each_encoding_holds_the_same_page_under_a_strong_tag_of_its_own(process: Process) -> None:
    plain = process.get(PAGE)
    zipped = process.get(PAGE, accept_encoding="gzip")
    small = process.get(PAGE, accept_encoding="gzip, deflate, br, zstd")
    assert gzip.decompress(zipped.body) == brotli.decompress(small.body) == plain.body
    assert len(small.body) < len(zipped.body) < len(plain.body) / 2
    assert [answer.headers.get("Content-Encoding") for answer in (plain, zipped, small)] == [
        None,
        "gzip",
        "br",
    ]
    tags = [answer.headers["ETag"] for answer in (plain, zipped, small)]
    assert len(set(tags)) == 3
    assert all(tag.startswith('"') and tag.endswith('"') for tag in tags)
    for answer in (plain, zipped, small):
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Content-Length"] == str(len(answer.body))


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("br;q=0.1, gzip;q=1", "br"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("br;q=0, *;q=0.5", "gzip"),
        ("gzip;q=nonsense", "identity"),
        ("deflate, zstd", "identity"),
        (" GZIP ; Q=1", "gzip"),
        (",;,=", "identity"),
    ],
)
def test_only_an_encoding_that_the_reader_takes_is_sent(accepted: str, sent: str) -> None:
    assert encoding_for(accepted) == sent


def test_who_has_the_bytes_is_told_so_and_nothing_else(process: Process) -> None:
    tag = process.get(PAGE, accept_encoding="br").headers["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = process.get(PAGE, accept_encoding="br", if_none_match=known)
        assert (answer.status, answer.body, answer.by_django) == (304, b"", False)
        assert answer.headers["ETag"] == tag
        assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "Content-Length" not in answer.headers
    for unknown in ('"other"', "", "nonsense", tag.replace("br", "gzip")):
        assert process.get(PAGE, accept_encoding="br", if_none_match=unknown).status == 200


def test_a_date_counts_only_if_it_is_the_very_date_we_gave(
    process: Process, published: Article, ravi: User
) -> None:
    date = process.get(PAGE).headers["Last-Modified"]
    assert process.get(PAGE, if_modified_since=date).status == 304
    assert process.get(PAGE, if_modified_since="Thu, 01 Jan 2099 00:00:00 GMT").status == 200
    assert process.get(PAGE, if_modified_since=date, if_none_match='"other"').status == 200
    # Within the same second of the clock: the date must not vouch for the new text.
    approve_again(published, "Grade comes from Ki-67.", ravi)
    answer = process.get(PAGE, if_modified_since=date)
    assert answer.status == 200
    assert "Grade comes from Ki-67." in answer.text


def test_head_says_what_get_would_say(process: Process) -> None:
    whole = process.get(PAGE, accept_encoding="gzip")
    head = process.get(PAGE, method="HEAD", accept_encoding="gzip")
    assert (head.status, head.body, head.headers) == (200, b"", whole.headers)
    assert not head.by_django


def test_the_same_bytes_in_the_next_edition_keep_their_tag_their_date_and_their_encodings(
    process: Process, published: Article, ravi: User
) -> None:
    before = process.get("/editorial-policy/", accept_encoding="br")
    approve_again(published, "Grade comes from Ki-67.", ravi)
    after = process.get("/editorial-policy/", accept_encoding="br")
    assert after.by_django
    assert after.headers == before.headers
    assert after.body is before.body or after.body == before.body
