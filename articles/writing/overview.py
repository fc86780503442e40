"""Everything that the page of one article shows its author."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.http import Http404
from django.urls import reverse

from articles import queries
from articles.content.checks import Issue
from articles.models import Address, Article, Inquiry, Round, User
from articles.notify.words import asks_in_words
from articles.states import State, Step, progress
from articles.web import article_or_404
from articles.workflow import Offer, offers
from articles.workflow.case import Case
from articles.workflow.guards import is_answered, must_fix_is_answered
from articles.workflow.table import Tone
from articles.writing.doubts import Doubt, doubts
from articles.writing.places import address_within
from articles.writing.standing import Saying, sayings, what_next


def case_of_author(user: User, pk: int) -> Case:
    """The article before one of its authors. To others it does not exist behind this door: 404."""
    case = Case(article_or_404(user, pk), user)
    if not case.is_author:
        raise Http404("There is no such article, or it is not yours.")
    return case


@dataclass(frozen=True, slots=True)
class Count:
    """How many threads are open, answered, must be fixed, and must be fixed and wait for an answer."""

    total: int
    answered: int
    must_fix: int
    must_fix_left: int

    @property
    def words(self) -> str:
        """ "The board asks 5 things, 2 must be fixed"; "" when it asks nothing."""
        return asks_in_words(self.total, self.must_fix)


class Overview:
    """Read by writing/article.html; each answer is fetched when it is first asked for."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.article: Article = case.article

    @cached_property
    def offers(self) -> list[Offer]:
        return offers(self.article, self.case.user, door="writing", case=self.case)

    @property
    def steps_offered(self) -> list[Offer]:
        """Steps that are a form; writing is a page of its own.

        What blocks them is listed on the page with the places to mend it; here it is named.
        """
        return [
            replace(
                offer,
                blocked=[replace(issue, anchor="") for issue in offer.blocked],
                # Possible, since an author may disagree, but not what one does next.
                tone=Tone.QUIET if offer.action == "submit" and self.is_as_refused else offer.tone,
            )
            for offer in self.offers
            if offer.action != "save"
        ]

    @cached_property
    def inquiries(self) -> list[Inquiry]:
        """What readers asked, and this article is to answer."""
        return queries.carried(self.article)

    @property
    def edit_url(self) -> str:
        return next((offer.url for offer in self.offers if offer.action == "save"), "")

    @property
    def hidden(self) -> list[tuple[str, int]]:
        return [("version", self.article.version)]

    @cached_property
    def submit(self) -> Offer | None:
        return next((offer for offer in self.offers if offer.action == "submit"), None)

    @property
    def status(self) -> str:
        """The line of the bar: which text it is about, and what stands in the way."""
        if self.submit is not None and self.submit.blocked:
            blocked = len(self.submit.blocked)
            things = "One thing" if blocked == 1 else f"{blocked} things"
            return f"{things} to mend before you can submit version {self.article.version}."
        if self.is_as_refused:
            return f"Version {self.article.version} is the one that the board asked you to change."
        if self.submit is not None:
            return f"Nothing stands in the way of submitting version {self.article.version}."
        return f"Version {self.article.version} · {self.article.get_state_display()}"

    @property
    def progress(self) -> list[Step]:
        return progress(self.article.state)

    @property
    def has_checks(self) -> bool:
        """Before the text can be edited there is nothing to mend in it."""
        return self.article.is_editable

    @cached_property
    def issues(self) -> list[tuple[Issue, str]]:
        """What to mend, and what to consider, each with the address where that is done."""
        return [
            (issue, self._address(issue)) for issue in (*must_fix_is_answered(self.case), *self.case.issues)
        ]

    def _address(self, issue: Issue) -> str:
        if issue.anchor.startswith("thread-"):
            return f"{reverse('writing:asks', args=[self.article.pk])}#{issue.anchor}"
        edit = reverse("writing:save", args=[self.article.pk])
        return edit + address_within(self.case.document, issue)

    @property
    def blocking(self) -> int:
        return sum(issue.blocking for issue in self.case.issues) if self.has_checks else 0

    @cached_property
    def count(self) -> Count:
        """The open threads. No query beyond the case's own."""
        threads = [each for each in self.case.threads if each.is_open]
        answered = {each.pk for each in threads if is_answered(self.case, each)}
        must_fix = {each.pk for each in threads if each.is_must_fix}
        return Count(len(threads), len(answered), len(must_fix), len(must_fix - answered))

    @cached_property
    def doubts(self) -> list[Doubt]:
        """Statements that the board did not find supported."""
        return doubts(self.case)

    @property
    def asked(self) -> int:
        """How many things the board's page holds."""
        return self.count.total + len(self.doubts)

    @property
    def asked_words(self) -> str:
        return asks_in_words(self.count.total, self.count.must_fix, len(self.doubts))

    @cached_property
    def sayings(self) -> list[Saying]:
        return sayings(self.article.pk)

    @property
    def next(self) -> str:
        if self.inquiries and any(offer.action == "revise" for offer in self.offers):
            return "Readers ask what this article should answer. Begin a revision, answer it, and submit."
        reviewers = [str(assignment.member) for assignment in self.case.standing]
        return what_next(
            self.article,
            is_live=self.case.is_live,
            open_issues=self.blocking,
            reviewers=reviewers,
            asks=self.count,
        )

    @cached_property
    def _last_round(self) -> int | None:
        """Number of the version that the newest round was about."""
        rounds = Round.objects.filter(article=self.article).order_by("-number")
        return rounds.values_list("version", flat=True).first()

    @property
    def last_reviewed(self) -> int | None:
        """Number of the newest version that a round was about, when another one came after it."""
        return self._last_round if self._last_round != self.article.version else None

    @property
    def is_as_refused(self) -> bool:
        """Whether nothing was written since the board asked for changes."""
        return self.article.state == State.CHANGES_REQUESTED and self._last_round == self.article.version

    @cached_property
    def address(self) -> Address | None:
        """Where readers find the live publication."""
        if not self.case.is_live:
            return None
        return (
            Address.objects.filter(article=self.article, moved_to__isnull=True)
            .select_related("publication")
            .defer("publication__clinical", "publication__plain", "publication__references")
            .first()
        )
