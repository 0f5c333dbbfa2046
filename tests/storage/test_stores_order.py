"""The contract of a store about channels that stay, bans from the server, and what operators did."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from evchat.core import records as rec
from evchat.core import server_queries
from evchat.core.store import Store
from evchat.storage.sqlite.schema import MIGRATIONS, prepare
from tests.storage.samples import keep, open_store

TEA = rec.ChannelRecord("#tea", "#Tea", "alice", 7, '{"flags":"n"}')
BAN = rec.ServerBanRecord("192.0.2.0/24", "192.0.2.0/24", "Root", 7, 0, "spam's 50% ☃")


def act(number: int) -> rec.AuditRecord:
    return rec.AuditRecord(number, "Root", "kill", f"bob{number}", "")


def test_an_empty_store_has_none_of_them(store: Store) -> None:
    assert store.fetch(rec.AllChannels()) == []
    assert store.fetch(server_queries.AllServerBans()) == []
    assert store.fetch(server_queries.RecentAuditRecords(10)) == []


def test_a_channel_that_stays_is_overwritten_and_the_oldest_comes_first(store: Store) -> None:
    later = rec.ChannelRecord("#b", "#b", "", 8, "{}")
    earlier = rec.ChannelRecord("#c", "#c", "bob", 3, "{}")
    changed = rec.ChannelRecord("#tea", "#Tea", "alice", 7, '{"flags":"nt","key":"ключ"}')
    keep(store, TEA, later, earlier)
    store.save(changed)
    assert store.fetch(rec.AllChannels()) == [earlier, changed, later]
    store.commit()
    assert store.fetch(rec.AllChannels()) == [earlier, changed, later]


def test_a_ban_is_overwritten_and_taken_back(store: Store) -> None:
    bob = rec.ServerBanRecord("bob", "Bob", "Root", 5, 99, "")
    keep(store, BAN, bob)
    assert store.fetch(server_queries.AllServerBans()) == [bob, BAN]
    again = rec.ServerBanRecord("bob", "BOB", "Root", 9, 0, "again")
    keep(store, again)
    assert store.fetch(server_queries.AllServerBans()) == [BAN, again]
    keep(store, rec.ServerBanRecord("bob", "BOB", "Root", 9, 0, "again", on=False))
    keep(store, rec.ServerBanRecord("carol", "carol", "Root", 9, 0, "", on=False))
    assert store.fetch(server_queries.AllServerBans()) == [BAN]


def test_what_operators_did_comes_back_the_latest_first(store: Store) -> None:
    keep(store, *(act(1) for _ in range(2)), act(3), act(2))
    assert store.fetch(server_queries.RecentAuditRecords(3)) == [act(2), act(3), act(1)]
    assert len(store.fetch(server_queries.RecentAuditRecords(99))) == 4
    assert (
        store.fetch(server_queries.RecentAuditRecords(0))
        == store.fetch(server_queries.RecentAuditRecords(-1))
        == []
    )


def test_all_of_it_is_there_when_the_store_is_opened_again(tmp_path: Path) -> None:
    with closing(open_store("sqlite", tmp_path)) as store:
        keep(store, TEA, BAN, act(1))
        store.save(act(2))
    with closing(open_store("sqlite", tmp_path)) as store:
        assert store.fetch(rec.AllChannels()) == [TEA]
        assert store.fetch(server_queries.AllServerBans()) == [BAN]
        assert store.fetch(server_queries.RecentAuditRecords(9)) == [act(1)]


def test_the_tables_come_to_a_database_of_the_first_version(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "evchat.db", isolation_level=None)) as db:
        prepare(db, MIGRATIONS[:1])
        db.execute("INSERT INTO topics VALUES ('#main', '#main', 'Green', 'alice', 7)")
        db.execute(
            "INSERT INTO topics VALUES ('#tea', '#Tea', 'of guests, who kept it to themselves', 'alice', 7)"
        )
    with closing(open_store("sqlite", tmp_path)) as store:
        assert store.fetch(rec.AllTopics()) == [rec.TopicRecord("#main", "#main", "Green", "alice", 7)]
        keep(store, TEA)
        assert store.fetch(rec.AllChannels()) == [TEA]
