"""The numbers that conversations have in the tables, instead of their long keys."""

from __future__ import annotations

import sqlite3


class Conversations:
    """Numbers by key. Those in use are remembered; `forget` them when a transaction that made some is rolled back."""

    _MOST = 100_000
    """Keys remembered at once, about 20 MB; beyond it all are looked up again."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.known: dict[str, int] = {}
        """The cache, for the one loop that can't afford a call."""

    def find(self, key: str) -> int | None:
        """The number of a conversation, or None if nothing was ever kept of it."""
        number = self.known.get(key)
        if number is None:
            found = self._db.execute("SELECT id FROM conversations WHERE key = ?", (key,)).fetchone()
            if found is not None:
                number = self._remember(key, found[0])
        return number

    def make(self, key: str) -> int:
        """The number of a conversation, a new one if need be. To be called in a transaction that writes."""
        number = self.find(key)
        if number is None:
            self._db.execute("INSERT INTO conversations (key) VALUES (?)", (key,))
            number = self.find(key)
            assert number is not None
        return number

    def forget(self) -> None:
        """Numbers given in this transaction do not exist any more."""
        self.known.clear()

    def _remember(self, key: str, number: int) -> int:
        if len(self.known) >= self._MOST:
            self.known.clear()
        self.known[key] = number
        return number
