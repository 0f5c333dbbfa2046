"""Permissions in channels: who may join, speak, set the topic and change modes."""

from __future__ import annotations

import hmac

from evchat.core.context import Context
from evchat.core.errors import Refused, quoted
from evchat.core.rules import masks, membership, operators
from evchat.core.state import Channel, Session, User, logged_in
from evchat.protocol import modes, names


def find(context: Context, session: Session, name: str | None) -> Channel:
    """The channel `name`, of which the session's user may know, or the current one.

    Raises Refused (no-such-channel, no-channel).
    """
    user = logged_in(session)
    if not name:
        return current_channel(session)
    if not names.is_channel(name):
        raise Refused(
            "no-such-channel", f"{quoted(name)} is not a channel: channel names start with #.", name
        )
    channel = context.state.channels.get(names.channel_key(name))
    if channel is None or not membership.visible(channel, user):
        raise Refused("no-such-channel", f"There is no channel {quoted(name)}. /channels lists them.", name)
    return channel


def find_own(context: Context, session: Session, name: str | None) -> Channel:
    """The same, but the user must be in it, or be an operator of the server.

    Raises Refused (no-such-channel, not-in-channel).
    """
    user = logged_in(session)
    channel = find(context, session, name)
    if channel.key not in user.channels and not operators.operates(context, user):
        raise Refused(
            "not-in-channel",
            f"You are not in {channel.name}. /join {channel.name} brings you there.",
            channel.name,
        )
    return channel


def find_moderated(context: Context, session: Session, name: str | None) -> tuple[Channel, bool]:
    """The channel in which the session's user keeps order, and whether only as an operator of the server.

    Raises Refused (no-such-channel, not-in-channel, not-operator).
    """
    channel = find_own(context, session, name)
    return channel, check_moderator(context, logged_in(session), channel)


def check_moderator(context: Context, user: User, channel: Channel) -> bool:
    """Whether somebody keeps order in a channel only as an operator of the server.

    Raises Refused (not-operator) if not at all.
    """
    if membership.is_operator(channel, user):
        return False
    if operators.operates(context, user):
        return True
    raise Refused("not-operator", f"Only operators of {channel.name} may do that.", channel.name)


def on_list(channel: Channel, letter: str, user: User, *, muted: bool = False) -> bool:
    """Whether an entry of a list means a user; with `muted` also one that only takes the word."""
    for entry in channel.lists.get(letter, {}).values():
        mutes = entry.mask.startswith(masks.MUTE)
        if (muted or not mutes) and masks.matches(entry.mask[2:] if mutes else entry.mask, user):
            return True
    return False


def is_banned(channel: Channel, user: User, *, muted: bool = False) -> bool:
    """Whether a user is banned, and no exception is made; with `muted` also who only may not speak."""
    return on_list(channel, modes.BAN, user, muted=muted) and not on_list(
        channel, modes.EXCEPTION, user, muted=True
    )


def check_join(channel: Channel, user: User, join_key: str) -> None:
    """Raises Refused (banned, invite-only, wrong-key, channel-full) if a user may not join an existing channel.

    `join_key` is the key that the user gave.

    Its owner always may, and so may whom one of its operators invited: an invitation is a decision about this one
    user, also against a ban.
    """
    name = channel.name
    if channel in user.invitations or (channel.founder and channel.founder == membership.account(user)):
        return
    if is_banned(channel, user):
        raise Refused("banned", f"You are banned from {name}.", name)
    if modes.INVITE_ONLY in channel.flags and not on_list(channel, modes.INVITATION, user):
        raise Refused("invite-only", f"{name} is invite-only. Ask one of its operators.", name)
    # In constant time, so that a key can't be guessed character by character.
    if channel.join_key and not hmac.compare_digest(
        channel.join_key.encode("utf-8", "replace"), join_key.encode("utf-8", "replace")
    ):
        raise Refused("wrong-key", f"Wrong key for {name}. Use /join {name} KEY.", name)
    if channel.limit and len(channel.members) >= channel.limit:
        raise Refused("channel-full", f"{name} is full: no more than {channel.limit} can be in it.", name)


_LIMITS_SPEECH = frozenset({modes.MODERATED, modes.REGISTERED_ONLY, modes.NO_CTCP})
"""The modes of channels that keep some messages out."""


def where_to_speak(context: Context, session: Session, to: str | None, text: str) -> Channel:
    """The channel that a message or signal goes to, if the session's user may speak there.

    Raises Refused (not-in-channel, no-channel, moderated, no-ctcp).
    """
    user = logged_in(session)
    # First where nearly everything goes: to a channel that the user is in. A user's name is no channel's key.
    channel = user.channels.get(names.channel_key(to)) if to else None
    if channel is None:
        channel = _outside(context, session, to)
    # Most channels have no lists and none of these modes: then there is nothing to look up.
    if channel.lists or not _LIMITS_SPEECH.isdisjoint(channel.flags):
        check_voice(channel, user)
        if modes.NO_CTCP in channel.flags and modes.is_query(text):
            told = f"{channel.name} does not allow client-to-client queries."
            raise Refused("no-ctcp", told, channel.name)
    return channel


def _outside(context: Context, session: Session, name: str | None) -> Channel:
    """The channel `name` if it hears also who is not in it, or else the current one.

    Raises Refused (no-such-channel, not-in-channel, no-channel).
    """
    if name and names.is_channel(name):
        channel = context.state.channels.get(names.channel_key(name))
        if channel is not None and modes.MEMBERS_ONLY not in channel.flags:
            return channel
    return own_channel(session, name)


def check_voice(channel: Channel, user: User) -> None:
    """Raises Refused (moderated) if a user may not speak in a channel."""
    if membership.has_voice(channel, user):
        return
    # What an op-moderated channel would refuse, its operators hear; but not from anyone whom they have muted.
    heard = modes.OP_MODERATED in channel.flags
    if modes.MODERATED in channel.flags and not heard:
        name = channel.name
        raise Refused("moderated", f"Only operators and voiced users may speak in {name}.", name)
    check_mute(channel, user)
    if not heard:
        check_account(channel, user)


def check_account(channel: Channel, user: User) -> None:
    """Raises Refused (moderated) where guests without a voice may not speak, and a user is one."""
    if (
        modes.REGISTERED_ONLY in channel.flags
        and not membership.account(user)
        and not membership.has_voice(channel, user)
    ):
        name = channel.name
        raise Refused("moderated", f"Only registered and voiced users may speak in {name}.", name)


def check_mute(channel: Channel, user: User) -> None:
    """Raises Refused (moderated) if the word was taken from a user, who has no voice to make up for it."""
    if channel.lists and not membership.has_voice(channel, user) and is_banned(channel, user, muted=True):
        name = channel.name
        raise Refused("moderated", f"You may not speak in {name}: you are banned or muted there.", name)


def check_topic(context: Context, user: User, channel: Channel) -> bool:
    """Whether somebody may set the topic only as an operator of the server.

    Raises Refused (moderated, not-operator) if not at all.
    """
    unheard = modes.OP_MODERATED in channel.flags and not membership.has_voice(channel, user)
    if channel.key in user.channels and modes.TOPIC_LOCKED not in channel.flags and not unheard:
        check_mute(channel, user)
        check_account(channel, user)
        return False
    return check_moderator(context, user, channel)


def own_channel(session: Session, name: str | None) -> Channel:
    """The channel `name` that the session's user is in, or the current one.

    Raises Refused (no-such-channel, not-in-channel, no-channel).
    """
    user = logged_in(session)
    if not name:
        return current_channel(session)
    if not names.is_channel(name):
        text = f"{quoted(name)} is not a channel: channel names start with #."
        raise Refused("no-such-channel", text, name)
    channel = user.channels.get(names.channel_key(name))
    if channel is None:
        wanted = quoted(name)
        raise Refused("not-in-channel", f"You are not in {wanted}. /join {wanted} brings you there.", name)
    return channel


def current_channel(session: Session) -> Channel:
    """Where the session's plain lines go: the channel made current, else #main, else any.

    Raises Refused (no-channel).
    """
    channels = logged_in(session).channels
    for key in (session.current, names.MAIN):
        if key in channels:
            return channels[key]
    for channel in channels.values():
        return channel
    raise Refused("no-channel", "You are in no channel. /join #main brings you back.")
