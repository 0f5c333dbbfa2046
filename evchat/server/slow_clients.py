"""Who must go: clients that do not take what they are owed, or give no sign of life."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from evchat.server.client import Client
from evchat.settings.model import Limits

_LOOK_EVERY = 5.0
"""Seconds between two looks for silent clients; the time-outs are ten times as long and more."""


class SlowClients:
    """Judges clients by the limits and names those to cut through `cut`. Times are monotonic seconds."""

    def __init__(self, limits: Limits, cut: Callable[[Client, str], None]) -> None:
        self.limits = limits
        self._cut = cut
        self.pending: set[Client] = set()
        """The clients that owed something after the last flush."""
        self._total = 0
        self._dead: list[Client] = []
        self._looked = 0.0

    def note_closing(self, client: Client) -> None:
        """The client's connection is closing."""
        self._dead.append(client)

    def closing(self) -> list[Client]:
        """The closing clients since the last call."""
        closing, self._dead = self._dead, []
        return closing

    def forget(self, client: Client) -> None:
        """The client is gone."""
        self._total -= client.pending_output
        client.pending_output = 0
        self.pending.discard(client)

    def weigh(self, client: Client, now: float) -> None:
        """Counts what a client owes after a flush, and cuts it if that is too much."""
        pending_output = client.connection.pending_output
        self._total += pending_output - client.pending_output
        client.pending_output = pending_output
        if not pending_output:
            self.pending.discard(client)
            return
        self.pending.add(client)
        self._judge_one(client, now)

    def _judge_one(self, client: Client, now: float) -> None:
        reason = client.connection.overdue(now)
        if reason is not None:
            self.forget(client)
            self._cut(client, reason)

    def judge(self, now: float) -> None:
        """Cuts who has owed too much for too long."""
        for client in list(self.pending):
            self._judge_one(client, now)

    def judge_total(self) -> None:
        """Cuts those with most output waiting until all together owe no more than the limit."""
        while self._total > self.limits.output_total and self.pending:
            largest = max(self.pending, key=lambda client: client.pending_output)
            reason = f"Too slow: all clients together owe more than {self.limits.output_total} bytes."
            self.forget(largest)
            self._cut(largest, reason)

    def silent(self, clients: Mapping[int, Client], now: float) -> Iterator[tuple[Client, bool]]:
        """The clients to ask for a sign of life, and (True) those that gave none."""
        if now - self._looked < min(_LOOK_EVERY, self.limits.ping_after / 4):
            return
        self._looked = now
        for client in list(clients.values()):
            if not client.dialect.pings or client.done:
                continue
            if client.has_work or client.blocked:
                client.heard = now  # we do not read from it, so its silence is ours
                continue
            silence = now - client.heard
            if silence >= self.limits.dead_after:
                yield client, True
            elif silence >= self.limits.ping_after and not client.pinged:
                yield client, False
