"""Long questions to the database through a connection of their own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from evchat.core.records import MessagesMatching
from evchat.core.store import StoreError
from evchat.storage.sqlite.long_reader import SqliteLongReader
from evchat.storage.sqlite.store import SqliteStore
from evchat.storage.steps import last_step
from tests.storage.samples import keep, message, seqs

ASKED = MessagesMatching("word", "alice", ("#c",), False, 5_000)


def found(reader: SqliteLongReader) -> list[int]:
    return seqs(last_step(reader.steps(ASKED)))


def test_what_is_committed_is_found_at_once_and_nothing_else(sqlite: SqliteStore) -> None:
    with closing(sqlite.long_reader()) as reader:
        assert found(reader) == []
        keep(sqlite, message("#c", 1, "word"))
        assert found(reader) == [1]
        sqlite.save(message("#c", 2, "word"))
        assert found(reader) == [1]
        sqlite.commit()
        assert found(reader) == [1, 2]


def test_a_message_that_goes_into_the_index_between_two_steps_is_found_once(sqlite: SqliteStore) -> None:
    keep(sqlite, *(message("#c", seq, "word") for seq in range(1, 3001)))
    with closing(sqlite.long_reader()) as reader:
        steps = reader.steps(ASKED)
        assert next(steps) is None
        while sqlite.tidy(0):
            pass
        keep(sqlite, message("#c", 3001, "word"))
        assert seqs(last_step(steps)) == list(range(1, 3001))


def test_between_two_steps_the_log_of_the_database_can_be_begun_anew(
    sqlite: SqliteStore, tmp_path: Path
) -> None:
    keep(sqlite, *(message("#c", seq, "word") for seq in range(1, 3001)))
    with closing(sqlite.long_reader()) as reader:
        steps = reader.steps(ASKED)
        assert next(steps) is None
        with closing(sqlite3.connect(tmp_path / "evchat.db")) as other:
            busy, *_ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert busy == 0


def test_it_changes_nothing(sqlite: SqliteStore) -> None:
    with closing(sqlite.long_reader()) as reader, pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._db.execute("DELETE FROM messages")


def test_a_database_that_is_not_there_or_not_open_any_more_is_an_error_of_the_store(
    sqlite: SqliteStore, tmp_path: Path
) -> None:
    with pytest.raises(StoreError):
        SqliteLongReader(tmp_path / "none.db", has_fts=True)
    reader = sqlite.long_reader()
    reader.close()
    with pytest.raises(StoreError):
        next(reader.steps(ASKED))
