"""A thread for slow pure work, such as hashing a password, that would hold the loop up."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from evchat.net.loop import Loop

_T = TypeVar("_T")
_Task = tuple[Callable[[], Any], Callable[[Any, BaseException | None], None]]


class Worker:
    """Runs functions one after the other in one thread, and hands what comes of them back through the loop.

    The thread starts with the first function and never keeps the process alive. `most_waiting` functions may
    wait.
    """

    def __init__(self, loop: Loop, most_waiting: int = 1000) -> None:
        self._loop = loop
        self._tasks: queue.Queue[_Task | None] = queue.Queue(most_waiting)
        self._thread: threading.Thread | None = None
        self._closed = False

    def submit(
        self, function: Callable[[], _T], callback: Callable[[_T | None, BaseException | None], None]
    ) -> bool:
        """Queues a function; False if too many wait already, or after `close`: then nothing will be called.

        The loop calls `callback` with the function's result and None, or with None and the exception that it
        raised, of whatever kind: that one is the callback's to judge or to raise again.
        """
        if self._closed:
            return False
        try:
            self._tasks.put_nowait((function, callback))
        except queue.Full:
            return False
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="evchat-worker", daemon=True)
            self._thread.start()
        return True

    def close(self) -> None:
        """Drops what waits and lets the thread end. No callback is called any more. Does not wait."""
        self._closed = True
        try:
            while True:
                self._tasks.get_nowait()
        except queue.Empty:
            self._tasks.put_nowait(None)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            function, callback = task
            result, error = None, None
            try:
                result = function()
            except BaseException as problem:  # noqa: BLE001  (not handled here: handed over)
                error = problem
            self._loop.call_threadsafe(partial(self._hand_back, callback, result, error))
            # Nothing of it, a password perhaps, is kept until the next one.
            del task, function, callback, result, error

    def _hand_back(
        self, callback: Callable[[Any, BaseException | None], None], result: Any, error: BaseException | None
    ) -> None:
        if not self._closed:
            callback(result, error)
