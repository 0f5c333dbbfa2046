"""Invitation codes, by which people register where not everybody may."""

from __future__ import annotations

from evchat.protocol.base import Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.value import value


@value
class MakeInvitationCode(Request):
    """A server operator makes a code with which so many people can register, for so many days."""

    uses: int = 1
    days: int = 7


@value
class ListInvitationCodes(Request):
    """A server operator lists the codes that can still be used. They are told by their marks: none is kept itself."""

    traits = Traits(heavy=True)


@value
class RevokeInvitationCode(Request):
    """A server operator revokes a code, given by itself or by its mark."""

    code: str


COMMANDS: tuple[Command, ...] = (
    Command(
        "invitecode",
        MakeInvitationCode,
        "Makes a code with which people can register.",
        (
            Param("uses", Kind.NUMBER, "uses", key="uses"),
            Param("days", Kind.NUMBER, "days", key="days"),
        ),
        words=("invitecode",),
        confirm=True,
    ),
    Command(
        "invitecodes",
        ListInvitationCodes,
        "Lists the invitation codes that can still be used.",
        words=("invitecodes",),
        lenient=True,
    ),
    Command(
        "revokecode",
        RevokeInvitationCode,
        "Revokes an invitation code.",
        (Param("code", Kind.WORD, "code", key="code", required=True),),
        words=("revokecode",),
        confirm=True,
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
