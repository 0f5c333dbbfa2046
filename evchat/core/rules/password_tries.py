"""A session's try at a password: whether it may be made, and what is remembered of it.

The same rule for every password: of an account (by login, `authenticate`, SASL PLAIN or SCRAM), of the server, and of
an operator of the server.
"""

from __future__ import annotations

import hashlib
import hmac

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Save
from evchat.core.errors import Refused
from evchat.core.state import Session
from evchat.core.unfinished import Pending
from evchat.protocol.authentication import ChangePassword, Register
from evchat.protocol.base import Request


def digest(context: Context, key: str, secret: str, password: str) -> bytes:
    """What a password is known again by, as long as `secret` is what is kept of the right one."""
    known = " ".join((key, secret.partition(" ")[0], password)).encode("utf-8", "surrogatepass")
    return hmac.digest(context.state.cloak_secret, known, hashlib.sha256)


def begin(context: Context, session: Session, key: str, given: bytes, *, most: int = 0) -> tuple[bool, bool]:
    """Begins a try at the password of `key`, whose digest is `given`, or empty if it is proved and not said.

    Returns whether it is known to be right, so that it need not be hashed, and whether a try was counted. `most` tries
    in a row may be wrong, `password_tries` if that is 0. Raises Refused (too-many-tries): then it must not be hashed;
    and StoreError.
    """
    guesses, limits, address = context.state.guess_limits, context.limits, session.address
    try:
        guesses.begin(address, key, limits, context.monotonic(), shared=session.shared, most=most)
    except Refused:
        _recall(context, session, key)
        if given and guesses.recognises(address, key, given, limits, context.monotonic()):
            return True, False
        if not guesses.may_retry(address, key, limits, context.monotonic(), hashed=bool(given)):
            raise
        return False, False
    return False, True


def check(context: Context, session: Session, key: str) -> None:
    """Raises Refused (too-many-tries) if a try at `key` by proof can't be begun now."""
    guesses, limits, address = context.state.guess_limits, context.limits, session.address
    try:
        guesses.check(address, key, limits, context.monotonic(), shared=session.shared)
    except Refused:
        _recall(context, session, key)
        if not guesses.may_retry(address, key, limits, context.monotonic(), hashed=False):
            raise


def right(context: Context, session: Session, pending: Pending[Request]) -> None:
    """The password was right."""
    give_back(context, session, pending)
    context.state.guess_limits.right(session.address, pending.key, pending.digest, context.limits)


def give_back(context: Context, session: Session, pending: Pending[Request]) -> None:
    """The try was not made, or does not count."""
    if pending.counted:
        guesses, limits = context.state.guess_limits, context.limits
        guesses.give_back(session.address, pending.key, limits, context.monotonic(), shared=session.shared)


def registered(
    context: Context, session: Session, pending: Pending[Register | ChangePassword], secret: str
) -> None:
    """A password was made, so that it is right from where that was done."""
    known = digest(context, pending.key, secret, pending.request.password)
    context.state.guess_limits.right(session.address, pending.key, known, context.limits)


def keep_place(context: Context, session: Session, key: str, now: int) -> Save:
    """Keeps from where the password of `key` was right, so that it is known after the next start as well."""
    return Save(rec.ProvenPlace(key, _place(context, session), now), vital=False)


def _recall(context: Context, session: Session, key: str) -> None:
    """Asks the store whether the password was right from there before this start. Raises StoreError."""
    if not context.state.guess_limits.knows(session.address, key) and context.fetch(
        rec.ProvenPlaceOf(key, _place(context, session))
    ):
        context.state.guess_limits.right_before(session.address, key, context.limits)


def _place(context: Context, session: Session) -> str:
    """What stands for the session's address on disk."""
    return hmac.digest(context.state.cloak_secret, session.address.encode(), hashlib.sha256).hex()[:32]
