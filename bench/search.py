"""Finding among thousands of articles: home, topics, search, passages (--articles FILE)."""

import gc
import gzip
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

SYNTHETIC = 5_000
FEW = 60  # articles at which queries are counted first
ASKED = 80
ORGANS = [
    "lung",
    "liver",
    "pancreas",
    "appendix",
    "stomach",
    "rectum",
    "thymus",
    "ovary",
    "bronchus",
    "ileum",
]
WORDS = [
    "tumor",
    "grade",
    "receptor",
    "analog",
    "surgery",
    "imaging",
    "trial",
    "marker",
    "dose",
    "care",
    "hormone",
    "symptom",
    "therapy",
    "stage",
    "syndrome",
    "gene",
    "cell",
    "tissue",
    "biopsy",
    "scan",
    "flushing",
    "diarrhea",
    "relapse",
    "margin",
    "node",
    "response",
    "follow",
    "toxicity",
]
ASKING = [
    "What are the treatments for",
    "How is this diagnosed:",
    "My mother was told she has",
    "Is it inherited,",
]


def main(articles: Path | None = None) -> dict[str, Any]:
    """Import the articles of a JSONL file, or made-up ones, and read; on SQLite or on DATABASE_URL."""
    with tempfile.TemporaryDirectory(prefix="netreview-bench-") as directory:
        os.environ |= {"DEMO": "1", "VAR_DIR": directory, "ENV_FILE": os.devnull, "LOG_LEVEL": "ERROR"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netreview.settings")
        return _measure(Path(directory), articles)


def _measure(directory: Path, articles: Path | None) -> dict[str, Any]:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    setup_test_environment()
    if connection.vendor == "sqlite":
        settings.DATABASES["default"]["TEST"]["NAME"] = str(directory / "bench.sqlite3")
    name = connection.creation.create_test_db(verbosity=0)
    settings.DEBUG = False
    try:
        file = articles or _made_up(directory / "articles.jsonl")
        queries = list(_queries(file))
        call_command("import_articles", file, limit=FEW, stdout=StringIO(), stderr=StringIO())
        few = _statements(queries)
        started = time.perf_counter()
        call_command("import_articles", file, stdout=StringIO(), stderr=StringIO())
        seconds = time.perf_counter() - started
        from articles.models import Publication

        result = {
            "database": connection.vendor,
            "articles": Publication.objects.count(),
            "seconds_to_import": seconds,
            **{f"{page}_p95_ms": p95 for page, p95 in _timed(queries).items()},
        }
        many = _statements(queries)
        grown = {page: count for page, count in many.items() if count > few[page]}
        return result | {"sql_statements": max(many.values()), "queries_constant": not grown}
    finally:
        connection.close()
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


def _pages(queries: list[str]) -> dict[str, list[str]]:
    """Page -> addresses of it; the largest topic stands for all."""
    from articles.models import IndexedTopic

    largest = IndexedTopic.objects.order_by("-articles").values_list("slug", flat=True).first()
    asked = [urlencode({"q": query}) for query in queries]
    return {
        "home": ["/"] * ASKED,
        "topics": ["/topics/"] * ASKED,
        "topic": [f"/topics/{largest}/"] * ASKED,
        "a_to_z": ["/a-z/", "/a-z/C/"] * (ASKED // 2),
        "search": [f"/search/?{one}" for one in asked],
        "suggest": [f"/search/suggest/?{urlencode({'q': query[:12]})}" for query in queries],
        "passages": [f"/api/v1/passages?{one}&limit=10" for one in asked],
    }


def _timed(queries: list[str]) -> dict[str, float]:
    # As the server does when it has started; else the collector goes through all that was imported here.
    gc.collect()
    gc.freeze()
    return {page: _p95(addresses) for page, addresses in _pages(queries).items()}


def _p95(addresses: list[str]) -> float:
    from django.test import Client

    client = Client()
    client.get(addresses[0])
    taken = []
    for address in addresses:
        started = time.perf_counter()
        response = client.get(address)
        taken.append(time.perf_counter() - started)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
    return sorted(taken)[int(len(taken) * 0.95)] * 1000


def _statements(queries: list[str]) -> dict[str, int]:
    """The most statements that a page of each kind asks of the database."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    def taken(get: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            get()
        return len(captured)

    client = Client()
    return {
        page: max(taken(lambda address=address: client.get(address)) for address in addresses[:20])
        for page, addresses in _pages(queries).items()
    }


def _queries(file: Path) -> Iterator[str]:
    """What readers would ask: names, whole sentences, and a letter missing in every fourth."""
    chance = random.Random(7)
    with (gzip.open if file.suffix == ".gz" else open)(file, "rt") as lines:  # type: ignore[operator]
        titles = [json.loads(line)["title"] for line in lines]
    for number, title in enumerate(chance.sample(titles, min(ASKED, len(titles)))):
        words = title.split(" for ")[-1].rstrip("?")
        query = (
            words
            if number % 2
            else f"{chance.choice(ASKING)} {words}, and what can be done about it? Thank you."
        )
        at = chance.randrange(max(len(query) - 1, 1))
        yield query if number % 4 else query[:at] + query[at + 1 :]


def _made_up(path: Path) -> Path:
    chance = random.Random(7)
    vocabulary = [*WORDS, *(f"{a}{b}" for a in ("neo", "peri", "hypo", "sarco", "adeno") for b in WORDS)]
    with path.open("w") as file:
        for number in range(SYNTHETIC):
            topic = f"{chance.choice(ORGANS)} {chance.choice(vocabulary)} type {number % 700}"
            sections = [
                {"heading": f"{asking} {topic}", "text": _text(chance, vocabulary, topic)}
                for asking in ASKING
            ]
            record = {
                "id": f"made-up-{number}",
                "title": f"What is known of {topic} ({number})?",
                "topic": topic,
            }
            file.write(json.dumps(record | {"synonyms": [f"{topic} disease"], "sections": sections}) + "\n")
    return path


def _text(chance: random.Random, vocabulary: list[str], topic: str) -> str:
    return "\n".join(
        " ".join([topic, *chance.choices(vocabulary, k=chance.randint(8, 30))]) + "." for _ in range(4)
    )
