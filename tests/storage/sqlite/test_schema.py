"""Versions of the tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from evchat.core.store import StoreError
from evchat.storage.sqlite.schema import MIGRATIONS, prepare

STEPS = (
    ("CREATE TABLE t (a)", "INSERT INTO t VALUES (1)"),
    ("ALTER TABLE t ADD COLUMN b DEFAULT 2",),
    ("UPDATE t SET a = a + 10", "CREATE TABLE u (c)"),
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as db:
        yield db


def version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def tables(db: sqlite3.Connection) -> list[tuple[str, str]]:
    return db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


@pytest.mark.parametrize("old", range(len(STEPS) + 1))
def test_every_older_version_is_brought_up_to_date(db: sqlite3.Connection, old: int) -> None:
    prepare(db, STEPS[:old])
    assert version(db) == old
    prepare(db, STEPS)
    assert version(db) == len(STEPS)
    assert db.execute("SELECT a, b FROM t").fetchall() == [(11, 2)]


def test_what_is_up_to_date_stays_as_it_is(db: sqlite3.Connection) -> None:
    prepare(db)
    before = tables(db)
    prepare(db)
    assert tables(db) == before and version(db) == len(MIGRATIONS)


def test_what_was_deleted_before_changes_had_numbers_gets_them_in_its_order(db: sqlite3.Connection) -> None:
    before = next(n for n, steps in enumerate(MIGRATIONS) if any("COLUMN rev" in step for step in steps))
    prepare(db, MIGRATIONS[:before])
    db.executescript("INSERT INTO conversations (id, key) VALUES (1, '#c'), (2, 'alice bob')")
    for id in range(1, 7):
        row = id, 1 + id % 2, id, 8 if id != 5 else 0, "" if id % 2 else None
        db.execute(
            "INSERT INTO messages (id, conversation, seq, at, sender, receiver, text, flags, only)"
            " VALUES (?, ?, ?, 0, 'alice', 'bob', '', ?, ?)",
            row,
        )
    for message, at in ((6, 70), (4, 60), (1, 90), (3, 80)):
        db.execute(
            "INSERT INTO redactions (message, name, at, reason) VALUES (?, 'alice', ?, '')", (message, at)
        )
    prepare(db)
    assert db.execute("SELECT id, rev FROM messages ORDER BY id").fetchall() == [
        (1, 2), (2, 0), (3, 1), (4, 1), (5, 0), (6, 2),
    ]  # fmt: skip
    indexes = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'"))
    assert "WHERE rev > 0" in indexes["messages_by_rev"]


def test_a_migration_that_fails_leaves_the_version_before(db: sqlite3.Connection) -> None:
    prepare(db, STEPS[:1])
    before = tables(db)
    with pytest.raises(sqlite3.OperationalError):
        prepare(db, (*STEPS[:1], ("ALTER TABLE t ADD COLUMN b", "nonsense")))
    assert version(db) == 1 and tables(db) == before and not db.in_transaction
    prepare(db, STEPS)
    assert version(db) == len(STEPS)


def test_a_newer_version_is_refused(db: sqlite3.Connection) -> None:
    prepare(db, STEPS)
    before = tables(db)
    with pytest.raises(
        StoreError, match=r"a newer evchat has written it \(version 3 of the tables; this one knows 2\)"
    ):
        prepare(db, STEPS[:2])
    assert tables(db) == before


def test_another_program_s_database_is_refused(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE theirs (a)")
    with pytest.raises(StoreError, match="another program"):
        prepare(db)
    assert len(tables(db)) == 1


@pytest.mark.parametrize("mark", ["application_id", "user_version"])
def test_another_program_s_empty_database_is_refused(db: sqlite3.Connection, mark: str) -> None:
    db.execute(f"PRAGMA {mark} = 7")
    with pytest.raises(StoreError, match="another program"):
        prepare(db)
    assert tables(db) == []
