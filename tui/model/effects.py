"""Effects: what `update` asks the program to do, as values that `app` carries out."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


HISTORY, SEARCH, AROUND, COMMAND, PEOPLE, QUIET = "history", "search", "around", "command", "people", "quiet"
TAKE = "take"
"""The purposes of requests: the first word of an `Ask`'s `purpose`."""


class Effect:
    """Something to be done. Effects compare by value."""

    __slots__: tuple[str, ...] = ()

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Effect) and type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._values()))})"


class ForServer(Effect):
    """Something for a server: that of the model that asked for it, unless another one's is named in `server`."""

    __slots__ = ("server",)

    def __init__(self) -> None:
        self.server: str | None = None


def for_server(server: str, effects: list[Effect]) -> list[Effect]:
    """The effects, those for a server for this one."""
    for effect in effects:
        if isinstance(effect, ForServer):
            effect.server = server
    return effects


class Named(ForServer):
    """An effect under an `id`, by which the model knows it again. Two of them are equal whatever their ids are."""

    __slots__ = ("id",)

    def __init__(self, id: str) -> None:
        super().__init__()
        self.id = id


class Say(Named):
    """Say something in a room; it is kept on disk until the server has it."""

    __slots__ = ("action", "room", "text")

    def __init__(self, room: str, text: str, action: bool = False, id: str = "") -> None:
        super().__init__(id)
        self.room = room
        self.text = text
        self.action = action


class Again(Named):
    """Send the line `refused` once more, under a new id."""

    __slots__ = ("refused",)

    def __init__(self, refused: str, id: str = "") -> None:
        super().__init__(id)
        self.refused = refused


class Drop(ForServer):
    """Forget a line that the server refused."""

    __slots__ = ("id",)

    def __init__(self, id: str) -> None:
        super().__init__()
        self.id = id


class Ask(Named):
    """Send another request. `purpose` says what the answer is for; `update` keeps it in the model's `asked`."""

    __slots__ = ("purpose", "request")

    def __init__(self, request: dict[str, Any], *purpose: str, id: str = "") -> None:
        super().__init__(id)
        self.request = request
        self.purpose = purpose


class LogIn(ForServer):
    """Try again to log in, under this name."""

    __slots__ = ("password", "user")

    def __init__(self, user: str, password: str | None = None) -> None:
        super().__init__()
        self.user = user
        self.password = password


class GiveServerPassword(ForServer):
    """Give the server its password, and log in then."""

    __slots__ = ("password",)

    def __init__(self, password: str) -> None:
        super().__init__()
        self.password = password

    def __repr__(self) -> str:
        return type(self).__name__


class Remember(ForServer):
    """Keep what was typed in a room, for the next time the program runs."""

    __slots__ = ("room", "text")

    def __init__(self, room: str, text: str) -> None:
        super().__init__()
        self.room = room
        self.text = text


class Alert(Effect):
    """Draw attention: the bell, and a notification where the terminal can show one. The text is harmless."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Copy(Effect):
    """Put a text into the clipboard, through the terminal."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Open(Effect):
    """Open a link with the system's program for it."""

    __slots__ = ("uri",)

    def __init__(self, uri: str) -> None:
        self.uri = uri


class EditOutside(Effect):
    """Let the user edit a text in $EDITOR; `EditedOutside` tells the outcome."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class UseMouse(Effect):
    """Take the mouse, or give it back to the terminal."""

    __slots__ = ("on",)

    def __init__(self, on: bool) -> None:
        self.on = on


class Trust(ForServer):
    """Take the certificate with this fingerprint for the server's, now and later, and connect."""

    __slots__ = ("fingerprint",)

    def __init__(self, fingerprint: str) -> None:
        super().__init__()
        self.fingerprint = fingerprint


class Save(Effect):
    """Write the settings as they are to the configuration file."""

    __slots__ = ()


class Redraw(Effect):
    """Redraw everything, because something else may have written to the terminal."""

    __slots__ = ()


class Suspend(Effect):
    """Go to the background."""

    __slots__ = ()


class Reconnect(ForServer):
    """Connect anew now, without waiting any longer."""

    __slots__ = ()


class Connect(Effect):
    """Connect to another server as well, and show it; `Hinted` says why if that can't be."""

    __slots__ = ("address",)

    def __init__(self, address: str) -> None:
        self.address = address


class Disconnect(ForServer):
    """Leave a server, and show another one if it was on the screen."""

    __slots__ = ()


class Quit(Effect):
    """End the program."""

    __slots__ = ()
