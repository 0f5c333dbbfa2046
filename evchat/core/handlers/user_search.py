"""Searches for people online: by a mask, a channel or their names; and how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evchat.core.context import Context
from evchat.core.effects import Effect, Reply
from evchat.core.errors import Refused
from evchat.core.registry import Handlers
from evchat.core.rules import membership, people
from evchat.core.state import Channel, Session, User, logged_in
from evchat.protocol import names, patterns
from evchat.protocol.people import (
    ChannelMembership,
    CountsTold,
    FindUsers,
    GetCounts,
    LookUpUsers,
    PeopleFound,
    PeopleTold,
)

handlers = Handlers()

_ALL = ("", "*", "0")


@handlers.on(FindUsers)
def find(context: Context, session: Session, request: FindUsers, now: int) -> Iterator[Effect]:
    """Finds people online, each once."""
    viewer = logged_in(session)
    mask = request.mask.strip()
    if len(mask) > context.limits.max_mask:
        raise Refused("too-long", f"A mask has at most {context.limits.max_mask} characters.")
    found: Iterable[tuple[User, Channel | None]]
    if names.is_channel(mask):
        found = _members(context, viewer, names.channel_key(mask))
    else:
        found = ((user, _shared(user, viewer)) for user in _matching(context, viewer, mask))
    rows = sorted(
        (row for row in found if row[0].operator or not request.operators), key=lambda row: row[0].key
    )
    shown = tuple(
        (
            people.person(user, viewer, now),
            None if channel is None else ChannelMembership(channel.name, membership.roles(channel, user)),
        )
        for user, channel in rows[: context.limits.list_max]
    )
    yield Reply(session.sid, PeopleFound(now, request.id, request.mask, shown, len(rows) - len(shown)))


def _members(context: Context, viewer: User, key: str) -> Iterator[tuple[User, Channel | None]]:
    channel = context.state.channels.get(key)
    if channel is not None and membership.visible(channel, viewer):
        for user in channel.members.values():
            if membership.sees(viewer, user):
                yield user, channel


def _matching(context: Context, viewer: User, mask: str) -> Iterator[User]:
    """Those who show and match; who is called just that is found in any case."""
    called = context.state.users.get(names.user_key(mask))
    everyone = mask in _ALL
    matches = patterns.matcher(mask)
    for user in context.state.users.values():
        if user is called or (
            membership.sees(viewer, user) and (everyone or any(map(matches, _called(user))))
        ):
            yield user


def _called(user: User) -> Iterator[str]:
    """All that a user is called."""
    who = user.who
    yield from (user.name, who.username, who.host, who.realname)


def _shared(user: User, viewer: User) -> Channel | None:
    """The first channel of a user's that the viewer is in as well."""
    return next((channel for key, channel in user.channels.items() if key in viewer.channels), None)


@handlers.on(LookUpUsers)
def look(context: Context, session: Session, request: LookUpUsers, now: int) -> Iterator[Effect]:
    """Tells about those of the users named who are online."""
    viewer = logged_in(session)
    wanted = dict.fromkeys(names.user_key(name) for name in request.names)
    if len(wanted) > context.limits.list_max:
        raise Refused("too-many-names", f"You can ask about {context.limits.list_max} users at once at most.")
    online = (context.state.users[key] for key in wanted if key in context.state.users)
    told = tuple(people.person(user, viewer, now) for user in online)
    yield Reply(session.sid, PeopleTold(now, request.id, told))


@handlers.on(GetCounts)
def count(context: Context, session: Session, request: GetCounts, now: int) -> Iterator[Effect]:
    """Tells how many there are."""
    logged_in(session)
    yield Reply(session.sid, CountsTold(now, request.id, context.state.counts()))
