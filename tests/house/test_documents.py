"""What README and the documents claim is true: commands, programs, links, pictures, settings, accounts."""

import re
import struct
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command, get_commands

from articles.management.commands.load_demo import PASSWORD
from articles.management.demo import content

ROOT = Path(settings.BASE_DIR)
README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").rglob("*.md"))]
SCREENS = sorted((ROOT / "docs" / "screens").glob("*"))
LARGEST_PICTURE = 300_000
# Variables of other programs, which the documents name beside ours.
FOREIGN = {"POSTGRES_PASSWORD", "SITE_HOST"}
every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)


def words(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def anchor(heading: str) -> str:
    """The address that a heading gets where Markdown is shown."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_readme_is_short_and_names_the_two_commands():
    text = words(README)
    assert re.findall(r"^```\n(.+)\n```$", text, re.MULTILINE) == ["bin/demo", "bin/test"]
    introduction = text.split("\n\n")[1].splitlines()
    assert len(introduction) == 5
    assert len(text.splitlines()) < 80


@every_document
def test_every_link_leads_somewhere(document):
    for target in re.findall(r"\]\(([^)\s]+)\)", words(document)):
        if re.match(r"https?://|mailto:", target):
            continue
        path, _, place = target.partition("#")
        led_to = (document.parent / path).resolve() if path else document
        assert led_to.exists(), target
        if place:
            headings = re.findall(r"^#+ (.+)$", words(led_to), re.MULTILINE)
            assert place in map(anchor, headings), target


@every_document
def test_every_program_and_file_that_is_named_is_there(document):
    text = words(document)
    for program in re.findall(r"(?<![\w/.])bin/(\w+)", text):
        assert (ROOT / "bin" / program).is_file(), program
    # A path in code type that begins with one of our own directories.
    ours = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"var", ".venv"}
    for path in re.findall(r"`([\w.-]+/[\w./-]*)`", text):
        if path.split("/")[0] in ours:
            assert (ROOT / path).exists(), path


@every_document
def test_every_management_command_that_is_named_is_there(document):
    for command in re.findall(r"manage\.py ([a-z_]+)", words(document)):
        if command != "has":  # "manage.py has no queue", a sentence
            assert command in get_commands(), command


@every_document
def test_every_setting_that_is_named_is_explained_in_the_example(document):
    example = words(ROOT / ".env.example")
    explained = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    text = words(document)
    named = set(re.findall(r"`([A-Z][A-Z_]{3,})(?:=[^`]*)?`", text)) - FOREIGN
    named -= {"NETREVIEW_STRICT", "NETREVIEW_TEST_DB"}  # of the tests, explained in bin/test
    assert named <= explained | {name for name in dir(settings) if name.isupper()}, named - explained


def test_the_accounts_of_the_readme_are_those_of_the_demo():
    text = words(README)
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", text, re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(rows))) == sorted(content.people())
    assert f"`{PASSWORD}`" in text


def test_every_program_is_introduced_in_the_readme():
    programs = {path.name for path in (ROOT / "bin").iterdir() if path.is_file() and path.suffix == ""}
    assert programs == set(re.findall(r"bin/(\w+)", words(README)))


def test_the_readme_shows_the_article_and_the_review():
    pictures = re.findall(r"!\[([^\]]+)\]\((docs/screens/[^)]+)\)", words(README))
    assert [Path(path).name for _, path in pictures] == ["article.png", "review.png"]
    # Who cannot see a picture is told what is on it.
    assert all(len(description) > 30 for description, _ in pictures)


@pytest.mark.parametrize("picture", SCREENS, ids=lambda path: path.name)
def test_every_picture_is_shown_and_not_too_large(picture):
    head = picture.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", head[16:24])
    assert 1000 <= width <= 1600
    assert height <= 1200
    assert picture.stat().st_size < LARGEST_PICTURE
    assert any(picture.name in words(document) for document in DOCUMENTS)


def test_the_page_of_the_workflow_is_current():
    call_command("workflow_docs", "--check")


def test_every_decision_is_on_the_list():
    index = words(ROOT / "docs" / "decisions" / "README.md")
    for path in (ROOT / "docs" / "decisions").glob("0*.md"):
        assert f"]({path.name})" in index
