"""Pinned messages of a channel."""

from __future__ import annotations

from evchat.protocol.base import Answer, Event, Request, Traits
from evchat.protocol.command import WHERE, Command, Kind, Param
from evchat.protocol.messages import Message
from evchat.protocol.value import value


@value
class Pin(Request):
    """Pins a message of a channel, by its `seq`; without one, the channel's last message."""

    seq: int | None = None
    to: str | None = None


@value
class Unpin(Request):
    """Removes a pin."""

    seq: int
    to: str | None = None


@value
class ListPins(Request):
    """Lists the pinned messages of a channel."""

    traits = Traits(heavy=True)

    to: str | None = None


@value
class PinEntry:
    """A pin: the message's `seq`, who pinned it, and when (milliseconds since the epoch)."""

    seq: int
    by: str
    at: int


@value
class PinnedMessage:
    """A row of the list of pins: the message, who pinned it, and when (milliseconds since the epoch)."""

    message: Message
    by: str
    at: int


@value
class Pinned(Event):
    """Somebody (`by`) pinned a message, which `sender` wrote."""

    channel: str
    seq: int
    by: str
    sender: str
    text: str


@value
class Unpinned(Event):
    """Somebody (`by`) removed a pin."""

    channel: str
    seq: int
    by: str


@value
class PinsListed(Answer):
    """The pinned messages of a channel in the order in which they were pinned, without deleted ones."""

    channel: str
    pins: tuple[PinnedMessage, ...]


COMMANDS: tuple[Command, ...] = (
    Command(
        "pin",
        Pin,
        "Pins the channel's last message, or the one with a number.",
        (WHERE, Param("seq", Kind.NUMBER, "number", key="seq")),
        words=("pin",),
    ),
    Command(
        "unpin",
        Unpin,
        "Removes a pin.",
        (WHERE, Param("seq", Kind.NUMBER, "number", key="seq", required=True)),
        words=("unpin",),
    ),
    Command(
        "pins", ListPins, "Lists the pinned messages of the channel.", (WHERE,), words=("pins",), lenient=True
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
