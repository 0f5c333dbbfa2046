"""Logins that come in parts, proving accounts, and who a user is beside the name."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from evchat.core import records as rec
from evchat.core.effects import Effect, Hangup, Hash, Reply, Save
from evchat.core.errors import Refused
from evchat.core.handlers import login, server_bans
from evchat.core.rules import passwords, presence, scram
from evchat.core.state import Draft, Pending, Session, User, logged_in
from evchat.protocol import names
from evchat.protocol.authentication import (
    AccountChanged,
    Authenticate,
    Authenticated,
    Pass,
    Register,
    Scram,
    ScramChallenge,
)
from evchat.protocol.base import Identity, Request
from evchat.protocol.basics import Done, Failed, HungUp, LocalReply, ReplyLocally
from evchat.protocol.login import ChangeNick, Introduce, Login

if TYPE_CHECKING:
    from evchat.core.dispatch import Chat

_SERVER = "this server"
"""What the wrong passwords for the server itself are counted under: no user's name."""

_NOBODY = "names without an account"
"""What the passwords for names that nobody has registered are counted under."""

_MOST_USERNAME = 16
_MOST_REALNAME = 150
"""Bytes of what a client says of its user: it stands in lines of at most 512 bytes."""


# ---- who one is -----------------------------------------------------------------------------------------------


def cloak(secret: bytes, address: str) -> str:
    """What stands for an address without telling it: the same one for the same address, for as long as the secret."""
    digest = hmac.digest(secret, address.encode("utf-8", "replace"), hashlib.sha256)
    return b32encode(digest[:10]).decode("ascii").lower()


def identity(chat: Chat, session: Session, account: str) -> Identity:
    """Who somebody is who logs in through this session."""
    draft = session.draft or Draft()
    host = f"{cloak(chat.cloak_secret, session.address)}.cloak"
    return Identity(draft.username or "user", host, draft.realname, account)


# ---- the server's password ------------------------------------------------------------------------------------


def pass_(chat: Chat, session: Session, request: Pass, now: int) -> Iterator[Effect]:
    """Takes the server's password, or for a login in parts that of an account."""
    if session.user is not None:
        raise Refused("already-logged-in", "You are logged in already.")
    if session.draft is not None:
        session.draft.password = request.password
        return
    if not chat.rules.password:
        raise Refused("bad-request", "This server has no password.")
    yield from _admit(chat, session, request, now)


def _admit(chat: Chat, session: Session, request: Pass, now: int) -> Iterator[Effect]:
    """Compares the server's password with the one given; where a secret of it is kept, the worker does."""
    chat.guess_limits.check(session.address, _SERVER, chat.rules, now)
    wanted, given = chat.rules.password, request.password
    if passwords.is_secret(wanted):
        session.pending = Pending(request, _SERVER)
        yield Hash(session.sid, partial(passwords.matches, given, wanted))
        return
    right = hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))
    yield from admitted(chat, session, request, right, now)


def admitted(chat: Chat, session: Session, request: Pass, right: bool, now: int) -> Iterator[Effect]:
    """Goes on once it is known whether the server's password was given."""
    session.admitted = right
    text = "That is not this server's password."
    if not right:
        chat.guess_limits.add(session.address, _SERVER, now)
    if session.draft is not None:
        yield from _go_on(chat, session, request, now) if right else refuse(session, request, text, now)
    elif right:
        yield Reply(session.sid, Done(now, request.id, "That is the password. Log in now."))
    else:
        raise Refused("wrong-password", text)


def check_admitted(chat: Chat, session: Session) -> None:
    """Raises Refused for who has not given the server's password, if it has one."""
    if chat.rules.password and not session.admitted:
        raise Refused("server-password", "This server has a password. Give it first (/pass PASSWORD).")


# ---- a login in parts -----------------------------------------------------------------------------------------


def introduce(chat: Chat, session: Session, request: Introduce, now: int) -> Iterable[Effect]:
    """Takes a part of a login; the last one logs in."""
    if session.user is not None:
        if request.username is not None:
            raise Refused("already-logged-in", "You are logged in already.")
        return ()
    if session.draft is None:
        session.draft, session.echo = Draft(), False
    draft = session.draft
    if request.username is not None:
        draft.username = _cut(request.username, _MOST_USERNAME)
        draft.realname = _cut(request.realname or "", _MOST_REALNAME)
    if request.hold is not None:
        draft.held = request.hold
    return _go_on(chat, session, request, now)


def _cut(text: str, most: int) -> str:
    return text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")


def name(chat: Chat, session: Session, request: ChangeNick, now: int) -> Iterable[Effect]:
    """Takes the name of a login in parts: one that is free, or an account's whose password may still come."""
    draft = session.draft
    assert draft is not None
    login.legal_key(chat, request.name, digit_first=False)
    draft.name = request.name  # whether it is free is found out when the login is complete
    return _go_on(chat, session, request, now)


def _go_on(
    chat: Chat, session: Session, request: Introduce | ChangeNick | Pass, now: int
) -> Iterable[Effect]:
    draft = session.draft
    assert draft is not None
    if not draft.name or not draft.username or draft.held:
        return ()
    if chat.rules.password and not session.admitted:
        if not draft.password:
            return refuse(session, request, "This server has a password.", now)
        return _admit(chat, session, Pass(draft.password, id=request.id), now)
    if draft.password and not chat.rules.password and not draft.account:
        given = _account(chat, draft)
        if given is not None:
            account, password = given
            waiting = Introduce(id=request.id)
            return (login.check_password(chat, session, waiting, account, password, now),)
    return _enter(chat, session, request, now)


def _account(chat: Chat, draft: Draft) -> tuple[rec.Account, str] | None:
    """The account that the password of a login in parts is for: `account:password`, or the name's own."""
    before, colon, after = draft.password.partition(":")
    for name_, password in (
        ((before, after), (draft.name, draft.password)) if colon else ((draft.name, draft.password),)
    ):
        if names.check_user_name(name_, unicode_names=True) is None:
            for account in chat.fetch(rec.AccountOf(names.user_key(name_))):
                return account, password
    return None


def _enter(chat: Chat, session: Session, request: Request, now: int) -> Iterator[Effect]:
    draft = session.draft
    assert draft is not None
    wanted, draft.name = draft.name, ""  # until it is had: another one is to be chosen otherwise
    key = names.user_key(wanted)
    proved = names.user_key(draft.account) == key
    if not proved and chat.fetch(rec.AccountOf(key)):
        raise Refused(
            "registered",
            f"The name {wanted} is registered. Log in to its account, or choose another one.",
            wanted,
        )
    if not proved and key in chat.users and not _same(chat.users[key].who.account, draft.account):
        raise Refused("name-taken", f"The name {wanted} is taken. Choose another one.", wanted)
    try:
        effects = list(login.enter(chat, session, request, wanted, key, account=draft.account, now=now))
    except Refused as problem:
        if problem.code != "banished":
            raise
        effects = list(refuse(session, request, problem.text, now, code=problem.code))
    yield from effects
    draft.name = wanted


def _same(account: str, proved_account: str) -> bool:
    """Whether somebody online is the one whose password was given, under whatever name."""
    return bool(account) and names.user_key(account) == names.user_key(proved_account)


def registered(chat: Chat, session: Session, pending: Pending, secret: str, now: int) -> Iterator[Effect]:
    """Goes on with a registration before the login is complete: the name is an account, and proved."""
    draft = session.draft
    assert draft is not None
    key, wanted = pending.key, draft.name
    if names.user_key(wanted) != key or key in chat.users or chat.fetch(rec.AccountOf(key)):
        raise Refused("already-registered", "That name was taken in the meantime.", wanted)
    who = identity(chat, session, wanted)
    server_bans.check_not_banned(chat, session, wanted, key, now, who)
    draft.account = wanted
    yield Save(rec.Account(key, wanted, secret, now), partial(disprove, session, None, key, ""))
    text = f"The name {wanted} is yours now. Next time log in with its password."
    yield Reply(session.sid, Done(now, pending.request.id, text, who=who))


def disprove(session: Session, user: User | None, key: str, before: str) -> None:
    """Undoes the registration of account `key` by a user, or a login in parts that may be complete by now.

    `before` is the account (its name) that was proved before, empty for none.
    """
    if user is None:
        assert session.draft is not None
        session.draft.account = before
        user = session.user
    if user is not None:
        user.proved.discard(key)
        user.who = replace(user.who, account=before)


def refuse(
    session: Session, request: Request, reason: str, now: int, *, code: str = "wrong-password"
) -> Iterator[Effect]:
    """Ends a login in parts that can't go on, and the connection with it."""
    yield Reply(session.sid, Failed(now, request.id, code, reason, request=request))
    yield Reply(session.sid, HungUp(now, code, reason))
    yield Hangup(session.sid, reason)


# ---- accounts -------------------------------------------------------------------------------------------------


def authenticate(chat: Chat, session: Session, request: Authenticate, now: int) -> Iterator[Effect]:
    """Proves that an account is one's own, before or after the login."""
    if session.draft is None:
        logged_in(session)
    key = names.user_key(request.account)
    found = (
        chat.fetch(rec.AccountOf(key))
        if names.check_user_name(request.account, unicode_names=True) is None
        else []
    )
    if not found:
        # Counted together, or who tries thousands of names would make room for more tries at another one.
        chat.guess_limits.check(session.address, _NOBODY, chat.rules, now)
        chat.guess_limits.add(session.address, _NOBODY, now)
        raise Refused("wrong-password", "There is no such account, or that is not its password.")
    yield login.check_password(chat, session, request, found[0], request.password, now)


def scram_(chat: Chat, session: Session, request: Scram, now: int) -> Iterator[Effect]:
    """The same without saying the password: one step of an exchange, in which each answers the other."""
    if session.draft is None:
        logged_in(session)
    exchange = None if request.step == 1 else session.exchange
    session.exchange = None
    if request.step == 1:
        exchange = _challenged(chat, session, request.text, now)
        session.exchange = exchange
        yield Reply(session.sid, ScramChallenge(now, request.id, exchange.challenge))
        return
    if exchange is None or (request.step == 3) is not exchange.proved:
        raise Refused("wrong-password", "Begin with the first step.")
    key = names.user_key(exchange.account)
    chat.guess_limits.check(session.address, key, chat.rules, now)
    if not chat.fetch(rec.AccountOf(key)):  # its registration was still to be committed, and could not be
        raise Refused("wrong-password", "There is no such account any more.")
    if request.step == 3:
        yield from proved(chat, session, request, exchange.account, now)
        return
    answer = exchange.answer(request.text)
    if answer is None:
        chat.guess_limits.add(session.address, key, now)
        raise Refused("wrong-password", "That is not the password of this account.")
    chat.guess_limits.clear(session.address, key)
    session.exchange = exchange
    yield Reply(session.sid, ScramChallenge(now, request.id, answer))


def _challenged(chat: Chat, session: Session, text: str, now: int) -> scram.Exchange:
    first = scram.read_first(text)
    found: list[rec.Account] = []
    if first is not None and names.check_user_name(first.name, unicode_names=True) is None:
        key = names.user_key(first.name)
        chat.guess_limits.check(session.address, key, chat.rules, now)
        found = chat.fetch(rec.AccountOf(key))
    verifier = passwords.verifier(found[0].secret) if found else ""
    if first is None or not verifier:
        raise Refused("wrong-password", "There is no such account, or its password must be said once before.")
    return scram.Exchange(found[0].name, verifier, first, chat.salt(scram.NONCE_BYTES))


def proved(
    chat: Chat,
    session: Session,
    request: Login | Register | Authenticate | Introduce | Scram,
    account: str,
    now: int,
) -> Iterator[Effect]:
    """Goes on once the password of an account was found to be right."""
    user, draft = session.user, session.draft
    if user is not None:
        server_bans.check_not_banned(chat, session, user.name, names.user_key(account), now, user.who)
        user.proved.add(names.user_key(account))
        user.who = replace(user.who, account=account)
    elif draft is not None:
        draft.account = account
    yield Reply(
        session.sid,
        Authenticated(
            now,
            request.id,
            account,
            user.name if user else "",
            who=user.who if user else identity(chat, session, account),
        ),
    )
    if user is not None:
        yield from presence.changed(chat, user, AccountChanged(now, user.name, who=user.who))
    elif isinstance(request, Introduce):
        yield from _go_on(chat, session, request, now)


def aside(chat: Chat, session: Session, request: ReplyLocally, now: int) -> Iterator[Effect]:
    """What a dialect tells its own client, in its turn."""
    yield Reply(session.sid, LocalReply(now, request.payload))
