"""The store on disk: one SQLite database, one transaction a group of decisions."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from evchat.core.changes import Erasure, Retention
from evchat.core.query import Query, R
from evchat.core.records import Receipt, ReceiptOf, Record
from evchat.core.store import StoreBusy, StoreError
from evchat.settings.model import DEFAULTS, Limits, milliseconds
from evchat.storage.sqlite.conversations import Conversations
from evchat.storage.sqlite.errors import FAULTS, advice, explain
from evchat.storage.sqlite.expiry import Expiry
from evchat.storage.sqlite.lock import DirectoryLock
from evchat.storage.sqlite.long_reader import SqliteLongReader, open_to_read, reader_of
from evchat.storage.sqlite.reader import Reader
from evchat.storage.sqlite.schema import prepare
from evchat.storage.sqlite.search import SearchIndex, make_index
from evchat.storage.sqlite.writer import Writer

_SETTINGS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16384",  # KiB: the ends of all lists that grow, so that a commit reads nothing
    "PRAGMA journal_mode = WAL",
    "PRAGMA journal_size_limit = 16777216",  # bytes kept of a log that one large transaction has made long
)
_SYNCHRONOUS = {"full": "PRAGMA synchronous = FULL", "normal": "PRAGMA synchronous = NORMAL"}

_DELETES = (Retention, Erasure)
"""The records that say what is to be deleted."""

_BUSY_TIMEOUT = 0.25
"""Seconds that a commit waits for another program, say one that makes a backup; everybody waits with it."""

_PURGED_AT_ONCE = 500
"""Receipts deleted in one piece of upkeep: about 3 ms."""


class SqliteStore:
    """Keeps everything in `directory`, which is made if need be, and lets no other server use it meanwhile.

    With `durability` "full" a commit survives a power cut (`synchronous=FULL`), with "normal" a crash of the process.
    Raises StoreError if the directory can't be used, or holds what this version can't read; nothing is then changed.
    One thread at a time may use it, but for `sync` and `tidy` between `seal` and `unseal`. What a group saves is
    gathered and written in one go, when it ends or when a question needs it. After any fault the group is lost as a
    whole: `commit` or `seal` says so, and the next one starts afresh.
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
                self._expiry = Expiry(self._db, self._search)
                self._committed_db = open_to_read(path)
                undo.callback(self._committed_db.close)
            except (sqlite3.Error, OSError, StoreError) as error:
                raise StoreError(f"{path} can't be used: {advice(error, directory)}") from error
            undo.pop_all()
        self._writer = Writer(self._db, self._conversations, self._search)
        self._reader = Reader(self._db, self._conversations, self._search)
        self._gathered: dict[type, list[Any]] = {kind: [] for kind in self._writer.kinds}
        self._written: set[type] = set()
        """The kinds of records in the transaction that is open; empty if none is."""
        self._fresh: set[tuple[str, str]] = set()
        """The users and ids of the receipts of this group."""
        self._sealed_receipts: set[tuple[str, str]] = set()
        """Those of them that are being committed."""
        self._lost: str | None = None
        """Why this group can't be kept any more."""
        self._expires_anew = False
        """Whether this group says what is to be deleted from now on."""
        self._sealed = False
        """Whether the connection is another thread's, which commits or tidies."""
        self._committed = reader_of(self._committed_db, has_fts=has_fts)
        """What answers meanwhile, as far as it knows."""

    def save(self, record: Record) -> None:
        """Takes a record in; it is durable only after `commit`. Raises StoreError if the pass is lost already."""
        if self._lost is not None:
            raise StoreError(self._lost)
        if type(record) is Receipt:
            self._fresh.add((record.user, record.id))
        self._gathered[type(record)].append(record)

    def commit(self) -> None:
        """Makes everything saved durable. On StoreError nothing since the last commit is kept."""
        self.seal()
        kept = False
        try:
            self.sync()
            kept = True
        finally:
            self.unseal(kept)

    def group_commit(self) -> SqliteStore:
        """The store itself: a commit waits for the disk."""
        return self

    def seal(self) -> None:
        """Writes the group; from now on the connection is the other thread's. Raises StoreError."""
        if self._lost is None:
            try:
                self._write(self._writer.kinds)
            except FAULTS as fault:
                self._lose(fault)
        if self._lost is not None:
            reason, self._lost = self._lost, None
            raise StoreError(reason)
        self._sealed = True
        self._sealed_receipts, self._fresh = self._fresh, set()

    def lend(self) -> bool:
        """From now on the connection is the other thread's; not in the middle of a transaction."""
        if self._written or self._lost is not None:
            return False
        self._sealed = True
        return True

    def sync(self) -> None:
        """Commits what is written. Raises StoreError."""
        if not self._written:
            return
        try:
            self._db.execute("COMMIT")
        except FAULTS as fault:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise explain(fault) from fault

    def unseal(self, kept: bool) -> None:
        """The connection is the store's again."""
        self._sealed = False
        if self._expires_anew and kept:
            self._expires_anew = False
            self._expiry.load()
        self._written.clear()
        self._sealed_receipts = set()
        if not kept:
            self._drop()

    def fetch(self, query: Query[R]) -> list[R]:
        """Answers a question; what was saved but not committed counts, unless it is lost. Raises StoreError.

        While the store is sealed it raises StoreBusy if anything that counts is not committed.
        """
        if self._sealed:
            return self._fetch_if_committed(query)
        # Most messages come with a question for a receipt that there is not: it must not cost them the batch.
        if type(query) is not ReceiptOf or (query.user, query.id) in self._fresh:
            try:
                self._write(self._reader.reads(type(query)))
            except FAULTS as fault:
                self._lose(fault)
        try:
            return self._reader.answer(query)
        except FAULTS as fault:
            if self._written and not self._db.in_transaction:  # some faults end a transaction by themselves
                self._lose(fault)
            raise explain(fault) from fault

    def _fetch_if_committed(self, query: Query[R]) -> list[R]:
        if type(query) is ReceiptOf:
            receipt = query.user, query.id
            busy = receipt in self._fresh or receipt in self._sealed_receipts
        else:
            kinds = self._reader.reads(type(query))
            busy = any(kind in self._written or self._gathered[kind] for kind in kinds)
        if busy:
            raise StoreBusy("The server is still keeping what that depends on. Try again in a moment.")
        return self.fetch_committed(query)

    def fetch_committed(self, query: Query[R]) -> list[R]:
        """Answers a question from what is committed. Raises StoreError."""
        reader = self._committed if self._sealed or self._written else self._reader
        try:
            return reader.answer(query)
        except FAULTS as fault:
            raise explain(fault) from fault

    def long_reader(self) -> SqliteLongReader:
        """One who reads the same file through a connection of its own. Raises StoreError."""
        return SqliteLongReader(self._path, has_fts=self._search.has_fts)

    def tidy(self, now: int) -> bool:
        """Does a bounded piece of upkeep (expired receipts, the search index); True if more is left to do.

        In the middle of a group it waits for the commit. Raises StoreError.
        """
        if not self._sealed and (self._written or self._lost is not None or any(self._gathered.values())):
            return True
        try:
            return self._tidy(now)
        except FAULTS as fault:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise explain(fault) from fault

    def measure(self) -> tuple[int, int, int]:
        """The bytes that the database holds, those that are free on its disk, and its size. Raises StoreError."""
        db = self._committed_db if self._sealed else self._db
        try:
            (pages,) = db.execute("PRAGMA page_count").fetchone()
            (unused,) = db.execute("PRAGMA freelist_count").fetchone()
            (size,) = db.execute("PRAGMA page_size").fetchone()
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
        self._committed_db.close()
        self._db.close()
        self._lock.release()

    def _write(self, kinds: tuple[type, ...]) -> None:
        """Writes what has gathered of these kinds into the group's transaction."""
        for kind in kinds:
            records = self._gathered[kind]
            if records:
                if not self._written:
                    self._db.execute("BEGIN IMMEDIATE")
                self._written.add(kind)
                self._writer.write(kind, records)
                self._expires_anew |= kind in _DELETES
                records.clear()

    def _lose(self, fault: Exception) -> None:
        """Takes the group back as a whole."""
        self._lost = str(explain(fault))
        self._written.clear()
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        self._drop()

    def _drop(self) -> None:
        """Forgets what is not committed."""
        for records in self._gathered.values():
            records.clear()
        self._fresh.clear()
        self._conversations.forget()

    def _tidy(self, now: int) -> bool:
        expired = now - self._receipt_age
        old = "SELECT user, id FROM receipts WHERE at < ? LIMIT ?"
        purge = self._db.execute(old, (expired, 1)).fetchone() is not None
        index, expiry = self._search.due(), self._expiry.due(now)
        if not purge and not index and not expiry:
            return False
        self._db.execute("BEGIN IMMEDIATE")
        if purge:
            self._db.execute(f"DELETE FROM receipts WHERE (user, id) IN ({old})", (expired, _PURGED_AT_ONCE))
        if index:
            self._search.step()
        if expiry:
            self._expiry.step(now)
        self._db.execute("COMMIT")
        self._expiry.cut(now)
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
