"""Read markers: what was read here, on the user's other devices, and what arrived while the user was away."""

from __future__ import annotations

from evchat.protocol.names import EVERYONE
from evchat.settings.client import MAX_NAMES_SHOWN
from tui.model.effects import QUIET, Ask
from tui.model.log import MENTION, OWN
from tui.model.model import room_key
from tui.model.session_events import ONLINE
from tui.update.notices import one_line, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.effects import Effect
    from tui.model.model import Model, Room
    from tui.model.session_events import Directs

LATEST = 10
"""Direct conversations shown when the program starts, besides those with something new."""


def read_now(model: Model, room: Room) -> list[Effect]:
    """Tells the server that a room is read to its end."""
    seq = room.log.last_seq
    if seq <= room.read_told or model.state != ONLINE or room is model.lobby:
        return []
    room.read_told = seq
    return [_tell(room)]


def seen(model: Model) -> list[Effect]:
    """Tells the server what the user has read because it was shown; no effects if there is nothing new."""
    return read_now(model, model.room) if model.is_read(model.room) else []


def _tell(room: Room) -> Ask:
    return Ask({"request": "read", "to": room.name, "seq": room.read_told}, QUIET)


def told(model: Model, room: Room, seq: int) -> list[Effect]:
    """The server says up to where a room is read; what it does not know yet it is told again."""
    if seq < room.read_told:
        return [_tell(room)]
    if seq > room.read_told:
        before, room.read_told = room.read_told, seq
        room.marker = max(room.marker, seq)
        if not model.is_read(room):
            _count(room, seq - before)
        room.version += 1
    return []


def _count(room: Room, read: int) -> None:
    """Recounts what is unread after `read` messages were read elsewhere."""
    log = room.log
    if not log.last_seq:
        room.unread = max(room.unread - read, 0)
        room.mentions = min(room.mentions, room.unread)
        return
    fresh = [
        entry
        for entry in log.between(log.after(room.read_told), log.end)
        if entry.is_message and not entry.kind & OWN and not entry.is_gone
    ]
    room.unread = min(len(fresh), room.unread)
    named = len(fresh) if not room.is_channel else sum(bool(entry.kind & MENTION) for entry in fresh)
    room.mentions = min(named, room.unread)


def directs(model: Model, event: Directs) -> list[Effect]:
    """One's direct conversations: those with something new, and at the start the latest, get their rooms."""
    effects: list[Effect] = []
    news = []
    starting = not model.acquaintances
    model.acquaintances = {}
    for place, row in enumerate(event.rows):
        name = one_line(row.name)
        key = room_key(name)
        if not name or name == EVERYONE or name.startswith("#"):
            continue
        model.acquaintances[key] = name
        unread, read = row.unread, row.read or 0
        room = model.rooms.get(key)
        if room is not None:
            effects += told(model, room, read)
        elif unread or (starting and place < LATEST):
            room = model.enter(name)
            room.read_told = room.marker = read
            if unread:
                news.append(f"{name} ({unread})")
            if not row.fetched:
                room.unread = room.mentions = unread
    if news:
        more = len(news) - MAX_NAMES_SHOWN
        names = ", ".join(news[:MAX_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
        tell(model, f"New for you: {names}.")
    return effects
