"""The reader: every question there is has its answer, and says at which records it looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from evchat.core import records as rec
from evchat.storage.sqlite.store import SqliteStore
from tests.storage.samples import QUERIES, message


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path)
    yield store
    store.close()


@pytest.mark.parametrize("kind", QUERIES, ids=lambda kind: kind.__name__)
def test_every_question_says_at_which_records_it_looks(store: SqliteStore, kind: type) -> None:
    looked_at = store._reader.reads(kind)
    assert looked_at and set(looked_at) <= set(get_args(rec.Record))


def test_a_question_after_a_time_finds_the_first_message_of_that_time_or_later(store: SqliteStore) -> None:
    for seq, at in ((1, 10), (2, 20), (3, 20), (4, 30)):
        store.save(message("#c", seq, at=at))
    found = [store.fetch(rec.SeqAt("#c", at)) for at in (0, 10, 11, 20, 21, 31)]
    assert found == [[1], [1], [2], [2], [4], []]
