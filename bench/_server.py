"""The site as it runs in production, for measurements: two processes over a database of its own."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests import services

ROOT = Path(__file__).parent.parent
# As in the Dockerfile.
WORKERS = 2
GRANIAN = ("--interface", "wsgi", "--workers", str(WORKERS), "--blocking-threads", "8", "--no-ws")
_SECONDS_TO_START = 120


@dataclass(frozen=True)
class Site:
    """A running site. `environment` is that of its processes: commands run with it see the same data."""

    port: int
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        """Start Python beside the server, over the same data."""
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True
        )

    def run(self, *arguments: str) -> str:
        """Run Python over the same data; return what it printed."""
        process = self.command(*arguments)
        printed, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"{' '.join(arguments)} ended with status {process.returncode}")
        return printed

    def memory(self) -> float:
        """Resident memory of the largest web process, in megabytes."""
        return max(_resident(pid) for pid in _children(self.process.pid))

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """One request on a connection of its own: status, headers in lower case, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()


@contextlib.contextmanager
def running(
    var: Path, *, postgres: str = "", redis: str = "", application: str = "netreview.wsgi:application"
) -> Iterator[Site]:
    """Serve an empty office that keeps its files in `var`, and its data in a new database.

    postgres, redis: addresses of servers; without them SQLite, and the edition in a file.
    """
    with contextlib.ExitStack() as stack:
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        port = services.free_port()
        environment |= {
            "DEMO": "1",
            "ENV_FILE": os.devnull,
            "VAR_DIR": str(var),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "netreview.settings",
        }
        if postgres:
            environment["DATABASE_URL"] = stack.enter_context(_new_database(postgres))
        if redis:
            environment["REDIS_URL"] = redis
        for command in (["migrate", "--verbosity", "0"], ["collectstatic", "--no-input", "--verbosity", "0"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
        command = [sys.executable, "-m", "granian", *GRANIAN, "--host", "127.0.0.1", "--port", str(port)]
        log = stack.enter_context((var / "server.log").open("wb"))
        process = subprocess.Popen(
            [*command, "--log-level", "error", application],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        stack.callback(_stop, process)
        site = Site(port, environment, process)
        _wait_for(process, lambda: site.get("/healthz/")[0] == 200)
        yield site


@contextlib.contextmanager
def nginx(directory: Path, page: bytes, zipped: bytes, headers: Sequence[tuple[str, str]]) -> Iterator[int]:
    """Serve the same bytes as a file, with as many processes and the same headers; yields the port."""
    port = services.free_port()
    (directory / "page.html").write_bytes(page)
    (directory / "page.html.gz").write_bytes(zipped)
    directory.chmod(0o755)
    said = "\n".join(f'add_header {name} "{value}";' for name, value in headers)
    temporary = "\n".join(
        f"{kind}_temp_path {directory}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # What Debian's own configuration sets, with files compressed beforehand; connections are kept for as long
    # as the measurement lasts, as granian keeps them.
    (directory / "nginx.conf").write_text(
        f"""
        worker_processes {WORKERS}; daemon off; pid {directory}/pid; error_log {directory}/error.log;
        events {{ worker_connections 768; }}
        http {{
            sendfile on; tcp_nopush on; gzip_static on; gzip_vary on; access_log off;
            keepalive_requests 100000000;
            types {{ text/html html; }} charset utf-8; {temporary}
            server {{ listen 127.0.0.1:{port}; root {directory}; {said} }}
        }}
        """
    )
    process = subprocess.Popen(["nginx", "-c", str(directory / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        _wait_for(process, lambda: _answers(port))
        yield port
    finally:
        _stop(process)


def _answers(port: int) -> bool:
    """Whether a web server answers there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/page.html")
        return connection.getresponse().status == 200
    finally:
        connection.close()


@contextlib.contextmanager
def _new_database(server: str) -> Iterator[str]:
    name = f"netreview_bench_{os.getpid()}_{time.monotonic_ns() % 1_000_000}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _wait_for(process: subprocess.Popen[bytes], answers: object) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while True:
        with contextlib.suppress(OSError):
            if answers():  # type: ignore[operator]
                return
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args} did not start")
        time.sleep(0.1)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for children in tasks for child in children.read_text().split()]


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS:"))
