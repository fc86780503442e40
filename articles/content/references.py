"""How a reference reads: AMA Manual of Style, 11th edition, for the types we accept."""

from __future__ import annotations

import re
from html import escape

from articles.content.records import KEY, Record, canonical, doi, problems, web_address

__all__ = ["KEY", "Record", "ama", "canonical", "links", "problems"]

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
LISTED_IN_FULL = 6  # more authors than this: the first three, then "et al"
_SUFFIX = re.compile(r"^(?P<given>.+?),? (?P<suffix>Jr\.?|Sr\.?|2nd|3rd|4th|I{2,3}|IV|V)$")
_RICH = re.compile(r"&lt;(i|sup|sub)&gt;((?:(?!&lt;).)*)&lt;/\1&gt;")


def ama(record: Record) -> str:
    """One reference as escaped HTML with <i>, <sub> and <sup> only, and without its links.

    >>> ama({"type": "article-journal", "title": "On carcinoids", "container-title": "Pancreas",
    ...      "author": [{"family": "Lin", "given": "Mei"}], "issued": {"date-parts": [[2020]]},
    ...      "volume": "3", "issue": "1", "page": "5-9"})
    'Lin M. On carcinoids. <i>Pancreas</i>. 2020;3(1):5-9.'
    """
    record = canonical(record)
    write = {
        "book": _book,
        "report": _book,
        "chapter": _chapter,
        "webpage": _web_page,
    }.get(record.get("type", ""), _article)
    return " ".join(_sentence(part) for part in [_people(record, "author"), *write(record)] if part)


def links(record: Record) -> list[tuple[str, str]]:
    """(label, https address) for DOI, PubMed and PubMed Central; the web address where there is no DOI."""
    record = canonical(record)
    found = []
    if number := doi(record):
        found.append((f"doi:{number}", "https://doi.org/" + number.replace("#", "%23").replace("?", "%3F")))
    pmid = record.get("PMID", "")
    if re.fullmatch(r"[0-9]{1,9}", pmid):
        found.append(("PubMed", f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"))
    pmcid = record.get("PMCID", "").upper().removeprefix("PMC")
    if re.fullmatch(r"[0-9]{1,9}", pmcid):
        found.append(("PubMed Central", f"https://pmc.ncbi.nlm.nih.gov/articles/PMC{pmcid}/"))
    if not number and (address := web_address(record)):
        found.append((address.split("/")[2], address))
    return found


def _article(record: Record) -> list[str]:
    journal = record.get("container-title-short") or record.get("container-title", "")
    volume, issue, pages = (record.get(field, "") for field in ("volume", "issue", "page"))
    # Without a volume the whole date tells the issue. The style would say "Published online" then, but a
    # volume that nobody could verify is no proof of that.
    where = _year(record) if volume or issue else _date(record, "issued")
    if volume or issue:
        where += (";" if where else "") + volume + (f"({issue})" if issue else "")
    if pages:
        where += (":" if where else "") + _range(pages)
    return [_rich(record.get("title", "")), _italic(journal), escape(where)]


def _book(record: Record) -> list[str]:
    number = record.get("number", "") if record["type"] == "report" else ""
    return [
        "" if record.get("author") else _editors(record),
        _italic(record.get("title", "")),
        _edition(record),
        _imprint(record),
        escape(f"{record.get('genre', 'Report')} {number}") if number else "",
    ]


def _chapter(record: Record) -> list[str]:
    pages = _range(record.get("page", ""))
    title = " ".join(part for part in (_editors(record), _italic(record.get("container-title", ""))) if part)
    imprint = _imprint(record)
    if pages:
        imprint += (":" if imprint else "") + escape(pages)
    return [_rich(record.get("title", "")), f"In: {title}" if title else "", _edition(record), imprint]


def _web_page(record: Record) -> list[str]:
    published, accessed = (_date(record, field) for field in ("issued", "accessed"))
    site = record.get("container-title") or record.get("publisher", "")
    return [
        _rich(record.get("title", "")),
        escape(site),
        escape(published),
        escape(f"Accessed {accessed}") if accessed else "",
    ]


def _people(record: Record, field: str) -> str:
    names = [_name(name) for name in record.get(field, [])]
    if len(names) > LISTED_IN_FULL:
        names = [*names[:3], "et al"]
    return escape(", ".join(names))


def _editors(record: Record) -> str:
    people = _people(record, "editor")
    return f"{people}, {'eds' if len(record['editor']) > 1 else 'ed'}." if people else ""


def _name(name: dict[str, str]) -> str:
    """Family name, initials without points, suffix: "Benson AB III"."""
    if "family" not in name:
        return name.get("literal") or name.get("given", "")
    given, suffix = name.get("given", ""), name.get("suffix", "")
    if not suffix and (match := _SUFFIX.match(given)):
        given, suffix = match["given"], match["suffix"]
    family = " ".join(filter(None, (name.get("non-dropping-particle"), name["family"])))
    initials = "".join(_initial(part) for part in re.split(r"[\s.‐-]+", given))
    dropped = name.get("dropping-particle", "")
    return " ".join(filter(None, (dropped, family, initials, suffix.replace(".", ""))))


def _initial(part: str) -> str:
    """The initial of one given name; "JA" is taken for initials already."""
    return part if len(part) <= 3 and part.isupper() else part[:1].upper()


def _edition(record: Record) -> str:
    edition: str = record.get("edition", "")
    if not edition.isdigit():
        return escape(edition)
    number = int(edition)
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return "" if number == 1 else f"{number}{ending} ed"


def _imprint(record: Record) -> str:
    return escape("; ".join(filter(None, (record.get("publisher", ""), _year(record)))))


def _year(record: Record) -> str:
    issued = record.get("issued", {})
    return str(issued["date-parts"][0][0]) if "date-parts" in issued else str(issued.get("literal", ""))


def _date(record: Record, field: str) -> str:
    """A date in words, as far as it is known: "December 1, 2017", "August 2010", "2024"."""
    date = record.get(field, {})
    if "date-parts" not in date:
        return str(date.get("literal", ""))
    year, *rest = date["date-parts"][0]
    if not rest or not 1 <= rest[0] <= 12:
        return str(year)
    month = MONTHS[rest[0] - 1]
    return f"{month} {rest[1]}, {year}" if len(rest) > 1 else f"{month} {year}"


def _range(pages: str) -> str:
    return re.sub(r"\s*[–—-]+\s*", "-", pages)


def _italic(text: str) -> str:
    return f"<i>{_rich(text)}</i>" if text else ""


def _rich(text: str) -> str:
    """Escaped text in which CSL's <i>, <sup> and <sub> stand."""
    return _RICH.sub(r"<\1>\2</\1>", escape(text))


def _sentence(text: str) -> str:
    bare = re.sub(r"(</(i|sup|sub)>)+$", "", text)
    return text if bare.endswith((".", "?", "!")) else text + "."
