"""A message as a plain object, as exports have it."""

from __future__ import annotations

from typing import Any

from evchat.protocol.messages import Message
from evchat.protocol.names import is_pair

Row = dict[str, Any]


def message_row(message: Message) -> Row:
    """A message as an object, whose keys are those of the JSON dialect."""
    row: Row = {
        "kind": "message",
        "conversation": message.conversation,
        "seq": message.seq,
        "at": message.at,
        "sender": message.sender,
        "to": message.to,
        "content": message.text,
    }
    if message.who.account:
        row["account"] = message.who.account
    if message.id is not None:
        row["id"] = message.id
    for name in ("action", "notice", "redacted"):
        if getattr(message, name):
            row[name] = True
    if message.announced:
        row["broadcast"] = True
    if message.hidden and is_pair(message.conversation):
        row["hidden"] = True
    if message.tags:
        row["tags"] = dict(message.tags)
    return row
