"""What readers' templates need to show who approved a publication, and what a page consists of."""

import json
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import _json_script_escapes  # type: ignore[attr-defined]
from django.utils.safestring import SafeString, mark_safe

from articles.content.changes import in_words
from articles.content.wording import scripted
from articles.models.publication import Publication

register = template.Library()


@register.filter
def reviewers(publication: Publication) -> list[dict[str, str]]:
    """Who approved it, as they signed: name, credentials, a line about them, the address of the profile."""
    return [
        {
            "name": approver["name"],
            "credentials": approver.get("credentials", ""),
            "line": ", ".join(approver.get("specialties") or []) or approver.get("affiliation", ""),
            "url": reverse("reading:member", args=[approver["slug"]]) if approver.get("slug") else "",
        }
        for approver in publication.approvers
    ]


@register.filter
def signed(publication: Publication) -> str:
    """Who approved it, in one line: "Ravi Menon, MD, PhD; Mei Lin, PharmD"."""
    names = (
        ", ".join(filter(None, (approver["name"], approver.get("credentials"))))
        for approver in publication.approvers
    )
    return "; ".join(names)


@register.filter
def news(publication: Publication) -> list[str]:
    """What is new since the version before, as lines; none for the first, and where nobody counted."""
    return in_words(publication.changes) if publication.changes else []


@register.filter
def with_scripts(words: str) -> SafeString:
    """The words of a statement as HTML: escaped, and what is raised or lowered in them is so again."""
    return mark_safe(scripted(words))  # noqa: S308 - escaped there


@register.filter
def ld_json(value: Any) -> SafeString:
    """JSON that can stand in a <script> of data: nothing in it ends the element or begins a comment."""
    said = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(said.translate(_json_script_escapes))  # noqa: S308 - every < > & is escaped


@register.simple_tag
def parts_after(
    rendering: dict[str, Any], *, pending: bool = False, words: Any = None, replies: Any = None
) -> list[dict[str, str]]:
    """The parts of an article page that follow its text, for the contents: id and title."""
    parts = [
        ("references", "References", bool(rendering["references"])),
        ("words", "Words explained", bool(words)),
        ("what_changed", "What changed in this version", not pending),
        ("how-written", "How this was written", True),
        ("disclaimer", "Professional Medical Disclaimer", True),
        ("replies", "Questions readers asked", bool(replies)),
        ("ask", "Have a follow-up question?", not pending),
        ("take_along", "Cite, share, follow, report", not pending),
    ]
    return [{"id": key, "title": title} for key, title, shown in parts if shown]
