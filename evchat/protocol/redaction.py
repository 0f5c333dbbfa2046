"""Deleting a message that was sent (IRCv3 draft/message-redaction)."""

from __future__ import annotations

from evchat.protocol.base import Event, Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.value import value


@value
class Redact(Request):
    """Deletes a message: its text is no longer kept or shown. If `sent_at` is given, it must be from that time."""

    traits = Traits(evident=True)

    to: str
    seq: int
    reason: str = ""
    sent_at: int | None = None


@value
class Redacted(Event):
    """A message was deleted, which is change `rev` of its conversation."""

    conversation: str
    seq: int
    sent_at: int
    to: str
    by: str
    reason: str = ""
    rev: int = 0


COMMANDS: tuple[Command, ...] = (
    Command(
        "redact",
        Redact,
        "Deletes a message that you sent, or any message in a channel you operate.",
        (
            Param("to", Kind.PLACE, "#channel or name", key="to", required=True),
            Param("seq", Kind.NUMBER, "seq", key="seq", required=True),
            Param("reason", Kind.TEXT, "reason"),
        ),
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
