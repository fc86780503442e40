"""From a frozen rendering back to the text it was made from, so that approved versions can be compared.

A publication keeps no source, only what readers read. All of a body is in its rendering, though: what was
added for readers (ids, frames of tables, scopes, rel, numbers of figures) is what sanitising and this module
take away again, and a chip leads to the reference it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from articles.content.document import Declarations, Document
from articles.content.records import Record

_CHIP = r'<a class="cite" href="#ref-([0-9]+)"[^>]*>[0-9]+</a>'
_UNKNOWN = r'<span class="cite cite-unknown" title="There is no reference ([^" ]+)">\?</span>'
_ONE = re.compile(f"{_CHIP}|{_UNKNOWN}")
# Typed by nobody: a text holds no <span>.
_NUMBER = re.compile(r'<span class="figure-number">Figure [0-9]+\.</span>')
_GROUP = re.compile(f'<span class="cites">((?:{_CHIP}|{_UNKNOWN})+)</span>')

Rendering = Mapping[str, Any]  # Rendered.as_json()


def body_of(rendering: Rendering | None) -> str:
    """The body, as HTML with citations, that `rendering` was made from; "" for none. Linear.

    Splitting it gives the statements of the rendering again, with the same digests and anchors.
    """
    if rendering is None:
        return ""
    keys = {reference["number"]: reference["key"] for reference in rendering["references"]}

    def cite(group: re.Match[str]) -> str:
        cited = (keys.get(int(number), number) if number else name for number, name in _ONE.findall(group[1]))
        return f'<cite data-ref="{" ".join(cited)}"></cite>'

    return _GROUP.sub(cite, _NUMBER.sub("", rendering["html"]))


def thaw(
    *,
    question: str,
    summary: str,
    clinical: Rendering,
    plain: Rendering | None,
    references: Sequence[Record],
    competing_interests: str = "",
    ai_use: str = "",
    evidence_searched_to: date | None = None,
) -> Document:
    """What was approved, as a document again: for comparing, not for another approval.

    Its statements are those that were approved, digest by digest. Its own digest may differ from the approved
    one, because chips stand in the order of their numbers and not in the order in which they were written.
    """
    return Document(
        question=question,
        summary=summary,
        body=body_of(clinical),
        plain_body=body_of(plain),
        references=tuple(references),
        declarations=Declarations(competing_interests, ai_use, evidence_searched_to),
    )
