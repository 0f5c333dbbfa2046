"""What `update` hears besides what comes from the terminal (`keys.Event`)."""

from __future__ import annotations

from tui.keys import Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Heard(Event):
    """Objects from the server or about it, as `session.Session.receive` gives them."""

    __slots__ = ("objects",)

    def __init__(self, objects: list[dict[str, Any]]) -> None:
        self.objects = objects


class Queued(Event):
    """A line was taken to be sent, and has an id now."""

    __slots__ = ("action", "id", "room", "text")

    def __init__(self, room: str, id: str, text: str, action: bool = False) -> None:
        self.room = room
        self.id = id
        self.text = text
        self.action = action


class Passed(Event):
    """Time has passed, and something that was shown for a while is over."""

    __slots__ = ()


class Resized(Event):
    """The screen has another size, in cells."""

    __slots__ = ("columns", "rows")

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows


class EditedOutside(Event):
    """The text as $EDITOR left it; `problem` is a sentence if that failed."""

    __slots__ = ("problem", "text")

    def __init__(self, text: str, problem: str = "") -> None:
        self.text = text
        self.problem = problem


class Told(Event):
    """Something to tell the user, from the program itself."""

    __slots__ = ("error", "text")

    def __init__(self, text: str, error: bool = False) -> None:
        self.text = text
        self.error = error
