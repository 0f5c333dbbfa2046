"""Client-to-client information beside messages, such as typing (IRCv3 client tags and CTCP)."""

from __future__ import annotations

from evchat.protocol.base import Event, Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.value import value


@value
class SendTagMessage(Request):
    """Information for other clients, such as that somebody is typing: tags, or a query in `text`. Fields as in
    `SendMessage`.

    With `stay`, it can be read again for a while.
    """

    traits = Traits(evident=True)

    to: str
    tags: tuple[tuple[str, str], ...] = ()
    role: str = ""
    text: str = ""
    notice: bool = False
    stay: bool = False


@value
class TagMessage(Event):
    """Information from a user's client for others' clients: tags, or a query in `text`. Fields as in `Message`.

    `number` distinguishes it from others of the same time.
    """

    sender: str
    to: str
    tags: tuple[tuple[str, str], ...] = ()
    role: str = ""
    text: str = ""
    notice: bool = False
    number: int = 0
    moderated: bool = False


COMMANDS: tuple[Command, ...] = (
    Command(
        "typing",
        SendTagMessage,
        "Shows a channel or a user that you are typing.",
        (
            Param("to", Kind.PLACE, "#channel or name", key="to", required=True),
            Param("tags", Kind.TYPING, "active", required=True),
        ),
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
