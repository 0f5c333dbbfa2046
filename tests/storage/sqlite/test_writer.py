"""The writer: every kind of record can be written, what others speak of before them."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from evchat.core import records as rec
from evchat.protocol.messages import Message
from evchat.storage.sqlite.store import SqliteStore
from tests.storage.samples import message


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
