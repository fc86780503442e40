"""What the settings make of an environment: each case is a process of its own, as in real life."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SHOW = """
import json, pathlib, csp.constants, netreview.settings as s
plain = (pathlib.Path, csp.constants.Nonce)
show = lambda value: str(value) if isinstance(value, plain) else type(value).__name__
print(json.dumps({name: getattr(s, name) for name in dir(s) if name.isupper()}, default=show))
"""


def load(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a fresh process that has only this environment."""
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "VAR_DIR": str(tmp_path)} | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def values(tmp_path: Path, **environment: str) -> dict[str, Any]:
    done = load(tmp_path, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_production_without_a_secret_key_refuses_to_start_and_says_what_to_do(tmp_path):
    done = load(tmp_path)
    assert done.returncode != 0
    assert "SECRET_KEY is missing" in done.stderr
    assert ".env.example" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_empty_secret_key_counts_as_missing(tmp_path):
    assert "SECRET_KEY is missing" in load(tmp_path, SECRET_KEY="").stderr


def test_production_is_safe_where_nothing_is_said(tmp_path):
    got = values(tmp_path, SECRET_KEY="x")
    assert not got["DEBUG"]
    assert not got["DEMO"]
    assert got["SESSION_COOKIE_SECURE"]
    assert got["CSRF_COOKIE_SECURE"]
    assert got["SECURE_SSL_REDIRECT"]
    assert got["SECURE_HSTS_SECONDS"] >= 31536000
    assert got["ALLOWED_HOSTS"] == []
    assert got["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert "SECURE_PROXY_SSL_HEADER" not in got


def test_a_front_server_is_believed_only_when_it_is_announced(tmp_path):
    assert values(tmp_path, SECRET_KEY="x", TRUSTED_PROXIES="1")["SECURE_PROXY_SSL_HEADER"] == [
        "HTTP_X_FORWARDED_PROTO",
        "https",
    ]


def test_a_demo_makes_its_own_key_once_and_keeps_it_private(tmp_path):
    first = values(tmp_path, DEMO="1")
    again = values(tmp_path, DEMO="1")
    assert first["SECRET_KEY"] == again["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert not first["DEBUG"]
    assert not first["SESSION_COOKIE_SECURE"]
    assert first["EMAIL_FILE_PATH"] == str(tmp_path / "mail")


def test_sqlite_waits_its_turn_instead_of_failing(tmp_path):
    options = values(tmp_path, SECRET_KEY="x")["DATABASES"]["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == 20
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL"):
        assert pragma in options["init_command"]


def test_postgresql_is_pooled_and_redis_takes_cache_and_queue(tmp_path):
    got = values(tmp_path, SECRET_KEY="x", DATABASE_URL="postgres://a:b@h/db", REDIS_URL="redis://h:6379/0")
    assert got["DATABASES"]["default"]["OPTIONS"]["pool"]["max_size"] == 8
    assert got["CELERY_BROKER_URL"] == "redis://h:6379/0"
    assert not got["CELERY_TASK_ALWAYS_EAGER"]
    assert got["CACHES"]["default"]["LOCATION"] == "redis://h:6379/0"


def test_without_redis_tasks_run_at_once(tmp_path):
    assert values(tmp_path, SECRET_KEY="x")["CELERY_TASK_ALWAYS_EAGER"]


def test_a_mail_address_is_taken_apart(tmp_path):
    got = values(tmp_path, SECRET_KEY="x", EMAIL_URL="submission://user:se%40cret@mail.example.org:587")
    assert (got["EMAIL_HOST"], got["EMAIL_PORT"], got["EMAIL_USE_TLS"]) == ("mail.example.org", 587, True)
    assert got["EMAIL_HOST_PASSWORD"] == "se@cret"


def test_a_mail_address_of_an_unknown_kind_is_refused_with_the_kinds_there_are(tmp_path):
    assert "submission://" in load(tmp_path, SECRET_KEY="x", EMAIL_URL="pigeon://host").stderr


@pytest.mark.parametrize("name", ["QUESTION_RETENTION_DAYS"])
def test_a_rule_of_the_house_cannot_be_switched_off_with_a_zero(tmp_path, name):
    done = load(tmp_path, SECRET_KEY="x", **{name: "0"})
    assert done.returncode != 0
    assert name in done.stderr


def test_the_content_security_policy_allows_nothing_inline_and_no_other_host(tmp_path):
    directives = values(tmp_path, SECRET_KEY="x")["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert directives["default-src"] == ["'none'"]
    for sources in directives.values():
        assert set(sources) <= {"'self'", "'none'", "data:", "csp.constants.NONCE"}
    assert "data:" not in directives["script-src"] + directives["style-src"]


def test_every_variable_is_explained_in_the_example_and_none_that_nothing_reads():
    source = (ROOT / "netreview/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    read |= set(re.findall(r"\$\{([A-Z_]+)", compose))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)) == read


def test_the_container_gets_only_variables_that_settings_read():
    source = (ROOT / "netreview/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert set(compose["services"]["web"]["environment"]) <= read
