"""Finished pages in memory: bounded in bytes, and without a lock on the way in which readers come."""

import threading

from netreview.finished.page import Page

# What makes an answer differ: the host, the path, and whether the reader came by HTTPS (two words on that).
Key = tuple[str | None, str, str, str | None]


class Store:
    """Pages by key. When room is needed, those go first that nobody asked for since it was last needed."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.size = 0
        self._pages: dict[Key, Page] = {}
        self._writing = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: Key) -> Page | None:
        """The page under a key, of whatever edition."""
        page = self._pages.get(key)
        if page is not None:
            page.asked = True
        return page

    def put(self, key: Key, page: Page) -> None:
        """Keep a page in place of the one before, unless it alone would take half of the room."""
        if page.size > self.room // 2:
            return
        with self._writing:
            older = self._pages.pop(key, None)
            if older is not None:
                self.size -= older.size
                page.inherit(older)
            self._pages[key] = page
            self.size += page.size
            while self.size > self.room:
                self._drop_one()

    def _drop_one(self) -> None:
        """Second chance: the oldest page goes, unless it was asked for; then it counts as the newest."""
        while True:
            key = next(iter(self._pages))
            page = self._pages.pop(key)
            if not page.asked:
                self.size -= page.size
                return
            page.asked = False
            self._pages[key] = page
