"""What the address of a review page asks for, and addresses that ask for something else."""

from urllib.parse import urlencode

from django.http import QueryDict

from articles.reviewing.rows import Only
from articles.states import Level


class Asked:
    """show=, level=, only=, with=, view=, and at= or thread= for what stands beside.

    Nonsense is passed over.
    """

    def __init__(self, query: QueryDict, path: str) -> None:
        self._query = query
        self._path = path

    @property
    def show(self) -> str:
        """ "statements", "changes", "text", "references", or "" where the address does not say."""
        wanted = self._query.get("show", "")
        return wanted if wanted in {"statements", "changes", "text", "references"} else ""

    @property
    def level(self) -> Level | None:
        wanted = self._query.get("level", "")
        return Level(wanted) if wanted in set(Level) else None

    @property
    def only(self) -> Only:
        wanted = self._query.get("only", "")
        return Only(wanted) if wanted in set(Only) else Only.ALL

    @property
    def base(self) -> int | None:
        """The version to compare with."""
        return whole(self._query.get("with"))

    @property
    def is_side(self) -> bool:
        """Whether a comparison stands side by side."""
        return self._query.get("view") == "side"

    @property
    def at(self) -> str:
        """Anchor of the statement that stands beside."""
        return self._query.get("at", "")

    @property
    def thread(self) -> int | None:
        return whole(self._query.get("thread"))

    def to(self, **changes: str) -> str:
        """The address with `changes`; what stands beside is left out unless it is among them."""
        kept = {
            "show": self.show,
            "level": str(self.level or ""),
            "only": str(self.only),
            "with": str(self.base or ""),
            "view": "side" if self.is_side else "",
        }
        said = {name: value for name, value in (kept | changes).items() if value}
        return f"{self._path}?{urlencode(said)}" if said else self._path


def whole(value: str | None) -> int | None:
    """A number as typed; None for what is none, or none that a row could have."""
    is_number = value is not None and value.isascii() and value.isdigit() and len(value) < 10
    return int(value) if value and is_number else None
