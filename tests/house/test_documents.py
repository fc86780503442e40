"""What README and the documents claim is true: commands, programs, links, pictures, settings, accounts."""

import re
import struct
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command, get_commands, load_command_class
from django.urls import resolve

from articles import tasks
from articles.management.commands.load_demo import PASSWORD
from articles.management.demo import content
from tests.browser.screens import PICTURES

ROOT = Path(settings.BASE_DIR)
README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").rglob("*.md"))]
SCREENS = sorted((ROOT / "docs" / "screens").glob("*.png"))
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
        elif path.endswith("/") and path != "var/":
            # A room by its own name: `reading/`.
            assert (ROOT / "articles" / path).is_dir(), path


@every_document
def test_every_management_command_that_is_named_is_there(document):
    for command in re.findall(r"manage\.py ([a-z_]+)", words(document)):
        if command != "has":  # "manage.py has no queue", a sentence
            assert command in get_commands(), command


# What the programs of bin/ hand their options to.
BEHIND = {"bench": "bench/__main__.py", "screens": "tests/browser/screens.py"}


@every_document
def test_every_option_of_a_program_that_is_named_is_one_of_its_own(document):
    for program, options in re.findall(
        r"(?<![\w/.])bin/(\w+)((?: [A-Z]+)?(?:,? (?:or )?`?--[a-z-]+)+)", words(document)
    ):
        source = words(ROOT / "bin" / program) + (words(ROOT / BEHIND[program]) if program in BEHIND else "")
        for option in re.findall(r"--[a-z-]+", options):
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", source), f"bin/{program} {option}"


@every_document
def test_every_option_of_a_management_command_that_is_named_is_there(document):
    commands = get_commands()
    for name, options in re.findall(r"manage\.py ([a-z_]+)((?: --[a-z-]+)+)", words(document)):
        app = commands[name]
        command = load_command_class(app, name) if isinstance(app, str) else app
        known = command.create_parser("manage.py", name).format_help()
        for option in options.split():
            assert option in known, f"{name} {option}"


def addresses(text: str) -> Iterator[str]:
    """Paths of the site in code type, or after its address: `/admin/`, `GET /healthz/`, <http://127.0.0.1:8000>."""
    yield from re.findall(r"`(?:GET )?(/[\w/-]*/)`", text)
    yield from (path or "/" for path in re.findall(r"http://127\.0\.0\.1:8000(/[\w/-]*)?", text))


@every_document
@pytest.mark.usefixtures("demo_addresses")
def test_every_address_that_is_named_leads_to_a_page(document):
    for path in addresses(words(document)):
        assert resolve(path), path


def test_the_addresses_of_the_readme_are_found_at_all():
    assert set(addresses(words(README))) == {"/", "/admin/", "/office/mail/"}


@every_document
def test_every_setting_that_is_named_is_explained_in_the_example(document):
    example = words(ROOT / ".env.example")
    explained = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    text = words(document)
    named = set(re.findall(r"`([A-Z][A-Z_]{3,})(?:=[^`]*)?`", text)) - FOREIGN
    named -= {"NETREVIEW_STRICT", "NETREVIEW_TEST_DB"}  # of the tests, explained in bin/test
    assert named <= explained | {name for name in dir(settings) if name.isupper()}, named - explained


def variables(text: str) -> set[str]:
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE))


def read_by_the_settings() -> set[str]:
    return set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", words(ROOT / "netreview" / "settings.py")))


def test_every_variable_that_the_settings_read_is_in_the_example_and_the_other_way_round():
    assert variables(words(ROOT / ".env.example")) - FOREIGN == read_by_the_settings()


def test_the_table_of_what_must_be_set_is_the_first_part_of_the_example():
    table = re.findall(r"^\| (`[A-Z_`, ]+`) \|", words(ROOT / "docs" / "operations.md"), re.MULTILINE)
    required = set(re.findall(r"[A-Z_]+", " ".join(table)))
    example = words(ROOT / ".env.example").split("# --- ")[1]
    active = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert required <= read_by_the_settings()
    assert required - {"TRUSTED_PROXIES"} == active


def test_the_defaults_of_the_example_are_those_of_the_settings():
    source = words(ROOT / "netreview" / "settings.py")
    example = dict(re.findall(r"^# ([A-Z_]+)=(\d+)$", words(ROOT / ".env.example"), re.MULTILINE))
    found = dict(re.findall(r"env\.int\(\"([A-Z_]+)\", (\d+)\)", source))
    assert found.items() <= example.items()
    assert {"QUESTION_RETENTION_DAYS", "FOLLOW_CONFIRM_DAYS"} <= set(found)


def test_the_versions_of_python_are_those_of_the_project():
    project = tomllib.loads(words(ROOT / "pyproject.toml"))["project"]["requires-python"]
    low, beyond = (int(minor) for minor in re.fullmatch(r">=3\.(\d+),<3\.(\d+)", project).groups())
    minors = list(range(low, beyond))
    listed = ", ".join(f"3.{minor}" for minor in minors[:-1]) + f" or 3.{minors[-1]}"
    assert f"Python {listed}" in words(README)
    assert f"Python 3.{minors[0]} to 3.{minors[-1]}" in words(ROOT / "docs" / "operations.md")
    environment = words(ROOT / "bin" / "environment.sh")
    assert f"Python {listed}" in environment
    assert f"(3, {minors[0]}) <= sys.version_info[:2] <= (3, {minors[-1]})" in environment
    assert f"FROM python:3.{minors[0]}" in words(ROOT / "Dockerfile")


def test_the_services_and_volumes_of_the_operations_page_are_those_of_the_containers():
    compose = yaml.safe_load(words(ROOT / "docker-compose.yml"))
    text = words(ROOT / "docs" / "operations.md")
    table = text.split("| service |")[1].split("\n\n")[0]
    listed = re.findall(r"^\| ([a-z, ]+) \|", table, re.MULTILINE)
    assert set(", ".join(listed).split(", ")) == set(compose["services"])
    assert set(re.findall(r"`(\w+-data)`", text)) == set(compose["volumes"])
    processes = {"two": 2, "four": 4}, {"eight": 8, "four": 4}
    said = re.search(r"granian, (\w+) processes of (\w+) threads", text)
    workers, threads = (known[word] for known, word in zip(processes, said.groups(), strict=True))
    assert f"--workers {workers} --blocking-threads {threads}" in compose["services"]["web"]["command"]
    assert f"--workers {workers} --blocking-threads {threads}" in text


def test_the_tasks_of_the_operations_page_are_there():
    text = words(ROOT / "docs" / "operations.md")
    for task in ("deliver_messages", "forget_expired_questions"):
        assert f"`{task}`" in text or f"(`{task}`" in text
        assert callable(getattr(tasks, task))
        assert f"articles.tasks.{task}" in {each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()}


def test_the_program_of_the_demo_prints_its_accounts_as_they_are():
    printed = words(ROOT / "bin" / "demo").split("Accounts (password ")[1]
    assert printed.startswith(f"{PASSWORD})")
    lines = re.findall(r"^    (\w+) +(author|board member|editor) ", printed, re.MULTILINE)
    roles = {"author": "author", "board": "board member", "editor": "editor"}
    assert dict(lines) == {key: roles[person.roles[0]] for key, person in content.people().items()}


def test_the_accounts_of_the_readme_are_those_of_the_demo():
    text = words(README)
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", text, re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(rows))) == sorted(content.people())
    assert f"`{PASSWORD}`" in text


def test_every_program_is_introduced_in_the_readme():
    programs = {path.name for path in (ROOT / "bin").iterdir() if path.is_file() and path.suffix == ""}
    assert programs == set(re.findall(r"bin/(\w+)", words(README)))


def test_the_readme_shows_the_article_and_the_review_first():
    shown = re.findall(r"!\[([^\]]+)\]\((docs/screens/[^)]+)\)", words(README))
    assert [Path(path).name for _, path in shown[:2]] == ["article.png", "review.png"]
    # Who cannot see a picture is told what is on it.
    assert all(len(description) > 30 for description, _ in shown)


def test_every_picture_that_the_program_makes_is_there_and_no_other():
    assert {picture.stem for picture in SCREENS} == set(PICTURES)


@pytest.mark.parametrize("picture", SCREENS, ids=lambda path: path.name)
def test_every_picture_is_shown_and_not_too_large(picture):
    head = picture.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", head[16:24])
    assert {"width": width, "height": height} == PICTURES[picture.stem].size
    assert picture.stat().st_size < LARGEST_PICTURE
    assert f"]({picture.name})" in words(picture.parent / "README.md")


def test_the_page_of_the_workflow_is_current():
    call_command("workflow_docs", "--check")


def test_every_decision_is_on_the_list_in_order_and_under_its_own_title():
    index = re.findall(
        r"^(\d+)\. \[(.+)\]\((.+)\)$", words(ROOT / "docs" / "decisions" / "README.md"), re.MULTILINE
    )
    records = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [name for _, _, name in index] == [path.name for path in records]
    for place, (number, title, name) in enumerate(index, start=1):
        heading = words(ROOT / "docs" / "decisions" / name).splitlines()[0]
        assert (int(number), int(name[:4])) == (place, place)
        assert re.sub(r"^# (\d+\.? )?", "", heading) == title


def test_the_story_that_the_readme_points_to_is_told_by_all_four():
    story = words(ROOT / "tests" / "browser" / "test_four_people.py")
    assert "tests/browser/test_four_people.py" in words(README)
    # Ada signs up, a reader reads, and the two who decide sign in.
    assert "ada, ravi, reader, edith = " in story
    assert 'sign_up(ada, "Ada' in story
