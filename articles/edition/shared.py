"""The edition of several machines: it lives in Redis, and holds for two seconds at a time.

Whoever publishes while Redis is out of reach waits those two seconds inside the transaction: by then no
process believes what Redis said before, wherever the line was cut. The database keeps note of such
publications, so that the edition that is opened after them is a new one.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.connection import Connection
from redis.exceptions import ConnectionError as HungUp
from redis.exceptions import RedisError
from redis.retry import Retry

log = structlog.get_logger(__name__)

_LEASE = 2.0
# An order to open that Redis has not carried out by then is void: it may have waited in a queue somewhere.
_LATEST = 0.3
# How long a reader waits for Redis, and how long nobody asks again after it gave no answer. In seconds.
_TIMEOUT = 0.2
_REST = 1.0

_CLOSE = """
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[2], 'spent', 1)
"""
_OPEN = """
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
if now > tonumber(ARGV[1]) then return false end
local last, spent, owed = unpack(redis.call('HMGET', KEYS[2], 'number', 'spent', 'owed'))
if not last or spent or owed ~= ARGV[2] then
    -- Each edition has a second of its own, as in numbers.following.
    local next = (math.floor((tonumber(last) or 0) / 1000000) + 1) * 1000000
    last = string.format('%.0f', math.max(now, next))
    redis.call('HSET', KEYS[2], 'number', last, 'owed', ARGV[2])
    redis.call('HDEL', KEYS[2], 'spent')
end
redis.call('SET', KEYS[1], last, 'PX', ARGV[3])
return last
"""


class _Flight:
    """One question to Redis and all who wait for its answer."""

    __slots__ = ("answer", "has_leader", "landed")

    def __init__(self) -> None:
        self.answer: int | None = None
        self.has_leader = False
        self.landed = threading.Lock()
        self.landed.acquire()

    def arrival(self) -> int | None:
        with self.landed:
            return self.answer


class SharedEdition:
    """The same three calls as FileEdition, over the network. Reading it costs one GET."""

    # What somebody read may be believed this long (seconds) after Redis was lost from sight.
    patience = _LEASE + _LATEST + 0.2

    def __init__(self, url: str, key: str) -> None:
        self._keys = (f"{{{key}}}", f"{{{key}}}.last")
        self._client = Redis.from_url(
            url, socket_connect_timeout=0.5, socket_timeout=0.5, retry=Retry(NoBackoff(), 0)
        )
        pool = self._client.connection_pool
        quick = {"socket_timeout": _TIMEOUT, "socket_connect_timeout": _TIMEOUT}
        self._connection: Connection = pool.connection_class(**(pool.connection_kwargs | quick))
        # In the wire's own form, since it is said again and again.
        self._question = self._connection.pack_command("GET", self._keys[0])
        # Held for a moment only, never while somebody waits for Redis.
        self._door = threading.Lock()
        self._boarding, self._ahead = _Flight(), _Flight()
        self._ahead.landed.release()
        self._rest_until = 0.0

    def current(self) -> int | None:
        """The number of the open edition; None when it is closed or Redis does not say.

        An answer holds for everybody who was here before Redis was asked: under load one GET serves many.
        """
        with self._door:
            flight = self._boarding
            leads, flight.has_leader = not flight.has_leader, True
            ahead = self._ahead
        if not leads:
            return flight.arrival()
        ahead.arrival()
        with self._door:
            # Whoever comes from here on came too late for this answer.
            self._boarding, self._ahead = _Flight(), flight
        try:
            flight.answer = self._ask()
        finally:
            flight.landed.release()
        return flight.answer

    def _ask(self) -> int | None:
        if not self.in_reach:
            return None
        try:
            try:
                number = self._get()
            except HungUp:
                number = self._get()  # long ago perhaps, on a line that was idle
        except RedisError as error:
            self._rest(error)
            return None
        return int(number) if number else None

    def close(self) -> None:
        """Every process asks the database from now on. Raises RedisError when that cannot be made sure of."""
        self._client.eval(_CLOSE, 2, *self._keys)

    def open(self, owed: Callable[[], int]) -> int | None:
        """Open it for two seconds, under the last number if nothing was published since; None without Redis.

        The caller holds the database's lock. `owed` counts the publications that Redis was never told of.
        """
        try:
            seconds, microseconds = self._client.time()
        except RedisError as error:
            self._rest(error)
            return None
        asked = time.monotonic()
        latest = seconds * 1_000_000 + microseconds + int(_LATEST * 1_000_000)
        try:
            number: Any = self._client.eval(_OPEN, 2, *self._keys, latest, owed(), int(_LEASE * 1000))
        except RedisError as error:
            self._rest(error)
            # The order may still be on its way. The lock is held until it is void.
            time.sleep(max(0.0, asked + _LATEST + 0.05 - time.monotonic()))
            return None
        return int(number) if number else None

    def forget(self) -> None:
        """Take both keys out of Redis, as somebody may who empties it."""
        self._client.delete(*self._keys)

    @property
    def in_reach(self) -> bool:
        """Whether it is worth asking Redis: it gave an answer last time, or may have come back since."""
        return time.monotonic() >= self._rest_until

    def _get(self) -> Any:
        # The connection itself costs half of what the client with its pool costs.
        connection: Any = self._connection  # whose methods redis does not type
        try:
            connection.send_packed_command(self._question, check_health=False)
            return connection.read_response()
        except BaseException:
            # What is still on its way would be taken for the answer to the next question.
            connection.disconnect()
            raise

    def _rest(self, error: Exception) -> None:
        self._rest_until = time.monotonic() + _REST
        log.warning("edition_unreachable", error=str(error))
