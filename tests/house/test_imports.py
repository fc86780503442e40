"""Who may import whom: the contracts stand in pyproject.toml; this holds them, and tries to break them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def lint(directory: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([program, "--no-cache"], cwd=directory, capture_output=True, text=True)


def test_the_layers_of_the_house_are_kept():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("reading", "from articles.models import Article"),
        ("reading", "from articles.models.events import Event"),
        ("reading", "from articles import queries"),
        ("reading", "from articles.workflow.case import Case"),
        ("reading", "from articles.writing import views"),
        ("retrieval", "from articles.models import Article"),
        ("retrieval", "from articles.reading import freshness"),
        ("desk", "from articles.reading import asking"),
        ("notify", "from articles.workflow import actions"),
        ("models", "from articles.notify import outbox"),
        ("content", "from articles.states import State"),
        ("content", "from django.utils import html"),
        ("workflow", "from netreview import settings"),
    ],
)
def test_an_import_upwards_or_into_another_door_is_found(tmp_path, place, line):
    for name in ("articles", "netreview"):
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "static", "demo")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "articles" / place / "intruder.py").write_text(line + "\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert f"articles.{place}.intruder" in done.stdout
