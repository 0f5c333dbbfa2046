"""Rows of the table `messages`, and the messages in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from evchat.protocol.base import NOBODY, Identity
from evchat.protocol.messages import Message

ACTION, ANNOUNCED, NOTICE, REDACTED = 1, 2, 4, 8
"""Bits of the column `flags`."""

COLUMNS = (
    "m.at, m.seq, m.sender, m.receiver, m.text, m.flags, m.client_id, m.only, m.account, m.extra, m.reply,"
    " m.rev, m.edited"
)
"""What `said` makes a message of; `m` is the table."""


def said(conversation: str, row: Sequence[Any]) -> Message:
    """The message in a row that starts with `COLUMNS`."""
    at, seq, sender, to, text, flags, client_id, only, account, extra, reply, rev, edited = row[:13]
    action, announced = bool(flags & ACTION), bool(flags & ANNOUNCED)
    notice, redacted = bool(flags & NOTICE), bool(flags & REDACTED)
    tags, joins = _beside(extra) if extra else ((), ())
    return Message(
        at, conversation, seq, sender, to, text, action, client_id, announced,
        hidden=bool(only), notice=notice, redacted=redacted, tags=tags, joins=joins, reply=reply,
        rev=rev, edited=edited,
        who=Identity(account=account) if account else NOBODY,
    )  # fmt: skip


def extra(message: Message) -> str:
    """The value of the column `extra` for a message: its tags and joins as JSON, empty for none."""
    if not message.tags and not message.joins:
        return ""
    return json.dumps([message.tags, message.joins], ensure_ascii=False, separators=(",", ":"))


def _beside(text: str) -> tuple[tuple[tuple[str, str], ...], tuple[int, ...]]:
    tags, joins = json.loads(text)
    return tuple((name, value) for name, value in tags), tuple(joins)
