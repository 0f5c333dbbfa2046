"""The thread that waits for the disk: it commits one group of decisions while the loop decides the next."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from evchat.core.group_commit import GroupCommit
from evchat.core.store import StoreError
from evchat.net.loop import Loop

_Work = Callable[[], bool | None]
_Outcome = tuple[bool, StoreError | None]


class Committer:
    """Does one piece of work at a time and wakes the loop when it has ended. The thread starts with the first."""

    def __init__(self, loop: Loop, store: GroupCommit) -> None:
        self._loop = loop
        self._store = store
        self._tidying = False
        self.began = 0.0
        """The loop's time at which the last piece of work began."""
        self._work: SimpleQueue[_Work | None] = SimpleQueue()
        self._ended: SimpleQueue[tuple[bool | None, BaseException | None]] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begins to commit what was saved. Raises StoreError: then it is lost, and nothing has begun."""
        self._store.seal()
        self._start(self._store.sync)

    def begin_to_tidy(self, work: Callable[[], bool]) -> bool:
        """Begins with upkeep instead; False: not now."""
        self._tidying = self._store.lend()
        if self._tidying:
            self._start(work)
        return self._tidying

    def outcome(self, *, wait: bool = False) -> _Outcome | None:
        """How that has ended, once: what the upkeep returned, and what went wrong. None if it has not ended.

        With `wait` it has.
        """
        try:
            result, error = self._ended.get(block=wait)
        except Empty:
            return None
        self._store.unseal(kept=error is None or self._tidying)
        self._tidying = False
        if error is not None and not isinstance(error, StoreError):
            raise error
        return bool(result), error

    def close(self) -> None:
        """Lets the thread end, and waits for that."""
        if self._thread is not None:
            self._work.put(None)
            self._thread.join()
            self._thread = None

    def _start(self, work: _Work) -> None:
        self.began = self._loop.time()
        self._work.put(work)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="evchat-committer", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            result, error = None, None
            try:
                result = work()
            except BaseException as problem:  # noqa: BLE001  (not handled here: handed over)
                error = problem
            self._ended.put((result, error))
            del work, error
            self._loop.call_threadsafe(_wake)


def _wake() -> None:
    """Nothing is to be done but a pass, at whose end the outcome is taken."""
