"""From a client's bytes to its requests, one after the other, and what holds the next one back.

A client is read from only when nothing of it waits: no bytes, no request, no answer on its way, no password at the
worker, and not more output than it may owe. So its own buffers fill up, and ours stay small.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from evchat.net.loop import Loop
from evchat.protocol.base import Request
from evchat.protocol.basics import HungUp, ReplyLocally
from evchat.protocol.login import Introduce
from evchat.protocol.messages import Announce, SendMessage
from evchat.server.client import Client
from evchat.settings.model import Limits

_SLICE = 4096
"""Bytes of which requests are made at a time: as objects they may fill a hundred times as much."""

_TURN = 128
"""Requests of one client in one pass, so that nobody waits for one who has sent ten thousand."""


_HEAVY = 1.0
"""Requests of this weight or more are carried out one a pass: each may take milliseconds, a search tens of them."""

_SMALL_COST = 0.1
_LONG = frozenset({SendMessage, Announce})
_SMALL = frozenset({ReplyLocally, Introduce})
"""What a dialect needs to agree with its client: a client of IRC begins with dozens of them."""

_BYTES_A_TOKEN = 4096


def _cost(request: Request, weight: float) -> float:
    """Tokens that a request takes: one, more for what is long or makes work, less for what agrees on the dialect."""
    kind = type(request)
    if kind in _LONG:
        return 1 + len(request.text) // _BYTES_A_TOKEN  # type: ignore[attr-defined]
    if kind in _SMALL:
        return _SMALL_COST
    return max(1.0, weight)


class Ingress:
    """Takes in what clients send. `decide` carries one request out, `hang_up` ends a connection with last words.

    `weigh` tells the work that a request of a session's makes; `recognised` hears that a client's dialect is clear now.
    """

    def __init__(
        self,
        loop: Loop,
        limits: Limits,
        decide: Callable[[Client, Request], None],
        hang_up: Callable[[Client, str, HungUp | None], None],
        recognised: Callable[[], None],
        weigh: Callable[[int, Request], float],
    ) -> None:
        self._loop = loop
        self.limits = limits
        self._decide = decide
        self._hang_up = hang_up
        self._recognised = recognised
        self._weigh = weigh
        self._stalled: list[Client] = []
        self._heavy: Client | None = None
        """Whose heavy request was carried out in this pass."""

    def received(self, client: Client, data: bytes) -> None:
        """The client sent something."""
        client.heard = self._loop.time()
        client.pinged = False
        client.unread += data
        self.go_on(client)

    def ended(self, client: Client) -> None:
        """The client sends nothing more, but may still read."""
        client.ended = True
        self.go_on(client)

    def stall(self, client: Client) -> None:
        """Carries nothing more of the client out in this pass."""
        if not client.stalled:
            client.stalled = True
            self._stalled.append(client)

    def release(self) -> None:
        """The pass is over: who was stalled goes on in the next one."""
        heavy, self._heavy = self._heavy, None
        if self._stalled:
            stalled, self._stalled = self._stalled, []
            for client in sorted(stalled, key=lambda client: client is heavy):  # each in turn
                client.stalled = False
                self.drained(client)

    def drained(self, client: Client) -> None:
        """The client may have taken enough of its output for its next request."""
        if not client.blocked and (client.has_work or client.parsed):
            self._loop.call_soon(partial(self.go_on, client))
        else:
            self._govern(client)

    def go_on(self, client: Client) -> None:
        """Does the client's requests one after the other, until something holds the next one back."""
        if client.connection.closing:
            return
        backlog = client.backlog
        now = self._loop.time()
        left = _TURN
        while not client.blocked:
            while not backlog and self._parse(client):
                pass
            if not backlog:
                break
            if not left:
                self.stall(client)
                break
            weight = self._weigh(client.sid, backlog[0])
            if weight >= _HEAVY and self._heavy is not None:
                self.stall(client)
                break
            if not client.throttle.take(now, _cost(backlog[0], weight)):
                self._wait_for_token(client, now)
                break
            left -= 1
            if weight >= _HEAVY:
                self._heavy = client
            self._decide(client, backlog.popleft())
        if not client.authenticated:
            self._limit_unauthenticated(client)
        if client.done:
            backlog.clear()
            client.unread = b""
        elif client.parsed and not backlog and not client.blocked:
            self._hang_up(client, "Closed the connection.", None)
        self._govern(client)

    def _parse(self, client: Client) -> bool:
        """Makes requests of the next bytes; False if there are none, and none will be without more bytes."""
        data = client.unread
        if data:
            data, client.unread = data[:_SLICE], data[_SLICE:]
            client.backlog.extend(client.dialect.receive(data))
        elif client.ended and not client.parsed:
            client.parsed = True
            client.backlog.extend(client.dialect.end())
        else:
            return False
        if not client.detected:
            self._settle(client, len(data))
        return True

    def _settle(self, client: Client, size: int) -> None:
        """Looks at what is open only until somebody has logged in: the dialect, and how much a stranger sent."""
        client.bytes_before_login += size
        while (successor := client.dialect.successor) is not None:
            client.dialect = successor
            self._recognised()
        client.connection.pace = self.limits.pace if client.dialect.paced else None
        client.detected = client.authenticated

    def _limit_unauthenticated(self, client: Client) -> None:
        limits = self.limits
        if client.bytes_before_login > limits.input_before_login:
            most = f"{limits.input_before_login} bytes"
        elif client.requests_before_login > limits.commands_before_login:
            most = f"{limits.commands_before_login} requests"
        else:
            return
        if not client.done and client.hashing is None:
            reason = f"Log in first: before that, no more than {most} are taken."
            self._hang_up(client, reason, HungUp(int(time.time() * 1000), "too-much", reason))

    def _wait_for_token(self, client: Client, now: float) -> None:
        if not client.resuming:
            client.resuming = True
            self._loop.call_later(client.throttle.wait(now), partial(self._resume, client))

    def _resume(self, client: Client) -> None:
        client.resuming = False
        self.go_on(client)

    def _govern(self, client: Client) -> None:
        if client.has_work or client.blocked:
            client.connection.pause_reading()
        else:
            client.connection.resume_reading()
