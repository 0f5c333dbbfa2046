"""Whatever is saved, committed, lost and opened again: the store on disk answers as one in memory would."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from evchat.core import changes
from evchat.core import records as rec
from evchat.core.query import Query
from evchat.core.store import StoreError
from evchat.storage.memory import MemoryStore
from evchat.storage.sqlite.store import SqliteStore
from tests.profiles import examples
from tests.storage.samples import message

CONVERSATIONS = st.sampled_from(["#c", "#d", "alice bob", "bob carol", "*"])
USERS = st.sampled_from(["alice", "bob", "carol"])
NUMBERS = st.one_of(st.none(), st.integers(0, 12))
TEXTS = st.sampled_from(["red", "green red", "Grün", "", "blue " * 40, "\0 red", "中文"])

NOW = 10 * 24 * 3_600_000


class StoreOnDisk(RuleBasedStateMachine):
    """The model is what a fresh `MemoryStore` says that is given the records committed, and those of this pass."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = TemporaryDirectory()
        self.committed: list[Any] = []
        self.pending: list[Any] = []
        self.clock = count(NOW)

    @initialize()
    def open(self) -> None:
        self.store = SqliteStore(Path(self.directory.name), "normal")

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
        self.directory.cleanup()

    def model(self) -> MemoryStore:
        model = MemoryStore()
        for record in self.committed + self.pending:
            model.save(record)
        return model

    def save(self, record: Any) -> None:
        self.store.save(record)
        self.pending.append(record)

    def same(self, query: Query[Any]) -> list[Any]:
        found = self.store.fetch(query)
        assert found == self.model().fetch(query)
        return found

    @rule(
        conversation=CONVERSATIONS,
        text=TEXTS,
        side=st.booleans(),
        hidden=st.booleans(),
        user=USERS,
        away=st.booleans(),
    )
    def say(self, conversation: str, text: str, side: bool, hidden: bool, user: str, away: bool) -> None:
        pair = conversation.split(" ") if " " in conversation else None
        sender = pair[side] if pair else user
        (head,) = self.model().fetch(rec.HeadOf(conversation)) or (0,)
        at = next(self.clock)
        self.save(
            message(conversation, head + 1, text, sender.title(), hidden=hidden and pair is not None, at=at)
        )
        if pair and away and not hidden:
            self.save(rec.InboxEntry(pair[not side], conversation, head + 1))

    @rule(user=USERS, id=st.sampled_from("#*ab"), conversation=CONVERSATIONS, seq=st.integers(0, 5))
    def receipt(self, user: str, id: str, conversation: str, seq: int) -> None:
        self.save(rec.Receipt(user, id, conversation, seq, next(self.clock)))

    @rule(user=USERS, limit=st.integers(0, 3))
    def read_inbox(self, user: str, limit: int) -> None:
        found = self.same(rec.InboxOf(user, limit))
        for said in found:
            self.save(rec.InboxRead(user, said.conversation, said.seq))

    @rule(user=USERS, other=USERS, conversation=CONVERSATIONS, number=st.integers(0, 9))
    def facts(self, user: str, other: str, conversation: str, number: int) -> None:
        self.save(rec.LastSeen(user, user.upper(), number))
        self.save(rec.Blocking(user, other, other.title(), number % 2 == 0))
        self.save(rec.TopicRecord(conversation, conversation, "topic" * (number % 3), user, number))
        self.save(rec.ReadMark(user, conversation, number, number * 7 % 3))

    @rule(conversation=CONVERSATIONS, seq=st.integers(1, 4))
    def redact(self, conversation: str, seq: int) -> None:
        (head,) = self.model().fetch(rec.HeadOf(conversation)) or (0,)
        if seq <= head:
            (rev,) = self.model().fetch(changes.RevOf(conversation)) or (0,)
            self.save(changes.RedactedMessage(conversation, seq, "Alice", next(self.clock), "", rev + 1))

    @rule(conversation=CONVERSATIONS, seq=st.integers(1, 4), text=TEXTS)
    def edit(self, conversation: str, seq: int, text: str) -> None:
        (said,) = self.model().fetch(rec.HistoryOf(conversation, "", 1, seq + 1, seq - 1)) or (None,)
        if said is not None and not said.redacted:
            (rev,) = self.model().fetch(changes.RevOf(conversation)) or (0,)
            self.save(changes.EditedMessage(conversation, seq, text, next(self.clock), rev + 1))

    @rule()
    def commit(self) -> None:
        self.store.commit()
        self.committed += self.pending
        self.pending = []

    @rule(early=st.booleans())
    def lose_the_pass(self, early: bool) -> None:
        self.store.save(message("#c", 1, "\ud800") if early else rec.LastSeen("\ud800", "", 1))
        if early:
            self.store.fetch(rec.HeadOf("#c"))
        with pytest.raises(StoreError):
            self.store.commit()
        self.pending = []

    @rule()
    def open_again(self) -> None:
        self.store.close()
        self.pending = []
        self.open()

    @rule()
    def tidy(self) -> None:
        assert self.store.tidy(NOW) == bool(self.pending)

    @rule(
        conversation=CONVERSATIONS,
        viewer=USERS,
        limit=st.integers(0, 6),
        before=NUMBERS,
        after=NUMBERS,
        oldest=st.booleans(),
    )
    def history(
        self, conversation: str, viewer: str, limit: int, before: int | None, after: int | None, oldest: bool
    ) -> None:
        self.same(rec.HistoryOf(conversation, viewer, limit, before, after, max_bytes=300, oldest=oldest))

    @rule(conversation=CONVERSATIONS, viewer=USERS, after=st.integers(0, 5), begins=st.integers(1, 3))
    def changes(self, conversation: str, viewer: str, after: int, begins: int) -> None:
        for limit in (0, 1, 9):
            self.same(changes.ChangesOf(conversation, viewer, after, limit, max_bytes=300, begins=begins))

    @rule(conversation=CONVERSATIONS, number=st.integers(0, 60))
    def seq_at(self, conversation: str, number: int) -> None:
        self.same(rec.SeqAt(conversation, NOW + number))

    @rule(
        words=st.sampled_from(["red", "gr", "GRUN", "blue red", "文", ""]),
        viewer=USERS,
        directs=st.booleans(),
    )
    def search(self, words: str, viewer: str, directs: bool) -> None:
        self.same(
            rec.MessagesMatching(words, viewer, ("#c", "bob carol", "#none"), directs, 3, max_bytes=300)
        )

    @rule(user=USERS, limit=st.integers(0, 3))
    def directs(self, user: str, limit: int) -> None:
        self.same(rec.DirectsOf(user, limit, 1_000))

    @rule(kind=st.sampled_from(range(9)))
    def ask(self, kind: int) -> None:
        model = self.model()
        for user in ("alice", "bob", "carol"):
            for conversation in ("#c", "#d", "alice bob", "bob carol", "*"):
                query: Query[Any] = (
                    rec.InboxCount(user),
                    rec.HeadOf(conversation),
                    rec.ReadMarkOf(user, conversation),
                    rec.AllTopics(),
                    rec.SeenSince(len(conversation), 2),
                    rec.ReceiptOf(user, conversation[0], NOW + 5),
                    rec.BlockersOf(user),
                    rec.LastTimeOf(conversation),
                    changes.RevOf(conversation),
                )[kind]
                assert sorted(self.store.fetch(query), key=repr) == sorted(model.fetch(query), key=repr)


StoreOnDisk.TestCase.settings = settings(
    examples(40), stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow]
)
TestStoreOnDisk = StoreOnDisk.TestCase
