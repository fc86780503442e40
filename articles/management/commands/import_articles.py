"""Import articles from a JSONL file as publications for demonstration, each marked as not reviewed."""

import argparse
import gzip
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from articles import indexing, workflow
from articles.management.demo.imported import Wrong, authors_of, fields_of, other_names, read_line, topic_name
from articles.models import Topic, User
from articles.states import Role

BATCH = 100
LONGEST_LINE = 8 * 1024 * 1024
_LIBRARIAN = "demonstration-import"


class Command(BaseCommand):
    help = (
        "Import a JSONL file (plain or .gz; one article a line: id, title, topic, synonyms, sections) as "
        "publications marked as demonstration. What was imported before is skipped; a line that is wrong is "
        "named and left out. Needs DEMO=1."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--limit", type=int, metavar="N", help="read the first N lines only")

    def handle(self, *args: Any, file: Path, limit: int | None, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("What no board has reviewed may be shown in a demonstration only. Set DEMO=1.")
        self.added = self.skipped = 0
        self.wrong: list[str] = []
        self.seen: set[str] = set()
        self.topics = {topic.slug: topic for topic in Topic.objects.all()}
        self.librarian = _librarian()
        try:
            self._import(_Progress(self.stderr, file), limit)
        except (OSError, EOFError, zlib.error) as error:
            raise CommandError(f"{file}: {error}. {self._summary()}") from error
        if self.added:
            indexing.learn_sizes()
        self.stdout.write(self._summary())
        if self.wrong:
            raise CommandError(f"{len(self.wrong)} line(s) were wrong and nothing of them was imported.")

    def _import(self, lines: "_Progress", limit: int | None) -> None:
        batch: list[tuple[int, dict[str, Any]]] = []
        for number, line in lines:
            if limit is not None and number > limit:
                break
            try:
                batch.append((number, self._record(line)))
            except Wrong as wrong:
                self._report(number, str(wrong))
            if len(batch) == BATCH:
                self._publish(batch)
                batch = []
        self._publish(batch)
        lines.done()

    def _record(self, line: bytes) -> dict[str, Any]:
        if len(line) > LONGEST_LINE:
            raise Wrong(f"is longer than {LONGEST_LINE:,} bytes")
        try:
            record = read_line(line.decode())
        except UnicodeDecodeError as error:
            raise Wrong(f"is not UTF-8: {error.reason} at byte {error.start}") from error
        if record["id"] in self.seen:
            raise Wrong(f'"id" {record["id"]} stands in a line before it')
        self.seen.add(record["id"])
        return record

    def _publish(self, batch: list[tuple[int, dict[str, Any]]]) -> None:
        known = workflow.known_sources(record["id"] for _, record in batch)
        self.skipped += len(known)
        texts = []
        for number, record in batch:
            if record["id"] in known:
                continue
            try:
                texts.append(self._text(record))
            except workflow.Blocked as blocked:
                self._report(number, " ".join(issue.message for issue in blocked.issues))
        if texts:
            self.added += len(workflow.import_for_demonstration(texts, actor=self.librarian))

    def _text(self, record: dict[str, Any]) -> workflow.Imported:
        text = workflow.Imported.from_fields(record["id"], authors_of(record), fields_of(record))
        # Only for a text that can be kept: a line that is wrong leaves no topic behind.
        text.fields["topic"] = self._topic(record)
        return text

    def _topic(self, record: dict[str, Any]) -> Topic | None:
        name, terms = topic_name(record), other_names(record)
        if not name:
            return None
        slug = slugify(name)[:50].strip("-") or "topic"
        number = 1
        while slug in self.topics and self.topics[slug].name.casefold() != name.casefold():
            number += 1
            slug = f"{slugify(name)[:46].strip('-') or 'topic'}-{number}"
        topic = self.topics.get(slug)
        if topic is None:
            topic = self.topics[slug] = Topic.objects.create(name=name, slug=slug, terms=terms)
        elif new := [term for term in terms if term not in topic.terms]:
            topic.terms = [*topic.terms, *new]
            topic.save(update_fields=["terms"])
        return topic

    def _report(self, number: int, what: str) -> None:
        self.wrong.append(f"line {number}: {what}")
        self.stderr.write(self.wrong[-1])

    def _summary(self) -> str:
        return (
            f"{self.added} imported, {self.skipped} there before, {len(self.wrong)} wrong. "
            "All are marked: imported for demonstration, not reviewed by the board."
        )


class _Progress:
    """The lines of a file with their numbers, and a bar on the terminal that tells how far they are read."""

    def __init__(self, stream: Any, file: Path) -> None:
        self.stream, self.file = stream, file
        self.is_shown = sys.stderr.isatty()
        self._last = -1

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        with self.file.open("rb") as raw:
            size = max(self.file.stat().st_size, 1)
            opened: Any = gzip.GzipFile(fileobj=raw) if self.file.suffix == ".gz" else raw
            for number, line in enumerate(opened, start=1):
                self._show(raw.tell() * 100 // size, number)
                if line.strip():
                    yield number, line

    def _show(self, percent: int, number: int) -> None:
        if self.is_shown and percent != self._last:
            self._last = percent
            bar = "█" * (percent // 4)
            self.stream.write(f"\r{bar:<25} {percent:3} %  line {number:,}", ending="")

    def done(self) -> None:
        if self.is_shown:
            self.stream.write("")


def _librarian() -> User:
    """Whose the imported articles are: an account that nobody can sign in to."""
    user, made = User.objects.get_or_create(
        username=_LIBRARIAN,
        defaults={"name": "Demonstration import", "email": f"{_LIBRARIAN}@localhost", "is_active": False},
    )
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        user.grant(Role.AUTHOR)
    return user
