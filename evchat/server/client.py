"""One client of the server: its connection, its dialect, and what holds its next request back."""

from __future__ import annotations

from collections import deque

from evchat.dialects.base import Dialect
from evchat.net.connection import Connection
from evchat.protocol.base import Request


class Throttle:
    """A token bucket: `burst` requests at once, `rate` a second in the long run. Times are seconds, monotonic."""

    __slots__ = ("_burst", "_rate", "_tokens", "_touched")

    def __init__(self, burst: float, rate: float, now: float) -> None:
        self._burst = burst
        self._rate = rate
        self._tokens = float(burst)
        self._touched = now

    def take(self, now: float, cost: float = 1.0) -> bool:
        """Takes `cost` tokens if there is one; what is missing then must be refilled first."""
        if self._tokens < 1.0 or now - self._touched > 1.0:
            self._tokens = min(self._burst, self._tokens + (now - self._touched) * self._rate)
            self._touched = now
            if self._tokens < 1.0:
                return False
        self._tokens -= cost
        return True

    def wait(self, now: float) -> float:
        """Seconds until the next token."""
        return max(0.0, (1.0 - self._tokens) / self._rate - (now - self._touched))


class Client:
    """A connected client. `backlog` holds requests that were read and must wait; meanwhile nothing more is read."""

    __slots__ = (
        "address",
        "backlog",
        "malformed_logged",
        "connection",
        "dialect",
        "done",
        "ended",
        "hashing",
        "heard",
        "authenticated",
        "pending_output",
        "parsed",
        "pinged",
        "resuming",
        "detected",
        "sid",
        "stalled",
        "bytes_before_login",
        "requests_before_login",
        "throttle",
        "unread",
    )

    def __init__(self, sid: int, address: str, dialect: Dialect, throttle: Throttle, now: float) -> None:
        self.sid = sid
        self.address = address
        self.dialect = dialect
        self.throttle = throttle
        self.connection: Connection
        self.backlog: deque[Request] = deque()
        self.heard = now
        """When the last bytes came, in monotonic seconds."""
        self.pinged = False
        self.authenticated = False
        """Whether somebody has ever logged in here: until then stricter limits hold."""
        self.detected = False
        """Whether the dialect is decided and the stranger's limits are no concern any more."""
        self.bytes_before_login = 0
        self.requests_before_login = 0
        self.hashing: Request | None = None
        """The request whose password is with the worker."""
        self.stalled = False
        """An answer of unknown size is still to come in this pass."""
        self.resuming = False
        """A timer will look at the backlog again."""
        self.done = False
        """The core has hung up: nothing more is carried out."""
        self.unread = b""
        """What was read and is not yet parsed."""
        self.ended = False
        """The client sends nothing more."""
        self.parsed = False
        """It has ended, and its last bytes have been looked at."""
        self.malformed_logged = False
        """A malformed request of this client stands in the log."""
        self.pending_output = 0
        """What it owed after the last flush, as it counts in the total."""

    @property
    def blocked(self) -> bool:
        """Whether the next request must wait, or will never be carried out."""
        return self.stalled or self.done or self.hashing is not None or self.connection.should_pause_reading

    @property
    def has_work(self) -> bool:
        """Whether there is something of it to be carried out."""
        return bool(self.backlog or self.unread or (self.ended and not self.parsed))
