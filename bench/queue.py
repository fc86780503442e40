"""The first pages of the board's queue and of the desk, with 10,000 articles in every state."""

import os
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

ARTICLES = 10_000
MEMBERS = 100
RUNS = 7
PAGES = {
    "queue_mine": "/review/",
    "queue_waiting": "/review/?show=waiting",
    "queue_overdue": "/review/?show=overdue",
    "queue_others_by_due": "/review/?show=others&sort=due",
    "queue_search": "/review/?show=others&q=article+17",
    "desk": "/desk/",
    "desk_overdue_by_topic": "/desk/?show=overdue&sort=topic",
    "desk_due_again": "/desk/?show=again",
    "desk_search": "/desk/?q=article+17&sort=question",
}


def main() -> dict[str, Any]:
    """Milliseconds (median of seven) and queries of each page, on SQLite or on what DATABASE_URL names."""
    with tempfile.TemporaryDirectory(prefix="netreview-bench-") as directory:
        os.environ |= {"DEMO": "1", "VAR_DIR": directory, "ENV_FILE": os.devnull, "LOG_LEVEL": "ERROR"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netreview.settings")
        return _measure(Path(directory))


def _measure(directory: Path) -> dict[str, Any]:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment, teardown_test_environment

    setup_test_environment()
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    if connection.vendor == "sqlite":
        # On the disk, as in use.
        settings.DATABASES["default"]["TEST"]["NAME"] = str(directory / "bench.sqlite3")
    name = connection.creation.create_test_db(verbosity=0)
    try:
        people = _fill()
        result: dict[str, Any] = {"database": connection.vendor, "articles": ARTICLES, "members": MEMBERS}
        for page, address in PAGES.items():
            client = Client()
            client.force_login(
                people["editor" if page.startswith("desk") else "member"],
                backend="django.contrib.auth.backends.ModelBackend",
            )
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            queries = len(asked)  # now: the next request empties the log
            if answer.status_code != 200 or b'class="row"' not in answer.content:
                raise RuntimeError(f"{address} showed no rows")
            result[f"{page}_ms"] = _median(lambda client=client, address=address: client.get(address))
            result[f"{page}_queries"] = queries
        return result
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


def _median(act: Callable[[], object]) -> float:
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - started)
    return sorted(seconds)[RUNS // 2] * 1000


def _fill() -> dict[str, Any]:
    """10,000 articles, written straight to the tables: taking every step for each would take an hour.

    A third with publications, a third under review by two members each, one of ten rounds independent.
    """
    from django.utils import timezone

    from articles.models import Article, Assignment, Decision, Publication, ReviewPolicy, Round, Topic
    from articles.states import Role, State
    from tests import makers, people

    now, today = timezone.now(), timezone.localdate()
    author, editor = (
        people.person("ada", "Ada Okafor", Role.AUTHOR),
        people.person("edith", "Edith Hale", Role.EDITOR),
    )
    members = [people.member(f"m{number}", f"Member {number:03}", "MD") for number in range(MEMBERS)]
    topics = Topic.objects.bulk_create([Topic(name=f"Topic {n:02}", slug=f"topic-{n}") for n in range(12)])
    states = [State.UNDER_REVIEW, State.SUBMITTED, State.APPROVED, State.UNDER_REVIEW, State.DRAFT,
              State.CHANGES_REQUESTED, State.APPROVED, State.DECLINED]  # fmt: skip
    fields = makers.text()
    fields.pop("question")
    articles = Article.objects.bulk_create(
        Article(
            **fields,
            question=f"What does article {number} answer?",
            author=author,
            topic=topics[number % 12],
            state=states[number % 8],
            version=1,
            digest="0" * 64,
            state_since=now - timedelta(hours=number),
            created_at=now - timedelta(days=400),
        )
        for number in range(ARTICLES)
    )
    rounds = Round.objects.bulk_create(
        Round(
            article=article,
            number=1,
            version=1,
            digest=article.digest,
            policy=ReviewPolicy(quorum=2, independent=place % 10 == 0).as_json(),
            opened_at=article.state_since,
        )
        for place, article in enumerate(articles)
        if article.state in {State.UNDER_REVIEW, State.SUBMITTED}
    )
    reviewed = [each for each in rounds if each.article.state == State.UNDER_REVIEW]
    assignments = Assignment.objects.bulk_create(
        Assignment(
            round=each,
            # Every fourth is the first member's: a queue of more than one page.
            member=members[0]
            if part == 0 and place % 4 == 1
            else members[1 + (place + part * 31) % (MEMBERS - 1)],
            assigned_by=editor,
            due=today + timedelta(days=place % 40 - 10),
            created_at=each.opened_at,
            accepted_at=None if place % 3 else now,
        )
        for place, each in enumerate(reviewed)
        for part in range(2)
    )
    Decision.objects.bulk_create(
        Decision(
            round=each.round,
            member=each.member,
            verdict="approve",
            version=1,
            digest=each.round.digest,
            name=str(each.member),
            credentials="MD",
            decided_at=now,
        )
        for each in assignments[::5]
    )
    Publication.objects.bulk_create(
        Publication(
            article=article,
            number=1,
            version=1,
            digest=article.digest,
            question=article.question,
            published_at=now,
            reviewed_at=now,
            clinical={"html": "<p>What readers see, long as such texts are.</p>" * 400},
            approvers=[],
            authors=[],
            next_review_due=today + timedelta(days=place % 365 - 20),
        )
        for place, article in enumerate(articles)
        if article.state == State.APPROVED
    )
    return {"member": members[0], "editor": editor}
