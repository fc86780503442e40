"""PostgreSQL and Redis for the tests: named in the environment, or on localhost, or started for the occasion.

    python -m tests.services COMMAND...

runs COMMAND with DATABASE_URL and REDIS_URL set to what was found, and stops afterwards whatever it started.
"""

import contextlib
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import redis

# Away from database 0, where a developer's own work would be.
REDIS_LOCAL = "redis://127.0.0.1:6379/15"
POSTGRES_LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"
SECONDS_TO_START = 30


def strict() -> bool:
    """Whether a missing service is a failure, as it is in continuous integration."""
    return os.environ.get("NETREVIEW_STRICT", "") not in ("", "0")


def postgres_answers(url: str) -> bool:
    """Whether a PostgreSQL server lets us in at this address."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


def redis_answers(url: str) -> bool:
    """Whether a Redis server lets us in at this address."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2, retry=None) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def postgres() -> Iterator[str | None]:
    """The address of a PostgreSQL server, or None where there is none and none can be started."""
    url = os.environ.get("NETREVIEW_TEST_DATABASE_URL") or POSTGRES_LOCAL
    if postgres_answers(url):
        yield url
        return
    binaries = _postgres_binaries()
    if "NETREVIEW_TEST_DATABASE_URL" in os.environ or binaries is None:
        yield None
        return
    account = _account_for_postgres()
    with tempfile.TemporaryDirectory(prefix="netreview-postgres-") as directory:
        if account:
            os.chown(directory, pwd.getpwnam(account).pw_uid, -1)
        data = f"{directory}/data"
        subprocess.run(
            [
                binaries / "initdb",
                "-D",
                data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            user=account,
            cwd=directory,
        )
        port = free_port()
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": directory,
            "max_connections": 200,
        }
        # Nothing in it has to survive a power cut.
        options |= {"port": port, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [
            str(binaries / "postgres"),
            "-D",
            data,
            *(f"--{name}={value}" for name, value in options.items()),
        ]
        url = f"postgres://postgres@127.0.0.1:{port}/postgres"
        with _running(command, lambda: postgres_answers(url), account, directory):
            yield url


@contextlib.contextmanager
def redis_server() -> Iterator[str | None]:
    """The address of a Redis server, or None where there is none and none can be started."""
    url = os.environ.get("NETREVIEW_TEST_REDIS_URL") or REDIS_LOCAL
    if redis_answers(url):
        yield url
        return
    binary = shutil.which("redis-server")
    if "NETREVIEW_TEST_REDIS_URL" in os.environ or binary is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="netreview-redis-") as directory:
        port = free_port()
        url = f"redis://127.0.0.1:{port}/0"
        command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", directory]
        with _running(command, lambda: redis_answers(url), None, directory):
            yield url


def chromium() -> str | None:
    """The browser that the browser tests drive, or None."""
    for name in ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    return None


def _postgres_binaries() -> Path | None:
    """The directory with `initdb` and `postgres` of the newest installed version."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: float(path.split("/")[4]))
    if not found and (elsewhere := shutil.which("initdb")):
        found = [os.path.realpath(elsewhere)]
    return Path(found[-1]).parent if found else None


def _account_for_postgres() -> str | None:
    """PostgreSQL refuses to run as root, so root runs it as somebody else."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return "nobody"


@contextlib.contextmanager
def _running(
    command: list[str], answers: Callable[[], bool], account: str | None, directory: str
) -> Iterator[None]:
    """A server in the background, ready when it answers, stopped at the end."""
    with open(f"{directory}/log", "wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, user=account, cwd=directory)
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while not answers():
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(
                    f"{command[0]} did not start:\n{Path(directory, 'log').read_text()[-2000:]}"
                )
            time.sleep(0.1)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # both servers take an interrupt as: stop now, in order
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def main(command: list[str]) -> int:
    """Run the command against both services; return its exit status, or 3 when strict and one is wanting."""
    with postgres() as database, redis_server() as queue:
        if database is None:
            print(
                "Skipped on PostgreSQL: no server on localhost, none installed. Install one, or name one in"
            )
            print("NETREVIEW_TEST_DATABASE_URL=postgres://user:password@host:5432/postgres")
            return 3 if strict() else 0
        if queue is None:
            print(
                "No Redis: install redis-server, or name one in NETREVIEW_TEST_REDIS_URL=redis://host:6379/15"
            )
            if strict():
                return 3
        environment = os.environ | {"DATABASE_URL": database} | ({"REDIS_URL": queue} if queue else {})
        return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
