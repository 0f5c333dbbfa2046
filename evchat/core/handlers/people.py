"""People: who is and was online, found by name or mask; away messages, blocking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Reply, Save
from evchat.core.errors import Refused, quoted
from evchat.core.registry import Handlers
from evchat.core.rules import membership, presence
from evchat.core.rules.people import known, known_as, person
from evchat.core.state import Channel, Session, User, logged_in
from evchat.protocol import names, patterns
from evchat.protocol.base import NOBODY, Identity
from evchat.protocol.basics import Done
from evchat.protocol.people import (
    Block,
    BlockedListed,
    ChannelMembership,
    CountsTold,
    FindUsers,
    GetCounts,
    ListBlocked,
    LookUpUsers,
    PeopleFound,
    PeopleListed,
    PeopleTold,
    Person,
    PresenceChanged,
    SetAway,
    Who,
    WhoIs,
    WhoIsTold,
    WhoLast,
    WhoWas,
    WhoWasTold,
)

handlers = Handlers()


@handlers.on(Who)
def who(context: Context, session: Session, request: Who, now: int) -> Iterator[Effect]:
    """Lists everyone online, by name."""
    viewer = logged_in(session)
    users = sorted(
        (
            u
            for u in context.state.users.values()
            if membership.sees(viewer, u) and not (request.others and u is viewer)
        ),
        key=lambda u: u.key,
    )
    shown = users[: context.limits.list_max]
    people = tuple(person(context, user, viewer, now) for user in shown)
    yield Reply(session.sid, PeopleListed(now, request.id, people, omitted=len(users) - len(shown)))


@handlers.on(WhoLast)
def wholast(context: Context, session: Session, request: WhoLast, now: int) -> Iterator[Effect]:
    """Lists who was online in the last given minutes: those still online, then the others, latest first."""
    viewer = logged_in(session)
    minutes = max(0, min(request.minutes, context.limits.max_wholast_minutes))
    here = sorted(
        (user for user in context.state.users.values() if membership.sees(viewer, user)),
        key=lambda user: user.key,
    )
    people = [person(context, user, viewer, now) for user in here[: context.limits.list_max]]
    room = context.limits.list_max - len(people)
    gone = [
        record
        for record in context.fetch(
            rec.SeenSince(now - minutes * 60_000, context.limits.list_max + len(context.state.users))
        )
        if record.user not in context.state.users
    ]
    people += [Person(record.name, False, False, seen=record.seen) for record in gone[:room]]
    omitted = len(here) + len(gone) - len(people)
    yield Reply(session.sid, PeopleListed(now, request.id, tuple(people), minutes, omitted=omitted))


@handlers.on(WhoIs)
def whois(context: Context, session: Session, request: WhoIs, now: int) -> Iterator[Effect]:
    """Shows details about a user, online or not."""
    viewer = logged_in(session)
    key, name = known(context, request.name)
    user = context.state.users.get(key)
    if user is not None:
        told = person(context, user, viewer, now, seated=True)
    else:
        account = context.fetch(rec.AccountOf(key))
        last = context.fetch(rec.LastSeenOf(key))
        who = Identity(account=account[0].name) if account else NOBODY
        told = Person(name, False, bool(account), seen=last[0].seen if last else account[0].at, who=who)
    yield Reply(session.sid, WhoIsTold(now, request.id, told))


@handlers.on(SetAway)
def away(context: Context, session: Session, request: SetAway, now: int) -> Iterator[Effect]:
    """Says that the user is away, or back."""
    user = logged_in(session)
    text = " ".join((request.text or "").split()) or None
    if text and len(text.encode("utf-8", "replace")) > context.limits.max_away_bytes:
        raise Refused(
            "too-long", f"The away message is too long (limit {context.limits.max_away_bytes} bytes)."
        )
    changed = user.away != text
    user.away = text
    words = "You are marked as away." if text else "You are no longer marked as away."
    yield Reply(session.sid, Done(now, request.id, words))
    if changed:
        told = PresenceChanged(now, user.name, text, who=user.who)
        yield from presence.changed(context, user, told, session)


@handlers.on(Block)
def block(context: Context, session: Session, request: Block, now: int) -> Iterator[Effect]:
    """Blocks a user, or lets one through again."""
    user = logged_in(session)
    key = names.user_key(request.name)
    if key == user.key:
        raise Refused("bad-name", "You can't block yourself.")
    blocked = {blocking.blocked: blocking.name for blocking in context.fetch(rec.BlockingsOf(user.key))}
    if not request.on and key not in blocked:
        raise Refused("not-blocked", f"You have not blocked {quoted(request.name)}.")
    if request.on and key not in blocked and len(blocked) >= context.limits.max_blocked:
        raise Refused("too-many-blocked", f"You can block at most {context.limits.max_blocked} users.")
    name = blocked[key] if key in blocked else known(context, request.name)[1]
    if request.on != (key in blocked):
        before, after = frozenset(blocked), frozenset(blocked) ^ {key}
        _set_blocked(context, user.key, key, after)
        undo = partial(_set_blocked, context, user.key, key, before)
        yield Save(rec.Blocking(user.key, key, name, request.on), undo)
    words = (
        f"{name} is blocked. You won't get their direct messages and broadcasts; they are not told."
        if request.on
        else f"{name} is no longer blocked."
    )
    yield Reply(session.sid, Done(now, request.id, words))


def _set_blocked(context: Context, user: str, changed: str, blocked: frozenset[str]) -> None:
    """Notes with those online who have or had the name `changed` whether `user` blocks them.

    `user` has blocked all names with the keys `blocked`.
    """
    for target in known_as(context, changed):
        on = target.key in blocked or not blocked.isdisjoint(target.former)
        target.blocked_by = target.blocked_by | {user} if on else target.blocked_by - {user}


@handlers.on(ListBlocked)
def list_blocked(context: Context, session: Session, request: ListBlocked, now: int) -> Iterator[Effect]:
    """Lists the users one has blocked."""
    user = logged_in(session)
    rows = sorted(context.fetch(rec.BlockingsOf(user.key)), key=lambda blocking: blocking.blocked)
    yield Reply(session.sid, BlockedListed(now, request.id, tuple(blocking.name for blocking in rows)))


@handlers.on(WhoWas)
def whowas(context: Context, session: Session, request: WhoWas, now: int) -> Iterator[Effect]:
    """Tells who had a name before."""
    logged_in(session)
    found = context.state.name_history.of(names.user_key(request.name))
    shown = found[: request.limit] if request.limit > 0 else found
    yield Reply(session.sid, WhoWasTold(now, request.id, request.name, shown))


_ALL = ("", "*", "0")


@handlers.on(FindUsers)
def find(context: Context, session: Session, request: FindUsers, now: int) -> Iterator[Effect]:
    """Finds people online, each once."""
    viewer = logged_in(session)
    mask = request.mask.strip()
    if len(mask) > context.limits.max_mask:
        raise Refused("too-long", f"The mask is too long (limit {context.limits.max_mask} characters).")
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
            person(context, user, viewer, now),
            None if channel is None else ChannelMembership(channel.name, membership.roles(channel, user)),
        )
        for user, channel in rows[: context.limits.list_max]
    )
    yield Reply(session.sid, PeopleFound(now, request.id, request.mask, shown, len(rows) - len(shown)))


def _members(context: Context, viewer: User, key: str) -> Iterator[tuple[User, Channel | None]]:
    channel = context.state.channels.get(key)
    if channel is not None and membership.visible(channel, viewer):
        for user in channel.members.values():
            if membership.sees(viewer, user) and membership.shows(channel, user, viewer):
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
    """The first channel of a user's in which the viewer sees them."""
    return next(
        (
            channel
            for key, channel in user.channels.items()
            if key in viewer.channels and membership.shows(channel, user, viewer)
        ),
        None,
    )


@handlers.on(LookUpUsers)
def look(context: Context, session: Session, request: LookUpUsers, now: int) -> Iterator[Effect]:
    """Tells about those of the users named who are online."""
    viewer = logged_in(session)
    wanted = dict.fromkeys(names.user_key(name) for name in request.names)
    if len(wanted) > context.limits.list_max:
        raise Refused("too-many-names", f"You can ask about at most {context.limits.list_max} users at once.")
    online = (context.state.users[key] for key in wanted if key in context.state.users)
    told = tuple(person(context, user, viewer, now) for user in online)
    yield Reply(session.sid, PeopleTold(now, request.id, told))


@handlers.on(GetCounts)
def count(context: Context, session: Session, request: GetCounts, now: int) -> Iterator[Effect]:
    """Tells how many there are."""
    logged_in(session)
    yield Reply(session.sid, CountsTold(now, request.id, context.state.counts()))
