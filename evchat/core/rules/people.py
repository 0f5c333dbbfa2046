"""The facts about a user that are visible to another."""

from __future__ import annotations

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.errors import Refused, quoted
from evchat.core.rules import membership
from evchat.core.state import User
from evchat.protocol import modes, names
from evchat.protocol.people import ChannelMembership, Person


def known(context: Context, name: str) -> tuple[str, str]:
    """Key and name of somebody who ever used or registered a name. Raises Refused (no-such-user)."""
    key = names.user_key(name)
    online = context.state.users.get(key)
    if online:
        return key, online.name
    if names.check_user_name(name, unicode_names=True) is None:
        for record in context.fetch(rec.AccountOf(key)) or context.fetch(rec.LastSeenOf(key)):
            return key, record.name
    raise Refused("no-such-user", f"No such user: {quoted(name)}.")


def person(context: Context, user: User, viewer: User, now: int, *, seated: bool = False) -> Person:
    """What `viewer` may know about somebody online; with `seated`, also where else than with `viewer`."""
    common = tuple(
        channel.name
        for key, channel in user.channels.items()
        if key in viewer.channels and membership.shows(channel, user, viewer)
    )
    where: tuple[ChannelMembership, ...] = ()
    if seated:
        open_about_it = not user.invisible or user is viewer or bool(viewer.operator)
        where = tuple(
            ChannelMembership(channel.name, membership.roles(channel, user))
            for channel in user.channels.values()
            if membership.shows(channel, user, viewer)
            and (channel.key in viewer.channels or (open_about_it and membership.visible(channel, viewer)))
        )
    privy = user is viewer or viewer.operator
    return Person(
        user.name,
        True,
        user.registered,
        user.since,
        now,
        context.monotonic() - user.active,
        user.away,
        common,
        len(user.sessions),
        where,
        bool(user.operator),
        letters(user) if privy else "",
        user.places[0].address if privy else "",
        user.who,
    )


def remember_name(context: Context, user: User) -> None:
    """A user is about to give up the present name."""
    forget_name(context, user, user.key)
    user.former = {**user.former, user.key: user.name}
    context.state.former_names.setdefault(user.key, {})[user] = None
    if len(user.former) > context.limits.max_former_names:
        forget_name(context, user, next(iter(user.former)))


def forget_name(context: Context, user: User, key: str) -> None:
    """A name that a user had is the present one again, or the user is gone."""
    if key in user.former:
        user.former = {other: name for other, name in user.former.items() if other != key}
        users = context.state.former_names[key]
        del users[user]
        if not users:
            del context.state.former_names[key]


def known_as(context: Context, key: str) -> list[User]:
    """Those online who have a name, or had it since they logged in."""
    found = dict.fromkeys(context.state.former_names.get(key, ()))
    if key in context.state.users:
        found[context.state.users[key]] = None
    return list(found)


def named_since(context: Context, user: User, now: int) -> int:
    """Since when a user has the present name; if the clock was set since, the earlier of both readings."""
    return min(user.named_at, now - (context.monotonic() - user.named_monotonic))


def letters(user: User) -> str:
    """The letters of a user's modes, in the order of their table."""
    on = {
        modes.INVISIBLE: user.invisible,
        modes.OPERATOR: bool(user.operator),
        modes.WALLOPS: user.wallops,
        modes.BOT: user.who.bot,
    } | {letter: letter in user.screens for letter in modes.SCREENS}
    return "".join(mode.letter for mode in modes.USER_MODES if on[mode.letter])
