"""Deleting for good: messages whose time is over, and what is stored about people who want it erased.

SQLite overwrites what is deleted (`secure_delete`). Two places keep a text longer, and are seen to at the end of each
round: the search index only notes what was deleted until all of it is merged, and the write-ahead log holds earlier
pages until it is cut.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from evchat.protocol.names import user_key
from evchat.storage.sqlite.rows import REDACTED
from evchat.storage.sqlite.search import SearchIndex

_STEP: Final = 500
"""Messages deleted in one step: about 10 ms."""
_LOOKED_AT: Final = 5_000
"""Messages looked at in one step for those of a person: about 5 ms."""
_CONVERSATIONS: Final = 500
"""Conversations looked at in one step for messages whose time is over: about 3 ms."""
_ROUND: Final = 3_600_000
"""Milliseconds between two rounds through all conversations."""
_AGAIN: Final = 1_000
"""Milliseconds until the log is tried again, where somebody was reading it."""
_DAY: Final = 24 * 3_600_000

_OWN: Final = (
    ("accounts", "UPDATE accounts SET secret = '' WHERE user = ?"),
    *(
        (table, f"DELETE FROM {table} WHERE {column} = ?")
        for table, column in (
            ("known", "user"),
            ("metadata", "owner"),
            ("blockings", "user"),
            ("account_channels", "user"),
            ("proven_places", "key"),
            ("read_marks", "user"),
            ("receipts", "user"),
            ("inbox", "user"),
            ("certificates", "user"),
        )
    ),
)
"""What belongs to one person alone. The name stays with the account: nobody is to take it and pass for its owner."""


class Expiry:
    """Does it in steps, each in a transaction of its own. Raises sqlite3.Error."""

    def __init__(self, db: sqlite3.Connection, search: SearchIndex) -> None:
        self._db = db
        self._search = search
        self._days: dict[str, int] = {}
        """How long messages are kept, by conversation; "" is all."""
        self._erases = False
        self._place = 0
        """The conversation up to which this round has come."""
        self._next_round = 0
        self._merges = False
        """Whether the index still notes what is deleted."""
        self._cut_at: int | None = None
        """When the log is to be cut; None: it need not be."""
        self.load()

    def load(self) -> None:
        """Learns what is to be done, after it has changed; a round begins."""
        self._days = dict(self._db.execute("SELECT conversation, days FROM retention WHERE days > 0"))
        self._erases = self._db.execute("SELECT 1 FROM erasures").fetchone() is not None
        self._place = self._next_round = 0

    def due(self, now: int) -> bool:
        """Whether there is a step to make."""
        sweeps = bool(self._days) and (self._place > 0 or now >= self._next_round)
        return sweeps or self._erases or self._merges or (self._cut_at is not None and now >= self._cut_at)

    def step(self, now: int) -> None:
        """Makes one. To be called in a transaction, and `cut` after it."""
        if self._erases:
            self._erase_some(now)
        elif self._days and (self._place > 0 or now >= self._next_round):
            self._sweep(now)
        elif self._merges:
            self._merges = self._search.merge_all()

    def cut(self, now: int) -> None:
        """Cuts the log when all else is done. To be called when no transaction is open."""
        if self._cut_at is None or now < self._cut_at or self._erases or self._merges or self._place:
            return
        busy = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        self._cut_at = now + _AGAIN if busy else None

    def _deleted(self, now: int) -> None:
        self._merges = self._search.has_fts
        self._cut_at = now

    # ---- messages whose time is over ----------------------------------------------------------------------------

    def _sweep(self, now: int) -> None:
        """Goes on through the conversations; the round ends with the last one."""
        general, left = self._days.get("", 0), _STEP
        rows = self._db.execute(
            "SELECT id, key FROM conversations WHERE id >= ? ORDER BY id LIMIT ?",
            (self._place, _CONVERSATIONS),
        ).fetchall()
        for number, key in rows:
            own = self._days.get(key, 0)
            days = min(own, general) if own and general else own or general
            if days:
                left -= self._expire(number, now - days * _DAY, left, now)
            if left <= 0:
                self._place = number  # there may be more of it
                return
        if len(rows) == _CONVERSATIONS:
            self._place = rows[-1][0] + 1
        else:
            self._place, self._next_round = 0, now + _ROUND

    def _expire(self, number: int, before: int, most: int, now: int) -> int:
        """Deletes the oldest messages of a conversation that were said before a time. Returns how many."""
        rows = self._db.execute(
            "SELECT id, seq, at, rev FROM messages WHERE conversation = ? ORDER BY seq LIMIT ?",
            (number, most),
        ).fetchall()
        old = []
        for row in rows:
            if row[2] >= before:
                break
            old.append(row)
        if not old:
            return 0
        for row in old:
            self._delete(row[0])
        self._db.execute(
            "UPDATE conversations SET gone = ?, gone_at = ?, gone_rev = max(gone_rev, ?) WHERE id = ?",
            (old[-1][1], old[-1][2], max(row[3] for row in old), number),
        )
        self._deleted(now)
        return len(old)

    def _delete(self, message: int) -> None:
        self._search.forget(message)
        self._db.execute("DELETE FROM inbox WHERE message = ?", (message,))
        self._db.execute("DELETE FROM redactions WHERE message = ?", (message,))
        last = self._db.execute("SELECT max(id) FROM messages").fetchone()[0]
        if message == last:
            # A row of nothing keeps its id from being given again: the index and the inbox count on the order of ids.
            self._db.execute(
                "UPDATE messages SET conversation = 0, seq = -id, at = 0, sender = '', receiver = '', text = '',"
                " flags = ?, client_id = NULL, only = NULL, account = '', extra = '', rev = 0 WHERE id = ?",
                (REDACTED, message),
            )
        else:
            self._db.execute("DELETE FROM messages WHERE id = ?", (message,))
        self._db.execute("DELETE FROM messages WHERE conversation = 0 AND seq > ?", (-last,))

    # ---- people -------------------------------------------------------------------------------------------------

    def _erase_some(self, now: int) -> None:
        """Goes on with the erasure that was asked for first."""
        user, name, at, done = self._db.execute(
            "SELECT user, name, at, done FROM erasures ORDER BY at, user LIMIT 1"
        ).fetchone()
        rows = self._db.execute(
            "SELECT id, sender, account FROM messages WHERE id > ? ORDER BY id LIMIT ?", (done, _LOOKED_AT)
        ).fetchall()
        blanked = 0
        for message, sender, account in rows:
            if user_key(account or sender) == user:
                self._blank(message, name, at)
                blanked += 1
            done = message
            if blanked >= _STEP:
                break
        if blanked:
            self._deleted(now)
        if blanked < _STEP and len(rows) < _LOOKED_AT:
            erase_own(self._db, user)  # also what was kept since, as that the user has gone
            self._db.execute("DELETE FROM erasures WHERE user = ?", (user,))
            self._erases = self._db.execute("SELECT 1 FROM erasures").fetchone() is not None
            self._cut_at = now
        else:
            self._db.execute("UPDATE erasures SET done = ? WHERE user = ?", (done, user))

    def _blank(self, message: int, name: str, at: int) -> None:
        self._search.forget(message)
        self._db.execute(
            "UPDATE messages SET text = '', extra = '', client_id = NULL, flags = flags | ? WHERE id = ?",
            (REDACTED, message),
        )
        self._db.execute(
            "INSERT OR IGNORE INTO redactions (message, name, at, reason) VALUES (?, ?, ?, '')",
            (message, name, at),
        )


def erase_own(db: sqlite3.Connection, user: str) -> None:
    """Deletes what is kept of a person beside messages. To be called in a transaction."""
    for _, statement in _OWN:
        db.execute(statement, (user,))
