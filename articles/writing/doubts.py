"""Statements of an author's text that members of the board did not find supported."""

from dataclasses import dataclass

from articles.content.checks import Issue
from articles.models import SignOff
from articles.states import Support
from articles.workflow.case import Case


@dataclass(frozen=True, slots=True)
class Doubt:
    """One statement as it stands, and who doubted it with what words. `issue` leads to its place."""

    heading: str
    text: str
    marks: list[SignOff]
    issue: Issue

    @property
    def tone(self) -> str:
        return "stop" if any(each.support == Support.NOT_SUPPORTED for each in self.marks) else "wait"


def doubts(case: Case) -> list[Doubt]:
    """In the order of the text: what was marked in rounds that are over, of statements that still stand.

    While a round runs, its verdicts are still being made. No query beyond the case's own.
    """
    running = case.round.number if case.round is not None else None
    found = []
    for digest, statement in case.statements.items():
        marks = [each for each in case.marks.get(digest, []) if each.is_doubt and each.round != running]
        if marks:
            issue = Issue("doubt", "", statement.anchor)
            found.append(Doubt(" › ".join(statement.section_path), statement.text, marks, issue))
    return found
