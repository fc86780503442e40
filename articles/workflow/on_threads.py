"""What a person may do with one thread now. The workflow asks again when they do it."""

from articles.models import Thread
from articles.states import SuggestionStatus
from articles.workflow import sight
from articles.workflow.case import Case
from articles.workflow.table import TABLE

_STEPS = ("answer", "resolve", "reopen", "mark", "accept_suggestion", "decline_suggestion")


def steps_on(case: Case, thread: Thread) -> frozenset[str]:
    """Names of the steps that make sense for this person and this thread, as they may see it.

    "done" is among them where an author may say that it is done. Cost: no query beyond the case's own.
    """
    steps = {step for step in _open_to(case) if _makes_sense(step, case, thread)}
    if "answer" in steps and case.is_author and thread.done_at is None:
        steps.add("done")
    return frozenset(steps)


def _open_to(case: Case) -> list[str]:
    rows = (TABLE[step] for step in _STEPS)
    return [row.action for row in rows if case.article.state in row.sources and not row.who(case)]


def _makes_sense(step: str, case: Case, thread: Thread) -> bool:
    match step:
        case "answer":
            return thread.is_open
        case "resolve" | "mark":
            return thread.is_open and sight.may_judge(case, thread)
        case "reopen":
            return not thread.is_open
    suggestion = getattr(thread, "suggestion", None)
    is_open = suggestion is not None and suggestion.status == SuggestionStatus.OPEN
    # Words that are gone cannot be replaced: the author places the suggested ones.
    return is_open and (step == "decline_suggestion" or thread.digest in case.statements)
