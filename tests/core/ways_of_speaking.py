"""Every way of telling a channel or a user something."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evchat.protocol.base import Event, Request
from evchat.protocol.client_tags import SendTagMessage, TagMessage
from evchat.protocol.messages import Message, SendMessage

QUERY = "\x01VERSION\x01"
WAYS: dict[str, Callable[[str], Request]] = {
    "message": lambda to: SendMessage("buy", to),
    "action": lambda to: SendMessage("buys", to, True),
    "notice": lambda to: SendMessage("buy", to, notice=True),
    "lines": lambda to: SendMessage("buy\nthis", to, joins=(3,)),
    "tags": lambda to: SendTagMessage(to, (("+typing", "active"),)),
    "tags that stay": lambda to: SendTagMessage(to, (("+draft/react", "x"),), stay=True),
    "query": lambda to: SendTagMessage(to, (), "", QUERY),
}
"""Every way of telling a channel or a user something."""

ways = pytest.mark.parametrize("say", WAYS.values(), ids=WAYS.keys())


def spoken(events: list[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, Message | TagMessage)]
