"""Which names a text mentions: whole words, whatever their case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from articles.content.document import Document, Level

_HYPHENS = re.compile("[\u2010\u2011\u2012\u2013]")


def mentioned(document: Document, names: Iterable[str]) -> list[str]:
    """Those of `names` that occur as whole words in the question, the summary, a text or the declarations.

    Names shorter than three characters are passed over: they would be found everywhere. Linear in the text
    for each name.
    """
    texts = [
        document.question,
        document.summary,
        document.declarations.competing_interests,
        *(block.text for level in Level for block in document.blocks(level)),
    ]
    whole = _plain(" ¶ ".join(texts))
    return [name for name in names if len(name.strip()) >= 3 and _pattern(name).search(whole)]


def same_name(one: str, other: str) -> bool:
    """Whether two people's names are the same, apart from case, white space and dots."""
    return _plain(one).replace(".", "") == _plain(other).replace(".", "")


def _pattern(name: str) -> re.Pattern[str]:
    words = r"[\s-]+".join(re.escape(word) for word in re.split(r"[\s-]+", _plain(name)) if word)
    return re.compile(rf"(?<!\w){words}(?!\w)")


def _plain(text: str) -> str:
    """As names are told apart: letters composed, one case, one kind of space and of hyphen."""
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return " ".join(_HYPHENS.sub("-", composed).split())
