"""The words inside one block: text runs with their marks, citations, line breaks, a figure's image."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import groupby

import nh3

from articles.content.records import KEY

Marks = tuple[str, ...]  # opening tags without brackets, outermost first: ('a href="…"', "strong", "em")
Run = tuple[Marks, str]

CITE: Marks = ("cite",)  # its text is the keys, separated by single spaces
BREAK: Marks = ("br",)
IMAGE: Marks = (
    "img",
)  # the first run of a figure; its text is the image's name, a space, its alternative text
MARK_ORDER = ("strong", "em", "sub", "sup")

# Citations are set off in `marked` by two control characters that no text can hold, so that typed
# brackets are never taken for a citation.
CITE_START, CITE_END = "\x02", "\x03"
CITATION = re.compile(f"{CITE_START}([^{CITE_END}]*){CITE_END}")
# So is the image of a figure: its name between two of them, its alternative text up to a third.
IMAGE_START, IMAGE_END, IMAGE_CAPTION = "\x04", "\x05", "\x06"
_IMAGE = re.compile(f"{IMAGE_START}[^{IMAGE_END}]*{IMAGE_END}([^{IMAGE_CAPTION}]*){IMAGE_CAPTION}")
CITE_ELEMENT = re.compile(r'<cite data-ref="([^"]*)"></cite>')

# Control characters, zero-width space, byte order mark, lone surrogates and noncharacters carry no words;
# overrides of writing direction would let a text read otherwise than it is stored.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_SPACE = re.compile(r"\s+")
_HREF = re.compile(r"(https?://|mailto:|#)[^\s<>\"`\\]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Settled runs: white space collapsed, marks in a fixed order, nothing empty."""

    runs: tuple[Run, ...]

    @property
    def html(self) -> str:
        """Canonical inline HTML; the same runs always give the same bytes."""
        out: list[str] = []
        stack: list[str] = []
        for marks, text in self.runs:
            wanted = () if marks in (CITE, BREAK, IMAGE) else marks
            common = 0
            while common < min(len(stack), len(wanted)) and stack[common] == wanted[common]:
                common += 1
            _close(out, stack, common)
            for mark in wanted[common:]:
                out.append(f"<{mark}>")
                stack.append(mark)
            if marks == CITE:
                out.append(f'<cite data-ref="{text}"></cite>')
            elif marks == BREAK:
                out.append("<br>")
            elif marks == IMAGE:
                name, _, alt = text.partition(" ")
                out.append(f'<img data-image="{name}" alt="{attribute(alt)}">')
            else:
                out.append(escape(text, quote=False))
        _close(out, stack, 0)
        return "".join(out)

    @property
    def marked(self) -> str:
        """The words for digests and comparison: ^{sup}, _{sub}, `link <target>`, citations set off."""
        out: list[str] = []
        for target, linked in groupby(self.runs, key=lambda run: _target(run[0])):
            for script, group in groupby(linked, key=lambda run: _script(run[0])):
                words = "".join(_mark_up(marks, text) for marks, text in group)
                # Without its mark 10<sup>9</sup> would read as 109.
                out.append(f"{script}{{{words}}}" if script else words)
            if target:
                out.append(f" <{target}>")
        return _compose("".join(out))

    @property
    def refs(self) -> tuple[str, ...]:
        """The keys cited, each once, in order of first appearance."""
        return unique(key for marks, text in self.runs if marks == CITE for key in text.split(" "))


def collapse(text: str) -> str:
    """Text with white space collapsed, invisible characters dropped, composed (NFC)."""
    return _compose(strip_invisible(text))


def strip_invisible(text: str) -> str:
    """Text without the characters that carry no words."""
    return _INVISIBLE.sub("", text)


def attribute(text: str) -> str:
    """Text as the value of an attribute, written as the sanitiser writes it."""
    return escape(text, quote=False).replace('"', "&quot;")


def words_of(marked: str) -> str:
    """The plain words of a marked text: citations left out.

    Of a figure the words of its caption; only where it has none, those of its alternative text.
    """
    words = CITATION.sub("", marked)
    return collapse(_IMAGE.sub("", words)) or collapse(_IMAGE.sub(r"\1", words))


def unique(keys: Iterable[str]) -> tuple[str, ...]:
    """The keys in order, each once."""
    return tuple(dict.fromkeys(keys))


def cited_keys(value: str) -> tuple[str, ...]:
    """The valid keys of a data-ref attribute, in order, each once."""
    return unique(key for key in value.split() if KEY.fullmatch(key))


@lru_cache(maxsize=4096)
def safe_href(value: str) -> str | None:
    """The target of a link when it is http, https, mailto or a fragment; else None."""
    value = _SPACE.sub("", strip_invisible(value))
    match = _HREF.fullmatch(value)
    if not match:
        return None
    scheme = match[1]
    href = unicodedata.normalize("NFC", scheme.lower() + value[len(scheme) :])
    # The sanitiser of the last step must keep what we keep, or a second pass would differ from the first.
    kept = nh3.clean(f'<a href="{escape(href)}">x</a>', tags={"a"}, attributes={"a": {"href"}}, link_rel=None)
    return href if "href=" in kept else None


def settle(raw: Sequence[Run]) -> Phrase:
    """Runs as they were typed, made canonical.

    White space is collapsed across marks and dropped at both ends, around line breaks and before a
    citation; citations that touch become one. Linear in the length of the text.
    """
    out: list[tuple[Marks, list[str]]] = []
    owed = False  # a space taken away before a citation, due again before a following word
    for marks, group in groupby(raw, key=lambda run: run[0]):
        if marks == BREAK:
            _rstrip(out)
            if out and out[-1][0] not in (BREAK, IMAGE):
                out.append((BREAK, [""]))
            owed = False
        elif marks == IMAGE:
            out.append((IMAGE, [text for _, text in group]))
        elif marks == CITE:
            owed = _rstrip(out) or owed
            keys = [text for _, text in group]
            if out and out[-1][0] == CITE:
                out[-1][1].extend(keys)
            else:
                out.append((CITE, keys))
        else:
            text = _SPACE.sub(" ", "".join(words for _, words in group))
            if owed and text[:1].isalnum():
                text = " " + text
            if (
                not out
                or out[-1][0] in (BREAK, IMAGE)
                or (out[-1][0] != CITE and out[-1][1][-1].endswith(" "))
            ):
                text = text.removeprefix(" ")
            if not text:
                continue
            owed = owed and text == " "
            if out and out[-1][0] == marks:
                out[-1][1].append(text)
            else:
                out.append((marks, [text]))
    _rstrip(out)
    if out and out[-1][0] == BREAK:
        out.pop()
    return Phrase(tuple((marks, _join(marks, parts)) for marks, parts in out))


def _compose(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _join(marks: Marks, parts: list[str]) -> str:
    if marks == CITE:
        return " ".join(unique(key for part in parts for key in part.split(" ")))
    return unicodedata.normalize("NFC", "".join(parts))


def _rstrip(out: list[tuple[Marks, list[str]]]) -> bool:
    """Drop a space at the end of the last text run; say whether there was one."""
    if not out or out[-1][0] in (CITE, BREAK, IMAGE) or not out[-1][1][-1].endswith(" "):
        return False
    parts = out[-1][1]
    parts[-1] = parts[-1][:-1]
    if not parts[-1]:
        parts.pop()
    if not parts:
        out.pop()
    return True


def _close(out: list[str], stack: list[str], depth: int) -> None:
    while len(stack) > depth:
        out.append(f"</{stack.pop().partition(' ')[0]}>")


def _target(marks: Marks) -> str:
    return marks[0][8:-1] if marks and marks[0].startswith("a href") else ""


def _script(marks: Marks) -> str:
    return ("_" if "sub" in marks else "") + ("^" if "sup" in marks else "")


def _mark_up(marks: Marks, text: str) -> str:
    if marks == CITE:
        return f"{CITE_START}{text}{CITE_END}"
    if marks == IMAGE:
        name, _, alt = text.partition(" ")
        return f"{IMAGE_START}{name}{IMAGE_END}{alt}{IMAGE_CAPTION}"
    return " " if marks == BREAK else text
