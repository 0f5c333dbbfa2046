"""How the server is, and who has an account: what its operators ask."""

from __future__ import annotations

from evchat.protocol.base import Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.value import value


@value
class GetStatus(Request):
    """A server operator asks how the server is: who is there, what is stored, since when it runs."""


@value
class ListAccounts(Request):
    """A server operator lists the accounts in the order of their keys, from behind the one named `after`."""

    traits = Traits(heavy=True)

    after: str = ""


COMMANDS: tuple[Command, ...] = (
    Command(
        "status",
        GetStatus,
        "Shows how the server is: who is there, what is stored, since when it runs.",
        words=("status",),
        lenient=True,
    ),
    Command(
        "accounts",
        ListAccounts,
        "Lists the accounts, in alphabetical order.",
        (Param("after", Kind.USER, "after", key="after"),),
        words=("accounts",),
        lenient=True,
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
