"""Error sentences about the database, for users and owners."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path

from evchat.core.store import StoreError

FAULTS = (sqlite3.Error, UnicodeEncodeError, OverflowError)
"""What saving and reading can raise; the last two for text that is no Unicode and integers beyond 64 bits."""

# Primary result codes, https://www.sqlite.org/rescode.html
_SENTENCES = {
    sqlite3.SQLITE_FULL: "The server's disk is full, so nothing can be kept. Try again when there is room.",
    sqlite3.SQLITE_IOERR: "The server's disk reports an error ({}), so nothing can be kept for now. Try again later.",
    sqlite3.SQLITE_READONLY: "The server may not write its data, so nothing can be kept for now. Try again later.",
    sqlite3.SQLITE_CANTOPEN: "The server can't open its data ({}). Try again later.",
    sqlite3.SQLITE_BUSY: "Another program holds the server's data locked. Try again in a moment.",
    sqlite3.SQLITE_LOCKED: "Another program holds the server's data locked. Try again in a moment.",
    sqlite3.SQLITE_CORRUPT: "The server's data is damaged. Its owner has to restore a backup.",
    sqlite3.SQLITE_NOTADB: "The server's data is damaged. Its owner has to restore a backup.",
    sqlite3.SQLITE_NOMEM: "The server is out of memory, so nothing can be kept for now. Try again later.",
    sqlite3.SQLITE_CONSTRAINT: "The server could not keep that, because it contradicts what is kept ({}).",
}


FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_NO_ROOM = 256 * 1024
"""Bytes free on a disk below which it counts as full: SQLite's files grow by less at a time."""


def advice(fault: Exception, directory: Path) -> str:
    """Why the data in a directory can't be used, and what its owner can do. Nothing has been changed there."""
    if isinstance(fault, StoreError):
        return f"{fault}. It was left as it is. Choose another directory with --data."
    if isinstance(fault, sqlite3.Error):
        reason, code = str(fault), getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    else:
        reason, code = getattr(fault, "strerror", None) or str(fault), 0
    if _is_full(fault, code, directory):
        return f"the disk is full ({reason}). Make room and start again. What is kept was left as it is."
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return f"{reason}. It was left as it is. Put a backup in its place, or choose another directory with --data."
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"{reason}. End the other program that uses it, and start again."
    if code in (0, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return f"{reason}. Look at its permissions, or choose another directory with --data."
    return f"{reason}. It was left as it is. Look at the disk and at the system's log, and start again."


def _is_full(fault: Exception, code: int, directory: Path) -> bool:
    if code == sqlite3.SQLITE_FULL or getattr(fault, "errno", 0) in FULL:
        return True
    try:  # SQLite says no more than "disk I/O error" where there is no room for its smaller files
        return code == sqlite3.SQLITE_IOERR and shutil.disk_usage(directory).free < _NO_ROOM
    except OSError:
        return False


def explain(fault: Exception) -> StoreError:
    """The fault as an error of the store."""
    if isinstance(fault, UnicodeEncodeError):
        return StoreError(
            "That holds characters that are no Unicode text, so it can't be kept or looked for.", is_own=False
        )
    code: int = getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return StoreError(
        _SENTENCES.get(code, "The server's data store failed ({}). Try again later.").format(fault)
    )
