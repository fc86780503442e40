"""The index's one row: held while the index changes, moved on by every change."""

from articles.models import SearchIndex


def lock() -> SearchIndex:
    """The row, held until the transaction ends: two changes at once would miscount the terms."""
    held = SearchIndex.objects.select_for_update().filter(pk=1).first()
    if held is None:
        SearchIndex.objects.get_or_create(pk=1)
        held = SearchIndex.objects.select_for_update().get(pk=1)
    return held


def moved_on(index: SearchIndex) -> None:
    """Write the row with its next revision. What processes remember of the index is then out of date."""
    index.revision += 1
    index.save(update_fields=["articles", "revision"])
