"""What is stored about one person, read in steps."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from evchat.core.records import PersonalDataOf
from evchat.storage.sqlite import personal
from evchat.storage.sqlite.store import SqliteStore
from tests.storage.samples import message


def test_a_long_table_is_looked_at_in_parts(tmp_path: Path) -> None:
    count = 2 * personal._LOOKED_AT + 1
    with closing(SqliteStore(tmp_path, "normal")) as store, closing(store.long_reader()) as reader:
        for seq in range(1, count + 1):
            store.save(message("#a", seq, "x", "alice" if seq in (1, count) else "bob"))
        store.commit()
        *parts, answer = list(reader.steps(PersonalDataOf("alice", 0, 9)))
    assert parts == [None] * 4 and answer is not None
    *rows, end = map(json.loads, answer)
    assert [row["seq"] for row in rows] == [1, count] and end == {
        "kind": "page",
        "after": count,
        "more": False,
    }
