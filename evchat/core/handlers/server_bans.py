"""Bans from the server: accounts, names, addresses and ranges of them, for a time or for good."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from evchat.core import records as rec
from evchat.core.effects import Effect, Reply, Save
from evchat.core.errors import Refused, quoted
from evchat.core.handlers import operators
from evchat.core.rules import masks, membership
from evchat.core.state import Session, User
from evchat.protocol import names, patterns
from evchat.protocol.base import NOBODY, Identity
from evchat.protocol.basics import Done
from evchat.protocol.server_bans import (
    BanFromServer,
    ListServerBans,
    ServerBan,
    ServerBansListed,
    UnbanFromServer,
)

if TYPE_CHECKING:
    from evchat.core.dispatch import Chat

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_WIDEST = {4: 8, 6: 16}
"""The shortest prefix of a range, by the version of its addresses: a slip must not ban half the world."""

_LONGEST = 100 * 366 * 24 * 60
"""Minutes of a ban: a century."""


@lru_cache(maxsize=4096)
def _network(text: str) -> _Network | None:
    """The address or range that a text is."""
    try:
        return ipaddress.ip_network(text.partition("%")[0], strict=False)
    except ValueError:
        return None


def _canonical(whom: str) -> tuple[str, str]:
    """Whom a ban means, in full, and its key. Raises Refused."""
    network = _network(whom)
    if network is not None:
        if network.prefixlen < _WIDEST[network.version]:
            raise Refused(
                "not-allowed", f"A range of addresses needs a prefix of /{_WIDEST[network.version]} or more."
            )
        one = network.prefixlen == network.max_prefixlen
        text = str(network.network_address) if one else str(network)
        return text, text
    if set(whom) & set("*?!@") or whom[:2].lower() == masks.ACCOUNT:
        try:
            mask = masks.canonical(whom)
        except ValueError:
            mask = masks.MUTE
        if mask.startswith(masks.MUTE):
            raise Refused("bad-value", f"{quoted(whom)} is no mask.", whom)
        return mask, patterns.key(mask)
    problem = names.check_user_name(whom, unicode_names=True)
    if problem:
        raise Refused("bad-value", f"{quoted(whom)} is no name, address or mask.", whom)
    return whom, names.user_key(whom)


def _meant(key: str, user: User, account: str, address: str) -> bool:
    """Whether a ban with this key means a user with this account ("" for none) who comes from this address."""
    if key in (user.key, account):
        return True
    if key.startswith(masks.ACCOUNT):
        return bool(account) and patterns.matches_text(key[2:], account)
    if "!" in key:
        return masks.matches(key, user, address)
    network = _network(key)
    return network is not None and _overlap(network, _network(address))


def _overlap(network: _Network, other: _Network | None) -> bool:
    return other is not None and network.version == other.version and network.overlaps(other)


def check_not_banned(
    chat: Chat, session: Session, name: str, account_key: str, now: int, who: Identity = NOBODY
) -> None:
    """Raises Refused if somebody who would be called `name` may not come in; `account_key` is "" for a guest."""
    if not chat.server_bans:
        return
    newcomer = User(name, names.user_key(name), now)
    newcomer.who = who
    for key, ban in chat.server_bans.items():
        if (not ban.until or now < ban.until) and _meant(key, newcomer, account_key, session.address):
            raise Refused("banished", _told(ban))


def _told(ban: ServerBan) -> str:
    why = f": {ban.reason.removesuffix('.')}" if ban.reason else ""
    return f"You are banned from this server{why}."


def ban(chat: Chat, session: Session, request: BanFromServer, now: int) -> Iterator[Effect]:
    """Bans somebody from the server; who is meant and online is put out at once."""
    user = operators.required(chat, session)
    whom, key = _canonical(request.whom)
    reason = operators.sentence(request.reason)
    if any(_meant(key, user, membership.account(user), own.address) for own in user.sessions.values()):
        raise Refused("not-allowed", "That would ban you.", whom)
    before = chat.server_bans.get(key)
    if before is None and len(chat.server_bans) >= chat.rules.max_banished:
        raise Refused(
            "list-full", f"There are {len(chat.server_bans)} bans, the most. Pardon somebody first.", whom
        )
    until = now + min(request.minutes, _LONGEST) * 60_000 if request.minutes > 0 else 0
    ban = chat.server_bans[key] = ServerBan(whom, user.name, now, until, reason)
    record = rec.ServerBanRecord(key, whom, user.name, now, until, reason)
    yield Save(record, partial(_put_back, chat, key, before))
    yield Reply(session.sid, Done(now, request.id, f"{whom} is banned from the server."))
    lasts = f"{request.minutes} min" if until else "for good"
    yield from operators.audit(user, "banish", whom, f"{lasts}: {reason}" if reason else lasts, now)
    for other in list(chat.users.values()):
        account = membership.account(other)
        sids = tuple(sid for sid, own in other.sessions.items() if _meant(key, other, account, own.address))
        yield from operators.hang_up(sids, "banished", _told(ban), now)


def _put_back(chat: Chat, key: str, before: ServerBan | None) -> None:
    if before is None:
        chat.server_bans.pop(key, None)
    else:
        chat.server_bans[key] = before


def unban(chat: Chat, session: Session, request: UnbanFromServer, now: int) -> Iterator[Effect]:
    """Takes a ban back."""
    user = operators.required(chat, session)
    whom, key = _canonical(request.whom)
    ban = chat.server_bans.pop(key, None)
    if ban is None:
        raise Refused(
            "not-banished", f"{quoted(whom)} is not banned from the server. /banished lists who is.", whom
        )
    yield _lift(chat, key, ban)
    yield Reply(session.sid, Done(now, request.id, f"{ban.whom} may come in again."))
    yield from operators.audit(user, "pardon", ban.whom, "", now)


def _lift(chat: Chat, key: str, ban: ServerBan, *, vital: bool = True) -> Save:
    record = rec.ServerBanRecord(key, ban.whom, ban.by, ban.at, ban.until, ban.reason, on=False)
    return Save(record, partial(_put_back, chat, key, ban), vital=vital)


def list_bans(chat: Chat, session: Session, request: ListServerBans, now: int) -> Iterator[Effect]:
    """Lists the bans."""
    operators.required(chat, session)
    bans = tuple(ban for ban in chat.server_bans.values() if not ban.until or now < ban.until)
    yield Reply(session.sid, ServerBansListed(now, request.id, bans))


def expire(chat: Chat, now: int) -> Iterator[Effect]:
    """Forgets the bans whose time is over."""
    for key, ban in list(chat.server_bans.items()):
        if ban.until and now >= ban.until:
            del chat.server_bans[key]
            yield _lift(chat, key, ban, vital=False)


def bring_back(chat: Chat) -> None:
    """Brings back the bans that are kept. Raises StoreError."""
    for kept in chat.fetch(rec.AllServerBans()):
        chat.server_bans[kept.key] = ServerBan(kept.whom, kept.by, kept.at, kept.until, kept.reason)
