"""Users' identities beside the name, and how they prove them."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, partial

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Hash, Reply, Save
from evchat.core.errors import Refused
from evchat.core.rules import (
    kept_channels,
    membership,
    metadata,
    password_tries,
    passwords,
    presence,
    server_bans,
)
from evchat.core.state import Session, User, logged_in
from evchat.core.unfinished import Draft, Pending
from evchat.protocol import names
from evchat.protocol.authentication import (
    AccountChanged,
    Authenticate,
    Authenticated,
    ChangePassword,
    Register,
    Scram,
    Unregister,
)
from evchat.protocol.base import Identity, Request
from evchat.protocol.certificates import AuthenticateByCertificate
from evchat.protocol.login import Introduce, Login
from evchat.protocol.retention import Erase


@lru_cache(maxsize=1024)
def cloak(secret: bytes, address: str) -> str:
    """What stands for an address without telling it: the same one for the same address, for as long as the secret."""
    digest = hmac.digest(secret, address.encode("utf-8", "replace"), hashlib.sha256)
    return f"{b32encode(digest[:10]).decode('ascii').lower()}.cloak"


def identity(context: Context, session: Session, account: str) -> Identity:
    """The identity of a user who logs in through this session."""
    draft = session.draft or Draft()
    host = cloak(context.state.cloak_secret, session.address)
    return Identity(draft.username or "user", host, draft.realname, account)


def check_admitted(context: Context, session: Session) -> None:
    """Raises Refused (server-password) for who has not given the server's password, if it has one."""
    if context.config.password and not session.admitted:
        raise Refused("server-password", "This server has a password, which must be given first.")


def check_guest(context: Context, account: str) -> None:
    """Raises Refused (accounts-only) for who is in no account, where guests may not log in."""
    if not account and not context.config.guests:
        raise Refused(
            "accounts-only", "This server is for accounts only. Log in with a name and its password."
        )


def prove(
    context: Context,
    session: Session,
    request: Login | Register | Authenticate | AuthenticateByCertificate | Introduce | Scram,
    account: str,
    now: int,
) -> Iterator[Effect]:
    """An account was proved, by its password or a certificate: the session's user, or its login, has it from now on."""
    user, draft = session.user, session.draft
    if user is not None:
        server_bans.check_not_banned(context, session, user.name, names.user_key(account), now, user.who)
        user.metadata = metadata.look_up(context, names.user_key(account)) or user.metadata
        user.proved |= {names.user_key(account)}
        user.identify(replace(user.who, account=account))
        yield from kept_channels.all_of(context, user)
    elif draft is not None:
        draft.account = account
    yield Reply(
        session.sid,
        Authenticated(
            now,
            request.id,
            account,
            user.name if user else "",
            who=user.who if user else identity(context, session, account),
        ),
    )
    if user is not None:
        told = AccountChanged(now, user.name, who=user.who)
        yield Reply(session.sid, told)
        yield from presence.changed(context, user, told, session)
        yield from membership.tell_appointed(user, membership.appoint(user), now)


def own_account(context: Context, user: User) -> rec.Account:
    """The account that the user is logged in to. Raises Refused (not-registered)."""
    key = names.user_key(user.who.account)
    accounts: list[rec.Account] = context.fetch(rec.AccountOf(key)) if key else []
    if not accounts or not accounts[0].secret:
        raise Refused("not-registered", "You are not logged in to an account. /register registers your name.")
    return accounts[0]


def without_certificates(context: Context, key: str) -> Iterator[Effect]:
    """Removes the certificates of account `key`: whoever has one of them can't log in by it any more."""
    for kept in context.fetch(rec.CertificatesOf(key)):
        yield Save(replace(kept, on=False))


def give_up(user: User, key: str) -> None:
    """The user is no longer logged in to account `key`."""
    user.proved -= {key}
    user.identify(replace(user.who, account=""))


def take_back(user: User, account: rec.Account) -> None:
    """Undoes that."""
    user.proved |= {account.user}
    user.identify(replace(user.who, account=account.name))


def disprove(session: Session, user: User | None, key: str, before: str) -> None:
    """Undoes the registration of account `key` by a user, or a login in parts that may be complete by now.

    `before` is the account (its name) that was proved before, empty for none.
    """
    if user is None:
        assert session.draft is not None
        session.draft.account = before
        user = session.user
    if user is not None:
        user.proved -= {key}
        user.identify(replace(user.who, account=before))


def legal_key(context: Context, name: str, *, digit_first: bool = True) -> str:
    """The key of a legal user name. Raises Refused (bad-name)."""
    problem = names.check_user_name(name, unicode_names=context.config.unicode_names, digit_first=digit_first)
    if problem:
        raise Refused("bad-name", problem)
    return names.user_key(name)


def check_not_retired(account: rec.Account) -> None:
    """Raises Refused (bad-name) for a name whose account was given up: who takes it would pass for its owner."""
    if not account.secret:
        raise Refused("bad-name", f"The name {account.name} was given up by its owner. Choose another one.")


def check_length(context: Context, password: str) -> None:
    """Raises Refused (bad-password) for a new password that is too short."""
    if len(password) < context.limits.password_min:
        raise Refused("bad-password", f"A password needs at least {context.limits.password_min} characters.")


def check_not_reserved(context: Context, key: str) -> None:
    """Raises Refused (bad-name) for a reserved name. A user who registered it earlier keeps it."""
    if key in context.reserved:
        raise Refused("bad-name", "That name is reserved. Choose another one.")


def check_password(
    context: Context,
    session: Session,
    request: Login | Authenticate | Introduce,
    account: rec.Account,
    password: str,
    now: int,
) -> Hash:
    """Has the worker check an account's password; until then the session's requests wait.

    The work returns the secret to keep from now on, or "" for a wrong password. Raises Refused (too-many-tries).
    """
    digest = password_tries.digest(context, account.user, account.secret, password)
    recognised, counted = password_tries.begin(context, session, account.user, digest)
    session.pending = Pending(request, account.user, counted, digest)
    salt = context.salt(2 * passwords.SALT_BYTES)
    check = (
        partial(str, account.secret)
        if recognised
        else partial(passwords.check, password, account.secret, salt)
    )
    return Hash(session.sid, check, session.address)


def begin_own(
    context: Context,
    session: Session,
    request: ChangePassword | Unregister | Erase,
    account: rec.Account,
    password: str,
) -> None:
    """Begins a try at the account's password. Raises Refused (too-many-tries)."""
    digest = password_tries.digest(context, account.user, account.secret, password)
    _, counted = password_tries.begin(context, session, account.user, digest)
    session.pending = Pending(request, account.user, counted, digest)


def check_own(context: Context, session: Session, request: Unregister | Erase) -> Hash:
    """Begins to check the password with which a user gives something of the own account up.

    Raises Refused (not-registered, too-many-tries).
    """
    account = own_account(context, logged_in(session))
    begin_own(context, session, request, account, request.password)
    return Hash(session.sid, partial(passwords.matches, request.password, account.secret), session.address)


def proven_account(
    context: Context, session: Session, pending: Pending[Request], secret: str, now: int
) -> rec.Account:
    """The account whose password the worker has checked. Raises Refused (wrong-password, not-registered)."""
    if not secret:
        raise Refused("wrong-password", "Wrong password.")
    accounts: list[rec.Account] = context.fetch(rec.AccountOf(pending.key))
    if not accounts or not accounts[0].secret:  # given up, or its registration could not be committed
        raise Refused("not-registered", "That name is no longer registered. Log in without a password.")
    password_tries.right(context, session, pending)
    return accounts[0]


def keep_proof(
    context: Context, session: Session, account: rec.Account, secret: str, now: int
) -> Iterator[Effect]:
    """Keeps from where the account's password was given, and its new secret, if that is another one than before."""
    yield password_tries.keep_place(context, session, account.user, now)
    if secret != account.secret:
        yield Save(replace(account, secret=secret), vital=False)
