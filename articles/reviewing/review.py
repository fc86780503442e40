"""Everything the review page shows of one article to one board member."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles import queries
from articles.comparing import Differences, Source
from articles.content.render import Reference, Rendered, render
from articles.models import Article, Inquiry, Thread, User
from articles.reviewing import blocked, markup, sources
from articles.reviewing.acts import Act, Missing, acts, as_invited, standing_words
from articles.reviewing.against import Against
from articles.reviewing.asked import Asked, whole
from articles.reviewing.beside import Beside
from articles.reviewing.choices import Choices
from articles.reviewing.rounds import Rounds
from articles.reviewing.rows import Row
from articles.reviewing.statements import Statements
from articles.states import Level, State, Step, progress
from articles.talk import Where
from articles.waiting import due_words
from articles.workflow import Offer, StaleVersion, WorkflowError, offers, why_not


class Review:
    """One article before one board member, as `asked`.

    `typed` is what came with a step that was refused. The text, its version and its digest are read once:
    what the forms carry is what the page shows. Cost: at most 20 queries, whatever the numbers of versions,
    rounds, statements, sign-offs, threads and comments.
    """

    def __init__(
        self,
        article: Article,
        user: User,
        asked: Asked,
        *,
        refusal: WorkflowError | None = None,
        action: str = "",
        typed: QueryDict | None = None,
    ) -> None:
        self.article = article
        self.user = user
        self.asked = asked
        self.refusal = refusal
        self.action = action
        self.typed = typed
        self.rounds = Rounds(article, user)
        self.case = self.rounds.case
        self.document = self.case.document

    # --- What the page is about -----------------------------------------------------------------------------

    @cached_property
    def show(self) -> str:
        """Which tab. While it is under review, the statements; else what changed, if anything did."""
        if self.asked.show and not (self.asked.show == "changes" and self.against.base is None):
            return self.asked.show
        if self.article.state == State.UNDER_REVIEW:
            return "statements"
        return "text" if self.against.base is None else "changes"

    @cached_property
    def level(self) -> Level:
        """The reading level shown by all tabs that show one."""
        return (
            Level.PLAIN if self.asked.level is Level.PLAIN and Level.PLAIN in self.levels else Level.CLINICAL
        )

    @cached_property
    def levels(self) -> list[Level]:
        """The reading levels that exist here, or did in the version compared with."""
        return list(Level) if self.document.plain_body or self.against.has_plain else [Level.CLINICAL]

    @property
    def steps(self) -> list[Step]:
        return progress(self.article.state)

    @property
    def issues(self) -> list[blocked.Linked]:
        return blocked.linked(self.case.issues, self.asked)

    @cached_property
    def inquiries(self) -> list[Inquiry]:
        """What readers asked, and this article is to answer."""
        return queries.carried(self.article)

    @property
    def bar(self) -> str:
        """Why this member cannot review the article, or ""."""
        return why_not(self.article, self.user, case=self.case)

    @property
    def due(self) -> tuple[str, str]:
        """Words and tone of this member's own due date, until they have decided."""
        own = self.case.assignment
        return due_words(own.due) if own is not None and self.case.decision is None else ("", "")

    # --- The statements -------------------------------------------------------------------------------------

    @cached_property
    def statements(self) -> Statements:
        shown = self.asked.level if self.asked.level in self.levels else None
        return Statements(
            self.case,
            self.against.before,
            levels=(shown,) if shown else tuple(self.levels),
            only=self.asked.only,
            look=self.look,
        )

    @property
    def lines(self) -> Iterator[SafeString]:
        """The rows of the statements view as HTML."""
        return map(self.line, self.statements.rows)

    def line(self, row: Row) -> SafeString:
        """One of them."""
        is_current = self.beside.row is not None and row.anchor == self.beside.row.anchor
        reviews = self.statements.is_reviewing
        return markup.line(row, look=self.look, reviews=reviews, is_current=is_current)

    @property
    def current_line(self) -> SafeString | None:
        """That of the statement which stands beside."""
        return self.line(self.beside.row) if self.beside.row is not None else None

    @cached_property
    def look(self) -> SafeString:
        """The address that opens a statement beside the text, up to its anchor; safe in an attribute."""
        return self._up_to("at")

    @cached_property
    def thread_look(self) -> SafeString:
        """The same of a thread, up to its key."""
        return self._up_to("thread")

    def _up_to(self, name: str) -> SafeString:
        return mark_safe(escape(self.asked.to(show="statements", **{name: "@"})).removesuffix("%40"))  # noqa: S308 - escaped here

    @cached_property
    def beside(self) -> Beside:
        """What stands beside the text. Raises Thread.DoesNotExist for a thread not to be seen here."""
        at, thread = self.asked.at, self.asked.thread
        here = {"at": at} if at else {"thread": str(thread or "")}
        where = Where(self.asked.to(show="statements", **here), self.state, is_brief=True)
        typed = self.typed if self.action == "open_thread" else None
        return Beside(self.statements, at, thread, where, typed)

    @property
    def outdated(self) -> list[Thread]:
        return self.statements.threads.outdated

    # --- The text -------------------------------------------------------------------------------------------

    @cached_property
    def rendered(self) -> Rendered:
        return render(self.document, self.level)

    @property
    def contents(self) -> list[Any]:
        match self.show:
            case "statements":
                return [
                    {"id": row.anchor, "title": row.html, "level": row.depth + 1, "left": row.left}
                    for row in self.statements.contents
                ]
            case "changes":
                return self.differences.contents
            case "text":
                return list(self.rendered.contents)
        return []

    @cached_property
    def cited(self) -> list[sources.Cited]:
        return sources.cited(self.document, self.asked)

    @property
    def uncited(self) -> list[Reference]:
        return sources.uncited(self.document, self.cited)

    # --- What changed ---------------------------------------------------------------------------------------

    @cached_property
    def against(self) -> Against:
        """The version to compare with: as asked, else what this member last read, else what readers read."""
        published = self.case.last_publication
        return Against(
            self.article,
            self.document,
            approved=published.version if published is not None else None,
            reviewed=self.rounds.last_reviewed,
            put=self.rounds.last_asked,
            # Whoever decided about a text that changed meanwhile wants to know what is new since.
            asked=whole(self.typed.get("version")) if self.typed is not None else None,
            otherwise=self.asked.base,
        )

    @cached_property
    def differences(self) -> Differences:
        return self.against.differences(self.level, side=self.asked.is_side)

    @property
    def changed_sources(self) -> list[Source]:
        return self.differences.sources if self.against.base is not None else []

    # --- Where to go and what to do -------------------------------------------------------------------------

    @cached_property
    def choices(self) -> Choices:
        return Choices(self)

    @property
    def state(self) -> str:
        """The address of this view, to come back to after a step on a statement."""
        return self.asked.to(show="statements")

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the forms of this view send along."""
        return [("state", self.state)]

    @cached_property
    def public_address(self) -> str:
        """Where readers read exactly this version; "" where they do not."""
        if self.article.state != State.APPROVED:
            return ""
        slug = queries.address_of_live_version(self.article.pk, self.article.version)
        return reverse("reading:article", args=[slug]) if slug else ""

    @cached_property
    def acts(self) -> list[Act]:
        return acts(self._offers, self.case, self._missing, action=self.action, typed=self.typed)

    @cached_property
    def _offers(self) -> list[Offer]:
        return as_invited(offers(self.article, self.user, door="reviewing", case=self.case))

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
    def refused(self) -> list[blocked.Linked]:
        """Why a step was refused, each reason with its place."""
        return blocked.linked(getattr(self.refusal, "issues", []), self.asked)

    @property
    def is_stale(self) -> bool:
        return isinstance(self.refusal, StaleVersion)

    @property
    def kept_words(self) -> str:
        """What was typed for a step that is no longer open: shown, so that it is not lost."""
        has_form = any(act.offer.action == self.action and not act.offer.blocked for act in self.acts)
        has_form = has_form or (self.action == "open_thread" and self.beside.row is not None)
        if has_form or self.typed is None:
            return ""
        typed = (self.typed.get(name, "").strip() for name in ("note", "text", "suggestion"))
        return "\n\n".join(words for words in typed if words)

    @cached_property
    def _missing(self) -> Missing:
        return Missing(self.case)

    @property
    def in_the_way(self) -> list[blocked.Group]:
        """What stands between this member and an approval."""
        approve = next((offer for offer in self._offers if offer.action == "approve"), None)
        return blocked.grouped(approve.blocked, self.asked) if approve is not None else []

    @property
    def standing(self) -> str:
        return standing_words(self.article, self.case, self._offers, self._missing, self.bar, self.asked)
