"""Make the search index anew from what is live."""

from typing import Any

from django.core.management.base import BaseCommand

from articles import indexing


class Command(BaseCommand):
    help = "Make the search index anew from the live publications; readers search the old one meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        count = indexing.rebuild(self._show)
        indexing.learn_sizes()
        self.stdout.write(f"Indexed {count} live publication{'' if count == 1 else 's'}.")

    def _show(self, done: int, of: int) -> None:
        self.stderr.write(f"{done} of {of}")
