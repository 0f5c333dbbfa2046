"""Channels that stay when the last member leaves: registered users' and #main."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
        letter: [_row(entry) for entry in entries.values()]
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
    if channel.keep:
        facts["keep"] = channel.keep
    modes = json.dumps(facts, separators=(",", ":"))
    return rec.ChannelRecord(channel.key, channel.name, channel.founder, channel.created, modes)


def _row(entry: ListEntry) -> list[object]:
    """An entry as JSON; older versions of evchat read and wrote the first three alone, which is what most are."""
    row: list[object] = [entry.mask, entry.by, entry.at, entry.until, entry.whom]
    return row if entry.until or entry.whom else row[:3]


def bring_back(context: Context, now: int) -> Iterator[Save]:
    """Restores the stored channels, and #main, at a time (milliseconds). Raises StoreError.

    Yields records of those that the settings defined once, and do not define any more.
    """
    most = context.limits.max_channels
    context.state.channels[names.MAIN] = Channel(names.MAIN, names.MAIN)
    defined = {names.channel_key(settings.name) for settings in context.config.channels}
    for kept in context.fetch(rec.AllChannels())[:most]:
        facts = json.loads(kept.modes)
        if not kept.founder and kept.channel != names.MAIN and facts.get("begins", 1):
            if kept.channel not in defined:
                yield from end(kept.channel, kept.name, now)
                continue
        elif not facts.get("begins", 1):
            continue
        channel = context.state.channels[kept.channel] = Channel(kept.name, kept.channel)
        channel.founder, channel.created = kept.founder, kept.created
        channel_shares.count_channel(context, channel, 1)
        channel.begins = facts.get("begins", 1)
        channel.flags = set(facts["flags"])
        channel.join_key, channel.limit = facts["key"], facts["limit"]
        for letter, entries in facts["lists"].items():
            for row in entries:
                _put_back(context, channel, letter, ListEntry(*row), now)
        channel.keep = facts.get("keep", 0)
        channel.metadata = facts.get("metadata", {})
        channel.pins = {seq: PinEntry(seq, by, at) for seq, by, at in facts.get("pins", ())}
    for topic in context.fetch(rec.AllTopics()):
        if topic.channel in context.state.channels:
            channel = context.state.channels[topic.channel]
            channel.topic, channel.topic_by, channel.topic_at = topic.text, topic.by, topic.at


def _put_back(context: Context, channel: Channel, letter: str, entry: ListEntry, now: int) -> None:
    """Puts an entry back on a list. Time has passed, by a clock that may have been set."""
    end = context.monotonic() + min(entry.until - now, entry.until - entry.at) if entry.until else None
    channel_shares.put_entry(context, channel, letter, patterns.key(entry.mask), entry, end)


def end(key: str, name: str, now: int) -> Iterator[Save]:
    """Keeps that a channel which the settings defined has ended: a later one of the name is not this one."""
    yield Save(rec.ChannelRecord(key, name, "", 0, '{"begins":0}'), vital=False)
    yield Save(rec.TopicRecord(key, name, "", "", now), vital=False)


def make(context: Context, name: str, key: str) -> Channel:
    """Makes a channel in which nobody is."""
    channel = context.state.channels[key] = Channel(name, key)
    channel_shares.count_channel(context, channel, 1)
    return channel


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
        channel_shares.forget_ends(context, channel)
        del context.state.channels[channel.key]
        context.state.event_log.forget(channel.key)
        context.state.heads.pop(channel.key, None)
        context.state.revs.pop(channel.key, None)
        context.state.last_times.pop(channel.key, None)
