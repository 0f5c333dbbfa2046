"""A user's own modes and real name."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.base import Answer, Event, Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.modes import Change
from evchat.protocol.value import value


@value
class UserMode(Request):
    """Changes the user's own modes; without a text, asks for them. A `name` must be the user's own."""

    text: str | None = None
    name: str | None = None


@value
class SetRealname(Request):
    """Sets the user's real name."""

    traits = Traits(evident=True, heavy=True)

    text: str


@value
class UserModesTold(Answer):
    """The user's own modes, as letters."""

    name: str
    letters: str


@value
class UserModesChanged(Answer):
    """The user's own modes have changed."""

    name: str
    changes: tuple[Change, ...]


@value
class RealnameChanged(Event):
    """A user has changed real names; the new one is in `who`."""

    name: str
    afar: bool = field(default=False, compare=False)


COMMANDS: tuple[Command, ...] = (
    Command(
        "usermode",
        UserMode,
        "Shows or sets your modes: i invisible, w wallops, B bot, T no CTCP, R no guests.",
        (
            Param("text", Kind.WORD, "+i"),
            Param("name", Kind.USER, "name", key="name", line=False),
        ),
        words=("umode",),
    ),
    Command(
        "realname",
        SetRealname,
        "Sets your real name; /realname - removes it.",
        (Param("text", Kind.TEXT, "text", required=True),),
        words=("realname",),
        confirm=True,
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
