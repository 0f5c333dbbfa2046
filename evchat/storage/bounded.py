"""A dict that forgets what was kept longest ago."""

from __future__ import annotations

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Bounded(dict[K, V]):
    """A dict of the `most` things that were kept last, oldest first."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: K, thing: V) -> None:
        """Keeps a thing, now as the last one."""
        self.pop(key, None)
        self[key] = thing
        if len(self) > self._most:
            del self[next(iter(self))]
