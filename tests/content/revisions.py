"""Real revisions of a review written in the open, as bodies with references."""

import json
import os
import re
from pathlib import Path

from tests.content.texts import shared


def from_markdown(text: str) -> tuple[str, tuple[dict, ...]]:
    """A body and its references from the Markdown of a real review."""
    keys: dict[str, str] = {}

    def cite(match: re.Match[str]) -> str:
        found = [
            keys.setdefault(key, f"r-{re.sub(r'[^A-Za-z0-9]', '-', key)}"[:64])
            for key in re.findall(r"@([^\s;\]]+)", match[0])
        ]
        return f'<cite data-ref="{" ".join(found)}"></cite>'

    parts = []
    for part in re.split(r"\n\s*\n", text.strip()):
        escaped = part.replace("&", "&amp;").replace("<", "&lt;")
        heading = re.match(r"#+ ", part)
        inner = re.sub(r"\[@[^\]]*\]", cite, escaped.lstrip("# ") if heading else escaped)
        parts.append(f"<h2>{inner}</h2>" if heading else f"<p>{inner}</p>")
    return "".join(parts), tuple({"id": key, "title": name} for name, key in keys.items())


def revisions(kind: str = "") -> list[dict]:
    """The real before and after texts, all or of one kind of change; a skip where they are not at hand.

    NETREVIEW_REVISION_PAIRS names the file: JSON lines with `before`, `after` (Markdown) and `kind`.
    """
    named = os.environ.get("NETREVIEW_REVISION_PAIRS")
    text = Path(named).read_text(encoding="utf-8") if named else shared("revision_pairs.jsonl")
    found = [each for each in map(json.loads, text.splitlines()) if kind in ("", each["kind"])]
    # A loop over nothing would find nothing wrong.
    assert found, f"no revision of the kind {kind}"
    return found
