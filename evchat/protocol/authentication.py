"""Accounts and passwords."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.base import Answer, Event, Request
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.value import value


@value
class Register(Request):
    """Makes the name one has an account with this password. An `account` named must be that name."""

    password: str
    account: str = ""


@value
class Pass(Request):
    """Gives the server's password, where it has one; else that of the account one is about to log in to."""

    password: str


@value
class Authenticate(Request):
    """Proves that an account is one's own, whatever name one goes by."""

    account: str
    password: str


@value
class Scram(Request):
    """The same without saying the password: the client's words in step 1, 2 or 3 of an exchange (RFC 5802)."""

    step: int
    text: str


@value
class ScramChallenge(Answer):
    """What the server says in an exchange that proves a password."""

    text: str


@value
class Authenticated(Answer):
    """An account was proved to be one's own. `name` is empty before the login."""

    account: str
    name: str = ""


@value
class AccountChanged(Event):
    """A user has proved to own an account, or does so no longer; it stands in `who`."""

    name: str
    afar: bool = field(default=False, compare=False)


COMMANDS: tuple[Command, ...] = (
    Command(
        "pass",
        Pass,
        "Gives the server's password, if it has one, before you log in.",
        (Param("password", Kind.TEXT, "password", key="password", required=True, secret=True),),
        words=("pass",),
        anyone=True,
    ),
    Command(
        "authenticate",
        Authenticate,
        "Proves that an account is yours, whatever your current name is.",
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
        "Registers your name with a password.",
        (Param("password", Kind.TEXT, "password", key="password", required=True, secret=True),),
        words=("register",),
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
