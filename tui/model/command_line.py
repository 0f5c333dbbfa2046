"""Parsing of a typed line: something to say, a request to the server, or a command of the client.

Lines are read by the server's own table of commands, so they mean here what they mean in every client.
"""

from __future__ import annotations

from evchat.dialects.json.requests import write_request
from evchat.protocol.base import Request
from evchat.protocol.basics import Malformed
from evchat.protocol.commands import COMMANDS
from evchat.protocol.lines import parse_line
from evchat.protocol.login import Login as ProtocolLogin
from evchat.protocol.login import Quit
from evchat.protocol.messages import Announce, SendMessage
from evchat.protocol.names import EVERYONE
from evchat.protocol.typed_lines import TypedLine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Saying:
    """Something to say in `room`; None is the current room."""

    __slots__ = ("action", "room", "text")

    def __init__(self, room: str | None, text: str, action: bool = False) -> None:
        self.room = room
        self.text = text
        self.action = action


class Asking:
    """A request to the server, with the keys of PROTOCOL.md. `where` says which of them names a room and is missing."""

    __slots__ = ("request", "where")

    def __init__(self, request: dict[str, Any], where: str = "") -> None:
        self.request = request
        self.where = where


class Login:
    """Another name, perhaps with a password."""

    __slots__ = ("name", "password")

    def __init__(self, name: str, password: str | None) -> None:
        self.name = name
        self.password = password


class Leave:
    """The end of the program."""


class Mistake:
    """A line that means nothing; the text says why, and what to type."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


Meaning = Saying | Asking | Login | Leave | Mistake


def read(line: str, *, piped: bool = False) -> Meaning | None:
    """What a line means; None for one that is blank.

    In a `piped` line only `/` begins a command: dashes are those of patches, keys, lists and options.
    """
    if not line.strip():
        return None
    if piped and line.startswith("-"):
        return Saying(None, line)
    request = parse_line(line)
    match request:
        case TypedLine():
            return Saying(None, request.text)
        case SendMessage() if not request.notice:
            return Saying(request.to, request.text, request.action)
        case Announce() if not request.to:
            return Saying(EVERYONE, request.text)
        case ProtocolLogin():
            return Login(request.name, request.password or None)
        case Quit():
            return Leave()
        case Malformed():
            return Mistake(request.reason)
    return _asking(request)


_HERE = {each.name: param.key for each in COMMANDS for param in each.params if param.here}
"""The commands that apply to the current room unless they name another, and the key for that name."""


def _asking(request: Request) -> Asking:
    facts = write_request(request)
    where = _HERE.get(str(facts["request"]), "")
    return Asking(facts, "" if where in facts else where)
