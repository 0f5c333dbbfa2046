"""A data directory with many messages and accounts, and what reading it costs: steps of SQLite, and CPU time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evchat.core import records as rec
from evchat.core import server_queries
from evchat.core.query import Query
from evchat.protocol.messages import Message
from evchat.protocol.names import pair_key
from evchat.storage.sqlite.store import SqliteStore

_AT_ONCE = 10_000
START = 1_700_000_000_000
"""When the first message was sent: milliseconds since 1970. Each is a second later than the one before."""
WORDS = ("anchor", "beacon", "cabin", "deck", "engine", "fathom", "galley", "harbour", "island", "jetty")


def fill(folder: Path, messages: int, accounts: int, channels: int = 100) -> None:
    """Makes a data directory with so many of each; one message in ten is direct. Raises StoreError."""
    store = SqliteStore(folder, "normal")
    try:
        for number in range(accounts):
            user = f"user{number}"
            store.save(rec.Account(user, user, "scrypt$14$8$1$c2FsdA$c2VjcmV0", START))
            store.save(rec.LastSeen(user, user, START + number))
            if number % _AT_ONCE == 0:
                store.commit()
        for number, message in enumerate(_messages(messages, max(2, accounts), channels)):
            store.save(message)
            if number % _AT_ONCE == 0:
                store.commit()
        store.commit()
        while store.tidy(START):
            pass
    finally:
        store.close()


def _messages(count: int, users: int, channels: int) -> Iterator[Message]:
    seqs: dict[str, int] = {}
    for number in range(count):
        sender, other = f"user{number % users}", f"user{(number + 1) % users}"
        direct = number % 10 == 9
        to = other if direct else f"#c{number % channels}"
        conversation = pair_key(sender, other) if direct else to
        seqs[conversation] = seq = seqs.get(conversation, 0) + 1
        text = f"{WORDS[number % 10]} {WORDS[number // 10 % 10]} number{number}"
        yield Message(START + 1000 * number, conversation, seq, sender, to, text)


QUESTIONS: dict[str, Query[Any]] = {
    "number of messages": server_queries.MessageCount(),
    "messages to be indexed": server_queries.UnindexedCount(),
    "last number": rec.HeadOf("#c1"),
    "last time": rec.LastTimeOf("#c1"),
    "latest history": rec.HistoryOf("#c1", "user1", 50),
    "old history": rec.HistoryOf("#c1", "user1", 5, before=6),
    "direct history": rec.HistoryOf(pair_key("user9", "user10"), "user9", 50),
    "number at a time": rec.SeqAt("#c1", START + 1),
    "receipt": rec.ReceiptOf("user1", "m1", 0),
    "inbox": rec.InboxOf("user1", 100),
    "inbox count": rec.InboxCount("user1"),
    "last seen": rec.LastSeenOf("user1"),
    "seen lately": rec.SeenSince(START + 3, 10),
    "account": rec.AccountOf("user1"),
    "blocked": rec.BlockingsOf("user1"),
    "blocked by": rec.BlockersOf("user1"),
    "proven place": rec.ProvenPlaceOf("user1", "192.0.2.1"),
    "read mark": rec.ReadMarkOf("user1", "#c1"),
    "metadata": rec.MetadataOf("user1"),
    "audit": server_queries.RecentAuditRecords(50),
    "search": rec.MessagesMatching("beacon", "user1", ("#c1",), True, 20),
    "directs": rec.DirectsOf("user9", 50, 100),
}
"""What a client's requests ask, by name."""


class Steps:
    """Counts the steps of SQLite's virtual machine in all databases that are opened from now on: the rows and index
    entries that are looked at, and little else. `close` ends it."""

    def __init__(self) -> None:
        self.count = 0
        self._real = sqlite3.connect
        sqlite3.connect = self._connect  # type: ignore[assignment]

    def close(self) -> None:
        """Lets databases be opened as before."""
        sqlite3.connect = self._real

    def _connect(self, *given: Any, **named: Any) -> sqlite3.Connection:
        database: sqlite3.Connection = self._real(*given, **named)
        database.set_progress_handler(self._step, 1)
        return database

    def _step(self) -> int:
        self.count += 1
        return 0


@dataclass(frozen=True, slots=True)
class Price:
    """What a question costs: steps of SQLite's machine, and microseconds of CPU (the least of some times)."""

    steps: int
    micros: float


def prices(folder: Path, repetitions: int = 5) -> dict[str, Price]:
    """The price of each question and of opening the data directory, which must be one that `fill` has made."""
    found = {}
    counted, timed = _costs(folder, 1, count=True), _costs(folder, repetitions, count=False)
    for name, steps in counted.items():
        found[name] = Price(round(steps), round(timed[name] * 1e6, 1))
    return found


def _costs(folder: Path, repetitions: int, *, count: bool) -> dict[str, float]:
    """By question, the steps that it takes, or the seconds of CPU."""
    steps = Steps() if count else None

    def read() -> float:
        return time.process_time() if steps is None else float(steps.count)

    found: dict[str, float] = {}
    try:
        before = read()
        store = SqliteStore(folder, "normal")
        reader = store.long_reader()
        found["opening"] = read() - before
        for name, query in QUESTIONS.items():
            taken = []
            for _ in range(repetitions + 1):  # the first finds no page in memory and no statement compiled
                before = read()
                if query.long:
                    for _ in reader.steps(query):
                        pass
                else:
                    store.fetch(query)
                taken.append(read() - before)
            found[name] = min(taken)
        reader.close()
        store.close()
    finally:
        if steps is not None:
            steps.close()
    return found
