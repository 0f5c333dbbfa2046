"""How a message lies in a row of the table `messages`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evchat.protocol.events import Said
from evchat.protocol.names import user_key

ACTION, ANNOUNCED, NOTICE, REDACTED = 1, 2, 4, 8
"""Bits of the column `flags`."""

COLUMNS = "m.at, m.seq, m.sender, m.receiver, m.text, m.flags, m.client_id, m.only"
"""What `said` makes a message of; `m` is the table."""


def said(conversation: str, row: Sequence[Any]) -> Said:
    """The message in a row that starts with `COLUMNS`."""
    at, seq, sender, to, text, flags, client_id, only = row[:8]
    action, announced = bool(flags & ACTION), bool(flags & ANNOUNCED)
    notice, redacted = bool(flags & NOTICE), bool(flags & REDACTED)
    return Said(
        at, conversation, seq, sender, to, text, action, client_id, announced,
        hidden=bool(only), notice=notice, redacted=redacted,
    )  # fmt: skip


def is_pair(conversation: str) -> bool:
    """Whether a conversation's key is the `pair_key` of two users."""
    return " " in conversation


def is_visible(message: Said, viewer: str) -> bool:
    """Whether `viewer` may see a message of a conversation that is the viewer's: a hidden one only its sender."""
    return not message.hidden or user_key(message.sender) == viewer
