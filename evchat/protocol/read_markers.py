"""Read markers: how far a user has read a conversation (IRCv3 draft/read-marker)."""

from __future__ import annotations

from evchat.protocol.base import Answer, Event, Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.value import value


@value
class GetReadMarker(Request):
    """Asks how far the user has read a conversation."""

    to: str


@value
class SetReadMarker(Request):
    """Says that the user has read a conversation up to `seq`, or up to the time `until`."""

    traits = Traits(evident=True)

    to: str
    seq: int | None = None
    until: int | None = None


@value
class ReadMarkerTold(Answer):
    """How far the user has read a conversation; 0 if never."""

    to: str
    seq: int
    read_at: int


@value
class ReadMarkerMoved(Event):
    """Another session of the same user has read the conversation `to` up to `seq`, which was sent at `read_at`."""

    to: str
    seq: int
    read_at: int = 0


COMMANDS: tuple[Command, ...] = (
    Command(
        "read",
        SetReadMarker,
        "Marks a conversation as read up to a message, on all your devices.",
        (
            Param("to", Kind.PLACE, "#channel or name", key="to", required=True),
            Param("seq", Kind.NUMBER, "seq", key="seq"),
            Param("until", Kind.NUMBER, "until", key="until"),
        ),
        confirm=True,
    ),
    Command(
        "mark",
        GetReadMarker,
        "Shows how far you have read a conversation.",
        (Param("to", Kind.PLACE, "#channel or name", key="to", required=True),),
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
