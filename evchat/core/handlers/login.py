"""Login, also in parts; other names; logout and quit."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Hangup, Hash, Reply, Save
from evchat.core.errors import Refused
from evchat.core.registry import Handlers
from evchat.core.rules import (
    authentication,
    free_names,
    own_actions,
    password_tries,
    passwords,
    people,
    permissions,
    presence,
    reasons,
    server_bans,
)
from evchat.core.rules.login import enter, give_up, leave, resume
from evchat.core.state import Session, User, logged_in
from evchat.core.store import StoreError
from evchat.core.unfinished import Draft, Pending
from evchat.protocol import names
from evchat.protocol.authentication import Pass
from evchat.protocol.base import Request
from evchat.protocol.basics import Done, Failed, HungUp
from evchat.protocol.login import (
    ChangeNick,
    Introduce,
    LoggedOut,
    Login,
    Logout,
    NickConfirmed,
    Quit,
    Renamed,
)
from evchat.protocol.people import FormerName
from evchat.protocol.typed_lines import NamePrompt

handlers = Handlers()


@handlers.on(Login)
def login(context: Context, session: Session, request: Login, now: int) -> Iterator[Effect]:
    """Takes a free name at once, a registered one after its password was checked."""
    if session.user is not None:
        raise Refused(
            "already-logged-in",
            f"You are logged in as {session.user.name} already. /nick NAME changes your name.",
        )
    if session.asked is not None:
        session.asked.name = request.name if context.config.password and not session.admitted else ""
        session.asked.server = bool(session.asked.name)
    authentication.check_admitted(context, session)
    if request.resume and session.full:
        yield from resume(context, session, request, request.resume, now)
        return
    key = authentication.legal_key(context, request.name)
    accounts = context.fetch(rec.AccountOf(key))
    if accounts:
        authentication.check_not_retired(accounts[0])
        if session.asked is not None:
            session.asked.name = accounts[0].name
        if not request.password:
            raise Refused(
                "password-needed",
                f"The name {accounts[0].name} is registered. Give its password, or choose another name.",
            )
        yield authentication.check_password(context, session, request, accounts[0], request.password, now)
        return
    authentication.check_not_reserved(context, key)
    if request.password:
        raise Refused(
            "not-registered",
            f"The name {request.name} is not registered. Log in without a password, then register it.",
        )
    if key in context.state.users:
        raise free_names.taken(context, request.name)
    yield from enter(context, session, request, request.name, key, account="", now=now)


@handlers.on_hash(Login)
def _password_checked(
    context: Context, session: Session, pending: Pending[Login], secret: str, now: int
) -> Iterator[Effect]:
    account = authentication.proven_account(context, session, pending, secret, now)
    yield from authentication.keep_proof(context, session, account, secret, now)
    yield from enter(
        context, session, pending.request, account.name, pending.key, account=account.name, now=now
    )


@handlers.on_tick
def _give_up(context: Context, now: int) -> Iterator[Effect]:
    return give_up(context, now)


@handlers.on(Logout)
def logout(context: Context, session: Session, request: Logout, now: int) -> Iterator[Effect]:
    """Gives the name up; the connection stays for another login."""
    logged_in(session)
    yield from leave(context, session, "Logged out.", now)
    yield Reply(session.sid, LoggedOut(now, request.id))


@handlers.on(Quit)
def quit_(context: Context, session: Session, request: Quit, now: int) -> Iterator[Effect]:
    """Leaves for good, with parting words that are told as such: by themselves they could pass for the server's."""
    said = reasons.shortened(request.reason, context.limits)
    if session.user is not None and permissions.is_silenced_anywhere(session.user):
        said = ""
    reason = f"Quit: {said}" if said else ""
    yield from leave(context, session, reason, now)
    yield Reply(session.sid, LoggedOut(now, request.id, closing=True))
    yield Hangup(session.sid, reason or "Quit.")


@handlers.on(ChangeNick)
def nick(context: Context, session: Session, request: ChangeNick, now: int) -> Iterator[Effect]:
    """Takes another name, for all sessions of the user; in a login in parts, the first one."""
    if session.draft is not None and session.user is None:
        yield from _draft_name(context, session, session.draft, request, now)
        return
    user = logged_in(session)
    key, old_key = (
        authentication.legal_key(context, request.name, digit_first=not session.expects.letter_first),
        user.key,
    )
    if key != user.key:
        if key in context.state.users:
            raise free_names.taken(context, request.name)
        server_bans.check_not_banned(context, session, request.name, "", now, user.who)
        permissions.check_rename(user)
        if key not in user.proved:
            for account in context.fetch(rec.AccountOf(key)):
                authentication.check_not_retired(account)
                raise Refused(
                    "registered",
                    f"The name {request.name} is registered. Log out, then log in with its password.",
                )
            authentication.check_not_reserved(context, key)
        blocked_by = frozenset(context.fetch(rec.BlockersOf(key)))
        blockings = context.fetch(rec.BlockingsOf(user.key))
        context.state.name_history.add(
            user.key, FormerName(user.name, now, user.who), context.limits.names_remembered
        )
        del context.state.users[user.key]
        context.state.users[key] = user
        yield Save(rec.LastSeen(user.key, user.name, now), vital=False)
        people.remember_name(context, user)
        people.forget_name(context, user, key)
        for channel in user.channels.values():
            channel.rename(user, key, request.name)
        user.key = key
        user.blocked_by |= blocked_by  # who has blocked the former name has blocked this user
        user.changed()
        for blocking in blockings:  # whom one has blocked stays blocked under the new name
            targets = [
                target
                for target in people.known_as(context, blocking.blocked)
                if key not in target.blocked_by
            ]
            for target in targets:
                target.blocked_by |= {key}
            undo = partial(_unblock, targets, key)
            yield Save(rec.Blocking(key, blocking.blocked, blocking.name, True), undo, vital=False)
    else:
        for channel in user.channels.values():
            channel.rename(user, key, request.name)
    old, user.name = user.name, request.name
    if key != old_key:
        user.named_at, user.named_monotonic = now, context.monotonic()
    yield Save(rec.LastSeen(key, user.name, now), vital=False)
    yield Reply(session.sid, Done(now, request.id, "", (("name", user.name),)))
    if old != user.name:
        for sid in user.sids:
            yield Reply(sid, NickConfirmed(now, user.name))
        renamed = Renamed(now, old, user.name, who=user.who)
        yield from own_actions.tell(session, renamed, context.peers_of(user))
    if key != old_key:
        yield from presence.vanished(context, user, old_key, old, now)
        yield from presence.appeared(context, user, now)


def _unblock(targets: list[User], key: str) -> None:
    for target in targets:
        target.blocked_by -= {key}


_SERVER = "this server"
"""What the wrong passwords for the server itself are counted under: no user's name. Everybody at an address gives the
same one, so the address has all its tries for it."""


@handlers.on(Pass)
def pass_(context: Context, session: Session, request: Pass, now: int) -> Iterator[Effect]:
    """Takes the server's password, or for a login in parts that of an account."""
    if session.user is not None:
        raise Refused("already-logged-in", "You are logged in already.")
    if session.draft is not None:
        session.draft.password = request.password
        return
    if not context.config.password:
        raise Refused("bad-request", "This server has no password.")
    yield from _admit(context, session, request, now)


def _admit(context: Context, session: Session, request: Pass, now: int) -> Iterator[Effect]:
    """Compares the server's password with the one given; where a secret of it is kept, the worker does."""
    wanted, given = context.config.password, request.password
    digest = password_tries.digest(context, _SERVER, wanted, given)
    most = context.limits.password_site_tries
    recognised, counted = password_tries.begin(context, session, _SERVER, digest, most=most)
    pending = Pending(request, _SERVER, counted, digest)
    if recognised:
        yield from _admitted(context, session, pending, True, now)
    elif passwords.is_secret(wanted):
        session.pending = pending
        yield Hash(session.sid, partial(passwords.matches, given, wanted), session.address)
    else:
        right = hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))
        yield from _admitted(context, session, pending, right, now)


@handlers.on_hash(Pass)
def _server_password_checked(
    context: Context, session: Session, pending: Pending[Pass], right: bool, now: int
) -> Iterator[Effect]:
    effects = _admitted(context, session, pending, right, now)
    yield from effects if session.draft is None else _with_draft(session, session.draft.copy(), effects)


def _admitted(
    context: Context, session: Session, pending: Pending[Pass], right: bool, now: int
) -> Iterator[Effect]:
    """Goes on once it is known whether the server's password was given."""
    request = pending.request
    session.admitted = right
    text = "Wrong server password."
    if right:
        password_tries.right(context, session, pending)
        yield password_tries.keep_place(context, session, pending.key, now)
    if session.draft is not None:
        yield from _go_on(context, session, request, now) if right else _refuse(session, request, text, now)
    elif right:
        yield Reply(session.sid, Done(now, request.id, "Password accepted. Log in now."))
        if session.asked is not None:
            name, session.asked.name, session.asked.server = session.asked.name, "", False
            # Someone who typed the password first, before it was asked for, has not given a name yet.
            if name and name != request.password:
                yield from login(context, session, Login(name), now)
            else:
                yield Reply(session.sid, NamePrompt(now, context.config.name))
    else:
        raise Refused("wrong-password", text)


@handlers.on(Introduce)
def introduce(context: Context, session: Session, request: Introduce, now: int) -> Iterable[Effect]:
    """Takes a part of a login; the last one logs in."""
    if session.user is not None:
        if request.username is not None:
            raise Refused("already-logged-in", "You are logged in already.")
        return ()
    draft = session.draft.copy() if session.draft else Draft()
    if request.username is not None:
        draft.username = _cut(request.username, context.limits.max_username_bytes)
        draft.realname = _cut(request.realname or "", context.limits.max_realname_bytes)
    if request.hold is not None:
        draft.held = request.hold
    if request.expects is not None:
        session.expects = request.expects
    return _with_draft(session, draft, _go_on(context, session, request, now))


def _with_draft(session: Session, draft: Draft, effects: Iterable[Effect]) -> list[Effect]:
    """Goes on with a login in parts, of which `draft` is what is known now; `effects` are yet to be computed.

    If the store can't be read, the session is as it was before, so that the client can send the same part again.
    """
    before = session.draft, session.echo, session.admitted
    session.draft, session.echo = draft, False
    try:
        return list(effects)
    except StoreError:
        session.draft, session.echo, session.admitted = before
        raise


def _cut(text: str, most: int) -> str:
    return text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")


def _draft_name(
    context: Context, session: Session, draft: Draft, request: ChangeNick, now: int
) -> Iterable[Effect]:
    """Takes the name of a login in parts: one that is free, or an account's whose password may still come."""
    key = authentication.legal_key(context, request.name, digit_first=not session.expects.letter_first)
    if key in context.reserved and not context.fetch(rec.AccountOf(key)):
        authentication.check_not_reserved(context, key)
    # Whether the name is free is found out when the login is complete.
    named = draft.copy()
    named.name = request.name
    return _with_draft(session, named, _go_on(context, session, request, now))


def _go_on(
    context: Context, session: Session, request: Introduce | ChangeNick | Pass, now: int
) -> Iterator[Effect]:
    """Logs in if the draft is complete, once the passwords in it were checked."""
    draft = session.draft
    assert draft is not None
    if not draft.name or not draft.username or draft.held:
        return
    if context.config.password and not session.admitted:
        if draft.password:
            yield from _admit(context, session, Pass(draft.password, id=request.id), now)
        else:
            yield from _refuse(session, request, "This server has a password.", now)
        return
    if draft.password and not context.config.password and not draft.account:
        given = _account(context, draft)
        if given is not None:
            account, password = given
            waiting = Introduce(id=request.id)
            yield authentication.check_password(context, session, waiting, account, password, now)
            return
    yield from _enter_draft(context, session, request, now)


@handlers.on_hash(Introduce)
def _draft_password_checked(
    context: Context, session: Session, pending: Pending[Introduce], secret: str, now: int
) -> Iterable[Effect]:
    draft = session.draft
    assert draft is not None
    try:
        account = authentication.proven_account(context, session, pending, secret, now)
    except Refused as problem:
        if problem.code != "wrong-password":
            raise
        return _refuse(session, pending.request, problem.text, now)
    effects = (
        authentication.keep_proof(context, session, account, secret, now),
        authentication.prove(context, session, pending.request, account.name, now),
        _go_on(context, session, pending.request, now),
    )
    return _with_draft(session, draft.copy(), chain.from_iterable(effects))


def _account(context: Context, draft: Draft) -> tuple[rec.Account, str] | None:
    """The account that the password of a login in parts is for: `account:password`, or the name's own."""
    before, colon, after = draft.password.partition(":")
    for name_, password in (
        ((before, after), (draft.name, draft.password)) if colon else ((draft.name, draft.password),)
    ):
        if names.check_user_name(name_, unicode_names=True) is None:
            for account in context.fetch(rec.AccountOf(names.user_key(name_))):
                return account, password
    return None


def _enter_draft(context: Context, session: Session, request: Request, now: int) -> Iterator[Effect]:
    draft = session.draft
    assert draft is not None
    wanted, draft.name = draft.name, ""  # until it is had: another one is to be chosen otherwise
    key = names.user_key(wanted)
    proved = names.user_key(draft.account) == key
    for account in () if proved else context.fetch(rec.AccountOf(key)):
        authentication.check_not_retired(account)
        raise Refused(
            "registered",
            f"The name {wanted} is registered. Log in to its account, or choose another one.",
            wanted,
        )
    if (
        not proved
        and key in context.state.users
        and not _same(context.state.users[key].who.account, draft.account)
    ):
        raise free_names.taken(context, wanted, wanted)
    try:
        effects = list(enter(context, session, request, wanted, key, account=draft.account, now=now))
    except Refused as problem:
        if problem.code not in ("banished", "accounts-only"):
            raise
        effects = list(_refuse(session, request, problem.text, now, code=problem.code))
    yield from effects
    draft.name = wanted


def _same(account: str, proved_account: str) -> bool:
    """Whether somebody online is the one whose password was given, under whatever name."""
    return bool(account) and names.user_key(account) == names.user_key(proved_account)


def _refuse(
    session: Session, request: Request, reason: str, now: int, *, code: str = "wrong-password"
) -> Iterator[Effect]:
    """Ends a login in parts that can't go on, and the connection with it."""
    yield Reply(session.sid, Failed(now, request.id, code, reason, request=request))
    yield Reply(session.sid, HungUp(now, code, reason))
    yield Hangup(session.sid, reason)
