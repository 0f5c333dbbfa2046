"""The operators of the server: how one becomes one, what they tell each other, and the log of what they do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from evchat.core import records as rec
from evchat.core.effects import Broadcast, Effect, Fetch, Hangup, Hash, Log, Reply, Save
from evchat.core.errors import Refused, quoted
from evchat.core.rules import passwords
from evchat.core.state import Pending, Session, User, logged_in
from evchat.protocol import names
from evchat.protocol.base import Event
from evchat.protocol.basics import Done, Failed, HungUp, ServerNotice
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

if TYPE_CHECKING:
    from evchat.core.dispatch import Chat

_GUESSED = "an operator"
"""What is guessed at, whatever name is tried: an address has three wrong passwords for all of them together."""

_MOST_REASON = 390
"""Bytes of a reason: as many as of a topic."""


def operates(chat: Chat, user: User) -> bool:
    """Whether a user is an operator of the server, and the settings still name that operator."""
    return bool(user.operator) and any(name == user.operator for name, _ in chat.rules.operators)


def required(chat: Chat, session: Session) -> User:
    """The session's user, who is an operator of the server. Raises Refused."""
    user = logged_in(session)
    if not operates(chat, user):
        raise Refused("not-allowed", "Only operators of the server may do that.")
    return user


def audit(user: User, act: str, target: str, detail: str, now: int) -> Iterator[Effect]:
    """Keeps what an operator did. A full disk does not keep operators from acting: then the log alone tells of it."""
    record = rec.AuditRecord(now, user.operator, act, target, detail)
    yield Save(record, vital=False)
    facts = (("by", record.by), ("name", user.name), ("act", act), ("target", target), ("detail", detail))
    yield Log("operator", facts)


def sentence(text: str) -> str:
    """A reason as one line of a bounded length. Raises Refused."""
    reason = " ".join(text.split())
    if len(reason.encode("utf-8", "replace")) > _MOST_REASON:
        raise Refused("too-long", f"A reason has at most {_MOST_REASON} bytes.")
    return reason


def brief(text: str) -> str:
    """The beginning of a parting word: who goes is not kept from going because it is long."""
    if len(text) * 4 <= _MOST_REASON:
        return text
    return text.encode("utf-8", "replace")[:_MOST_REASON].decode("utf-8", "ignore")


def oper(chat: Chat, session: Session, request: Oper, now: int) -> Iterator[Effect]:
    """Checks the password of an operator of the server."""
    logged_in(session)
    chat.guess_limits.check(session.address, _GUESSED, chat.rules, now)
    # An unknown name takes as long as a known one, so that names can't be found out.
    secret = dict(chat.rules.operators).get(request.name, passwords.NOBODYS)
    session.pending = Pending(request, request.name)
    yield Hash(session.sid, partial(passwords.matches, request.password, secret))


def checked(chat: Chat, session: Session, request: Oper, result: object, now: int) -> Iterator[Effect]:
    """Goes on once the worker has checked the password."""
    user = logged_in(session)
    chat.guess_limits.check(session.address, _GUESSED, chat.rules, now)
    if not result or request.name not in dict(chat.rules.operators):
        chat.guess_limits.add(session.address, _GUESSED, now)
        text = "That is no operator's name and password."
        yield Log("wrong password of an operator", (("name", user.name), ("address", session.address)))
        yield Reply(session.sid, Failed(now, request.id, "wrong-password", text, request=request))
        return
    chat.guess_limits.clear(session.address, _GUESSED)
    user.operator = request.name
    chat.flags_changed(user)
    yield from audit(user, "oper", user.name, session.address, now)
    yield Reply(session.sid, OperGranted(now, request.id, request.name))


def kill(chat: Chat, session: Session, request: Kill, now: int) -> Iterator[Effect]:
    """Puts a user out of the server."""
    user = required(chat, session)
    target = chat.users.get(names.user_key(request.name))
    if target is None:
        raise Refused("no-such-user", f"{quoted(request.name)} is not online.", request.name)
    reason = sentence(request.reason)
    yield Reply(session.sid, Done(now, request.id, f"{target.name} is put out of the server."))
    yield from audit(user, "kill", target.name, reason, now)
    told = f"Killed by {user.name}" + (f": {reason}" if reason else ".")
    yield from hang_up(target.audience, "killed", told, now)


def dismiss(chat: Chat, now: int) -> Iterator[Effect]:
    """The settings have changed: whom they no longer name is no operator any more, and sees no more than others."""
    for user in list(chat.operators):
        if not operates(chat, user):
            user.operator = ""
            chat.flags_changed(user)
            yield Broadcast(ServerNotice(now, "You are no operator of the server any more."), user.audience)
            yield Log("operator dismissed", (("name", user.name),))


def hang_up(sids: tuple[int, ...], code: str, reason: str, now: int) -> Iterator[Effect]:
    """Ends sessions with last words; the others hear the reason."""
    for sid in sids:
        yield Reply(sid, HungUp(now, code, reason))
        yield Hangup(sid, reason)


def wallops(chat: Chat, session: Session, request: Wallops, now: int) -> Iterator[Effect]:
    """Tells the operators, and who listens to them, something."""
    user = required(chat, session)
    text = sentence(request.text)
    if not text:
        raise Refused("empty", "There is nothing in that message.")
    hearers = tuple(
        sid
        for other in chat.users.values()
        if other.wallops or operates(chat, other)
        for sid in other.sessions
    )
    yield from audit(user, "wallops", "", text, now)
    yield Reply(session.sid, Done(now, request.id))
    yield Broadcast(
        Walloped(now, user.name, text, who=user.who), hearers, None if session.echo else session.sid
    )


def list_acts(chat: Chat, session: Session, request: ListAudit, now: int) -> Iterator[Effect]:
    """Tells what the operators did last."""
    required(chat, session)
    wanted = chat.rules.recent_messages if request.limit is None else request.limit
    limit = max(1, min(wanted, chat.rules.history_max))

    def answer(found: list[rec.AuditRecord]) -> Event:
        acts = tuple(AuditEntry(x.at, x.by, x.act, x.target, x.detail) for x in reversed(found))
        return AuditListed(now, request.id, acts)

    yield Fetch(session.sid, rec.RecentAuditRecords(limit), answer, request.id)
