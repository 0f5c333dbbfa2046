"""The dialect of the clients of `room://`: one room, whose lines have a time."""

from __future__ import annotations

from collections.abc import Sequence

from evchat.dialects import times
from evchat.dialects.unframed.dialect import UnframedDialect
from evchat.protocol.base import Answer, Event
from evchat.protocol.messages import Message


class RoomDialect(UnframedDialect):
    """Everybody, the sender too, hears `(HH:MM) name: text`. `---quit---` says goodbye; closing the window sends it."""

    name = "room"

    __slots__ = ()

    def before(self, said: Message, time: str) -> str:
        """The time, too."""
        return f"({time}) {super().before(said, time)}"

    def words(self, event: Event) -> Sequence[str]:
        """What happens has its time; answers have none."""
        told = super().words(event)
        return told if isinstance(event, Answer) else [f"({times.hour(event.at)}) {text}" for text in told]
