"""From a peer's bytes to its requests, one after the other, and what holds the next one back.

A peer is read from only when nothing of it waits: no bytes, no request, no answer on its way, no password at the
worker, and not more output than it may owe. So its own buffers fill up, and ours stay small.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from evchat.dialects.detect import Detector
from evchat.net.loop import Loop
from evchat.peer import Peer
from evchat.protocol.events import HungUp
from evchat.protocol.requests import Announce, Aside, Introduce, Request, Say
from evchat.settings.model import Limits

_SLICE = 4096
"""Bytes of which requests are made at a time: as objects they may fill a hundred times as much."""

_TURN = 128
"""Requests of one peer in one pass, so that nobody waits for one who has sent ten thousand."""


_HEAVY = 1.0
"""Requests of this weight or more are carried out one a pass: each may take milliseconds, a search tens of them."""

_SMALL_COST = 0.1
_LONG = frozenset({Say, Announce})
_SMALL = frozenset({Aside, Introduce})
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


class Intake:
    """Takes in what peers send. `decide` carries one request out, `hang_up` ends a connection with last words.

    `weigh` tells the work that a request of a session's makes; `recognised` hears that a peer's dialect is clear now.
    """

    def __init__(
        self,
        loop: Loop,
        limits: Limits,
        decide: Callable[[Peer, Request], None],
        hang_up: Callable[[Peer, str, HungUp | None], None],
        recognised: Callable[[], None],
        weigh: Callable[[int, Request], float],
    ) -> None:
        self._loop = loop
        self.limits = limits
        self._decide = decide
        self._hang_up = hang_up
        self._recognised = recognised
        self._weigh = weigh
        self._stalled: list[Peer] = []
        self._heavy: Peer | None = None
        """Whose heavy request was carried out in this pass."""

    def received(self, peer: Peer, data: bytes) -> None:
        """The peer sent something."""
        peer.heard = self._loop.time()
        peer.pinged = False
        peer.unread += data
        self.go_on(peer)

    def ended(self, peer: Peer) -> None:
        """The peer sends nothing more, but may still read."""
        peer.ended = True
        self.go_on(peer)

    def stall(self, peer: Peer) -> None:
        """Carries nothing more of the peer out in this pass."""
        if not peer.stalled:
            peer.stalled = True
            self._stalled.append(peer)

    def release(self) -> None:
        """The pass is over: who was stalled goes on in the next one."""
        heavy, self._heavy = self._heavy, None
        if self._stalled:
            stalled, self._stalled = self._stalled, []
            for peer in sorted(stalled, key=lambda peer: peer is heavy):  # each in turn
                peer.stalled = False
                self.drained(peer)

    def drained(self, peer: Peer) -> None:
        """The peer may have taken enough of its output for its next request."""
        if not peer.held and (peer.waits or peer.parsed):
            self._loop.call_soon(partial(self.go_on, peer))
        else:
            self._govern(peer)

    def go_on(self, peer: Peer) -> None:
        """Does the peer's requests one after the other, until something holds the next one back."""
        if peer.connection.doomed:
            return
        backlog = peer.backlog
        now = self._loop.time()
        left = _TURN
        while not peer.held:
            while not backlog and self._parse(peer):
                pass
            if not backlog:
                break
            if not left:
                self.stall(peer)
                break
            weight = self._weigh(peer.sid, backlog[0])
            if weight >= _HEAVY and self._heavy is not None:
                self.stall(peer)
                break
            if not peer.throttle.take(now, _cost(backlog[0], weight)):
                self._wait_for_token(peer, now)
                break
            left -= 1
            if weight >= _HEAVY:
                self._heavy = peer
            self._decide(peer, backlog.popleft())
        if not peer.known:
            self._watch_stranger(peer)
        if peer.done:
            backlog.clear()
            peer.unread = b""
        elif peer.parsed and not backlog and not peer.held:
            self._hang_up(peer, "Closed the connection.", None)
        self._govern(peer)

    def _parse(self, peer: Peer) -> bool:
        """Makes requests of the next bytes; False if there are none, and none will be without more bytes."""
        data = peer.unread
        if data:
            data, peer.unread = data[:_SLICE], data[_SLICE:]
            peer.backlog.extend(peer.dialect.receive(data))
        elif peer.ended and not peer.parsed:
            peer.parsed = True
            peer.backlog.extend(peer.dialect.end())
        else:
            return False
        if not peer.settled:
            self._settle(peer, len(data))
        return True

    def _settle(self, peer: Peer, size: int) -> None:
        """Looks at what is open only until somebody has logged in: the dialect, and how much a stranger sent."""
        peer.stranger_bytes += size
        dialect = peer.dialect
        if isinstance(dialect, Detector) and dialect.decided is not None:
            peer.dialect = dialect.decided
            self._recognised()
        peer.connection.pace = self.limits.pace if peer.dialect.paced else None
        peer.settled = peer.known

    def _watch_stranger(self, peer: Peer) -> None:
        limits = self.limits
        if peer.stranger_bytes > limits.input_before_login:
            most = f"{limits.input_before_login} bytes"
        elif peer.stranger_requests > limits.commands_before_login:
            most = f"{limits.commands_before_login} requests"
        else:
            return
        if not peer.done and peer.hashing is None:
            reason = f"Log in first: before that, no more than {most} are taken."
            self._hang_up(peer, reason, HungUp(int(time.time() * 1000), "too-much", reason))

    def _wait_for_token(self, peer: Peer, now: float) -> None:
        if not peer.resuming:
            peer.resuming = True
            self._loop.call_later(peer.throttle.wait(now), partial(self._resume, peer))

    def _resume(self, peer: Peer) -> None:
        peer.resuming = False
        self.go_on(peer)

    def _govern(self, peer: Peer) -> None:
        if peer.waits or peer.held:
            peer.connection.pause_reading()
        else:
            peer.connection.resume_reading()
