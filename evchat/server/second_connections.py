"""The second connections of clients whose dialect has two (`wholast`), and whose each of them is.

A second connection does not say whose it is. So of all clients of an address only one at a time is expected to open
one, for a while, and what the next would answer to its login waits until then.
"""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final

from evchat import log
from evchat.dialects.unframed.wholast import ASIDE
from evchat.net.hooks import Hooks, OutputLimits
from evchat.net.loop import Loop, Timer
from evchat.net.unframed import UnframedConnection
from evchat.server.client import Client
from evchat.settings.model import Limits

_GREETING: Final = b"hi"
"""What the client says first."""
_MOST_STRANGERS: Final = 64
"""Second connections that may be there without having said anything; of more, the oldest is closed."""


class SecondConnections:
    """Pairs second connections with clients; `released` is called with a client whose turn has come."""

    def __init__(self, loop: Loop, limits: Limits, released: Callable[[Client], None]) -> None:
        self._loop = loop
        self.limits = limits
        self._released = released
        self._expected: dict[str, deque[Client]] = {}
        """By address: the client whose second connection is expected, and those that wait for their turn."""
        self._deadlines: dict[str, Timer] = {}
        """By address: when nobody waits any longer for the one that is expected."""
        self._strangers: dict[UnframedConnection, tuple[str, Timer]] = {}
        """The connections that are not paired, the oldest first: from where they come, and until when they may be."""
        self._closing: list[UnframedConnection] = []
        self._hooks = Hooks(self._greeted, _ended, UnframedConnection.flush, self._closed)

    def expect(self, client: Client) -> bool:
        """Whether it is the client's turn to open its second connection now; if not, `released` says when."""
        queue = self._expected.setdefault(client.address, deque())
        queue.append(client)
        if queue[0] is client:
            self._wait_for_first(client.address)
            return True
        return False

    def forget(self, client: Client) -> None:
        """The client is gone: nobody waits for its second connection."""
        queue = self._expected.get(client.address)
        if queue is not None and client in queue:
            if queue[0] is client:
                self._next(client.address)
            else:
                queue.remove(client)

    def accept(self, sock: socket.socket, address: str) -> None:
        """Takes on a second connection, which has to say whose it might be."""
        limits = OutputLimits(pace_backlog=self.limits.pace_backlog)
        connection = UnframedConnection(self._loop, sock, self._hooks, limits=limits, aside=ASIDE.encode())
        connection.pace = self.limits.pace
        deadline = partial(connection.abort, "The second connection said nothing.")
        self._strangers[connection] = address, self._loop.call_later(self.limits.pair_deadline, deadline)
        if len(self._strangers) > _MOST_STRANGERS:
            self._turn_away(next(iter(self._strangers)), "Too many second connections.")

    def _closed(self, connection: UnframedConnection) -> None:
        self._closing.append(connection)

    def remove_closed(self) -> None:
        """Closes the connections that have ended, at the end of a pass."""
        closing, self._closing = self._closing, []
        for connection in closing:
            self._forget_stranger(connection)
            connection.close()

    def close(self) -> None:
        """Closes the connections that belong to nobody."""
        for connection in self._strangers:
            connection.close()
        self._strangers.clear()

    def _forget_stranger(self, connection: UnframedConnection) -> None:
        found = self._strangers.pop(connection, None)
        if found is not None:
            found[1].cancel()

    def _turn_away(self, connection: UnframedConnection, reason: str) -> None:
        self._forget_stranger(connection)
        connection.abort(reason)

    def _greeted(self, connection: UnframedConnection, data: bytes) -> None:
        """Pairs a connection with the client that is expected to open one, if there is any."""
        queue = self._expected.get(self._strangers[connection][0])
        if not queue or not data.startswith(_GREETING):
            self._turn_away(connection, "Nobody's second connection.")
            return
        client = queue[0]
        self._forget_stranger(connection)
        log.debug("paired", sid=client.sid, address=client.address)
        assert isinstance(client.connection, UnframedConnection)
        client.connection.pair(connection)
        connection.pause_reading()  # what is said on it later means nothing
        client.connection.flush()  # what waits was committed in an earlier pass
        self._next(client.address)

    def _wait_for_first(self, address: str) -> None:
        seconds = self.limits.pair_deadline
        self._deadlines[address] = self._loop.call_later(seconds, partial(self._next, address))

    def _next(self, address: str) -> None:
        """Nobody waits for the first any longer: it is the turn of the next."""
        self._deadlines.pop(address).cancel()
        queue = self._expected[address]
        queue.popleft()
        if queue:
            self._wait_for_first(address)
            self._released(queue[0])
        else:
            del self._expected[address]


def _ended(connection: UnframedConnection) -> None:
    connection.abort("The second connection was closed.")
