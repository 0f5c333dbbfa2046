"""Bans from the server: accounts, names, addresses and ranges of them, for a time or for good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Reply, Save
from evchat.core.errors import Refused, quoted
from evchat.core.registry import Handlers
from evchat.core.rules import membership, operators, reasons, server_bans
from evchat.core.state import Session
from evchat.protocol.basics import Done
from evchat.protocol.server_bans import (
    BanFromServer,
    ListServerBans,
    ServerBan,
    ServerBansListed,
    UnbanFromServer,
)

handlers = Handlers()


@handlers.on(BanFromServer)
def ban(context: Context, session: Session, request: BanFromServer, now: int) -> Iterator[Effect]:
    """Bans somebody from the server; who is meant and online is put out at once."""
    user = operators.required(context, session)
    whom, key = server_bans.canonical(request.whom, context.limits.max_mask)
    reason = reasons.one_line(request.reason, context.limits)
    if any(
        server_bans.meant(key, user, membership.account(user), own.address) for own in user.sessions.values()
    ):
        raise Refused("not-allowed", "That would ban you.", whom)
    before = context.state.server_bans.get(key)
    if before is None and len(context.state.server_bans) >= context.limits.max_banished:
        raise Refused(
            "list-full",
            f"The ban list is full ({len(context.state.server_bans)}). Remove a ban first.",
            whom,
        )
    until = now + min(request.minutes, context.limits.max_ban_minutes) * 60_000 if request.minutes > 0 else 0
    ban = context.state.server_bans[key] = ServerBan(whom, user.name, now, until, reason)
    record = rec.ServerBanRecord(key, whom, user.name, now, until, reason)
    yield Save(record, partial(_put_back, context, key, before))
    yield Reply(session.sid, Done(now, request.id, f"{whom} is banned from the server."))
    lasts = f"{request.minutes} min" if until else "for good"
    yield from operators.audit(user, "banish", whom, f"{lasts}: {reason}" if reason else lasts, now)
    for other in list(context.state.users.values()):
        account = membership.account(other)
        sids = tuple(
            sid for sid, own in other.sessions.items() if server_bans.meant(key, other, account, own.address)
        )
        yield from operators.hang_up(sids, "banished", server_bans.told(ban), now)


def _put_back(context: Context, key: str, before: ServerBan | None) -> None:
    if before is None:
        context.state.server_bans.pop(key, None)
    else:
        context.state.server_bans[key] = before


@handlers.on(UnbanFromServer)
def unban(context: Context, session: Session, request: UnbanFromServer, now: int) -> Iterator[Effect]:
    """Takes a ban back."""
    user = operators.required(context, session)
    whom, key = server_bans.canonical(request.whom, context.limits.max_mask)
    ban = context.state.server_bans.pop(key, None)
    if ban is None:
        raise Refused(
            "not-banished", f"{quoted(whom)} is not banned from the server. /banished lists who is.", whom
        )
    yield _lift(context, key, ban)
    yield Reply(session.sid, Done(now, request.id, f"{ban.whom} is no longer banned."))
    yield from operators.audit(user, "pardon", ban.whom, "", now)


def _lift(context: Context, key: str, ban: ServerBan, *, vital: bool = True) -> Save:
    record = rec.ServerBanRecord(key, ban.whom, ban.by, ban.at, ban.until, ban.reason, on=False)
    return Save(record, partial(_put_back, context, key, ban), vital=vital)


@handlers.on(ListServerBans)
def list_bans(context: Context, session: Session, request: ListServerBans, now: int) -> Iterator[Effect]:
    """Lists the bans."""
    operators.required(context, session)
    bans = tuple(ban for ban in context.state.server_bans.values() if not ban.until or now < ban.until)
    yield Reply(session.sid, ServerBansListed(now, request.id, bans))


@handlers.on_tick
def expire(context: Context, now: int) -> Iterator[Effect]:
    """Forgets the bans whose time is over."""
    for key, ban in list(context.state.server_bans.items()):
        if ban.until and now >= ban.until:
            del context.state.server_bans[key]
            yield _lift(context, key, ban, vital=False)


@handlers.on_start
def bring_back(context: Context) -> Iterable[Effect]:
    """Brings back the bans that are kept. Raises StoreError."""
    for kept in context.fetch(rec.AllServerBans()):
        context.state.server_bans[kept.key] = ServerBan(kept.whom, kept.by, kept.at, kept.until, kept.reason)
    return ()
