"""Copies of the database: whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from evchat.core.store import StoreError
from evchat.storage.sqlite import backup
from evchat.storage.sqlite.store import SqliteStore
from tests.storage.samples import message


def said(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        return [text for (text,) in db.execute("SELECT text FROM messages ORDER BY id")]


def test_a_backup_holds_what_was_committed_and_nothing_else(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with closing(SqliteStore(tmp_path / "data")) as store:
        store.save(message("#main", 1, "kept"))
        store.commit()
        store.save(message("#main", 2, "not yet"))
        assert backup.back_up(tmp_path / "data", copy) == copy.stat().st_size
        assert said(copy) == ["kept"]


def test_a_damaged_database_is_kept_with_its_log_when_it_is_replaced(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    with closing(SqliteStore(data)) as store:
        store.save(message("#main", 1, "kept"))
        store.commit()
    backup.back_up(data, copy)
    place = data / backup.DATABASE
    place.write_bytes(b"\xff" * 8192)
    place.with_name("evchat.db-wal").write_bytes(b"its log")
    findings, kept = backup.restore(copy, data)
    assert dict(findings.rows)["messages"] == 1 and said(place) == ["kept"]
    assert kept is not None and kept.read_bytes() == b"\xff" * 8192
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"its log"
    SqliteStore(data).close()


def test_a_backup_of_a_newer_evchat_is_not_restored(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    SqliteStore(data).close()
    backup.back_up(data, copy)
    with closing(sqlite3.connect(copy)) as db:
        db.execute("PRAGMA user_version = 9999")
    with pytest.raises(StoreError, match="newer evchat"):
        backup.restore(copy, data)


def test_a_backup_that_still_has_its_own_log_is_restored_whole(tmp_path: Path) -> None:
    """As one that somebody copied with both its files."""
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with closing(SqliteStore(data)) as store:
        store.save(message("#main", 1, "in the log"))
        store.commit()
        for end in ("", "-wal"):
            (elsewhere / f"evchat.db{end}").write_bytes((data / f"evchat.db{end}").read_bytes())
    backup.restore(elsewhere / "evchat.db", tmp_path / "new")
    assert said(tmp_path / "new" / "evchat.db") == ["in the log"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give files away")
def test_what_root_restores_belongs_to_the_user_who_runs_the_server(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    SqliteStore(data).close()
    backup.back_up(data, copy)
    new = tmp_path / "new"
    new.mkdir()
    os.chown(new, 4321, 4321)
    backup.restore(copy, new)
    assert {path.name: path.stat().st_uid for path in new.iterdir()} == {
        "evchat.db": 4321,
        "evchat.lock": 4321,
    }
