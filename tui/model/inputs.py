"""Inputs of `update`: events from the terminal, from the server, and from the program itself."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tui.model.server_events import ServerEvent
    from tui.text.theme import Theme


class Input:
    """Something that happened. Events compare by value."""

    __slots__: tuple[str, ...] = ()

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Input) and type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._values()))})"


class Key(Input):
    """A key: its `name` ("a", "ctrl-a", "alt-enter", "f1", …) and the `text` it types, if any.

    Modifiers stand in the order ctrl, alt, shift, super. A character is its own name, but for "space".
    """

    __slots__ = ("name", "text")

    def __init__(self, name: str, text: str = "") -> None:
        self.name = name
        self.text = text


class Paste(Input):
    r"""A bracketed paste, with `\n` for every line break; `cut` tells that it was longer than is kept."""

    __slots__ = ("cut", "text")

    def __init__(self, text: str, cut: bool = False) -> None:
        self.text = text
        self.cut = cut


class Focus(Input):
    """The terminal's window got the focus, or lost it."""

    __slots__ = ("gained",)

    def __init__(self, gained: bool) -> None:
        self.gained = gained


class Mouse(Input):
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


class TerminalReply(Input):
    """The terminal's answer to a question: the sequence without its ESC, as in "]11;rgb:0000/0000/0000"."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Started(Input):
    """The program begins, with these settings.

    `settings` are all their values by name. `channel` is the first one, `colours` are those of the terminal, `levels`
    (by the keys of rooms) say what draws attention.
    """

    __slots__ = (
        "bell",
        "channel",
        "clipboard",
        "colours",
        "levels",
        "mouse",
        "settings",
        "theme",
        "typing",
        "words",
    )

    def __init__(
        self,
        channel: str,
        theme: Theme,
        colours: int,
        *,
        words: tuple[str, ...] = (),
        levels: dict[str, str] | None = None,
        bell: bool = True,
        clipboard: bool = False,
        mouse: bool = False,
        typing: bool = True,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.settings = settings or {}
        self.channel = channel
        self.theme = theme
        self.colours = colours
        self.words = words
        self.levels = levels or {}
        self.bell = bell
        self.clipboard = clipboard
        self.mouse = mouse
        self.typing = typing


class Recalled(Input):
    """What the last run has left on disk: drafts, what was typed, the keys of the users who are ignored, and those of
    the rooms in the order of the list.

    `drafts` and `typed` are by the keys of rooms; under "" in `typed` stands what was typed anywhere.
    """

    __slots__ = ("drafts", "ignored", "rooms", "typed")

    def __init__(
        self,
        drafts: dict[str, str],
        ignored: set[str],
        typed: dict[str, tuple[str, ...]],
        rooms: tuple[str, ...] = (),
    ) -> None:
        self.drafts = drafts
        self.ignored = ignored
        self.typed = typed
        self.rooms = rooms


class Queued(Input):
    """A line of the last run, written at `at` (ms since the epoch), still waits to be sent; if it was refused, `failed`
    says why.
    """

    __slots__ = ("action", "at", "failed", "id", "room", "text")

    def __init__(
        self, room: str, id: str, text: str, at: int, action: bool = False, failed: str = ""
    ) -> None:
        self.room = room
        self.id = id
        self.text = text
        self.at = at
        self.action = action
        self.failed = failed


class Heard(Input):
    """What the server told and what is told about it, as `session.Session.receive` gives it; and how long the server
    took for its last sign of life, in ms.
    """

    __slots__ = ("events", "latency_ms")

    def __init__(self, events: list[ServerEvent], latency_ms: int | None = None) -> None:
        self.events = events
        self.latency_ms = latency_ms


class Shown(Input):
    """The server of the model is to be on the screen."""

    __slots__ = ()


class Tick(Input):
    """Time has passed, and something that was shown for a while is over."""

    __slots__ = ()


class Seen(Input):
    """What is on the screen has been there for a while, so it was read if anybody looks."""

    __slots__ = ()


class Resized(Input):
    """The screen has another size, in cells."""

    __slots__ = ("columns", "rows")

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows


class ThemeFound(Input):
    """The theme that fits the terminal's background, now that it has told it."""

    __slots__ = ("theme",)

    def __init__(self, theme: Theme) -> None:
        self.theme = theme


class EditedOutside(Input):
    """The text as $EDITOR left it; `problem` is a sentence if that failed."""

    __slots__ = ("problem", "text")

    def __init__(self, text: str, problem: str = "") -> None:
        self.text = text
        self.problem = problem


class Told(Input):
    """Something to tell the user in the room, from the program itself."""

    __slots__ = ("error", "text")

    def __init__(self, text: str, error: bool = False) -> None:
        self.text = text
        self.error = error


class Hinted(Input):
    """Something to tell the user in the status line, until the next key."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text
