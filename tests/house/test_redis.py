"""Redis may be there, be gone, or take connections and say nothing; nobody who works here may notice."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings

from netreview.cache import ForgivingRedisCache

PUBLISH = """
import time, django
django.setup()
from kombu.exceptions import OperationalError
from articles.tasks import deliver_messages
for _ in range(2):  # the first call also loads the queue's code
    started = time.monotonic()
    try:
        deliver_messages.delay()
    except OperationalError:
        print(time.monotonic() - started)
"""


@pytest.fixture(params=["nobody listens", "somebody listens and is silent"])
def dead_redis(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a Redis that is no help."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if request.param != "nobody listens":
            server.listen(5)
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def test_a_dead_broker_costs_a_request_a_second_at_most(dead_redis, tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "netreview.settings",
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "x",
        "VAR_DIR": str(tmp_path),
        "REDIS_URL": dead_redis,
    }
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    _, seconds = map(float, done.stdout.split())
    assert seconds < 1.5


def test_a_dead_cache_is_an_empty_cache(dead_redis):
    cache = ForgivingRedisCache(dead_redis, {})
    started = time.monotonic()
    assert cache.get("key") is None
    assert cache.get("key", 5) == 5
    assert cache.add("key", 1)
    cache.set("key", 1)
    assert cache.get_many(["key"]) == {}
    assert not cache.has_key("key")
    assert not cache.delete("key")
    cache.clear()
    with pytest.raises(ValueError, match="not found"):
        cache.incr("key")
    assert time.monotonic() - started < 9 * 1.0


@pytest.mark.redis
def test_a_living_cache_keeps_what_it_is_given(redis_url):
    cache = ForgivingRedisCache(redis_url, {"KEY_PREFIX": f"netreview-house-{os.getpid()}"})
    try:
        cache.set("key", {"a": 1})
        assert cache.get("key") == {"a": 1}
        assert not cache.add("key", 2)
        assert cache.get_many(["key", "other"]) == {"key": {"a": 1}}
        cache.set("count", 1)
        assert cache.incr("count") == 2
    finally:
        cache.clear()
    assert cache.get("key") is None


@pytest.mark.redis
def test_emptying_the_cache_leaves_the_queue_in_the_same_redis_alone(redis_url):
    queue = f"netreview-house-queue-{os.getpid()}"
    with redis.Redis.from_url(redis_url) as client:
        client.lpush(queue, "a task")
        try:
            cache = ForgivingRedisCache(redis_url, {"KEY_PREFIX": f"netreview-house-{os.getpid()}"})
            cache.set("key", 1)
            cache.clear()
            assert cache.get("key") is None
            assert client.llen(queue) == 1
        finally:
            client.delete(queue)


def test_the_settings_use_the_cache_that_forgets():
    assert (
        "netreview.cache.ForgivingRedisCache" in Path(settings.BASE_DIR, "netreview/settings.py").read_text()
    )
