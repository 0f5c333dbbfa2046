"""Long questions to the store, answered beside the passes: in a thread or, a step a pass, in the loop.

Whoever asks waits for the answer and so has one question at most. Addresses take turns, step by step: a question that
takes many steps, and the many questions of one address, hold up nobody else's.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from evchat.core.query import Query
from evchat.core.store import LongReader
from evchat.net.loop import Loop
from evchat.net.worker import Worker

Answered = Callable[[list[Any] | None, BaseException | None], None]


@dataclass(slots=True, eq=False)
class _Question:
    sid: int
    address: str
    steps: Iterator[list[Any] | None]
    answered: Answered


class LongReads:
    """Asks `reader`, one step at a time."""

    def __init__(self, loop: Loop, reader: LongReader) -> None:
        self._loop = loop
        self._reader = reader
        self._worker = Worker(loop, 1)
        self._questions: dict[int, _Question] = {}
        """By session id."""
        self._waiting: dict[str, deque[_Question]] = {}
        """Reads whose next step is due, by address; the address that has waited longest comes first."""
        self._in_step: _Question | None = None

    def ask(self, sid: int, address: str, query: Query[Any], answered: Answered) -> None:
        """Begins to answer a session's question; the loop calls `answered` with the answer, or with an exception.

        A session asks the next question when that was called, or `forget`.
        """
        question = _Question(sid, address, self._reader.steps(query), answered)
        self._questions[sid] = question
        self._wait(question)
        self._next()

    def forget(self, sid: int) -> None:
        """The session is over: nothing more is done for it, and nothing is called."""
        question = self._questions.pop(sid, None)
        if question is None:
            return
        if question is self._in_step:
            self._reader.interrupt()
            return
        waiting = self._waiting[question.address]
        waiting.remove(question)
        if not waiting:
            del self._waiting[question.address]

    def close(self) -> None:
        """Ends everything; nothing is called any more."""
        self._questions.clear()
        self._waiting.clear()
        self._worker.close()
        self._reader.close()

    def _wait(self, question: _Question) -> None:
        self._waiting.setdefault(question.address, deque()).append(question)

    def _next(self) -> None:
        """Starts the next step, unless one is running."""
        if self._in_step is not None or not self._waiting:
            return
        address = next(iter(self._waiting))
        waiting = self._waiting.pop(address)
        self._in_step = question = waiting.popleft()
        if waiting:
            self._waiting[address] = waiting  # behind all others
        step = partial(next, question.steps)
        if self._reader.threaded:
            self._worker.submit(step, partial(self._made, question))
        else:
            self._loop.call_soon(partial(self._make_here, question, step))

    def _make_here(self, question: _Question, step: Callable[[], list[Any] | None]) -> None:
        found, error = None, None
        if self._questions.get(question.sid) is question:
            try:
                found = step()
            except Exception as problem:  # noqa: BLE001  (not handled here: handed over, as the worker does)
                error = problem
        self._made(question, found, error)

    def _made(self, question: _Question, found: list[Any] | None, error: BaseException | None) -> None:
        self._in_step = None
        if self._questions.get(question.sid) is question:
            if found is None and error is None:
                self._wait(question)
            else:
                del self._questions[question.sid]
                question.answered(found, error)
        self._next()
