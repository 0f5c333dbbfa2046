"""The channels of an account: kept as its owner joins and leaves them, to come back to at the next login.

Where everybody starts, only is kept that somebody has left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Reply, Save
from evchat.core.errors import Refused
from evchat.core.rules import channel_shares, defined_channels, membership, permissions
from evchat.core.state import Channel, Session, User
from evchat.protocol import names
from evchat.protocol.basics import ServerNotice


def start(context: Context) -> dict[str, None]:
    """The keys of the channels where everybody starts."""
    return dict.fromkeys((names.MAIN, *defined_channels.auto_joined(context)))


def all_of(context: Context, user: User) -> Iterator[Save]:
    """Keeps where a user is who has an account from now on."""
    return joined(context, user, user.channels.values())


def joined(context: Context, user: User, channels: Iterable[Channel]) -> Iterator[Save]:
    """Keeps that a user is in these channels, if the user has an account."""
    account = membership.account(user)
    everywhere = start(context) if account else ()
    for channel in channels if account else ():
        on = channel.key not in everywhere
        yield Save(rec.AccountChannel(account, channel.key, channel.name, on=on), vital=False)


def left(context: Context, user: User, channel: Channel) -> Iterator[Save]:
    """Keeps that a user has left a channel, or was put out."""
    account = membership.account(user)
    if account:
        yield _left(context, account, channel.key, channel.name)


def _left(context: Context, account: str, key: str, name: str) -> Save:
    away = key in start(context)
    return Save(rec.AccountChannel(account, key, name, away, on=away), vital=False)


class Return:
    """Where the owner of an account comes back to, a guest nowhere: `wanted` are channels' names, by their keys.

    `problems` are those that can't be joined any more, with the sentences that say why.
    """

    __slots__ = ("_away", "account", "problems", "wanted")

    def __init__(self, account: str, kept: list[rec.AccountChannel]) -> None:
        self.account = account
        self._away = {record.channel for record in kept if record.away}
        self.wanted = {record.channel: record.name for record in kept if not record.away}
        self.problems: dict[str, tuple[str, str]] = {}

    def has_left(self, key: str) -> bool:
        """Whether it is a channel where everybody starts, and its owner has left it."""
        return key in self._away

    def check(self, context: Context, user: User, beside: int) -> None:
        """Leaves in `wanted` what the user is not in and may join, if `beside` so many others."""
        made = 0
        room = context.limits.max_channels_per_user - len(user.channels) - beside
        for key, name in list(self.wanted.items()):
            channel = context.state.channels.get(key)
            try:
                if key in user.channels:
                    del self.wanted[key]
                    continue
                if room <= 0:
                    raise Refused("too-many-channels", "You are in as many channels as allowed.")
                if channel is not None:
                    permissions.check_join(channel, user, "")
                else:
                    channel_shares.check_channels(context, user, made + 1)
                    made += 1
                room -= 1
            except Refused as problem:
                del self.wanted[key]
                self.problems[key] = name, problem.text

    def tell_problems(self, context: Context, session: Session, now: int) -> Iterator[Reply | Save]:
        """Tells where the user can't come back to, and forgets it."""
        for key, (name, text) in self.problems.items():
            yield _left(context, self.account, key, name)
            yield Reply(session.sid, ServerNotice(now, f"You are no longer in {name}: {text}"))


def look_up(context: Context, account: str) -> Return:
    """What is kept of an account, by its key; of a guest, nothing. Raises StoreError."""
    return Return(account, context.fetch(rec.ChannelsOf(account)) if account else [])


def enter(context: Context, user: User, name: str, head: int, now: int) -> Iterator[Effect]:
    """Puts a user back into a channel; one that has ended is made again, and belongs to the account then."""
    yield from membership.claim(context, user, membership.enter(context, user, name, head, now))
