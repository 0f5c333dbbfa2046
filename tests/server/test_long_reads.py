"""Long questions beside the passes: whose turn it is, what becomes of those whose client has gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from evchat.core.query import Query
from evchat.core.records import DirectsOf
from evchat.core.store import StoreError
from evchat.net.loop import Loop
from evchat.server.long_reads import LongReads

HANGS = 20.0
"""Seconds after which a wait counts as endless."""


class Reader:
    """Takes as many steps as a question's `limit` says; fails at the last one if its `max_unread` is 1."""

    def __init__(self, *, threaded: bool) -> None:
        self.threaded = threaded
        self.made: list[str] = []
        self.interrupted = 0
        self.closed = False

    def steps(self, query: Query[Any]) -> Iterator[list[Any] | None]:
        assert isinstance(query, DirectsOf)
        for step in range(1, query.limit + 1):
            self.made.append(f"{query.user}{step}")
            if step < query.limit:
                yield None
        if query.max_unread:
            raise StoreError("The disk can't be read.")
        yield [query.user]

    def interrupt(self) -> None:
        self.interrupted += 1

    def close(self) -> None:
        self.closed = True


class Desk:
    def __init__(self, *, threaded: bool) -> None:
        self.loop = Loop()
        self.reader = Reader(threaded=threaded)
        self.reads = LongReads(self.loop, self.reader)
        self.answers: list[tuple[int, Any]] = []

    def ask(self, sid: int, address: str, user: str, steps: int, *, fails: bool = False) -> None:
        self.reads.ask(sid, address, DirectsOf(user, steps, int(fails)), partial(self._answered, sid))

    def _answered(self, sid: int, found: list[Any] | None, error: BaseException | None) -> None:
        self.answers.append((sid, found if error is None else str(error)))

    def run_until(self, condition: Callable[[], object]) -> None:
        while not condition():
            self.loop.run_once(HANGS)


@pytest.fixture(params=[False, True], ids=["in the loop", "in a thread"])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    desk = Desk(threaded=request.param)
    yield desk
    desk.reads.close()
    desk.loop.close()
    assert desk.reader.closed


def test_a_question_is_answered_after_all_its_steps(desk: Desk) -> None:
    desk.ask(1, "a", "x", 3)
    assert desk.answers == []
    desk.run_until(lambda: desk.answers)
    assert desk.answers == [(1, ["x"])] and desk.reader.made == ["x1", "x2", "x3"]


def test_addresses_take_turns_step_by_step(desk: Desk) -> None:
    desk.ask(1, "a", "x", 2)
    desk.ask(2, "a", "y", 2)
    desk.ask(3, "a", "z", 1)
    desk.ask(4, "b", "v", 2)
    desk.run_until(lambda: len(desk.answers) == 4)
    assert desk.reader.made == ["x1", "y1", "v1", "z1", "v2", "x2", "y2"]
    assert [sid for sid, _ in desk.answers] == [3, 4, 1, 2]


def test_an_exception_is_handed_over_and_the_next_question_is_asked(desk: Desk) -> None:
    desk.ask(1, "a", "x", 1, fails=True)
    desk.ask(2, "a", "y", 1)
    desk.run_until(lambda: len(desk.answers) == 2)
    assert desk.answers == [(1, "The disk can't be read."), (2, ["y"])]


def test_a_question_whose_client_has_gone_ends_whether_its_turn_has_come_or_not(desk: Desk) -> None:
    desk.ask(1, "a", "x", 1_000_000)
    desk.ask(2, "b", "y", 1)
    desk.ask(3, "b", "z", 1)
    desk.reads.forget(2)
    desk.reads.forget(1)
    desk.reads.forget(99)
    desk.run_until(lambda: desk.answers)
    assert desk.answers == [(3, ["z"])] and desk.reader.interrupted == 1
    assert not desk.reads._questions and not desk.reads._waiting


def test_after_the_end_nothing_is_called(desk: Desk) -> None:
    desk.ask(1, "a", "x", 2)
    desk.ask(2, "a", "y", 2)
    desk.reads.close()
    for _ in range(3):
        desk.loop.run_once(0.01)
    assert desk.answers == []
