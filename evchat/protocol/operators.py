"""Operators of the server: what they may do, and the audit log."""

from __future__ import annotations

from evchat.protocol.base import Answer, Event, Request, Traits
from evchat.protocol.command import NAME, REASON, Command, Kind, Param
from evchat.protocol.value import value


@value
class Oper(Request):
    """Becomes an operator of the server."""

    name: str
    password: str


@value
class Kill(Request):
    """An operator of the server puts a user out of it."""

    name: str
    reason: str = ""


@value
class Wallops(Request):
    """Tells the operators, and who listens to them, something."""

    text: str


@value
class ListAudit(Request):
    """An operator asks what the operators did last, at most `limit` acts."""

    traits = Traits(heavy=True)

    limit: int | None = None


@value
class OperGranted(Answer):
    """One is an operator of the server now."""

    name: str


@value
class AuditEntry:
    """What an operator of the server did: a word for it, whom or what it concerned, and what else there is to say."""

    at: int
    by: str
    act: str
    target: str
    detail: str


@value
class AuditListed(Answer):
    """What the operators of the server did, the latest last."""

    acts: tuple[AuditEntry, ...]


@value
class Walloped(Event):
    """An operator tells the others something."""

    name: str
    text: str


COMMANDS: tuple[Command, ...] = (
    Command(
        "oper",
        Oper,
        "Makes you an operator of the server.",
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
        "Sends a message to the operators of the server and to users with mode w.",
        (Param("text", Kind.TEXT, "text", required=True),),
        words=("wallops",),
    ),
    Command(
        "audit",
        ListAudit,
        "Lists the latest actions of the server's operators.",
        (Param("limit", Kind.NUMBER, "number", key="limit"),),
        words=("audit",),
        lenient=True,
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
