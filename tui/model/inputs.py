"""What `update` hears: from the terminal, from the server, and of the world."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Event:
    """Something that happened. Events compare by value."""

    __slots__: tuple[str, ...] = ()

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Event) and type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._values()))})"


class Key(Event):
    """A key: its `name` ("a", "ctrl-a", "alt-enter", "f1", …) and the `text` it types, if any.

    Modifiers stand in the order ctrl, alt, shift, super. A character is its own name, but for "space".
    """

    __slots__ = ("name", "text")

    def __init__(self, name: str, text: str = "") -> None:
        self.name = name
        self.text = text


class Paste(Event):
    r"""A bracketed paste, with `\n` for every line break; `cut` tells that it was longer than is kept."""

    __slots__ = ("cut", "text")

    def __init__(self, text: str, cut: bool = False) -> None:
        self.text = text
        self.cut = cut


class Focus(Event):
    """The terminal's window got the focus, or lost it."""

    __slots__ = ("gained",)

    def __init__(self, gained: bool) -> None:
        self.gained = gained


class Mouse(Event):
    """The mouse: `action` is press, release, move, drag, wheel-up, wheel-down, wheel-left or wheel-right.

    `button` is left, middle, right or empty; `column` and `row` count from 0; `modifiers` are as in the names
    of keys, "ctrl-alt-" for instance.
    """

    __slots__ = ("action", "button", "column", "modifiers", "row")

    def __init__(self, action: str, button: str, column: int, row: int, modifiers: str = "") -> None:
        self.action = action
        self.button = button
        self.column = column
        self.row = row
        self.modifiers = modifiers


class Reply(Event):
    """The terminal's answer to a question: the sequence without its ESC, as in "]11;rgb:0000/0000/0000"."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


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
