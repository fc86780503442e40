"""The edition of one machine: sixteen bytes that all its processes map into their memory."""

import mmap
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from articles.edition.numbers import following

_SIZE = 16
# How often (seconds) a reader makes sure that the file is still the one that others look at.
_LOOK = 1.0


class FileEdition:
    """Two numbers of 64 bits, each read and written in one go: the open edition (0: closed) and the last one.

    Reading costs less than a microsecond. While the file cannot be opened the edition is closed, and `close`
    raises OSError: nothing may be published of which other processes would not hear.
    """

    in_reach = True
    # Every process of the machine sees the file at all times, so there is nobody to wait for.
    patience = 0.0

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opening = threading.Lock()
        self._descriptor = -1
        self._numbers: memoryview | None = None
        self._look_at = 0.0

    def current(self) -> int | None:
        """The number of the open edition, or None."""
        if time.monotonic() >= self._look_at:
            try:
                self._map()
            except OSError:
                return None
        numbers = self._numbers
        return numbers[0] or None if numbers is not None else None

    def close(self) -> None:
        """From now on every process asks the database."""
        before = self._numbers
        numbers = self._map()
        numbers[0] = 0
        if before is not None and before is not numbers:
            # Somebody took the file away. Who has not noticed yet will by then.
            time.sleep(_LOOK)

    def open(self, owed: Callable[[], int]) -> int | None:
        """Open it under a new number. The caller holds the database's lock; `owed` is for other kinds."""
        try:
            numbers = self._map()
        except OSError:
            return None
        numbers[1] = following(numbers[1])
        numbers[0] = numbers[1]
        return numbers[0]

    def _map(self) -> memoryview:
        """The numbers in the file that lies at `path` now."""
        with self._opening:
            if self._numbers is None or not os.fstat(self._descriptor).st_nlink:
                descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o660)
                if os.fstat(descriptor).st_size < _SIZE:
                    os.ftruncate(descriptor, _SIZE)
                self._numbers = memoryview(mmap.mmap(descriptor, _SIZE)).cast("Q")
                if self._descriptor >= 0:
                    os.close(self._descriptor)
                self._descriptor = descriptor
            self._look_at = time.monotonic() + _LOOK
            return self._numbers
