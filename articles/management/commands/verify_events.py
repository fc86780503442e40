"""Check that nothing that happened was altered: event chains, what they seal, publications, versions."""

from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from articles import triggers
from articles.content.figures import images_shown, name_of, size_of
from articles.models import (
    TELLING,
    Decision,
    Event,
    Image,
    Publication,
    SignOff,
    Thread,
    Version,
    broken_links,
    broken_seals,
    untold_states,
)


class Command(BaseCommand):
    help = (
        "Verify every event chain, the evidence sealed in it, publication seal, version digest and trigger; "
        "exit with 1 if one broke."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        problems = [
            *self._events(),
            *self._evidence(),
            *self._threads(),
            *self._publications(),
            *self._images(),
            *self._versions(),
            *self._triggers(),
        ]
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} problem(s): see above.")
        self.stdout.write(
            f"{Event.objects.count()} events, {Publication.objects.count()} publications, "
            f"{Version.objects.count()} versions, {Decision.objects.count()} decisions, "
            f"{SignOff.objects.count()} sign-offs and {Thread.objects.count()} threads "
            "are as they were written."
        )

    def _events(self) -> list[str]:
        return broken_links(Event.objects.order_by("article_id", "sequence").iterator(chunk_size=500))

    def _evidence(self) -> list[str]:
        sealing = Event.objects.filter(data__has_key="evidence").order_by("article_id", "sequence")
        by_article = groupby(sealing.iterator(chunk_size=100), key=lambda event: event.article_id)
        return [problem for article, events in by_article for problem in broken_seals(article, events)]

    def _threads(self) -> list[str]:
        threads = Thread.objects.select_related("suggestion").order_by("article_id", "pk")
        telling = Event.objects.filter(kind__in=TELLING).order_by("article_id", "sequence")
        return untold_states(threads.iterator(chunk_size=500), telling.iterator(chunk_size=500))

    def _publications(self) -> list[str]:
        problems = []
        previous: dict[int, str] = {}
        found = Publication.objects.order_by("article_id", "number")
        images = dict(Image.objects.values_list("pk", "name"))
        linked: dict[int, set[str]] = {}
        for publication_id, image_id in Publication.images.through.objects.values_list(
            "publication_id", "image_id"
        ):
            linked.setdefault(publication_id, set()).add(images[image_id])
        for publication in found.iterator(chunk_size=50):
            where = f"article {publication.article_id}, publication {publication.number}"
            if publication.seal != publication.compute_seal():
                problems.append(f"{where}: was altered after it was sealed")
            if publication.previous_digest != previous.get(publication.article_id, ""):
                problems.append(f"{where}: does not follow the publication before it")
            previous[publication.article_id] = publication.digest
            renderings = (publication.clinical, publication.plain or {"html": ""})
            shown = {name for rendering in renderings for name in images_shown(rendering["html"])}
            if shown != linked.get(publication.pk, set()):
                problems.append(f"{where}: the images kept for it are not those that it shows")
        return problems

    def _images(self) -> list[str]:
        return [
            f"image {image.name}: its bytes are not those that were approved"
            for image in Image.objects.order_by("pk").iterator(chunk_size=5)
            if image.name != name_of(bytes(image.data), *size_of(image.name))
        ]

    def _versions(self) -> list[str]:
        return [
            f"article {version.id}, version {version.version}: its text does not match its digest"
            for version in Version.objects.order_by("id", "version").iterator(chunk_size=50)
            if version.digest != version.document().digest
        ]

    def _triggers(self) -> list[str]:
        present = triggers.installed(connection)
        return [
            f"trigger {triggers.PREFIX}{rule.name} is missing: run migrate"
            for rule in triggers.rules(connection.vendor)
            if triggers.PREFIX + rule.name not in present
        ]
