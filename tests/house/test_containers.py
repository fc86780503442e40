"""No container is built here: their files are read, and their commands run without them.

What runs is production: no DEMO, PostgreSQL, Redis, compressed files with a manifest, HTTPS announced by
a front server.
"""

import contextlib
import http.client
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from django.conf import settings

from tests import services
from tests.conftest import missing

ROOT = Path(settings.BASE_DIR)
PROGRAMS = Path(sys.executable).parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("web", "worker", "beat", "migrate")
HOST = "netreview.example.org"


def test_the_whole_office_is_there():
    assert set(SERVICES) == {"front", "web", "worker", "beat", "migrate", "postgres", "redis"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_watched_and_comes_back(name):
    service = SERVICES[name]
    if name == "migrate":
        assert service["restart"] == "no"
        return
    assert service["restart"] == "unless-stopped"
    # The front server has no page of its own to ask for.
    assert name == "front" or service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_of_ours_starts_before_the_database_has_its_tables(name):
    assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_only_the_front_server_is_reachable_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["front"]


def test_what_must_outlive_a_container_has_a_volume():
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert set(COMPOSE["volumes"]) == {"postgres-data", "redis-data", "caddy-data"} <= used


def test_no_secret_stands_in_the_file():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for line in text.splitlines():
        if re.search(r"(SECRET_KEY|PASSWORD|EMAIL_URL):", line):
            assert re.search(r"\$\{\w+(:\?[^}]+)?\}", line), line
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "SITE_HOST", "EMAIL_URL"):
        assert "${" + name + ":?" in text


def test_the_image_runs_as_nobody_special_and_says_whether_it_is_well():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    user = max(number for number, line in enumerate(lines) if line.startswith("USER "))
    assert lines[user] not in ("USER root", "USER 0")
    assert user < next(number for number, line in enumerate(lines) if line.startswith("CMD "))
    assert any(line.startswith("HEALTHCHECK ") for line in lines)
    assert "--require-hashes" in "\n".join(lines)
    copied = [word for line in lines if re.match(r"COPY (?!--)", line) for word in line.split()[1:-1]]
    assert copied
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_starts_the_same_web_server_as_the_composition():
    command = re.search(r"^CMD (.+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert command
    assert json.loads(command[1]) == shlex.split(SERVICES["web"]["command"])


# One worker of a parallel run sets production up, once.
together = pytest.mark.xdist_group("production")


# --- The commands, run ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def production(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of the containers, over a PostgreSQL database of its own that `migrate` has set up."""
    directory = tmp_path_factory.mktemp("production")
    with services.postgres() as url:
        if url is None:
            missing("PostgreSQL")
        name = f"netreview_containers_{os.getpid()}"
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {name}")
        given = {
            "SECRET_KEY": "k" * 60,
            "SITE_HOST": HOST,
            "EMAIL_URL": "smtp://127.0.0.1:9",
            "DEFAULT_FROM_EMAIL": f"office@{HOST}",
        }
        environment = {
            key: re.sub(
                r"\$\{(\w+)(?::[-?]([^}]*))?\}", lambda found: given.get(found[1], found[2] or ""), str(value)
            )
            for key, value in SERVICES["web"]["environment"].items()
        }
        environment |= {
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            "ENV_FILE": os.devnull,
            "VAR_DIR": str(directory),
            "DATABASE_URL": re.sub(r"/[^/]*$", f"/{name}", url),
            "REDIS_URL": redis_url,
        }
        for command in (
            SERVICES["migrate"]["command"],
            "python manage.py collectstatic --no-input --verbosity 0",
        ):
            done = subprocess.run(
                shlex.split(command), env=environment, cwd=ROOT, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr
        yield environment
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Process:
    """A command of the composition in the background, and what it has written so far."""

    def __init__(self, command: str, environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                shlex.split(command), env=environment, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT
            )

    def wrote(self, pattern: str, seconds: float = 30) -> bool:
        """Whether it writes this within so many seconds."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if re.search(pattern, self.log.read_text(encoding="utf-8", errors="replace")):
                return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.1)
        return False


@contextlib.contextmanager
def running(command: str, environment: dict[str, str], log: Path) -> Iterator[Process]:
    process = Process(command, environment, log)
    try:
        yield process
    finally:
        process.process.send_signal(signal.SIGTERM)
        try:
            process.process.wait(15)
        except subprocess.TimeoutExpired:
            process.process.kill()
            process.process.wait()
            raise AssertionError(f"does not stop when asked to: {command}") from None


def healthy(name: str, environment: dict[str, str], *more: str, seconds: float = 30) -> bool:
    """Whether the service's own health check is content within so many seconds."""
    command = [*SERVICES[name]["healthcheck"]["test"][1:], *more]
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if subprocess.run(command, env=environment, cwd=ROOT, capture_output=True).returncode == 0:
            return True
        time.sleep(0.2)
    return False


@together
@pytest.mark.redis
def test_the_web_server_serves_pages_and_files_behind_the_front_server(production, tmp_path):
    port = services.free_port()
    command = (
        SERVICES["web"]["command"].replace("0.0.0.0", "127.0.0.1").replace("--port 8000", f"--port {port}")
    )

    def ask(path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request(
            "GET", path, headers={"Host": HOST} | {k.replace("_", "-"): v for k, v in headers.items()}
        )
        return connection.getresponse()

    with running(command, production, tmp_path / "log") as web:
        assert healthy("web", production, str(port)), web.log.read_text()

        plain = ask("/accounts/login/")
        assert plain.status == 301
        assert plain.headers["Location"] == f"https://{HOST}/accounts/login/"

        front = {"X_Forwarded_Proto": "https", "X_Forwarded_For": "192.0.2.1"}
        page = ask("/accounts/login/", **front)
        assert page.status == 200
        assert "max-age=" in page.headers["Strict-Transport-Security"]
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        assert "Secure" in page.headers["Set-Cookie"]
        style = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', page.read().decode())
        assert style

        sheet = ask(style[1], Accept_Encoding="br", **front)
        assert sheet.status == 200
        assert sheet.headers["Content-Encoding"] == "br"
        assert "immutable" in sheet.headers["Cache-Control"]

        assert ask("/", **(front | {"Host": "elsewhere.example.org"})).status == 400


@together
@pytest.mark.redis
def test_the_worker_takes_tasks_from_the_queue(production, tmp_path):
    send = (
        "import django; django.setup(); from articles.tasks import deliver_messages; deliver_messages.delay()"
    )
    with running(SERVICES["worker"]["command"], production, tmp_path / "log") as worker:
        assert worker.wrote(r"ready\."), worker.log.read_text()
        environment = production | {"DJANGO_SETTINGS_MODULE": "netreview.settings"}
        done = subprocess.run(
            [sys.executable, "-c", send], env=environment, cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert worker.wrote(r"deliver_messages\[.*succeeded"), worker.log.read_text()
        assert healthy("worker", production)
        assert "Traceback" not in worker.log.read_text()


@together
@pytest.mark.redis
def test_the_clock_sends_the_sweep_of_the_outbox(production, tmp_path):
    environment = production | {"VAR_DIR": str(tmp_path)}
    with running(SERVICES["beat"]["command"], environment, tmp_path / "log") as beat:
        assert beat.wrote("beat: Starting"), beat.log.read_text()
        assert healthy("beat", environment)
        assert "Traceback" not in beat.log.read_text()


def test_what_the_clock_sends_are_tasks_that_exist():
    from netreview.celery import app

    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)
