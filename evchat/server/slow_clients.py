"""The search for clients that must be cut: those that do not read their output, or give no sign of life."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evchat.server.client import NEVER, Client
from evchat.settings.model import Limits

_LOOK_EVERY = 5.0
"""Seconds between two looks for silent clients; the time-outs are ten times as long and more."""


class SlowClients:
    """Judges clients by `limits`, which may be replaced at any time. Times are monotonic seconds.

    A client that is named to be cut, with the reason, is no longer counted.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.pending: set[Client] = set()
        """The clients with output left after their last flush."""
        self.total = 0
        """The bytes that all clients together have left unread."""
        self._looked = 0.0

    def forget(self, client: Client) -> None:
        """The client has ended, or is about to."""
        self.total -= client.pending_output
        client.pending_output = 0
        self.pending.discard(client)

    def flushed(self, client: Client, now: float) -> str | None:
        """Counts what a flush has left of a client's output. Returns why the client must be cut, or None."""
        pending = client.connection.pending_output
        self.total += pending - client.pending_output
        client.pending_output = pending
        if not pending:
            self.pending.discard(client)
            return None
        self.pending.add(client)
        return self._judge(client, now)

    def _judge(self, client: Client, now: float) -> str | None:
        reason = client.connection.overdue(now)
        if reason is not None:
            self.forget(client)
        return reason

    def overdue(self, now: float) -> Iterator[tuple[Client, str]]:
        """The clients to cut because they have left too much unread for too long."""
        for client in list(self.pending):
            reason = self._judge(client, now)
            if reason is not None:
                yield client, reason

    def over_total(self) -> Iterator[tuple[Client, str]]:
        """The clients to cut, the largest first, until all together have no more pending than the limit."""
        while self.total > self.limits.output_total and self.pending:
            largest = max(self.pending, key=lambda client: client.pending_output)
            self.forget(largest)
            yield largest, f"Too slow: all clients together owe more than {self.limits.output_total} bytes."

    def idle_visitors(self, clients: Mapping[int, Client], now: float) -> list[Client]:
        """The clients that have fetched files and ask for nothing more."""
        end = now - self.limits.http_idle
        return [
            client
            for client in clients.values()
            if client.visiting and client.heard <= end and not client.has_work and not client.pending_output
        ]

    def silent(self, clients: Mapping[int, Client], now: float) -> Iterator[tuple[Client, bool]]:
        """The clients to ping, and (True) those to cut because they gave no sign of life."""
        if now - self._looked < min(_LOOK_EVERY, self.limits.ping_after / 4):
            return
        self._looked = now
        for client in list(clients.values()):
            if not client.dialect.pings or client.waits_for & NEVER:
                continue
            if client.has_work or client.waits_for:
                client.heard = now  # we do not read from it, so its silence is ours
                continue
            silence = now - client.heard
            if silence >= self.limits.dead_after:
                yield client, True
            elif silence >= self.limits.ping_after and not client.pinged:
                yield client, False
