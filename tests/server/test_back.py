"""The back: requests become deliveries once they are kept, whatever the store and the worker do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from evchat.core.effects import Broadcast, Effect, Fetch, Hangup, Log, Post, Reply
from evchat.core.records import HeadOf, Record
from evchat.core.store import StoreError
from evchat.net.loop import Loop
from evchat.protocol.authentication import Register
from evchat.protocol.base import Event
from evchat.protocol.basics import (
    Done,
    Failed,
    Malformed,
    Ping,
    Ponged,
    RequestContext,
    ServerNotice,
    Stopping,
)
from evchat.protocol.history import GetHistory, HistoryListed, Search, SearchResults
from evchat.protocol.login import Login, Quit
from evchat.protocol.messages import Message, MessageAccepted, SendMessage
from evchat.server.back import Back
from evchat.server.deliveries import Abort, Delivery, Resume, Write
from evchat.server.guard import Guard
from evchat.server.transaction import FETCHES, HANGS_UP, HASHES, READS
from evchat.settings.model import Config
from evchat.storage.memory import MemoryStore
from tests.server.notes import Notes

HANGS = 20.0
"""Seconds after which a wait counts as endless."""


class Disk(MemoryStore):
    """A store that counts commits, and fails when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.commits = self.tidied = 0
        self.full = self.unreadable = self.closed = False

    def save(self, record: Record) -> None:
        if self.full:
            raise StoreError("The disk is full.")
        super().save(record)

    def commit(self) -> None:
        self.commits += 1
        if self.full:
            raise StoreError("The disk is full.")
        super().commit()

    def fetch(self, query: Any) -> list[Any]:
        if self.unreadable:
            raise StoreError("The disk can't be read.")
        return super().fetch(query)

    def tidy(self, now: int) -> bool:
        self.tidied += 1
        if self.full:
            raise StoreError("The disk is full.")
        return self.tidied < 3

    def close(self) -> None:
        self.closed = True


class Office:
    """A back, and what it has had delivered."""

    def __init__(self) -> None:
        self.now = 0.0
        self.loop = Loop(clock=lambda: self.now)
        self.disk = Disk()
        self.bugs: list[BaseException] = []
        self.back = Back(self.loop, Config(), self.disk, Guard(self.bugs.append))
        self.deliver()

    def deliver(self) -> list[Delivery]:
        """The pass ends."""
        return list(self.back.settle())

    def deliver_when_hashed(self) -> list[Delivery]:
        """The pass ends in which the worker's result has arrived."""
        deadline = time.monotonic() + HANGS
        while time.monotonic() < deadline:
            self.loop.run_once(HANGS)
            if delivered := self.deliver():
                return delivered
        raise TimeoutError

    def told(self, sid: int) -> list[Event]:
        """The pass ends; what one session is told by it."""
        heard: list[Event] = []
        for delivery in self.deliver():
            if isinstance(delivery, Post):
                if delivery.sid == sid:
                    heard.append(delivery.acknowledgement())
                if sid in delivery.to and sid != delivery.but:
                    heard.append(delivery.said)
            elif (
                isinstance(delivery, Reply)
                and delivery.sid == sid
                or isinstance(delivery, Broadcast)
                and sid in delivery.to
                and sid != delivery.but
            ):
                heard.append(delivery.event)
        return heard

    def enter(self, sid: int, name: str) -> None:
        self.back.connect(sid, "127.0.0.1")
        assert self.back.request(sid, Login(name), False) in (0, FETCHES)
        self.deliver()


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office()
    yield office
    office.back.close()
    office.loop.close()
    assert not office.bugs


# ---- decisions


def test_a_message_is_delivered_when_it_is_kept_and_not_before(office: Office) -> None:
    office.enter(1, "alice")
    office.enter(2, "bob")
    commits = office.disk.commits
    assert office.back.request(1, SendMessage("hi"), False) == 0
    assert office.disk.commits == commits
    heard = office.told(2)
    assert [type(event) for event in heard] == [Message] and office.disk.commits == commits + 1
    assert office.deliver() == []


def test_what_can_not_be_kept_is_told_to_nobody_but_its_sender(office: Office, notes: Notes) -> None:
    office.enter(1, "alice")
    office.enter(2, "bob")
    office.disk.full = True
    office.back.request(1, SendMessage("hi", id="m1"), False)
    (only,) = office.deliver()
    assert isinstance(only, Reply) and isinstance(only.event, Failed) and only.event.reply_to == "m1"
    assert office.back.failing
    office.disk.full = False
    office.back.request(1, SendMessage("hi", id="m1"), False)
    assert [type(event) for event in office.told(1)] == [MessageAccepted, Message] and not office.back.failing
    assert [record.level for record in notes.records] == ["error", "info"]


def test_history_is_fetched_after_the_commit_in_its_turn(office: Office) -> None:
    office.enter(1, "alice")
    office.back.request(1, SendMessage("one"), False)
    assert office.back.request(1, GetHistory("#main"), False) == FETCHES
    office.back.request(1, Ping("x"), False)
    *_, listed, ponged = office.told(1)
    assert isinstance(listed, HistoryListed) and [said.text for said in listed.messages] == ["one"]
    assert isinstance(ponged, Ponged)


def test_a_long_question_is_answered_in_a_later_pass_and_the_session_goes_on(office: Office) -> None:
    office.enter(1, "alice")
    office.back.request(1, SendMessage("one"), False)
    assert office.back.request(1, Search("one", id="s"), False) == READS
    assert not any(isinstance(event, SearchResults) for event in office.told(1))
    office.loop.run_once(HANGS)
    answer, resume = office.deliver()
    assert isinstance(answer, Reply) and isinstance(answer.event, SearchResults) and resume == Resume(1)
    assert [said.text for said in answer.event.messages] == ["one"]


def test_a_long_question_that_can_not_be_answered_says_so(office: Office, notes: Notes) -> None:
    office.enter(1, "alice")

    def fail(_: object) -> Iterator[None]:
        raise StoreError("The disk can't be read.")
        yield

    office.disk.steps = fail  # type: ignore[method-assign, assignment]
    office.back.request(1, Search("one", id="s"), False)
    office.deliver()
    office.loop.run_once(HANGS)
    failed, resume = office.deliver()
    assert isinstance(failed, Reply) and isinstance(failed.event, Failed) and resume == Resume(1)
    assert failed.event.code == "storage" and failed.event.reply_to == "s"


def test_a_bug_in_a_long_question_costs_its_answer(office: Office, notes: Notes) -> None:
    office.enter(1, "alice")
    for break_it in ("steps", "answer"):
        office.back.request(1, Search("one"), False)
        if break_it == "answer":
            (fetch,) = office.back._commits.open.effects
            fetch.answer = break_down  # type: ignore[misc, union-attr, method-assign]
        else:
            office.back._long_reads._reader = Broken()  # type: ignore[assignment]
        office.deliver()
        office.back._long_reads._reader = office.disk
        office.loop.run_once(HANGS)
        assert office.deliver() == [Resume(1)]
    assert [type(bug) for bug in office.bugs] == [Bug, Bug]
    office.bugs.clear()


def test_a_session_that_has_gone_is_told_nothing_of_what_it_asked(office: Office) -> None:
    office.enter(1, "alice")
    office.back.request(1, Search("one"), False)
    office.back.disconnect(1, "Gone.")
    office.deliver()
    office.loop.run_once(0)
    assert office.deliver() == []
    office.enter(2, "bob")
    office.back.request(2, Search("one"), False)
    office.deliver()
    office.back.disconnect(2, "Gone.")
    office.loop.run_once(0)
    assert not any(isinstance(delivery, Reply) for delivery in office.deliver())


def test_a_store_that_can_not_be_read_is_an_answer(office: Office) -> None:
    office.enter(1, "alice")
    office.back.request(1, GetHistory("#main", id="h1"), False)
    office.disk.unreadable = True
    (failed,) = office.told(1)
    assert isinstance(failed, Failed) and failed.code == "storage" and failed.reply_to == "h1"


def test_context_precedes_the_answers_of_all_requests_but_messages(office: Office) -> None:
    office.enter(1, "alice")
    request = Ping("x")
    office.back.request(1, request, True)
    told, ponged = office.told(1)
    assert isinstance(told, RequestContext) and told.request is request and isinstance(ponged, Ponged)
    office.back.request(1, SendMessage("hi"), True)
    assert not any(isinstance(event, RequestContext) for event in office.told(1))


def test_a_session_that_ends_is_told_by_the_flags_and_hung_up_last(office: Office) -> None:
    office.enter(1, "alice")
    assert office.back.request(1, Quit("Bye."), False) == HANGS_UP
    *_, last = office.deliver()
    assert last == Hangup(1, "Quit: Bye.")
    office.back.connect(2, "127.0.0.1")
    assert office.back.request(2, Malformed("Too long.", fatal=True), False) == HANGS_UP


def test_a_session_is_open_and_has_a_name_as_long_as_somebody_is_there(office: Office) -> None:
    assert not office.back.is_open(1) and office.back.name(1) == ""
    office.back.connect(1, "127.0.0.1")
    assert office.back.is_open(1) and office.back.name(1) == ""
    office.back.request(1, Login("alice"), False)
    assert office.back.name(1) == "alice"
    office.back.disconnect(1, "Gone.")
    assert not office.back.is_open(1) and office.back.name(1) == ""
    office.back.disconnect(1, "Gone.")


def test_what_the_front_adds_keeps_its_turn(office: Office) -> None:
    office.enter(1, "alice")
    office.back.request(1, Ping("a"), False)
    office.back.add(1, Write(1, b"own"))
    office.back.request(1, Ping("b"), False)
    assert [type(delivery) for delivery in office.deliver()] == [Reply, Write, Reply]


# ---- passwords


def test_a_password_goes_to_the_worker_and_then_the_session_goes_on(office: Office) -> None:
    office.enter(1, "alice")
    assert office.back.request(1, Register("secret"), False) == HASHES
    assert office.deliver() == []
    answer, *_, resume = office.deliver_when_hashed()
    assert isinstance(answer, Reply) and isinstance(answer.event, Done) and resume == Resume(1)


def test_a_session_that_is_gone_before_its_password_was_checked_is_told_nothing(office: Office) -> None:
    office.enter(1, "alice")
    office.back.request(1, Register("secret"), False)
    office.deliver()
    office.back.disconnect(1, "Gone.")
    office.deliver()
    assert [type(delivery) for delivery in office.deliver_when_hashed()] == [Resume]


def test_too_many_passwords_are_refused_and_the_session_goes_on(office: Office) -> None:
    office.enter(1, "alice")
    office.back._worker.close()
    office.back.request(1, Register("secret"), False)
    office.deliver()
    office.loop.run_once(0)
    answer, resume = office.deliver()
    assert isinstance(answer, Reply) and isinstance(answer.event, Failed) and answer.event.code == "busy"
    assert resume == Resume(1)


# ---- bugs


class Bug(Exception):
    """Something that nobody has thought of."""


def break_down(*_: object) -> Any:
    raise Bug


class Broken:
    """A reader of long questions with a bug."""

    threaded = False

    def steps(self, _: object) -> Iterator[None]:
        raise Bug
        yield


def test_a_bug_in_a_request_ends_its_session_and_nothing_else(office: Office, notes: Notes) -> None:
    office.enter(1, "alice")
    office.enter(2, "bob")
    whole = office.back._chat.request
    office.back._chat.request = break_down  # type: ignore[method-assign]
    assert office.back.request(1, Ping("x"), False) == HANGS_UP
    office.back._chat.request = whole  # type: ignore[method-assign]
    office.back.request(2, Ping("x"), False)
    first, second = office.deliver()
    assert first == Abort(1, "An error of the server.") and isinstance(second, Reply)
    assert [type(bug) for bug in office.bugs] == [Bug] and notes.facts("bug") == [{"sid": 1, "what": "Ping"}]
    office.bugs.clear()


def test_a_bug_in_an_answer_costs_that_answer(office: Office, notes: Notes) -> None:
    office.enter(1, "alice")
    notice = ServerNotice(0, "still there")
    effects: list[Effect] = [Fetch(1, HeadOf("#main"), break_down), Reply(1, notice)]
    office.back._commits.open.add(1, None, effects)
    assert office.told(1) == [notice] and [type(bug) for bug in office.bugs] == [Bug]
    office.bugs.clear()


def test_a_bug_in_the_worker_ends_the_session(office: Office, notes: Notes) -> None:
    office.enter(1, "alice")
    office.back.request(1, Register("secret"), False)
    (hash_,) = office.back._commits.open.effects
    hash_.work = break_down  # type: ignore[misc, union-attr, method-assign]
    office.deliver()
    assert office.deliver_when_hashed() == [Abort(1, "An error of the server.")]
    assert [type(bug) for bug in office.bugs] == [Bug]
    office.bugs.clear()


# ---- the rest


def test_lines_for_the_owner_are_logged_once_what_they_tell_is_kept(office: Office, notes: Notes) -> None:
    office.back._commits.open.add(0, None, [Log("kick", (("by", "root"),))])
    assert notes.facts("kick") == []
    assert office.deliver() == [] and notes.facts("kick") == [{"by": "root"}]


def test_time_goes_on_in_the_chat_as_long_as_there_are_sessions(office: Office) -> None:
    ticks: list[int] = []
    office.back._chat.tick = lambda now: ticks.append(now) or []  # type: ignore[method-assign, func-returns-value]
    office.back.connect(1, "127.0.0.1")
    office.back.connect(2, "127.0.0.1")
    for _ in range(3):
        office.now += 1.0
        office.loop.run_once(0)
    assert len(ticks) == 3
    office.back.disconnect(1, "Gone.")
    office.back.disconnect(2, "Gone.")
    for _ in range(3):
        office.now += 1.0
        office.loop.run_once(0)
    assert len(ticks) == 4, "the last one finds out that nobody is there"


def test_upkeep_follows_a_pass_in_pieces_until_there_is_no_more(office: Office) -> None:
    office.enter(1, "alice")
    for _ in range(100):
        office.now += 0.05
        office.loop.run_once(0)
        office.back.upkeep()
    assert office.disk.tidied == 3


def test_upkeep_is_looked_for_now_and_then_where_nothing_happens(office: Office) -> None:
    office.now += 599
    office.loop.run_once(0)
    office.back.upkeep()
    assert office.disk.tidied == 0
    office.now += 2
    office.loop.run_once(0)
    office.back.upkeep()
    assert office.disk.tidied == 1


def test_upkeep_that_fails_is_logged_and_waits_for_the_next_pass(office: Office, notes: Notes) -> None:
    office.enter(1, "alice")
    office.disk.full = True
    for _ in range(100):
        office.now += 0.05
        office.loop.run_once(0)
        office.back.upkeep()
    assert office.disk.tidied == 1 and notes.records[-1].event == "upkeep of the store failed"


def test_everyone_is_told_that_the_server_stops_and_what_is_left_is_kept(office: Office) -> None:
    office.enter(1, "alice")
    office.back.connect(2, "127.0.0.1")
    office.back.stop("Good night.")
    (stopping,) = office.deliver()
    assert (
        isinstance(stopping, Broadcast)
        and isinstance(stopping.event, Stopping)
        and set(stopping.to) == {1, 2}
    )
    office.back.request(1, SendMessage("last"), False)
    commits = office.disk.commits
    office.back.close()
    assert office.disk.commits == commits + 1 and office.disk.closed
