"""The store while another thread commits: what is saved meanwhile, and what is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evchat.core import records as rec
from evchat.core.store import StoreBusy, StoreError
from evchat.storage.sqlite.store import SqliteStore
from tests.storage.samples import message

NOW = 1_795_256_109_000


def begin(store: SqliteStore, *records: rec.Record) -> None:
    for record in records:
        store.save(record)
    store.seal()


def end(store: SqliteStore) -> None:
    store.sync()
    store.unseal(True)


def texts(store: SqliteStore) -> list[str]:
    return [said.text for said in store.fetch(rec.HistoryOf("#a", "bob", 10))]


def receipt(id: str) -> rec.Receipt:
    return rec.Receipt("bob", id, "#a", 1, NOW)


def receipt_of(id: str) -> rec.ReceiptOf:
    return rec.ReceiptOf("bob", id, 0)


def test_what_is_saved_meanwhile_is_the_next_group(sqlite: SqliteStore) -> None:
    begin(sqlite, message("#a", 1, "one"))
    sqlite.save(message("#a", 2, "two"))
    end(sqlite)
    assert [said.text for said in sqlite.fetch_committed(rec.HistoryOf("#a", "bob", 10))] == ["one"]
    assert texts(sqlite) == ["one", "two"]
    sqlite.commit()
    assert [said.text for said in sqlite.fetch_committed(rec.HistoryOf("#a", "bob", 10))] == ["one", "two"]


@pytest.mark.parametrize("meanwhile", [False, True])
def test_what_is_not_committed_is_not_guessed(sqlite: SqliteStore, meanwhile: bool) -> None:
    begin(sqlite, *([] if meanwhile else [message("#a", 1, "one"), receipt("1")]))
    if meanwhile:
        sqlite.save(message("#a", 1, "one"))
        sqlite.save(receipt("1"))
    for query in (rec.HeadOf("#a"), rec.HistoryOf("#b", "bob", 10), rec.InboxOf("bob", 10), receipt_of("1")):
        with pytest.raises(StoreBusy):
            sqlite.fetch(query)
    assert sqlite.fetch(receipt_of("2")) == []
    assert sqlite.fetch(rec.AccountOf("bob")) == []
    end(sqlite)
    assert sqlite.fetch(rec.HeadOf("#a")) == [1] and sqlite.fetch(receipt_of("1")) == [receipt("1")]


def test_what_was_committed_before_is_known_all_the_time(sqlite: SqliteStore) -> None:
    sqlite.save(rec.Account("bob", "Bob", "secret", NOW))
    sqlite.save(receipt("1"))
    sqlite.commit()
    begin(sqlite, message("#a", 1, "one"), receipt("2"))
    assert sqlite.fetch(rec.AccountOf("bob")) == [rec.Account("bob", "Bob", "secret", NOW)]
    assert sqlite.fetch(receipt_of("1")) == [receipt("1")]
    assert sqlite.measure()[0] > 0
    end(sqlite)


def test_a_commit_that_fails_loses_what_was_saved_meanwhile_too(sqlite: SqliteStore) -> None:
    begin(sqlite, message("#a", 1, "one"), receipt("1"))
    sqlite.save(message("#new", 1, "two"))
    sqlite.save(receipt("2"))
    sqlite._db.execute("ROLLBACK")  # as a disk does that breaks
    with pytest.raises(StoreError):
        sqlite.sync()
    sqlite.unseal(False)
    for id in "12":
        assert sqlite.fetch(receipt_of(id)) == []
    assert sqlite.fetch(rec.HeadOf("#a")) == sqlite.fetch(rec.HeadOf("#new")) == []
    begin(sqlite, message("#new", 1, "three"))
    end(sqlite)
    assert sqlite.fetch(rec.HeadOf("#new")) == [1]


def test_a_group_that_was_lost_before_is_not_sealed(sqlite: SqliteStore) -> None:
    sqlite.save(message("#a", 1, "\ud800"))
    with pytest.raises(StoreError):
        sqlite.seal()
    begin(sqlite, message("#a", 1, "one"))
    end(sqlite)
    assert texts(sqlite) == ["one"]


def test_an_empty_group_is_committed_as_well(sqlite: SqliteStore) -> None:
    begin(sqlite)
    end(sqlite)


def test_upkeep_leaves_what_was_saved_where_it_is(sqlite: SqliteStore) -> None:
    sqlite.save(rec.Receipt("bob", "old", "#a", 1, 0))
    sqlite.commit()
    sqlite.save(message("#a", 1, "one"))
    assert sqlite.lend()
    sqlite.save(message("#a", 2, "two"))
    assert sqlite.tidy(NOW)
    with pytest.raises(StoreBusy):
        sqlite.fetch(rec.HeadOf("#a"))
    assert sqlite.fetch(rec.ReceiptOf("bob", "old", -1)) == []
    sqlite.unseal(True)
    assert texts(sqlite) == ["one", "two"]
    assert not sqlite.lend(), "the group is half written"
    sqlite.commit()


BEFORE: list[Callable[[SqliteStore], Any]] = [
    lambda store: None,
    lambda store: store.save(message("#a", 2, "two")),
    lambda store: store.fetch(rec.HeadOf("#a")),
]


@pytest.mark.parametrize("before", BEFORE)
def test_questions_about_what_is_durable_are_never_answered_with_more(
    sqlite: SqliteStore, before: Callable[[SqliteStore], Any]
) -> None:
    sqlite.save(message("#a", 1, "one"))
    sqlite.commit()
    before(sqlite)
    assert sqlite.fetch_committed(rec.HeadOf("#a")) == [1]
    sqlite.commit()
