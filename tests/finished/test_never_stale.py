"""What changes is seen by the next request in every process, and what nobody sees disturbs no page."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from articles import workflow
from articles.models import Article, BoardMember, EditorialPolicy, Publication, User
from tests import makers
from tests.finished.asking import Process
from tests.finished.conftest import PAGE, approve_again


@pytest.fixture
def processes(process: Process) -> list[Process]:
    return [process, Process(), Process()]


def warm(processes: list[Process], *paths: str) -> None:
    for process in processes:
        for path in paths:
            process.get(path)
            assert not process.get(path).by_django, f"{path} is not kept"


def test_an_approval_is_there_at_the_next_request_of_every_process(
    processes: list[Process], published: Article, ravi: User
) -> None:
    warm(processes, PAGE, PAGE + "plain/", "/")
    for words in ("Grade comes from Ki-67.", "Stage comes from imaging."):
        approve_again(published, words, ravi)
        for process in processes:
            assert words in process.get(PAGE).text
            assert words in process.get(PAGE + "plain/").text
            assert not process.get(PAGE).by_django


def test_a_retired_article_is_gone_at_the_next_request_of_every_process(
    processes: list[Process], published: Article, edith: User
) -> None:
    warm(processes, PAGE, PAGE + "plain/", PAGE + "versions/1/", "/")
    workflow.retire(published.pk, actor=edith, notice="Superseded by newer guidance.")
    for process in processes:
        for path in (PAGE, PAGE + "plain/", PAGE + "versions/1/"):
            for _ in range(2):
                assert process.get(path).status == 410
        assert PAGE not in process.get("/").text


def _rename(article: Article) -> None:
    BoardMember.objects.filter(slug="ravi").update(name="Ravi K. Menon")


def _raw(article: Article) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_boardmember SET name = 'Ravi K. Menon' WHERE slug = 'ravi'")


def _profile(article: Article) -> None:
    profile = BoardMember.objects.get(slug="ravi")
    profile.name = "Ravi K. Menon"
    profile.save()


def _policy(article: Article) -> None:
    EditorialPolicy.objects.update_or_create(
        pk=1, defaults={"body": "<p>Ravi K. Menon</p>", "updated_at": "2026-01-01T00:00:00Z"}
    )


def _many(article: Article) -> None:
    profile = BoardMember.objects.get(slug="ravi")
    profile.name = "Ravi K. Menon"
    BoardMember.objects.bulk_update([profile], ["name"])


@pytest.mark.parametrize(
    "change", [_rename, _raw, _profile, _policy, _many], ids=lambda change: change.__name__
)
def test_whatever_way_a_public_table_is_written_its_pages_show_it_at_once(
    processes: list[Process], published: Article, change: Callable[[Article], None]
) -> None:
    path = "/editorial-policy/" if change is _policy else "/board/"
    warm(processes, path)
    assert "Ravi K. Menon" not in processes[0].get(path).text
    change(published)
    for process in processes:
        assert "Ravi K. Menon" in process.get(path).text


def test_a_new_date_of_review_is_shown_at_once(processes: list[Process], published: Article) -> None:
    warm(processes, PAGE)
    Publication.objects.filter(article=published).update(next_review_due=date(2031, 5, 6))
    for process in processes:
        assert "2031" in process.get(PAGE).text


def test_a_new_address_leads_there_at_once(processes: list[Process], published: Article, edith: User) -> None:
    warm(processes, PAGE)
    workflow.move_address(published.pk, slug="diagnosis", actor=edith)
    for process in processes:
        answer = process.get(PAGE)
        assert (answer.status, answer.headers["Location"]) == (301, "/articles/diagnosis/")
        assert process.get("/articles/diagnosis/").status == 200


def test_work_that_no_reader_sees_lets_the_pages_stand(
    processes: list[Process], published: Article, ada: User, ravi: User
) -> None:
    from django.test import Client

    warm(processes, PAGE)
    draft = makers.article(ada, question="What is being written?")
    draft = makers.edit(draft, "Not yet for readers.")
    workflow.submit(draft.pk, version=draft.version, actor=ada)
    workflow.claim(draft.pk, actor=ravi)
    client = Client(headers={"sec-fetch-site": "same-origin"})
    assert client.post(PAGE + "ask/", {"text": "And children?"}).status_code == 303
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    for process in processes:
        assert not process.get(PAGE).by_django
