"""The table of dialects."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from evchat.dialects.base import Dialect
from evchat.dialects.irc.dialect import IrcDialect
from evchat.dialects.json.dialect import JsonDialect
from evchat.dialects.text.dialect import TextDialect
from evchat.dialects.unframed.chatapp import ChatappDialect
from evchat.dialects.unframed.letschat import LetschatDialect
from evchat.dialects.unframed.room import RoomDialect
from evchat.dialects.unframed.wholast import WholastDialect
from evchat.settings.model import Config


def dialects(config: Config, version: str, started: int) -> dict[str, Callable[[], Dialect]]:
    """The makers of a new client's dialect, by its name.

    `version` is the server's, which runs since `started` (milliseconds since the epoch).
    """
    return {
        "json": partial(JsonDialect, config.limits),
        "irc": partial(IrcDialect, config, f"evchat-{version}", started),
        "text": partial(TextDialect, config.limits),
        "room": partial(RoomDialect, config.limits),
        "chatapp": partial(ChatappDialect, config.limits),
        "letschat": partial(LetschatDialect, config.limits),
        "wholast": partial(WholastDialect, config.limits),
    }
