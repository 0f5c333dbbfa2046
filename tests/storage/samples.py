"""What the tests of the stores keep and look for."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from evchat.core import changes, records, server_queries
from evchat.core.query import Query
from evchat.core.store import Store
from evchat.protocol.messages import Message
from evchat.storage.memory import MemoryStore
from evchat.storage.sqlite.store import SqliteStore

QUERIES = [
    kind
    for module in (changes, records, server_queries)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Query) and kind is not Query
]
"""All that a store can be asked."""

STORES = ("memory", "sqlite", "sqlite without FTS5")

_clock = count(1_700_000_000_000)


def open_store(kind: str, directory: Path) -> Store:
    """A store of one of the kinds `STORES`. Only "normal", because no test cuts the power."""
    if kind == "memory":
        return MemoryStore()
    return SqliteStore(directory, "normal", use_fts="without" not in kind)


def message(
    conversation: str,
    seq: int,
    text: str | None = None,
    sender: str = "Alice",
    *,
    hidden: bool = False,
    at: int | None = None,
) -> Message:
    """A message, later than the one before."""
    to = conversation if conversation.startswith("#") else "Bob"
    return Message(
        next(_clock) if at is None else at,
        conversation,
        seq,
        sender,
        to,
        f"text {seq}" if text is None else text,
        hidden=hidden,
    )


def keep(store: Store, *records: object) -> None:
    """Saves and commits."""
    for record in records:
        store.save(record)  # type: ignore[arg-type]
    store.commit()


def seqs(messages: list[Message]) -> list[int]:
    """The numbers of messages."""
    return [said.seq for said in messages]
