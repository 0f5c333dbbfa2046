"""Clients that lose their link: held for a while, and known again by a token.

A token is as good as a login, so only its hash is kept, in memory; it is for one session, can be used once, and ends
with what the session ends by: logging out, being put out, or the time for which it is held.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Final

from evchat.core.context import Context
from evchat.core.errors import Refused
from evchat.core.state import Absence, Session, User, without
from evchat.settings.model import milliseconds

_TOKEN_BYTES: Final = 16
"""128 bits: more than can be guessed in any time."""


def give_token(context: Context, session: Session) -> str:
    """A new token for a session that has just logged in; empty if its client can't resume it."""
    if not session.full or not context.limits.absent_for:
        return ""
    token = urlsafe_b64encode(context.salt(_TOKEN_BYTES)).decode("ascii").rstrip("=")
    session.token = _hash(token)
    return token


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def holder(context: Context, key: str, token: str) -> tuple[User, Session | Absence]:
    """The user whose name has, or had since the login, a key, and the session that the token is for.

    Raises Refused (resume-unknown).
    """
    given, now = _hash(token), context.monotonic()
    users = [*context.state.former_names.get(key, ())]
    if key in context.state.users:
        users.append(context.state.users[key])
    for user in users:
        for place in user.places:
            over = isinstance(place, Absence) and place.ends <= now
            if hmac.compare_digest(place.token, given) and not over:
                return user, place
    raise Refused(
        "resume-unknown", "You were away for too long, or the server was restarted. Log in as usual."
    )


def begin(context: Context, session: Session, reason: str, now: int) -> bool:
    """Holds the session of a user, which was lost, if that can be resumed and its address has room for it."""
    user, state, limits = session.user, context.state, context.limits
    mine = state.absent_from.get(session.address, 0)
    if (
        user is None
        or not session.token
        or not limits.absent_for
        or mine >= limits.max_absent
        or len(state.absences) >= limits.max_clients
    ):
        return False
    ends = context.monotonic() + milliseconds(limits.absent_for)
    lost = Absence(session.token, session.address, session.shared, now, ends, reason)
    state.absent_from[lost.address] = mine + 1
    state.absences[lost] = user
    user.absences = (*user.absences, lost)
    return True


def end(context: Context, lost: Absence) -> None:
    """A session that was lost is resumed, or is held no longer. A user without any other is still to be taken out."""
    state = context.state
    user = state.absences.pop(lost)
    user.absences = without(user.absences, lost)
    left = state.absent_from.pop(lost.address) - 1
    if left:
        state.absent_from[lost.address] = left


def overdue(context: Context) -> Iterator[tuple[Absence, User]]:
    """The sessions that were lost and not resumed in time, with their users."""
    now = context.monotonic()
    held = bool(context.limits.absent_for)
    for lost, user in list(context.state.absences.items()):
        if lost.ends <= now or not held:
            yield lost, user


def cut_short(context: Context, lost: Absence, reason: str) -> None:
    """A session that was lost is held no longer, because its user is put out."""
    lost.ends, lost.reason = context.monotonic(), reason
