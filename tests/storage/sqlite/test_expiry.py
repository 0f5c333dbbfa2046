"""What is deleted is gone: not a word of it is left in any file."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

import pytest

from evchat.core import changes
from evchat.core import records as rec
from evchat.storage.sqlite.store import SqliteStore
from tests.storage.samples import message

DAY = 24 * 3_600_000


def found(directory: Path, word: str) -> list[str]:
    """The files of the database that hold a word, and how often."""
    data = {path.name: path.read_bytes().count(word.encode()) for path in directory.iterdir()}
    return [f"{name}: {count}" for name, count in data.items() if count]


def tidy(store: SqliteStore, now: int) -> None:
    for _ in range(20_000):
        if not store.tidy(now):
            return
    raise AssertionError("it never ends")


def fill(store: SqliteStore, count: int, now: int) -> None:
    """Messages with a word that stands in every other one, and words of all kinds, in several commits."""
    chance = random.Random(1)
    for seq in range(1, count + 1):
        words = " ".join(f"w{chance.randrange(10**6)}" for _ in range(chance.randrange(1, 60)))
        secret = seq % 2 == 0
        text = f"{words} xylophone{seq} {words[:50]}" if secret else words
        store.save(message("#main", seq, text, "mallory" if secret else "bob", at=now))
        if seq % 50 == 0:
            store.commit()
            store.tidy(now)
    store.commit()


@pytest.mark.parametrize("indexed", [True, False])
def test_not_a_word_of_messages_whose_time_is_over_is_left(tmp_path: Path, indexed: bool) -> None:
    with closing(SqliteStore(tmp_path, "normal")) as store:
        fill(store, 1_500, 0)
        if indexed:
            tidy(store, 1)
        assert found(tmp_path, "xylophone")
        store.save(changes.Retention("", 1))
        store.save(message("#main", 1_501, "new", at=3 * DAY))
        store.commit()
        tidy(store, 3 * DAY)
        assert found(tmp_path, "xylophone") == []
        assert [said.text for said in store.fetch(rec.HistoryOf("#main", "x", 9))] == ["new"]


def test_not_a_word_of_somebody_who_was_erased_is_left_and_the_rest_is_still_found(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path, "normal")) as store:
        fill(store, 1_500, 0)
        tidy(store, 1)
        store.save(changes.Erasure("mallory", "mallory", 2))
        store.commit()
        tidy(store, 10)
        tidy(store, 5_000)
        assert found(tmp_path, "xylophone") == []
        (bobs,) = {said.sender for said in store.fetch(rec.HistoryOf("#main", "x", 1_000)) if said.text}
        assert bobs == "bob"


def test_an_erasure_that_was_interrupted_goes_on_after_the_next_start(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path, "normal")) as store:
        for seq in range(1, 3_001):
            store.save(message("#main", seq, f"xylophone{seq}", "mallory", at=0))
        store.save(changes.Erasure("mallory", "mallory", 2))
        store.commit()
        store.tidy(10)
    with closing(SqliteStore(tmp_path, "normal")) as store:
        assert store.fetch(rec.HistoryOf("#main", "x", 1, before=3_001))[0].text
        tidy(store, 10)
        assert not any(said.text for said in store.fetch(rec.HistoryOf("#main", "x", 3_000)))
        assert found(tmp_path, "xylophone") == []


def test_a_step_is_bounded_and_somebody_who_reads_only_delays_the_cut_of_the_log(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path, "normal")) as store:
        for seq in range(1, 1_301):
            store.save(message("#main", seq, "x", at=0))
        store.save(changes.Retention("", 1))
        store.commit()
        reader = store._committed_db.execute("SELECT id FROM messages")
        reader.fetchone()
        left = []
        while store.tidy(3 * DAY) and len(left) < 1_000:
            left.append(store._db.execute("SELECT count(*) FROM messages").fetchone()[0])
        assert left[:3] == [800, 300, 1]
        reader.close()
        tidy(store, 3 * DAY + 10_000)
        assert (tmp_path / "evchat.db-wal").stat().st_size == 0


def test_numbers_of_changes_go_on_when_the_changed_messages_are_gone(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path, "normal")) as store:
        store.save(message("#main", 1, "x", at=0))
        store.save(changes.RedactedMessage("#main", 1, "bob", 1, "", 7))
        store.save(changes.Retention("", 1))
        store.commit()
        tidy(store, 3 * DAY)
        assert store.fetch(changes.RevOf("#main")) == [7]
