"""The list of rooms: what each is called in it, how what is new is counted, and which are in sight."""

from __future__ import annotations

from evchat.protocol.names import EVERYONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.model import Model, Room

_MOST = 999
"""A count above it is shown with a +."""


def count(number: int) -> str:
    """A number in at most four cells."""
    return str(number) if number <= _MOST else f"{_MOST}+"


def shown_name(room: Room) -> str:
    """How a list names a room: #main, @carol."""
    if room.key == EVERYONE:
        return "evchat"
    return room.name if room.is_channel else "@" + room.name


def badge(room: Room) -> str:
    """The badge of a room: the count of new messages, with ! if they mention the user."""
    if not room.unread:
        return ""
    return "!" + (count(room.unread) if room.unread > 1 else "") if room.mentions else count(room.unread)


def first_shown(model: Model, height: int) -> int:
    """The index of the room in the first row of the list, so that the current one is visible."""
    rooms = model.order()
    at = next((index for index, room in enumerate(rooms) if room.key == model.current), 0)
    return max(0, min(at - height // 2, len(rooms) - height))
