"""Channels that stay: a registered user's, and #main. What is kept of them, and how it comes back."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from evchat.core import records as rec
from evchat.core.effects import Save
from evchat.core.state import Channel
from evchat.protocol import names, patterns
from evchat.protocol.modes import ListEntry

if TYPE_CHECKING:
    from evchat.core.dispatch import Chat


def record(channel: Channel) -> rec.ChannelRecord:
    """What is kept of a channel."""
    lists = {
        letter: [[entry.mask, entry.by, entry.at] for entry in entries.values()]
        for letter, entries in sorted(channel.lists.items())
        if entries
    }
    facts = {
        "flags": "".join(sorted(channel.flags)),
        "key": channel.join_key,
        "limit": channel.limit,
        "lists": lists,
    }
    modes = json.dumps(facts, separators=(",", ":"))
    return rec.ChannelRecord(channel.key, channel.name, channel.founder, channel.created, modes)


def bring_back(chat: Chat) -> None:
    """Brings back the channels of which something is kept, and #main. Raises StoreError."""
    most = chat.rules.max_channels
    chat.channels[names.MAIN] = Channel(names.MAIN, names.MAIN)
    for kept in chat.fetch(rec.AllChannels())[:most]:
        channel = chat.channels[kept.channel] = Channel(kept.name, kept.channel)
        channel.founder, channel.created = kept.founder, kept.created
        own(chat, kept.founder, 1)
        facts = json.loads(kept.modes)
        channel.flags = set(facts["flags"])
        channel.join_key, channel.limit = facts["key"], facts["limit"]
        channel.lists = {
            letter: {patterns.key(mask): ListEntry(mask, by, at) for mask, by, at in entries}
            for letter, entries in facts["lists"].items()
        }
    for topic in chat.fetch(rec.AllTopics())[:most]:
        channel = chat.channels.setdefault(topic.channel, Channel(topic.name, topic.channel))
        channel.topic, channel.topic_by, channel.topic_at = topic.text, topic.by, topic.at


def own(chat: Chat, account: str, change: int) -> None:
    """Counts a channel more or less that an account owns."""
    if account:
        count = chat.owned.pop(account, 0) + change
        if count > 0:
            chat.owned[account] = count


def claim(chat: Chat, channel: Channel, account: str) -> Save:
    """Gives a channel to the account of the one who has just come into it first."""
    channel.founder = account
    own(chat, account, 1)
    return Save(record(channel), partial(_unclaim, chat, channel), vital=False)


def _unclaim(chat: Chat, channel: Channel) -> None:
    """Undoes it. Who founded it still keeps order there; if nobody is left in it, it goes."""
    own(chat, channel.founder, -1)
    channel.founder = ""
    clear(chat, channel)


def may_own(chat: Chat, account: str) -> bool:
    """Whether an account may own another channel: as many as a person needs, and no more than there may be."""
    return (
        bool(account)
        and chat.owned.get(account, 0) < chat.rules.max_owned
        and len(chat.channels) <= chat.rules.max_channels
    )


def clear(chat: Chat, channel: Channel) -> None:
    """Sees to a channel that may be empty: one that does not stay loses its modes, and goes if it has no topic."""
    if channel.members or channel.stays:
        return
    channel.forget_modes()
    if chat.channels.get(channel.key) is channel and (
        not channel.topic or len(chat.channels) > chat.rules.max_channels
    ):
        del chat.channels[channel.key]
