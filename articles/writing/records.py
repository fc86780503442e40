"""References between two shapes: the CSL-JSON record that is kept, and the fields that a person fills in."""

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from articles.content.references import KEY, Record, problems

# Field of the form -> field of the record, where both are plain text.
TEXTS = {
    "key": "id",
    "type": "type",
    "title": "title",
    "container": "container-title",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "doi": "DOI",
    "pmid": "PMID",
    "url": "URL",
}
UNVERIFIED = "unverified"
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


class Unreadable(Exception):
    """Pasted references that cannot be taken over; `reasons` says which and why."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


def row_of(record: Record) -> dict[str, Any]:
    """What the form shows of a record. Whatever else it holds stays in the record."""
    row: dict[str, Any] = {name: _plain(record.get(field)) for name, field in TEXTS.items()}
    row["authors"] = "\n".join(_name_shown(name) for name in _names(record))
    row["issued"] = _date_shown(record.get("issued"))
    row["unverified"] = record.get("status") == UNVERIFIED
    return row


def record_of(row: Mapping[str, Any], base: Record) -> Record:
    """The record `base` with what was changed in the form.

    Only fields that read differently from what the form showed are written, so that particles of names,
    dates in words and all that the form does not show come through untouched.
    """
    shown = row_of(base)
    record = dict(base)
    for name, field in TEXTS.items():
        if row[name] != shown[name]:
            _put(record, field, row[name])
    if row["authors"] != shown["authors"]:
        known = {_name_shown(name): name for name in _names(base)}
        lines = [line.strip() for line in row["authors"].splitlines() if line.strip()]
        _put(record, "author", [known.get(line) or _name_read(line) for line in lines])
    if row["issued"] != shown["issued"]:
        _put(record, "issued", date_read(row["issued"]))
    if row["unverified"] != shown["unverified"]:
        _put(record, "status", UNVERIFIED if row["unverified"] else "")
    return record


def date_read(text: str) -> dict[str, Any]:
    """A CSL date from "2021", "2021-07" or "2021-07-05"; {} when it is none of these."""
    match = _DATE.fullmatch(text)
    return {"date-parts": [[int(part) for part in match.groups() if part]]} if match else {}


def key_for(record: Record, taken: Collection[str]) -> str:
    """A key that is not taken: first author and year, "pavel2020", then "pavel2020b"."""
    first = next(iter(_names(record)), {})
    name = first.get("family") or first.get("literal") or _plain(record.get("title")).split(" ")[0]
    ascii_name = unicodedata.normalize("NFKD", str(name)).encode("ascii", "ignore").decode().lower()
    stem = (re.sub(r"[^a-z0-9]", "", ascii_name)[:40] or "reference") + _date_shown(record.get("issued"))[:4]
    key, place = stem, 1
    while key in taken:
        place += 1
        key = f"{stem}{chr(ord('a') + place - 1)}" if place <= 26 else f"{stem}-{place}"
    return key


def read_pasted(text: str, taken: Collection[str]) -> list[Record]:
    """The records of a pasted CSL-JSON list, or of a single record. All or nothing.

    A record without a key gets one. `taken`: keys the article has already. Raises Unreadable.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = (
            f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        )
        raise Unreadable(
            f"This is not JSON{where}. Paste what a reference manager exports as CSL-JSON."
        ) from None
    found = [found] if isinstance(found, dict) else found
    if not isinstance(found, list) or not found:
        raise Unreadable("There is no reference in this. Paste a list of CSL-JSON records.")
    records: list[Record] = []
    reasons: list[str] = []
    keys = set(taken)
    for number, record in enumerate(found, start=1):
        if isinstance(record, dict) and not record.get("id"):
            record = record | {"id": key_for(record, keys)}
        wrong = problems(record)
        key = record.get("id") if isinstance(record, dict) else None
        if isinstance(key, str) and key in keys:
            wrong.append("has a key that another reference has")
        named = f" ({key})" if isinstance(key, str) and KEY.fullmatch(key) else ""
        reasons += [f"Record {number}{named} {reason}." for reason in wrong]
        keys.add(str(key))
        records.append(record)
    if reasons:
        raise Unreadable(*reasons)
    return records


def _put(record: Record, field: str, value: Any) -> None:
    if value:
        record[field] = value
    else:
        record.pop(field, None)


def _plain(value: object) -> str:
    """A text field in one line, as a form field gives it back."""
    is_text = isinstance(value, str | int | float) and not isinstance(value, bool)
    return " ".join(str(value).split()) if is_text else ""


def _names(record: Record) -> list[dict[str, Any]]:
    names = record.get("author")
    return [name for name in names if isinstance(name, dict)] if isinstance(names, list) else []


def _name_shown(name: Mapping[str, Any]) -> str:
    """ "Family, Given", "Family, Given, Jr", or an organisation's name as it is."""
    if not name.get("family"):
        return _plain(name.get("literal") or name.get("given"))
    particles = (name.get("dropping-particle"), name.get("non-dropping-particle"))
    family = " ".join(_plain(part) for part in (*particles, name["family"]) if part)
    return ", ".join(filter(None, (family, _plain(name.get("given")), _plain(name.get("suffix")))))


def _name_read(line: str) -> dict[str, str]:
    parts = [part.strip() for part in line.split(",", 2)]
    if len(parts) == 1:
        return {"literal": line}
    return {key: part for key, part in zip(("family", "given", "suffix"), parts, strict=False) if part}


def _date_shown(date: object) -> str:
    if not isinstance(date, dict):
        return ""
    parts = date.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
        year, *rest = (str(part) for part in parts[0])
        return "-".join([year.zfill(4), *(part.zfill(2) for part in rest)])
    return _plain(date.get("literal"))
