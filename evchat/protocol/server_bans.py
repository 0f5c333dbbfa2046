"""Bans from the whole server."""

from __future__ import annotations

from evchat.protocol.base import Answer, Request, Traits
from evchat.protocol.command import REASON, Command, Kind, Param
from evchat.protocol.value import value


@value
class BanFromServer(Request):
    """A server operator bans a name, account, address, range of addresses or mask from the server; `minutes` 0 is for
    good. Of somebody who is online, the account and the address are banned with the name.
    """

    whom: str
    minutes: int = 0
    reason: str = ""


@value
class UnbanFromServer(Request):
    """A server operator removes a server ban."""

    whom: str


@value
class ListServerBans(Request):
    """A server operator lists the server bans."""

    traits = Traits(heavy=True)


@value
class ServerBan:
    """A server ban; `until` 0 is for good."""

    whom: str
    by: str
    at: int
    until: int
    reason: str


@value
class ServerBansListed(Answer):
    """The server bans."""

    bans: tuple[ServerBan, ...]


COMMANDS: tuple[Command, ...] = (
    Command(
        "banish",
        BanFromServer,
        "Bans a name, account, address, range of addresses or mask from the server.",
        (
            Param("whom", Kind.WORD, "whom", required=True),
            Param("minutes", Kind.NUMBER, "minutes", key="minutes"),
            REASON,
        ),
        words=("banish",),
    ),
    Command(
        "pardon",
        UnbanFromServer,
        "Removes a ban from the server.",
        (Param("whom", Kind.WORD, "whom", required=True),),
        words=("pardon",),
        confirm=True,
    ),
    Command("banished", ListServerBans, "Lists the bans from the server.", words=("banished",), lenient=True),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
