"""What has gone wrong with the database, in a sentence for the user."""

from __future__ import annotations

import sqlite3

from evchat.core.records import StoreError

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


def explain(fault: Exception) -> StoreError:
    """The fault as an error of the store."""
    if isinstance(fault, UnicodeEncodeError):
        return StoreError(
            "That holds characters that are no Unicode text, so it can't be kept or looked for."
        )
    code: int = getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return StoreError(
        _SENTENCES.get(code, "The server's data store failed ({}). Try again later.").format(fault)
    )
