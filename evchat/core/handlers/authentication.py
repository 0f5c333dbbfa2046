"""Accounts: registration, and login by password or SCRAM."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from evchat.core import records as rec
from evchat.core import server_queries
from evchat.core.context import Context
from evchat.core.effects import Effect, Hash, Reply, Save
from evchat.core.errors import Refused, quoted
from evchat.core.registry import Handlers
from evchat.core.rules import (
    authentication,
    invitation_codes,
    kept_channels,
    membership,
    operators,
    password_tries,
    passwords,
    presence,
    registration_rate,
    scram,
    server_bans,
)
from evchat.core.state import Session, logged_in
from evchat.core.store import StoreError
from evchat.core.unfinished import Pending
from evchat.protocol import names
from evchat.protocol.authentication import (
    AccountChanged,
    AddAccount,
    Authenticate,
    ChangePassword,
    Register,
    ResetPassword,
    Scram,
    ScramChallenge,
    Unregister,
)
from evchat.protocol.basics import Done

handlers = Handlers()

_NOBODY = "names without an account"
"""What the passwords for names that nobody has registered are counted under."""


@handlers.on(Register)
def register(context: Context, session: Session, request: Register, now: int) -> Iterator[Effect]:
    """Registers the user's name with a password; in a login in parts, the name chosen so far."""
    draft = session.draft
    request, invited = _invited(context, request, now)
    early = session.user is None and draft is None and invited and bool(request.account)
    if early:
        authentication.check_admitted(context, session)
        authentication.legal_key(context, request.account)
        account, name = "", request.account
    elif session.user is None and draft is not None:
        authentication.check_admitted(context, session)
        if not context.config.guests and not invited:
            raise Refused(
                "accounts-only", "Accounts are made by the operators of this server. Ask one of them."
            )
        account, name = draft.account, draft.name
        if not name:
            raise Refused("bad-name", "Choose a name first.")
    else:
        user = logged_in(session)
        account, name = user.who.account if session.expects.one_account else "", user.name
    key = names.user_key(name)
    if account:
        raise Refused("already-logged-in", f"You are logged in to the account {account} already.", account)
    if request.account and names.user_key(request.account) != key:
        raise Refused("not-allowed", f"You can only register your own name, {name}.", request.account)
    if session.user is None and key in context.state.users:
        raise Refused("already-registered", f"The name {name} is taken. Choose another one.", name)
    authentication.check_not_reserved(context, key)
    authentication.check_length(context, request.password)
    for found in context.fetch(rec.AccountOf(key)):
        authentication.check_not_retired(found)
        raise Refused("already-registered", f"The name {name} is registered already.", name)
    delay = registration_rate.begin(context, session, context.monotonic())
    session.pending = Pending(request, key)
    salt = context.salt(2 * passwords.SALT_BYTES)
    work = partial(passwords.make_account_secret, request.password, salt)
    yield Hash(session.sid, work, session.address, delay)


def _invited(context: Context, request: Register, now: int) -> tuple[Register, bool]:
    """The request with its invitation code, and whether that is what lets it in. Raises Refused, if nothing does.

    Where codes are needed, one may be typed behind the password.
    """
    registration = context.config.registration
    if registration == "closed":
        raise Refused(
            "registration-closed",
            "Nobody can register here. The operators of the server make the accounts.",
        )
    if registration == "open":
        return request, False
    password, _, last = request.password.rpartition(" ")
    if not request.invite and invitation_codes.is_code(last):
        request = replace(request, password=password.rstrip(), invite=last)
    invitation_codes.usable(context, request.invite, now)
    return request, True


def _use_code(context: Context, request: Register, now: int) -> Iterator[Effect]:
    """Counts the registration that is being made, if it takes an invitation code. Raises Refused (invite-unknown)."""
    if context.config.registration == "invited":
        yield invitation_codes.use(invitation_codes.usable(context, request.invite, now))


@handlers.on_hash(Register)
def _registered(
    context: Context, session: Session, pending: Pending[Register], secret: str, now: int
) -> Iterator[Effect]:
    user, draft = session.user, session.draft
    yield from _use_code(context, pending.request, now)
    if user is None and draft is not None:
        yield from _draft_registered(context, session, pending, secret, now)
        return
    if user is None and pending.request.invite:
        yield from _registered_before_login(context, session, pending, secret, now)
        return
    if user is None or user.key != pending.key or context.fetch(rec.AccountOf(pending.key)):
        raise Refused("already-registered", "That name was registered or given up in the meantime.")
    before = user.who.account
    user.proved |= {user.key}
    user.identify(replace(user.who, account=user.name))
    appointed = membership.appoint(user)

    def undo() -> None:
        membership.dismiss(user, appointed)
        authentication.disprove(session, user, pending.key, before)

    yield Save(rec.Account(user.key, user.name, secret, now), undo)
    yield from kept_channels.all_of(context, user)
    password_tries.registered(context, session, pending, secret)
    yield password_tries.keep_place(context, session, pending.key, now)
    text = f"The name {user.name} is registered to you. Log in with its password from now on."
    yield Reply(session.sid, Done(now, pending.request.id, text, who=user.who))
    told = AccountChanged(now, user.name, who=user.who)
    yield Reply(session.sid, told)
    yield from presence.changed(context, user, told, session)
    yield from membership.tell_appointed(user, appointed, now)


def _registered_before_login(
    context: Context, session: Session, pending: Pending[Register], secret: str, now: int
) -> Iterator[Effect]:
    """Completes a registration by somebody who is not logged in, and can be now."""
    key, name = pending.key, pending.request.account
    if key in context.state.users or context.fetch(rec.AccountOf(key)):
        raise Refused("already-registered", "That name was taken in the meantime.", name)
    who = authentication.identity(context, session, name)
    server_bans.check_not_banned(context, session, name, key, now, who)
    yield Save(rec.Account(key, name, secret, now))
    password_tries.registered(context, session, pending, secret)
    yield password_tries.keep_place(context, session, key, now)
    text = f"The name {name} is registered to you. Log in with its password."
    yield Reply(session.sid, Done(now, pending.request.id, text))


def _draft_registered(
    context: Context, session: Session, pending: Pending[Register], secret: str, now: int
) -> Iterator[Effect]:
    """Completes a registration before the login is complete: the session is now logged in to the account."""
    draft = session.draft
    assert draft is not None
    key, wanted = pending.key, draft.name
    if names.user_key(wanted) != key or key in context.state.users or context.fetch(rec.AccountOf(key)):
        raise Refused("already-registered", "That name was taken in the meantime.", wanted)
    who = authentication.identity(context, session, wanted)
    server_bans.check_not_banned(context, session, wanted, key, now, who)
    draft.account = wanted
    yield Save(
        rec.Account(key, wanted, secret, now), partial(authentication.disprove, session, None, key, "")
    )
    password_tries.registered(context, session, pending, secret)
    yield password_tries.keep_place(context, session, pending.key, now)
    text = f"The name {wanted} is registered to you. Log in with its password from now on."
    yield Reply(session.sid, Done(now, pending.request.id, text, who=who))


@handlers.on(AddAccount)
def add(context: Context, session: Session, request: AddAccount, now: int) -> Iterator[Effect]:
    """Registers a name for somebody else."""
    operators.required(context, session)
    name = request.name
    key = authentication.legal_key(context, name)
    if key in context.state.users:
        raise Refused("name-taken", f"{name} is online and can register that name.", name)
    authentication.check_not_reserved(context, key)
    if len(request.password) < context.limits.password_min:
        raise Refused("bad-password", f"A password needs at least {context.limits.password_min} characters.")
    if context.fetch(rec.AccountOf(key)):
        raise Refused("already-registered", f"The name {name} is registered already.", name)
    session.pending = Pending(request, key)
    work = partial(passwords.make_account_secret, request.password, context.salt(2 * passwords.SALT_BYTES))
    yield Hash(session.sid, work, session.address)


@handlers.on_hash(AddAccount)
def _added(
    context: Context, session: Session, pending: Pending[AddAccount], secret: str, now: int
) -> Iterator[Effect]:
    user, name = operators.required(context, session), pending.request.name
    if pending.key in context.state.users or context.fetch(rec.AccountOf(pending.key)):
        raise Refused("already-registered", f"The name {name} was taken in the meantime.", name)
    yield Save(rec.Account(pending.key, name, secret, now))
    yield Reply(session.sid, Done(now, pending.request.id, f"The name {name} is registered."))
    yield from operators.audit(user, "adduser", name, "", now)


@handlers.on(Authenticate)
def authenticate(context: Context, session: Session, request: Authenticate, now: int) -> Iterator[Effect]:
    """Logs in to an account, before or after the chat login."""
    if session.draft is None:
        logged_in(session)
    key = names.user_key(request.account)
    found = (
        context.fetch(rec.AccountOf(key))
        if names.check_user_name(request.account, unicode_names=True) is None
        else []
    )
    if not found:
        # Counted together, or who tries thousands of names would make room for more tries at another one.
        password_tries.begin(context, session, _NOBODY, b"")
        raise Refused("wrong-password", "No such account, or wrong password.")
    yield authentication.check_password(context, session, request, found[0], request.password, now)


@handlers.on_hash(Authenticate)
def _password_checked(
    context: Context, session: Session, pending: Pending[Authenticate], secret: str, now: int
) -> Iterator[Effect]:
    account = authentication.proven_account(context, session, pending, secret, now)
    yield from authentication.keep_proof(context, session, account, secret, now)
    yield from authentication.prove(context, session, pending.request, account.name, now)


@handlers.on(ChangePassword)
def change_password(
    context: Context, session: Session, request: ChangePassword, now: int
) -> Iterator[Effect]:
    """Changes the account's password, once the old one was checked."""
    account = authentication.own_account(context, logged_in(session))
    authentication.check_length(context, request.password)
    authentication.begin_own(context, session, request, account, request.old)
    salt = context.salt(2 * passwords.SALT_BYTES)
    work = partial(passwords.change, request.old, account.secret, request.password, salt)
    yield Hash(session.sid, work, session.address)


@handlers.on_hash(ChangePassword)
def _changed(
    context: Context, session: Session, pending: Pending[ChangePassword], secret: str, now: int
) -> Iterator[Effect]:
    account = authentication.proven_account(context, session, pending, secret, now)
    yield Save(replace(account, secret=secret))
    password_tries.registered(context, session, pending, secret)
    yield password_tries.keep_place(context, session, account.user, now)
    text = f"The password of {account.name} is changed."
    yield Reply(session.sid, Done(now, pending.request.id, text))


@handlers.on(Unregister)
def unregister(context: Context, session: Session, request: Unregister, now: int) -> Iterator[Effect]:
    """Gives the account up, once its password was checked."""
    yield authentication.check_own(context, session, request)


@handlers.on_hash(Unregister)
def _given_up(
    context: Context, session: Session, pending: Pending[Unregister], right: bool, now: int
) -> Iterator[Effect]:
    """Keeps the account without a secret: so nobody else can take its name, and read what was written to it."""
    user = logged_in(session)
    account = authentication.proven_account(context, session, pending, "right" if right else "", now)
    authentication.give_up(user, account.user)
    yield Save(replace(account, secret=""), partial(authentication.take_back, user, account))
    yield from authentication.without_certificates(context, account.user)
    text = f"The account {account.name} is given up. Its messages stay, and nobody can log in under its name again."
    yield Reply(session.sid, Done(now, pending.request.id, text))
    told = AccountChanged(now, user.name, who=user.who)
    yield Reply(session.sid, told)
    yield from presence.changed(context, user, told, session)


@handlers.on(ResetPassword)
def reset_password(context: Context, session: Session, request: ResetPassword, now: int) -> Iterator[Effect]:
    """Gives an account another password, also one that was given up."""
    operators.required(context, session)
    authentication.check_length(context, request.password)
    key = authentication.legal_key(context, request.name)
    if not context.fetch(rec.AccountOf(key)):
        raise Refused("not-registered", f"The name {quoted(request.name)} is not registered.", request.name)
    session.pending = Pending(request, key)
    salt = context.salt(2 * passwords.SALT_BYTES)
    yield Hash(session.sid, partial(passwords.make_account_secret, request.password, salt), session.address)


@handlers.on_hash(ResetPassword)
def _reset(
    context: Context, session: Session, pending: Pending[ResetPassword], secret: str, now: int
) -> Iterator[Effect]:
    user = operators.required(context, session)
    for account in context.fetch(rec.AccountOf(pending.key)):
        yield Save(replace(account, secret=secret))
        # Who had the account may have left a way back in.
        yield from authentication.without_certificates(context, pending.key)
        yield from operators.audit(user, "resetpassword", account.name, "", now)
        text = f"The account {account.name} has a new password. Its sessions stay logged in; /kill disconnects them."
        yield Reply(session.sid, Done(now, pending.request.id, text))


@handlers.on_start
def _make_cloak_secret(context: Context, now: int) -> Iterator[Effect]:
    """What addresses are hidden with: made up once, and kept so that masks go on to mean the same people."""
    for setting in context.fetch(server_queries.SettingOf("cloak")):
        context.state.cloak_secret = bytes.fromhex(setting.value)
    if not context.state.cloak_secret:
        context.state.cloak_secret = context.salt(32)
        yield Save(rec.Setting("cloak", context.state.cloak_secret.hex()), vital=False)


@handlers.on(Scram)
def scram_(context: Context, session: Session, request: Scram, now: int) -> list[Effect]:
    """The same without saying the password: one step of an exchange, in which each answers the other."""
    if session.draft is None:
        logged_in(session)
    exchange, session.exchange = session.exchange, None  # any refusal ends it
    try:
        return list(_scram_step(context, session, request, exchange, now))
    except StoreError:
        session.exchange = exchange  # the client may send this step again
        raise


def _scram_step(
    context: Context, session: Session, request: Scram, exchange: scram.Exchange | None, now: int
) -> Iterator[Effect]:
    if request.step == 1:
        session.exchange = _challenged(context, session, request.text, now)
        yield Reply(session.sid, ScramChallenge(now, request.id, session.exchange.challenge))
        return
    if exchange is None or (request.step == 3) is not exchange.proved:
        raise Refused("wrong-password", "Start with the first step.")
    key = names.user_key(exchange.account)
    if not context.fetch(rec.AccountOf(key)):  # its registration was still to be committed, and could not be
        raise Refused("wrong-password", "No such account.")
    if request.step == 3:
        yield from authentication.prove(context, session, request, exchange.account, now)
        return
    _, counted = password_tries.begin(context, session, key, b"")
    answer = exchange.answer(request.text)
    if answer is None:
        raise Refused("wrong-password", "Wrong password.")
    password_tries.right(context, session, Pending(request, key, counted))
    yield password_tries.keep_place(context, session, key, now)
    session.exchange = exchange
    yield Reply(session.sid, ScramChallenge(now, request.id, answer))


def _challenged(context: Context, session: Session, text: str, now: int) -> scram.Exchange:
    first = scram.read_first(text)
    found: list[rec.Account] = []
    if first is not None and names.check_user_name(first.name, unicode_names=True) is None:
        key = names.user_key(first.name)
        password_tries.check(context, session, key)
        found = context.fetch(rec.AccountOf(key))
    verifier = passwords.verifier(found[0].secret) if found else ""
    if first is None or not verifier:
        raise Refused("wrong-password", "No such account, or it needs one login with SASL PLAIN first.")
    return scram.Exchange(found[0].name, verifier, first, context.salt(scram.NONCE_BYTES))
