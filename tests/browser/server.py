"""The demo on a real server: granian, collected static files under their hashed names, the strict policy."""

import contextlib
import http.client
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import services

__all__ = ["PASSWORD", "Office", "running_office"]

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 60
# Of every account of the demo; bin/demo prints it.
PASSWORD = "netreview-demo"
# Articles made by the workflow, as everything else is.
_MAKE = """
from articles.models import User
from tests import makers
people = {name: User.objects.get(username=name) for name in ("ada", "ravi", "edith")}
made = makers.article(people["ada"], %r, reviewer=people["ravi"], editor=people["edith"], question=%r)
print(made.pk)
"""


@dataclass(frozen=True)
class Office:
    """A running server: where it answers, and what lies on it."""

    url: str
    var: Path

    environment: dict[str, str]

    def articles(self) -> dict[str, int]:
        """State -> the demo's article that its story leaves in it; of several the oldest.

        And "thread" -> the first thread of the one whose changes were requested.
        """
        with contextlib.closing(sqlite3.connect(self.var / "netreview.sqlite3")) as database:
            found = dict(database.execute("SELECT state, id FROM articles_article ORDER BY id DESC"))
            query = "SELECT min(id) FROM articles_thread WHERE article_id = ?"
            (thread,) = database.execute(query, [found["changes_requested"]]).fetchone()
            return found | {"thread": thread}

    def words(self) -> dict[str, object]:
        """What stands for what in the path of a Place: each state for its article, `mail` for a mail."""
        newest = max((self.var / "mail").iterdir(), key=lambda path: path.stat().st_mtime_ns)
        return {**self.articles(), "mail": f"{newest.stem}.0"}

    def make(self, state: str, question: str) -> int:
        """One more article of Ada's, in that state; Ravi reviews it. Tests that decide use their own."""
        return int(self.manage("shell", "--no-imports", "-c", _MAKE % (state, question)))

    def manage(self, *arguments: str) -> str:
        """Run a management command where the server has its files; return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextlib.contextmanager
def running_office(var: Path) -> Iterator[Office]:
    """Serve a fresh demo whose every file lies in `var`; stop it at the end."""
    port = services.free_port()
    url = f"http://127.0.0.1:{port}"
    # Nothing of this process's settings: the server reads its own, as bin/demo gives them.
    environment = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ
    }
    environment |= {
        "DEMO": "1",
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(var),
        "SITE_URL": url,
        "DJANGO_SETTINGS_MODULE": "netreview.settings",
    }

    office = Office(url, var, environment)
    office.manage("migrate", "--verbosity", "0")
    office.manage("collectstatic", "--no-input", "--verbosity", "0")
    office.manage("load_demo")
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += ["--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "error"]
    log = var / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "netreview.wsgi:application"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while not _answers(port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.1)
        yield office
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthz/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
