"""Long questions to the database, asked through a connection of their own: the store's writes do not wait for them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from evchat.core.query import Query, R
from evchat.storage.sqlite.conversations import Conversations
from evchat.storage.sqlite.errors import FAULTS, explain
from evchat.storage.sqlite.reader import Reader
from evchat.storage.sqlite.search import SearchIndex


class SqliteLongReader:
    """Reads the database in a file, which must be open elsewhere. `has_fts`: whether it has a search index.

    Each statement sees what was committed before it (SQLite's write-ahead log). Raises StoreError.
    """

    threaded = True

    def __init__(self, path: Path, *, has_fts: bool) -> None:
        self._db = open_to_read(path)
        self._reader = reader_of(self._db, has_fts=has_fts)
        self._in_step = Lock()
        """So that the connection is not closed in the middle of a step."""

    def steps(self, query: Query[R]) -> Iterator[list[R] | None]:
        """Answers a question, as `LongReader` says."""
        steps = self._reader.steps(query)
        found = None
        while found is None:
            with self._in_step:
                try:
                    found = next(steps)
                except FAULTS as fault:
                    raise explain(fault) from fault
            yield found

    def interrupt(self) -> None:
        """Ends the step that another thread is making, with a StoreError there, unless it ends by itself before."""
        self._db.interrupt()

    def close(self) -> None:
        """Closes the connection, when the step that is being made has ended."""
        self.interrupt()
        with self._in_step:
            self._db.close()


def open_to_read(path: Path) -> sqlite3.Connection:
    """A connection to the database in a file, which sees what others have committed. Raises StoreError."""
    try:
        return sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise explain(error) from error


def reader_of(db: sqlite3.Connection, *, has_fts: bool) -> Reader:
    """A reader of what is committed, through such a connection."""
    conversations = Conversations(db)
    return Reader(db, conversations, SearchIndex(db, conversations, has_fts=has_fts))
