"""Watching for users to come online (IRC MONITOR)."""

from __future__ import annotations

from evchat.protocol.base import Answer, Event, Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.people import Person
from evchat.protocol.value import value


@value
class Monitor(Request):
    """Starts watching these users' coming and going, or stops (`on` is False)."""

    traits = Traits(evident=True, heavy=True)

    names: tuple[str, ...]
    on: bool = True


@value
class ListMonitored(Request):
    """Lists the watched users; `clear` stops watching all of them."""

    traits = Traits(evident=True, heavy=True)

    clear: bool = False


@value
class MonitorTold(Answer):
    """Which watched users, or newly watched ones, are online and which are not (names as the client wrote them)."""

    online: tuple[Person, ...]
    offline: tuple[str, ...]


@value
class MonitorOnline(Event):
    """A watched user is online."""

    name: str


@value
class MonitorOffline(Event):
    """A watched user is no longer online."""

    name: str


COMMANDS: tuple[Command, ...] = (
    Command(
        "watch",
        Monitor,
        "Tells you when these users come online or leave.",
        (Param("names", Kind.USERS, "name,name", required=True),),
        words=("watch",),
    ),
    Command(
        "unwatch",
        Monitor,
        "Stops watching these users.",
        (Param("names", Kind.USERS, "name,name", required=True),),
        words=("unwatch",),
        fixed=(("on", False),),
    ),
    Command(
        "watched",
        ListMonitored,
        "Lists the users you watch, and which of them are online.",
        (Param("clear", Kind.FLAG, "clear", key="clear", line=False),),
        words=("watched",),
        lenient=True,
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
