"""What is stored about one person."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from evchat.core.records import PersonalDataOf
from evchat.protocol.names import user_key
from evchat.storage.message_row import Row, message_row
from evchat.storage.sqlite.rows import COLUMNS, said

_LOOKED_AT = 5_000
"""Messages looked at in one step: some 20 ms, most of it SQLite's own."""

OF_A_PERSON = (
    ("account", "SELECT name, at FROM accounts WHERE user = :user"),
    ("seen", "SELECT name, seen AS at FROM known WHERE user = :user"),
    ("metadata", "SELECT owner AS name, entries FROM metadata WHERE owner = :user"),
    ("blocked", "SELECT name FROM blockings WHERE user = :user ORDER BY blocked"),
    ("channel", "SELECT name, away FROM account_channels WHERE user = :user ORDER BY id"),
    ("owned", "SELECT name, created AS at FROM channels WHERE founder = :user ORDER BY channel"),
    (
        "read",
        "SELECT c.key AS conversation, r.seq, r.at FROM read_marks r JOIN conversations c ON c.id = r.conversation"
        " WHERE r.user = :user ORDER BY c.key",
    ),
    (
        "waiting",
        "SELECT c.key AS conversation, m.seq FROM inbox i JOIN messages m ON m.id = i.message"
        " JOIN conversations c ON c.id = m.conversation WHERE i.user = :user ORDER BY i.message",
    ),
)
"""What is kept about a person beside messages; never a password, not even its hash."""

THEIR_MESSAGES = """(
    (m.account <> '' AND user_key(m.account) = :user)
    OR (m.account = '' AND user_key(m.sender) = :user)
    OR (instr(c.key, ' ') > 0 AND (m.only = '' OR m.only = :user) AND (
        substr(c.key, 1, instr(c.key, ' ') - 1) = :user OR substr(c.key, instr(c.key, ' ') + 1) = :user
    ))
)"""
"""Which messages belong to a person; what was said in a login to an account is that account's, whatever the name."""


def listed(
    db: sqlite3.Connection, queries: tuple[tuple[str, str], ...], given: dict[str, object]
) -> Iterator[Row]:
    """The rows of queries, each with its kind. Raises sqlite3.Error."""
    for kind, query in queries:
        with closing(db.execute(query, given)) as rows:
            names = [column[0] for column in rows.description]
            for row in rows:
                yield {"kind": kind, **dict(zip(names, row, strict=True))}


def pages(db: sqlite3.Connection, query: PersonalDataOf) -> Iterator[list[str] | None]:
    """Answers `PersonalDataOf`; before the answer a None for each part that was looked at. Raises sqlite3.Error."""
    db.create_function("user_key", 1, user_key, deterministic=True)
    rows: list[Row] = list(listed(db, OF_A_PERSON, {"user": query.user})) if query.after == 0 else []
    yield None
    (last,) = db.execute("SELECT ifnull(max(id), 0) FROM messages").fetchone()
    after, found = query.after, 0
    while after < last and found < query.limit:
        part = db.execute(
            f"SELECT {COLUMNS}, c.key, m.id FROM messages m CROSS JOIN conversations c ON c.id = m.conversation"
            f" WHERE m.id > :after AND m.id <= :end AND {THEIR_MESSAGES} ORDER BY m.id LIMIT :most",
            {"user": query.user, "after": after, "end": after + _LOOKED_AT, "most": query.limit - found},
        ).fetchall()
        found += len(part)
        rows += [message_row(said(row[-2], row)) for row in part]
        after = part[-1][-1] if found >= query.limit else after + _LOOKED_AT
        yield None
    if rows or after < last:
        rows.append({"kind": "page", "after": min(after, last), "more": after < last})
    yield [json.dumps(row, ensure_ascii=False) for row in rows]
