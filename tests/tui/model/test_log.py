"""The log of a room: messages in the order of their numbers, each once, whatever the order in which they come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.settings.client import MAX_LOG_ENTRIES
from tui.model.log import ACTION, BROADCAST, NOTICE, SAID, Log


def filled(*seqs: int) -> Log:
    log = Log()
    for seq in seqs:
        log.insert(seq, seq * 1000, "bob", f"message {seq}", SAID)
    return log


def seqs(log: Log) -> list[int]:
    return [entry.seq for entry in log.between(log.first, log.end)]


@given(st.lists(st.integers(1, 60)))
def test_messages_stand_in_the_order_of_their_numbers_each_once(numbers: list[int]) -> None:
    assert seqs(filled(*numbers)) == sorted(set(numbers))


@given(st.lists(st.integers(1, 40), min_size=1), st.integers(41, 50))
def test_an_index_stays_however_many_come_before_it(numbers: list[int], seq: int) -> None:
    log = filled(seq)
    index = log.end - 1
    for number in numbers:
        log.insert(number, 0, "bob", "earlier", SAID)
    assert log[index].seq == seq


@given(st.lists(st.integers(1, 30)), st.integers(0, 31))
def test_after_finds_the_first_message_with_a_higher_number(numbers: list[int], seq: int) -> None:
    log = filled(*numbers)
    index = log.after(seq)
    assert all(entry.seq <= seq for entry in log.between(log.first, index))
    assert index == log.end or log[index].seq > seq


def test_what_has_no_number_stands_behind_the_message_before_it() -> None:
    log = filled(1, 5)
    log.note(0, "", "somebody came", NOTICE)
    log.insert(3, 0, "bob", "late", ACTION)
    log.append(6, 0, "bob", "new", SAID)
    assert [entry.text for entry in log.between(log.first, log.end)] == [
        "message 1", "late", "message 5", "somebody came", "new",
    ]  # fmt: skip
    assert log.last_seq == 6


def test_a_note_is_no_message_of_its_number() -> None:
    log = Log()
    log.note(0, "", "notice", NOTICE)
    log.note(0, "bob", "to everyone", BROADCAST)
    assert not log.has(0)
    log.append(1, 0, "bob", "first", SAID)
    assert log.has(1)
    assert log.first_message_seq() == 1
    assert log[log.after(0)].text == "first"


def test_of_too_many_the_oldest_are_let_go() -> None:
    log = Log()
    for seq in range(1, MAX_LOG_ENTRIES + 2):
        log.append(seq, seq, "bob", "text", SAID)
    assert len(log) <= MAX_LOG_ENTRIES
    assert log.last_seq == MAX_LOG_ENTRIES + 1
    assert log[log.end - 1].seq == MAX_LOG_ENTRIES + 1
    with pytest.raises(IndexError):
        log[log.first - 1]


def test_the_newest_are_found_first_and_case_does_not_matter() -> None:
    log = Log()
    for seq, text in enumerate(("One fish", "two", "RED FISH"), 1):
        log.append(seq, 0, "bob", text, SAID)
    assert [entry.text for entry in log.find("fish", 5)] == ["RED FISH", "One fish"]
    assert [entry.text for entry in log.find("fish", 1)] == ["RED FISH"]
    assert len(log.find("BOB", 5)) == 3


def test_after_the_server_has_forgotten_all_it_counts_from_one_again() -> None:
    log = filled(7, 8)
    log.forget_numbers()
    log.append(1, 0, "bob", "anew", SAID)
    assert [entry.text for entry in log.between(log.first, log.end)] == ["message 7", "message 8", "anew"]


def test_every_change_shows_in_the_version() -> None:
    log = Log()
    versions = [log.version]
    for change in (
        lambda: log.append(1, 0, "bob", "a", SAID),
        lambda: log.insert(3, 0, "bob", "b", SAID),
        lambda: log.replace_last(0, "c"),
        log.forget_numbers,
        log.clear,
    ):
        change()
        versions.append(log.version)
    assert len(set(versions)) == len(versions)


def test_what_is_taken_back_keeps_its_place_and_loses_its_text() -> None:
    log = filled(1, 2, 3)
    log.note(9, "bob", "to all", BROADCAST)
    for index in (log.index(2), log.broadcast(9)):
        assert index is not None
        log.take_back(index)
    assert log.index(7) is None and log.broadcast(8) is None
    assert [entry.is_gone for entry in log.between(log.first, log.end)] == [False, True, False, False]
    assert log.has(2) and log[log.first + 1].text == ""
    assert log[log.end - 1].text == "bob to everyone: (deleted)"
    assert log.find("to all", 9) == []


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=30),
    st.lists(st.integers(1, 20), unique=True, max_size=10),
)
def test_a_message_from_before_stands_above_what_was_told_since(
    notes: list[tuple[bool, int]], seqs: list[int]
) -> None:
    log = Log()
    for _, at in sorted(notes, key=lambda note: note[1]):
        log.note(at * 10 + 5, "", "told", NOTICE)
    for seq in seqs:
        log.insert(seq, seq * 10, "bob", f"message {seq}", SAID)
    entries = log.between(log.first, log.end)
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert [entry.seq for entry in entries] == sorted(entry.seq for entry in entries)
    assert all(log.has(seq) for seq in seqs)
