"""Where the lines of the linear mode go that name no room."""

from __future__ import annotations

from evchat.protocol.names import channel_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.plain.output import Output


class Place:
    """`room` is a channel or a user; `nowhere` says why nothing can be said there, and is empty if it can. The prompt
    names the room.
    """

    def __init__(self, out: Output, room: str) -> None:
        self.room = room
        self.nowhere = ""
        self._out = out

    @property
    def sign(self) -> str:
        """What stands before the line that is being written."""
        return f"{self.room}> "

    def enter(self, room: str) -> None:
        """What is typed goes to `room` from now on."""
        self.room, self.nowhere = room, ""
        if self._out.prompt is not None:
            self._out.prompt.sign = self.sign

    def left(self, channels: list[str], rest: list[str]) -> None:
        """One has left channels: what is typed goes to the first of the `rest`, if it went to one of them."""
        if channel_key(self.room) not in map(channel_key, channels):
            return
        if rest:
            self.enter(rest[0])
        else:
            self.nowhere = "You are not in a channel."
