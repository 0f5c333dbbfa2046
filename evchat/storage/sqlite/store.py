"""The store on disk: one SQLite database, one transaction a pass."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from evchat.core.records import Query, R, Receipt, ReceiptOf, Record, StoreError
from evchat.settings.model import DEFAULTS, Limits, milliseconds
from evchat.storage.sqlite.conversations import Conversations
from evchat.storage.sqlite.errors import FAULTS, advice, explain
from evchat.storage.sqlite.lock import DirectoryLock
from evchat.storage.sqlite.long_reader import SqliteLongReader
from evchat.storage.sqlite.reader import Reader
from evchat.storage.sqlite.schema import prepare
from evchat.storage.sqlite.search import SearchIndex, make_index
from evchat.storage.sqlite.writer import Writer

_SETTINGS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16384",  # KiB: the ends of all lists that grow, so that a commit reads nothing
    "PRAGMA journal_mode = WAL",
    "PRAGMA journal_size_limit = 16777216",  # bytes kept of a log that one large transaction has made long
)
_SYNCHRONOUS = {"full": "PRAGMA synchronous = FULL", "normal": "PRAGMA synchronous = NORMAL"}

_BUSY_TIMEOUT = 0.25
"""Seconds that a commit waits for another program, say one that makes a backup; everybody waits with it."""

_PURGED_AT_ONCE = 500
"""Receipts deleted in one piece of upkeep: about 3 ms."""


class SqliteStore:
    """Keeps everything in `directory`, which is made if need be, and lets no other server use it meanwhile.

    With `durability` "full" a commit survives a power cut (`synchronous=FULL`), with "normal" a crash of the process.
    Raises StoreError if the directory can't be used, or holds what this version can't read; nothing is then changed.
    One thread at a time may use it. What a pass saves is gathered and written in one go, at the commit or when a
    question needs it. After any fault the pass is lost as a whole: `commit` says so, and the next pass starts afresh.
    """

    def __init__(
        self, directory: Path, durability: str = "full", limits: Limits = DEFAULTS, *, use_fts: bool = True
    ) -> None:
        self._receipt_age = milliseconds(limits.receipt_age)
        self._path = directory / "evchat.db"
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{directory} can't be used as the data directory: {error.strerror}.") from error
        path = self._path
        with ExitStack() as undo:
            self._lock = DirectoryLock(directory)
            undo.callback(self._lock.release)
            try:
                self._db = _open(path, durability)
                undo.callback(self._db.close)
                self._conversations = Conversations(self._db)
                has_fts = use_fts and make_index(self._db)
                self._search = SearchIndex(self._db, self._conversations, has_fts=has_fts)
            except (sqlite3.Error, OSError, StoreError) as error:
                raise StoreError(f"{path} can't be used: {advice(error, directory)}") from error
            undo.pop_all()
        self._writer = Writer(self._db, self._conversations, self._search)
        self._reader = Reader(self._db, self._conversations, self._search)
        self._gathered: dict[type, list[Any]] = {kind: [] for kind in self._writer.kinds}
        self._writing = False
        """Whether a transaction of this pass is open."""
        self._fresh: set[tuple[str, str]] = set()
        """The users and ids of this pass's receipts."""
        self._lost: str | None = None
        """Why this pass can't be kept any more."""

    def save(self, record: Record) -> None:
        """Takes a record in; it is durable only after `commit`. Raises StoreError if the pass is lost already."""
        if self._lost is not None:
            raise StoreError(self._lost)
        if type(record) is Receipt:
            self._fresh.add((record.user, record.id))
        self._gathered[type(record)].append(record)

    def commit(self) -> None:
        """Makes everything saved durable. On StoreError nothing since the last commit is kept."""
        if self._lost is None:
            try:
                self._write(self._writer.kinds)
                if self._writing:
                    self._db.execute("COMMIT")
                    self._writing = False
                    self._fresh.clear()
            except FAULTS as fault:
                self._lose(fault)
        if self._lost is not None:
            reason, self._lost = self._lost, None
            raise StoreError(reason)

    def fetch(self, query: Query[R]) -> list[R]:
        """Answers a question; what was saved but not committed counts, unless the pass is lost. Raises StoreError."""
        # Most messages come with a question for a receipt that there is not: it must not cost them the batch.
        if type(query) is not ReceiptOf or (query.user, query.id) in self._fresh:
            try:
                self._write(self._reader.reads(type(query)))
            except FAULTS as fault:
                self._lose(fault)
        try:
            return self._reader.answer(query)
        except FAULTS as fault:
            if self._writing and not self._db.in_transaction:  # some faults end a transaction by themselves
                self._lose(fault)
            raise explain(fault) from fault

    def long_reader(self) -> SqliteLongReader:
        """One who reads the same file through a connection of its own. Raises StoreError."""
        return SqliteLongReader(self._path, has_fts=self._search.has_fts)

    def tidy(self, now: int) -> bool:
        """Does a bounded piece of upkeep (expired receipts, the search index); True if more is left to do.

        In the middle of a pass it waits for the commit. Raises StoreError.
        """
        if self._writing or self._lost is not None or any(self._gathered.values()):
            return True
        try:
            return self._tidy(now - self._receipt_age)
        except FAULTS as fault:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise explain(fault) from fault

    def measure(self) -> tuple[int, int, int]:
        """The bytes that the database holds, those that are free on its disk, and its size. Raises StoreError."""
        try:
            (pages,) = self._db.execute("PRAGMA page_count").fetchone()
            (unused,) = self._db.execute("PRAGMA freelist_count").fetchone()
            (size,) = self._db.execute("PRAGMA page_size").fetchone()
            disk = shutil.disk_usage(self._path.parent)
            return (pages - unused) * size, disk.free, disk.total
        except sqlite3.Error as fault:
            raise explain(fault) from fault
        except OSError as error:
            raise StoreError(
                f"The server can't tell how much room its disk has ({error.strerror})."
            ) from error

    def close(self) -> None:
        """Commits nothing more and gives everything back."""
        self._db.close()
        self._lock.release()

    def _write(self, kinds: tuple[type, ...]) -> None:
        """Writes what has gathered of these kinds into the pass's transaction."""
        for kind in kinds:
            records = self._gathered[kind]
            if records:
                if not self._writing:
                    self._db.execute("BEGIN IMMEDIATE")
                    self._writing = True
                self._writer.write(kind, records)
                records.clear()

    def _lose(self, fault: Exception) -> None:
        """Takes the pass back as a whole."""
        self._lost = str(explain(fault))
        self._writing = False
        for records in self._gathered.values():
            records.clear()
        self._fresh.clear()
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        self._conversations.forget()

    def _tidy(self, expired: int) -> bool:
        old = "SELECT user, id FROM receipts WHERE at < ? LIMIT ?"
        purge = self._db.execute(old, (expired, 1)).fetchone() is not None
        index = self._search.due()
        if not purge and not index:
            return False
        self._db.execute("BEGIN IMMEDIATE")
        if purge:
            self._db.execute(f"DELETE FROM receipts WHERE (user, id) IN ({old})", (expired, _PURGED_AT_ONCE))
        if index:
            self._search.step()
        self._db.execute("COMMIT")
        return True


def _open(path: Path, durability: str) -> sqlite3.Connection:
    """The database in a file, which is made if need be. Raises sqlite3.Error, OSError, StoreError."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite gives its other files the same mode
    db = sqlite3.connect(path, timeout=_BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
    try:
        prepare(db)
        for setting in (*_SETTINGS, _SYNCHRONOUS[durability]):
            db.execute(setting)
    except (sqlite3.Error, StoreError):
        db.close()
        raise
    return db
