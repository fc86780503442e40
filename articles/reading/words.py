"""Difficult words: explained in a text that has no plain-language twin, and listed on a page of their own."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.content.glossary import Term, explain
from articles.models.glossary import Explanation
from articles.reading.freshness import always_ask

A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Glossary:
    """Every approved explanation, read once for a page. One query."""

    explanations: tuple[Explanation, ...]

    @classmethod
    def read(cls) -> "Glossary":
        return cls(tuple(Explanation.objects.all()))

    @property
    def stamp(self) -> str:
        """SHA-256 (hex) over all of them: a page that shows some changes when they do."""
        said = "\n".join(f"{each.key} {each.digest} {each.approver_name}" for each in self.explanations)
        return hashlib.sha256(said.encode()).hexdigest()

    def explain(self, rendering: dict[str, Any]) -> tuple[dict[str, Any], list[Explanation]]:
        """A rendering with its difficult words led to their explanations, and those, by the alphabet."""
        by_key = {each.key: each for each in self.explanations}
        terms = [Term(each.key, (each.term, *each.forms), each.meaning) for each in self.explanations]
        html, found = explain(rendering["html"], terms)
        words = sorted((by_key[term.key] for term in found), key=lambda each: each.term.casefold())
        return rendering | {"html": html}, words


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Every word the board approved an explanation of, by the alphabet."""
    rows = Explanation.objects.order_by("term")
    context = {"page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page"))}
    return always_ask(render(request, "reading/glossary.html", context))
