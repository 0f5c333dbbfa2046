"""What was put in last: a dict that lets the oldest go, for answers that a server may never give."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST = 1000


class Recent(dict[str, "Any"]):
    """Holds the `MOST` things that were put in last under a new key."""

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        if len(self) > MOST:
            del self[next(iter(self))]
