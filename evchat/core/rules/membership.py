"""Membership of channels: joining and leaving them, roles, and who may see whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect
from evchat.core.rules import channel_shares, persistent_channels
from evchat.core.state import Channel, User, without
from evchat.protocol import modes, names
from evchat.protocol.channels import Member
from evchat.protocol.modes import Change, ModesChanged


def account(user: User) -> str:
    """The key of the account that a user is logged in to; empty for a guest."""
    if user.who.account:
        return names.user_key(user.who.account)
    return user.key if user.key in user.proved else ""


def roles(channel: Channel, user: User) -> str:
    """The letters of the roles that a user holds in a channel, the highest first."""
    return channel.roles(user)


def member(channel: Channel, user: User) -> Member:
    """A member of a channel, as others are told."""
    return channel.member(user)


def visible(channel: Channel, viewer: User) -> bool:
    """Whether a user may know of a channel."""
    return modes.SECRET not in channel.flags or viewer.key in channel.members or bool(viewer.operator)


def shows(channel: Channel, user: User, viewer: User) -> bool:
    """Whether `viewer` can see that a user is in a channel that is visible to the viewer."""
    return not channel.hides(user) or user is viewer or viewer in channel.operators or bool(viewer.operator)


def sees(viewer: User, user: User) -> bool:
    """Whether a user shows in lists to `viewer`: the invisible ones only where they see each other in a channel."""
    return (
        not user.invisible
        or user is viewer
        or bool(viewer.operator)
        or any(
            key in viewer.channels and shows(channel, user, viewer) for key, channel in user.channels.items()
        )
    )


def with_role(channel: Channel, role: str) -> list[User]:
    """The members of a channel who hold a role, or a higher one."""
    enough = modes.OPERATOR if role == modes.OPERATOR else modes.OPERATOR + modes.VOICE
    return [user for user in channel.members.values() if not set(enough).isdisjoint(roles(channel, user))]


def has_voice(channel: Channel, user: User) -> bool:
    """Whether a user may speak in a channel whatever its modes say."""
    return user in channel.operators or user in channel.voiced


def is_operator(channel: Channel, user: User) -> bool:
    """Whether a user is an operator of a channel."""
    return user in channel.operators


def is_appointed(channel: Channel, user: User) -> bool:
    """Whether a user is due to be an operator of a channel: its owner, or by the settings."""
    mine = account(user)
    return bool(mine) and (mine == channel.founder or mine in channel.appointed)


def appoint(user: User) -> list[Channel]:
    """Makes a user who has another account now an operator where that is due; returns those channels."""
    due = [each for each in user.channels.values() if user not in each.operators and is_appointed(each, user)]
    for channel in due:
        channel.set_role(user, modes.OPERATOR, on=True)
    return due


def dismiss(user: User, channels: Iterable[Channel]) -> None:
    """Undoes that."""
    for channel in channels:
        channel.set_role(user, modes.OPERATOR, on=False)


def tell_appointed(user: User, channels: Iterable[Channel], now: int) -> Iterator[Effect]:
    """Tells the members that a user is an operator of these channels now."""
    for channel in channels:
        made = (Change(True, modes.OPERATOR, user.name),)
        yield Broadcast(ModesChanged(now, channel.name, names.SERVER, made), channel.audience)


def enter(context: Context, user: User, name: str, head: int, now: int) -> Channel:
    """Puts a user into a channel, which is made if there is none of that name; `head` is its last message's number.

    The first one in it is its operator, unless somebody owns it or everyone does (#main); so is its owner.
    """
    key = names.channel_key(name)
    channel = context.state.channels.get(key)
    if channel is None:
        channel = context.state.channels[key] = Channel(name, key)
        channel.begins = head + 1
        channel.origin = channel_shares.origin(user)
        channel_shares.count_channel(context, channel, 1)
    if not channel.created:
        channel.created = now
    context.state.inhabited += not channel.members
    first = not channel.members and not channel.stays
    channel.add(user, operator=first or is_appointed(channel, user))
    user.channels[channel.key] = channel  # the same string for all
    user.invitations = without(user.invitations, channel)
    return channel


def claim(context: Context, user: User, channel: Channel) -> Iterator[Effect]:
    """Gives a channel that a registered user has just made to that user."""
    owner = account(user)
    alone = channel.operators == {user} and len(channel.members) == 1
    if alone and not channel.stays and channel_shares.may_own(context, owner):
        yield persistent_channels.claim(context, channel, owner)


def ends_with(channel: Channel, guest: User) -> bool:
    """Whether a user is a guest and alone in a channel that ends, with all that is said in it, when it is empty."""
    return (
        not channel.stays
        and len(channel.members) == 1
        and guest.key in channel.members
        and not account(guest)
    )


def leave(context: Context, user: User, channel: Channel) -> None:
    """Takes a user out of a channel; it goes with the last one, unless it stays."""
    channel.remove(user)
    del user.channels[channel.key]
    if not channel.members:
        context.state.inhabited -= 1
        persistent_channels.clear(context, channel)
