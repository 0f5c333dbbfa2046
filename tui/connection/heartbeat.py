"""The heartbeat of a connection: when to ping, and when to give the server up."""

from __future__ import annotations

from evchat.settings.client import ANSWER_TIMEOUT, AWAKE_TIMEOUT, PING_EVERY, PING_TIMEOUT


class Heartbeat:
    """Of one connection after the other. `due` is when the next ping is, `latency_ms` how long the last one took."""

    def __init__(self) -> None:
        self.due: int | None = None
        self.latency_ms: int | None = None
        self._heard_at = 0
        self._asked_at: int | None = None
        self._patience = PING_TIMEOUT

    def begin(self, now: int) -> None:
        """A new connection stands, and something was asked."""
        self._heard_at = self._asked_at = now
        self._patience = PING_TIMEOUT

    def stop(self) -> None:
        """The connection is gone."""
        self.due = self._asked_at = self.latency_ms = None

    def heard(self, now: int) -> None:
        """Bytes have come."""
        self._heard_at = now

    def asked(self, now: int) -> None:
        """A ping is sent."""
        slept = self.due is not None and now - self.due > PING_TIMEOUT
        self._patience = AWAKE_TIMEOUT if slept else PING_TIMEOUT
        self.due = None
        self._asked_at = now

    def answered(self, now: int) -> None:
        """What was asked for has come."""
        if self._asked_at is not None:
            self.latency_ms = max(now - self._asked_at, 0)
        self._asked_at = None
        self.due = now + PING_EVERY

    @property
    def timeout(self) -> int | None:
        """When the connection counts as dead; None while nothing is waited for."""
        if self._asked_at is None:
            return None
        return min(max(self._asked_at, self._heard_at) + self._patience, self._asked_at + ANSWER_TIMEOUT)

    def died(self, now: int) -> str:
        """Why the connection is dead, once; empty if it is not."""
        if self.timeout is None or now < self.timeout:
            return ""
        self._asked_at = None
        return f"The server has not answered for {self._patience // 1000} s."
