"""The contract of a store, kept by every one of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.core import changes, server_queries
from evchat.core import records as rec
from evchat.core.query import Query
from evchat.core.store import Store
from evchat.protocol.base import Identity
from evchat.protocol.messages import Message
from evchat.storage.steps import last_step
from evchat.storage.words import words
from tests.profiles import examples
from tests.storage.samples import STORES, keep, message, open_store, seqs

BIG = 2**53

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


# ---- conversations --------------------------------------------------------------------------------------------


def test_an_unknown_conversation_has_no_head_and_no_history(store: Store) -> None:
    assert store.fetch(rec.HeadOf("#c")) == []
    assert store.fetch(rec.HistoryOf("#c", "alice", 10)) == []
    assert store.fetch(rec.HistoryOf("alice bob", "alice", 10)) == []


def test_messages_are_counted(store: Store) -> None:
    assert store.fetch(server_queries.MessageCount()) == store.fetch(server_queries.UnindexedCount()) == [0]
    keep(store, message("#c", 1), message("#c", 2), message("alice bob", 1))
    assert store.fetch(server_queries.MessageCount()) == [3]


def test_what_is_saved_counts_before_the_commit(store: Store) -> None:
    first, second = message("#c", 1), message("#c", 2)
    keep(store, first)
    store.save(second)
    assert store.fetch(rec.HeadOf("#c")) == [2]
    assert store.fetch(rec.HistoryOf("#c", "bob", 10)) == [first, second]
    store.commit()
    assert store.fetch(rec.HeadOf("#c")) == [2]


def test_the_last_time_is_that_of_the_message_with_the_highest_number(store: Store) -> None:
    assert store.fetch(rec.LastTimeOf("#c")) == []
    keep(store, Message(9, "#c", 1, "alice", "#c", "x"), Message(7, "#d", 1, "alice", "#d", "x"))
    store.save(Message(5, "#c", 2, "alice", "#c", "x"))
    assert (store.fetch(rec.LastTimeOf("#c")), store.fetch(rec.LastTimeOf("#d"))) == ([5], [7])
    store.commit()
    assert store.fetch(rec.LastTimeOf("#c")) == [5]


def test_a_commit_of_nothing_is_fine(store: Store) -> None:
    store.commit()
    store.commit()
    keep(store, message("#c", 1))
    store.commit()
    assert store.fetch(rec.HeadOf("#c")) == [1]


def test_a_message_comes_back_as_it_was(store: Store) -> None:
    kept = [
        Message(BIG, "#c", 1, "Alice", "#C", "a\0b\r\n\U0001f600 ' \" % \\", action=True, id="an id"),
        Message(0, "#c", 2, "Älice", "#C", "", id="", announced=True),
        Message(0, "#c", 3, "Alice", "#C", "x", notice=True, tags=(("+x", "y"),)),
        Message(1, "#c", BIG, "Alice", "#C", "x" * 70_000, id="1"),
    ]
    keep(store, *kept)
    found = store.fetch(rec.HistoryOf("#c", "alice", 10))
    assert found == kept
    assert [type(said.action) for said in found] == [bool] * 4
    assert [said.tags for said in found] == [said.tags for said in kept]
    assert store.fetch(rec.HeadOf("#c")) == [BIG]


def test_what_belongs_to_a_message_comes_back_and_goes_with_its_text(store: Store) -> None:
    tags, who = (("+x", "y ; \u00e9"), ("+y", "")), Identity(account="alice")
    said = Message(1, "#c", 1, "Alice", "#C", "one\ntwo", tags=tags, joins=(3, 5), who=who)
    keep(store, said)
    (found,) = store.fetch(rec.HistoryOf("#c", "alice", 10))
    assert (found.tags, found.joins, found.who.account) == (tags, (3, 5), "alice")
    keep(store, changes.RedactedMessage("#c", 1, "alice", 2))
    (found,) = store.fetch(rec.HistoryOf("#c", "alice", 10))
    assert (found.text, found.tags, found.joins) == ("", (), ())


def test_conversations_are_apart(store: Store) -> None:
    kept = [message(key, 1) for key in ("#c", "#d", "alice bob", "alice bobby", "*")]
    keep(store, *kept)
    for said in kept:
        assert store.fetch(rec.HistoryOf(said.conversation, "alice", 10)) == [said]


@pytest.mark.parametrize("conversation", ["#c", "alice bob"])
@pytest.mark.parametrize(
    ("limit", "before", "after", "expected"),
    [
        (3, None, None, [8, 9, 10]),
        (3, 6, None, [3, 4, 5]),
        (3, None, 6, [7, 8, 9]),
        (3, 8, 2, [5, 6, 7]),
        (9, 8, 5, [6, 7]),
        (9, 6, 5, []),
        (9, 3, 7, []),
        (9, 1, None, []),
        (9, None, 10, []),
        (2, BIG, None, [9, 10]),
        (2, None, 0, [1, 2]),
        (0, None, None, []),
    ],
)
def test_history_is_what_is_nearest_oldest_first(
    store: Store, conversation: str, limit: int, before: int | None, after: int | None, expected: list[int]
) -> None:
    keep(store, *(message(conversation, seq) for seq in range(1, 11)))
    assert seqs(store.fetch(rec.HistoryOf(conversation, "bob", limit, before, after))) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(None, None, [4, 5]), (4, None, [2, 3]), (None, 1, [2, 3]), (None, None, [4, 5])],
)
def test_history_stops_where_there_is_too_much_text(
    store: Store, before: int | None, after: int | None, expected: list[int]
) -> None:
    keep(store, *(message("#c", seq, "ä" * 10) for seq in range(1, 6)))
    query = rec.HistoryOf("#c", "bob", 10, before, after, max_bytes=59)
    assert seqs(store.fetch(query)) == expected


def test_at_least_one_message_is_found_however_long_it_is(store: Store) -> None:
    keep(store, message("#c", 1), message("#c", 2, "long " * 1000), rec.InboxEntry("bob", "#c", 2))
    assert seqs(store.fetch(rec.HistoryOf("#c", "bob", 10, max_bytes=10))) == [2]
    assert seqs(store.fetch(rec.MessagesMatching("long", "bob", ("#c",), False, 10, max_bytes=10))) == [2]
    assert seqs(store.fetch(rec.InboxOf("bob", 10, max_bytes=10))) == [2]


@pytest.mark.parametrize("conversation", ["alice bob", "#c"])
def test_only_its_sender_sees_a_hidden_message(store: Store, conversation: str) -> None:
    keep(
        store,
        message(conversation, 1, "one", "Alice"),
        message(conversation, 2, "two", "Bob", hidden=True),
        message(conversation, 3, "three", "Alice", hidden=True),
        message(conversation, 4, "four", "Bob"),
    )

    def history(viewer: str) -> list[int]:
        return seqs(store.fetch(rec.HistoryOf(conversation, viewer, 10)))

    assert history("alice") == [1, 3, 4]
    assert history("bob") == [1, 2, 4]
    assert history("carol") == [1, 4]
    assert seqs(store.fetch(rec.HistoryOf(conversation, "alice", 2, before=4))) == [1, 3]
    assert seqs(store.fetch(rec.HistoryOf(conversation, "alice", 2, after=1))) == [3, 4]
    assert [said.hidden for said in store.fetch(rec.HistoryOf(conversation, "bob", 10))] == [
        False,
        True,
        False,
    ]
    assert store.fetch(rec.HeadOf(conversation)) == [4]


def test_with_both_bounds_the_oldest_between_them_can_be_asked_for(store: Store) -> None:
    keep(store, *(message("#c", seq) for seq in range(1, 11)))

    def oldest(limit: int, before: int | None, after: int | None) -> list[int]:
        return seqs(store.fetch(rec.HistoryOf("#c", "bob", limit, before, after, oldest=True)))

    assert oldest(3, 8, 2) == [3, 4, 5]
    assert oldest(9, 8, 5) == [6, 7]
    assert oldest(2, None, None) == oldest(2, 5, None) == [1, 2]
    assert oldest(2, None, 8) == [9, 10]


def test_a_time_has_its_first_message(store: Store) -> None:
    keep(store, *(message("#c", seq, at=at) for seq, at in enumerate((10, 20, 20, 20, 30, 31), 1)))
    found = {at: store.fetch(rec.SeqAt("#c", at)) for at in (0, 10, 11, 20, 21, 30, 31, 32, BIG)}
    assert found == {0: [1], 10: [1], 11: [2], 20: [2], 21: [5], 30: [5], 31: [6], 32: [], BIG: []}
    assert store.fetch(rec.SeqAt("#none", 0)) == []


@pytest.mark.parametrize("indexed", [False, True])
def test_the_text_of_a_message_that_was_taken_back_is_gone(store: Store, indexed: bool) -> None:
    kept = [message("#c", 1, "one"), message("#c", 2, "söme thing", hidden=True), message("#c", 3, "three")]
    keep(store, *kept)
    for number in range(300 if indexed else 0):
        keep(store, message("#d", number + 1))
    while indexed and store.tidy(0):
        pass
    keep(
        store,
        changes.RedactedMessage("#c", 2, "Alice", 5, "why"),
        changes.RedactedMessage("#c", 9, "Alice", 5),
    )
    blank = replace(kept[1], text="", redacted=True)
    assert store.fetch(rec.HistoryOf("#c", "alice", 10)) == [kept[0], blank, kept[2]]
    for question in ("some", "thing"):
        assert store.fetch(rec.MessagesMatching(question, "alice", ("#c",), False, 10)) == []
    assert store.fetch(rec.MessagesMatching("three", "alice", ("#c",), False, 10)) == [kept[2]]
    assert store.fetch(rec.HeadOf("#c")) == [3]


def redacted(conversation: str, seq: int, rev: int) -> changes.RedactedMessage:
    return changes.RedactedMessage(conversation, seq, "Alice", 5, "", rev)


def test_changes_are_found_in_their_order_page_by_page(store: Store) -> None:
    keep(store, *(message("#c", seq) for seq in range(1, 8)), message("#d", 1))
    assert store.fetch(changes.RevOf("#c")) == store.fetch(changes.ChangesOf("#c", "alice", 0, 9)) == []
    keep(store, *(redacted("#c", seq, rev) for rev, seq in enumerate((6, 2, 4, 3), 1)), redacted("#d", 1, 1))
    assert (store.fetch(changes.RevOf("#c")), store.fetch(changes.RevOf("#d"))) == ([4], [1])
    found = store.fetch(changes.ChangesOf("#c", "alice", 0, 9))
    assert [(said.seq, said.rev, said.redacted) for said in found] == [
        (6, 1, True), (2, 2, True), (4, 3, True), (3, 4, True),
    ]  # fmt: skip
    assert seqs(store.fetch(changes.ChangesOf("#c", "alice", 1, 2))) == [2, 4]
    assert seqs(store.fetch(changes.ChangesOf("#c", "alice", 3, 2))) == [3]
    assert store.fetch(changes.ChangesOf("#c", "alice", 4, 2)) == []
    assert seqs(store.fetch(changes.ChangesOf("#c", "alice", 0, 9, begins=4))) == [6, 4]
    assert store.fetch(changes.RevOf("#none")) == store.fetch(changes.ChangesOf("#none", "alice", 0, 9)) == []


def test_changes_of_what_one_may_not_see_are_not_told(store: Store) -> None:
    pair = "alice bob"
    keep(store, message(pair, 1), message(pair, 2, hidden=True), message(pair, 3))
    keep(store, *(redacted(pair, seq, seq) for seq in (1, 2, 3)))
    assert seqs(store.fetch(changes.ChangesOf(pair, "alice", 0, 9))) == [1, 2, 3]
    assert seqs(store.fetch(changes.ChangesOf(pair, "bob", 0, 9))) == [1, 3]
    assert store.fetch(changes.RevOf(pair)) == [3]
    assert [direct.rev for direct in store.fetch(rec.DirectsOf("bob", 9, 9))] == [3]


@pytest.mark.parametrize("indexed", [False, True])
def test_an_edited_message_is_found_by_what_it_says_now(store: Store, indexed: bool) -> None:
    tags = (("+x", "y"),)
    said = replace(message("#c", 1, "grün one"), tags=tags, joins=(2,), reply=7)
    keep(store, said, message("#d", 1, "other"))
    while indexed and store.tidy(0):
        pass
    for rev, text in ((1, "two"), (2, "zwölf three")):
        keep(store, changes.EditedMessage("#c", 1, text, 50 + rev, rev))
    (found,) = store.fetch(rec.HistoryOf("#c", "alice", 10))
    assert (found.text, found.edited, found.rev, found.reply, found.tags, found.joins) == (
        "zwölf three", 52, 2, 7, (), (),
    )  # fmt: skip
    for question, count in (("zwolf", 1), ("three", 1), ("two", 0), ("one", 0), ("grun", 0)):
        assert len(store.fetch(rec.MessagesMatching(question, "alice", ("#c",), False, 10))) == count
    keep(store, changes.EditedMessage("#c", 1, "late", 60, 3), redacted("#c", 1, 4))
    (found,) = store.fetch(changes.ChangesOf("#c", "alice", 0, 10))
    assert (found.text, found.edited, found.rev, found.redacted) == ("", 0, 4, True)
    assert store.fetch(rec.MessagesMatching("late", "alice", ("#c",), False, 10)) == []


# ---- the search -----------------------------------------------------------------------------------------------


def find(store: Store, question: str, viewer: str = "alice", *where: str, directs: bool = True) -> list[str]:
    found = store.fetch(rec.MessagesMatching(question, viewer, where or ("#c",), directs, 100))
    return [said.text for said in found]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("lazy", True),
        ("LAZY", True),
        ("lazy fox", True),
        ("fox lazy fox", True),
        ("jumps brow", True),
        ("brow jumps", False),
        ("lazy cat", False),
        ("umps", False),
        ("l", True),
        ("la", True),
        ("lazy-fox!", True),
        ("creme", True),
        ("CRÈME BRÛLÉE", True),
        ("STRASSE", True),
        ("ＦＯＸ", True),
        ("中", True),
        ("文中", True),
        ("國", False),
        ("東京 lazy", True),
        ("2026", True),
        ("snake case", True),
    ],
)
def test_all_words_must_be_there_without_case_and_accents_and_the_last_may_be_a_beginning(
    store: Store, question: str, found: bool
) -> None:
    text = "The quick brown fox jumps over the lazy dog: crème brûlée, Straße, 中文, 東京, 2026 snake_case."
    keep(store, message("#c", 1, text))
    assert find(store, question) == [text] * found


@pytest.mark.parametrize("question", ["", "   ", "\0", '"', "!?", "*", "AND-", "\u0301"])
def test_a_question_without_a_word_finds_nothing(store: Store, question: str) -> None:
    keep(store, message("#c", 1, 'some text " * \0'))
    assert find(store, question) == []


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("some AND text", False),
        ("some OR", False),
        ("NOT", False),
        ('some" OR "text', False),
        ("some*", True),
        ("NEAR(some text)", False),
        ("body:some", False),
        ("^some", True),
        ("some + text", True),
        ("-text", True),
        ("some'; DROP TABLE messages", False),
    ],
)
def test_a_question_is_words_and_never_syntax(store: Store, question: str, others: bool) -> None:
    keep(store, message("#c", 1, "some text"), message("#c", 2, f"x {question} y"))
    assert find(store, question) == ["some text"] * others + [f"x {question} y"]


@pytest.mark.parametrize("limit", [1, 2, 10])
def test_of_a_conversation_that_began_anew_only_what_was_said_since_is_found(
    store: Store, limit: int
) -> None:
    keep(
        store,
        *(message("#c", number, f"word {number}") for number in range(1, 6)),
        message("#d", 1, "word d"),
    )
    asked = rec.MessagesMatching("word", "alice", ("#c", "#d"), True, 10, begins=(("#c", 4),))
    assert [said.text for said in store.fetch(asked)] == ["word 4", "word 5", "word d"]
    asked = rec.MessagesMatching("word", "alice", ("#c",), False, limit, begins=(("#c", 5), ("#none", 1)))
    assert [said.text for said in store.fetch(asked)] == ["word 5"]
    asked = rec.MessagesMatching("word", "alice", ("#c",), False, limit, begins=(("#c", 6),))
    assert store.fetch(asked) == []


def test_only_the_conversations_named_are_searched(store: Store) -> None:
    keep(
        store,
        message("#c", 1, "word in c"),
        message("#d", 1, "word in d"),
        message("alice bob", 1, "word to bob"),
        message("alicea bob", 1, "word of another"),
        message("bob carol", 1, "word to carol"),
        message("*", 1, "word to all"),
    )
    assert find(store, "word", "alice", "#c", "*") == ["word in c", "word to bob", "word to all"]
    assert find(store, "word", "alice", "#c", directs=False) == ["word in c"]
    assert find(store, "word", "alice", "alice bob", directs=False) == ["word to bob"]
    assert find(store, "word", "dave", "#none") == []
    assert store.fetch(rec.MessagesMatching("word", "bob", (), False, 10)) == []
    assert find(store, "word", "bob", "#none") == ["word to bob", "word of another", "word to carol"]


def test_a_search_finds_the_newest_oldest_first(store: Store) -> None:
    keep(store, *(message("#c" if seq % 2 else "#d", seq, f"word {seq}") for seq in range(1, 11)))
    found = store.fetch(rec.MessagesMatching("word", "alice", ("#c", "#d"), False, 3))
    assert [said.text for said in found] == ["word 8", "word 9", "word 10"]
    assert seqs(store.fetch(rec.MessagesMatching("word", "alice", ("#c", "#d"), False, 9, max_bytes=14))) == [
        9,
        10,
    ]
    assert store.fetch(rec.MessagesMatching("word", "alice", ("#c",), False, 0)) == []


def test_only_its_sender_finds_a_hidden_message(store: Store) -> None:
    keep(
        store,
        message("alice bob", 1, "word seen", "Bob"),
        message("alice bob", 2, "word hidden", "Bob", hidden=True),
    )
    for directs, where in ((True, ("#c",)), (False, ("alice bob",))):
        assert find(store, "word", "alice", *where, directs=directs) == ["word seen"]
        assert find(store, "word", "bob", *where, directs=directs) == ["word seen", "word hidden"]


def test_what_is_not_committed_yet_is_found_too(store: Store) -> None:
    store.save(message("#c", 1, "fresh word"))
    assert find(store, "word") == ["fresh word"]
    store.commit()
    assert find(store, "word") == ["fresh word"]


@examples(60)
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=8), question=ANY_TEXT)
@pytest.mark.parametrize("kind", STORES)
def test_any_text_is_a_legal_question_and_its_own_words_find_it(
    kind: str, texts: list[str], question: str
) -> None:
    with TemporaryDirectory() as directory, closing(open_store(kind, Path(directory))) as store:
        keep(store, *(message("#c", seq, text) for seq, text in enumerate(texts, 1)))
        for text in texts:
            assert (text in find(store, text)) == bool(words(text))
        store.fetch(rec.MessagesMatching(question, "alice", ("#c",), True, 10))


# ---- receipts -------------------------------------------------------------------------------------------------


def test_a_receipt_is_found_by_its_user_and_id(store: Store) -> None:
    receipt = rec.Receipt("alice", "id", "#c", 7, 1000, '{"kept": true}')
    keep(store, receipt, rec.Receipt("alice", "other", "#c", 8, 1000))
    assert store.fetch(rec.ReceiptOf("alice", "id", 0)) == [receipt]
    assert store.fetch(rec.ReceiptOf("alice", "id", 1000)) == [receipt]
    assert store.fetch(rec.ReceiptOf("alice", "id", 1001)) == []
    assert store.fetch(rec.ReceiptOf("bob", "id", 0)) == []
    again = rec.Receipt("alice", "id", "*", 0, 2000)
    store.save(again)
    assert store.fetch(rec.ReceiptOf("alice", "id", 1001)) == [again]


def test_receipts_of_the_last_24_hours_are_kept_and_older_ones_go_piece_by_piece(store: Store) -> None:
    day = 24 * 3_600_000
    for number in range(1200):
        store.save(rec.Receipt("alice", f"old {number}", "#c", 1, number))
    keep(store, rec.Receipt("alice", "young", "#c", 1, 1200))
    pieces = 0
    while store.tidy(day + 1200):
        pieces += 1
        left = sum(bool(store.fetch(rec.ReceiptOf("alice", f"old {number}", 0))) for number in range(1200))
        assert left >= 1200 - 500 * pieces
    assert pieces >= 2
    assert not any(store.fetch(rec.ReceiptOf("alice", f"old {number}", 0)) for number in range(1200))
    assert store.fetch(rec.ReceiptOf("alice", "young", 0))


# ---- the inbox ------------------------------------------------------------------------------------------------


def test_an_inbox_holds_what_is_unread_in_the_order_it_came(store: Store) -> None:
    kept = [
        message("bob carol", 1),
        message("alice bob", 1),
        message("bob carol", 2),
        message("bob carol", 3),
    ]
    keep(store, *kept, *(rec.InboxEntry("bob", said.conversation, said.seq) for said in kept[:3]))
    assert store.fetch(rec.InboxCount("bob")) == [3]
    assert store.fetch(rec.InboxOf("bob", 10)) == kept[:3]
    assert store.fetch(rec.InboxOf("bob", 2)) == kept[:2]
    assert store.fetch(rec.InboxOf("bob", 0)) == []
    for read in (rec.InboxRead("bob", "bob carol", 2), rec.InboxRead("bob", "nobody", 9)):
        store.save(read)
    assert store.fetch(rec.InboxOf("bob", 10)) == [kept[1]]
    assert store.fetch(rec.InboxCount("bob")) == [1]
    keep(store, rec.InboxEntry("bob", "bob carol", 3), rec.InboxRead("carol", "alice bob", 9))
    assert store.fetch(rec.InboxOf("bob", 10)) == [kept[1], kept[3]]
    assert store.fetch(rec.InboxCount("carol")) == [0]
    store.save(rec.InboxEntry("carol", "bob carol", 1))
    assert store.fetch(rec.InboxCount("carol")) == [1]
    store.save(rec.InboxRead("carol", "bob carol", 1))
    assert store.fetch(rec.InboxCount("carol")) == [0]


def test_an_inbox_is_read_page_by_page(store: Store) -> None:
    kept = [message(pair, seq) for seq in (1, 2) for pair in ("bob carol", "alice bob")]
    keep(store, *kept, *(rec.InboxEntry("bob", said.conversation, said.seq) for said in kept))
    for place, said in enumerate(kept, 1):
        after = said.conversation, said.seq
        assert store.fetch(rec.InboxOf("bob", 10, after=after)) == kept[place:]
        assert store.fetch(rec.InboxCount("bob", after)) == [4 - place]
    assert store.fetch(rec.InboxOf("bob", 1, after=("bob carol", 1))) == [kept[1]]
    assert store.fetch(rec.InboxOf("bob", 10, after=("bob carol", 99))) == kept
    store.save(rec.InboxRead("bob", "bob carol", 2))
    behind_what_was_read = store.fetch(rec.InboxOf("bob", 10, after=("bob carol", 1)))
    assert behind_what_was_read == [kept[1], kept[3]]


def test_direct_conversations_are_listed_the_latest_first(store: Store) -> None:
    a, b, c = message("alice bob", 1), message("bob carol", 1, sender="Bob"), message("alice bob", 2)
    keep(store, a, b, c, message("alice carol", 1), message("#bob", 1), rec.InboxEntry("bob", "alice bob", 2))
    expected = [rec.Direct(c, 0, 2, 1), rec.Direct(b, 0, 0, 0)]
    assert store.fetch(rec.DirectsOf("bob", 10, 1_000)) == expected
    assert store.fetch(rec.DirectsOf("bob", 1, 1_000)) == expected[:1]
    assert (
        store.fetch(rec.DirectsOf("bob", 0, 1_000)) == store.fetch(rec.DirectsOf("nobody", 10, 1_000)) == []
    )
    keep(store, rec.ReadMark("bob", "alice bob", 1), rec.ReadMark("alice", "alice bob", 2))
    assert store.fetch(rec.DirectsOf("bob", 1, 1_000)) == [rec.Direct(c, 1, 1, 1)]


def test_of_a_conversation_with_somebody_blocked_one_sees_ones_own_side(store: Store) -> None:
    seen, own = message("alice bob", 1), message("alice bob", 2, hidden=True)
    keep(store, seen, own, message("alice dora", 1, hidden=True))
    assert store.fetch(rec.DirectsOf("bob", 9, 1_000)) == [rec.Direct(seen, 0, 1, 0)]
    assert [direct.last for direct in store.fetch(rec.DirectsOf("alice", 9, 1_000))][1] == own
    assert store.fetch(rec.DirectsOf("dora", 9, 1_000)) == []


def test_a_conversation_with_oneself_has_nothing_unread(store: Store) -> None:
    note = message("alice alice", 1)
    keep(store, note)
    assert store.fetch(rec.DirectsOf("alice", 9, 1_000)) == [rec.Direct(note, 0, 0, 0)]


# ---- facts about users and channels ---------------------------------------------------------------------------


def test_a_known_name_is_overwritten(store: Store) -> None:
    keep(
        store,
        rec.LastSeen("alice", "Alice", 1),
        rec.LastSeen("bob", "Bob", 5),
        rec.LastSeen("alice", "ALICE", 3),
    )
    assert store.fetch(rec.LastSeenOf("alice")) == [rec.LastSeen("alice", "ALICE", 3)]
    assert store.fetch(rec.LastSeenOf("carol")) == []


def test_who_was_seen_is_listed_latest_first(store: Store) -> None:
    keep(
        store,
        *(rec.LastSeen(user, user.upper(), seen) for user, seen in (("b", 5), ("a", 5), ("d", 9), ("c", 1))),
    )
    assert [known.user for known in store.fetch(rec.SeenSince(2, 10))] == ["d", "a", "b"]
    assert [known.user for known in store.fetch(rec.SeenSince(1, 2))] == ["d", "a"]
    assert store.fetch(rec.SeenSince(10, 10)) == []


DAY = 24 * 3_600_000


def tidy(store: Store, now: int) -> None:
    for _ in range(10_000):
        if not store.tidy(now):
            return
    raise AssertionError("it never ends")


def test_messages_whose_time_is_over_are_deleted_and_their_numbers_go_on(store: Store) -> None:
    for seq in range(1, 6):
        store.save(message("#a", seq, f"old word{seq}", at=seq * DAY))
        store.save(message("#b", seq, at=seq * DAY))
    store.save(message("alice bob", 1, "for the inbox", at=DAY))
    store.save(rec.InboxEntry("bob", "alice bob", 1))
    keep(store, changes.Retention("", 4), changes.Retention("#a", 2), changes.Retention("#none", 1))
    tidy(store, 6 * DAY + 1)
    assert [said.seq for said in store.fetch(rec.HistoryOf("#a", "x", 9))] == [5]
    assert [said.seq for said in store.fetch(rec.HistoryOf("#b", "x", 9))] == [3, 4, 5]
    assert [store.fetch(changes.GoneOf(key)) for key in ("#a", "#b", "alice bob", "#c")] == [
        [4],
        [2],
        [1],
        [0],
    ]
    assert store.fetch(rec.InboxCount("bob")) == [0] and store.fetch(rec.InboxOf("bob", 9)) == []
    assert store.fetch(rec.HeadOf("alice bob")) == [1] and store.fetch(rec.LastTimeOf("alice bob")) == [DAY]
    assert store.fetch(rec.SeqAt("alice bob", 0)) == [] and store.fetch(rec.SeqAt("#a", 0)) == [5]
    assert store.fetch(server_queries.MessageCount()) == [4]
    tidy(store, 100 * DAY)
    assert store.fetch(rec.HistoryOf("#a", "x", 9)) == [] and store.fetch(server_queries.MessageCount()) == [
        0
    ]
    assert store.fetch(rec.HeadOf("#a")) == [5] and store.fetch(rec.HeadOf("#b")) == [5]
    keep(store, message("#a", 6, "new word", at=101 * DAY))
    tidy(store, 101 * DAY)
    assert [said.seq for said in store.fetch(rec.HistoryOf("#a", "x", 9))] == [6]
    assert store.fetch(server_queries.MessageCount()) == [1]
    with closing(store.long_reader()) as reader:
        found = last_step(reader.steps(rec.MessagesMatching("word", "x", ("#a",), False, 9)))
    assert [said.text for said in found] == ["new word"]


def test_what_is_stored_about_somebody_is_told_a_page_at_a_time(store: Store) -> None:
    keep(
        store,
        message("#a", 1, "hers", "Alice"),
        message("#a", 2, "his", "bob"),
        message("alice bob", 1, "to her", "bob"),
        message("bob carol", 1, "not hers", "bob"),
        rec.Account("alice", "Alice", "scrypt$secret", 1),
        rec.Blocking("alice", "bob", "Bob", True),
    )
    rows: list[dict[str, object]] = []
    after, more = 0, True
    while more:
        query = rec.PersonalDataOf("alice", after, 1)
        with closing(store.long_reader()) as reader:
            found = [json.loads(text) for text in last_step(reader.steps(query))]
        rows += found[:-1]
        after, more = (found[-1]["after"], found[-1]["more"]) if found else (0, False)
    assert [(row["kind"], row.get("name", row.get("content"))) for row in rows] == [
        ("account", "Alice"), ("blocked", "Bob"), ("message", "hers"), ("message", "to her"),
    ]  # fmt: skip
    assert "secret" not in json.dumps(rows)


def test_what_is_stored_about_somebody_is_erased_and_nothing_of_others(store: Store) -> None:
    keep(
        store,
        message("#a", 1, "hers", "Alice"),
        message("#a", 2, "his", "bob"),
        replace(message("#a", 3, "hers as well", "other"), who=Identity(account="ALICE")),
        replace(message("#a", 4, "not hers", "alice"), who=Identity(account="eve")),
        message("alice bob", 1, "to her", "bob"),
        rec.InboxEntry("alice", "alice bob", 1),
        rec.Account("alice", "Alice", "secret", 1),
        rec.Account("bob", "bob", "secret", 1),
        rec.LastSeen("alice", "Alice", 1),
        rec.Blocking("alice", "bob", "bob", True),
        rec.ReadMark("alice", "#a", 1),
        rec.ReadMark("bob", "#a", 1),
        rec.MetadataRecord("alice", "{}"),
        rec.AccountChannel("alice", "#a", "#a"),
        rec.ProvenPlace("alice", "here", 1),
        rec.Receipt("alice", "1", "#a", 1, 10**15),
    )
    keep(store, changes.Erasure("alice", "Alice", 50))
    tidy(store, 100)
    said = store.fetch(rec.HistoryOf("#a", "x", 9))
    assert [(x.text, x.redacted) for x in said] == [
        ("", True),
        ("his", False),
        ("", True),
        ("not hers", False),
    ]
    assert [x.text for x in store.fetch(rec.HistoryOf("alice bob", "bob", 9))] == ["to her"]
    assert store.fetch(rec.AccountOf("alice")) == [rec.Account("alice", "Alice", "", 1)]
    for query in (
        rec.LastSeenOf("alice"), rec.BlockingsOf("alice"), rec.BlockersOf("bob"), rec.ReadMarkOf("alice", "#a"),
        rec.MetadataOf("alice"), rec.ChannelsOf("alice"), rec.ProvenPlaceOf("alice", "here"),
        rec.ReceiptOf("alice", "1", 0), rec.InboxOf("alice", 9),
    ):  # fmt: skip
        assert store.fetch(query) == [], query
    assert store.fetch(rec.AccountOf("bob")) and store.fetch(rec.ReadMarkOf("bob", "#a"))


def test_an_invitation_code_is_kept_until_it_is_used_up(store: Store) -> None:
    one, other = rec.InvitationCode("aa", "root", 5, 9, 2), rec.InvitationCode("bb", "root", 4, 9, 1)
    keep(store, one, other)
    assert store.fetch(server_queries.AllInvitationCodes()) == [other, one]
    assert store.fetch(server_queries.InvitationCodeOf("aa")) == [one]
    keep(store, replace(one, uses=1), replace(other, uses=0))
    assert store.fetch(server_queries.AllInvitationCodes()) == [replace(one, uses=1)]
    assert store.fetch(server_queries.InvitationCodeOf("bb")) == []


def test_an_account_is_kept(store: Store) -> None:
    account = rec.Account("alice", "Alice", "secret", 5)
    store.save(account)
    assert store.fetch(rec.AccountOf("alice")) == [account]
    assert store.fetch(rec.AccountOf("bob")) == []
    other = rec.Account("carol", "Carol", "secret", 2)
    keep(store, other)
    assert store.fetch(server_queries.AccountsAfter("", 9)) == [account, other]
    assert store.fetch(server_queries.AccountsAfter("", 1)) == [account]
    assert store.fetch(server_queries.AccountsAfter("alice", 9)) == [other]
    assert store.fetch(server_queries.AccountsAfter("", -1)) == []


def test_blocking_goes_on_and_off(store: Store) -> None:
    keep(
        store,
        rec.Blocking("alice", "bob", "Bob", True),
        rec.Blocking("alice", "carol", "Carol", True),
        rec.Blocking("dave", "bob", "Bob", True),
        rec.Blocking("alice", "nobody", "Nobody", False),
    )
    assert sorted(blocking.blocked for blocking in store.fetch(rec.BlockingsOf("alice"))) == ["bob", "carol"]
    assert sorted(store.fetch(rec.BlockersOf("bob"))) == ["alice", "dave"]
    keep(store, rec.Blocking("alice", "bob", "Bob", False))
    assert store.fetch(rec.BlockingsOf("alice")) == [rec.Blocking("alice", "carol", "Carol", True)]
    assert store.fetch(rec.BlockersOf("bob")) == ["dave"]
    assert store.fetch(rec.BlockersOf("alice")) == []


def test_a_topic_is_kept_until_it_is_empty(store: Store) -> None:
    topic = rec.TopicRecord("#c", "#C", "about c", "Alice", 5)
    keep(store, topic, rec.TopicRecord("#d", "#d", "about d", "Bob", 6))
    assert sorted(kept.channel for kept in store.fetch(rec.AllTopics())) == ["#c", "#d"]
    keep(store, rec.TopicRecord("#d", "#d", "", "Bob", 7))
    assert store.fetch(rec.AllTopics()) == [topic]


def test_the_last_eight_places_where_a_password_was_right_are_known(store: Store) -> None:
    places = [rec.ProvenPlace("alice", f"place {number}", number) for number in range(12)]
    keep(store, *places, rec.ProvenPlace("bob", "place 0", 0))
    keep(store, rec.ProvenPlace("alice", "place 5", 20), rec.ProvenPlace("alice", "another", 21))
    known = [x for x in places if store.fetch(rec.ProvenPlaceOf("alice", x.place))]
    assert [x.place for x in known] == [f"place {number}" for number in (5, 6, 7, 8, 9, 10, 11)]
    assert store.fetch(rec.ProvenPlaceOf("alice", "place 5")) == [rec.ProvenPlace("alice", "place 5", 20)]
    assert store.fetch(rec.ProvenPlaceOf("alice", "another")) and store.fetch(
        rec.ProvenPlaceOf("bob", "place 0")
    )


def test_certificates_are_those_of_an_account_until_they_are_removed(store: Store) -> None:
    one, other = (rec.UserCertificate("alice", name, "MAA=", at) for at, name in enumerate("ba"))
    same = rec.UserCertificate("bob", "a", "MAA=", 5)
    keep(store, other, one, same, other)
    assert store.fetch(rec.CertificatesOf("alice")) == [one, other]
    assert store.fetch(rec.CertificatesOf("carol")) == []
    assert len(store.fetch(server_queries.AllCertificates())) == 3 and store.fetch(
        server_queries.CertificateCount()
    ) == [3]
    keep(store, replace(other, on=False), replace(other, user="carol", on=False))
    assert store.fetch(rec.CertificatesOf("alice")) == [one]
    assert store.fetch(rec.CertificatesOf("bob")) == [same] and store.fetch(
        server_queries.CertificateCount()
    ) == [2]


def test_a_store_says_how_much_it_holds_and_how_much_is_free(store: Store) -> None:
    before, free, disk = store.measure()
    assert before >= 0 and disk >= free > 0
    keep(store, *(message("#c", number, text="x" * 1000) for number in range(1, 1001)))
    after, _, _ = store.measure()
    assert after == before == 0 or after > before + 1_000_000


def test_a_read_mark_is_overwritten(store: Store) -> None:
    keep(
        store, rec.ReadMark("alice", "#c", 5), rec.ReadMark("alice", "#d", 6), rec.ReadMark("alice", "#c", 7)
    )
    assert store.fetch(rec.ReadMarkOf("alice", "#c")) == [rec.ReadMark("alice", "#c", 7)]
    assert store.fetch(rec.ReadMarkOf("alice", "#d")) == [rec.ReadMark("alice", "#d", 6)]
    assert store.fetch(rec.ReadMarkOf("bob", "#c")) == []
    assert store.fetch(rec.ReadMarkOf("alice", "#none")) == []
    keep(store, rec.ReadMark("alice", "#c", 7, BIG))
    assert store.fetch(rec.ReadMarkOf("alice", "#c")) == [rec.ReadMark("alice", "#c", 7, BIG)]


@pytest.mark.parametrize(
    ("record", "query", "count"),
    [
        (rec.Receipt("alice", "id", "#c", 1, 1), rec.ReceiptOf("alice", "id", 0), 1),
        (rec.LastSeen("alice", "Alice", 1), rec.LastSeenOf("alice"), 1),
        (rec.LastSeen("alice", "Alice", 1), rec.SeenSince(1, 9), 1),
        (rec.Account("alice", "Alice", "secret", 1), rec.AccountOf("alice"), 1),
        (rec.Blocking("alice", "bob", "Bob", True), rec.BlockingsOf("alice"), 1),
        (rec.Blocking("alice", "bob", "Bob", True), rec.BlockersOf("bob"), 1),
        (rec.TopicRecord("#c", "#c", "topic", "Alice", 1), rec.AllTopics(), 1),
        (rec.ReadMark("alice", "#c", 1), rec.ReadMarkOf("alice", "#c"), 1),
        (rec.ProvenPlace("alice", "here", 1), rec.ProvenPlaceOf("alice", "here"), 1),
        (rec.UserCertificate("alice", "aa", "MAA=", 1), rec.CertificatesOf("alice"), 1),
        (rec.UserCertificate("alice", "aa", "MAA=", 1), server_queries.AllCertificates(), 1),
        (rec.InboxEntry("bob", "alice bob", 1), rec.InboxOf("bob", 9), 1),
        (message("bob dora", 1), rec.DirectsOf("dora", 9, 1_000), 1),
        (rec.InboxRead("carol", "alice carol", 1), rec.InboxOf("carol", 9), 0),
        (message("#d", 1), rec.SeqAt("#d", 0), 1),
        (redacted("alice bob", 1, 1), changes.RevOf("alice bob"), 1),
        (redacted("alice bob", 1, 1), changes.ChangesOf("alice bob", "bob", 0, 9), 1),
        (
            changes.RedactedMessage("alice bob", 1, "Alice", 1),
            rec.MessagesMatching("text", "bob", (), True, 9),
            0,
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_record_counts_before_the_commit(
    store: Store, record: rec.Record, query: Query[object], count: int
) -> None:
    keep(store, message("alice bob", 1), message("alice carol", 1), rec.InboxEntry("carol", "alice carol", 1))
    assert len(store.fetch(query)) == 1 - count
    store.save(record)
    assert len(store.fetch(query)) == count
    store.commit()
    assert len(store.fetch(query)) == count


# ---- many messages --------------------------------------------------------------------------------------------

QUESTIONS = st.lists(
    st.sampled_from(["red", "green", "blue", "r", "gre", "été", "none"]), min_size=1, max_size=3
)


@pytest.fixture(scope="module")
def ask_all(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[rec.MessagesMatching], list[list[Message]]]]:
    """One question to three stores that hold the same 900 messages: in memory, in an index (but the last), scanned."""
    stores = [open_store(kind, tmp_path_factory.mktemp("store")) for kind in STORES]
    wheres = ["#c", "#d", "alice bob", "bob carol"]
    colours = ["red", "green", "blue", "Été", "reddish"]
    heads = dict.fromkeys(wheres, 0)
    for number in range(900):
        where = wheres[number * 7 % 4]
        heads[where] += 1
        text = " ".join(colours[number * step % 5] for step in range(1, 1 + number % 4))
        hidden = " " in where and number % 3 == 0
        sender = where.split(" ")[number % 2] if " " in where else "alice"
        said = message(where, heads[where], text, sender, hidden=hidden)
        for store in stores:
            keep(store, said)
            if number < 700:
                while store.tidy(0):
                    pass
    yield lambda query: [store.fetch(query) for store in stores]
    for store in stores:
        store.close()


@given(
    QUESTIONS,
    st.sampled_from(["alice", "bob", "carol", "dave"]),
    st.sets(st.sampled_from(["#c", "#d", "#e", "alice bob"])),
    st.booleans(),
    st.integers(0, 500),
)
def test_every_store_finds_the_same(
    ask_all: Callable[[rec.MessagesMatching], list[list[Message]]],
    question: list[str],
    viewer: str,
    where: set[str],
    directs: bool,
    limit: int,
) -> None:
    one, *others = ask_all(rec.MessagesMatching(" ".join(question), viewer, tuple(where), directs, limit))
    for other in others:
        assert other == one


# ---- metadata -------------------------------------------------------------------------------------------------


def test_the_metadata_of_an_account_is_what_was_saved_last(store: Store) -> None:
    assert store.fetch(rec.MetadataOf("alice")) == []
    keep(store, rec.MetadataRecord("alice", '{"url":"x"}'), rec.MetadataRecord("bob", "{}"))
    store.save(rec.MetadataRecord("alice", '{"url":"\u00e9"}'))
    assert store.fetch(rec.MetadataOf("alice")) == [rec.MetadataRecord("alice", '{"url":"\u00e9"}')]
    store.commit()
    assert store.fetch(rec.MetadataOf("bob")) == [rec.MetadataRecord("bob", "{}")]
