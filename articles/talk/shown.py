"""What the templates of threads are handed: values in words, no query, no decision."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Where:
    """The page that shows a thread, carried by every form on it so that an answer leads back to it.

    next: its path. state: the same for forms of the review page. is_brief: the statement stands there too.
    """

    next: str = ""
    state: str = ""
    is_brief: bool = False
    # Whether the box to answer in stands open at once; it is closed when the thread comes back.
    is_open: bool = False

    @property
    def hidden(self) -> list[tuple[str, str]]:
        found = [("next", self.next), ("state", self.state), ("brief", "1" if self.is_brief else "")]
        return [(name, value) for name, value in found if value]

    @classmethod
    def posted(cls, data: QueryDict) -> "Where":
        return cls(data.get("next", ""), data.get("state", ""), bool(data.get("brief")))


@dataclass(frozen=True, slots=True)
class Said:
    """One comment: who, in which part, when, about which version."""

    pk: int
    who: str
    part: str
    text: str
    quote: str
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Suggested:
    """Another wording. `html`: how it differs from the statement, with <ins> and <del>, escaped."""

    who: str
    html: str
    words: str
    tone: str
    is_open: bool
    # Its statement has changed meanwhile: the author places the words.
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Act:
    """One button beside a thread: a form of its own with the fields `hidden`."""

    label: str
    url: str
    hidden: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Typed:
    """What came back unsent: the words, what they answered, and why it was refused."""

    text: str = ""
    quote: str = ""
    reason: str = ""
    is_declining: bool = False
    messages: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    """One thread, as components/thread.html takes it."""

    pk: int
    article_id: int
    version: int
    current: int
    section: str
    level: str
    # The statement's words at the time: escaped HTML, and plain.
    quote: str
    words: str
    # Where the words stand that it is about, and how the link to them reads; "" where there is no way.
    place: str
    place_label: str
    is_must_fix: bool
    is_open: bool
    is_answered: bool
    is_outdated: bool
    # What the statement nearest to words that are gone says now, as a difference.
    now: str
    state: str
    tone: str
    opened_by: str
    opened_at: datetime
    said: list[Said]
    suggestion: Suggested | None
    steps: frozenset[str]
    acts: list[Act]
    quotes: list[tuple[str, str]]
    where: Where
    typed: Typed | None = None

    @property
    def may_answer(self) -> bool:
        return "answer" in self.steps

    @property
    def may_finish(self) -> bool:
        return "done" in self.steps

    @property
    def may_accept(self) -> bool:
        return "accept_suggestion" in self.steps

    @property
    def may_decline(self) -> bool:
        return "decline_suggestion" in self.steps

    @property
    def heading(self) -> str:
        return self.section or self.level or "The text"

    def with_typed(self, typed: Typed) -> "Shown":
        return replace(self, typed=typed)
