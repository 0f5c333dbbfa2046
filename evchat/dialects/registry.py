"""The dialects there are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from evchat.dialects.base import Dialect
from evchat.dialects.irc.dialect import IrcDialect
from evchat.dialects.irc.settings import Settings
from evchat.dialects.json.dialect import JsonDialect
from evchat.dialects.text.dialect import TextDialect


def dialects(irc: Settings) -> dict[str, Callable[[], Dialect]]:
    """What makes a new client's dialect, by its name."""
    return {"json": JsonDialect, "irc": partial(IrcDialect, irc), "text": TextDialect}
