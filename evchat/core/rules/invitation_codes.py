"""Invitation codes: 80 random bits, of which only a hash is kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from evchat.core import records as rec
from evchat.core import server_queries
from evchat.core.context import Context
from evchat.core.effects import Effect, Save
from evchat.core.errors import Refused

BYTES: Final = 10

_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is mistaken for a digit, none that makes words."""
_CODE: Final = re.compile("[0-9A-Za-z]{4}(?:-?[0-9A-Za-z]{4}){3}", re.ASCII)
_MISREAD: Final = str.maketrans("OIL", "011")


def write(random: bytes) -> str:
    """A code of BYTES of randomness, as people pass it on: four groups of four."""
    number = int.from_bytes(random, "big")
    digits = "".join(_DIGITS[number >> shift & 31] for shift in range(75, -1, -5))
    return "-".join(digits[place : place + 4] for place in range(0, 16, 4))


def is_code(text: str) -> bool:
    """Whether a text looks like a code."""
    return _CODE.fullmatch(text) is not None


def digest(code: str) -> str:
    """By what a code is kept, however somebody has typed it. A hash of 80 random bits can't be guessed backwards."""
    typed = code.replace("-", "").upper().translate(_MISREAD)
    return hashlib.sha256(typed.encode("utf-8", "replace")).hexdigest()


def usable(context: Context, code: str, now: int) -> rec.InvitationCode:
    """The code of which somebody makes use. Raises Refused (invite-needed, invite-unknown)."""
    if not code:
        raise Refused(
            "invite-needed",
            "Registering here takes an invitation code. Behind the password: /register PASSWORD CODE.",
        )
    found = context.fetch(server_queries.InvitationCodeOf(digest(code))) if is_code(code) else []
    if not found or found[0].until <= now:
        raise Refused(
            "invite-unknown", "There is no such invitation code, or it is used up or over. Ask for another."
        )
    kept: rec.InvitationCode = found[0]
    return kept


def use(kept: rec.InvitationCode) -> Save:
    """One more has registered with a code."""
    return Save(rec.InvitationCode(kept.digest, kept.by, kept.at, kept.until, kept.uses - 1))


def forget_old(context: Context, now: int) -> Iterator[Effect]:
    """Forgets the codes whose time is over. Raises StoreError."""
    for kept in context.fetch(server_queries.AllInvitationCodes()):
        if kept.until <= now:
            yield Save(rec.InvitationCode(kept.digest, kept.by, kept.at, kept.until, 0), vital=False)
