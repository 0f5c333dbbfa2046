"""A connected client: its connection, its dialect, and what its next request waits for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from evchat.core.rules.token_bucket import TokenBucket
from evchat.dialects.base import Action, Dialect
from evchat.net.connection import Connection

# What the next request of a client may wait for: `Client.waits_for` is a sum of these.
PASS: Final = 1
"""The next pass: the client has had its share of this one, or an answer of unknown size is still to come in it."""
TOKEN: Final = 2
"""A token of its throttle."""
PASSWORD: Final = 4
"""The worker, which is checking its password."""
READING: Final = 32
"""The store, which is answering a long question of it."""
OUTPUT: Final = 8
"""The client itself, which must first read what it asked for."""
TURN: Final = 64
"""Its turn to open a second connection: another client of its address is expected to do so first."""
ANSWER: Final = 128
"""The commit that an answer of unknown size to it waits for."""
COMMIT: Final = 256
"""The end of the commit under way: it asks for what is being committed, or so much waits that no more is decided."""
NEVER: Final = 16
"""Nothing: the session is ending, and no more of its requests are carried out."""


class Throttle(TokenBucket):
    """The token bucket of one client, which knows those that it shares. Times are seconds.

    One object, as there is one for every connection.
    """

    __slots__ = ("account", "site")

    def __init__(self, burst: float, rate: float, now: float, site: TokenBucket | None = None) -> None:
        super().__init__(burst, rate, now)
        self.site = site
        self.account: TokenBucket | None = None

    def take(self, now: float, cost: float = 1.0, shared: bool = True) -> bool:
        """Takes `cost` tokens from all of them, if each has one; from its own alone if it is not `shared`."""
        # For every request, so it looks for itself what needs no call: as `TokenBucket.take`.
        if (self.tokens < 1.0 or now - self.touched > 1.0) and self.level(now) < 1.0:
            return False
        if shared:
            site, account = self.site, self.account
            if site is not None and (site.tokens < 1.0 or now - site.touched > 1.0) and site.level(now) < 1.0:
                return False
            if account is not None:
                if (account.tokens < 1.0 or now - account.touched > 1.0) and account.level(now) < 1.0:
                    return False
                account.tokens -= cost
            if site is not None:
                site.tokens -= cost
        self.tokens -= cost
        return True

    def give_back(self, cost: float = 1.0, shared: bool = True) -> None:
        """Gives back what `take` has taken."""
        super().give_back(cost)
        for bucket in (self.site, self.account) if shared else ():
            if bucket is not None:
                bucket.give_back(cost)

    def wait(self, now: float, cost: float = 1.0) -> float:
        """Seconds until each has `cost` tokens."""
        shared = [bucket.wait(now, cost) for bucket in (self.site, self.account) if bucket is not None]
        return max([super().wait(now, cost), *shared])


class Client:
    """A connected client, which the core knows as session `sid`. Times are monotonic seconds.

    What it sends goes from `unread` (bytes) to `backlog` (requests); nothing more is read while either holds something.
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
        "in_audiences",
        "malformed_logged",
        "must_encrypt",
        "parsed",
        "pending_output",
        "pinged",
        "requests_before_login",
        "sid",
        "throttle",
        "unread",
        "warned",
        "visiting",
        "waits_for",
    )

    def __init__(self, sid: int, address: str, dialect: Dialect, throttle: Throttle, now: float) -> None:
        self.sid = sid
        self.address = address
        self.dialect = dialect
        self.throttle = throttle
        self.connection: Connection
        self.unread = b""
        """Bytes that were read and are not parsed yet."""
        self.backlog: Sequence[Action] = ()
        """Requests that were parsed and are not carried out yet."""
        self.waits_for = 0
        """What the next request waits for, a sum of the values above; 0: it may run."""
        self.ended = False
        """The client sends nothing more."""
        self.parsed = False
        """It has ended, and its last bytes are parsed."""
        self.authenticated = False
        """Whether somebody has ever logged in here: until then stricter limits hold."""
        self.visiting = False
        """Whether it fetches files, and so is counted apart."""
        self.in_audiences = False
        """Whether it was told that somebody has logged in here: nothing before that is delivered to it among others."""
        self.bytes_before_login = 0
        self.requests_before_login: float = 0
        self.malformed_logged = False
        """Whether a malformed request of this client was logged: one is enough."""
        self.warned = False
        """Whether nothing need be said (any more) of passwords that come unencrypted."""
        self.must_encrypt = False
        """Whether it is turned away, in its own dialect, because it does not speak TLS."""
        self.heard = now
        """When the last bytes came."""
        self.pinged = False
        """Whether it was pinged since then."""
        self.pending_output = 0
        """Bytes left after its last flush, as they count in the total of all clients."""

    @property
    def has_work(self) -> bool:
        """Whether something it sent is still to be carried out."""
        return bool(self.backlog or self.unread or (self.ended and not self.parsed))
