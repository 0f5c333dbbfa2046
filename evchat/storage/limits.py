"""How much of what is found is answered."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from evchat.protocol.messages import Message

_LINE = 110
"""Bytes around a line of text, in the dialect that needs most."""


def first(found: Iterable[Message], limit: int, max_bytes: int) -> list[Message]:
    """The first of `found`: at most `limit`, and as long as they weigh at most `max_bytes`, but at least one.

    A message weighs what it takes to tell it: its text, and its sender and time for every line.
    """
    taken: list[Message] = []
    room = max_bytes
    for said in islice(found, max(limit, 0)):
        text = said.text
        room -= len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        room -= _LINE * text.count("\n")
        if room < 0 and taken:
            break
        taken.append(said)
    return taken
