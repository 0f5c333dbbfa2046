"""Making, listing and revoking invitation codes."""

from __future__ import annotations

from collections.abc import Iterator

from evchat.core import records as rec
from evchat.core import server_queries
from evchat.core.context import Context
from evchat.core.effects import Effect, Reply, Save
from evchat.core.errors import Refused
from evchat.core.registry import Handlers
from evchat.core.rules import invitation_codes, operators
from evchat.core.state import Session
from evchat.protocol.basics import Done
from evchat.protocol.invitation_codes import (
    ListInvitationCodes,
    MakeInvitationCode,
    RevokeInvitationCode,
)

handlers = Handlers()

_DAY = 24 * 3_600_000
_MARK = 8
"""Characters of a hash by which people tell codes apart."""


@handlers.on(MakeInvitationCode)
def make(context: Context, session: Session, request: MakeInvitationCode, now: int) -> Iterator[Effect]:
    """Makes a code, which is told once and not kept."""
    user, limits = operators.required(context, session), context.limits
    kept = context.fetch(server_queries.AllInvitationCodes())
    if len([one for one in kept if one.until > now]) >= limits.max_invitation_codes:
        raise Refused(
            "list-full", f"There are {len(kept)} invitation codes. Revoke one: /invitecodes lists them."
        )
    uses = max(1, min(request.uses, limits.max_invitation_uses))
    days = max(1, min(request.days, limits.max_invitation_days))
    code = invitation_codes.write(context.salt(invitation_codes.BYTES))
    until = now + days * _DAY
    yield from invitation_codes.forget_old(context, now)
    yield Save(rec.InvitationCode(invitation_codes.digest(code), user.name, now, until, uses))
    lasts = f"{_count(uses, 'person', 'people')} can register with it, for {_count(days, 'day', 'days')}"
    facts = (("code", code), ("uses", uses), ("until", until))
    yield Reply(session.sid, Done(now, request.id, f"The invitation code is {code}. {lasts}.", facts))
    yield from operators.audit(user, "invitecode", "", lasts, now)


@handlers.on(ListInvitationCodes)
def list_codes(
    context: Context, session: Session, request: ListInvitationCodes, now: int
) -> Iterator[Effect]:
    """Lists the codes by their marks."""
    operators.required(context, session)
    kept = [one for one in context.fetch(server_queries.AllInvitationCodes()) if one.until > now]
    rows = [
        {"code": one.digest[:_MARK], "by": one.by, "at": one.at, "until": one.until, "uses": one.uses}
        for one in kept
    ]
    told = [
        f"{one.digest[:_MARK]}: {_count(one.uses, 'use', 'uses')}, "
        f"{_count(1 + (one.until - now) // _DAY, 'day', 'days')}, by {one.by}"
        for one in kept
    ]
    text = f"{'; '.join(told)}." if told else "There are no invitation codes."
    yield Reply(session.sid, Done(now, request.id, text, (("codes", rows),)))


@handlers.on(RevokeInvitationCode)
def revoke(context: Context, session: Session, request: RevokeInvitationCode, now: int) -> Iterator[Effect]:
    """Revokes a code, given by itself or by its mark."""
    user, code = operators.required(context, session), request.code.lower()
    digest = invitation_codes.digest(request.code)
    for one in context.fetch(server_queries.AllInvitationCodes()):
        if one.digest == digest or one.digest[:_MARK] == code:
            yield Save(rec.InvitationCode(one.digest, one.by, one.at, one.until, 0))
            yield Reply(
                session.sid, Done(now, request.id, f"The invitation code {one.digest[:_MARK]} is revoked.")
            )
            yield from operators.audit(user, "revokecode", one.digest[:_MARK], "", now)
            return
    raise Refused("invite-unknown", "There is no such invitation code. /invitecodes lists them.")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
