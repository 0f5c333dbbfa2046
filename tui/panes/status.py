"""The title above and the status line below the messages."""

from __future__ import annotations

from evchat.protocol.text import width
from tui.clock import second
from tui.frame import cut, row, row_width
from tui.model import ONLINE
from tui.panes.panels import badge, count, shown_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.frame import Row, Run
    from tui.layout import Layout
    from tui.model import Model, Room

DOT = "●"
_WORDS = {"connecting": "connecting …", "online": "connected", "offline": "offline", "refused": "not let in"}


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
    left = cut(f"evchat · {model.server}" if model.server else "evchat", columns // 3)
    topic = cut(topic, columns - width(left) - 9)
    gap = "─" * (columns - 7 - width(left) - width(topic))
    runs: list[Run] = [("┌ ", border), (left, heading), (f" {gap} ", border), (topic, model.theme["text"])]
    return row([*runs, (" ─┐", border)], columns, border)


def status_runs(model: Model, layout: Layout, columns: int) -> Row:
    """The status line: who and where one is, the connection, what is new elsewhere, and hints at the right."""
    theme = model.theme
    room = model.room
    plain = theme["status"]
    alert = model.state not in (ONLINE, "connecting")
    where = f"[{model.user}] {shown_name(room)}"
    runs: list[Run] = [(where, plain), ("  ", plain), *_connection(model, alert)]
    if not layout.rooms:
        runs += _elsewhere(model)
    right = _right(model, room)
    if not right:
        return row(runs, columns, plain, ellipsis=True)
    room_left = columns - width(right[0]) - 2
    if model.hint and row_width(runs) > room_left:
        # Where one is can be seen elsewhere; whether one is connected can't.
        runs = _connection(model, alert)[:1]
    if room_left < 8:
        return row([right], columns, plain, ellipsis=True)
    return row([*row(runs, room_left, plain, ellipsis=True), ("  ", plain), right], columns, plain)


def _connection(model: Model, alert: bool) -> list[Run]:
    theme = model.theme
    text = f"{DOT} {_WORDS.get(model.state, model.state)}"
    if model.state == ONLINE and model.latency is not None:
        text += f" {model.latency} ms"
    waiting = sum(len(room.pending) for room in model.rooms.values())
    runs: list[Run] = [(f" {text} " if alert else text, theme["status-alert" if alert else "status"])]
    if alert and model.reason and model.state != "refused":
        runs.append((f" {model.reason}", theme["status"]))
    if alert and model.retry_at is not None:
        runs.append((f" Next try at {second(model.retry_at)}.", theme["status"]))
    if waiting and model.state != ONLINE:
        runs.append((f"  {count(waiting)} to send", theme["status"]))
    return runs


def _elsewhere(model: Model) -> list[Run]:
    """What is new in other rooms, mentions first, for a screen without the list of rooms."""
    rooms = [room for room in model.order() if room.unread and room.key != model.current]
    rooms.sort(key=lambda room: not room.mentions)
    return [(f"  {shown_name(room)} {badge(room)}", model.theme["status"]) for room in rooms]


def _right(model: Model, room: Room) -> Run | None:
    """The most important hint; None if there is none."""
    theme = model.theme
    if model.hint:
        return (model.hint, theme["status-alert"] if model.quitting else theme["status"])
    if model.search is not None:
        failed = " (nothing older)" if model.search.failed else ""
        return (f"search: {model.search.query}_{failed}", theme["status"])
    if room.scroll is not None:
        if room.unread:
            return (f" {count(room.unread)} new below ↓ ", theme["below"])
        below = room.log.end + len(room.pending) - 1 - room.scroll.index
        return (f" {below} below ↓ " if below else " more below ↓ ", theme["below"])
    return None
