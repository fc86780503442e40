"""One line of a JSONL file as a text to import: what it must hold, and how it becomes an article."""

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

LONGEST_QUESTION, LONGEST_NAME, LONGEST_SUMMARY = 300, 100, 400
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")


class Wrong(ValueError):
    """What is wrong with a line, in words."""


def read_line(line: str) -> dict[str, Any]:
    """The record of a line, with everything that the import reads known to be there. Raises Wrong."""
    try:
        record = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Wrong(f"is not JSON: {error}") from error
    if not isinstance(record, dict):
        raise Wrong("is not a JSON object")
    if not isinstance(record.get("topic", ""), str):
        raise Wrong('"topic" must be text')
    for name in ("id", "title"):
        if not isinstance(record.get(name), str) or not record[name].strip():
            raise Wrong(f'"{name}" must be text, and not empty')
    if len(record["id"]) > LONGEST_NAME:
        raise Wrong(f'"id" is longer than {LONGEST_NAME} characters')
    if len(record["title"]) > LONGEST_QUESTION:
        raise Wrong(f'"title" is longer than {LONGEST_QUESTION} characters')
    _check_sections(record.get("sections"))
    synonyms = record.get("synonyms", [])
    if not isinstance(synonyms, list) or not all(isinstance(name, str) for name in synonyms):
        raise Wrong('"synonyms" must be a list of texts')
    return record


def _check_sections(sections: Any) -> None:
    if not isinstance(sections, list) or not sections:
        raise Wrong('"sections" must be a list, and not empty')
    for number, section in enumerate(sections, start=1):
        if not isinstance(section, dict):
            raise Wrong(f"section {number} is not a JSON object")
        for name in ("heading", "text"):
            if not isinstance(section.get(name), str) or not section[name].strip():
                raise Wrong(f'section {number}: "{name}" must be text, and not empty')


def fields_of(record: dict[str, Any]) -> dict[str, Any]:
    """The fields of the article: its text as statements, each section citing where it comes from."""
    reference = {
        "id": "source",
        "type": "webpage",
        "title": topic_name(record) or record["title"].strip(),
        "publisher": record.get("source_name") or record.get("source") or "",
        "URL": record.get("source_url") or "",
        "note": record.get("licence") or "",
    }
    return {
        "question": record["title"].strip(),
        "summary": _summary(record["sections"][0]["text"]),
        "body": "".join(_section(section) for section in record["sections"]),
        "references": [{name: value for name, value in reference.items() if value}],
        "competing_interests": "Not known: the text was taken from elsewhere.",
        "ai_use": f"Not known. {record.get('licence') or ''}".strip(),
    }


def authors_of(record: dict[str, Any]) -> list[str]:
    """Whose text it is, as the page names them."""
    return [str(record.get("source_name") or record.get("source") or "Author not named")[:LONGEST_NAME]]


def topic_name(record: dict[str, Any]) -> str:
    """The topic's name, at most 100 characters; "" for an article without one."""
    return shortened(record.get("topic", "").strip(), LONGEST_NAME)


def other_names(record: dict[str, Any]) -> list[str]:
    """What else readers call the topic."""
    return [shortened(name.strip(), LONGEST_NAME) for name in record.get("synonyms", []) if name.strip()]


def shortened(text: str, longest: int) -> str:
    """The text, cut between words and marked where it is longer."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _summary(text: str) -> str:
    prose = " ".join(line for line in text.split("\n") if line and not line.startswith("- "))
    prose = prose.removeprefix("Key Points").strip() or text
    summary = ""
    for sentence in _SENTENCE.split(" ".join(prose.split())):
        if summary and len(summary) + len(sentence) > LONGEST_SUMMARY:
            break
        summary = f"{summary} {sentence}".strip()
    return shortened(summary, LONGEST_SUMMARY)


def _section(section: dict[str, Any]) -> str:
    blocks = list(_blocks(section["text"]))
    # The source stands behind the section as a whole, and so at its end.
    tag = "</li></ul>" if blocks[-1].endswith("</li></ul>") else "</p>"
    blocks[-1] = blocks[-1].removesuffix(tag) + f'<cite data-ref="source"></cite>{tag}'
    return f"<h2>{escape(section['heading'].strip())}</h2>{''.join(blocks)}"


def _blocks(text: str) -> Iterator[str]:
    items: list[str] = []
    for line in (*text.split("\n"), ""):
        words = line.strip()
        if words.startswith("- "):
            items.append(f"<li>{escape(words[2:])}</li>")
            continue
        if items and (words or line == ""):
            yield f"<ul>{''.join(items)}</ul>"
            items = []
        if words:
            yield f"<p>{escape(words)}</p>"
