"""The watch lists: which sessions watch which names."""

from __future__ import annotations


class Watchlist:
    """Which sessions watch which names, by their keys; looking up who watches a name takes one step."""

    def __init__(self) -> None:
        self._by_key: dict[str, dict[int, None]] = {}

    def add(self, key: str, sid: int) -> None:
        """A session watches a name."""
        self._by_key.setdefault(key, {})[sid] = None

    def discard(self, key: str, sid: int) -> None:
        """It does so no longer."""
        sids = self._by_key.get(key, {})
        sids.pop(sid, None)
        if not sids:
            self._by_key.pop(key, None)

    def of(self, key: str) -> tuple[int, ...]:
        """The sessions that watch a name."""
        return tuple(self._by_key.get(key, ()))

    def __len__(self) -> int:
        return sum(map(len, self._by_key.values()))
