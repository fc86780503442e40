"""The programs in bin/: what they say when something is wrong, and that the demo comes up and goes down."""

import os
import re
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from tests import services
from tests.conftest import missing

ROOT = Path(settings.BASE_DIR)
SCRIPTS = [path for path in [*sorted((ROOT / "bin").iterdir()), ROOT / ".ci/run"] if path.is_file()]


def clean_environment(**more: str) -> dict[str, str]:
    """This shell's environment without what the tests have set in it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | more


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_program_stops_at_the_first_error(script):
    text = script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    assert subprocess.run(["bash", "-n", script]).returncode == 0
    assert os.access(script, os.X_OK) == text.startswith("#!")


@pytest.mark.parametrize("name", ["demo", "lock"])
def test_an_unknown_option_is_refused_with_the_ones_there_are(name):
    done = subprocess.run([ROOT / "bin" / name, "--frobnicate"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "unknown option --frobnicate (there are --" in done.stderr


def test_a_python_too_old_is_told_what_is_needed(tmp_path):
    for name in ("python", "python3", "python3.11", "python3.12", "python3.13"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    environment = clean_environment() | {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    script = f"source {ROOT}/bin/environment.sh; find_python"
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Python 3.11, 3.12 or 3.13 with its venv module is needed" in done.stderr


def test_the_demo_says_that_its_port_is_taken(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [ROOT / "bin/demo", "--port", str(port)],
            env=clean_environment(VAR_DIR=str(tmp_path / "var")),
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert done.returncode == 1
    assert f"cannot serve on 127.0.0.1 port {port}" in done.stderr
    assert f"bin/demo --port {port + 1}" in done.stderr
    assert not (tmp_path / "var").exists()


def test_the_demo_never_throws_away_a_directory_that_it_did_not_make(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    done = subprocess.run(
        [ROOT / "bin/demo", "--fresh", "--port", str(services.free_port())],
        env=clean_environment(VAR_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert (tmp_path / "thesis.txt").exists()


def test_the_demo_comes_up_prints_its_accounts_and_goes_down_when_asked(tmp_path):
    port = services.free_port()
    demo = subprocess.Popen(
        [ROOT / "bin/demo", "--port", str(port)],
        env=clean_environment(VAR_DIR=str(tmp_path / "var")),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert demo.stdout
        said = ""
        for line in demo.stdout:
            said += line
            if "Ctrl-C stops" in line:
                break
        for word in (f"http://127.0.0.1:{port}/", "netreview-demo", "ada", "ravi", "mei", "edith"):
            assert word in said, said
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as home:
            page = home.read().decode()
        assert home.status == 200
        style = re.search(r'href="(/static/[^"]+\.css)"', page)
        assert style, "a page without a style sheet"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{style[1]}", timeout=10) as sheet:
            assert sheet.headers["Content-Type"].startswith("text/css")
    finally:
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(15) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize(("strict", "outcome"), [("", "skipped"), ("1", "failed")])
def test_a_missing_service_skips_here_and_fails_in_the_gate(monkeypatch, strict, outcome):
    monkeypatch.setenv("NETREVIEW_STRICT", strict)
    with pytest.raises((pytest.skip.Exception, pytest.fail.Exception)) as caught:
        missing("A pigeon")
    assert caught.type is (pytest.skip.Exception if outcome == "skipped" else pytest.fail.Exception)
    assert "A pigeon is missing" in str(caught.value)
