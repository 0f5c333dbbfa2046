"""Scrolling: which part of a room's messages is on the screen. The rows are those of `layout.messages`."""

from __future__ import annotations

from tui.layout.messages import Pane
from tui.layout.screen import layout_of
from tui.model.effects import HISTORY, Ask
from tui.model.model import Anchor
from tui.model.session_events import ONLINE
from tui.update.reading import read_now

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.effects import Effect
    from tui.model.model import Model, Room

OLDER = 100
"""Earlier messages asked for at once: two screenfuls of a large terminal."""


def by_rows(model: Model, rows: int) -> list[Effect]:
    """Scrolls by so many rows: up if they are more than 0, down if less."""
    room = model.room
    layout = layout_of(model)
    pane = Pane(model, room, layout.text)
    index = room.scroll.index if room.scroll else pane.end - 1
    below = (room.scroll.below if room.scroll else 0) + rows
    while index > room.log.first and below >= len(pane.rows(index)):
        below -= len(pane.rows(index))
        index -= 1
    while below < 0 and index < pane.end - 1:
        index += 1
        below += len(pane.rows(index))
    return _put(model, room, pane, index, below, layout.body)


def by_pages(model: Model, halves: int) -> list[Effect]:
    """Scrolls by half pages: up if they are more than 0."""
    return by_rows(model, halves * max(layout_of(model).body // 2, 1))


def to_oldest(model: Model) -> list[Effect]:
    """Shows the oldest message there is, and asks for older ones."""
    room = model.room
    layout = layout_of(model)
    return _put(model, room, Pane(model, room, layout.text), room.log.first, 1 << 30, layout.body)


def to_newest(model: Model) -> list[Effect]:
    """Shows the newest message; all is read then."""
    room = model.room
    room.scroll = None
    return look(model, room)


def to_entry(model: Model, index: int, above: int = 0) -> list[Effect]:
    """Shows the entry with so many rows of earlier ones above it."""
    room = model.room
    layout = layout_of(model)
    pane = Pane(model, room, layout.text)
    if not room.log.first <= index < pane.end:
        return []
    left = layout.body - above - len(pane.rows(index))
    while left > 0 and index < pane.end - 1:
        index += 1
        left -= len(pane.rows(index))
    return _put(model, room, pane, index, max(-left, 0), layout.body)


def into_sight(model: Model, index: int) -> list[Effect]:
    """Scrolls as little as needed to show the entry."""
    room = model.room
    layout = layout_of(model)
    pane = Pane(model, room, layout.text)
    _, owners = pane.visible(layout.body)
    if not owners or owners[0] < index < owners[-1]:
        return []
    height = len(pane.rows(index))
    if index >= owners[-1] and owners.count(index) < height:
        return _put(model, room, pane, index, 0, layout.body)
    return to_entry(model, index) if owners.count(index) < height else []


def _put(model: Model, room: Room, pane: Pane, index: int, below: int, height: int) -> list[Effect]:
    """Makes (index, below) the last row on the screen, but keeps the screen full."""
    highest, cut = _highest(pane, height)
    effects: list[Effect] = []
    if (index, -below) <= (highest, -cut):
        index, below = highest, cut
        effects += older(model, room)
    if index >= pane.end - 1 and below <= 0:
        room.scroll = None
        return effects + look(model, room)
    room.scroll = Anchor(index, below)
    return effects


def _highest(pane: Pane, height: int) -> tuple[int, int]:
    """Where the bottom of the screen is when its top is the first row of all."""
    left = max(height, 1)
    index = pane.room.log.first
    while index < pane.end - 1 and len(pane.rows(index)) < left:
        left -= len(pane.rows(index))
        index += 1
    if index >= pane.end:
        return index - 1, 0
    return index, max(len(pane.rows(index)) - left, 0)


def older(model: Model, room: Room) -> list[Effect]:
    """Asks for what was said before all that is here, unless that is under way or there is nothing."""
    first = room.log.first_message_seq()
    if room.exhausted or room.asking or model.state != ONLINE or first == 1 or room is model.lobby:
        return []
    room.asking = True
    request: dict[str, object] = {"request": "history", "to": room.name, "limit": OLDER}
    if first:
        request["before"] = first
    return [Ask(request, HISTORY, room.key)]


def look(model: Model, room: Room) -> list[Effect]:
    """A room is looked at: what is at its end is read, if the terminal has the focus."""
    if not model.is_read(room):
        return []
    room.unread = room.mentions = 0
    return read_now(model, room)


def look_away(model: Model, room: Room) -> list[Effect]:
    """A room is left, or the terminal: what comes from now on is new."""
    if room.scroll is not None or room.unread:
        return []
    room.marker = max(room.marker, room.log.last_seq)
    room.version += 1
    return read_now(model, room)
