"""Server operators: their commands, and the audit log."""

from __future__ import annotations

from evchat.protocol.base import Answer, Event, Request, Traits
from evchat.protocol.command import NAME, REASON, Command, Kind, Param
from evchat.protocol.value import value


@value
class Oper(Request):
    """Makes the user a server operator."""

    name: str
    password: str


@value
class Kill(Request):
    """A server operator disconnects a user."""

    name: str
    reason: str = ""


@value
class Wallops(Request):
    """Sends a message to server operators and to users who listen to them."""

    text: str


@value
class ListAudit(Request):
    """A server operator asks for the latest actions of server operators, at most `limit`."""

    traits = Traits(heavy=True)

    limit: int | None = None


@value
class OperGranted(Answer):
    """The user is a server operator now."""

    name: str


@value
class AuditEntry:
    """An action of a server operator: a word for it, whom or what it concerned, and details."""

    at: int
    by: str
    act: str
    target: str
    detail: str


@value
class AuditListed(Answer):
    """The actions of server operators, the latest last."""

    acts: tuple[AuditEntry, ...]


@value
class Walloped(Event):
    """A server operator's message to the others."""

    name: str
    text: str


COMMANDS: tuple[Command, ...] = (
    Command(
        "oper",
        Oper,
        "Makes you a server operator.",
        (
            Param("name", Kind.WORD, "name", required=True),
            Param("password", Kind.TEXT, "password", key="password", required=True, secret=True),
        ),
        words=("oper",),
    ),
    Command("kill", Kill, "Disconnects a user from the server.", (NAME, REASON), words=("kill",)),
    Command(
        "wallops",
        Wallops,
        "Sends a message to server operators and to users with mode w.",
        (Param("text", Kind.TEXT, "text", required=True),),
        words=("wallops",),
    ),
    Command(
        "audit",
        ListAudit,
        "Lists the latest actions of server operators.",
        (Param("limit", Kind.NUMBER, "number", key="limit"),),
        words=("audit",),
        lenient=True,
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
