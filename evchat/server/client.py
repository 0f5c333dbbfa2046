"""One client of the server: its connection, its dialect, and what its next request waits for."""

from __future__ import annotations

from collections import deque
from typing import Final

from evchat.dialects.base import Action, Dialect
from evchat.net.connection import Connection

# What the next request of a client may wait for: `Client.waits_for` is a sum of these.
PASS: Final = 1
"""The next pass: this one has given the client its share, or an answer of unknown size is still to come in it."""
TOKEN: Final = 2
"""Its throttle."""
PASSWORD: Final = 4
"""The worker, which checks a password of it."""
READING: Final = 32
"""The store, which answers a long question of it."""
OUTPUT: Final = 8
"""The client itself, which must read what it asked for first."""
NEVER: Final = 16
"""Nothing: it will not be carried out, for the session ends."""


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
    """A connected client, known to the core as session `sid`. Times are seconds, monotonic.

    What it sends goes from `unread` (bytes) to `backlog` (requests); nothing more is read while something is there.
    """

    __slots__ = (
        "address",
        "authenticated",
        "backlog",
        "bytes_before_login",
        "connection",
        "dialect",
        "ended",
        "heard",
        "malformed_logged",
        "parsed",
        "pending_output",
        "pinged",
        "requests_before_login",
        "sid",
        "throttle",
        "unread",
        "waits_for",
    )

    def __init__(self, sid: int, address: str, dialect: Dialect, throttle: Throttle, now: float) -> None:
        self.sid = sid
        self.address = address
        self.dialect = dialect
        self.throttle = throttle
        self.connection: Connection
        self.unread = b""
        """What was read and is not parsed yet."""
        self.backlog: deque[Action] = deque()
        """What was parsed and is not carried out yet."""
        self.waits_for = 0
        """What must happen before the next request may run; 0: nothing."""
        self.ended = False
        """The client sends nothing more."""
        self.parsed = False
        """It has ended, and its last bytes have been looked at."""
        self.authenticated = False
        """Whether somebody has ever logged in here: until then stricter limits hold."""
        self.bytes_before_login = 0
        self.requests_before_login = 0
        self.malformed_logged = False
        """Whether a malformed request of this client stands in the log: one is enough."""
        self.heard = now
        """When the last bytes came."""
        self.pinged = False
        """Whether it was asked for a sign of life since."""
        self.pending_output = 0
        """Bytes it had not taken after the last flush, as they count in the total of all clients."""

    @property
    def has_work(self) -> bool:
        """Whether there is something of it to be carried out."""
        return bool(self.backlog or self.unread or (self.ended and not self.parsed))
