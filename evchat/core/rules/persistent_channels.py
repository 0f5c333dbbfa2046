"""Channels that stay when the last member leaves: registered users' and #main."""

from __future__ import annotations

import json
from functools import partial

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Save
from evchat.core.rules import channel_shares
from evchat.core.state import Channel
from evchat.protocol import names, patterns
from evchat.protocol.modes import ListEntry
from evchat.protocol.pins import PinEntry


def record(channel: Channel) -> rec.ChannelRecord:
    """The record of a channel."""
    lists = {
        letter: [[entry.mask, entry.by, entry.at] for entry in entries.values()]
        for letter, entries in sorted(channel.lists.items())
        if entries
    }
    facts = {
        "begins": channel.begins,
        "flags": "".join(sorted(channel.flags)),
        "key": channel.join_key,
        "limit": channel.limit,
        "lists": lists,
        "metadata": channel.metadata,
        "pins": [[pin.seq, pin.by, pin.at] for pin in channel.pins.values()],
    }
    modes = json.dumps(facts, separators=(",", ":"))
    return rec.ChannelRecord(channel.key, channel.name, channel.founder, channel.created, modes)


def bring_back(context: Context) -> None:
    """Restores the stored channels, and #main. Raises StoreError."""
    most = context.limits.max_channels
    context.state.channels[names.MAIN] = Channel(names.MAIN, names.MAIN)
    for kept in context.fetch(rec.AllChannels())[:most]:
        channel = context.state.channels[kept.channel] = Channel(kept.name, kept.channel)
        channel.founder, channel.created = kept.founder, kept.created
        facts = json.loads(kept.modes)
        channel.begins = facts.get("begins", 1)
        channel.flags = set(facts["flags"])
        channel.join_key, channel.limit = facts["key"], facts["limit"]
        channel.lists = {
            letter: {patterns.key(mask): ListEntry(mask, by, at) for mask, by, at in entries}
            for letter, entries in facts["lists"].items()
        }
        channel.metadata = facts.get("metadata", {})
        channel_shares.count_channel(context, channel, 1)
        channel.pins = {seq: PinEntry(seq, by, at) for seq, by, at in facts.get("pins", ())}
    for topic in context.fetch(rec.AllTopics()):
        if topic.channel in context.state.channels:
            channel = context.state.channels[topic.channel]
            channel.topic, channel.topic_by, channel.topic_at = topic.text, topic.by, topic.at


def claim(context: Context, channel: Channel, account: str) -> Save:
    """Gives a channel to the account of the one who has just come into it first."""
    channel_shares.give(context, channel, account)
    return Save(record(channel), partial(_unclaim, context, channel), vital=False)


def _unclaim(context: Context, channel: Channel) -> None:
    """Undoes it. Its creator is still an operator there; if nobody is left in it, it ends."""
    channel_shares.give(context, channel, "")
    clear(context, channel)


def clear(context: Context, channel: Channel) -> None:
    """Sees to a channel that may be empty: one that does not stay goes, with all that happened there.

    Whoever comes later begins another one, in which nothing of this one is told: its operators, who kept order and
    perhaps kept strangers out, are gone as well.
    """
    if not channel.members and not channel.stays and context.state.channels.get(channel.key) is channel:
        # An undo may call this for a channel that has gone, and whose name another one has by now.
        channel_shares.count_channel(context, channel, -1)
        del context.state.channels[channel.key]
        context.state.event_log.forget(channel.key)
        context.state.heads.pop(channel.key, None)
        context.state.last_times.pop(channel.key, None)
