"""Token buckets: so much at once, and so much in the long run; of one client, or of everybody who shares a key."""

from __future__ import annotations

from collections.abc import Hashable
from math import inf


class TokenBucket:
    """`burst` tokens at once, `rate` more for each unit of time. The clock is the caller's, and must never go back.

    Times are seconds, unless whoever makes the bucket counts in something else. A rate of 0 refills nothing.
    """

    __slots__ = ("_burst", "_rate", "tokens", "touched")

    def __init__(self, burst: float, rate: float, now: float) -> None:
        self._burst = burst
        self._rate = rate
        self.tokens = float(burst)
        """How many there were when it was last `touched`, without those that have been taken since."""
        self.touched = now

    def take(self, now: float, cost: float = 1.0) -> bool:
        """Takes `cost` tokens if there is one; what is missing then must be refilled first."""
        if self.tokens < 1.0 or now - self.touched > 1.0:
            self.tokens = min(self._burst, self.tokens + (now - self.touched) * self._rate)
            self.touched = now
            if self.tokens < 1.0:
                return False
        self.tokens -= cost
        return True

    def take_all(self, now: float, cost: float) -> bool:
        """Takes `cost` tokens if there are so many."""
        if self.level(now) < cost:
            return False
        self.tokens -= cost
        return True

    def level(self, now: float) -> float:
        """How many tokens there are; below 0, how many are owed."""
        passed = now - self.touched
        if passed > 0:
            self.tokens = min(self._burst, self.tokens + passed * self._rate)
            self.touched = now
        return self.tokens

    def reserve(self, now: float, cost: float = 1.0) -> float:
        """Takes `cost` tokens, whether they are there or not; returns the time until they are."""
        self.level(now)
        self.tokens -= cost
        return max(0.0, -self.tokens / self._rate)

    def give_back(self, cost: float = 1.0) -> None:
        """Puts back what was taken for something that did not happen."""
        self.tokens = min(self._burst, self.tokens + cost)

    def wait(self, now: float, cost: float = 1.0) -> float:
        """The time until there are `cost` tokens; without an end if that is more than a burst."""
        if cost > self._burst:
            return inf
        return max(0.0, (cost - self.tokens) / self._rate - (now - self.touched))


class TokenBuckets:
    """A token bucket for each key, all alike. Those that are full again are forgotten: they are as good as new.

    There are at most `most`. If so many are in use, those that were made first go, a quarter of them at a time.
    """

    def __init__(self, burst: float = 1.0, rate: float = 1.0, most: int = 1) -> None:
        self._rule = (burst, rate, most)
        self._buckets: dict[Hashable, TokenBucket] = {}

    def tune(self, burst: float, rate: float, most: int) -> TokenBuckets:
        """Sets what holds from now on; if it is something new, all buckets are full again."""
        rule = (burst, rate, most)
        if rule != self._rule:
            self._rule = rule
            self._buckets = {}
        return self

    def __len__(self) -> int:
        return len(self._buckets)

    def of(self, key: Hashable, now: float) -> TokenBucket:
        """The bucket of a key, full if it is new."""
        bucket = self._buckets.get(key)
        if bucket is None:
            burst, rate, most = self._rule
            if len(self._buckets) >= most:
                self._make_room(now)
            bucket = self._buckets[key] = TokenBucket(burst, rate, now)
        return bucket

    def _make_room(self, now: float) -> None:
        burst, _, most = self._rule
        in_use = {key: bucket for key, bucket in self._buckets.items() if bucket.level(now) < burst}
        for key in list(in_use)[: max(0, len(in_use) - most * 3 // 4)]:
            del in_use[key]
        self._buckets = in_use
