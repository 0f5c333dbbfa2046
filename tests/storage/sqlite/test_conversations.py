"""The numbers of conversations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from evchat.storage.sqlite.conversations import Conversations
from evchat.storage.sqlite.schema import prepare


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        prepare(db)
        yield db


def test_a_number_is_given_once(db: sqlite3.Connection) -> None:
    conversations = Conversations(db)
    assert conversations.find("#c") is None
    number = conversations.make("#c")
    assert conversations.make("#c") == conversations.find("#c") == Conversations(db).find("#c") == number
    assert conversations.make("#d") != number


def test_numbers_taken_back_are_forgotten(db: sqlite3.Connection) -> None:
    conversations = Conversations(db)
    db.execute("BEGIN")
    conversations.make("#c")
    db.execute("ROLLBACK")
    conversations.forget()
    assert conversations.find("#c") is None
    first, second = conversations.make("#d"), conversations.make("#c")
    assert first != second


def test_a_bounded_number_is_remembered(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Conversations, "_MOST", 3)
    conversations = Conversations(db)
    numbers = {key: conversations.make(key) for key in "abcdefgh"}
    assert len(conversations.known) <= 3
    assert {key: conversations.find(key) for key in numbers} == numbers
