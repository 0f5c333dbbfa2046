"""The growing delay between attempts to connect."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _chance() -> float:
    """A number from 0 to 1. The `random` module would take longer to import than all of the connection."""
    return int.from_bytes(os.urandom(4), "big") / 0xFFFF_FFFF


class Backoff:
    """How long to wait before the next attempt: twice as long each time, 1 s to 60 s, and by chance some less or more,
    so that a server that comes back is not met by everyone at once. `chance` gives numbers from 0 to 1."""

    FIRST, MOST = 1.0, 60.0

    def __init__(self, chance: Callable[[], float] = _chance) -> None:
        self._chance = chance
        self._base = self.FIRST

    def next(self) -> float:
        """Seconds to wait now."""
        wait = self._base * (0.75 + self._chance() / 2)
        self._base = min(self._base * 2, self.MOST)
        return min(max(wait, self.FIRST), self.MOST)

    def reset(self) -> None:
        """It worked: starts over."""
        self._base = self.FIRST
