"""The geometry of the screen: how the panes divide it, down to a single cell."""

from __future__ import annotations

from evchat.protocol.text import width
from tui.layout.line import input_layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.model import Model

ROOMS_FROM = 80
PEOPLE_FROM = 100
"""Columns from which the list of rooms, and that of people, are shown by themselves."""

_FRAMED = (60, 12)
"""Columns and rows from which there are lines around the panes."""

_TITLED = 8
_STATUS = 2
"""Rows from which there is a title, and a status line."""

_PANEL = (10, 20)
"""The least and the most columns of a side panel, without its border."""


class Layout:
    """How many cells each part has. What is not shown has 0.

    `left` and `inner` are the first column within the lines around the panes, and how many there are; `foot` is the row
    of the status line.
    `framed`: lines around the panes. The widths of the panels are without the lines between them; `input` counts the
    rows of the line one writes, `body` those of the messages and panels.
    """

    __slots__ = (
        "body",
        "columns",
        "foot",
        "framed",
        "inner",
        "input",
        "left",
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
        self.framed = columns >= _FRAMED[0] and rows >= _FRAMED[1]
        self.title = 1 if self.framed or rows >= _TITLED else 0
        self.status = 1 if rows >= _STATUS else 0
        lines = 2 if self.framed else 0
        self.input = max(1, min(input_rows, rows // 3, rows - self.title - self.status - lines))
        self.body = max(0, rows - self.title - self.status - self.input - lines)
        self.foot = self.title + self.body + (1 if self.framed else 0)
        self.left = 1 if self.framed else 0
        self.inner = inner = columns - 2 * self.left
        self.rooms = _rooms_width(model) if _shown(model.show_rooms, columns >= ROOMS_FROM) else 0
        self.people = _people_width(model) if _shown(model.show_people, columns >= PEOPLE_FROM) else 0
        if inner < self.rooms + self.people + 2 + _PANEL[1]:
            self.people = 0
        if inner < self.rooms + 1 + _PANEL[1]:
            self.rooms = 0
        self.messages = (
            inner - (self.rooms + 1 if self.rooms else 0) - (self.people + 1 if self.people else 0)
        )

    @property
    def text(self) -> int:
        """Columns of a message's row: the pane without its margins."""
        return self.messages - 2 if self.framed else self.messages

    @property
    def line(self) -> int:
        """Columns of the input line, with its prompt."""
        return self.columns - 4 if self.framed else self.columns


def line_columns(columns: int, rows: int) -> int:
    """The columns of the input line, before anything else is known."""
    return columns - 4 if columns >= _FRAMED[0] and rows >= _FRAMED[1] else max(columns, 1)


def layout_of(model: Model) -> Layout:
    """How the screen is divided, with the line as long as it is."""
    return Layout(model, len(input_layout(model, line_columns(model.columns, model.rows)).rows))


def _shown(wanted: bool | None, enough: bool) -> bool:
    return enough if wanted is None else wanted


def _rooms_width(model: Model) -> int:
    """Wide enough for the names with their counts."""
    longest = max((width(room.name) for room in model.rooms.values()), default=0)
    return min(max(longest + 6, _PANEL[0]), _PANEL[1])


def _people_width(model: Model) -> int:
    room = model.room
    if not room.is_channel:
        return 0
    longest = max((width(name) for name in list(room.people.values())[:500]), default=0)
    signs = 1 if room.operators or room.voiced else 0
    return min(max(longest + signs + 2, _PANEL[0] + 2), _PANEL[1])
