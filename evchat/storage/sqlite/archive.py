"""What the database holds, as plain objects: all of it, of one channel, or of one person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from evchat.protocol.names import user_key
from evchat.storage.message_row import Row, message_row
from evchat.storage.sqlite.long_reader import open_to_read
from evchat.storage.sqlite.personal import OF_A_PERSON, THEIR_MESSAGES, listed
from evchat.storage.sqlite.rows import COLUMNS, said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

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
    yield from listed(db, _OF_ALL, {})
    yield from _messages(db, "1", {})


def of_channel(db: sqlite3.Connection, key: str) -> Iterator[Row] | None:
    """The messages of a channel; None if nothing was ever kept of it. Raises sqlite3.Error."""
    found = db.execute("SELECT id FROM conversations WHERE key = ?", (key,)).fetchone()
    return None if found is None else _messages(db, "m.conversation = :number", {"number": found[0]})


def of_person(db: sqlite3.Connection, key: str) -> Iterator[Row]:
    """What is stored about a person: all that the account and the name have, what they said anywhere, and what they can
    read in their direct conversations. Raises sqlite3.Error.
    """
    yield from listed(db, OF_A_PERSON, {"user": key})
    yield from _messages(db, THEIR_MESSAGES, {"user": key})


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
