"""Changing the text of a message that was sent."""

from __future__ import annotations

from evchat.protocol.base import Event, Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.value import value


@value
class Edit(Request):
    """Gives a message of one's own another text."""

    traits = Traits(long=True, evident=True)

    to: str
    seq: int
    text: str


@value
class Edited(Event):
    """The message `seq`, sent at `sent_at`, says something else now, which is change `rev` of its conversation."""

    conversation: str
    seq: int
    sent_at: int
    to: str
    by: str
    text: str
    rev: int
    action: bool = False
    notice: bool = False


COMMANDS: tuple[Command, ...] = (
    Command(
        "edit",
        Edit,
        "Gives a message that you sent another text.",
        (
            Param("to", Kind.PLACE, "#channel or name", key="to", required=True),
            Param("seq", Kind.NUMBER, "seq", key="seq", required=True),
            Param("text", Kind.TEXT, "text", required=True),
        ),
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
