"""The search index and the scan of what it has not reached."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from evchat.core import changes
from evchat.core import records as rec
from evchat.storage.sqlite import search
from evchat.storage.sqlite.store import SqliteStore
from tests.storage.samples import keep, message


def find(
    store: SqliteStore, question: str, *where: str, viewer: str = "alice", limit: int = 5000
) -> list[int]:
    return [
        said.seq
        for said in store.fetch(rec.MessagesMatching(question, viewer, where or ("#c",), True, limit, 2**40))
    ]


def indexed(directory: Path) -> int:
    with closing(sqlite3.connect(directory / "evchat.db")) as db:
        return int(db.execute("SELECT indexed FROM search").fetchone()[0])


def tidy(store: SqliteStore) -> int:
    steps = 0
    while store.tidy(0):
        steps += 1
    return steps


def test_a_few_messages_are_scanned_and_many_are_indexed(sqlite: SqliteStore, tmp_path: Path) -> None:
    keep(sqlite, *(message("#c", seq, f"word {seq}") for seq in range(1, 200)))
    assert sqlite.tidy(0) is False and indexed(tmp_path) == 0
    assert find(sqlite, "word") == list(range(1, 200))
    keep(sqlite, message("#c", 200, "word 200"))
    assert sqlite.tidy(0) is True
    tidy(sqlite)
    assert indexed(tmp_path) == 200
    keep(sqlite, message("#c", 201, "word 201"))
    assert find(sqlite, "word") == list(range(1, 202))
    assert find(sqlite, "word", limit=3) == [199, 200, 201]
    assert find(sqlite, "word 20") == [20, 200, 201]


def test_much_text_is_indexed_in_small_steps(sqlite: SqliteStore, tmp_path: Path) -> None:
    keep(sqlite, *(message("#c", seq, f"word {seq} " + "filling " * 5000) for seq in range(1, 11)))
    steps = [0]
    while sqlite.tidy(0):
        steps.append(indexed(tmp_path))
    assert steps[-1] >= 9 and max(b - a for a, b in zip(steps, steps[1:], strict=False)) <= 2
    assert find(sqlite, "word 7") == [7]


def test_text_of_which_no_words_are_left_is_looked_at_in_small_steps(
    sqlite: SqliteStore, tmp_path: Path
) -> None:
    keep(sqlite, *(message("#c", seq, "a" + "\u0301" * 20_000) for seq in range(1, 11)))
    steps = [0]
    while sqlite.tidy(0):
        steps.append(indexed(tmp_path))
    assert steps[-1] >= 8 and max(b - a for a, b in zip(steps, steps[1:], strict=False)) <= 4


def test_a_step_takes_a_bounded_number_of_messages(sqlite: SqliteStore, tmp_path: Path) -> None:
    keep(sqlite, *(message("#c", seq) for seq in range(1, 2001)))
    sqlite.tidy(0)
    assert indexed(tmp_path) == 500


def test_the_index_is_merged(sqlite: SqliteStore, tmp_path: Path) -> None:
    for start in range(0, 4000, 200):
        keep(sqlite, *(message("#c", seq, f"word {seq * 7919}") for seq in range(start + 1, start + 201)))
        tidy(sqlite)
    with closing(sqlite3.connect(tmp_path / "evchat.db")) as db:
        (segments,) = db.execute("SELECT count(DISTINCT segid) FROM words_idx").fetchone()
    assert segments < 10
    assert find(sqlite, "word") == list(range(1, 4001))


def test_upkeep_comes_to_an_end(sqlite: SqliteStore) -> None:
    keep(sqlite, *(message("#c", seq) for seq in range(1, 3001)))
    assert 6 <= tidy(sqlite) <= 100
    assert sqlite.tidy(0) is False


def test_the_index_shows_a_hidden_message_to_its_sender_alone(sqlite: SqliteStore) -> None:
    for seq in range(1, 401):
        sender = ("Alice", "Bob")[seq % 2]
        sqlite.save(message("alice bob", seq, f"word {seq}", sender, hidden=seq > 390))
    sqlite.commit()
    tidy(sqlite)
    shown = list(range(1, 391))
    for viewer, own in (("alice", [392, 394, 396, 398, 400]), ("bob", [391, 393, 395, 397, 399])):
        for directs, where in ((True, ()), (False, ("alice bob",)), (True, ("alice bob",))):
            found = sqlite.fetch(rec.MessagesMatching("word", viewer, where, directs, 1000))
            assert [said.seq for said in found] == shown + own


def test_a_text_can_t_pretend_to_be_in_another_conversation(sqlite: SqliteStore) -> None:
    keep(sqlite, message("#c", 1, "word"))
    keep(sqlite, *(message("#d", seq, "word \x80c1 \x80u616c696365") for seq in range(1, 401)))
    tidy(sqlite)
    assert find(sqlite, "word") == [1]
    assert find(sqlite, "c1 u616c696365", "#d") == list(range(1, 401))


def test_a_very_long_question_and_very_long_words_are_answered(sqlite: SqliteStore) -> None:
    long = "x" * 40_000
    many = " ".join(f"w{number}" for number in range(5000))
    keep(sqlite, message("#c", 1, long), message("#c", 2, many), message("#c", 3, many[:-1]))
    keep(sqlite, *(message("#c", seq) for seq in range(4, 300)))
    tidy(sqlite)
    assert find(sqlite, long) == [1]
    assert find(sqlite, long[:-1]) == [1]
    assert find(sqlite, long + "x") == []
    assert find(sqlite, many) == [2]
    assert find(sqlite, many[:-1]) == [2, 3]


def test_without_fts5_a_search_looks_at_a_bounded_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(SqliteStore(tmp_path, use_fts=False)) as store:
        keep(store, *(message("#c", seq, f"word {seq:05}") for seq in range(1, 101)))
        assert store.tidy(0) is False
        assert find(store, "word") == list(range(1, 101))
        monkeypatch.setattr(search, "_SCAN", 10)
        assert find(store, "word") == list(range(91, 101))
        monkeypatch.setattr(search, "_SCAN_CHARACTERS", 49)
        assert find(store, "word") == list(range(96, 101))


def test_an_index_catches_up_with_what_a_build_without_fts5_has_kept(tmp_path: Path) -> None:
    for use_fts, start in ((True, 1), (False, 601), (True, 1201)):
        with closing(SqliteStore(tmp_path, use_fts=use_fts)) as store:
            keep(store, *(message("#c", seq, f"word {seq}") for seq in range(start, start + 600)))
            assert find(store, "word") == list(range(1, start + 600))
            tidy(store)
            assert find(store, "word") == list(range(1, start + 600))
    assert indexed(tmp_path) == 1800


def test_the_words_of_a_message_that_was_taken_back_leave_the_index(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path, "normal")) as store:
        keep(store, *(message("#c", number, f"gone{number} söme") for number in range(1, 301)))
        while store.tidy(0):
            pass
        keep(store, changes.RedactedMessage("#c", 2, "Alice", 5))
        words = "SELECT rowid FROM words WHERE words MATCH ?"
        assert store._db.execute(words, ("gone2",)).fetchall() == []
        assert store._db.execute(words, ("gone3",)).fetchall() == [(3,)]
        assert len(store._db.execute(words, ("some",)).fetchall()) == 299
