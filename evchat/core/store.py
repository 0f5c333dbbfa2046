"""What the core asks of a store: to keep records, and to answer queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from evchat.core.group_commit import GroupCommit
from evchat.core.query import Query, R
from evchat.core.records import Record


class StoreError(Exception):
    """The store can't keep or read: a full disk, an I/O error. Its text says which, in a sentence for the user.

    `is_own` is False if what was asked is to blame, and not the store.
    """

    def __init__(self, text: str, *, is_own: bool = True) -> None:
        super().__init__(text)
        self.is_own = is_own


class StoreBusy(StoreError):
    """What is asked for hangs on what is being committed: ask again once that has ended."""


class LongReader(Protocol):
    """Answers long queries from committed data, in steps. Only one thread at a time may use it."""

    threaded: bool
    """Whether each step is to be made in another thread than the store's; else a step takes milliseconds at most."""

    def steps(self, query: Query[R]) -> Iterator[list[R] | None]:
        """Answers a question: None for each step but the last, which yields the answer. What is committed before the
        first step counts; what is committed between two steps may. Raises StoreError.
        """

    def interrupt(self) -> None:
        """Ends the step that another thread is making, if it can be: nobody waits for the answer any more."""

    def close(self) -> None:
        """Gives everything back. A step that another thread is making ends before that."""


class Store(Protocol):
    """Keeps records and answers questions."""

    def save(self, record: Record) -> None:
        """Takes a record in; it is durable only after `commit`. Raises StoreError."""

    def fetch(self, query: Query[R]) -> list[R]:
        """Answers a question; what was saved but not committed counts. Raises StoreError, and so StoreBusy."""

    def fetch_committed(self, query: Query[R]) -> list[R]:
        """The same, but only what is committed counts."""

    def long_reader(self) -> LongReader:
        """One who answers long questions beside this store; to be closed before it. Raises StoreError."""

    def commit(self) -> None:
        """Makes everything saved durable. On StoreError nothing since the last commit is kept."""

    def group_commit(self) -> GroupCommit | None:
        """The same in another thread; None if a commit takes no time."""

    def tidy(self, now: int) -> bool:
        """Does a bounded piece of upkeep (expired receipts, the search index); True if more is left."""

    def measure(self) -> tuple[int, int, int]:
        """The bytes that it holds, those that are free where it lies, and the size of that disk. Raises StoreError."""

    def close(self) -> None:
        """Commits nothing more and gives everything back."""


Fetch = Callable[[Query[R]], list[R]]
