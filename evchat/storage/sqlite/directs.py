"""A user's direct conversations, out of the tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from evchat.core.records import Direct, DirectsOf
from evchat.protocol.names import user_key
from evchat.storage.sqlite.rows import COLUMNS, said

_LOOKED_AT = 5_000
"""Conversations of a user, those begun last, whose last message is looked up, whoever fills the tables."""
_PART = 200
"""Conversations looked at in one step: some 5 ms."""

_PAIRS = """
    SELECT id, key FROM conversations
    WHERE instr(key, ' ') > 0 AND substr(key, 1, instr(key, ' ') - 1) = :user
    UNION SELECT id, key FROM conversations
    WHERE instr(key, ' ') > 0 AND substr(key, instr(key, ' ') + 1) = :user
    ORDER BY id DESC LIMIT :limit
"""

# The part of the index for what both see, and the one for what the user alone does.
_LAST = """
    SELECT max(
        ifnull((SELECT max(seq) FROM messages WHERE conversation = :number AND only = ''), 0),
        ifnull((SELECT max(seq) FROM messages WHERE conversation = :number AND only = :user), 0)
    )
"""

_MESSAGE = f"SELECT {COLUMNS} FROM messages m WHERE m.conversation = ? AND m.seq = ?"
_READ = "SELECT seq FROM read_marks WHERE user = ? AND conversation = ?"
_WAITING = """
    SELECT m.conversation, count(*) FROM inbox i CROSS JOIN messages m ON m.id = i.message
    WHERE i.user = ? GROUP BY m.conversation
"""
_ABOVE = "SELECT sender FROM messages WHERE conversation = ? AND only = '' AND seq > ? ORDER BY seq LIMIT ?"


class Directs:
    """Answers `DirectsOf`. Raises sqlite3.Error."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def steps(self, query: DirectsOf) -> Iterator[list[Direct] | None]:
        """The conversations of a user, the latest first; before them a None for each part looked at so far."""
        user = query.user
        last = []
        pairs = self._db.execute(_PAIRS, {"user": user, "limit": _LOOKED_AT}).fetchall()
        for begin in range(0, len(pairs), _PART):
            for number, key in pairs[begin : begin + _PART]:
                (seq,) = self._db.execute(_LAST, {"number": number, "user": user}).fetchone()
                if seq:
                    last.append((number, said(key, self._db.execute(_MESSAGE, (number, seq)).fetchone())))
            yield None
        last.sort(key=lambda item: (-item[1].at, item[1].conversation))
        waiting = dict(self._db.execute(_WAITING, (user,)))
        shown = last[: max(query.limit, 0)]
        found = []
        for begin in range(0, len(shown), _PART):
            yield None
            for number, message in shown[begin : begin + _PART]:
                rows = self._db.execute(_READ, (user, number)).fetchall()
                read = rows[0][0] if rows else 0
                unread = self._unread(query, number, read)
                found.append(Direct(message, read, unread, waiting.get(number, 0)))
        yield found

    def _unread(self, query: DirectsOf, conversation: int, read: int) -> int:
        rows = self._db.execute(_ABOVE, (conversation, read, query.max_unread)).fetchall()
        return sum(user_key(sender) != query.user for (sender,) in rows)
