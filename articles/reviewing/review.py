"""Everything the review page shows of one article to one board member."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from articles import queries
from articles.comparing import Differences, Source
from articles.content.references import ama, links
from articles.content.render import Reference, Rendered, render
from articles.models import Article, User
from articles.reviewing.acts import Act, Missing, acts, as_invited, standing_words
from articles.reviewing.due import due_words
from articles.reviewing.rounds import Told, told
from articles.states import Level, Step, progress
from articles.workflow import Offer, StaleVersion, WorkflowError, offers, why_not
from articles.workflow.case import Case

_LEVELS = {Level.CLINICAL: "For professionals", Level.PLAIN: "In plain language"}


class Review:
    """One article before one board member, as the address asks for it: show=, with=, level=.

    `typed` is what came with a step that was refused. The text, its version and its digest are read once:
    what the forms carry is what the page shows. Cost: at most about 25 queries, whatever the numbers of
    versions, rounds and events.
    """

    def __init__(
        self,
        article: Article,
        user: User,
        asked: QueryDict,
        *,
        refusal: WorkflowError | None = None,
        action: str = "",
        typed: QueryDict | None = None,
    ) -> None:
        self.article = article
        self.user = user
        self.refusal = refusal
        self.action = action
        self.typed = typed
        self._asked = asked
        self._case = Case(article, user)
        self.document = self._case.document

    # --- What the page is about -----------------------------------------------------------------------------

    @cached_property
    def show(self) -> str:
        """Which tab: "changes" when there is something to compare with, unless another is asked for."""
        wanted = self._asked.get("show", "")
        if wanted in {"text", "references"}:
            return wanted
        return "text" if self.base is None else "changes"

    @cached_property
    def level(self) -> Level:
        plain = self._asked.get("level") == Level.PLAIN and Level.PLAIN in self.levels
        return Level.PLAIN if plain else Level.CLINICAL

    @cached_property
    def levels(self) -> list[Level]:
        """The reading levels that exist here, or did in the version compared with."""
        before = self.base is not None and self._before.plain_body
        return list(Level) if self.document.plain_body or before else [Level.CLINICAL]

    @property
    def steps(self) -> list[Step]:
        return progress(self.article.state)

    @property
    def issues(self) -> list[Any]:
        return self._case.issues

    @property
    def bar(self) -> str:
        """Why this member cannot review the article, or ""."""
        return why_not(self.article, self.user, case=self._case)

    # --- Rounds ---------------------------------------------------------------------------------------------

    @cached_property
    def rounds(self) -> list[Told]:
        return told(self._case)

    @property
    def current(self) -> Told | None:
        """The open round, or the one that ended last when its version is still the text shown."""
        last = self.rounds[0] if self.rounds else None
        if last is None or not (last.round.is_open or last.round.version == self.article.version):
            return None
        return last

    @property
    def earlier(self) -> list[Told]:
        return [each for each in self.rounds if each is not self.current]

    @property
    def due(self) -> tuple[str, str]:
        """Words and tone of this member's own due date, until they have decided."""
        own = [each for each in self._case.standing if each.member_id == self.user.pk]
        return due_words(own[0].due) if own and self._case.decision is None else ("", "")

    # --- The text -------------------------------------------------------------------------------------------

    @cached_property
    def rendered(self) -> Rendered:
        return render(self.document, self.level)

    @property
    def contents(self) -> list[Any]:
        if self.show == "changes":
            return self.differences.contents
        return list(self.rendered.contents) if self.show == "text" else []

    @property
    def uncited(self) -> list[Reference]:
        """References of the article that the text shown does not cite; the other text may."""
        cited = {reference.key for reference in self.rendered.references}
        return [
            Reference(0, record["id"], ama(record), links(record), [])
            for record in self.document.references
            if record["id"] not in cited
        ]

    # --- What changed ---------------------------------------------------------------------------------------

    @cached_property
    def last_approved(self) -> int | None:
        return queries.last_approved_version(self.article.pk)

    @cached_property
    def last_reviewed(self) -> int | None:
        return queries.last_reviewed_version(self.article.pk, self.user)

    @cached_property
    def base(self) -> int | None:
        """The version to compare with: as asked, else what this member last read, else what readers read."""
        for candidate in (self._read_version, self._number("with"), self.last_reviewed, self.last_approved):
            if candidate and candidate <= self.article.version and candidate != self.article.version:
                return candidate
        return None

    @property
    def _read_version(self) -> int | None:
        """The version that a refused decision was about: its reader wants to know what is new since."""
        return _int(self.typed.get("version")) if self.typed is not None else None

    def _number(self, name: str) -> int | None:
        return _int(self._asked.get(name))

    @cached_property
    def _before(self) -> Any:
        return queries.version(self.article.pk, self.base or 0).document()

    @cached_property
    def differences(self) -> Differences:
        return Differences(self._before, self.document, self.level)

    @property
    def changed_sources(self) -> list[Source]:
        return self.differences.sources if self.base is not None else []

    @property
    def choices(self) -> list[tuple[int, str]]:
        """Versions to compare with, each as it is best known to this member."""
        named = {self.last_approved: "last approved", self.last_reviewed: "my last review"}
        numbers = [number for number in (self.last_reviewed, self.last_approved) if number]
        numbers += range(self.article.version, 0, -1)
        return [
            (each, f"{named[each]} (version {each})" if each in named else f"version {each}")
            for each in dict.fromkeys(numbers)
            if each != self.article.version
        ]

    # --- Where to go and what to do -------------------------------------------------------------------------

    @property
    def tabs(self) -> list[dict[str, object]]:
        tabs = [("text", "As readers will see it", 0)]
        if self.base is not None:
            changed = sum(self.differences.count(level) for level in Level)
            tabs.append(("changes", "What changed", changed))
        tabs.append(("references", "References", 0))
        return [
            {"label": label, "href": self._address(show=show), "current": show == self.show, "count": count}
            for show, label, count in tabs
        ]

    @property
    def level_choices(self) -> list[dict[str, object]]:
        if len(self.levels) < 2:
            return []
        return [
            {"label": _LEVELS[level], "href": self._address(level=str(level)), "current": level == self.level}
            for level in self.levels
        ]

    @property
    def text_address(self) -> str:
        """Where the statements stand that the checks speak of."""
        return self._address(show="text")

    def _address(self, **changes: str) -> str:
        kept = {"show": self.show, "level": str(self.level)} | changes
        if self.base is not None and self._number("with") == self.base:
            kept["with"] = str(self.base)
        return "?" + urlencode(kept)

    @cached_property
    def acts(self) -> list[Act]:
        return acts(
            self._offers, self._case, self._missing, action=self.action, typed=self.typed
        )

    @cached_property
    def _offers(self) -> list[Offer]:
        return as_invited(offers(self.article, self.user, door="reviewing", case=self._case))

    @property
    def offers(self) -> list[Offer]:
        """What the bar shows: not the step that was refused, whose form stands open above."""
        return [offer for offer in self._offers if self.again is None or offer.action != self.action]

    @property
    def sheets(self) -> list[Act]:
        return [act for act in self.acts if act is not self.again]

    @cached_property
    def again(self) -> Act | None:
        """The step that was refused, to be taken again; not where the text is another than the one read."""
        if self.is_stale:
            return None
        return next((act for act in self.acts if act.offer.action == self.action), None)

    @property
    def is_stale(self) -> bool:
        return isinstance(self.refusal, StaleVersion)

    @property
    def kept_note(self) -> str:
        """What was typed for a step that is no longer open: shown, so that it is not lost."""
        has_form = any(act.offer.action == self.action and not act.offer.blocked for act in self.acts)
        return "" if has_form or self.typed is None else self.typed.get("note", "").strip()

    @cached_property
    def _missing(self) -> Missing:
        return Missing(self._case)

    @property
    def standing(self) -> str:
        return standing_words(self.article, self._case, self._offers, self._missing, self.bar)


def _int(value: str | None) -> int | None:
    """A version's number as typed; None for what is none."""
    is_number = value is not None and value.isascii() and value.isdigit() and len(value) < 10
    return int(value) if value and is_number else None
