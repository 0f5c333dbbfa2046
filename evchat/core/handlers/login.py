"""Who one is: login, registration, other names, leaving."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from evchat.core import records as rec
from evchat.core.effects import Broadcast, Effect, Hangup, Hash, Reply, Save
from evchat.core.errors import Refused
from evchat.core.handlers import authentication, channels, history, monitor, operators, server_bans
from evchat.core.policy import Rules
from evchat.core.rules import passwords, permissions, presence
from evchat.core.state import Pending, Session, User, logged_in
from evchat.protocol import modes, names
from evchat.protocol.authentication import AccountChanged, Authenticate, Pass, Register
from evchat.protocol.base import Request
from evchat.protocol.basics import Done
from evchat.protocol.history import GetInbox
from evchat.protocol.login import (
    ChangeNick,
    Disconnected,
    Introduce,
    LoggedIn,
    LoggedOut,
    Login,
    Logout,
    NickConfirmed,
    Quit,
    Renamed,
)
from evchat.protocol.operators import Oper
from evchat.protocol.people import FormerName

if TYPE_CHECKING:
    from evchat.core.dispatch import Chat


class GuessLimits:
    """Counts wrong passwords per address and name; after too many of them the pair is blocked for a while."""

    _MOST = 10_000
    """Pairs remembered at once; beyond it the oldest are forgotten, so that guessing can't fill the memory."""

    def __init__(self) -> None:
        self._wrong: dict[tuple[str, str], tuple[int, int]] = {}

    def check(self, address: str, key: str, rules: Rules, now: int) -> None:
        """Raises Refused if this address may not try this name at the moment."""
        count, last = self._wrong.get((address, key), (0, 0))
        if now - last >= rules.password_block:
            self._wrong.pop((address, key), None)
        elif count >= rules.password_tries:
            seconds = -(-(rules.password_block - (now - last)) // 1000)
            raise Refused("too-many-tries", f"Too many wrong passwords for {key}. Try again in {seconds} s.")

    def add(self, address: str, key: str, now: int) -> None:
        """Another wrong password."""
        count, _ = self._wrong.pop((address, key), (0, 0))
        self._wrong[address, key] = (count + 1, now)
        while len(self._wrong) > self._MOST:
            del self._wrong[next(iter(self._wrong))]

    def clear(self, address: str, key: str) -> None:
        """The right password was given."""
        self._wrong.pop((address, key), None)


def legal_key(chat: Chat, name: str, *, digit_first: bool = True) -> str:
    """The key of a legal user name. Raises Refused."""
    problem = names.check_user_name(name, unicode_names=chat.rules.unicode_names, digit_first=digit_first)
    if problem:
        raise Refused("bad-name", problem)
    return names.user_key(name)


def login(chat: Chat, session: Session, request: Login, now: int) -> Iterator[Effect]:
    """Takes a free name at once, a registered one after its password was checked."""
    if session.user is not None:
        raise Refused(
            "already-logged-in", f"You are logged in as {session.user.name}. Log out first, or use nick."
        )
    authentication.check_admitted(chat, session)
    key = legal_key(chat, request.name)
    accounts = chat.fetch(rec.AccountOf(key))
    if accounts:
        if not request.password:
            raise Refused(
                "password-needed",
                f"The name {accounts[0].name} is registered. Log in with its password (/login {accounts[0].name} "
                "PASSWORD), or choose another name.",
            )
        chat.guess_limits.check(session.address, key, chat.rules, now)
        session.pending = Pending(request, key)
        yield _check(chat, session, accounts[0], request.password)
        return
    if request.password:
        raise Refused(
            "not-registered",
            f"The name {request.name} is not registered. Log in without a password, then register it.",
        )
    if key in chat.users:
        raise Refused("name-taken", f"The name {request.name} is taken. Choose another one.")
    yield from enter(chat, session, request, request.name, key, account="", now=now)


def register(chat: Chat, session: Session, request: Register, now: int) -> Iterator[Effect]:
    """Gives the name one has a password; in a login in parts, the name that one is about to have."""
    draft = session.draft
    if session.user is None and draft is not None:
        authentication.check_admitted(chat, session)
        account, name = draft.account, draft.name
        if not name:
            raise Refused("bad-name", "Choose a name first.")
    else:
        user = logged_in(session)
        account, name = "" if draft is None else user.who.account, user.name
    key = names.user_key(name)
    if account:
        raise Refused("already-logged-in", f"You are logged in to the account {account} already.", account)
    if request.account and names.user_key(request.account) != key:
        raise Refused("not-allowed", f"You can register the name {name} only.", request.account)
    if session.user is None and key in chat.users:
        raise Refused("already-registered", f"The name {name} is taken. Choose another one.", name)
    if len(request.password) < chat.rules.password_min:
        raise Refused("bad-password", f"A password needs at least {chat.rules.password_min} characters.")
    if chat.fetch(rec.AccountOf(key)):
        raise Refused("already-registered", f"The name {name} is registered already.", name)
    session.pending = Pending(request, key)
    salt = chat.salt(2 * passwords.SALT_BYTES)
    yield Hash(session.sid, partial(passwords.make_account_secret, request.password, salt))


def hashed(chat: Chat, session: Session, pending: Pending, result: object, now: int) -> Iterator[Effect]:
    """Goes on with what waited for a password once the worker has answered."""
    if isinstance(pending.request, Register):
        yield from _registered(chat, session, pending, str(result), now)
        return
    if isinstance(pending.request, Pass):
        # Asked again, as below.
        chat.guess_limits.check(session.address, pending.key, chat.rules, now)
        yield from authentication.admitted(chat, session, pending.request, bool(result), now)
        return
    if isinstance(pending.request, Oper):
        yield from operators.checked(chat, session, pending.request, result, now)
        return
    # Asked again, because many connections may have tried at the same time.
    chat.guess_limits.check(session.address, pending.key, chat.rules, now)
    if not result:
        chat.guess_limits.add(session.address, pending.key, now)
        text = "That is not the password of this name."
        if isinstance(pending.request, Introduce):
            yield from authentication.refuse(session, pending.request, text, now)
            return
        raise Refused("wrong-password", text)
    accounts = chat.fetch(rec.AccountOf(pending.key))
    if not accounts:  # its registration was still to be committed, and could not be
        raise Refused("not-registered", "That name is not registered any more. Log in without a password.")
    chat.guess_limits.clear(session.address, pending.key)
    name = accounts[0].name
    if passwords.verifier(str(result)) and not passwords.verifier(accounts[0].secret):
        yield Save(replace(accounts[0], secret=str(result)), vital=False)
    if isinstance(pending.request, Login):
        yield from enter(chat, session, pending.request, name, pending.key, account=name, now=now)
    else:
        yield from authentication.proved(chat, session, pending.request, name, now)


def check_password(
    chat: Chat,
    session: Session,
    request: Authenticate | Introduce,
    account: rec.Account,
    password: str,
    now: int,
) -> Effect:
    """Has the worker check an account's password; until then the session's requests wait. Raises Refused."""
    chat.guess_limits.check(session.address, account.user, chat.rules, now)
    session.pending = Pending(request, account.user)
    return _check(chat, session, account, password)


def _check(chat: Chat, session: Session, account: rec.Account, password: str) -> Hash:
    salt = chat.salt(passwords.SALT_BYTES)
    return Hash(session.sid, partial(passwords.check, password, account.secret, salt))


def _registered(chat: Chat, session: Session, pending: Pending, secret: str, now: int) -> Iterator[Effect]:
    user, draft = session.user, session.draft
    if user is None and draft is not None:
        yield from authentication.registered(chat, session, pending, secret, now)
        return
    if user is None or user.key != pending.key or chat.fetch(rec.AccountOf(pending.key)):
        raise Refused("already-registered", "That name has been registered or given up in the meantime.")
    before = user.who.account
    user.proved.add(user.key)
    user.who = replace(user.who, account=user.name)
    undo = partial(authentication.disprove, session, user, user.key, before)
    yield Save(rec.Account(user.key, user.name, secret, now), undo)
    text = f"The name {user.name} is yours now. Next time log in with its password."
    yield Reply(session.sid, Done(now, pending.request.id, text, who=user.who))
    yield from presence.changed(chat, user, AccountChanged(now, user.name, who=user.who))


def enter(
    chat: Chat, session: Session, request: Request, name: str, key: str, *, account: str, now: int
) -> Iterator[Effect]:
    """Logs a session in under a name that is free for it; `account` is the one whose password was given."""
    who = authentication.identity(chat, session, account)
    server_bans.check_not_banned(chat, session, name, names.user_key(account), now, who)
    user = chat.users.get(key)
    is_new = user is None
    draft = session.draft
    if user is None:
        user = User(name, key, now)
        user.blocked_by = set(chat.fetch(rec.BlockersOf(key)))
        user.who = who
    start = () if user.sessions else _start(chat, session, user)
    before = channels.look_up(chat, key, user.channels or start)
    unread = chat.fetch(rec.InboxCount(key))[0]
    chat.users[key] = user
    if account:
        user.proved.add(names.user_key(account))
    user.add(session)
    user.active = now
    chat.online_changed(1)
    chat.waiting.pop(session.sid, None)
    chat.most_users = max(chat.most_users, len(chat.users))
    if is_new:
        chat.seen_due[user] = now + chat.rules.seen_every
        for main in start:
            channels.enter(chat, user, main, now)
        yield Save(rec.LastSeen(key, name, now), vital=False)
    session.current = names.MAIN if names.MAIN in user.channels else next(iter(user.channels), None)
    yield Reply(session.sid, _logged_in(chat, session, user, request.id, unread, now))
    share = len(user.channels)
    for channel in user.channels.values():
        known = before[channel.key]
        yield from channels.tell_state(chat, session, channel, known, now, share=share, login=True)
        if is_new:
            yield from channels.announce_join(chat, user, channel, now)
    if unread and draft is not None:
        yield from history.inbox(chat, session, GetInbox(), now)
    if is_new:
        yield from monitor.appeared(chat, user, now)


def _start(chat: Chat, session: Session, user: User) -> tuple[str, ...]:
    """Where a new user starts: in #main, unless the login came in parts, or its modes and bans keep the user out."""
    if session.draft is not None and not chat.rules.everyone_in_main:
        return ()
    main = chat.channels.get(names.MAIN)
    try:
        if main is not None:
            permissions.check_join(main, user, "")
    except Refused:
        return ()
    return (names.MAIN,)


def _logged_in(
    chat: Chat, session: Session, user: User, reply_to: str | None, unread: int, now: int
) -> LoggedIn:
    main = user.channels[session.current] if session.current else None
    counts = None if session.draft is None else chat.counts()
    return LoggedIn(
        now,
        reply_to,
        user.name,
        user.registered,
        main.name if main else "",
        channels.other_names(chat, main, user) if main else (),
        unread,
        "" if session.full else chat.rules.motd,
        len(main.members) if main else 0,
        who=user.who,
        counts=counts,
    )


def logout(chat: Chat, session: Session, request: Logout, now: int) -> Iterator[Effect]:
    """Gives the name up; the connection stays for another login."""
    logged_in(session)
    yield from leave(chat, session, "Logged out.", now)
    yield Reply(session.sid, LoggedOut(now, request.id))


def quit_(chat: Chat, session: Session, request: Quit, now: int) -> Iterator[Effect]:
    """Leaves for good."""
    reason = operators.brief(request.reason)
    yield from leave(chat, session, reason, now)
    yield Reply(session.sid, LoggedOut(now, request.id, closing=True))
    yield Hangup(session.sid, reason or "Quit.")


def leave(chat: Chat, session: Session, reason: str, now: int) -> Iterator[Effect]:
    """Takes the session from its user; the user goes with the last session, and the others are told."""
    user = session.user
    if user is None:
        return
    monitor.forget(chat, session)
    user.remove(session)
    chat.online_changed(-1)
    if user.sessions:
        return
    del chat.users[user.key]
    chat.flags_changed(user)
    chat.name_history.add(user.key, FormerName(user.name, now, user.who), chat.rules.names_remembered)
    chat.seen_due.pop(user, None)
    hearers = chat.peers_of(user)
    where = tuple(c.name for c in user.channels.values() if modes.SECRET not in c.flags)
    gone = Disconnected(now, user.name, reason, where, who=user.who)
    for channel in list(user.channels.values()):
        chat.remember(channel, gone)
        channels.exit_(chat, user, channel)
    yield Save(rec.LastSeen(user.key, user.name, now), vital=False)
    yield Broadcast(gone, hearers)
    yield from monitor.vanished(chat, user, user.key, user.name, now)


def nick(chat: Chat, session: Session, request: ChangeNick, now: int) -> Iterator[Effect]:
    """Takes another name, for all sessions of the user; in a login in parts, the first one."""
    if session.draft is not None and session.user is None:
        yield from authentication.name(chat, session, request, now)
        return
    user = logged_in(session)
    key, old_key = legal_key(chat, request.name, digit_first=session.draft is None), user.key
    if key != user.key:
        if key in chat.users:
            raise Refused("name-taken", f"The name {request.name} is taken. Choose another one.")
        server_bans.check_not_banned(chat, session, request.name, "", now, user.who)
        if key not in user.proved and chat.fetch(rec.AccountOf(key)):
            raise Refused(
                "registered",
                f"The name {request.name} is registered. Log out, then log in with its password.",
            )
        blocked_by = set(chat.fetch(rec.BlockersOf(key)))
        blockings = chat.fetch(rec.BlockingsOf(user.key))
        chat.name_history.add(user.key, FormerName(user.name, now, user.who), chat.rules.names_remembered)
        del chat.users[user.key]
        chat.users[key] = user
        for channel in user.channels.values():
            del channel.members[user.key]
            channel.members[key] = user
        yield Save(rec.LastSeen(user.key, user.name, now), vital=False)
        user.key, user.blocked_by = key, blocked_by
        for blocking in blockings:  # whom one has blocked stays blocked under the new name
            target = chat.users.get(blocking.blocked)
            undo = None
            if target is not None and key not in target.blocked_by:
                target.blocked_by.add(key)
                undo = partial(target.blocked_by.discard, key)
            yield Save(rec.Blocking(key, blocking.blocked, blocking.name, True), undo, vital=False)
    old, user.name = user.name, request.name
    if key != old_key:
        user.named_at = now
    yield Save(rec.LastSeen(key, user.name, now), vital=False)
    yield Reply(session.sid, Done(now, request.id, "", (("name", user.name),)))
    if old != user.name:
        for sid in user.sessions:
            yield Reply(sid, NickConfirmed(now, user.name))
        yield Broadcast(Renamed(now, old, user.name, who=user.who), chat.peers_of(user))
    if key != old_key:
        yield from monitor.vanished(chat, user, old_key, old, now)
        yield from monitor.appeared(chat, user, now)
