"""Does any reader get what is no longer so? Publications and readers at once, compared by one clock."""

import bisect
import http.client
import json
import re
import threading
import time
from dataclasses import dataclass

from bench._server import Site

_MARKER = re.compile(rb"marker (\d+)\.")
READERS = 6


@dataclass(frozen=True)
class Found:
    """publications: how many were made. answers: how many of the readers' were looked at.

    kept: how many came from memory. stale: how many began after a commit and showed what was before it.
    """

    publications: int
    answers: int
    kept: int
    stale: int


def check(site: Site, path: str, seconds: float) -> Found:
    """Publish for so many seconds while readers ask without a pause, each on a connection it keeps."""
    stop = threading.Event()
    seen: list[tuple[float, int, bool]] = []
    failed: list[BaseException] = []

    def read() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        try:
            while not stop.is_set():
                began = time.monotonic()
                connection.request("GET", path)
                answer = connection.getresponse()
                body = answer.read()
                marker = _MARKER.search(body)
                if answer.status not in (200, 410) or marker is None:
                    raise RuntimeError(f"{path} answered {answer.status} without a marker")
                seen.append((began, int(marker[1]), (answer.getheader("ETag") or "W").startswith('"')))
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        printed = site.run("-m", "bench._publisher", str(seconds))
        time.sleep(0.2)  # some who come after the last one
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    if failed:
        raise failed[0]
    publications = [json.loads(line) for line in printed.splitlines()]
    done = [publication["done"] for publication in publications]
    numbers = [0, *(publication["number"] for publication in publications)]
    stale = sum(number < numbers[bisect.bisect_left(done, began)] for began, number, _ in seen)
    return Found(len(publications), len(seen), sum(kept for *_, kept in seen), stale)
