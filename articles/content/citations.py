"""Numbers of references: by first appearance in the text."""

from __future__ import annotations

from collections.abc import Iterable

from articles.content.phrase import unique
from articles.content.statements import Block


def number(blocks: Iterable[Block]) -> dict[str, int]:
    """Key -> 1..n by first appearance in the blocks, in that order.

    To number only keys that have a record, as readers see them, pass the result through `known`.
    """
    return {key: place for place, key in enumerate(unique(key for block in blocks for key in block.refs), 1)}


def known(numbers: Iterable[str], keys: Iterable[str]) -> dict[str, int]:
    """The numbers again, leaving out keys that are not among `keys`."""
    wanted = set(keys)
    return {key: place for place, key in enumerate((key for key in numbers if key in wanted), 1)}
