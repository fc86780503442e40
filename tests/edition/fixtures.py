"""An edition that no other test has touched. Imported by the conftest of those who need it."""

from collections.abc import Iterator

import pytest

from articles.edition import state
from articles.edition.file import FileEdition


@pytest.fixture(autouse=True)
def _an_edition_of_its_own() -> Iterator[None]:
    """No test finds open what another one left open, or has to wait for another."""
    state.edition.cache_clear()
    edition = state.edition()
    if isinstance(edition, FileEdition):
        edition.path.unlink(missing_ok=True)
    else:
        edition.forget()
    state.forget_pause()
    yield
    state.edition.cache_clear()
