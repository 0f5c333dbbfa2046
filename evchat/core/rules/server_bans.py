"""Bans from the server: whom one means, and whether it keeps somebody out."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from functools import lru_cache

from evchat.core.context import Context
from evchat.core.errors import Refused, quoted
from evchat.core.rules import masks
from evchat.core.state import Session, User
from evchat.protocol import names, patterns
from evchat.protocol.base import NOBODY, Identity
from evchat.protocol.server_bans import ServerBan

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


_WIDEST = {4: 8, 6: 16}
"""The shortest prefix of a range, by the version of its addresses: a slip must not ban half the world."""


@lru_cache(maxsize=4096)
def _network(text: str) -> _Network | None:
    """The address or range that a text is."""
    try:
        return ipaddress.ip_network(text.partition("%")[0], strict=False)
    except ValueError:
        return None


def is_address(text: str) -> bool:
    """Whether a text is an address or a range of them, which can be banned."""
    return _network(text) is not None


def canonical(whom: str, max_mask: int) -> tuple[str, str]:
    """Whom a ban means, in full, and its key. Raises Refused (not-allowed, bad-value)."""
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
            mask = masks.canonical(whom, max_mask)
        except ValueError:
            mask = masks.MUTE
        if mask.startswith(masks.MUTE):
            raise Refused("bad-value", f"{quoted(whom)} is not a mask.", whom)
        return mask, patterns.key(mask)
    problem = names.check_user_name(whom, unicode_names=True)
    if problem:
        raise Refused("bad-value", f"{quoted(whom)} is not a name, address or mask.", whom)
    return whom, names.user_key(whom)


def meant(key: str, user: User, account: str, address: str) -> bool:
    """Whether a ban with this key matches a user with this account ("" for none) at this address."""
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
    context: Context, session: Session, name: str, account_key: str, now: int, who: Identity = NOBODY
) -> None:
    """Raises Refused (banished) if somebody who would be called `name` may not log in.

    `account_key` is the key of the account that was proved; "" for a guest.
    """
    if not context.state.server_bans:
        return
    # Masks are matched against a user, so there has to be one; nobody else ever sees it.
    newcomer = User(name, names.user_key(name), now)
    newcomer.who = who
    for key, ban in context.state.server_bans.items():
        if not is_over(context, key) and meant(key, newcomer, account_key, session.address):
            raise Refused("banished", told(ban))


def set_ban(context: Context, key: str, ban: ServerBan, left: int) -> None:
    """Sets a ban that lasts for `left` more milliseconds; 0 is for good."""
    context.state.server_bans[key] = ban
    if ban.until:
        context.state.ban_ends[key] = context.monotonic() + left
    else:
        context.state.ban_ends.pop(key, None)


def lift(context: Context, key: str) -> None:
    """Takes a ban away."""
    context.state.server_bans.pop(key, None)
    context.state.ban_ends.pop(key, None)


def is_over(context: Context, key: str) -> bool:
    """Whether the time of a ban is over."""
    end = context.state.ban_ends.get(key)
    return end is not None and context.monotonic() >= end


def dated(context: Context, key: str, now: int) -> ServerBan:
    """A ban with its beginning and end by the time of day as it is now, which may have been set since."""
    ban, end = context.state.server_bans[key], context.state.ban_ends.get(key)
    if end is None:
        return ban
    until = now + end - context.monotonic()
    return replace(ban, at=ban.at + until - ban.until, until=until)


def told(ban: ServerBan) -> str:
    """The sentence for somebody whom a ban keeps out."""
    why = f": {ban.reason.removesuffix('.')}" if ban.reason else ""
    return f"You are banned from this server{why}."
