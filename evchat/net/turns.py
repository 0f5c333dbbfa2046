"""The work of layers, shared out: so much a pass, to connections in the order in which they came."""

from __future__ import annotations

from collections import deque

TYPE_CHECKING = False  # `typing` is slow to import, and the client must start fast
if TYPE_CHECKING:
    from typing import Protocol

    from evchat.net.loop import Loop
else:
    Protocol = object

WORK_A_PASS = 1_000
"""Records that are decrypted in a pass, some 5 ms: whoever sends a byte in each makes a server decrypt 3,000 of a read,
and whoever connects hundreds of times at once makes it agree on as many keys."""


class Waiting(Protocol):
    """A connection whose layer has something to do."""

    def go_on(self) -> None:
        """It is its turn."""


class Turns:
    """Says whose layer may work in this pass. The others go on in the next ones."""

    __slots__ = ("_left", "_loop", "_pass", "_queue")

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._left = WORK_A_PASS
        self._pass = loop.passes
        self._queue: deque[Waiting] = deque()
        """The connections that wait; each of them is read from no more until it has had its turn."""

    def are_free(self) -> bool:
        """Whether a layer may work now, since there is room in this pass and nobody waits."""
        self._renew()
        return self._left > 0 and not self._queue

    def worked(self, records: int) -> None:
        """A layer has worked as if it had decrypted so many records."""
        self._left -= records

    def wait(self, connection: Waiting) -> None:
        """Calls the connection's `go_on` when it is its turn."""
        if not self._queue:
            self._loop.call_soon(self._go_on)
        self._queue.append(connection)

    def _renew(self) -> None:
        if self._pass != self._loop.passes:
            self._pass, self._left = self._loop.passes, WORK_A_PASS

    def _go_on(self) -> None:
        self._renew()
        for _ in range(len(self._queue)):
            if self._left <= 0:
                break
            self._queue.popleft().go_on()
        if self._queue:
            self._loop.call_soon(self._go_on)
