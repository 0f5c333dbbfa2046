"""The powers of server operators, and the record of their actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Hangup, Log, Reply, Save
from evchat.core.errors import Refused
from evchat.core.rules import absence
from evchat.core.state import Absence, Session, User, logged_in
from evchat.protocol.basics import HungUp


def operates(context: Context, user: User) -> bool:
    """Whether a user is an operator of the server, and the settings still name that operator."""
    return bool(user.operator) and any(name == user.operator for name, _ in context.config.operators)


def required(context: Context, session: Session) -> User:
    """The session's user, who is an operator of the server, or its administrator.

    Raises Refused (not-logged-in, not-allowed).
    """
    if session.administrator is not None:
        return session.administrator
    user = logged_in(session)
    if not operates(context, user):
        raise Refused("not-allowed", "Only operators of the server may do that.")
    return user


def audit(user: User, act: str, target: str, detail: str, now: int) -> Iterator[Effect]:
    """Keeps what an operator did. A full disk does not keep operators from acting: then the log alone tells of it."""
    record = rec.AuditRecord(now, user.operator, act, target, detail)
    yield Save(record, vital=False)
    facts = (("by", record.by), ("name", user.name), ("act", act), ("target", target), ("detail", detail))
    yield Log("operator", facts)


def put_out(
    context: Context, places: Iterable[Session | Absence], code: str, reason: str, now: int
) -> Iterator[Effect]:
    """Ends sessions with last words, also those that were lost; the others hear the reason."""
    for place in places:
        if isinstance(place, Absence):
            absence.cut_short(context, place, reason)
        else:
            yield Reply(place.sid, HungUp(now, code, reason))
            yield Hangup(place.sid, reason)
