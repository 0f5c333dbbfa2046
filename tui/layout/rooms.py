"""The list of rooms: what each is called in it, how what is new is counted, and which are in sight."""

from __future__ import annotations

from evchat.protocol.names import EVERYONE
from tui.layout import signs
from tui.model.session_events import OFFLINE, ONLINE, REFUSED
from tui.text.rows import cut

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.model.model import Model, Room

_MOST = 999
"""A count above it is shown with a +."""

_ROOMY = 3
"""Rows of the list from which it can say what is new out of sight."""


class Heading:
    """The name of a server above its rooms, where there are several servers."""

    __slots__ = ("model",)

    def __init__(self, model: Model) -> None:
        self.model = model

    @property
    def room(self) -> Room:
        """Where a click on it leads."""
        return self.model.room

    @property
    def sign(self) -> str:
        """What has become of its connection; empty if that stands."""
        if self.model.question is not None or self.model.state == REFUSED:
            return signs.ASKING
        return (
            ""
            if self.model.state == ONLINE
            else signs.FAILED
            if self.model.state == OFFLINE
            else signs.QUEUED
        )

    def name(self, cells: int) -> str:
        """The name in so many cells; a port stays whole, as one host may have several servers."""
        if self.model.label != self.model.server:
            return cut(self.model.label, cells)
        host, sign, port = self.model.server.rpartition(":")
        if not sign or "/" in host or cells < len(port) + 4:
            return cut(self.model.server, cells)
        return cut(host, cells - len(port) - 1) + sign + port


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


def listed(model: Model, height: int) -> list[Room | Heading | Hidden]:
    """The rows of the list, at most `height`: the rooms around the current one, and what is new out of sight."""
    rows = _rows(model)
    at = next((index for index, row in enumerate(rows) if row is model.room), 0)
    top = max(0, min(at - height // 2, len(rows) - height))
    shown: list[Room | Heading | Hidden] = list(rows[top : top + height])
    if height < _ROOMY:
        return shown
    # A row that tells of others takes a room's own place, so that room is out of sight as well.
    if _unread(rows[:top]):
        shown[0] = Hidden(True, _unread(rows[: top + 1]))
    bottom = top + len(shown)
    if _unread(rows[bottom:]):
        shown[-1] = Hidden(False, _unread(rows[bottom - 1 :]))
    return shown


def _rows(model: Model) -> Sequence[Room | Heading]:
    """All rooms; those of several servers below the names of these."""
    if not model.is_one_of_several:
        return model.order()
    rows: list[Room | Heading] = []
    for one in model.models:
        rows += [Heading(one), *(one.order() or [one.lobby])]
    return rows


def _unread(rows: Sequence[Room | Heading]) -> list[Room]:
    """The rooms among the rows that have something new."""
    return [row for row in rows if not isinstance(row, Heading) and row.unread]


def active(model: Model) -> list[tuple[int, Room]]:
    """The other rooms with something new, each with its number in the list; mentions first."""
    found = [
        (number, room)
        for number, room in enumerate(model.all_rooms(), 1)
        if room.unread and room is not model.room
    ]
    return sorted(found, key=lambda pair: not pair[1].mentions)


def number_of(model: Model, room: Room) -> int:
    """The number of a room in the list, from 1; 0 if it is not there."""
    return next((number for number, one in enumerate(model.all_rooms(), 1) if one is room), 0)
