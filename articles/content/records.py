"""References as CSL-JSON records: which fields count, and what is wrong with one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

Record = dict[str, Any]  # one CSL-JSON record; "id" is its key

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
TYPES = ("article-journal", "book", "chapter", "report", "webpage")

NAME_FIELDS = ("author", "editor")
DATE_FIELDS = ("issued", "accessed")
TEXT_FIELDS = (
    "id", "type", "title", "container-title", "container-title-short", "collection-title", "publisher",
    "publisher-place", "edition", "volume", "issue", "page", "number", "genre", "version", "language",
    "DOI", "PMID", "PMCID", "ISBN", "ISSN", "URL", "note", "status",
)  # fmt: skip
NAME_PARTS = ("family", "given", "literal", "suffix", "non-dropping-particle", "dropping-particle")
MAX_TEXT = 2_000
MAX_NAMES = 500

_DOI = re.compile(r"10\.\d{4,9}/[^\s<>\"]+")
_WEB = re.compile(r"https?://[^\s<>\"`\\/?#]+[^\s<>\"`\\]*", re.IGNORECASE)


def canonical(record: Record) -> Record:
    """The record as it counts for digests, for comparing and for showing.

    Nulls, empty values, "custom" and unknown fields are dropped, white space is collapsed, numbers become
    text; fields stand in alphabetical order. Never raises: what has the wrong type is left out.
    """
    kept: Record = {}
    for field in sorted(READERS.keys() & record.keys()):
        if value := READERS[field](record[field]):
            kept[field] = value
    return kept


def by_key(references: Sequence[Record]) -> dict[str, Record]:
    """Key -> record, in the order of the list; of two records with one key the first counts."""
    found: dict[str, Record] = {}
    for record in references:
        if isinstance(record, dict) and isinstance(record.get("id"), str):
            found.setdefault(record["id"], record)
    return found


def problems(record: object) -> list[str]:
    """Why a record is not acceptable, as sentences that follow its name; empty when it is fine."""
    if not isinstance(record, dict):
        return ["is not a reference record"]
    found = []
    key = record.get("id")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        found.append("needs a key of letters, digits and . _ : -, at most 64 of them")
    if not _text(record.get("title")):
        found.append("needs a title")
    if record.get("type") not in TYPES:
        found.append("needs a type: " + ", ".join(TYPES))
    for field in TEXT_FIELDS:
        if _is_bad_text(record.get(field)):
            found.append(f"has a {field} that is not text")
        if len(_text(record.get(field))) > MAX_TEXT:
            found.append(f"has a {field} longer than {MAX_TEXT} characters")
    found += [
        f"has an {field} whose name cannot be read; it needs a family name"
        for field in NAME_FIELDS
        if _is_bad_names(record.get(field))
    ]
    found += [
        f'has a date in "{field}" that cannot be read'
        for field in DATE_FIELDS
        if _is_bad_date(record.get(field))
    ]
    if record.get("DOI") and not doi(record):
        found.append("has a DOI that is not one; it looks like 10.1000/xyz123")
    if record.get("PMID") and not _text(record["PMID"]).isdigit():
        found.append("has a PubMed number that is not a number")
    if record.get("URL") and not web_address(record):
        found.append("has an address that does not start with http:// or https://")
    return found


def doi(record: Record) -> str:
    """The DOI without an address in front of it; "" when there is none that can be one."""
    value = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", _text(record.get("DOI")), flags=re.IGNORECASE)
    return value if _DOI.fullmatch(value) else ""


def web_address(record: Record) -> str:
    """The http or https address of the record, or ""."""
    value = _text(record.get("URL"))
    return value if _WEB.fullmatch(value) else ""


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return unicodedata.normalize("NFC", " ".join(str(value).split()))


def _names(value: object) -> list[dict[str, str]]:
    if not isinstance(value, list):
        return []
    names = [
        {part: text for part in NAME_PARTS if (text := _text(name.get(part)))}
        for name in value
        if isinstance(name, dict)
    ]
    return [name for name in names if name]


def _date(value: object) -> dict[str, Any]:
    """{"date-parts": [[year, month, day]]}, shorter where less is known, or {"literal": text}."""
    if not isinstance(value, dict):
        return {}
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    numbers = [int(text) for part in first[:3] if re.fullmatch(r"-?[0-9]{1,4}", text := _text(part))]
    if numbers and len(numbers) == len(first):
        return {"date-parts": [numbers]}
    literal = _text(value.get("literal"))
    return {"literal": literal} if literal else {}


def _is_bad_text(value: object) -> bool:
    return value is not None and (isinstance(value, bool) or not isinstance(value, str | int | float))


def _is_bad_names(value: object) -> bool:
    if value is None:
        return False
    if not isinstance(value, list) or len(value) > MAX_NAMES or len(_names(value)) != len(value):
        return True
    return any(not (name.get("family") or name.get("literal")) for name in _names(value))


def _is_bad_date(value: object) -> bool:
    if value is None:
        return False
    date = _date(value)
    _, month, day = (*date.get("date-parts", [[0]])[0], 1, 1)[:3]
    return not date or not (1 <= month <= 12 and 1 <= day <= 31)


READERS: dict[str, Callable[[object], Any]] = {
    **dict.fromkeys(TEXT_FIELDS, _text),
    **dict.fromkeys(NAME_FIELDS, _names),
    **dict.fromkeys(DATE_FIELDS, _date),
}
