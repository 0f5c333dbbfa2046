"""Faults of the database as sentences."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from evchat.core.store import StoreError
from evchat.storage.sqlite.errors import FAULTS, advice, explain


def fault(statement: str, *arguments: object) -> Exception:
    db = sqlite3.connect(":memory:")
    try:
        db.execute("CREATE TABLE t (a UNIQUE)")
        db.execute("INSERT INTO t VALUES (1)")
        db.execute(statement, arguments)
    except FAULTS as error:
        return error
    finally:
        db.close()
    raise AssertionError("no fault")


@pytest.mark.parametrize(
    ("statement", "arguments", "said"),
    [
        ("INSERT INTO t VALUES (1)", (), "contradicts what is kept (UNIQUE constraint failed: t.a)"),
        ("INSERT INTO t VALUES (?)", ("\ud800",), "no Unicode text"),
        ("INSERT INTO t VALUES (?)", (2**64,), "failed (Python int too large"),
        ("nonsense", (), "failed (near"),
    ],
)
def test_a_fault_is_told_in_a_sentence(statement: str, arguments: tuple[object, ...], said: str) -> None:
    sentence = str(explain(fault(statement, *arguments)))
    assert said in sentence and sentence.endswith(".") and "{" not in sentence


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("fault", "to_do", "restore"),
    [
        (sqlite_error(sqlite3.SQLITE_CORRUPT), "backup", True),
        (sqlite_error(sqlite3.SQLITE_NOTADB), "backup", True),
        (sqlite_error(sqlite3.SQLITE_FULL), "Make room", False),
        (OSError(errno.ENOSPC, "No space left on device"), "Make room", False),
        (sqlite_error(sqlite3.SQLITE_IOERR_SHORT_READ), "Look at the disk", False),
        (sqlite_error(sqlite3.SQLITE_READONLY), "permissions", False),
        (sqlite_error(sqlite3.SQLITE_CANTOPEN), "permissions", False),
        (PermissionError(errno.EACCES, "Permission denied"), "permissions", False),
        (sqlite_error(sqlite3.SQLITE_BUSY), "End the other program", False),
        (StoreError("it is the database of another program"), "--data", False),
    ],
)
def test_only_who_has_damaged_data_is_told_to_put_a_backup_in_its_place(
    tmp_path: Path, fault: Exception, to_do: str, restore: bool
) -> None:
    told = advice(fault, tmp_path)
    assert to_do in told and told.endswith(".") and ("backup" in told) == restore


def test_what_was_asked_can_be_to_blame_and_not_the_store() -> None:
    assert not explain(fault("INSERT INTO t VALUES (?)", "\ud800")).is_own
    assert explain(fault("nonsense")).is_own
