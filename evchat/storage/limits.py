"""How much of what is found is answered."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from evchat.protocol.events import Said


def first(found: Iterable[Said], limit: int, max_bytes: int) -> list[Said]:
    """The first of `found`: at most `limit`, and as long as their text is at most `max_bytes`, but at least one."""
    taken: list[Said] = []
    room = max_bytes
    for said in islice(found, max(limit, 0)):
        text = said.text
        room -= len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        if room < 0 and taken:
            break
        taken.append(said)
    return taken
