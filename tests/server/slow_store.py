"""A store on a disk that a test makes slow, and breaks."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from evchat.core.query import Query
from evchat.core.store import StoreError
from evchat.storage.sqlite.store import SqliteStore
from tests.server.halves import HANGS


class SlowStore(SqliteStore):
    """A database whose commits take as long as `hold` says, until `release`, and fail while it is `broken`."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, "normal")
        self._may_end = threading.Event()
        self._may_end.set()
        self.broken = False
        self.asked: list[Query[Any]] = []
        self.syncs = self.tidied = 0

    def hold(self) -> None:
        self._may_end.clear()

    def release(self) -> None:
        self._may_end.set()

    def sync(self) -> None:
        self.syncs += 1
        assert self._may_end.wait(HANGS)
        if self.broken:
            self._db.execute("ROLLBACK")
            raise StoreError("The disk is full.")
        super().sync()

    def tidy(self, now: int) -> bool:
        assert self._may_end.wait(HANGS)
        self.tidied += 1
        return super().tidy(now)

    def fetch(self, query: Query[Any]) -> list[Any]:
        self.asked.append(query)
        return super().fetch(query)
