"""Bans and mutes in a channel: entries of its ban list, which channel modes hold."""

from __future__ import annotations

from evchat.protocol.base import Request, Traits
from evchat.protocol.command import NAME, WHERE, Command, Kind, Param
from evchat.protocol.value import value


@value
class Ban(Request):
    """Bans a user or a mask from a channel, or removes a ban; without a mask, lists the bans.

    A user who is online is banned under any name: also the account, and the address if nobody else is there.
    """

    traits = Traits(heavy=True)

    mask: str | None = None
    on: bool = True
    to: str | None = None


@value
class Mute(Request):
    """Takes the word from a user in a channel, as a person like `Ban`, for so many `minutes` (0: for good), or gives
    it back (`on` is False).
    """

    traits = Traits(heavy=True)

    name: str
    minutes: int = 0
    on: bool = True
    to: str | None = None


COMMANDS: tuple[Command, ...] = (
    Command(
        "ban",
        Ban,
        "Bans a user, whatever name they take, or everyone who matches a mask.",
        (WHERE, Param("mask", Kind.WORD, "name or mask", required=True)),
        words=("ban",),
    ),
    Command(
        "unban",
        Ban,
        "Removes a ban from the channel.",
        (WHERE, Param("mask", Kind.WORD, "name or mask", typed=True)),
        words=("unban",),
        fixed=(("on", False),),
        confirm=True,
    ),
    Command(
        "mute",
        Mute,
        "Mutes a user for some minutes, or until /unmute.",
        (WHERE, NAME, Param("minutes", Kind.NUMBER, "minutes", key="minutes")),
        words=("mute",),
    ),
    Command(
        "unmute",
        Mute,
        "Lets a muted user speak in the channel again.",
        (WHERE, NAME),
        words=("unmute",),
        fixed=(("on", False),),
        confirm=True,
    ),
    Command(
        "bans",
        Ban,
        "Lists the bans and mutes of the channel.",
        (WHERE,),
        words=("bans",),
        fixed=(("mask", None),),
        lenient=True,
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
