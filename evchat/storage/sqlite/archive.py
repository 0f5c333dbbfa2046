"""What the database holds, as plain objects: all of it, of one channel, or of one person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from evchat.protocol.messages import Message
from evchat.protocol.names import is_pair, user_key
from evchat.storage.sqlite.long_reader import open_to_read
from evchat.storage.sqlite.rows import COLUMNS, said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]

_OF_A_PERSON = (
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

_OF_ALL = (
    ("account", "SELECT name, at FROM accounts ORDER BY user"),
    ("channel", "SELECT name, founder AS owner, created AS at FROM channels ORDER BY channel"),
    ("topic", "SELECT name, text AS content, set_by AS sender, set_at AS at FROM topics ORDER BY channel"),
)

_PAGE = 2_000


def open_archive(path: Path) -> sqlite3.Connection:
    """A connection for `of_all`, `of_channel` and `of_person`, beside a server that may run. Raises StoreError."""
    db = open_to_read(path)
    db.create_function("user_key", 1, user_key, deterministic=True)
    return db


def of_all(db: sqlite3.Connection) -> Iterator[Row]:
    """Everything that can be told: names of accounts and channels, topics, and all messages. Raises sqlite3.Error."""
    yield from _listed(db, _OF_ALL, {})
    yield from _messages(db, "1", {})


def of_channel(db: sqlite3.Connection, key: str) -> Iterator[Row] | None:
    """The messages of a channel; None if nothing was ever kept of it. Raises sqlite3.Error."""
    found = db.execute("SELECT id FROM conversations WHERE key = ?", (key,)).fetchone()
    return None if found is None else _messages(db, "m.conversation = :number", {"number": found[0]})


def of_person(db: sqlite3.Connection, key: str) -> Iterator[Row]:
    """What is stored about a person: all that the account and the name have, what they said anywhere, and what they can
    read in their direct conversations. Raises sqlite3.Error.
    """
    yield from _listed(db, _OF_A_PERSON, {"user": key})
    yield from _messages(db, OF_PERSON, {"user": key})


OF_PERSON = """(
    (m.account <> '' AND user_key(m.account) = :user)
    OR (m.account = '' AND user_key(m.sender) = :user)
    OR (instr(c.key, ' ') > 0 AND (m.only = '' OR m.only = :user) AND (
        substr(c.key, 1, instr(c.key, ' ') - 1) = :user OR substr(c.key, instr(c.key, ' ') + 1) = :user
    ))
)"""
"""Which messages belong to a person; what was said in a login to an account is that account's, whatever the name."""


def accounts(db: sqlite3.Connection) -> Iterator[Row]:
    """The accounts, with when they were registered and last seen, and how much they have said. Raises sqlite3.Error."""
    rows = db.execute(
        "SELECT a.name, a.at, a.secret = '', k.seen, ifnull(m.count, 0) FROM accounts a"
        " LEFT JOIN known k ON k.user = a.user LEFT JOIN"
        " (SELECT user_key(account) AS user, count(*) AS count FROM messages WHERE account <> '' GROUP BY 1) m"
        " ON m.user = a.user ORDER BY a.user"
    )
    for name, at, given_up, seen, messages in rows:
        yield {"name": name, "at": at, "given_up": bool(given_up), "seen": seen, "messages": messages}


def _listed(
    db: sqlite3.Connection, queries: tuple[tuple[str, str], ...], given: dict[str, object]
) -> Iterator[Row]:
    for kind, query in queries:
        with closing(db.execute(query, given)) as rows:
            names = [column[0] for column in rows.description]
            for row in rows:
                yield {"kind": kind, **dict(zip(names, row, strict=True))}


def _messages(db: sqlite3.Connection, which: str, given: dict[str, object]) -> Iterator[Row]:
    """Messages in the order in which they came; page by page, so that no server's log grows because somebody reads."""
    after, more = 0, True
    while more:
        rows = db.execute(
            f"SELECT {COLUMNS}, c.key, m.id FROM messages m CROSS JOIN conversations c ON c.id = m.conversation"
            f" WHERE m.id > :after AND {which} ORDER BY m.id LIMIT {_PAGE}",
            {**given, "after": after},
        ).fetchall()
        for row in rows:
            yield message_row(said(row[-2], row))
        more = len(rows) == _PAGE
        after = rows[-1][-1] if rows else 0


def message_row(message: Message) -> Row:
    """A message as an object, whose keys are those of the JSON dialect."""
    row: Row = {
        "kind": "message",
        "conversation": message.conversation,
        "seq": message.seq,
        "at": message.at,
        "sender": message.sender,
        "to": message.to,
        "content": message.text,
    }
    if message.who.account:
        row["account"] = message.who.account
    if message.id is not None:
        row["id"] = message.id
    for name in ("action", "notice", "redacted"):
        if getattr(message, name):
            row[name] = True
    if message.announced:
        row["broadcast"] = True
    if message.hidden and is_pair(message.conversation):
        row["hidden"] = True
    if message.tags:
        row["tags"] = dict(message.tags)
    return row
