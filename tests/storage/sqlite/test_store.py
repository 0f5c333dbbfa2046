"""The store on disk: what survives, what fails, and what then goes on."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from evchat.core import records as rec
from evchat.core.store import StoreError
from evchat.storage.sqlite.store import SqliteStore
from tests.storage.samples import keep, message, seqs

ROOT = Path(__file__).resolve().parents[2]

NO_TEXT = "\ud800"
"""What no database can keep: saving it is a fault like any other, but at hand."""

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")


def history(store: SqliteStore, conversation: str = "#c", limit: int = 1000) -> list[int]:
    return seqs(store.fetch(rec.HistoryOf(conversation, "alice", limit, max_bytes=2**40)))


@contextmanager
def full_disk(store: SqliteStore) -> Iterator[None]:
    """The database can't grow."""
    (pages,) = store._db.execute("PRAGMA page_count").fetchone()
    (before,) = store._db.execute("PRAGMA max_page_count").fetchone()
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    yield
    store._db.execute(f"PRAGMA max_page_count = {before}")


@contextmanager
def failing_disk(_: SqliteStore) -> Iterator[None]:
    """Every write to a file fails (EFBIG, for which SQLite has no better name than an I/O error)."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


DISKS = [
    pytest.param(full_disk, "disk is full", id="full"),
    pytest.param(failing_disk, r"reports an error \(disk I/O error\)", id="failing", marks=posix),
]


# ---- what survives --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("durability", ["full", "normal"])
def test_what_is_committed_is_there_when_the_store_is_opened_again(tmp_path: Path, durability: str) -> None:
    said = message("#c", 1, "text")
    with closing(SqliteStore(tmp_path, durability)) as store:
        keep(store, said, rec.Account("alice", "Alice", "secret", 1))
        store.save(message("#c", 2, "not committed"))
        assert history(store) == [1, 2]
    with closing(SqliteStore(tmp_path, durability)) as store:
        assert store.fetch(rec.HistoryOf("#c", "alice", 10)) == [said]
        assert store.fetch(rec.AccountOf("alice")) == [rec.Account("alice", "Alice", "secret", 1)]


@pytest.mark.parametrize(("durability", "level"), [("full", 2), ("normal", 1)])
def test_durability_is_what_sqlite_is_told(tmp_path: Path, durability: str, level: int) -> None:
    with closing(SqliteStore(tmp_path, durability)) as store:
        assert store._db.execute("PRAGMA synchronous").fetchone() == (level,)
        assert store._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert store._db.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_closed_store_leaves_one_file_and_the_lock_s(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path)) as store:
        keep(store, message("#c", 1))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evchat.db", "evchat.lock"]


@posix
def test_only_the_owner_can_read_what_is_kept(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with closing(SqliteStore(tmp_path / "new" / "data")) as store:
            keep(store, message("#c", 1))
            files = list((tmp_path / "new" / "data").iterdir())
            assert len(files) == 4
            assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
            assert stat.S_IMODE((tmp_path / "new" / "data").stat().st_mode) == 0o700
    finally:
        os.umask(before)


def test_the_log_does_not_grow_without_bound(sqlite: SqliteStore, tmp_path: Path) -> None:
    for seq in range(1, 201):
        keep(sqlite, message("#c", seq, "x" * 100_000))
    assert (tmp_path / "evchat.db-wal").stat().st_size < 8_000_000
    assert (tmp_path / "evchat.db").stat().st_size > 15_000_000


WRITER = """
import sys
from pathlib import Path
from evchat.core.records import ReadMark
from evchat.protocol.messages import Message
from evchat.storage.sqlite.store import SqliteStore

store = SqliteStore(Path(sys.argv[1]), sys.argv[2])
for number in range(1, 1_000_000):
    for seq in range(3 * number - 2, 3 * number + 1):
        store.save(Message(seq, "#c", seq, "Alice", "#c", "word " * (seq % 50)))
    store.save(Message(number, "alice bob", number, "Alice", "Bob", "psst"))
    store.save(ReadMark("alice", "#c", 3 * number))
    store.commit()
    print(number, flush=True)
    if number % 5 == 0:
        store.tidy(0)
"""


@pytest.mark.parametrize(("durability", "passes"), [("full", 5), ("normal", 100), ("normal", 250)])
def test_a_killed_writer_loses_nothing_that_was_committed_and_leaves_no_half_pass(
    tmp_path: Path, durability: str, passes: int
) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path), durability], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    with writer, writer.stdout:
        printed = [next(writer.stdout) for _ in range(passes)]
        writer.kill()
        printed += [line for line in writer.stdout if line.endswith("\n")]
    committed = int(printed[-1])
    with closing(SqliteStore(tmp_path)) as store:
        (last,) = store.fetch(rec.HeadOf("alice bob"))
        assert last in (committed, committed + 1)
        assert store.fetch(rec.HeadOf("#c")) == [3 * last]
        assert [mark.seq for mark in store.fetch(rec.ReadMarkOf("alice", "#c"))] == [3 * last]
        assert history(store, "#c", 10_000_000) == list(range(1, 3 * last + 1))
        assert history(store, "alice bob", 10_000_000) == list(range(1, last + 1))
        assert len(store.fetch(rec.MessagesMatching("psst", "bob", (), True, 10_000_000, 2**40))) == last
        keep(store, message("#c", 3 * last + 1))


# ---- one server on a directory --------------------------------------------------------------------------------

HOLDER = """
import sys
from pathlib import Path
from evchat.storage.sqlite.store import SqliteStore

store = SqliteStore(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


def test_a_second_process_is_refused_until_the_first_is_gone_even_killed(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    with holder:
        assert holder.stdout.readline().strip() == b"open"
        with pytest.raises(StoreError) as refused:
            SqliteStore(tmp_path)
        holder.kill()
    assert str(tmp_path) in str(refused.value) and f"process {holder.pid}" in str(refused.value)
    SqliteStore(tmp_path).close()


def test_a_lock_held_by_another_program_fails_the_pass_and_not_the_next(
    sqlite: SqliteStore, tmp_path: Path
) -> None:
    keep(sqlite, message("#c", 1))
    with closing(sqlite3.connect(tmp_path / "evchat.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        sqlite.save(message("#c", 2))
        with pytest.raises(StoreError, match="Another program"):
            sqlite.commit()
        assert history(sqlite) == [1]
        other.execute("ROLLBACK")
    keep(sqlite, message("#c", 2))
    assert history(sqlite) == [1, 2]


# ---- what can't be opened -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"This is no database. " * 300, bytes(5000), b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "evchat.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"evchat\.db can't be used: .*\. It was left as it is\."):
        SqliteStore(tmp_path)
    assert path.read_bytes() == content
    path.unlink()
    SqliteStore(tmp_path).close()


@pytest.mark.parametrize("damage", ["cut", "overwritten"])
def test_a_damaged_database_is_refused_and_left_as_it_is(tmp_path: Path, damage: str) -> None:
    with closing(SqliteStore(tmp_path)) as store:
        keep(store, *(message("#c", seq, "x" * 3000) for seq in range(1, 101)))
    path = tmp_path / "evchat.db"
    whole = path.read_bytes()
    broken = whole[: len(whole) // 2] if damage == "cut" else whole[:4096] + b"\xff" * (len(whole) - 4096)
    path.write_bytes(broken)
    with pytest.raises(StoreError, match=r"evchat\.db can't be used: "):
        SqliteStore(tmp_path)
    assert path.read_bytes() == broken


def test_damage_found_while_reading_is_told_and_other_reading_goes_on(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path)) as store:
        keep(store, message("#d", 1), *(message("#c", seq, "x" * 3000) for seq in range(1, 101)))
    path = tmp_path / "evchat.db"
    whole = path.read_bytes()
    path.write_bytes(whole[: -40 * 4096] + b"\xff" * 40 * 4096)
    with closing(SqliteStore(tmp_path)) as store:
        with pytest.raises(StoreError, match="damaged"):
            history(store)
        assert history(store, "#d") == [1]


def test_another_program_s_database_and_a_newer_one_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "evchat.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE theirs (a)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="can't be used: it is the database of another program"):
        SqliteStore(tmp_path)
    assert path.read_bytes() == before
    path.unlink()
    SqliteStore(tmp_path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 1000")
    with pytest.raises(StoreError, match="can't be used: a newer evchat has written it"):
        SqliteStore(tmp_path)


def test_what_is_no_directory_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="can't be used as the data directory"):
        SqliteStore(tmp_path / "file")
    (tmp_path / "evchat.db").mkdir()
    with pytest.raises(StoreError, match=r"evchat\.db can't be used: .*directory"):
        SqliteStore(tmp_path)


# ---- what fails -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("saved_last", [False, True])
def test_a_pass_that_can_t_be_kept_is_lost_as_a_whole(sqlite: SqliteStore, saved_last: bool) -> None:
    keep(sqlite, message("#c", 1), rec.TopicRecord("#c", "#c", "old", "Alice", 1))
    records: list[rec.Record] = [
        message("#c", 2),
        rec.TopicRecord("#c", "#c", "new", "Alice", 2),
        rec.Receipt("alice", "id", "#c", 2, 2),
    ]
    records.insert(len(records) if saved_last else 0, rec.LastSeen(NO_TEXT, "", 1))
    for record in records:
        sqlite.save(record)
    with pytest.raises(StoreError, match="no Unicode text"):
        sqlite.commit()
    assert history(sqlite) == [1]
    assert sqlite.fetch(rec.AllTopics())[0].text == "old"
    assert sqlite.fetch(rec.ReceiptOf("alice", "id", 0)) == []
    sqlite.commit()
    keep(sqlite, message("#c", 2))
    assert history(sqlite) == [1, 2]


def test_a_fault_found_by_a_question_fails_the_rest_of_the_pass(sqlite: SqliteStore) -> None:
    keep(sqlite, message("#c", 1))
    sqlite.save(rec.TopicRecord("#c", "#c", "lost", "Alice", 1))
    sqlite.save(message("#c", 2, NO_TEXT))
    assert history(sqlite) == [1]
    with pytest.raises(StoreError):
        sqlite.save(message("#c", 3))
    assert sqlite.fetch(rec.AllTopics()) == []
    assert sqlite.tidy(0) is True
    with pytest.raises(StoreError):
        sqlite.commit()
    keep(sqlite, message("#c", 2))
    assert history(sqlite) == [1, 2]


def test_a_question_that_can_t_be_asked_costs_nothing_of_the_pass(sqlite: SqliteStore) -> None:
    sqlite.save(message("#c", 1))
    assert history(sqlite) == [1]
    with pytest.raises(StoreError, match="no Unicode text"):
        sqlite.fetch(rec.LastSeenOf(NO_TEXT))
    with pytest.raises(StoreError):
        sqlite.fetch(rec.HistoryOf("#c", "alice", 10, before=2**64))
    sqlite.commit()
    assert history(sqlite) == [1]


def test_a_number_given_twice_is_refused_with_its_pass(sqlite: SqliteStore) -> None:
    first = message("#c", 1)
    keep(sqlite, first)
    sqlite.save(message("#d", 1))
    sqlite.save(message("#c", 1))
    with pytest.raises(StoreError, match="contradicts"):
        sqlite.commit()
    assert sqlite.fetch(rec.HistoryOf("#c", "alice", 10)) == [first]
    assert history(sqlite, "#d") == []


def test_an_inbox_can_t_hold_a_message_that_there_is_not(sqlite: SqliteStore) -> None:
    sqlite.save(rec.InboxEntry("bob", "alice bob", 1))
    with pytest.raises(StoreError, match="contradicts"):
        sqlite.commit()


def test_conversations_of_a_lost_pass_are_not_mixed_up_with_later_ones(sqlite: SqliteStore) -> None:
    sqlite.save(message("#lost", 1))
    assert history(sqlite, "#lost") == [1]
    sqlite.save(rec.LastSeen(NO_TEXT, "", 1))
    with pytest.raises(StoreError):
        sqlite.commit()
    keep(sqlite, message("#new", 1))
    keep(sqlite, message("#lost", 1), message("#lost", 2))
    assert history(sqlite, "#new") == [1]
    assert history(sqlite, "#lost") == [1, 2]


@pytest.mark.parametrize(("disk", "reason"), DISKS)
def test_a_disk_that_takes_nothing_fails_passes_until_it_does_again(
    sqlite: SqliteStore, tmp_path: Path, disk: object, reason: str
) -> None:
    keep(sqlite, message("#c", 1), rec.Account("alice", "Alice", "secret", 1))
    with disk(sqlite):  # type: ignore[operator]
        for _ in range(3):
            sqlite.save(message("#c", 2, "x" * 50_000))
            sqlite.save(message("#d", 1))
            with pytest.raises(StoreError, match=reason):
                sqlite.commit()
            assert history(sqlite) == [1]
            assert history(sqlite, "#d") == []
            assert sqlite.fetch(rec.AccountOf("alice"))
    keep(sqlite, message("#c", 2, "x" * 50_000))
    assert history(sqlite) == [1, 2]
    sqlite.close()
    with closing(SqliteStore(tmp_path)) as again:
        assert history(again) == [1, 2]


@pytest.mark.parametrize(("disk", "reason"), DISKS)
def test_a_disk_that_takes_nothing_is_found_by_a_question_too(
    sqlite: SqliteStore, disk: object, reason: str
) -> None:
    keep(sqlite, message("#c", 1))
    with disk(sqlite):  # type: ignore[operator]
        sqlite.save(message("#c", 2, "x" * 50_000))
        history(sqlite)
        with pytest.raises(StoreError, match=reason):
            sqlite.commit()
    keep(sqlite, message("#c", 2))
    assert history(sqlite) == [1, 2]


@pytest.mark.parametrize(("disk", "reason"), DISKS)
def test_upkeep_fails_with_the_disk_and_is_done_later(sqlite: SqliteStore, disk: object, reason: str) -> None:
    keep(sqlite, *(message("#c", seq, f"word {seq * 7919} {seq * 104729}") for seq in range(1, 401)))
    with disk(sqlite):  # type: ignore[operator]
        with pytest.raises(StoreError, match=reason):
            while sqlite.tidy(0):
                pass
        assert len(sqlite.fetch(rec.MessagesMatching("word", "alice", ("#c",), False, 1000))) == 400
    while sqlite.tidy(0):
        pass
    assert len(sqlite.fetch(rec.MessagesMatching("word", "alice", ("#c",), False, 1000))) == 400


def test_upkeep_waits_for_the_end_of_a_pass(sqlite: SqliteStore) -> None:
    for seq in range(1, 401):
        sqlite.save(message("#c", seq))
    assert sqlite.tidy(0) is True
    assert history(sqlite) == list(range(1, 401))
    assert sqlite.tidy(0) is True
    sqlite.save(rec.LastSeen(NO_TEXT, "", 1))
    with pytest.raises(StoreError):
        sqlite.commit()
    assert history(sqlite) == []
    assert sqlite.tidy(0) is False
