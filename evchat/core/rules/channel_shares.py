"""Whose the channels are, and how much of what all share each may take: channels, and entries on their lists.

A channel and its lists count for the account that owns it, or else for the address from which it was made. While there
is plenty, each may have as many as a person or a class needs; when three quarters are taken, each has a small share,
so that nobody fills a table for everybody.
"""

from __future__ import annotations

from evchat.core.context import Context
from evchat.core.errors import Refused
from evchat.core.state import Channel, User
from evchat.protocol.modes import ListEntry


def payer(channel: Channel) -> str:
    """Whom a channel counts for: an account's key, or "@" and an address; empty for nobody."""
    return channel.founder or channel.origin


def origin(user: User) -> str:
    """Whom a channel counts for that a user makes, as long as no account owns it."""
    session = user.sessions[0] if user.sessions else None
    return "" if session is None or session.shared else f"@{session.address}"


def check_channels(context: Context, user: User, made: int) -> None:
    """Raises Refused (too-many-channels) if a user can't make so many more channels."""
    state, limits = context.state, context.limits
    if not made:
        return
    most = limits.max_channels
    if state.inhabited + made > most:
        raise Refused("too-many-channels", f"The server has reached its limit of {most} channels.")
    whose = origin(user)
    mine = limits.max_site_channels if len(state.channels) < most * 3 // 4 else limits.channel_share
    if whose and state.made.get(whose, 0) + made > mine:
        text = f"Your address is already using {mine} channels. Join one of them, or leave one first."
        raise Refused("too-many-channels", text)


def may_own(context: Context, account: str) -> bool:
    """Whether an account may own another channel: as many as a person needs, and no more than there may be."""
    state, limits = context.state, context.limits
    most = limits.max_channels
    mine = (
        limits.max_owned
        if len(state.channels) < most * 3 // 4
        else min(limits.max_owned, limits.channel_share)
    )
    return bool(account) and state.owned.get(account, 0) < mine and len(state.channels) <= most


def count_channel(context: Context, channel: Channel, change: int) -> None:
    """Counts a channel more or less, and the entries on its lists."""
    table = context.state.owned if channel.founder else context.state.made
    _count(table, payer(channel), change)
    _count_entries(context, channel, change * sum(map(len, channel.lists.values())))


def give(context: Context, channel: Channel, account: str) -> None:
    """Gives a channel to an account, or takes it from the one it has ("")."""
    count_channel(context, channel, -1)
    channel.founder = account
    count_channel(context, channel, 1)


def check_entry(context: Context, channel: Channel, mask: str) -> None:
    """Raises Refused (list-full) if a channel's lists can't have one more entry, `mask`."""
    state, limits = context.state, context.limits
    most = limits.max_list_entries
    if sum(map(len, channel.lists.values())) >= most:
        raise Refused(
            "list-full", f"The lists of {channel.name} are full ({most} entries). Remove one first.", mask
        )
    mine = limits.max_owned_entries
    if state.listed_in_all >= limits.max_entries * 3 // 4:
        mine = limits.entry_share
    if state.listed.get(payer(channel), 0) >= mine:
        whose = f"{channel.founder}'s channels" if channel.founder else "the channels of your address"
        text = f"The lists of {whose} are full ({mine} entries together). Remove one first."
        raise Refused("list-full", text, mask)


def put_entry(
    context: Context, channel: Channel, letter: str, key: str, entry: ListEntry, end: int | None = None
) -> None:
    """Puts an entry on a list of a channel; it ends at the time `end` of the monotonic clock, if at all."""
    context.state.entry_ends.pop((channel.key, letter, key), None)
    if end is not None:
        context.state.entry_ends[channel.key, letter, key] = end
    entries = channel.lists.setdefault(letter, {})
    if key not in entries:
        _count_entries(context, channel, 1)
    entries[key] = entry


def drop_entry(context: Context, channel: Channel, letter: str, key: str) -> None:
    """Takes an entry from a list of a channel, if it is there."""
    context.state.entry_ends.pop((channel.key, letter, key), None)
    if channel.lists.get(letter, {}).pop(key, None) is not None:
        _count_entries(context, channel, -1)


def forget_ends(context: Context, channel: Channel) -> None:
    """A channel ends, and with it all that was to end in it."""
    for letter, entries in channel.lists.items():
        for key in entries:
            context.state.entry_ends.pop((channel.key, letter, key), None)


def _count_entries(context: Context, channel: Channel, change: int) -> None:
    if context.state.channels.get(channel.key) is channel:  # of one that is gone, nothing counts any more
        _count(context.state.listed, payer(channel), change)
        context.state.listed_in_all += change


def _count(table: dict[str, int], key: str, change: int) -> None:
    if key:
        count = table.pop(key, 0) + change
        if count > 0:
            table[key] = count
