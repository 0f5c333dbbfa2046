"""What a file with a database is like: whether it is ours, of which version, whole or damaged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from evchat.core.store import StoreError
from evchat.protocol.value import value
from evchat.storage.sqlite.lock import LOCK
from evchat.storage.sqlite.schema import APPLICATION_ID, MIGRATIONS

_PROBLEMS = 20
"""Problems told of at most: whatever the number, the file is damaged."""

_COUNTED = ("messages", "conversations", "accounts", "channels", "banishments")


@value
class Findings:
    """What was found in a file: versions of the tables, what is wrong (empty for nothing), rows, sizes in bytes."""

    application: int
    version: int
    newest: int
    problems: tuple[str, ...]
    rows: tuple[tuple[str, int], ...]
    size: int
    unused: int
    log_size: int

    def check(self, path: Path) -> None:
        """Raises StoreError if this evchat can't use the file at `path`."""
        if self.application != APPLICATION_ID:
            raise StoreError(f"{path} is not a database of evchat.")
        if self.version > self.newest:
            raise StoreError(
                f"{path} is of a newer evchat (version {self.version} of the tables; this one knows {self.newest})."
                " Upgrade evchat first."
            )
        if self.problems:
            raise StoreError(f"{path} is damaged: {self.problems[0]}.")


def inspect(path: Path) -> Findings:
    """Looks at a database, all of it, and changes nothing. Raises StoreError if it can't be read at all."""
    if not path.is_file():
        raise StoreError(f"There is no file {path}." if not path.exists() else f"{path} is not a file.")
    try:
        with closing(_open(path)) as db:
            return _inspect(path, db)
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_NOTADB:
            raise StoreError(f"{path} is not a database of evchat.") from error
        if code == sqlite3.SQLITE_CORRUPT:
            raise StoreError(f"{path} is damaged: {error}.") from error
        raise StoreError(f"{path} can't be read: {error}.") from error
    except OSError as error:
        raise StoreError(f"{path} can't be read: {error.strerror}.") from error


def is_ours(path: Path) -> bool:
    """Whether a file is a database of evchat, by its head."""
    try:
        with closing(_open(path)) as db:
            return bool(_number(db, "PRAGMA application_id") == APPLICATION_ID)
    except (sqlite3.Error, OSError):
        return False


def _open(path: Path) -> sqlite3.Connection:
    """A connection that only reads. A file that lies alone is read as it is, also where nobody may write."""
    alone = not path.with_name(f"{path.name}-wal").exists()
    mode = "immutable=1" if alone and not _in_use(path) else "mode=ro"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None)


def _in_use(path: Path) -> bool:
    """Whether a server has, or had, this file for its database: only then somebody could write to it."""
    return path.with_name(LOCK).exists()


def _inspect(path: Path, db: sqlite3.Connection) -> Findings:
    application = _number(db, "PRAGMA application_id")
    version = _number(db, "PRAGMA user_version")
    page = _number(db, "PRAGMA page_size")
    unused = _number(db, "PRAGMA freelist_count") * page
    rows: list[tuple[str, int]] = []
    problems: tuple[str, ...] = ()
    if application == APPLICATION_ID:
        found = [text for (text,) in db.execute(f"PRAGMA integrity_check({_PROBLEMS})")]
        found = [] if found == ["ok"] else found
        found += [f"{table} has rows without what they belong to" for (table,) in _orphans(db)]
        problems = tuple(found[:_PROBLEMS])
        present = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not problems:
            rows = [
                (name, _number(db, f"SELECT count(*) FROM {name}")) for name in _COUNTED if name in present
            ]
    log = path.with_name(f"{path.name}-wal")
    return Findings(
        application,
        version,
        len(MIGRATIONS),
        problems,
        tuple(rows),
        path.stat().st_size,
        unused,
        log.stat().st_size if log.exists() else 0,
    )


def _orphans(db: sqlite3.Connection) -> list[tuple[str]]:
    return db.execute('SELECT DISTINCT "table" FROM pragma_foreign_key_check').fetchall()


def _number(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(query).fetchone()[0])
