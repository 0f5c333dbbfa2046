"""What a database is like is found without changing it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from evchat.core.store import StoreError
from evchat.storage.sqlite.inspection import inspect, is_ours
from evchat.storage.sqlite.schema import MIGRATIONS
from evchat.storage.sqlite.store import SqliteStore
from tests.storage.samples import message


def test_a_sound_database_has_no_problems_also_while_it_is_written_to(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path)) as store:
        store.save(message("#main", 1))
        store.commit()
        found = inspect(tmp_path / "evchat.db")
        assert found.problems == () and found.version == found.newest == len(MIGRATIONS)
        assert dict(found.rows)["messages"] == 1 and found.log_size > 0
        found.check(tmp_path)


def test_a_row_without_what_it_belongs_to_is_a_problem(tmp_path: Path) -> None:
    SqliteStore(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "evchat.db", isolation_level=None)) as db:
        db.execute("INSERT INTO inbox VALUES ('alice', 77)")
    found = inspect(tmp_path / "evchat.db")
    assert found.problems == ("inbox has rows without what they belong to",)
    with pytest.raises(StoreError, match="is damaged"):
        found.check(tmp_path)


def test_a_database_of_another_program_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE t (x)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a database of evchat"):
        inspect(path).check(path)
    assert not is_ours(path) and not is_ours(tmp_path / "nothing") and path.read_bytes() == before
    with pytest.raises(StoreError, match="not a file"):
        inspect(tmp_path)
