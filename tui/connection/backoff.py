"""How long to wait before the next attempt to connect."""

from __future__ import annotations

from random import random

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Backoff:
    """How long to wait before the next attempt: twice as long each time, 1 s to 60 s, and by chance some less or more,
    so that a server that comes back is not met by everyone at once. `chance` gives numbers from 0 to 1."""

    FIRST, MOST = 1.0, 60.0

    def __init__(self, chance: Callable[[], float] = random) -> None:
        self._chance = chance
        self._base = self.FIRST

    def next(self) -> float:
        """Seconds to wait now."""
        wait = self._base * (0.75 + self._chance() / 2)
        self._base = min(self._base * 2, self.MOST)
        return min(max(wait, self.FIRST), self.MOST)

    def reset(self) -> None:
        """It worked: begins anew."""
        self._base = self.FIRST
