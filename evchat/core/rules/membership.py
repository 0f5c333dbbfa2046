"""Who sits where: the roles that users hold in channels, and who may see whom."""

from __future__ import annotations

from evchat.core.state import Channel, User
from evchat.protocol import modes, names
from evchat.protocol.channels import Member


def account(user: User) -> str:
    """The key of the account that a user has proved to own; empty for a guest."""
    return names.user_key(user.who.account) or (user.key if user.registered else "")


def roles(channel: Channel, user: User) -> str:
    """The letters of the roles that a user holds in a channel, the highest first."""
    operator = modes.OPERATOR if user in channel.operators else ""
    return operator + modes.VOICE if user in channel.voiced else operator


def member(channel: Channel, user: User) -> Member:
    """A member of a channel, as others are told."""
    return Member(user.name, roles(channel, user), user.who)


def visible(channel: Channel, viewer: User) -> bool:
    """Whether a user may know of a channel."""
    return modes.SECRET not in channel.flags or viewer.key in channel.members or bool(viewer.operator)


def sees(viewer: User, user: User) -> bool:
    """Whether a user shows in lists to `viewer`: the invisible ones only where they share a channel."""
    return (
        not user.invisible
        or user is viewer
        or bool(viewer.operator)
        or not user.channels.keys().isdisjoint(viewer.channels)
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
