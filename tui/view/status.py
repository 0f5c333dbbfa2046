"""The title above and the status line below the messages."""

from __future__ import annotations

from evchat.protocol.text import width
from tui.layout import signs
from tui.layout.rooms import active, count, number_of, shown_name
from tui.model.keymap import shown
from tui.model.session_events import (
    CERTIFICATE,
    CONNECTING,
    NAME,
    OFFLINE,
    ONLINE,
    PASSWORD,
    REFUSED,
    SERVER_PASSWORD,
)
from tui.text.rows import cut, row, row_width
from tui.text.split import parts
from tui.text.times import second

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.layout.screen import Layout
    from tui.model.model import Model, Room
    from tui.text.rows import Row, Run

DOT = "●"

_SLOW_MS = 300
"""Milliseconds from which an answer of the server takes so long that the status line says so."""

_MANY = 10
"""Rooms with something new that are named at most."""

_LONG_NAME = 16
"""Cells of a name in the status line."""

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
    CERTIFICATE: "waiting for your yes",
}
"""What a refused login waits for."""


def title_row(model: Model, layout: Layout) -> Row:
    """The top line: the topic, or whom one talks with, and the server."""
    columns = layout.columns
    style, heading = model.theme["topic"], model.theme["heading"].over(model.theme["topic"])
    server = cut(model.place, columns // 3)
    space = columns - width(server) - 4
    if space < 8:
        return row([(cut(f" {_about(model, model.room)}", columns), style)], columns, style)
    left = cut(_about(model, model.room), space)
    gap = " " * (space - width(left) + 2)
    return row([(f" {left}{gap}", style), (server, heading), (" ", style)], columns, style)


def _about(model: Model, room: Room) -> str:
    if room is model.lobby:
        return ""
    if room.is_channel:
        return f"{room.name}: {room.topic}" if room.topic else room.name
    away = model.away.get(room.key)
    note = "" if away is None else f" · away: {away}" if away else " · away"
    return f"Direct conversation with {room.name}{note}"


def status_row(model: Model, layout: Layout) -> Row:
    """The status line: one's name, the room, news from other rooms, the connection; at the right a hint, or the help.

    Where there is little room, details go first, then one's own name. What remains are the room and the connection; a
    hint that does not fit beside them is shown above the line (`overflowing_hint`).
    """
    columns = layout.columns
    plain = model.theme["status"]
    right = _right(model, columns)
    if right and overflowing_hint(model, layout):
        right = None
    # A hint is short-lived, and what else there is to say comes back after it.
    more = [] if model.hint else _details(model)
    needed = (width(right[0]) + 2 if right else 0) + min(row_width(more), _GLIMPSE)
    variants = _lefts(model, layout)
    runs = next((runs for runs in variants if row_width(runs) <= columns - needed), variants[-1])
    if right is None and not model.hint and (keys := model.keymap.keys("help")):
        help: Run = (f"{shown(keys[0])} help ", plain)
        rest = columns - row_width(more) - width(help[0]) - 2
        beside = next((runs for runs in variants[:_NAMED] if row_width(runs) <= rest), None)
        if beside is not None:
            runs, right = beside, help
    runs = [*runs, *more]
    if right is None:
        return row(runs, columns, plain, ellipsis=True)
    if columns - width(right[0]) - 2 < _LEAST_LEFT:
        return row([right], columns, plain, ellipsis=True)
    left = row(runs, columns - width(right[0]) - 2, plain, ellipsis=True)
    return row([*left, ("  ", plain), right], columns, plain)


_GLIMPSE = 20
"""Cells of the details about a missing connection that come before one's own name."""

_LEAST_LEFT = 8
"""Cells of the room and the connection below which something else at the right takes the whole line."""


def overflowing_hint(model: Model, layout: Layout) -> str:
    """The hint, if it does not fit into the status line beside the room and the connection; else an empty text."""
    if not model.hint or layout.body < 1:
        return ""
    if not layout.status:
        return model.hint
    left = row_width(_lefts(model, layout)[-1])
    return model.hint if left + 2 + width(model.hint) + 1 > layout.columns else ""


_NAMED = 3
"""How many variants of the left part have one's own name in it."""


def _lefts(model: Model, layout: Layout) -> list[list[Run]]:
    """Variants of the left part of the status line, from the longest to the shortest."""
    plain = model.theme["status"]
    away = " away" if model.user_key in model.away else ""
    number = number_of(model, model.room)
    name = cut(shown_name(model.room), _LONG_NAME)
    where: Run = (f"{number}:{name}" if number else name, plain)
    who: Run = (f" [{cut(model.user, _LONG_NAME)}{away}] ", plain)
    gap, space = ("  ", plain), (" ", plain)
    state = _connection(model)
    brief: Run = (DOT, plain) if model.state == ONLINE else state
    named, rooms = not layout.rooms, active(model)
    news, few, short = [
        _news(model, rooms, most, name) for most, name in ((_MANY, named), (1, named), (1, False))
    ]
    return [
        [who, where, *news, gap, state],
        [who, where, *few, gap, state],
        [who, where, *short, gap, state],
        [space, where, *short, gap, state],
        [space, where, *short, gap, brief],
        [space, where, gap, brief],
        [brief, space, where],
    ]


def _news(model: Model, rooms: list[tuple[int, Room]], most: int, named: bool) -> list[Run]:
    """The numbers of the other rooms with something new, mentions first; of more than `most` that there are others."""
    if not rooms:
        return []
    plain, alert = model.theme["status"], model.theme["status-news"]
    runs: list[Run] = []
    for number, room in rooms[:most]:
        runs.append(("," if runs else "  Act: ", plain))
        name = f":{cut(shown_name(room), _LONG_NAME)}" if named else ""
        mark = signs.MENTION if room.mentions else ""
        runs.append((f"{number}{name}{mark}", alert if room.mentions else plain))
    if len(rooms) > most:
        runs.append((",…", plain))
    return runs


def _connection(model: Model) -> Run:
    words = _NEEDS.get(model.needs) or _WORDS.get(model.state, model.state)
    if model.state == CONNECTING and model.now >= model.silent_from > 0:
        words = "no answer yet …"
    text = f"{DOT} {model.label}: {words}" if model.is_one_of_several else f"{DOT} {words}"
    if model.state == ONLINE and model.latency_ms is not None and model.latency_ms >= _SLOW_MS:
        text += f", slow: {model.latency_ms / 1000:.1f} s"
    if model.state in (ONLINE, "connecting"):
        return (text, model.theme["status"])
    return (f" {text} ", model.theme["status-alert"])


def _details(model: Model) -> list[Run]:
    """Details about a missing connection, the most useful first."""
    plain = model.theme["status"]
    runs: list[Run] = [
        (f"  {one.server}: {_WORDS[one.state]}", plain)
        for one in model.models
        if one is not model and one.state in (OFFLINE, REFUSED)
    ]
    if model.state == ONLINE:
        return runs
    waiting = sum(not line.failed for room in model.rooms.values() for line in room.pending.values())
    if waiting:
        runs.append((f"  {count(waiting)} to send", plain))
    if model.retry_at is not None:
        runs.append((f"  next try {second(model.retry_at)}", plain))
    if model.reason and model.state == "offline":
        runs.append((f"  {model.reason}", plain))
    return runs


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
    offered = [choice for choice in _CHOICES if choice[0] != "copy" or model.clipboard]
    keys = [(model.keymap.keys(name), word) for name, word in offered]
    words = [f"{shown(found[0])} {word}" for found, word in keys if found]
    while len(words) > 1 and width(_BETWEEN.join(words)) > columns:
        del words[-2]
    return _BETWEEN.join(words)


def _typing(names: list[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} is typing …"
    shown_names, more = (names, 0) if len(names) == 2 else (names[:1], len(names) - 1)
    return f"{' and '.join(shown_names)}{f' and {more} more' if more else ''} are typing …"


def _right(model: Model, columns: int) -> Run | None:
    """The most important hint; None if there is none."""
    theme, room = model.theme, model.room
    if model.hint:
        return (f"{model.hint} ", theme["status-alert"] if model.quitting else theme["status"])
    if model.question is not None:
        keys = model.keymap.keys("cancel-answer")
        return (f"{shown(keys[0])}: not now ", theme["status"]) if keys else None
    if model.search is not None:
        failed = " (nothing older)" if model.search.failed else ""
        return (f"search: {model.search.query}_{failed} ", theme["status"])
    if model.selected is not None:
        return (_choices(model, columns - _KEPT) + " ", theme["status"])
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
        return (_typing([name for name, _ in typing]) + " ", theme["status"])
    return None
