"""The review page of a long article in its second round: server time, bytes, queries."""

import gzip
import os
import random
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RUNS = 15


@dataclass(frozen=True)
class Size:
    """How much hangs on the article. A third of the statements are in plain language."""

    statements: int = 300
    references: int = 100
    sign_offs: int = 500
    threads: int = 200
    comments: int = 1_000

    def times(self, factor: float) -> "Size":
        return Size(*(round(each * factor) for each in vars(self).values()))


def main() -> dict[str, Any]:
    """Open the page of 300 statements as its reviewer, on SQLite or on what DATABASE_URL names."""
    with tempfile.TemporaryDirectory(prefix="netreview-bench-") as directory:
        os.environ |= {"DEMO": "1", "VAR_DIR": directory, "ENV_FILE": os.devnull, "LOG_LEVEL": "ERROR"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netreview.settings")
        return _measure(Path(directory))


def _measure(directory: Path) -> dict[str, Any]:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    # Not Django's test environment, which records every template it renders and doubles the time.
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    if connection.vendor == "sqlite":
        settings.DATABASES["default"]["TEST"]["NAME"] = str(directory / "bench.sqlite3")
    name = connection.creation.create_test_db(verbosity=0)
    try:
        size = Size()
        people = _people()
        asked = {factor: _Page(people, size.times(factor)).queries() for factor in (0.5, 2)}
        page = _Page(people, size)
        return {
            "database": connection.vendor,
            **vars(size),
            "runs": RUNS,
            "server_ms": page.milliseconds(),
            "server_ms_first": page.milliseconds(first=True),
            "bytes": len(page.body()),
            "bytes_compressed": len(gzip.compress(page.body(), 6)),
            "queries": page.queries(),
            "queries_at_half": asked[0.5],
            "queries_at_double": asked[2],
            "sign_off_ms": page.milliseconds(sign=True),
            "beside_ms": page.milliseconds(path="beside/"),
        }
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _people() -> dict[str, Any]:
    from articles.states import Role
    from tests import people

    return {
        "ada": people.person("ada", "Ada Okafor", Role.AUTHOR),
        "ravi": people.member("ravi", "Ravi Menon", "MD, PhD"),
        "mei": people.member("mei", "Mei Lin", "PharmD"),
    }


class _Page:
    """The page of an article of a size, before Ravi, who asked for changes in its first version."""

    def __init__(self, people: dict[str, Any], size: Size) -> None:
        from django.test import Client

        self.article = _article(people, size)
        self.client = Client()
        self.client.force_login(people["ravi"], backend="django.contrib.auth.backends.ModelBackend")
        self.anchors = [each.anchor for each in _statements(self.article)]
        self._at = 0

    def body(self, path: str = "") -> bytes:
        headers = {"HX-Request": "true"} if path else {}
        at = {"at": self.anchors[0]} if path else {}
        answer = self.client.get(f"/review/{self.article.pk}/{path}", at, headers=headers)
        if answer.status_code != 200:
            raise RuntimeError(f"the page answered {answer.status_code}")
        return bytes(answer.content)

    def _sign(self) -> None:
        self._at += 1
        mark = {
            "mark": f"supported {self.anchors[self._at]}",
            "version": self.article.version,
            "state": f"/review/{self.article.pk}/",
        }
        answer = self.client.post(
            f"/review/{self.article.pk}/sign-off/", mark, headers={"HX-Request": "true"}
        )
        if answer.status_code != 200:
            raise RuntimeError(f"the sign-off answered {answer.status_code}")

    def milliseconds(self, *, first: bool = False, sign: bool = False, path: str = "") -> float:
        """The median of the runs; with `first` of runs in which the text is read anew."""
        from articles.content import document

        self.body(path)
        taken = []
        for _ in range(RUNS):
            if first and hasattr(document, "forget"):
                document.forget()
            started = time.perf_counter()
            self._sign() if sign else self.body(path)
            taken.append((time.perf_counter() - started) * 1000)
        return statistics.median(taken)

    def queries(self) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self.body()
        with CaptureQueriesContext(connection) as asked:
            self.body()
        return len(asked)


_TEXT = """
tumor grade site receptor analog surgery imaging trial marker dose care pancreatic midgut survival response
toxicity progression somatostatin everolimus sunitinib guideline evidence patients median months hazard ratio
randomized placebo follow-up differentiated metastatic resection embolization chromogranin serotonin
"""
_WORDS = _TEXT.split()


def _article(people: dict[str, Any], size: Size) -> Any:
    """Two versions, of which the second changed a tenth; sign-offs and talk straight into the tables."""
    from articles import workflow
    from tests import makers

    chance = random.Random(7)
    references = [_record(chance, number) for number in range(size.references)]
    clinical = [_sentence(chance, size.references) for _ in range(size.statements * 2 // 3)]
    plain = [_sentence(chance, size.references) for _ in range(size.statements - len(clinical) - 1)]
    fields = makers.text(body=_body(clinical), plain_body=_body(plain), references=references)
    made = makers.bring(
        workflow.create(actor=people["ada"], fields=fields), "under_review", reviewer=people["ravi"]
    )
    workflow.claim(made.pk, actor=people["mei"])
    workflow.request_changes(
        made.pk, version=made.version, digest=made.digest, actor=people["ravi"], note="Name the trials."
    )
    old = makers.fresh(made)
    changed = [
        words.replace("<cite", " in one trial<cite") if n % 10 == 0 else words
        for n, words in enumerate(clinical)
    ]
    workflow.save(
        made.pk, version=1, actor=people["ada"], fields=fields | {"body": _body(changed)}, note="Named."
    )
    workflow.submit(made.pk, version=2, actor=people["ada"])
    new = makers.fresh(made)
    _sign_off(chance, people, new, size)
    _talk(chance, people, old, new, size)
    return new


def _sign_off(chance: random.Random, people: dict[str, Any], article: Any, size: Size) -> None:
    from django.utils import timezone

    from articles.models import SignOff

    digests = [each.digest for each in _statements(article)]
    SignOff.objects.bulk_create(
        SignOff(
            article=article,
            digest=chance.choice(digests),
            member=people[chance.choice(["ravi", "mei"])],
            support=chance.choices(["supported", "unclear", "not_supported"], [8, 2, 1])[0],
            note="The hazard ratio is of the subgroup." if number % 10 == 0 else "",
            version=chance.choice([1, 2]),
            round=1,
            at=timezone.now(),
        )
        for number in range(size.sign_offs)
    )


def _talk(chance: random.Random, people: dict[str, Any], old: Any, new: Any, size: Size) -> None:
    """Threads, a quarter of them resolved, a tenth about words that are gone; with what was said in them."""
    from django.utils import timezone

    from articles.models import Comment, Thread

    now = timezone.now()
    standing = _statements(new)
    gone = [each for each in _statements(old) if each.digest not in {one.digest for one in standing}]
    threads = Thread.objects.bulk_create(
        Thread(
            article=new,
            round=1,
            version=1,
            level="clinical",
            digest=about.digest,
            quote=about.text,
            section=" › ".join(about.section_path),
            opened_by=people[chance.choice(["ravi", "mei"])],
            opened_at=now,
            is_must_fix=number % 5 == 0,
            resolved_at=now if number % 4 == 0 else None,
        )
        for number in range(size.threads)
        for about in [chance.choice(gone if number % 10 == 1 else standing)]
    )
    Comment.objects.bulk_create(
        Comment(
            thread=threads[number % size.threads],
            by=people[chance.choice(["ravi", "mei", "ada"])],
            text=" ".join(chance.choices(_WORDS, k=chance.randint(10, 40))).capitalize() + ".",
            version=1,
            at=now,
        )
        for number in range(size.comments)
    )


def _statements(article: Any) -> list[Any]:
    from articles.states import Level

    return [each for level in Level for each in article.document().statements(level)]


def _body(statements: list[str]) -> str:
    return "".join(
        (f"<h2>Part {place // 25 + 1} of the text</h2>" if place % 25 == 0 else "") + f"<p>{words}</p>"
        for place, words in enumerate(statements)
    )


def _sentence(chance: random.Random, references: int) -> str:
    words = " ".join(chance.choices(_WORDS, k=chance.randint(15, 40))).capitalize()
    keys = " ".join(f"r{chance.randrange(references)}" for _ in range(chance.randint(1, 3)))
    return f'{words}.<cite data-ref="{keys}"></cite>'


def _record(chance: random.Random, number: int) -> dict[str, Any]:
    return {
        "id": f"r{number}",
        "type": "article-journal",
        "title": " ".join(chance.choices(_WORDS, k=9)).capitalize(),
        "author": [{"family": chance.choice(_WORDS).capitalize(), "given": "A. B."} for _ in range(8)],
        "container-title": "Annals of Oncology",
        "issued": {"date-parts": [[2000 + number % 25]]},
        "volume": str(number),
        "page": f"{number}-{number + 9}",
        "DOI": f"10.1016/j.annonc.{number}",
        "PMID": str(30_000_000 + number),
    }
