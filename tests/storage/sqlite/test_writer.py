"""The writer: every kind of record can be written, what others speak of before them."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from evchat.core import records as rec
from evchat.protocol.messages import Message
from evchat.storage.sqlite.store import SqliteStore
from tests.storage.samples import keep, message


def test_every_kind_of_record_is_written_and_messages_first(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    kinds = store._writer.kinds
    store.close()
    assert set(kinds) == set(get_args(rec.Record))
    assert kinds[0] is Message


def test_what_is_saved_before_the_message_it_speaks_of_is_written_behind_it(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    store.save(rec.InboxEntry("bob", "alice bob", 1))
    store.save(message("alice bob", 1))
    store.commit()
    assert [found.seq for found in store.fetch(rec.InboxOf("bob", 9))] == [1]
    store.close()


def test_to_read_an_inbox_from_its_oldest_on_costs_what_is_read_and_not_what_is_left(
    sqlite: SqliteStore,
) -> None:
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    costs = []
    for user, size in (("bob", 100), ("carol", 3_000)):
        pair = f"alice {user}"
        keep(sqlite, *(message(pair, seq) for seq in range(1, size + 1)))
        keep(sqlite, *(rec.InboxEntry(user, pair, seq) for seq in range(1, size + 1)))
        steps = 0
        sqlite._db.set_progress_handler(step, 1)
        keep(sqlite, rec.InboxRead(user, pair, 50))
        sqlite._db.set_progress_handler(None, 1)
        costs.append(steps)
        assert sqlite.fetch(rec.InboxCount(user)) == [size - 50]
    assert costs[1] < costs[0] * 1.2
