"""Permissions in channels: who may join, speak, set the topic and change modes."""

from __future__ import annotations

import hmac

from evchat.core.audience import Audience, pick
from evchat.core.context import Context
from evchat.core.errors import Refused, quoted
from evchat.core.rules import masks, membership, operators
from evchat.core.state import Channel, Session, User, latest, logged_in
from evchat.protocol import modes, names


def find(context: Context, session: Session, name: str | None) -> Channel:
    """The channel `name`, if visible to the session's user, or the current one.

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
            f"You are not in {channel.name}. Join it with /join {channel.name}.",
            channel.name,
        )
    return channel


def find_moderated(context: Context, session: Session, name: str | None) -> tuple[Channel, bool]:
    """The channel that the session's user may moderate, and whether only as a server operator.

    Raises Refused (no-such-channel, not-in-channel, not-operator).
    """
    channel = find_own(context, session, name)
    return channel, check_moderator(context, logged_in(session), channel)


def check_moderator(context: Context, user: User, channel: Channel) -> bool:
    """Whether the user may moderate a channel only as a server operator.

    Raises Refused (not-operator) if not at all.
    """
    if membership.is_operator(channel, user):
        return False
    if operators.operates(context, user):
        return True
    raise Refused("not-operator", f"Only operators of {channel.name} can do that.", channel.name)


def on_list(channel: Channel, letter: str, user: User, *, muted: bool = False) -> bool:
    """Whether an entry of a list means a user; with `muted` also one that only takes the word."""
    for entry in channel.lists.get(letter, {}).values():
        mutes = entry.mask.startswith(masks.MUTE)
        # A banned user stays banned under another name; an exception applies to the current name only.
        former = letter == modes.BAN
        if (muted or not mutes) and masks.matches(
            entry.mask[2:] if mutes else entry.mask, user, former=former
        ):
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
    if channel in user.invitations or membership.is_appointed(channel, user):
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
        raise Refused("channel-full", f"{name} is full: its limit is {channel.limit} users.", name)


_LIMITS_SPEECH = frozenset({modes.MODERATED, modes.REGISTERED_ONLY, modes.NO_CTCP})
"""The modes of channels that keep some messages out."""


def where_to_speak(context: Context, session: Session, user: User, to: str | None, text: str) -> Channel:
    """The channel that a message or signal goes to, if `user`, the session's, may speak there.

    Raises Refused (not-in-channel, no-channel, moderated, no-ctcp).
    """
    # The most common case first: a channel that the user is in. A user's name is never a channel's key.
    channel = user.channels.get(names.channel_key(to)) if to else None
    if channel is None:
        channel = _outside(context, session, to)
    return may_speak(user, channel, text)


def may_speak(user: User, channel: Channel, text: str) -> Channel:
    """The channel, if the user may say something there. Raises Refused (moderated, no-ctcp)."""
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


_SILENCES = frozenset({modes.MODERATED, modes.OP_MODERATED, modes.REGISTERED_ONLY})
"""The modes of channels that keep members from speaking to the others."""


def is_silenced(channel: Channel, user: User) -> bool:
    """Whether a user may not speak in a channel, and so may tell its members nothing in their own words."""
    if (not channel.lists and _SILENCES.isdisjoint(channel.flags)) or membership.has_voice(channel, user):
        return False
    return (
        modes.MODERATED in channel.flags
        or modes.OP_MODERATED in channel.flags
        or (modes.REGISTERED_ONLY in channel.flags and not membership.account(user))
        or is_banned(channel, user, muted=True)
    )


def is_silenced_anywhere(user: User) -> bool:
    """Whether there is a channel of a user's in which the user may not speak."""
    return any(is_silenced(channel, user) for channel in user.channels.values())


def listeners_of(context: Context, user: User) -> Audience:
    """Those who hear what becomes of a user, in the user's own words: not where the user may not speak."""
    if not is_silenced_anywhere(user):
        return context.peers_of(user)
    sids = dict.fromkeys(user.sids)
    for channel in user.channels.values():
        if not context.is_quiet(channel) and not is_silenced(channel, user):
            sids.update(dict.fromkeys(channel.witnesses(user).sids))
    return pick(sids)


def check_broadcast(context: Context, user: User) -> None:
    """Raises Refused (moderated) if a user may not speak in #main, or in a channel of the user's.

    A broadcast is heard by the members of every channel, so that it would go round what keeps order there. Operators of
    the server may always speak to all. Where the settings let only a few make announcements, nobody else has done
    anything wrong; with one that everyone joins, nobody could broadcast.
    """
    if operators.operates(context, user):
        return
    announcing = {names.channel_key(each.name) for each in context.config.channels if each.announce}
    announcing.discard(names.MAIN)  # where that is, nobody else is to be heard by all
    for channel in (context.state.channels[names.MAIN], *user.channels.values()):
        if channel.key in announcing and not is_banned(channel, user, muted=True):
            continue
        if is_silenced(channel, user):
            text = f"You can't broadcast, because you may not speak in {channel.name}."
            raise Refused("moderated", text, channel.name)


def leave_silenced(context: Context, channel: Channel, user: User) -> None:
    """Remembers a channel that a user leaves who may not speak there, so that no broadcast goes round that."""
    user.left_silenced = latest(user.left_silenced, channel, context.limits.max_invitations)


def keep_silenced(context: Context, address: str, user: User) -> None:
    """A user logs out at an address: whoever logs in there next evades no ban by that."""
    for channel in user.channels.values():
        if is_silenced(channel, user):
            leave_silenced(context, channel, user)
    if not user.left_silenced:
        return
    kept = context.state.left_silenced
    # By their keys, because a channel that has ended is not to stay in memory for this.
    keys = kept.pop(address, {}) | {channel.key: None for channel in user.left_silenced}
    for key in list(keys)[: -context.limits.max_invitations]:
        del keys[key]
    kept[address] = keys
    if len(kept) > context.limits.max_known_sites:
        del kept[next(iter(kept))]


def bring_silenced_back(context: Context, address: str, user: User) -> None:
    """A new user logs in at an address: the bans that were evaded from there are checked for this user, too."""
    channels = context.state.channels
    kept = context.state.left_silenced.get(address, ())
    user.left_silenced = (*user.left_silenced, *(channels[key] for key in kept if key in channels))


def deaf_to(user: User) -> set[int]:
    """The sessions that hear no broadcast of a user's: those in channels that the user left and is banned from."""
    return {
        sid
        for channel in user.left_silenced
        if channel.lists and channel.key not in user.channels and is_banned(channel, user, muted=True)
        for sid in channel.audience
    }


def check_rename(user: User) -> None:
    """Raises Refused (banned) if a user is banned or muted in one of the user's channels, by whatever name."""
    for channel in user.channels.values():
        if channel.lists and not membership.has_voice(channel, user) and is_banned(channel, user, muted=True):
            text = f"You can't change your name: you are banned or muted in {channel.name}."
            raise Refused("banned", text, channel.name)


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
    if channel.key in user.channels and modes.TOPIC_LOCKED not in channel.flags:
        if not is_silenced(channel, user):
            return False
        if modes.OP_MODERATED not in channel.flags and not operators.operates(context, user):
            check_voice(channel, user)
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
        raise Refused("not-in-channel", f"You are not in {wanted}. Join it with /join {wanted}.", name)
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
    raise Refused("no-channel", "You are not in a channel. Join one, for example: /join #main")
