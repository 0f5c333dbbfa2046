"""What stands in a room where nobody has said anything yet: who one is, how to speak, how others join, how to leave."""

from __future__ import annotations

from tui.model.keymap import shown
from tui.model.session_events import ONLINE
from tui.text.rows import row
from tui.text.wrap import wrap_runs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.model import Model, Room
    from tui.text.rows import Row, Run

_LEFT = 20
"""Cells of the column of keys and commands."""

_NARROW = 24
"""Cells that the explanations need beside it."""

_DEFAULT_PORT = "9998"


def rows(model: Model, room: Room, columns: int) -> list[Row]:
    """The rows, each as wide as the pane; none while there is no connection, or if something was said."""
    if room.log.last_seq or model.state != ONLINE or not (room.entered or room is model.lobby):
        return []
    columns = max(columns, 1)
    made: list[Row] = []
    for left, right in _lines(model, room):
        made += _line(model, left, right, columns)
    return [row(part, columns) for part in made]


def _line(model: Model, left: str, right: str, columns: int) -> list[Row]:
    theme = model.theme
    if not right:
        return list(wrap_runs([(left, theme["ghost"])], columns))
    if columns < _LEFT + _NARROW:
        return list(wrap_runs([(left, theme["key"]), (f"  {right}", theme["ghost"])], columns))
    first, *rest = wrap_runs([(right, theme["ghost"])], columns - _LEFT)
    lead: Run = (f"  {left}".ljust(_LEFT), theme["key"])
    return [(lead, *first), *(((" " * _LEFT, theme["ghost"]), *part) for part in rest)]


def _lines(model: Model, room: Room) -> list[tuple[str, str]]:
    """Texts, and pairs of what to type and what it does."""
    if room is model.lobby:
        return [
            (f"You are {model.user}, and not in a room.", ""),
            ("", ""),
            ("/channels", "lists the channels"),
            ("/join #main", "joins one of them"),
            (_key(model, "help"), "help"),
            (_key(model, "quit"), "leaves"),
        ]
    if not room.is_channel:
        return [
            (f"No messages yet. Only {room.name} will see what you write here.", ""),
            ("", ""),
            ("Enter", f"sends what you type to {room.name}"),
            ("/close", "closes the conversation"),
        ]
    lines = [
        (f"You are {model.user} in {room.name}. Nobody has said anything here yet.", ""),
        ("", ""),
        ("Enter", "sends what you type to everybody here"),
        ("/nick NAME", "changes your name"),
        (_key(model, "help"), "help"),
        (_key(model, "quit"), "leaves"),
    ]
    command = _command(model)
    return [*lines, ("", ""), (f"Others join with `{command}`.", "")] if command else lines


def _key(model: Model, action: str) -> str:
    keys = model.keymap.keys(action)
    return shown(keys[0]) if keys else f"/{action}"


def _command(model: Model) -> str:
    """The command with which others join this server; empty for a UNIX socket."""
    server = model.server
    if not server or server.startswith("unix:"):
        return ""
    host, _, port = server.rpartition(":")
    if not port.isdecimal() or server.count(":") > 1 and not server.startswith("["):
        host, port = server, _DEFAULT_PORT
    host = host.strip("[]")
    if not model.encrypted:
        return f"nc {host} {port}"
    return f"openssl s_client -quiet -connect {f'[{host}]' if ':' in host else host}:{port}"
