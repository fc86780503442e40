"""Texts from elsewhere, for demonstration: marked, line by line, twice without doubling, and nowhere else."""

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from articles import workflow
from articles.models import Address, Article, Event, IndexedArticle, Publication, Topic, User, Version
from articles.retrieval.passages import passages
from articles.states import State
from tests import makers
from tests.web.test_reading_article import text_of

pytestmark = pytest.mark.django_db

RECORD: dict[str, Any] = {
    "id": "S_1",
    "title": "What is quixotic fever?",
    "topic": "Quixotic fever",
    "synonyms": ["Windmill disease"],
    "source_name": "An institute",
    "source_url": "https://example.org/fever",
    "licence": "CC BY 4.0",
    "sections": [
        {
            "heading": "What is (are) quixotic fever?",
            "text": "Key Points\n\n- It is rare.\n- It is mild.\n\nA fever. It passes.",
        },
        {"heading": "What are the treatments?", "text": "Rest <b>& tea</b>.\nThen:\n- sleep"},
    ],
}


@pytest.fixture(autouse=True)
def _a_demonstration(settings: Any) -> None:
    settings.DEMO = True


def run(path: Path, *lines: Any, packed: bool = False, **options: Any) -> str:
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode("utf-8", "surrogateescape"))
    out = StringIO()
    call_command("import_articles", path, stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_line_becomes_a_publication_that_says_it_was_not_reviewed(
    tmp_path: Path, name: str, client: Client
) -> None:
    assert "1 imported" in run(tmp_path / name, RECORD, packed=name.endswith("gz"))
    one = Publication.objects.get()
    assert (one.is_demo, one.source_id, one.approvers) == (True, "S_1", [])
    assert Article.objects.get().state == State.DRAFT, "no board approved it"
    for address in (
        "/",
        "/articles/what-is-quixotic-fever/",
        "/search/?q=quixotic",
        "/topics/quixotic-fever/",
    ):
        words = text_of(client.get(address))
        assert "Imported for demonstration, not reviewed by the board" in words
        assert "Reviewed by" not in words
    assert "Reviewed for accuracy" not in text_of(client.get("/articles/what-is-quixotic-fever/"))
    assert "CC BY 4.0" in text_of(client.get("/articles/what-is-quixotic-fever/"))


def test_its_statements_answer_questions_and_its_other_names_find_it(tmp_path: Path, client: Client) -> None:
    run(tmp_path / "a.jsonl", RECORD)
    best = passages("how is windmill disease treated?")[0]
    assert (best.source_id, best.section_title, best.is_demo) == ("S_1", "What are the treatments?", True)
    assert best.statement == "Rest <b>& tea</b>.", "text is text"


def test_seals_chains_digests_and_triggers_hold(tmp_path: Path) -> None:
    run(tmp_path / "a.jsonl", RECORD, RECORD | {"id": "S_2"})
    call_command("verify_events", stdout=StringIO())
    assert [event.kind for event in Event.objects.order_by("article", "sequence")][:2] == [
        "created",
        "imported",
    ]
    assert Version.objects.count() == 2
    assert set(Address.objects.values_list("slug", flat=True)) == {
        "what-is-quixotic-fever",
        "what-is-quixotic-fever-2",
    }


def test_a_second_run_adds_what_is_missing_and_doubles_nothing(tmp_path: Path) -> None:
    run(tmp_path / "a.jsonl", RECORD)
    said = run(tmp_path / "a.jsonl", RECORD, RECORD | {"id": "S_2", "title": "What is another?"})
    assert "1 imported, 1 there before, 0 wrong" in said
    assert Publication.objects.count() == IndexedArticle.objects.count() == 2


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "line 2: is not JSON"),
        ("[1]", "line 2: is not a JSON object"),
        ("\udcff{}", "line 2: is not UTF-8"),
        (RECORD | {"id": ""}, 'line 2: "id" must be text, and not empty'),
        (RECORD | {"id": "S_1"}, "line 2: \"id\" S_1 stands in a line before it"),
        (RECORD | {"id": "S_9", "title": "x" * 301}, 'line 2: "title" is longer than 300 characters'),
        (RECORD | {"id": "S_9", "sections": []}, 'line 2: "sections" must be a list, and not empty'),
        (RECORD | {"id": "S_9", "sections": [{"heading": "A"}]}, 'line 2: section 1: "text" must be text'),
        (RECORD | {"id": "S_9", "source_url": "javascript:alert(1)"}, "line 2: Reference 1:"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_and_nothing_of_it_is_kept(tmp_path: Path, line: Any, what: str) -> None:
    out = StringIO()
    path = tmp_path / "a.jsonl"
    wrong = line | {"topic": "Only here"} if isinstance(line, dict) else line
    lines = (RECORD, wrong, RECORD | {"id": "S_3"})
    text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(CommandError, match="1 line"):
        call_command("import_articles", path, stdout=out, stderr=out)
    assert what in out.getvalue()
    assert "2 imported, 0 there before, 1 wrong" in out.getvalue()
    assert Publication.objects.count() == 2
    assert not Topic.objects.filter(name="Only here").exists()


def test_a_file_that_breaks_off_keeps_what_was_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    run(path, RECORD, packed=True)
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(CommandError, match="there before"):
        call_command("import_articles", path, stdout=StringIO(), stderr=StringIO())


def test_outside_a_demonstration_it_is_refused_by_the_command_and_by_the_workflow(
    tmp_path: Path, settings: Any, ada: User
) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        run(tmp_path / "a.jsonl", RECORD)
    text = workflow.Imported.from_fields("S_1", ["An institute"], makers.text())
    with pytest.raises(workflow.NotAllowed):
        workflow.import_for_demonstration([text], actor=ada)
    assert not Publication.objects.exists()


def test_the_board_may_take_an_imported_text_on_and_then_it_is_reviewed(
    ada: User, ravi: User, client: Client
) -> None:
    text = workflow.Imported.from_fields("S_1", ["An institute"], makers.text(question="What is a fever?"))
    workflow.import_for_demonstration([text], actor=ada)
    makers.bring(Article.objects.get(), "approved", reviewer=ravi)
    live = Publication.objects.live().get()
    assert (live.is_demo, live.number) == (False, 2)
    assert "not reviewed by the board" not in text_of(client.get("/articles/what-is-a-fever/"))
    call_command("verify_events", stdout=StringIO())
