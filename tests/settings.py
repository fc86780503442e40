"""The project's settings as the tests use them: the same file, untouched by this machine's environment.

Only the database and Redis may be named from outside, by DATABASE_URL and REDIS_URL; `bin/test` does so for
its second pass. NETREVIEW_TEST_DB names the test database, for people who share one PostgreSQL server.
"""

import atexit
import os
import re
import shutil
import tempfile
import zlib
from pathlib import Path

_example = (Path(__file__).parent.parent / ".env.example").read_text(encoding="utf-8")
for _name in re.findall(r"^(?:# )?([A-Z_]+)=", _example, re.MULTILINE):
    if _name not in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(_name, None)

if "NETREVIEW_TEST_VAR" not in os.environ:
    # Made by the first process and inherited by the workers of a parallel run.
    os.environ["NETREVIEW_TEST_VAR"] = tempfile.mkdtemp(prefix="netreview-tests-")
    atexit.register(shutil.rmtree, os.environ["NETREVIEW_TEST_VAR"], ignore_errors=True)

os.environ |= {
    "ENV_FILE": os.devnull,
    "VAR_DIR": os.environ["NETREVIEW_TEST_VAR"],
    "SECRET_KEY": "only-for-tests",
    "HTTPS": "false",
    "LOG_LEVEL": "ERROR",
}

from netreview.settings import *  # noqa: E402, F403
from netreview.settings import BASE_DIR, CACHES, DATABASES, REDIS_URL, STORAGES, VAR_DIR  # noqa: E402

SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SQLITE:
    # A file and not memory: threads that write at the same time must meet the locks they meet in production.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
else:
    # Two checkouts that share a server do not meet in one test database.
    _database = os.environ.get("NETREVIEW_TEST_DB") or f"{zlib.crc32(str(BASE_DIR).encode()):08x}"
    DATABASES["default"]["TEST"] = {"NAME": f"test_netreview_{_database}"}

# Tests run tasks at once; those that are about the queue say so themselves.
CELERY_TASK_ALWAYS_EAGER = True
if REDIS_URL:
    # Each process of a parallel run has a cache of its own, and clears no other.
    CACHES["default"]["KEY_PREFIX"] = f"netreview-test-{os.getpid()}"

# Each process of a parallel run has a database of its own, so an edition too.
EDITION_FILE = f"edition-{os.getpid()}"

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The manifest wants `collectstatic` first, and the live server wants files as they lie in the source.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
