"""What readers' templates need to show who approved a publication, and what a page consists of."""

from typing import Any

from django import template
from django.urls import reverse

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


@register.simple_tag
def parts_after(
    rendering: dict[str, Any], *, pending: bool = False, words: Any = None
) -> list[dict[str, str]]:
    """The parts of an article page that follow its text, for the contents: id and title."""
    parts = [
        ("references", "References", bool(rendering["references"])),
        ("words", "Words explained", bool(words)),
        ("how-written", "How this was written", True),
        ("disclaimer", "Professional Medical Disclaimer", True),
        ("ask", "Have a follow-up question?", not pending),
    ]
    return [{"id": key, "title": title} for key, title, shown in parts if shown]
