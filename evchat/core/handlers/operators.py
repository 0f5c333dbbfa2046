"""Server operators: becoming one, disconnecting users, messages to all of them, the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from evchat.core import records as rec
from evchat.core import server_queries
from evchat.core.audience import pick
from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Fetch, Hash, Log, Reply
from evchat.core.errors import Refused, quoted
from evchat.core.registry import Handlers
from evchat.core.rules import operators, password_tries, passwords, reasons
from evchat.core.state import Session, logged_in
from evchat.core.unfinished import Pending
from evchat.protocol import names
from evchat.protocol.base import Event
from evchat.protocol.basics import Done, Failed, ServerNotice
from evchat.protocol.operators import (
    AuditEntry,
    AuditListed,
    Kill,
    ListAudit,
    Oper,
    OperGranted,
    Walloped,
    Wallops,
)

handlers = Handlers()


@handlers.on(Oper)
def oper(context: Context, session: Session, request: Oper, now: int) -> Iterator[Effect]:
    """Checks the password of an operator of the server."""
    logged_in(session)
    # An unknown name takes as long as a known one, and as many tries, so that names can't be found out.
    secrets = dict(context.config.operators)
    secret = secrets.get(request.name) or passwords.nobodys(next(iter(secrets.values()), ""))
    key = f"the operator {quoted(request.name)}"
    digest = password_tries.digest(context, key, secret, request.password)
    recognised, counted = password_tries.begin(context, session, key, digest)
    session.pending = Pending(request, key, counted, digest)
    check = partial(bool, True) if recognised else partial(passwords.matches, request.password, secret)
    yield Hash(session.sid, check, session.address)


@handlers.on_hash(Oper)
def _checked(
    context: Context, session: Session, pending: Pending[Oper], right: bool, now: int
) -> Iterator[Effect]:
    """Goes on once the worker has checked the password."""
    request = pending.request
    user = logged_in(session)
    if not right or request.name not in dict(context.config.operators):
        text = "Wrong operator name or password."
        yield Log("wrong password of an operator", (("name", user.name), ("address", session.address)))
        yield Reply(session.sid, Failed(now, request.id, "wrong-password", text, request=request))
        return
    password_tries.right(context, session, pending)
    yield password_tries.keep_place(context, session, pending.key, now)
    user.operator = request.name
    context.state.flags_changed(user)
    yield from operators.audit(user, "oper", user.name, session.address, now)
    yield Reply(session.sid, OperGranted(now, request.id, request.name))


@handlers.on(Kill)
def kill(context: Context, session: Session, request: Kill, now: int) -> Iterator[Effect]:
    """Puts a user out of the server."""
    user = operators.required(context, session)
    target = context.state.users.get(names.user_key(request.name))
    if target is None:
        raise Refused("no-such-user", f"{quoted(request.name)} is not online.", request.name)
    reason = reasons.one_line(request.reason, context.limits)
    yield Reply(session.sid, Done(now, request.id, f"{target.name} was disconnected."))
    yield from operators.audit(user, "kill", target.name, reason, now)
    told = f"Killed by {user.name}" + (f": {reason}" if reason else ".")
    yield from operators.put_out(context, target.places, "killed", told, now)


@handlers.on_limits_changed
def dismiss(context: Context, now: int) -> Iterator[Effect]:
    """The settings have changed: users they no longer name lose operator status and what it lets them see."""
    for user in sorted(context.state.operators, key=lambda user: user.key):  # a set has no order of its own
        if not operators.operates(context, user):
            user.operator = ""
            context.state.flags_changed(user)
            yield Broadcast(ServerNotice(now, "You are no longer a server operator."), user.audience)
            yield Log("operator dismissed", (("name", user.name),))


@handlers.on(Wallops)
def wallops(context: Context, session: Session, request: Wallops, now: int) -> Iterator[Effect]:
    """Tells the operators, and who listens to them, something."""
    user = operators.required(context, session)
    text = reasons.one_line(request.text, context.limits)
    if not text:
        raise Refused("empty", "The message is empty.")
    hearers = pick(
        sid
        for other in context.state.users.values()
        if other.wallops or operators.operates(context, other)
        for sid in other.sids
    )
    yield from operators.audit(user, "wallops", "", text, now)
    yield Reply(session.sid, Done(now, request.id))
    yield Broadcast(
        Walloped(now, user.name, text, who=user.who), hearers, None if session.echo else session.sid
    )


@handlers.on(ListAudit)
def list_acts(context: Context, session: Session, request: ListAudit, now: int) -> Iterator[Effect]:
    """Tells what the operators did last."""
    operators.required(context, session)
    wanted = context.limits.recent_messages if request.limit is None else request.limit
    limit = max(1, min(wanted, context.limits.history_max))

    def answer(found: list[rec.AuditRecord]) -> Event:
        acts = tuple(AuditEntry(x.at, x.by, x.act, x.target, x.detail) for x in reversed(found))
        return AuditListed(now, request.id, acts)

    yield Fetch(session.sid, server_queries.RecentAuditRecords(limit), answer, request.id)
