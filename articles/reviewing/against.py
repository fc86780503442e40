"""The version that a text under review is compared with."""

from functools import cached_property

from articles import queries
from articles.comparing import Differences
from articles.content.compare import Comparison, compare
from articles.content.document import Document, shared
from articles.models import Article
from articles.states import Level
from articles.web import images_at


class Against:
    """An earlier version of an article, or none: the first that exists of those named.

    asked: as a step says; otherwise: as the address says; reviewed: what the member last worked on; put: what
    they were last to review; approved: what readers read. One query, and one comparison when it is first
    asked for.
    """

    def __init__(
        self,
        article: Article,
        document: Document,
        *,
        asked: int | None,
        otherwise: int | None,
        reviewed: int | None,
        put: int | None,
        approved: int | None,
    ) -> None:
        self._article = article
        self._document = document
        self._reviewed = reviewed
        self._put = put
        self._approved = approved
        wanted = (asked, otherwise, reviewed, put, approved)
        self.base = next((each for each in wanted if each and each < article.version), None)

    @cached_property
    def before(self) -> Document | None:
        if self.base is None:
            return None
        return shared(queries.version(self._article.pk, self.base).document())

    @cached_property
    def comparison(self) -> Comparison | None:
        return compare(self.before, self._document) if self.before is not None else None

    @property
    def has_plain(self) -> bool:
        """Whether it has a text in plain language."""
        return self.before is not None and bool(self.before.plain_body)

    def differences(self, level: Level, *, side: bool) -> Differences:
        """The comparison as pages show it, at one reading level; of the text with itself without a base."""
        before = self.before or self._document
        images = images_at(self._article.pk)
        return Differences(
            before, self._document, level, side=side, comparison=self.comparison, images=images
        )

    @property
    def choices(self) -> list[tuple[int, str]]:
        """Versions to compare with, each as it is best known to this member."""
        named = {
            self._put: "the last round",
            self._approved: "last approved",
            self._reviewed: "my last review",
        }
        numbers = [number for number in (self._reviewed, self._put, self._approved) if number]
        numbers += range(self._article.version, 0, -1)
        return [
            (each, f"{named[each]} (version {each})" if each in named else f"version {each}")
            for each in dict.fromkeys(numbers)
            if each != self._article.version
        ]

    @property
    def old_label(self) -> str:
        return f"Version {self.base}"

    @property
    def new_label(self) -> str:
        return f"Version {self._article.version}"
