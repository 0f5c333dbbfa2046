"""The law of a store that another thread commits: it answers as one that holds the same records, or not now."""

from __future__ import annotations

from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.core import records as rec
from evchat.core.store import StoreBusy, StoreError
from evchat.storage.memory import MemoryStore
from evchat.storage.sqlite.store import SqliteStore
from tests.profiles import examples
from tests.storage.samples import message

QUERIES = (
    rec.HeadOf("#a"), rec.HistoryOf("#a", "bob", 100), rec.LastSeenOf("bob"), rec.ReceiptOf("bob", "1", 0),
    rec.ReceiptOf("bob", "2", 0), rec.AllTopics(), rec.InboxOf("bob", 10), rec.ReadMarkOf("bob", "#a"),
)  # fmt: skip

steps = st.lists(
    st.sampled_from(["say", "seen", "receipt 1", "receipt 2", "topic", "seal", "keep", "lose", "tidy"]),
    max_size=25,
)


def answers_of(records: list[rec.Record]) -> list[list[object]]:
    store = MemoryStore()
    for record in records:
        store.save(record)
    return [list(store.fetch(query)) for query in QUERIES]


@examples(25)
@given(steps)
def test_it_answers_as_a_store_with_the_same_records_or_not_now(history: list[str]) -> None:
    committed: list[rec.Record] = []
    sealed: list[rec.Record] | None = None
    saved: list[rec.Record] = []
    clock = count(1)
    with TemporaryDirectory() as directory, closing(SqliteStore(Path(directory), "normal")) as store:
        for step in history:
            now = next(clock)
            if step == "seal" and sealed is None:
                store.seal()
                sealed, saved = saved, []
            elif step == "keep" and sealed is not None:
                store.sync()
                store.unseal(True)
                committed, sealed = committed + sealed, None
            elif step == "lose" and sealed:
                store._db.execute("ROLLBACK")  # as a disk makes it that breaks
                with pytest.raises(StoreError):
                    store.sync()
                store.unseal(False)
                saved, sealed = [], None
            elif step == "tidy" and sealed is None and store.lend():
                store.tidy(0)
                store.unseal(True)
            elif step not in ("seal", "keep", "lose", "tidy"):
                saids = [said for said in committed + (sealed or []) + saved if hasattr(said, "text")]
                record: rec.Record = {
                    "say": message("#a", 1 + sum(hasattr(said, "seq") for said in saids), "hi", at=now),
                    "seen": rec.LastSeen("bob", f"Bob{now}", now),
                    "receipt 1": rec.Receipt("bob", "1", "#a", 1, now),
                    "receipt 2": rec.Receipt("bob", "2", "#a", 1, now),
                    "topic": rec.TopicRecord("#a", "#a", f"topic {now}", "bob", now),
                }[step]
                store.save(record)
                saved.append(record)
            for query, durable, known in zip(
                QUERIES, answers_of(committed), answers_of(committed + (sealed or []) + saved), strict=True
            ):
                assert store.fetch_committed(query) == durable
                try:
                    assert store.fetch(query) == known
                except StoreBusy:
                    assert sealed is not None, "between two commits everything is answered"
        if sealed is not None:
            store.sync()
            store.unseal(True)


def test_a_store_without_a_disk_needs_none() -> None:
    assert MemoryStore().group_commit() is None
