"""What a sign-off survives: everything but a change of the statement's own words or of what it cites."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from articles.content.compare import Change, ChangeKind, align, apply
from articles.content.statements import Block, split
from tests.content.revisions import from_markdown, revisions
from tests.content.texts import RECORDS

KEYS = [record["id"] for record in RECORDS]


@dataclass(frozen=True)
class Told:
    """A statement as the story of its edits knows it."""

    words: tuple[str, ...]
    refs: tuple[str, ...] = ()
    is_item: bool = False
    is_strong: bool = False
    # As it was signed off; None for one that came later.
    signed: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    changed: frozenset[str] = frozenset()  # keys of records that were changed since

    @property
    def touched(self) -> bool:
        """Whether its sign-off must be gone."""
        return bool(self.changed & set(self.refs)) or self.signed != (self.words, tuple(sorted(self.refs)))

    def html(self) -> str:
        words = " ".join(self.words)
        words = f"<strong>{words}</strong>" if self.is_strong else words
        cite = f'<cite data-ref="{" ".join(self.refs)}"></cite>' if self.refs else ""
        return f"<ul><li>{words}{cite}</li></ul>" if self.is_item else f"<p>{words}{cite}</p>"


def told(number: int, refs: Sequence[str] = ()) -> Told:
    # Words of its own: no edit can make one statement into another by chance.
    words = tuple(f"w{number}x{place}" for place in range(8))
    return Told(words, tuple(refs), signed=(words, tuple(sorted(refs))))


EDITS = ("reword", "cut", "extend", "cite", "uncite", "move", "remove", "insert", "record", "space", "format",
         "list", "heading")  # fmt: skip


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Told], list[tuple[str, int, int]]]:
    """A text of one to ten statements, and up to twelve edits of it: (kind, place, another number)."""
    count = draw(st.integers(1, 10))
    texts = [
        told(n, tuple(draw(st.lists(st.sampled_from(KEYS), max_size=2, unique=True)))) for n in range(count)
    ]
    numbers = st.integers(0, 99)
    return texts, draw(st.lists(st.tuples(st.sampled_from(EDITS), numbers, numbers), max_size=12))


class Text:
    """The text on its way through the edits."""

    def __init__(self, statements: list[Told]) -> None:
        self.statements = list(statements)
        self.records = [dict(record) for record in RECORDS]
        self.between = ""
        self.heading = "Diagnosis"
        self._new = 100

    def html(self) -> str:
        body = self.between.join(each.html() for each in self.statements)
        return f"<h2>{self.heading}</h2>{self.between}{body}"

    def blocks(self) -> tuple[Block, ...]:
        return split(self.html(), self.records)

    def by_digest(self) -> dict[str, Told]:
        found = [block for block in self.blocks() if not block.is_heading]
        return {block.digest: each for block, each in zip(found, self.statements, strict=True)}

    def edit(self, kind: str, place: int, other: int) -> None:
        self._new += 1
        if kind == "insert":
            self.statements.insert(place % (len(self.statements) + 1), replace(told(self._new), signed=None))
        elif kind == "record":
            self._change_record(KEYS[place % len(KEYS)])
        elif kind == "space":
            self.between += " \n\t"
        elif kind == "heading":
            self.heading = f"Heading {self._new}"
        elif self.statements:
            place %= len(self.statements)
            was = self.statements.pop(place)
            if kind == "move":
                self.statements.insert(other % (len(self.statements) + 1), was)
            elif kind != "remove":
                self.statements.insert(place, self._edited(was, kind, other))

    def _edited(self, was: Told, kind: str, other: int) -> Told:
        at = other % len(was.words)
        key = KEYS[other % len(KEYS)]
        match kind:
            case "reword":
                words = (*was.words[:at], f"new{self._new}", *was.words[at + 1 :])
                return replace(was, words=words)
            case "cut" if len(was.words) > 1:
                return replace(was, words=was.words[:at] + was.words[at + 1 :])
            case "extend":
                return replace(was, words=(*was.words, f"new{self._new}"))
            case "cite" if key not in was.refs:
                return replace(was, refs=(*was.refs, key))
            case "uncite" if was.refs:
                return replace(was, refs=())
            case "format":
                return replace(was, is_strong=not was.is_strong)
            case "list":
                return replace(was, is_item=not was.is_item)
        return was

    def _change_record(self, key: str) -> None:
        for record in self.records:
            if record["id"] == key:
                record["volume"] = str(self._new)
        # Also of those that do not cite it any more: they may cite it again, as it is now.
        self.statements = [replace(each, changed=each.changed | {key}) for each in self.statements]


@given(stories())
def test_a_sign_off_is_kept_exactly_where_nothing_was_touched(
    story: tuple[list[Told], list[tuple[str, int, int]]],
) -> None:
    statements, edits = story
    text = Text(statements)
    signed = set(text.by_digest())
    for kind, place, other in edits:
        before = text.blocks()
        text.edit(kind, place, other)
        after = text.blocks()
        for digest, each in text.by_digest().items():
            assert (digest in signed) == (not each.touched), (kind, each)
        changes = align(before, after)
        assert apply(before, changes) == after
        assert all(is_kept(change) == (not asks_again(change)) for change in changes if change.new)


def is_kept(change: Change) -> bool:
    """Whether a sign-off of what stood there before counts for what stands there now."""
    return bool(change.old and change.new and change.old.digest == change.new.digest)


def asks_again(change: Change) -> bool:
    """Whether the comparison shows something that a reviewer has to look at."""
    return change.kind is ChangeKind.ADDED or change.has_new_words or change.reference_only


@given(stories())
def test_moving_and_spacing_void_nothing_at_all(story: tuple[list[Told], list[tuple[str, int, int]]]) -> None:
    statements, edits = story
    text = Text(statements)
    signed = set(text.by_digest())
    for kind, place, other in edits:
        if kind in {"move", "space", "format", "list", "heading"}:
            text.edit(kind, place, other)
    assert set(text.by_digest()) == signed


def statements_of(markdown: str) -> tuple[Block, ...]:
    return tuple(block for block in split(*from_markdown(markdown)) if not block.is_heading)


def test_real_revisions_keep_and_lose_sign_offs_as_their_comparison_shows() -> None:
    for revision in revisions():
        before, after = statements_of(revision["before"]), statements_of(revision["after"])
        signed = {block.digest for block in before}
        for change in align(before, after):
            if change.new is None:
                continue
            assert is_kept(change) == (not asks_again(change)), revision["id"]
            assert (change.new.digest in signed) == is_kept(change), revision["id"]


def lost(revision: dict) -> list[Block]:
    """The statements after a real revision that nobody signed off before it."""
    signed = {block.digest for block in statements_of(revision["before"])}
    return [block for block in statements_of(revision["after"]) if block.digest not in signed]


def test_a_real_revision_of_white_space_loses_no_sign_off() -> None:
    for revision in revisions("whitespace_only"):
        assert revision["before"] != revision["after"]
        assert lost(revision) == []


def test_a_real_revision_of_citations_loses_those_that_cite_and_no_other() -> None:
    for revision in revisions("citations_only"):
        found = lost(revision)
        assert 0 < len(found) <= 4
        cited = {block.text: block.refs for block in statements_of(revision["before"])}
        for block in found:
            assert block.text in cited, "the words stand"
            assert block.refs != cited[block.text]


def test_a_tiny_real_revision_loses_the_statement_it_touched_and_keeps_all_others() -> None:
    for revision in revisions("tiny"):
        assert len(lost(revision)) <= revision["hunks"] <= 2, revision["id"]


def test_a_real_text_that_is_turned_around_keeps_every_sign_off() -> None:
    """Each statement of a real text at another place: all of it moved, nothing of it changed."""
    for revision in revisions():
        body, references = from_markdown(revision["before"])
        before = split(body, references)
        after = split("".join(reversed(re.findall(r"<(?:p|h2)>.*?</(?:p|h2)>", body, re.DOTALL))), references)
        assert Counter(block.digest for block in before) == Counter(block.digest for block in after)
        changes = align(before, after)
        assert apply(before, changes) == after
        assert all(is_kept(change) for change in changes if change.new and not change.new.is_heading)


@given(stories(), st.data())
def test_every_text_on_the_way_can_be_made_from_every_earlier_one(
    story: tuple[list[Told], list[tuple[str, int, int]]], data: st.DataObject
) -> None:
    """Reviewers compare with the version they read last, which is seldom the one before."""
    statements, edits = story
    text = Text(statements)
    versions = [text.blocks()]
    for edit in edits:
        text.edit(*edit)
        versions.append(text.blocks())
    new = data.draw(st.integers(0, len(versions) - 1))
    old = data.draw(st.integers(0, new))
    changes = align(versions[old], versions[new])
    assert apply(versions[old], changes) == versions[new]
    before = {block.digest for block in versions[old]}
    for change in changes:
        if change.new and not change.new.is_heading:
            assert (change.new.digest in before) == is_kept(change)
            assert is_kept(change) == (not asks_again(change))
