"""Channels that the settings define, at the start and when the settings change."""

from __future__ import annotations

from collections.abc import Iterable

from evchat.core.context import Context
from evchat.core.effects import Effect, Log
from evchat.core.registry import Handlers
from evchat.core.rules import defined_channels
from evchat.core.store import StoreError

handlers = Handlers()


@handlers.on_start
def define(context: Context, now: int) -> Iterable[Effect]:
    """Makes what the settings define. Raises StoreError."""
    return list(defined_channels.apply(context, now))


@handlers.on_limits_changed
def define_again(context: Context, now: int) -> Iterable[Effect]:
    """Makes what the settings define now, as far as the store can be read."""
    try:
        return define(context, now)
    except StoreError as problem:
        return [Log("channels not defined", (("reason", str(problem)),))]
