"""The title above and the status line below the messages."""

from __future__ import annotations

from evchat.protocol.text import width
from tui.layout.rooms import badge, count, shown_name
from tui.model.keymap import shown
from tui.model.session_events import NAME, ONLINE, PASSWORD, SERVER_PASSWORD
from tui.text.rows import cut, row, row_width
from tui.text.split import parts
from tui.text.times import second

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.layout.screen import Layout
    from tui.model.model import Model, Room
    from tui.text.rows import Row, Run

DOT = "●"
_GLIMPSE = 20
"""Cells reserved, if needed, for news from other rooms before the user's own name gets them."""

_WORDS = {
    "connecting": "connecting …",
    "online": "connected",
    "offline": "offline",
    "refused": "not logged in",
}

_NEEDS = {
    SERVER_PASSWORD: "waiting for the server's password",
    NAME: "waiting for a name",
    PASSWORD: "waiting for the password",
}
"""What a refused login waits for."""


def title_row(model: Model, layout: Layout) -> Row:
    """The top line: the program and server, and the room with its topic."""
    room = model.room
    columns = layout.columns
    topic = f"{shown_name(room)}: {room.topic}" if room.topic else shown_name(room)
    if not layout.framed:
        return row(
            [(cut(f" {topic or 'evchat'}", columns), model.theme["topic"])], columns, model.theme["topic"]
        )
    border, heading = model.theme["border"], model.theme["heading"]
    left = cut(model.place, columns // 3)
    topic = cut(topic, columns - width(left) - 9)
    gap = "─" * (columns - 7 - width(left) - width(topic))
    runs: list[Run] = [("┌ ", border), (left, heading), (f" {gap} ", border), (topic, model.theme["text"])]
    return row([*runs, (" ─┐", border)], columns, border)


def status_runs(model: Model, layout: Layout, columns: int) -> Row:
    """The status line: the user and room, the connection, news from other rooms, and hints at the right.

    Where there is little room, one's own name goes first, then what is known of a connection that is fine.
    """
    plain = model.theme["status"]
    right = _right(model, model.room, columns)
    room_left = columns - width(right[0]) - 2 if right else columns
    if right and room_left < 8:
        return row([right], columns, plain, ellipsis=True)
    # A hint is short-lived, and what else there is to say comes back after it.
    more = [] if model.hint else _details(model)
    if not layout.rooms:
        more += _elsewhere(model)
    made = _lefts(model)
    runs = next(
        (runs for runs in made if row_width(runs) + min(row_width(more), _GLIMPSE) <= room_left), made[-1]
    )
    if model.hint and row_width(runs) > room_left:
        # Where one is can be seen elsewhere; whether one is connected can't.
        runs = [_connection(model)]
    if not right:
        return row([*runs, *more], columns, plain, ellipsis=True)
    left = row([*runs, *more], room_left, plain, ellipsis=True)
    return row([*left, ("  ", plain), right], columns, plain)


def _lefts(model: Model) -> list[list[Run]]:
    """Variants of the left part of the status line, from the longest to the shortest."""
    plain = model.theme["status"]
    away = " away" if model.user_key in model.away else ""
    where = shown_name(model.room)
    connection = _connection(model)
    gap: Run = ("  ", plain)
    short: Run = (DOT, plain) if model.state == ONLINE else connection
    return [
        [(f"[{model.user}{away}] {where}", plain), gap, connection],
        [(where, plain), gap, connection],
        [(where, plain), gap, short],
        [short, (f" {where}", plain)],
    ]


def _connection(model: Model) -> Run:
    words = _NEEDS.get(model.needs) or _WORDS.get(model.state, model.state)
    text = f"{DOT} {words}"
    if model.state == ONLINE and model.latency_ms is not None:
        text += f" {model.latency_ms} ms"
    if model.state in (ONLINE, "connecting"):
        return (text, model.theme["status"])
    return (f" {text} ", model.theme["status-alert"])


def _details(model: Model) -> list[Run]:
    """Details about a missing connection, the most useful first."""
    if model.state == ONLINE:
        return []
    plain = model.theme["status"]
    runs: list[Run] = []
    waiting = sum(len(room.pending) for room in model.rooms.values())
    if waiting:
        runs.append((f"  {count(waiting)} to send", plain))
    if model.retry_at is not None:
        runs.append((f"  next try {second(model.retry_at)}", plain))
    if model.reason and model.state == "offline":
        runs.append((f"  {model.reason}", plain))
    return runs


def _elsewhere(model: Model) -> list[Run]:
    """What is new in other rooms, mentions first, for a screen without the list of rooms."""
    rooms = [room for room in model.order() if room.unread and room.key != model.current]
    rooms.sort(key=lambda room: not room.mentions)
    return [(f"  {shown_name(room)} {badge(room)}", model.theme["status"]) for room in rooms]


_BETWEEN = " · "
_KEPT = 20
"""Cells that the choices leave for the connection and the room."""

_CHOICES = (
    ("reply", "reply"),
    ("copy", "copy"),
    ("open-link", "open"),
    ("drop", "delete"),
    ("help-selecting", "more"),
)


def _choices(model: Model, columns: int) -> str:
    """The actions for the selected message, as many as fit, with the key that shows the others."""
    keys = [(model.keymap.keys(name), word) for name, word in _CHOICES]
    words = [f"{shown(found[0])} {word}" for found, word in keys if found]
    while len(words) > 1 and width(_BETWEEN.join(words)) > columns:
        del words[-2]
    return _BETWEEN.join(words)


def _typing(names: list[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} is typing …"
    shown_names, more = (names, 0) if len(names) == 2 else (names[:1], len(names) - 1)
    return f"{' and '.join(shown_names)}{f' and {more} more' if more else ''} are typing …"


def _right(model: Model, room: Room, columns: int) -> Run | None:
    """The most important hint; None if there is none."""
    theme = model.theme
    if model.hint:
        return (model.hint, theme["status-alert"] if model.quitting else theme["status"])
    if model.question is not None:
        keys = model.keymap.keys("cancel-answer")
        return (f"{shown(keys[0])}: not now", theme["status"]) if keys else None
    if model.search is not None:
        failed = " (nothing older)" if model.search.failed else ""
        return (f"search: {model.search.query}_{failed}", theme["status"])
    if model.selected is not None:
        return (_choices(model, columns - _KEPT), theme["status"])
    if model.peeking:
        return ("stays unread", theme["below"])
    messages = len(parts(model.editor.text, model.max_lines))
    if messages > 1:
        return (f"{messages} messages", theme["below"])
    if room.scroll is not None:
        if room.unread:
            return (f" {count(room.unread)} new below ↓ ", theme["below"])
        below = room.log.end + len(room.pending) - 1 - room.scroll.index
        return (f" {below} below ↓ " if below else " more below ↓ ", theme["below"])
    typing = model.typists()
    if typing:
        return (_typing([name for name, _ in typing]), theme["status"])
    if not model.typed and model.state == ONLINE:
        # A user who has never sent anything may not know yet where the help is.
        return (f"{shown(keys[0])}: help", theme["status"]) if (keys := model.keymap.keys("help")) else None
    return None
