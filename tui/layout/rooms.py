"""The list of rooms: what each is called in it, how what is new is counted, and which are in sight."""

from __future__ import annotations

from evchat.protocol.names import EVERYONE
from tui.layout import signs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.model.model import Model, Room

_MOST = 999
"""A count above it is shown with a +."""

_ROOMY = 3
"""Rows of the list from which it can say what is new out of sight."""


class Hidden:
    """Rooms with something new that are out of sight, above the list or below it."""

    __slots__ = ("above", "rooms")

    def __init__(self, above: bool, rooms: Sequence[Room]) -> None:
        self.above = above
        self.rooms = rooms

    @property
    def mentions(self) -> bool:
        """Whether one of them mentions the user."""
        return any(room.mentions for room in self.rooms)

    @property
    def text(self) -> str:
        """How the list says it: `↓ 3`, or `↓ 3 !` if the user is mentioned in one of the three."""
        return f"{'↑' if self.above else '↓'} {len(self.rooms)}{f' {signs.MENTION}' if self.mentions else ''}"


def count(number: int) -> str:
    """A number in at most four cells."""
    return str(number) if number <= _MOST else f"{_MOST}+"


def shown_name(room: Room) -> str:
    """How a list names a room: #main, and a direct conversation by the user's name."""
    return "evchat" if room.key == EVERYONE else room.name


def badge(room: Room) -> str:
    """The badge of a room: the count of new messages, with ! if they mention the user."""
    if not room.unread:
        return ""
    if not room.mentions:
        return count(room.unread)
    return signs.MENTION + (count(room.unread) if room.unread > 1 else "")


def listed(model: Model, height: int) -> list[Room | Hidden]:
    """The rows of the list, at most `height`: the rooms around the current one, and what is new out of sight."""
    rooms = model.order()
    at = next((index for index, room in enumerate(rooms) if room.key == model.current), 0)
    top = max(0, min(at - height // 2, len(rooms) - height))
    shown: list[Room | Hidden] = list(rooms[top : top + height])
    if height < _ROOMY:
        return shown
    # A row that tells of others takes a room's own place, so that room is out of sight as well.
    if any(room.unread for room in rooms[:top]):
        shown[0] = Hidden(True, [room for room in rooms[: top + 1] if room.unread])
    bottom = top + len(shown)
    if any(room.unread for room in rooms[bottom:]):
        shown[-1] = Hidden(False, [room for room in rooms[bottom - 1 :] if room.unread])
    return shown


def active(model: Model) -> list[tuple[int, Room]]:
    """The other rooms with something new, each with its number in the list; mentions first."""
    found = [
        (number, room)
        for number, room in enumerate(model.order(), 1)
        if room.unread and room.key != model.current
    ]
    return sorted(found, key=lambda pair: not pair[1].mentions)


def number_of(model: Model, room: Room) -> int:
    """The number of a room in the list, from 1; 0 if it is not there."""
    return next((number for number, one in enumerate(model.order(), 1) if one is room), 0)
