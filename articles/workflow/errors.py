"""What can stop a step, each with the HTTP status it deserves and words for the person who tried."""

from collections.abc import Sequence

from articles.content.checks import Issue


class WorkflowError(Exception):
    """A step was refused; nothing was changed."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(WorkflowError):
    """This person may not do this to this article."""

    status = 403


class WrongState(WorkflowError):
    """The article is not where this step begins, usually because somebody else was faster."""

    status = 409


class StaleVersion(WorkflowError):
    """The text is no longer the one that was read or edited. `current` is the number it has now."""

    status = 409

    def __init__(self, message: str, *, current: int) -> None:
        super().__init__(message)
        self.current = current


class Blocked(WorkflowError):
    """Everything that stands in the way, to be shown in full."""

    status = 422

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.issues = list(issues)
        super().__init__(" ".join(issue.message for issue in self.issues))
