"""References for other programs: BibTeX, RIS and CSL-JSON. Each takes records and gives one text file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from articles.content.records import NAME_FIELDS, Record, canonical, doi, web_address

_MARKUP = re.compile(r"</?(?:i|b|sup|sub)>")
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_TEX_TAGS = {"i": r"\textit{", "b": r"\textbf{", "sup": r"\textsuperscript{", "sub": r"\textsubscript{"}
_TEX_TYPES = {
    "article-journal": "article",
    "book": "book",
    "chapter": "incollection",
    "report": "techreport",
    "webpage": "misc",
}
_RIS_TYPES = {
    "article-journal": "JOUR",
    "book": "BOOK",
    "chapter": "CHAP",
    "report": "RPRT",
    "webpage": "ELEC",
}
# "note" is a word to ourselves.
_INTERNAL = ("note",)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def csl_json(records: Sequence[Record]) -> str:
    """A CSL-JSON array, as Zotero, Pandoc and citeproc read it."""
    return json.dumps([csl(record) for record in records], ensure_ascii=False, indent=1) + "\n"


def csl(record: Record) -> Record:
    """One canonical record without what is ours alone."""
    return {field: value for field, value in canonical(record).items() if field not in _INTERNAL}


def bibtex(records: Sequence[Record]) -> str:
    """BibTeX entries in UTF-8, every character that TeX would act upon escaped."""
    return "\n".join(_entry(canonical(record)) for record in records)


def ris(records: Sequence[Record]) -> str:
    """RIS entries, lines ended as the format asks (CR LF). A canonical value holds no line break."""
    return "".join(_ris_entry(canonical(record)) for record in records)


FORMATS: dict[str, tuple[str, Callable[[Sequence[Record]], str]]] = {
    "bib": ("application/x-bibtex", bibtex),
    "ris": ("application/x-research-info-systems", ris),
    "json": ("application/vnd.citationstyles.csl+json", csl_json),
}


def _entry(record: Record) -> str:
    kind = _TEX_TYPES.get(record.get("type", ""), "misc")
    issued = _date(record, "issued")
    place = {"article": "journal", "incollection": "booktitle"}.get(kind, "howpublished")
    fields = {
        # A second pair of braces keeps the case of a title as it is.
        "title": f"{{{_tex(record.get('title', ''))}}}",
        "author": _tex_names(record, "author"),
        "editor": _tex_names(record, "editor"),
        place: _tex(record.get("container-title", "")),
        "publisher" if kind != "techreport" else "institution": _tex(record.get("publisher", "")),
        "address": _tex(record.get("publisher-place", "")),
        "year": issued[0] if issued else "",
        "volume": _tex(record.get("volume", "")),
        "number": _tex(record.get("issue", "") or record.get("number", "")),
        "pages": _tex(re.sub(r"\s*[–—-]+\s*", "--", record.get("page", ""))),
        "edition": _tex(record.get("edition", "")),
        "doi": _tex(doi(record)),
        "pmid": _tex(record.get("PMID", "")),
        "isbn": _tex(record.get("ISBN", "")),
        "issn": _tex(record.get("ISSN", "")),
        "url": _tex(web_address(record)),
        "version": _tex(record.get("version", "")),
        "language": _tex(record.get("language", "")),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    if len(issued) > 1:
        lines.append(f"  month = {_MONTHS[int(issued[1]) - 1]}")
    return f"@{kind}{{{record.get('id', 'reference')},\n" + ",\n".join(lines) + "\n}\n"


def _tex(text: str) -> str:
    """Text as TeX would print it; <i>, <b>, <sup> and <sub> as its commands."""
    out, opened = [], 0
    for part in re.split(r"(</?(?:i|b|sup|sub)>)", text):
        if not _MARKUP.fullmatch(part):
            out.append("".join(_TEX.get(character, character) for character in part))
        elif part.startswith("</"):
            out.append("}" if opened else "")
            opened = max(0, opened - 1)
        else:
            out.append(_TEX_TAGS[part[1:-1]])
            opened += 1
    return "".join(out) + "}" * opened


def _tex_names(record: Record, field: str) -> str:
    return " and ".join(_tex_name(name) for name in record.get(field, []))


def _tex_name(name: dict[str, str]) -> str:
    if "family" not in name:
        whole = name.get("literal") or name.get("given", "")
        # Bare, this word ends a list as "and others"; in braces it would be somebody's name.
        return "others" if whole.lower().rstrip(".") == "et al" else f"{{{_tex(whole)}}}"
    particle = name.get("non-dropping-particle") or name.get("dropping-particle", "")
    family = f"{particle} {name['family']}".strip()
    parts = [family, name.get("suffix", ""), name.get("given", "")]
    return ", ".join(_tex(part) for part in parts if part)


def _ris_entry(record: Record) -> str:
    kind = _RIS_TYPES.get(record.get("type", ""), "GEN")
    first, _, last = re.sub(r"\s*[–—-]+\s*", "-", record.get("page", "")).partition("-")
    issued, accessed = _date(record, "issued"), _date(record, "accessed")
    lines: list[tuple[str, str]] = [("TY", kind), ("ID", record.get("id", ""))]
    for field, tag in zip(NAME_FIELDS, ("AU", "ED"), strict=True):
        lines += [(tag, _ris_name(name)) for name in record.get(field, [])]
    lines += [
        ("TI", _bare(record.get("title", ""))),
        ("T2", _bare(record.get("container-title", ""))),
        ("J2", _bare(record.get("container-title-short", ""))),
        ("T3", _bare(record.get("collection-title", ""))),
        ("PB", record.get("publisher", "")),
        ("CY", record.get("publisher-place", "")),
        ("PY", issued[0] if issued else ""),
        ("DA", "/".join(issued)),
        ("Y2", "/".join(accessed)),
        ("ET", record.get("edition", "") or record.get("version", "")),
        ("VL", record.get("volume", "")),
        ("IS", record.get("issue", "") or record.get("number", "")),
        ("SP", first),
        ("EP", last),
        ("DO", doi(record)),
        ("AN", record.get("PMID", "")),
        ("SN", record.get("ISSN", "") or record.get("ISBN", "")),
        ("LA", record.get("language", "")),
        ("UR", web_address(record)),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n\r\n"


def _ris_name(name: dict[str, str]) -> str:
    """ "Family, Given, Suffix"; a name that does not part stands as it is."""
    if "family" not in name:
        return name.get("literal") or name.get("given", "")
    particle = name.get("non-dropping-particle") or name.get("dropping-particle", "")
    family = f"{particle} {name['family']}".strip()
    return ", ".join(filter(None, (family, name.get("given", ""), name.get("suffix", ""))))


def _bare(text: str) -> str:
    return _MARKUP.sub("", text)


def _date(record: Record, field: str) -> list[str]:
    """Year, month and day as far as they are known: ["2025", "02", "15"]."""
    parts: list[Any] = record.get(field, {}).get("date-parts", [[]])[0]
    known = [f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])] if parts else []
    return known if len(known) < 2 or 1 <= parts[1] <= 12 else known[:1]
