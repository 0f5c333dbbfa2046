"""What is special about the store in memory: it is bounded."""

from __future__ import annotations

from evchat.core import changes
from evchat.core import records as rec
from evchat.storage.memory import MemoryStore
from tests.storage.samples import keep, message, seqs


def history(store: MemoryStore, conversation: str) -> list[int]:
    return seqs(store.fetch(rec.HistoryOf(conversation, "alice", 10_000, max_bytes=2**40)))


def test_only_the_last_messages_of_a_conversation_are_kept() -> None:
    store = MemoryStore(3)
    keep(store, *(message("#c", seq) for seq in range(1, 6)), message("#d", 1))
    assert history(store, "#c") == [3, 4, 5]
    assert history(store, "#d") == [1]


def test_with_too_many_conversations_direct_ones_go_first_those_quiet_longest() -> None:
    store = MemoryStore(conversations=10)
    for number in range(4):
        store.save(message(f"#c{number}", 1))
    for number in range(6):
        store.save(message(f"a u{number}", 1))
    store.save(message("a u0", 2))
    store.save(message("#new", 1))
    assert [number for number in range(6) if history(store, f"a u{number}")] == [0, 3, 4, 5]
    assert all(history(store, f"#c{number}") for number in range(4)) and history(store, "#new")


def test_with_channels_alone_the_one_quiet_longest_goes() -> None:
    store = MemoryStore(conversations=10)
    for number in range(11):
        store.save(message(f"#c{number}", 1))
    assert [number for number in range(11) if history(store, f"#c{number}")] == list(range(2, 11))


def test_a_conversation_that_was_dropped_goes_on_where_it_was() -> None:
    store = MemoryStore(conversations=3)
    last = message("a b", 2)
    keep(store, message("a b", 1), last, *(message(f"#c{number}", 1) for number in range(3)))
    assert history(store, "a b") == []
    assert (store.fetch(rec.HeadOf("a b")), store.fetch(rec.LastTimeOf("a b"))) == ([2], [last.at])
    store.save(message("a b", 3))
    assert store.fetch(rec.HeadOf("a b")) == [3]


def test_the_bytes_of_all_messages_are_bounded() -> None:
    store = MemoryStore(10_000, size=1_000_000)
    for seq in range(1, 101):
        for conversation in ("#c", "#d", "a b"):
            store.save(message(conversation, seq, "x" * 9_500))
            kept = sum(len(history(store, conversation)) for conversation in ("#c", "#d", "a b"))
            assert kept * 10_000 <= 1_000_000
    assert history(store, "#d")[-1] == 100


def test_one_conversation_alone_loses_its_oldest_messages_when_the_bytes_are_used_up() -> None:
    store = MemoryStore(10_000, size=100_000)
    for seq in range(1, 201):
        store.save(message("#c", seq, "x" * 500))
    left = history(store, "#c")
    assert left == list(range(201 - len(left), 201)) and 50 <= len(left) <= 100


def test_one_huge_message_is_kept() -> None:
    store = MemoryStore(size=1000)
    keep(store, message("#c", 1), message("#c", 2, "x" * 10_000))
    assert history(store, "#c") == [2]


def test_receipts_names_marks_and_inboxes_are_bounded() -> None:
    store = MemoryStore(2, others=3)
    for number in range(5):
        user = f"u{number}"
        keep(
            store,
            message(f"a {user}", 1),
            rec.Receipt(user, "id", "#c", 1, 1),
            rec.LastSeen(user, user, 1),
            rec.ReadMark(user, "#c", 1),
            rec.InboxEntry(user, f"a {user}", 1),
        )
    users = [f"u{number}" for number in range(5)]
    kept = [False, False, True, True, True]
    assert [bool(store.fetch(rec.ReceiptOf(user, "id", 0))) for user in users] == kept
    assert [bool(store.fetch(rec.LastSeenOf(user))) for user in users] == kept
    assert [bool(store.fetch(rec.ReadMarkOf(user, "#c"))) for user in users] == kept
    assert [bool(store.fetch(rec.InboxOf(user, 1))) for user in users] == kept


def test_an_inbox_is_bounded_and_forgets_what_its_conversation_has_dropped() -> None:
    store = MemoryStore(3)
    for seq in range(1, 6):
        keep(store, message("alice bob", seq), rec.InboxEntry("bob", "alice bob", seq))
    assert seqs(store.fetch(rec.InboxOf("bob", 10))) == [3, 4, 5]
    keep(store, message("alice bob", 6))
    assert seqs(store.fetch(rec.InboxOf("bob", 10))) == [4, 5]
    assert store.fetch(rec.InboxCount("bob")) == [2]


def test_the_changes_of_a_conversation_go_on_where_they_were() -> None:
    store = MemoryStore(2, conversations=3)
    keep(store, message("#c", 1), changes.RedactedMessage("#c", 1, "Alice", 5, "", 1))
    keep(store, message("#c", 2), message("#c", 3))
    assert store.fetch(changes.ChangesOf("#c", "alice", 0, 9)) == [] and store.fetch(changes.RevOf("#c")) == [
        1
    ]
    keep(store, *(message(f"#d{number}", 1) for number in range(3)))
    assert history(store, "#c") == [] and store.fetch(changes.RevOf("#c")) == [1]
