"""Moving from room to room."""

from __future__ import annotations

from tui.layout.rooms import Heading, Hidden, badge, listed, shown_name
from tui.layout.screen import layout_of
from tui.model.command_words import commands
from tui.model.effects import AROUND, COMMAND, Ask, UseMouse, for_server
from tui.model.keymap import shown
from tui.model.log import MENTION
from tui.model.overlays import Item
from tui.model.session_events import ONLINE
from tui.text.rows import counted
from tui.update.lists import open_list
from tui.update.reading import read_now
from tui.update.scrolling import look, look_away, older, to_entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.effects import Effect
    from tui.model.model import Model, Room


_AROUND = 50
"""Messages shown around one that was found far above."""


def go(model: Model, room: Room, *, peek: bool = False) -> list[Effect]:
    """Goes to a room; each keeps its own draft. With `peek` what is new there stays unread."""
    model.peeking = peek
    before = model.shown.room
    if room is before:
        return look(model.shown, room)
    effects = for_server(model.desk.shown, look_away(model.shown, before))
    model.selected = None
    before.completion = None
    room.draft = room.draft.with_ring(before.draft.ring)
    model.desk.previous = model.desk.shown
    there = model.home(room)
    model.desk.shown = there.server
    if room.key != there.current and there.room is not there.lobby:
        there.previous = there.current
    there.current = "" if room is there.lobby else room.key
    arrived = look(there, room)
    if not room.is_channel and not room.entered:
        room.entered = True
        arrived += older(there, room)
    return effects + for_server(there.server, arrived)


def step(model: Model, by: int) -> list[Effect]:
    """Goes that many rooms down the list, around its end."""
    order = model.all_rooms()
    if not order:
        return []
    at = next((index for index, room in enumerate(order) if room is model.room), 0)
    return go(model, order[(at + by) % len(order)])


def number(model: Model, index: int) -> list[Effect]:
    """Goes to the room at that place of the list, counted from 0."""
    order = model.all_rooms()
    return go(model, order[index]) if index < len(order) else []


def last(model: Model) -> list[Effect]:
    """Goes to the room the user was in before."""
    there = model.find(model.desk.previous)
    room = there.room if there is not model else model.rooms.get(model.previous)
    return go(model, room) if room else []


def active(model: Model, *, peek: bool = False) -> list[Effect]:
    """Goes to the next room with something new, mentions first; without any, back to the previous room."""
    rooms = [room for room in model.all_rooms() if room.unread and room is not model.room]
    if not rooms:
        model.hint = "Nothing new elsewhere."
        return []
    return go(model, next((room for room in rooms if room.mentions), rooms[0]), peek=peek)


def peek(model: Model) -> list[Effect]:
    """Peeks at the next room with something new and leaves it unread; then back to the previous room."""
    if model.peeking:
        return last(model)
    effects = active(model, peek=True)
    if model.peeking:
        back, read = (model.keymap.keys(name)[:1] for name in ("peek", "mark-read"))
        model.hint = f"It stays unread. {''.join(map(shown, back))} returns, {''.join(map(shown, read))} marks it read."
    return effects


def first_unread(model: Model) -> list[Effect]:
    """Shows the first message that is not read."""
    room = model.room
    index = room.log.after(room.marker)
    if index >= room.log.end:
        model.hint = "Everything here is read."
        return []
    return to_entry(model, index, 2)


def mark_read(model: Model, room: Room) -> list[Effect]:
    """Counts a room as read, whether or not it was looked at."""
    model.peeking = model.peeking and room is not model.room
    room.unread = room.mentions = 0
    room.marker = room.log.last_seq
    room.version += 1
    there = model.home(room)
    return for_server(there.server, read_now(there, room))


def close(model: Model) -> list[Effect]:
    """Leaves the current room; a conversation is only put away."""
    room = model.room
    if room is model.lobby:
        return []
    if room.is_channel and room.joined:
        return [Ask({"request": "part", "content": room.name}, COMMAND, room.key, "part")]
    if room.pending:
        model.hint = f"{counted(len(room.pending), 'line')} not sent yet, so the room stays open."
        return []
    model.leave(room)
    return look(model, model.room)


def switcher(model: Model) -> list[Effect]:
    """Opens the list of rooms, people and commands; what is new comes first."""
    items = []
    rooms = sorted(model.all_rooms(), key=lambda room: (not room.mentions, not room.unread))
    for room in rooms:
        if room is not model.room:
            label = f"{shown_name(room)}  {badge(room)}".rstrip()
            items.append(Item(("room", room), label, _elsewhere(model, room)))
    seen = {room.key for room in model.rooms.values()}
    for room in model.rooms.values():
        for key, name in room.people.items():
            if key not in seen and key != model.user_key:
                seen.add(key)
                items.append(Item(("person", name), name, "away" if key in model.away else ""))
    items += [Item(("person", name), name) for key, name in model.acquaintances.items() if key not in seen]
    items += [Item(("command", command.word), command.usage, command.summary) for command in commands()]
    return open_list(model, "switch", "Go to a room, a person or a command", items)


def catch_up(model: Model) -> list[Effect]:
    """Opens the list of everything new: each room with the first mention of the user, or the last message."""
    items = []
    for room in sorted(model.all_rooms(), key=lambda room: not room.mentions):
        if not room.unread:
            continue
        fresh = [
            entry
            for entry in room.log.between(room.log.end - room.unread, room.log.end)
            if entry.is_message and not entry.is_gone
        ]
        wanted = next((entry for entry in fresh if entry.kind & MENTION), fresh[-1] if fresh else None)
        mine = f", {room.mentions} for you" if room.mentions and room.is_channel else ""
        said = f" · {wanted.sender}: " + wanted.text.replace("\n", " ") if wanted else ""
        name = " ".join(filter(None, (shown_name(room), _elsewhere(model, room))))
        items.append(Item(("room", room), name, f"{room.unread} new{mine}{said}", role="text"))
    if not items:
        model.hint = "Nothing new."
        return []
    return open_list(model, "switch", "What is new: Enter goes there", items)


def _elsewhere(model: Model, room: Room) -> str:
    """Which server a room is on, if that is not the one on the screen."""
    there = model.home(room)
    return "" if there is model else f"on {there.server}"


def to_message(model: Model, key: str, seq: int) -> list[Effect]:
    """Goes to a message that was found. One that is not here is shown on a page, with what was said around it."""
    room = model.rooms.get(key)
    if room is None:
        return []
    effects = go(model, room)
    if not room.log.has(seq):
        if model.state != ONLINE:
            model.hint = "That message is not loaded, and you are not connected."
            return effects
        request = {"request": "history", "to": room.name, "before": seq + _AROUND // 2 + 1, "limit": _AROUND}
        return [*effects, Ask(request, AROUND, room.key, str(seq))]
    index = room.log.after(seq - 1)
    model.selected = index
    return [*effects, *to_entry(model, index, layout_of(model).body // 2)]


def toggle_mouse(model: Model) -> list[Effect]:
    """Takes the mouse, or gives it back to the terminal."""
    model.mouse = not model.mouse
    model.hint = (
        "Mouse on: the wheel scrolls, a click goes to a room; Shift selects text."
        if model.mouse
        else "Mouse off: dragging selects text."
    )
    return [UseMouse(model.mouse)]


def toggle_bare(model: Model) -> list[Effect]:
    """Shows the messages alone, or everything again."""
    model.bare = not model.bare
    if model.bare:
        keys = [
            shown(model.keymap.keys(name)[0]) for name in ("toggle-bare", "escape") if model.keymap.keys(name)
        ]
        model.hint = f"Only the messages, for copying. {' or '.join(keys)} shows everything again."
    return []


def clicked(model: Model, row: int, column: int) -> list[Effect]:
    """A click on the list of rooms goes to the one under it."""
    layout = layout_of(model)
    top = layout.title
    if not (column < layout.rooms and top <= row < top + layout.body):
        return []
    entries = listed(model, layout.body)
    if row - top >= len(entries):
        return []
    entry = entries[row - top]
    if isinstance(entry, Hidden):
        return go(model, next((room for room in entry.rooms if room.mentions), entry.rooms[0]))
    return go(model, entry.room if isinstance(entry, Heading) else entry)
