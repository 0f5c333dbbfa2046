"""The names that were given up last, and who had them."""

from __future__ import annotations

from collections import deque

from evchat.protocol.people import FormerName


class NameHistory:
    """The names given up last, oldest first; by their keys too, so that asking looks at no others."""

    def __init__(self) -> None:
        self._keys: deque[str] = deque()
        self._by_key: dict[str, deque[FormerName]] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: str, past: FormerName, most: int) -> None:
        """A name was given up; of all of them `most` are remembered."""
        self._keys.append(key)
        self._by_key.setdefault(key, deque()).append(past)
        while len(self._keys) > most:
            oldest = self._keys.popleft()
            left = self._by_key[oldest]
            left.popleft()
            if not left:
                del self._by_key[oldest]

    def count(self, key: str) -> int:
        """How many of those who had a name are remembered."""
        return len(self._by_key.get(key, ()))

    def of(self, key: str) -> tuple[FormerName, ...]:
        """Who had a name, the latest first."""
        return tuple(reversed(self._by_key.get(key, ())))
