"""Limits on guessing passwords."""

from __future__ import annotations

from evchat.core.errors import Refused
from evchat.settings.model import Limits, milliseconds


class GuessLimits:
    """Counts wrong passwords per address and name; after too many of them the pair is blocked for a while."""

    def __init__(self) -> None:
        self._wrong: dict[tuple[str, str], tuple[int, int]] = {}

    def check(self, address: str, key: str, limits: Limits, now: int) -> None:
        """Raises Refused (too-many-tries) if this address may not try this name at the moment."""
        count, last = self._wrong.get((address, key), (0, 0))
        left = milliseconds(limits.password_block) - (now - last)
        if left <= 0:
            self._wrong.pop((address, key), None)
        elif count >= limits.password_tries:
            seconds = -(-left // 1000)
            raise Refused("too-many-tries", f"Too many wrong passwords for {key}. Try again in {seconds} s.")

    def add(self, address: str, key: str, limits: Limits, now: int) -> None:
        """Another wrong password. The oldest are forgotten first, so that guessing can't fill the memory."""
        count, _ = self._wrong.pop((address, key), (0, 0))
        self._wrong[address, key] = (count + 1, now)
        while len(self._wrong) > limits.max_guessers:
            del self._wrong[next(iter(self._wrong))]

    def clear(self, address: str, key: str) -> None:
        """The right password was given."""
        self._wrong.pop((address, key), None)
