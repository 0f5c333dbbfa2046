"""A user's direct conversations, out of the tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from evchat.core.records import Direct, DirectsOf
from evchat.protocol.names import user_key
from evchat.storage.sqlite.rows import COLUMNS, said

_LOOKED_AT = 5_000
"""Conversations of a user, those begun last, whose last message is looked up, whoever fills the tables: some 30 ms, all
of it SQLite's own, during which other threads run."""
_PART = 200
"""Conversations told of in one step: some 5 ms."""

# Of `last`, the first part of the index is for what both see, and the second for what the user alone does.
_LATEST = """
    WITH pairs AS (
        SELECT id, key FROM conversations
        WHERE instr(key, ' ') > 0 AND substr(key, 1, instr(key, ' ') - 1) = :user
        UNION SELECT id, key FROM conversations
        WHERE instr(key, ' ') > 0 AND substr(key, instr(key, ' ') + 1) = :user
        ORDER BY id DESC LIMIT :pairs
    ), last AS (
        SELECT pairs.id, pairs.key, max(
            ifnull((SELECT max(seq) FROM messages WHERE conversation = pairs.id AND only = ''), 0),
            ifnull((SELECT max(seq) FROM messages WHERE conversation = pairs.id AND only = :user), 0)
        ) AS seq FROM pairs
    )
    SELECT last.id, last.key, last.seq,
        ifnull((SELECT r.seq FROM read_marks r WHERE r.user = :user AND r.conversation = last.id), 0),
        ifnull((SELECT max(c.rev) FROM messages c WHERE c.conversation = last.id AND c.rev > 0), 0)
    FROM last CROSS JOIN messages m ON m.conversation = last.id AND m.seq = last.seq
    ORDER BY m.at DESC, last.key LIMIT :limit
"""
_MESSAGE = f"SELECT {COLUMNS} FROM messages m WHERE m.conversation = ? AND m.seq = ?"
_WAITING = """
    SELECT m.conversation, count(*) FROM inbox i CROSS JOIN messages m ON m.id = i.message
    WHERE i.user = ? GROUP BY m.conversation
"""
_ABOVE = """
    SELECT sender, count(*) FROM (
        SELECT sender FROM messages WHERE conversation = ? AND only = '' AND seq > ? ORDER BY seq LIMIT ?
    ) GROUP BY sender
"""


class Directs:
    """Answers `DirectsOf`. Raises sqlite3.Error."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def steps(self, query: DirectsOf) -> Iterator[list[Direct] | None]:
        """The conversations of a user, the latest first; before them a None for each part looked at so far."""
        given = {"user": query.user, "pairs": _LOOKED_AT, "limit": max(query.limit, 0)}
        latest = self._db.execute(_LATEST, given).fetchall()
        yield None
        waiting = dict(self._db.execute(_WAITING, (query.user,)))
        found = []
        for begin in range(0, len(latest), _PART):
            yield None
            for number, key, seq, read, rev in latest[begin : begin + _PART]:
                message = said(key, self._db.execute(_MESSAGE, (number, seq)).fetchone())
                unread = self._unread(query, number, read)
                found.append(Direct(message, read, unread, waiting.get(number, 0), rev))
        yield found

    def _unread(self, query: DirectsOf, conversation: int, read: int) -> int:
        rows = self._db.execute(_ABOVE, (conversation, read, query.max_unread)).fetchall()
        return sum(count for sender, count in rows if user_key(sender) != query.user)
