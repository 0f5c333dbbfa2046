"""Pages: which of the messages that are found one answer holds."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from evchat.protocol.messages import Message
from evchat.protocol.names import user_key
from evchat.protocol.text import count_breaks

_LINE = 110
"""Bytes around a line of text beside the names in it, in the dialect that needs most: IRC, with its tags."""
_LONGEST_LINE = 350
"""Bytes of text that fit in one line of IRC behind the longest names."""
_REPEATED_TAGS = 1024
"""Bytes of a client's tags that are told with every line: longer ones only with the first."""
_ESCAPED = 5
"""Bytes that a brace costs more in JSON for plain clients, which count braces."""


def first(found: Iterable[Message], limit: int, max_bytes: int) -> list[Message]:
    """The first of `found`: at most `limit`, and as long as they weigh at most `max_bytes`, but at least one."""
    taken: list[Message] = []
    room = max_bytes
    for said in islice(found, max(limit, 0)):
        room -= weight(said)
        if room < 0 and taken:
            break
        taken.append(said)
    return taken


def weight(said: Message) -> int:
    """Bytes that it takes to tell a message beyond what a short one takes: its text, tags, and every further line.

    A line break of any kind makes a line with a sender of its own, and so does what a line of IRC has no room for.
    """
    text = said.text
    size = len(text) if text.isascii() else _bytes(text)
    lines = size // _LONGEST_LINE + count_breaks(text) + len(said.joins)
    size += _ESCAPED * (text.count("{") + text.count("}"))
    tags = sum(_bytes(name) + _bytes(value) + 2 for name, value in said.tags)
    size += tags
    if lines:
        who = said.who
        names = sum(map(_bytes, (said.sender, said.to, who.username, who.host, who.account)))
        size += lines * (_LINE + names + min(tags, _REPEATED_TAGS))
    return size


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def is_visible(message: Message, viewer: str) -> bool:
    """Whether `viewer` may see a message of a conversation that is the viewer's: a hidden one only its sender."""
    return not message.hidden or user_key(message.sender) == viewer
