"""Guessing passwords: how often it may be tried, and who is let in all the same.

A try counts as wrong from its beginning until it was right, so that many at once are no more than many in turn. The
tries of an address at each name are counted, and those at all names together; each block is longer than the last.
Whose password was right from an address is remembered: from there the right one is known without hashing, and is let
in although somebody else guesses from the same address. Guessers elsewhere can keep nobody out.
"""

from __future__ import annotations

import hmac

from evchat.core.errors import Refused
from evchat.core.rules.token_bucket import TokenBuckets
from evchat.settings.model import Limits, milliseconds

_HOUR = 3_600_000
_DAY = 24 * _HOUR

_HASHED = 100
"""As many of the tries of one who was let in before costs one that has to be hashed."""

_DOUBLINGS = 30
"""Of the first block: after so many it is longer than any limit."""

_Pair = tuple[str, str]
"""An address, and the name that is tried from it."""


class GuessLimits:
    """Counts tries by address and name. Times are milliseconds, monotonic.

    Of an address that is `shared` by users who have nothing to do with each other (a proxy), only the tries at each
    name are counted.
    """

    def __init__(self) -> None:
        self._tries: dict[_Pair, tuple[int, int]] = {}
        """How many tries in a row were not right, and when the last one was."""
        self._right: dict[_Pair, bytes] = {}
        """A digest of the right password; empty if only that one was given is known. Never kept on disk: it is fast."""
        self._of_address = TokenBuckets()
        self._of_known = TokenBuckets()

    def check(
        self, address: str, key: str, limits: Limits, now: int, *, shared: bool = False, most: int = 0
    ) -> None:
        """Raises Refused (too-many-tries) if this address may not try this name at the moment.

        `most` is how many tries in a row may be wrong, if it is not `password_tries`.
        """
        count, last = self._tries.get((address, key), (0, 0))
        block = _block(count - (most or limits.password_tries), limits)
        if count and now - last >= block + milliseconds(limits.password_block_most):
            del self._tries[address, key]
        elif now - last < block:
            raise _refusal(key, block - (now - last))
        if not shared:
            bucket = self._addresses(limits).of(address, now)
            if bucket.level(now) < 1:
                raise _refusal("any name", bucket.wait(now))

    def begin(
        self, address: str, key: str, limits: Limits, now: int, *, shared: bool = False, most: int = 0
    ) -> None:
        """Counts a try, if `check` allows it: then it may cost a hash. Raises Refused (too-many-tries)."""
        self.check(address, key, limits, now, shared=shared, most=most)
        count, _ = self._tries.pop((address, key), (0, 0))
        self._tries[address, key] = (count + 1, now)
        while len(self._tries) > limits.max_known_sites:
            del self._tries[next(iter(self._tries))]
        if not shared:
            self._addresses(limits).of(address, now).take(now)

    def give_back(self, address: str, key: str, limits: Limits, now: int, *, shared: bool = False) -> None:
        """A try was not made after all."""
        count, last = self._tries.pop((address, key), (0, 0))
        if count > 1:
            self._tries[address, key] = (count - 1, last)
        if not shared:
            self._addresses(limits).of(address, now).give_back()

    def right(self, address: str, key: str, digest: bytes, limits: Limits) -> None:
        """A try was right; `digest` is of the password, or empty if that was not said."""
        self._tries.pop((address, key), None)
        self._remember(address, key, digest, limits)

    def _remember(self, address: str, key: str, digest: bytes, limits: Limits) -> None:
        known = self._right.pop((address, key), b"")
        self._right[address, key] = digest or known
        while len(self._right) > limits.max_known_sites:
            del self._right[next(iter(self._right))]

    def right_before(self, address: str, key: str, limits: Limits) -> None:
        """The password of a name was right from this address before this start."""
        self._remember(address, key, b"", limits)

    def knows(self, address: str, key: str) -> bool:
        """Whether the password of a name is known to have been right from this address."""
        return (address, key) in self._right

    def recognises(self, address: str, key: str, digest: bytes, limits: Limits, now: int) -> bool:
        """Whether this is the digest of the password that was right before, from the same address."""
        right = self._right.get((address, key), b"")
        if not right or not self._retries(address, key, 1, limits, now):
            return False
        return hmac.compare_digest(right, digest)

    def may_retry(self, address: str, key: str, limits: Limits, now: int, *, hashed: bool) -> bool:
        """Whether a try that is blocked may be made, because the name was let in before from this address."""
        right = self._right.get((address, key))
        if right is None or (hashed and right):
            return False
        return self._retries(address, key, _HASHED if hashed else 1, limits, now)

    def _retries(self, address: str, key: str, cost: int, limits: Limits, now: int) -> bool:
        most = limits.password_known_tries
        known = self._of_known.tune(most, most / _DAY, limits.max_known_sites)
        return known.of((address, key), now).take_all(now, cost)

    def _addresses(self, limits: Limits) -> TokenBuckets:
        most = limits.password_site_tries
        return self._of_address.tune(most, most / _HOUR, limits.max_known_sites)


def _block(more: int, limits: Limits) -> int:
    """Milliseconds for which no try is allowed, when there were `more` wrong ones than may be."""
    if more < 0:
        return 0
    first = limits.password_block
    longest = max(first, limits.password_block_most)
    return milliseconds(min(first * 2 ** min(more, _DOUBLINGS), longest))


def _refusal(what: str, left: float) -> Refused:
    seconds = -(-int(left) // 1000) or 1
    return Refused("too-many-tries", f"Too many wrong passwords for {what}. Try again in {seconds} s.")
