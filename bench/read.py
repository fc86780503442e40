"""The article page beside nginx with the same bytes in a file; and whether a reader ever gets an old one."""

import re
import shutil
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench import _server, _stale
from tests import services

ROUNDS = 5
SECONDS = 3
SECONDS_OF_PUBLISHING = 10
CONNECTIONS = 32
# Written by the servers themselves, or by nginx for its own file.
_OWN = {
    "content-length",
    "content-encoding",
    "content-type",
    "date",
    "etag",
    "last-modified",
    "server",
    "vary",
}


def main() -> dict[str, Any]:
    """Requests per second, in turns, each round all of them; then publications under load."""
    for program, package in (("wrk", "wrk"), ("nginx", "nginx-light")):
        if shutil.which(program) is None:
            raise SystemExit(f"bin/bench read needs {program}: on Debian, apt-get install {package}")
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="netreview-bench-")))
        redis = stack.enter_context(services.redis_server())
        if redis is None:
            raise SystemExit("bin/bench read needs Redis: on Debian, apt-get install redis-server")
        postgres = stack.enter_context(services.postgres()) or ""
        for name in ("local", "redis", "nginx"):
            (directory / name).mkdir()
        directory.chmod(0o755)
        local = stack.enter_context(_server.running(directory / "local"))
        shared = stack.enter_context(_server.running(directory / "redis", postgres=postgres, redis=redis))
        path = local.run("-m", "bench._publisher", "prepare").strip()
        shared.run("-m", "bench._publisher", "prepare")
        _, _, page = local.get(path)
        _, headers, zipped = local.get(path, **{"Accept-Encoding": "gzip"})
        alike = [(name, value) for name, value in headers.items() if name not in _OWN]
        port = stack.enter_context(_server.nginx(directory / "nginx", page, zipped, alike))
        addresses = {
            "nginx": (port, "/page.html", ""),
            "local": (local.port, path, ""),
            "redis": (shared.port, path, ""),
            "not_modified": (local.port, path, headers["etag"]),
        }
        before = local.memory()
        result = _measure(addresses)
        found = [_under_load(site, path) for site in (local, shared)]
        return {
            "page_bytes": len(page),
            "page_bytes_gzip": len(zipped),
            "workers": _server.WORKERS,
            "connections": CONNECTIONS,
            **result,
            "publications": sum(each.publications for each in found),
            "answers_checked": sum(each.answers for each in found),
            "answers_from_memory": sum(each.kept for each in found),
            "stale": sum(each.stale for each in found),
            "redis_database": "postgresql" if postgres else "sqlite",
            "memory_per_worker_mb_before": before,
            "memory_per_worker_mb": max(local.memory(), shared.memory()),
        }


def _measure(addresses: dict[str, tuple[int, str, str]]) -> dict[str, float]:
    rounds: list[dict[str, tuple[float, float, float]]] = []
    for number in range(ROUNDS + 1):
        taken = {name: _wrk(*address) for name, address in addresses.items()}
        if number:  # the first round only warms up
            rounds.append(taken)

    def median(value: Callable[[dict[str, tuple[float, float, float]]], float]) -> float:
        return statistics.median(map(value, rounds))

    result = {f"{name}_rps": median(lambda each, name=name: each[name][0]) for name in addresses}  # type: ignore[misc]
    # Within each round, since this machine may have other things to do from time to time.
    result["ratio_local"] = median(lambda each: each["local"][0] / each["nginx"][0])
    result["ratio_redis"] = median(lambda each: each["redis"][0] / each["nginx"][0])
    result["ratio_not_modified"] = median(lambda each: each["not_modified"][0] / each["local"][0])
    for prefix, name in (("", "local"), ("nginx_", "nginx"), ("redis_", "redis")):
        result[f"{prefix}p50_ms"] = median(lambda each, name=name: each[name][1])  # type: ignore[misc]
        result[f"{prefix}p99_ms"] = median(lambda each, name=name: each[name][2])  # type: ignore[misc]
    return result


def _wrk(port: int, path: str, tag: str, seconds: int = SECONDS) -> tuple[float, float, float]:
    """Requests per second, and in milliseconds what half of them and 99 of 100 stay under."""
    command = ["wrk", "--latency", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "-H", "Accept-Encoding: gzip"]
    if tag:
        command += ["-H", f"If-None-Match: {tag}"]
    printed = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"], check=True, capture_output=True, text=True
    ).stdout
    if "Socket errors" in printed or "Non-2xx" in printed:
        raise RuntimeError(f"not every answer was a page:\n{printed}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    assert rate is not None
    half, most = (_milliseconds(printed, share) for share in (50, 99))
    return float(rate[1]), half, most


def _milliseconds(printed: str, share: int) -> float:
    found = re.search(rf"^\s+{share}%\s+([\d.]+)(us|ms|s|m)\s*$", printed, re.MULTILINE)
    assert found is not None, printed
    value, unit = found.groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def _under_load(site: _server.Site, path: str) -> _stale.Found:
    with _load(site.port, path):
        return _stale.check(site, path, SECONDS_OF_PUBLISHING)


@contextmanager
def _load(port: int, path: str) -> Iterator[None]:
    """Other readers meanwhile, as many as the machine bears. Some find the article gone, and rightly."""
    command = ["wrk", "-t1", "-c4", f"-d{SECONDS_OF_PUBLISHING}s", "-H", "Accept-Encoding: gzip"]
    load = threading.Thread(
        target=subprocess.run,
        args=([*command, f"http://127.0.0.1:{port}{path}"],),
        kwargs={"check": True, "stdout": subprocess.DEVNULL},
    )
    load.start()
    yield
    load.join()
