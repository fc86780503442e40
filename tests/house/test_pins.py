"""Installing must give the same bytes everywhere, from whatever registry a machine uses."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FILES = sorted((ROOT / "requirements").glob("*.txt"))


def packages(path: Path) -> dict[str, str]:
    """The pinned requirements of a file, each with its continuation lines: name -> text."""
    text = re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if entry.strip()]
    return {re.split(r"[=\[ ]", entry)[0]: entry for entry in entries}


def tracked() -> list[Path]:
    """The files under version control, or an empty list in a tree without it."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_package_is_pinned_to_one_version_with_its_hashes(path):
    found = packages(path)
    assert found
    for name, entry in found.items():
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+", entry), name
        assert "--hash=sha256:" in entry, name


def test_development_uses_the_versions_of_production():
    runtime, development = (
        packages(ROOT / "requirements/runtime.txt"),
        packages(ROOT / "requirements/dev.txt"),
    )
    for name, entry in runtime.items():
        assert development[name].split()[0] == entry.split()[0]


def test_the_pins_belong_to_the_project_file():
    done = subprocess.run([ROOT / "bin/lock", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_no_tracked_file_names_a_registry_or_a_place_on_somebodys_machine():
    # Put together here, so that this file does not find itself.
    forbidden = [
        "py" + "pi.org",
        "python" + "hosted.org",
        "--index" + "-url ",
        "/ro" + "ot/",
        "/wo" + "rk/",
        "/op" + "t/",
    ]
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {word}" for word in forbidden if word in text]
    assert found == []


def test_no_tracked_file_is_a_secret_or_a_database():
    names = {str(path.relative_to(ROOT)) for path in tracked()}
    assert not [
        name for name in names if name == ".env" or name.startswith("var/") or name.endswith(".sqlite3")
    ]
