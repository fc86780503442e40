"""Each test with an edition of its own."""

from tests.edition.fixtures import _an_edition_of_its_own  # noqa: F401 - a fixture for every test
