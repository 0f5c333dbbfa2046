"""What was put in last: a dict that lets the oldest go, for answers that a server may never give."""

from __future__ import annotations

from typing import TypeVar

V = TypeVar("V")

MOST = 1000


class Recent(dict[str, V]):
    """Holds the `MOST` things that were put in last under a new key."""

    def __setitem__(self, key: str, value: V) -> None:
        super().__setitem__(key, value)
        if len(self) > MOST:
            del self[next(iter(self))]
