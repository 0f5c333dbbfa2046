"""Logging in and out, and changes of name."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.base import Answer, Event, Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.metadata import MetadataEntry
from evchat.protocol.people import Counts
from evchat.protocol.value import value


@value
class Login(Request):
    """Logs in under a name; a registered one needs its password."""

    traits = Traits(heavy=True)

    name: str
    password: str | None = None
    resume: str | None = field(default=None, repr=False)
    """The token of a session that was lost, or is still open elsewhere, to go on with it."""


@value
class Logout(Request):
    """Gives up the name; the connection stays open."""

    traits = Traits(heavy=True)


@value
class Quit(Request):
    """Logs out and closes the connection."""

    reason: str = ""


@value
class ChangeNick(Request):
    """Changes the name; in a login in parts, sets it."""

    traits = Traits(evident=True, heavy=True)

    name: str


@value
class Expectations:
    """What the clients of a dialect take for granted, as far as it concerns the core.

    The defaults are those of clients that log in at once, with a `Login`.
    """

    starts_in_main: bool = True
    """A new user is in #main; otherwise in no channel that the client did not join."""
    leads_back: bool = True
    """A login leads back to the channels where the account's owner was; otherwise only `Rejoin` does."""
    inbox_at_login: bool = False
    """The login is followed by the messages received while offline: the client can't ask for them."""
    counts_at_login: bool = False
    """The login's answer holds how many users and channels there are."""
    directs_to_itself: bool = False
    """A direct message or tag message to the sender's own name comes back like one from somebody else."""
    events_in_history: bool = False
    """History holds joins, parts and topics beside the messages."""
    letter_first: bool = False
    """A name must not begin with a digit."""
    one_account: bool = False
    """A user who is logged in to an account can't register another one."""


@value
class Introduce(Request):
    """Part of a login that comes in parts; it is complete once there are a name (`ChangeNick`) and a username
    and nothing holds it. `hold` True holds it, False lets it go. The first one makes the session log in in parts,
    and `expects` says what its client takes for granted.
    """

    traits = Traits(cost=0.1, shared=False)

    username: str | None = None
    realname: str | None = None
    hold: bool | None = None
    expects: Expectations | None = None


@value
class LoggedIn(Answer):
    """The login succeeded. `others` are the other names in `channel`; `unread` counts the inbox.

    In a channel of very many `users`, `others` is empty.
    """

    name: str
    registered: bool
    channel: str
    others: tuple[str, ...]
    unread: int = 0
    motd: str = ""
    users: int = 1
    counts: Counts | None = field(default=None, kw_only=True)
    """The counts, for a login in parts."""
    metadata: tuple[MetadataEntry, ...] = field(default=(), kw_only=True)
    """The user's own values."""
    resumed: bool = field(default=False, kw_only=True)
    """Whether a session goes on that was lost: nobody else has heard of it."""
    resume: str = field(default="", kw_only=True, repr=False)
    """The token by which a full client can do that; empty where there is none."""
    resume_for: int = field(default=0, kw_only=True)
    """How long after a loss it can, in milliseconds."""


@value
class LoggedOut(Answer):
    """The name was given up; with `closing` the connection ends too."""

    closing: bool = False


@value
class Renamed(Event):
    """A user has changed names."""

    old: str
    new: str


@value
class NickConfirmed(Event):
    """The session's own user has this name now; sent before `Renamed`."""

    name: str


@value
class Disconnected(Event):
    """A user has left the server; sent once to everyone who shared one of `channels` (their names)."""

    name: str
    reason: str
    channels: tuple[str, ...] = ()


COMMANDS: tuple[Command, ...] = (
    Command(
        "login",
        Login,
        "Logs in under a name. A registered name needs its password.",
        (
            Param("name", Kind.USER, "name", required=True),
            Param("password", Kind.TEXT, "password", key="password", secret=True),
            Param("resume", Kind.WORD, "token", key="resume", line=False, secret=True),
        ),
        words=("login",),
        anyone=True,
    ),
    Command(
        "logout",
        Logout,
        "Logs out; you can log in again under any name.",
        words=("logout",),
        lenient=True,
    ),
    Command(
        "quit",
        Quit,
        "Leaves the chat.",
        (Param("reason", Kind.TEXT, "reason"),),
        words=("quit", "exit", "disconnect"),
        anyone=True,
    ),
    Command(
        "nick",
        ChangeNick,
        "Changes your name.",
        (Param("name", Kind.USER, "name", required=True),),
        words=("nick",),
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
