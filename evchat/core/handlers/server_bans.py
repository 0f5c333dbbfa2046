"""Bans from the server: accounts, names, addresses and ranges of them, for a time or for good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from evchat.core import records as rec
from evchat.core import server_queries
from evchat.core.context import Context
from evchat.core.effects import Effect, Reply, Save
from evchat.core.errors import Refused, quoted
from evchat.core.registry import Handlers
from evchat.core.rules import membership, operators, persons, reasons, server_bans
from evchat.core.state import Session, User
from evchat.protocol.basics import Done
from evchat.protocol.server_bans import (
    BanFromServer,
    ListServerBans,
    ServerBan,
    ServerBansListed,
    UnbanFromServer,
)

handlers = Handlers()

_CLOCK_WAS_SET = 10_000
"""Milliseconds by which the time of day and the monotonic clock differ only if somebody has set the former."""


@handlers.on(BanFromServer)
def ban(context: Context, session: Session, request: BanFromServer, now: int) -> Iterator[Effect]:
    """Bans somebody from the server; users who match and are online are disconnected at once.

    Somebody who is online is banned under any name: also the account, and the address if nobody else is there.
    """
    user = operators.required(context, session)
    bans = dict([server_bans.canonical(request.whom, context.limits.max_mask)[::-1]])
    whom = next(iter(bans.values()))
    target = context.state.users.get(next(iter(bans)))
    if target is not None:
        bans |= dict(_beside(context, target))
    reason = reasons.one_line(request.reason, context.limits)
    mine = membership.account(user)
    if any(server_bans.meant(key, user, mine, own.address) for own in user.sessions for key in bans):
        raise Refused("not-allowed", "That would ban you.", whom)
    kept = context.state.server_bans
    if len(kept.keys() | bans.keys()) > max(context.limits.max_banished, len(kept)):
        raise Refused("list-full", f"The ban list is full ({len(kept)}). Remove a ban first.", whom)
    minutes = max(0, min(request.minutes, context.limits.max_ban_minutes))
    at = _time_of_act(context, now)
    for key, name in bans.items():
        ban = ServerBan(name, user.name, at, now + minutes * 60_000 if minutes else 0, reason)
        undo = partial(_put_back, context, key, kept.get(key), context.state.ban_ends.get(key))
        server_bans.set_ban(context, key, ban, minutes * 60_000)
        yield Save(_record(key, ban), undo)
    text = f"{whom} is banned from the server."
    if target is not None and not persons.is_alone(context, target):
        text += f" Banned by name only, because others share the address of {target.name}."
    if target is None and (absent := persons.absent(whom, "ban")):
        text += f" {absent}"
    yield Reply(session.sid, Done(now, request.id, text))
    lasts = f"{minutes} min" if minutes else "for good"
    yield from operators.audit(user, "banish", whom, f"{lasts}: {reason}" if reason else lasts, now)
    for other in list(context.state.users.values()):
        account = membership.account(other)
        meant = [
            place
            for place in other.places
            if any(server_bans.meant(key, other, account, place.address) for key in bans)
        ]
        yield from operators.put_out(context, meant, "banished", server_bans.told(ban), now)


def _beside(context: Context, user: User) -> Iterator[tuple[str, str]]:
    """What is banned with a user's name, by its key: the account, and the addresses if nobody else is there."""
    if (account := membership.account(user)) and account != user.key:
        yield account, user.who.account
    if persons.is_alone(context, user):
        for place in user.places:
            if server_bans.is_address(place.address):
                yield server_bans.canonical(place.address, context.limits.max_mask)[::-1]


def _time_of_act(context: Context, now: int) -> int:
    """A time that no other act has: by it the bans of one act are known, and taken back together."""
    taken = {ban.at for ban in context.state.server_bans.values()}
    while now in taken:
        now += 1
    return now


def _record(key: str, ban: ServerBan, *, on: bool = True) -> rec.ServerBanRecord:
    return rec.ServerBanRecord(key, ban.whom, ban.by, ban.at, ban.until, ban.reason, on)


def _put_back(context: Context, key: str, before: ServerBan | None, end: int | None) -> None:
    server_bans.lift(context, key)
    if before is not None:
        context.state.server_bans[key] = before
    if end is not None:
        context.state.ban_ends[key] = end


@handlers.on(UnbanFromServer)
def unban(context: Context, session: Session, request: UnbanFromServer, now: int) -> Iterator[Effect]:
    """Takes a ban back."""
    user = operators.required(context, session)
    whom, key = server_bans.canonical(request.whom, context.limits.max_mask)
    if key not in context.state.server_bans:
        raise Refused(
            "not-banished", f"{quoted(whom)} is not banned from the server. /banished lists who is.", whom
        )
    ban = context.state.server_bans[key]
    for other, its in list(context.state.server_bans.items()):
        if (its.by, its.at) == (ban.by, ban.at):
            yield _lift(context, other)
    yield Reply(session.sid, Done(now, request.id, f"{ban.whom} is no longer banned."))
    yield from operators.audit(user, "pardon", ban.whom, "", now)


def _lift(context: Context, key: str, *, vital: bool = True) -> Save:
    ban = context.state.server_bans[key]
    undo = partial(_put_back, context, key, ban, context.state.ban_ends.get(key))
    server_bans.lift(context, key)
    return Save(_record(key, ban, on=False), undo, vital=vital)


@handlers.on(ListServerBans)
def list_bans(context: Context, session: Session, request: ListServerBans, now: int) -> Iterator[Effect]:
    """Lists the bans."""
    operators.required(context, session)
    keys = (key for key in context.state.server_bans if not server_bans.is_over(context, key))
    bans = tuple(server_bans.dated(context, key, now) for key in keys)
    yield Reply(session.sid, ServerBansListed(now, request.id, bans))


@handlers.on_tick
def expire(context: Context, now: int) -> Iterator[Effect]:
    """Forgets expired bans, and saves the ends of the others again if the clock was set."""
    for key in list(context.state.ban_ends):
        if server_bans.is_over(context, key):
            yield _lift(context, key, vital=False)
            continue
        dated = server_bans.dated(context, key, now)
        if abs(dated.until - context.state.server_bans[key].until) > _CLOCK_WAS_SET:
            context.state.server_bans[key] = dated
            yield Save(_record(key, dated), vital=False)


@handlers.on_start
def bring_back(context: Context, now: int) -> Iterable[Effect]:
    """Brings back the bans that are kept. Raises StoreError.

    Time has passed while the server was down, by a clock that may have been set: no ban lasts longer than it was given.
    """
    for kept in context.fetch(server_queries.AllServerBans()):
        ban = ServerBan(kept.whom, kept.by, kept.at, kept.until, kept.reason)
        server_bans.set_ban(context, kept.key, ban, min(kept.until - now, kept.until - kept.at))
    return ()
