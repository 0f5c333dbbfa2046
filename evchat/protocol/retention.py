"""How long messages are kept, and erasing what is stored about a person."""

from __future__ import annotations

from evchat.protocol.base import Request, Traits
from evchat.protocol.command import NAME, WHERE, Command, Kind, Param
from evchat.protocol.value import value


@value
class SetRetention(Request):
    """The owner of a channel, or an operator of the server, says for how many days its messages are kept; 0: as long as
    the server keeps them.
    """

    days: int
    to: str | None = None


@value
class Export(Request):
    """Asks for what is stored about the user, a page at a time: from behind `after`, which the page before has told."""

    traits = Traits(heavy=True, cost=5.0)

    after: int = 0


@value
class Erase(Request):
    """Erases what is stored about the user, whose account this password is of: the account is given up, and what was
    said under it is deleted.
    """

    traits = Traits(cost=5.0)

    password: str


@value
class EraseUser(Request):
    """A server operator erases what is stored about somebody, with an account or without."""

    traits = Traits(cost=5.0)

    name: str


COMMANDS: tuple[Command, ...] = (
    Command(
        "keep",
        SetRetention,
        "Sets for how many days the messages of a channel are kept.",
        (Param("days", Kind.NUMBER, "days", key="days", required=True), WHERE),
        words=("keep",),
        confirm=True,
    ),
    Command(
        "export",
        Export,
        "Fetches what is stored about you, for programs.",
        (Param("after", Kind.NUMBER, "after", key="after", line=False),),
        words=("export",),
        lenient=True,
    ),
    Command(
        "erase",
        Erase,
        "Gives up your account and deletes all that is stored about you, for good.",
        (Param("password", Kind.TEXT, "password", key="password", required=True, secret=True),),
        words=("erase",),
    ),
    Command(
        "eraseuser",
        EraseUser,
        "Deletes all that is stored about somebody, for good.",
        (NAME,),
        words=("eraseuser",),
        confirm=True,
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
