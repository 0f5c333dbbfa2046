"""Masks: who is meant by `bob`, `*!*@*.example`, `a:alice`.

A mask is a pattern with `*` and `?` for a user's `name!username@host`; one that begins with `a:` is for the account
that the user has proved to own. Case does not count, nor do look-alikes. Matching takes no more than the mask's length
times the text's, whatever the mask.
"""

from __future__ import annotations

import re

from evchat.core.rules import (
    membership,
)
from evchat.core.state import User
from evchat.protocol.patterns import matches_text
from evchat.protocol.text import harmless

ACCOUNT, MUTE = "a:", "m:"
"""The prefix of a mask for an account, and that (before the mask itself) of a mute."""


def canonical(mask: str, max_bytes: int) -> str:
    """`mask` in full: `bob` is `bob!*@*`, `user@host` is `*!user@host`. Raises ValueError for what can't be one."""
    if not mask or mask.startswith(":") or " " in mask or harmless(mask) != mask:
        raise ValueError
    prefix, rest = (MUTE, mask[2:]) if mask[:2].lower() == MUTE else ("", mask)
    if rest[:2].lower() == ACCOUNT:
        full = prefix + ACCOUNT + rest[2:]
        if not rest[2:]:
            raise ValueError
    else:
        name, mark, place = rest.partition("!")
        if not mark:
            name, place = ("", rest) if "@" in rest else (rest, "")
        username, _, host = place.partition("@")
        full = f"{prefix}{name or '*'}!{username or '*'}@{host or '*'}"
        if not rest:
            raise ValueError
    full = re.sub(r"\*{2,}", "*", full)
    if len(full.encode("utf-8", "replace")) > max_bytes:
        raise ValueError
    return full


def matches(mask: str, user: User, address: str | None = None, *, former: bool = False) -> bool:
    """Whether a mask (without its `m:`) means a user; with an `address` also one that is for that and not the host.

    With `former` it may also mean a name that the user had since the login.
    """
    if mask.startswith(ACCOUNT):
        account = membership.account(user)
        return bool(account) and matches_text(mask[2:], account)
    who = user.who
    for name in (user.name, *user.former.values()) if former else (user.name,):
        begin = f"{name}!{who.username}@"
        if matches_text(mask, begin + who.host) or (
            address is not None and matches_text(mask, begin + address)
        ):
            return True
    return False
