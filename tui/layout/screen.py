"""The geometry of the screen: how the panes divide it, down to a single cell."""

from __future__ import annotations

from evchat.protocol.text import width
from tui.layout.line import input_layout
from tui.layout.widths import usual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.model import Model

ROOMS_FROM = 80
PEOPLE_FROM = 100
"""Columns from which the list of rooms, and that of people, are shown by themselves."""

_TITLED = 8
_STATUS = 2
"""Rows from which there is a title, and a status line."""

_ROOMS = (12, 20)
_PEOPLE = (12, 18)
"""The least and the most columns of a side panel, without the line beside it."""

_LEAST = 20
"""Columns that the messages keep beside the panels."""


class Layout:
    """How many cells each part has. What is not shown has 0.

    `foot` is the row of the status line. The widths of the panels are without the lines between them; `input` counts
    the rows of the line one writes, `body` those of the messages and panels. `bare`: only messages and that line.
    """

    __slots__ = (
        "bare",
        "body",
        "columns",
        "foot",
        "input",
        "messages",
        "people",
        "rooms",
        "rows",
        "status",
        "title",
    )

    def __init__(self, model: Model, input_rows: int) -> None:
        self.columns = columns = max(model.columns, 1)
        self.rows = rows = max(model.rows, 1)
        self.bare = model.bare
        self.title = 1 if rows >= _TITLED and not self.bare else 0
        self.status = 1 if rows >= _STATUS and not self.bare else 0
        self.input = max(1, min(input_rows, rows // 3, rows - self.title - self.status))
        self.body = max(0, rows - self.title - self.status - self.input)
        self.foot = self.title + self.body
        self.rooms = self.people = 0
        if not self.bare:
            self.rooms = _rooms_width(model) if _shown(model.show_rooms, columns >= ROOMS_FROM) else 0
            self.people = _people_width(model) if _shown(model.show_people, columns >= PEOPLE_FROM) else 0
        if columns < self.rooms + self.people + 2 + _LEAST:
            self.people = 0
        if columns < self.rooms + 1 + _LEAST:
            self.rooms = 0
        self.messages = columns - self.messages_left - (self.people + 1 if self.people else 0)

    @property
    def messages_left(self) -> int:
        """The first column of the messages."""
        return self.rooms + 1 if self.rooms else 0

    @property
    def margins(self) -> tuple[int, int]:
        """The empty columns of the messages on either side, where there is a line."""
        return (1 if self.rooms else 0, 1 if self.people else 0)

    @property
    def text(self) -> int:
        """Columns of a message's row: the pane without its margins."""
        return self.messages - sum(self.margins)


def layout_of(model: Model) -> Layout:
    """How the screen is divided, with the line as long as it is."""
    return Layout(model, len(input_layout(model, max(model.columns, 1)).rows))


def _shown(wanted: bool | None, enough: bool) -> bool:
    return enough if wanted is None else wanted


def _rooms_width(model: Model) -> int:
    """Wide enough for the names with their numbers and counts."""
    most = max(_ROOMS[0], min(_ROOMS[1], model.columns // 5))
    names = [width(room.name) for one in model.models for room in one.rooms.values()]
    numbers = len(str(len(names)))
    around = numbers + 8  # the number, the count and spaces
    longest = usual(names, most)
    if model.is_one_of_several:
        longest = max(longest, *(width(one.server) + 4 - around for one in model.models))
    return min(max(longest + around, _ROOMS[0]), most)


def _people_width(model: Model) -> int:
    room = model.room
    if not room.is_channel:
        return 0
    most = max(_PEOPLE[0], min(_PEOPLE[1], model.columns // 7))
    signs = 1 if room.operators or room.voiced else 0
    longest = usual([width(name) for name in list(room.people.values())[:500]], most - signs - 2)
    return min(max(longest + signs + 2, _PEOPLE[0]), most)
