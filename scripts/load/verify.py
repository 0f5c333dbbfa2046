"""Proves that every message arrived once, whole and in order, fast enough not to slow the server under test down."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

Delivery = tuple[int, int, int, int]
"""The conversation's seq, the sender, the sender's own number of the message, the intended time of sending in µs."""

Scan = Callable[[bytes], tuple[Delivery, ...] | None]

_SEQ = re.compile(rb'"seq": ?([0-9]+)')
_CHUNKS_REMEMBERED = 512
_NONE: set[int] = set()
"""Stands for no holes in all sequences, of which there may be a million; never changed."""


class Sequence:
    """Checks that the numbers 1, 2, 3, … come each once and in order."""

    __slots__ = ("disordered", "doubled", "holes", "next")

    def __init__(self) -> None:
        self.next = 1
        self.holes = _NONE
        self.doubled = 0
        self.disordered = 0

    def see(self, number: int) -> None:
        """Takes the number that came next. One that comes after a greater one is disordered, not lost."""
        if number == self.next:
            self.next = number + 1
        elif number > self.next:
            if self.holes is _NONE:
                self.holes = set()
            self.holes.update(range(self.next, number))
            self.next = number + 1
        elif number in self.holes:
            self.holes.discard(number)
            self.disordered += 1
        else:
            self.doubled += 1

    @property
    def seen(self) -> int:
        """How many different numbers have come."""
        return self.next - 1 - len(self.holes)


def scanner(padding: str) -> Scan:
    """Returns a function that finds the deliveries in whole lines, or None if there is anything else in them.

    The members of a channel mostly receive the same bytes, so what was found in a chunk is remembered.
    """
    content = re.compile(rb'"~([0-9a-f]+)\.([0-9a-f]+)\.([0-9a-f]+)~%s"' % padding.encode())

    @lru_cache(maxsize=_CHUNKS_REMEMBERED)
    def scan(lines: bytes) -> tuple[Delivery, ...] | None:
        tokens = content.findall(lines)
        seqs = _SEQ.findall(lines)
        if not len(tokens) == len(seqs) == lines.count(b"\n"):
            return None
        return tuple(
            (int(q), int(s, 16), int(n, 16), int(t, 16)) for q, (s, n, t) in zip(seqs, tokens, strict=True)
        )

    return scan
