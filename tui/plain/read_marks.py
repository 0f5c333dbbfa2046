"""Read markers for printed messages: sent to the server after a moment, for the user's other devices."""

from __future__ import annotations

import time

from evchat.protocol.names import EVERYONE

_READING = 1.0
"""Seconds after which the server is told what was printed for somebody to read."""


class ReadMarks:
    """The last message printed of each room, as long as it was not told."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}
        self._due_at: float | None = None

    @property
    def due(self) -> float | None:
        """Seconds until `take` should be called; None if there is nothing to be told."""
        return None if self._due_at is None else self._due_at - time.monotonic()

    def saw(self, room: str, seq: int | None) -> None:
        """The message number `seq` of a room was printed."""
        if room and seq is not None and room != EVERYONE:
            self._seen[room] = max(seq, self._seen.get(room, 0))
            if self._due_at is None:
                self._due_at = time.monotonic() + _READING

    def take(self) -> dict[str, int]:
        """The number of the last message of each room that is read now, and not told yet."""
        self._due_at = None
        seen, self._seen = self._seen, {}
        return seen
