"""Direct conversations as one of the two sees them, read from the tables."""

from __future__ import annotations

from pathlib import Path

from evchat.core import records as rec
from evchat.storage.sqlite.store import SqliteStore
from tests.storage.samples import message


def test_unread_messages_are_counted_up_to_a_number(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    for seq in range(1, 8):
        store.save(message("alice bob", seq))
    store.save(rec.ReadMark("bob", "alice bob", 2))
    store.commit()
    counted = [store.fetch(rec.DirectsOf("bob", 9, most))[0].unread for most in (1, 3, 5, 100)]
    assert counted == [1, 3, 5, 5]
    assert store.fetch(rec.DirectsOf("bob", 9, 100))[0].read == 2
    store.close()
