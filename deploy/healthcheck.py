"""Exit with 0 when the process in this container works: `healthcheck.py web [PORT [HOST]]` or `… beat`.

Standard library only: it starts every few seconds.
"""

import http.client
import os
import sys
import time
from pathlib import Path

# Celery's beat writes its schedule file every three minutes.
BEAT_IS_LATE_AFTER = 10 * 60


def web(port: str = "8000", host: str = "127.0.0.1") -> bool:
    """Whether the web server answers a page that asks the database something."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    # The program refuses requests for other hosts, so ask for the first of its own.
    name = (
        os.environ.get("ALLOWED_HOSTS", "localhost")
        .split(",")[0]
        .strip()
        .lstrip(".")
        .replace("*", "localhost")
    )
    connection = http.client.HTTPConnection(reachable, int(port), timeout=3)
    connection.request("GET", "/healthz/", headers={"Host": name or "localhost"})
    return connection.getresponse().status == 200


def beat() -> bool:
    """Whether the clock of the task queue still ticks."""
    schedules = Path(os.environ.get("VAR_DIR", "var")).glob("celerybeat-schedule*")
    return any(time.time() - path.stat().st_mtime < BEAT_IS_LATE_AFTER for path in schedules)


if __name__ == "__main__":
    try:
        healthy = {"web": web, "beat": beat}[sys.argv[1]](*sys.argv[2:])
    except (OSError, http.client.HTTPException) as error:
        sys.exit(str(error))
    sys.exit(0 if healthy else "unhealthy")
