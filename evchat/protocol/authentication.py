"""Accounts and passwords."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.base import Answer, Event, Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.value import value


@value
class Register(Request):
    """Registers the user's current name with this password. An `account`, if given, must be that name; with an
    invitation code, `invite`, it can be given before the login.
    """

    password: str
    account: str = ""
    invite: str = ""


@value
class ChangePassword(Request):
    """Changes the password of the user's account from `old` to `password`."""

    traits = Traits(cost=5.0)

    old: str
    password: str


@value
class ResetPassword(Request):
    """A server operator gives an account another password."""

    traits = Traits(cost=5.0)

    name: str
    password: str


@value
class AddAccount(Request):
    """A server operator registers a free name for somebody else, with this password."""

    name: str
    password: str


@value
class Unregister(Request):
    """Gives the user's account up, for good: nobody can use its name again."""

    password: str


@value
class Pass(Request):
    """Gives the server's password, if it has one; otherwise that of the account for the login that follows."""

    password: str


@value
class Authenticate(Request):
    """Logs in to an account, whatever the user's name."""

    account: str
    password: str


@value
class Scram(Request):
    """The same without sending the password: the client's message in step 1, 2 or 3 of a SCRAM exchange (RFC 5802)."""

    step: int
    text: str


@value
class ScramChallenge(Answer):
    """The server's message in a SCRAM exchange."""

    text: str


@value
class Authenticated(Answer):
    """The session is logged in to an account. `name` is empty before the login."""

    account: str
    name: str = ""


@value
class AccountChanged(Event):
    """A user has logged in to or out of an account; `who` names it."""

    name: str
    afar: bool = field(default=False, compare=False)


COMMANDS: tuple[Command, ...] = (
    Command(
        "pass",
        Pass,
        "Gives the server's password, if it has one.",
        (Param("password", Kind.TEXT, "password", key="password", required=True, secret=True),),
        words=("pass",),
        anyone=True,
    ),
    Command(
        "authenticate",
        Authenticate,
        "Logs in to an account without changing your name.",
        (
            Param("account", Kind.USER, "account", required=True),
            Param("password", Kind.TEXT, "password", key="password", required=True, secret=True),
        ),
        words=("authenticate",),
        confirm=True,
    ),
    Command(
        "register",
        Register,
        "Registers your name with a password, so that nobody else can use it.",
        (
            Param("password", Kind.TEXT, "password", key="password", required=True, secret=True, twice=True),
            Param("account", Kind.USER, "name", key="account", line=False),
            Param("invite", Kind.WORD, "code", key="invite", line=False),
        ),
        words=("register",),
        anyone=True,
    ),
    Command(
        "password",
        ChangePassword,
        "Changes the password of your account.",
        (
            Param("old", Kind.WORD, "old", key="old", required=True, secret=True),
            Param("password", Kind.TEXT, "new", key="password", required=True, secret=True, twice=True),
        ),
        words=("password",),
    ),
    Command(
        "unregister",
        Unregister,
        "Gives up your account for good; nobody can use the name again.",
        (Param("password", Kind.TEXT, "password", key="password", required=True, secret=True),),
        words=("unregister",),
    ),
    Command(
        "resetpassword",
        ResetPassword,
        "Sets a new password for somebody's account.",
        (
            Param("name", Kind.USER, "name", required=True),
            Param("password", Kind.TEXT, "new", key="password", required=True, secret=True, twice=True),
        ),
        words=("resetpassword",),
    ),
    Command(
        "adduser",
        AddAccount,
        "Registers a name for somebody else.",
        (
            Param("name", Kind.USER, "name", required=True),
            Param("password", Kind.TEXT, "password", key="password", required=True, secret=True, twice=True),
        ),
        words=("adduser",),
        confirm=True,
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
