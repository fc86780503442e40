"""A Redis cache that forgets instead of failing.

What is cached (rate limits, counts) may be lost at any time. When Redis is down the site goes on: logging in,
reviewing and reading need the database and nothing else.
"""

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = structlog.get_logger(__name__)


def _forgiving(method: Callable[..., Any], answer: Any) -> Callable[..., Any]:
    """The method, answering `answer` where Redis cannot be asked."""

    def ask(self: "ForgivingRedisCache", *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        except RedisError as error:
            log.warning("cache_unreachable", operation=method.__name__, error=str(error))
            return answer

    return ask


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, empty while Redis is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        # The library's own default waits and tries again, several seconds in all, inside the request.
        quick = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry": Retry(NoBackoff(), 0)}
        super().__init__(server, params | {"OPTIONS": quick | params.get("OPTIONS", {})})

    add = _forgiving(RedisCache.add, True)
    set = _forgiving(RedisCache.set, None)
    touch = _forgiving(RedisCache.touch, False)
    delete = _forgiving(RedisCache.delete, False)
    has_key = _forgiving(RedisCache.has_key, False)
    set_many = _forgiving(RedisCache.set_many, [])
    delete_many = _forgiving(RedisCache.delete_many, None)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value kept under a key, or the default."""
        return _forgiving(RedisCache.get, default)(self, key, default, version)

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        """The values that are there, by key."""
        return dict(_forgiving(RedisCache.get_many, {})(self, keys, version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Count up. Raises ValueError for a key that is not there, and a cache that is down has none."""
        try:
            return super().incr(key, delta, version)
        except RedisError as error:
            raise ValueError(f"Key {key!r} not found: the cache cannot be reached.") from error

    def clear(self) -> None:
        """Empty this cache, and leave alone the task queue that lives in the same Redis."""
        _forgiving(ForgivingRedisCache._delete_own_keys, None)(self)

    def _delete_own_keys(self) -> None:
        client = self._cache.get_client(None, write=True)
        for key in client.scan_iter(match=f"{self.key_prefix}:*", count=1000):
            client.delete(key)
