"""Which channels a list is asked for."""

from __future__ import annotations

from collections.abc import Callable

from evchat.core.state import Channel
from evchat.protocol import names
from evchat.protocol.channels import ListChannels
from evchat.protocol.patterns import matcher


def finder(request: ListChannels, now: int) -> Callable[[Channel], bool]:
    """Whether a channel is one that `request` asks for, judged before the list is cut to its limit."""
    keys = frozenset(map(names.channel_key, request.names))
    masks = [matcher(mask) for mask in request.masks]
    but = [matcher(mask) for mask in request.but]
    conditions = request.conditions

    def asked_for(channel: Channel) -> bool:
        if (keys or masks) and channel.key not in keys and not any(means(channel.name) for means in masks):
            return False
        if any(means(channel.name) for means in but):
            return False
        return all(_holds(channel, *condition, now) for condition in conditions)

    return asked_for


def _holds(channel: Channel, what: str, more: bool, number: int, now: int) -> bool:
    if what == "users":
        value = len(channel.members)
    elif what == "topic" and not channel.topic_at:
        return False
    else:
        value = (now - (channel.created if what == "created" else channel.topic_at)) // 60_000
    return value > number if more else value < number
