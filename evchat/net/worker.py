"""A thread for slow pure work, such as hashing a password, that would hold the loop up."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from evchat.net.loop import Loop
from evchat.net.memory import return_large_blocks

_T = TypeVar("_T")
_Task = tuple[Callable[[], Any], Callable[[Any, BaseException | None], None]]


class Dropped(Exception):
    """A function was not called, because somebody else's turn had no room."""


class Worker:
    """Runs functions one after another in one thread, and passes their results back through the loop.

    Those of different turns, say of different addresses, are taken in rotation, so that nobody waits for all that
    somebody else has queued. The thread starts with the first function and never keeps the process alive.
    `most_waiting` functions may wait: beyond that, the longest turn gives its last one up for a shorter one's.
    """

    def __init__(self, loop: Loop, most_waiting: int = 1000) -> None:
        self._loop = loop
        self._most_waiting = most_waiting
        self._changed = threading.Condition()
        """Guards what stands below."""
        self._turns: dict[str, deque[_Task]] = {}
        """The functions that wait, by turn; the next turn first."""
        self._waiting = 0
        self._closed = False
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """How many functions wait to be called."""
        return self._waiting

    def submit(
        self,
        function: Callable[[], _T],
        callback: Callable[[_T | None, BaseException | None], None],
        turn: str = "",
    ) -> bool:
        """Queues a function; False if too many wait already, or after `close`: then nothing will be called.

        The loop calls `callback` with the function's result and None, or with None and the exception that it
        raised, of whatever kind: that one is the callback's to judge or to raise again. `Dropped` is one of them.
        """
        dropped: _Task | None = None
        with self._changed:
            if self._closed:
                return False
            if self._waiting >= self._most_waiting:
                longest = max(self._turns, key=lambda key: len(self._turns[key]))
                if len(self._turns[longest]) <= len(self._turns.get(turn, ())) + 1:
                    return False
                dropped = self._turns[longest].pop()
                self._waiting -= 1
            self._turns.setdefault(turn, deque()).append((function, callback))
            self._waiting += 1
            self._changed.notify()
        if dropped is not None:
            self._loop.call_soon(partial(self._hand_back, dropped[1], None, Dropped()))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="evchat-worker", daemon=True)
            self._thread.start()
        return True

    def close(self) -> None:
        """Drops what waits and lets the thread end. No callback is called any more. Does not wait."""
        with self._changed:
            self._closed = True
            self._turns.clear()
            self._waiting = 0
            self._changed.notify()

    def _work(self) -> None:
        return_large_blocks()
        while (task := self._next()) is not None:
            function, callback = task
            result, error = None, None
            try:
                result = function()
            except BaseException as problem:  # noqa: BLE001  (not handled here: handed over)
                error = problem
            self._loop.call_threadsafe(partial(self._hand_back, callback, result, error))
            # Nothing of it, a password perhaps, is kept until the next one.
            del task, function, callback, result, error

    def _next(self) -> _Task | None:
        """Waits for the next function; None after `close`."""
        with self._changed:
            while not self._turns and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            turn = next(iter(self._turns))
            tasks = self._turns.pop(turn)
            task = tasks.popleft()
            self._waiting -= 1
            if tasks:
                self._turns[turn] = tasks  # behind all others
            return task

    def _hand_back(
        self, callback: Callable[[Any, BaseException | None], None], result: Any, error: BaseException | None
    ) -> None:
        if not self._closed:
            callback(result, error)
