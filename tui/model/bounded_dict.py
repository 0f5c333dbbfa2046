"""A dict that drops its oldest entries, for answers that a server may never give."""

from __future__ import annotations

from evchat.settings.client import MAX_REMEMBERED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class BoundedDict(dict[str, "Any"]):
    """Holds the `MAX_REMEMBERED` things that were put in last under a new key."""

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        if len(self) > MAX_REMEMBERED:
            del self[next(iter(self))]
