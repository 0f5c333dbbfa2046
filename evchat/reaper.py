"""Who must go: peers that do not take what they are owed, or give no sign of life."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from evchat.peer import Peer
from evchat.settings.model import Limits

_LOOK_EVERY = 5.0
"""Seconds between two looks for silent peers; the time-outs are ten times as long and more."""


class Reaper:
    """Judges peers by the limits and names those to cut through `cut`. Times are monotonic seconds."""

    def __init__(self, limits: Limits, cut: Callable[[Peer, str], None]) -> None:
        self.limits = limits
        self._cut = cut
        self.owing: set[Peer] = set()
        """The peers that owed something after the last flush."""
        self._total = 0
        self._dead: list[Peer] = []
        self._looked = 0.0

    def bury_later(self, peer: Peer) -> None:
        """The peer's connection is doomed."""
        self._dead.append(peer)

    def dead(self) -> list[Peer]:
        """The doomed peers since the last call."""
        dead, self._dead = self._dead, []
        return dead

    def forget(self, peer: Peer) -> None:
        """The peer is gone."""
        self._total -= peer.owed
        peer.owed = 0
        self.owing.discard(peer)

    def weigh(self, peer: Peer, now: float) -> None:
        """Counts what a peer owes after a flush, and cuts it if that is too much."""
        owed = peer.connection.owed
        self._total += owed - peer.owed
        peer.owed = owed
        if not owed:
            self.owing.discard(peer)
            return
        self.owing.add(peer)
        self._judge_one(peer, now)

    def _judge_one(self, peer: Peer, now: float) -> None:
        reason = peer.connection.overdue(now)
        if reason is not None:
            self.forget(peer)
            self._cut(peer, reason)

    def judge(self, now: float) -> None:
        """Cuts who has owed too much for too long."""
        for peer in list(self.owing):
            self._judge_one(peer, now)

    def judge_total(self) -> None:
        """Cuts the fattest until all together owe no more than the limit."""
        while self._total > self.limits.output_total and self.owing:
            fattest = max(self.owing, key=lambda peer: peer.owed)
            reason = f"Too slow: all clients together owe more than {self.limits.output_total} bytes."
            self.forget(fattest)
            self._cut(fattest, reason)

    def silent(self, peers: Mapping[int, Peer], now: float) -> Iterator[tuple[Peer, bool]]:
        """The peers to ask for a sign of life, and (True) those that gave none."""
        if now - self._looked < min(_LOOK_EVERY, self.limits.ping_after / 4):
            return
        self._looked = now
        for peer in list(peers.values()):
            if not peer.dialect.pings or peer.done:
                continue
            if peer.waits or peer.held:
                peer.heard = now  # we do not read from it, so its silence is ours
                continue
            silence = now - peer.heard
            if silence >= self.limits.dead_after:
                yield peer, True
            elif silence >= self.limits.ping_after and not peer.pinged:
                yield peer, False
