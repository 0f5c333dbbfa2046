"""Guessing passwords: how often it may be tried."""

from __future__ import annotations

from evchat.core.errors import Refused
from evchat.core.policy import Rules
from evchat.settings.model import DEFAULTS


class GuessLimits:
    """Counts wrong passwords per address and name; after too many of them the pair is blocked for a while."""

    def __init__(self, most: int = DEFAULTS.max_guessers) -> None:
        """Remembers `most` pairs; beyond it the oldest are forgotten, so that guessing can't fill the memory."""
        self._most = most
        self._wrong: dict[tuple[str, str], tuple[int, int]] = {}

    def check(self, address: str, key: str, rules: Rules, now: int) -> None:
        """Raises Refused if this address may not try this name at the moment."""
        count, last = self._wrong.get((address, key), (0, 0))
        if now - last >= rules.password_block:
            self._wrong.pop((address, key), None)
        elif count >= rules.password_tries:
            seconds = -(-(rules.password_block - (now - last)) // 1000)
            raise Refused("too-many-tries", f"Too many wrong passwords for {key}. Try again in {seconds} s.")

    def add(self, address: str, key: str, now: int) -> None:
        """Another wrong password."""
        count, _ = self._wrong.pop((address, key), (0, 0))
        self._wrong[address, key] = (count + 1, now)
        while len(self._wrong) > self._most:
            del self._wrong[next(iter(self._wrong))]

    def clear(self, address: str, key: str) -> None:
        """The right password was given."""
        self._wrong.pop((address, key), None)
