"""The tables of the database and their migrations: opening brings any older version up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from evchat.core.store import StoreError

APPLICATION_ID = 0x45764368
"""Marks the file as ours ("EvCh"), so that another program's database is never touched."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE conversations (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE)""",
        # `id` counts in the order of arrival; the search and the inbox rely on it. `conversation`, here and in
        # receipts, is not declared to reference its table: the check takes 1.3 µs, half as much as the insert, and the
        # id was just looked up.
        # `only` is NULL for what everyone in a channel may see, '' for what both of a pair may see, else the key of the
        # one who alone may see it.
        """CREATE TABLE messages (
            id INTEGER PRIMARY KEY,
            conversation INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            at INTEGER NOT NULL,
            sender TEXT NOT NULL,
            receiver TEXT NOT NULL,
            text TEXT NOT NULL,
            flags INTEGER NOT NULL,
            client_id TEXT,
            only TEXT
        )""",
        """CREATE UNIQUE INDEX messages_by_seq ON messages (conversation, seq)""",
        # So that a blocked user can't slow down a pair's history with messages that have to be skipped.
        """CREATE INDEX messages_by_viewer ON messages (conversation, only, seq) WHERE only IS NOT NULL""",
        """CREATE TABLE receipts (
            user TEXT NOT NULL,
            id TEXT NOT NULL,
            conversation INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            at INTEGER NOT NULL,
            facts TEXT NOT NULL,
            PRIMARY KEY (user, id)
        ) WITHOUT ROWID""",
        """CREATE INDEX receipts_by_age ON receipts (at)""",
        """CREATE TABLE inbox (
            user TEXT NOT NULL,
            message INTEGER NOT NULL REFERENCES messages,
            PRIMARY KEY (user, message)
        ) WITHOUT ROWID""",
        """CREATE TABLE read_marks (
            user TEXT NOT NULL,
            conversation INTEGER NOT NULL REFERENCES conversations,
            seq INTEGER NOT NULL,
            PRIMARY KEY (user, conversation)
        ) WITHOUT ROWID""",
        """CREATE TABLE known (user TEXT PRIMARY KEY, name TEXT NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID""",
        """CREATE INDEX known_by_time ON known (seen DESC, user)""",
        """CREATE TABLE accounts (
            user TEXT PRIMARY KEY, name TEXT NOT NULL, secret TEXT NOT NULL, at INTEGER NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TABLE blockings (
            user TEXT NOT NULL, blocked TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (user, blocked)
        ) WITHOUT ROWID""",
        """CREATE INDEX blockings_by_blocked ON blockings (blocked)""",
        """CREATE TABLE topics (
            channel TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            text TEXT NOT NULL,
            set_by TEXT NOT NULL,
            set_at INTEGER NOT NULL
        ) WITHOUT ROWID""",
        # One row: the id up to which messages are in the search index. The index itself is made when it can be
        # (see search.py), because some builds of SQLite lack FTS5.
        """CREATE TABLE search (indexed INTEGER NOT NULL)""",
        """INSERT INTO search VALUES (0)""",
    ),
    ("""CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID""",),
    # Whose the conversations of two users are: each is found by the key before the space and by the one behind it.
    tuple(
        f"CREATE INDEX conversations_by_{number} ON conversations ({part}) WHERE instr(key, ' ') > 0"
        for number, part in (
            ("one", "substr(key, 1, instr(key, ' ') - 1)"),
            ("other", "substr(key, instr(key, ' ') + 1)"),
        )
    ),
    (
        # 0: nobody has said up to which time.
        """ALTER TABLE read_marks ADD COLUMN at INTEGER NOT NULL DEFAULT 0""",
        """CREATE TABLE redactions (
            message INTEGER PRIMARY KEY REFERENCES messages,
            name TEXT NOT NULL,
            at INTEGER NOT NULL,
            reason TEXT NOT NULL
        )""",
    ),
    (
        # Channels that stay when nobody is in them. `modes` is JSON: flags, key, limit, lists.
        """CREATE TABLE channels (
            channel TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            founder TEXT NOT NULL,
            created INTEGER NOT NULL,
            modes TEXT NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TABLE banishments (
            key TEXT PRIMARY KEY,
            whom TEXT NOT NULL,
            set_by TEXT NOT NULL,
            set_at INTEGER NOT NULL,
            until INTEGER NOT NULL,
            reason TEXT NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TABLE audit (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            operator TEXT NOT NULL,
            act TEXT NOT NULL,
            target TEXT NOT NULL,
            detail TEXT NOT NULL
        )""",
    ),
    (
        # Whose message it was ('' for a guest's), and what programs said beside the text ('' for nothing, see rows.py).
        """ALTER TABLE messages ADD COLUMN account TEXT NOT NULL DEFAULT ''""",
        """ALTER TABLE messages ADD COLUMN extra TEXT NOT NULL DEFAULT ''""",
    ),
    # Only persistent channels keep a topic: the others start afresh.
    ("DELETE FROM topics WHERE channel <> '#main' AND channel NOT IN (SELECT channel FROM channels)",),
    (
        # Where passwords were right: a user who logs in from there again is let in even while others guess.
        """CREATE TABLE proven_places (
            key TEXT NOT NULL, place TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (key, place)
        ) WITHOUT ROWID""",
    ),
    # The metadata of accounts, as JSON; that of channels stands with their modes.
    ("CREATE TABLE metadata (owner TEXT PRIMARY KEY, entries TEXT NOT NULL) WITHOUT ROWID",),
    (
        # Where the owner of an account is, so as to come back there; `id` counts in the order of joining.
        """CREATE TABLE account_channels (
            id INTEGER PRIMARY KEY,
            user TEXT NOT NULL,
            channel TEXT NOT NULL,
            name TEXT NOT NULL,
            away INTEGER NOT NULL,
            UNIQUE (user, channel)
        )""",
    ),
    (
        # The certificates by which the owner of an account can log in; `der` is one in base64.
        """CREATE TABLE certificates (
            user TEXT NOT NULL, fingerprint TEXT NOT NULL, der TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (user, fingerprint)
        ) WITHOUT ROWID""",
    ),
    (
        # The number of a message's last change in its conversation; 0: it was never changed. What was deleted before
        # there were such numbers gets them in the order in which it was deleted.
        """ALTER TABLE messages ADD COLUMN rev INTEGER NOT NULL DEFAULT 0""",
        """CREATE TEMP TABLE changed AS
            SELECT m.id, row_number() OVER (PARTITION BY m.conversation ORDER BY r.at, r.message) AS rev
            FROM redactions r CROSS JOIN messages m ON m.id = r.message""",
        """CREATE UNIQUE INDEX temp.changed_by_id ON changed (id)""",
        """UPDATE messages SET rev = (SELECT c.rev FROM changed c WHERE c.id = messages.id)
            WHERE id IN (SELECT id FROM changed)""",
        """DROP TABLE changed""",
        """CREATE INDEX messages_by_rev ON messages (conversation, rev, seq) WHERE rev > 0""",
        # As `messages_by_viewer`, for the same reason.
        """CREATE INDEX changes_by_viewer ON messages (conversation, only, rev) WHERE rev > 0 AND only IS NOT NULL""",
    ),
    (
        # By their hashes, so that a copy of the database admits nobody.
        """CREATE TABLE invitation_codes (
            digest TEXT PRIMARY KEY,
            made_by TEXT NOT NULL,
            at INTEGER NOT NULL,
            until INTEGER NOT NULL,
            uses INTEGER NOT NULL
        ) WITHOUT ROWID""",
    ),
    (
        # Up to which number, of messages and of changes, a conversation's are deleted, and when the last one was said.
        """ALTER TABLE conversations ADD COLUMN gone INTEGER NOT NULL DEFAULT 0""",
        """ALTER TABLE conversations ADD COLUMN gone_at INTEGER NOT NULL DEFAULT 0""",
        """ALTER TABLE conversations ADD COLUMN gone_rev INTEGER NOT NULL DEFAULT 0""",
        """CREATE TABLE retention (conversation TEXT PRIMARY KEY, days INTEGER NOT NULL) WITHOUT ROWID""",
        # `done` is the id of the last message that was looked at.
        """CREATE TABLE erasures (
            user TEXT PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL, done INTEGER NOT NULL
        ) WITHOUT ROWID""",
    ),
    (
        # The number of the message that it answers, and when it was given another text; 0 for neither.
        """ALTER TABLE messages ADD COLUMN reply INTEGER NOT NULL DEFAULT 0""",
        """ALTER TABLE messages ADD COLUMN edited INTEGER NOT NULL DEFAULT 0""",
        # To count all that is stored, at each start, without a look at conversations that are whole.
        """CREATE INDEX conversations_gone ON conversations (gone) WHERE gone > 0""",
    ),
)
"""What leads from each version to the next; `PRAGMA user_version` counts how many of them a file has seen."""


def prepare(db: sqlite3.Connection, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Brings the database up to date, or a new file to life. `db` must be in autocommit mode.

    Raises StoreError, without having touched the file, for another program's database and for one that a newer
    evchat has written, and sqlite3.Error. Each migration is a transaction, so an interrupted one is done again.
    """
    version = _version(db, len(migrations))
    for number, statements in enumerate(migrations[version:], version + 1):
        db.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements:
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {number}")
            db.execute("COMMIT")
        except sqlite3.Error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def _version(db: sqlite3.Connection, newest: int) -> int:
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not (application or version or tables):
        return 0
    _check(application, version, newest)
    return int(version)


def check_file(path: Path) -> None:
    """Raises StoreError for what `prepare` would refuse, and OSError; opens no database, as a server may use it."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        return
    if not head.startswith(_MAGIC) or len(head) < _HEAD:
        raise StoreError("it is not a database")
    version, application = (int.from_bytes(head[at : at + 4]) for at in (_VERSION_AT, _APPLICATION_AT))
    _check(application, version, len(MIGRATIONS))


_MAGIC = b"SQLite format 3\0"
_HEAD, _VERSION_AT, _APPLICATION_AT = 100, 60, 68
"""Bytes of the header, and where the two numbers lie in it: https://www.sqlite.org/fileformat.html#the_database_header."""


def _check(application: int, version: int, newest: int) -> None:
    if application != APPLICATION_ID:
        raise StoreError("it is the database of another program")
    if version > newest:
        raise StoreError(
            f"a newer evchat has written it (version {version} of the tables; this one knows {newest}), "
            "so that evchat has to be installed again"
        )
