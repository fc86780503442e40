"""Answering readers: in own words, with statements of approved articles, or both; seen before it is sent."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from articles.content.checks import Issue
from articles.models import Question
from articles.notify.answers import compose
from articles.retrieval.passages import Passage, by_key, passages
from articles.states import Level
from articles.web import OfficeRequest
from articles.workflow import Blocked, WorkflowError
from articles.workflow.telling import Answer, answer_of

SHOWN = 6
_LONGEST_SEARCH = 300


@dataclass(slots=True)
class Answering:
    """The form of an answer: what is typed into it, what was chosen, and what else was found."""

    words: str = ""
    search: str = ""
    chosen: list[Passage] = field(default_factory=list)
    found: list[Passage] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    by_mail: bool = False

    @property
    def is_begun(self) -> bool:
        """Whether there is anything to lose."""
        return bool(self.words or self.chosen)


def answering(
    data: QueryDict | None,
    questions: Sequence[Question],
    *,
    issues: Sequence[Issue] = (),
    otherwise: str = "",
) -> Answering:
    """The form for these questions, with the best statements for them at once.

    otherwise: what is looked for until the editor types words of their own; the first question when empty.
    Cost: at most 24 queries, for one question or many.
    """
    typed = data or QueryDict()
    search = typed.get("search", "").replace("\x00", "").strip()[:_LONGEST_SEARCH]
    about = search or otherwise or (questions[0].text if questions else "")
    level = questions[0].level if questions else "clinical"
    chosen = by_key(typed.getlist("statement"))
    taken = {each.key for each in chosen}
    return Answering(
        words=typed.get("answer", "").replace("\x00", ""),
        search=search,
        chosen=chosen,
        found=[each for each in _nearest(about, level) if each.key not in taken],
        issues=list(issues),
        by_mail=any(each.email for each in questions),
    )


def _nearest(about: str, level: str) -> list[Passage]:
    """The best statements at the reader's own level, then what only the other one says."""
    found = passages(about, level, SHOWN)
    if level == Level.PLAIN:
        found = [*found[: SHOWN // 2], *passages(about, Level.CLINICAL, SHOWN // 2)]
    return list({each.key: each for each in found}.values())


def answer(
    request: OfficeRequest,
    questions: Sequence[Question],
    *,
    send: Callable[..., Any],
    page: Callable[..., HttpResponse],
    back: str,
) -> HttpResponse | None:
    """What a POST of the form comes to: the page again, the preview, or None once `send` has sent it.

    send: takes words, keys and seen, as the workflow does. page: takes typed, issues, refusal and status.
    """
    typed = request.POST
    by_mail = any(each.email for each in questions)
    step = typed.get("do", "") or ("preview" if by_mail else "send")
    if step in ("look", "change"):
        return page(typed=typed)
    words, keys = typed.get("answer", ""), typed.getlist("statement")
    try:
        if step == "send":
            # Nobody is mailed what nobody has looked at.
            send(words=words, keys=keys, seen=typed.get("seen", "") if by_mail else None)
            return None
        given = answer_of(words, keys)
    except Blocked as refusal:
        return page(typed=typed, issues=refusal.issues, status=refusal.status)
    except WorkflowError as refusal:
        return page(typed=typed, refusal=refusal, status=refusal.status)
    context = _preview(given, questions) | {"given": given, "keys": keys, "back": back}
    return render(request, "desk/answer_preview.html", context)


def _preview(given: Answer, questions: Sequence[Question]) -> dict[str, Any]:
    """The mail exactly as it goes to the first reader, and who else gets one. Nothing of it is kept."""
    mailed = [each for each in questions if each.email]
    first = copy.copy(mailed[0]) if mailed else None
    if first is not None:
        first.answer, first.quotes = given.words, given.quotes
    return {
        "mail": compose(first) if first is not None else None,
        "mailed": len(mailed),
        "handled": len(questions) - len(mailed),
    }
