"""What a load test counts: numbers that add up over processes, and a histogram of latencies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

_SAMPLES = 5
_PRECISION = 8
_FRESH = 20_000


class Histogram:
    """Durations in microseconds, in buckets at most 1/128 wide, so that memory does not grow with their number."""

    def __init__(self) -> None:
        self.buckets: Counter[int] = Counter()
        self.greatest = 0
        self._fresh: list[int] = []

    def add(self, micros: Iterable[int]) -> None:
        """Counts durations; one below 0 (clocks of two cores) as 0."""
        self._fresh += micros
        if len(self._fresh) > _FRESH:
            self.fold()

    def fold(self) -> None:
        """Puts what was added into buckets: many at once, which is several times faster than one by one."""
        for micros, count in Counter(self._fresh).items():
            shift = max(0, micros.bit_length() - _PRECISION)
            self.buckets[max(0, micros) >> shift << shift] += count
        self.greatest = max(self.greatest, max(self._fresh, default=0))
        self._fresh.clear()

    def merge(self, other: Histogram) -> None:
        """Adds the other's durations."""
        other.fold()
        self.buckets.update(other.buckets)
        self.greatest = max(self.greatest, other.greatest)

    def percentile(self, percent: float) -> float:
        """The duration in milliseconds that `percent` % do not exceed, to within a bucket; 0 if there are none."""
        self.fold()
        wanted = self.buckets.total() * percent / 100
        passed = 0
        for micros in sorted(self.buckets):
            passed += self.buckets[micros]
            if passed >= wanted:
                width = 1 << max(0, micros.bit_length() - _PRECISION)
                return min(micros + width - 1, self.greatest) / 1000
        return 0.0


@dataclass(slots=True)
class Tally:
    """The counts of one process, or of all together.

    `messages` and `deliveries` were answered and arrived while it was measured; `heard` are all deliveries.
    `mangled` have another content than was sent, `strayed` came to somebody they were not for. `seq_holes` are numbers
    of a conversation that a client never saw.
    """

    joined: int = 0
    failed: int = 0
    dropped: int = 0
    sent: int = 0
    accepted: int = 0
    refused: int = 0
    unanswered: int = 0
    messages: int = 0
    deliveries: int = 0
    heard: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    mangled: int = 0
    strayed: int = 0
    seq_holes: int = 0
    errors: list[str] = field(default_factory=list)

    def error(self, text: str) -> None:
        """Keeps the first few different error texts."""
        if len(self.errors) < _SAMPLES and text not in self.errors:
            self.errors.append(text)

    def merge(self, other: Tally) -> None:
        """Adds the other's counts and errors."""
        for each in fields(self):
            if each.name != "errors":
                setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        for text in other.errors:
            self.error(text)

    @property
    def wrong(self) -> dict[str, int]:
        """Everything that must be 0 in a good run, by what it is called in the report."""
        return {
            "lost": self.lost,
            "doubled": self.doubled,
            "out of order": self.disordered,
            "mangled": self.mangled,
            "strayed": self.strayed,
            "holes in seq": self.seq_holes,
            "refused": self.refused,
            "unanswered": self.unanswered,
            "connections failed": self.failed,
            "connections dropped": self.dropped,
        }
