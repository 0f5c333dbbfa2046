"""Outgoing messages: cut to size, and queued for a room."""

from __future__ import annotations

from evchat.protocol.names import EVERYONE
from evchat.protocol.text import width
from evchat.settings.client import MAX_PARTS
from tui.layout.widths import WHOLE
from tui.model.effects import Again, Drop, Say
from tui.model.model import Pending
from tui.model.session_events import ONLINE
from tui.text.split import parts
from tui.update.notices import clean
from tui.update.scrolling import look

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.effects import Effect
    from tui.model.model import Model, Room


def say_to(model: Model, name: str, text: str, *, action: bool = False) -> list[Effect] | None:
    """Says a text somewhere, in as many messages as it takes; None, with a hint, if these are too many."""
    if model.is_banned:
        model.hint = f"{model.reason} The line stays here."
        return None
    messages = parts(text.rstrip(), model.max_lines)
    if len(messages) > MAX_PARTS:
        model.hint = f"That is too long: {len(messages)} messages (limit {MAX_PARTS})."
        return None
    model.peeking = False
    room = model.room
    room.scroll = None
    room.marker = max(room.marker, room.log.last_seq)
    room.version += 1
    effects = look(model, room)
    return [*(_say(model, name, part.rstrip(), action) for part in messages), *effects]


def _say(model: Model, name: str, text: str, action: bool) -> Say:
    id = model.new_id("line")
    queue(model, name, id, text, action)
    return Say(name, text, action, id)


def queue(
    model: Model,
    room_name: str,
    id: str,
    text: str,
    action: bool = False,
    failed: str = "",
    *,
    at: int | None = None,
) -> None:
    """One of the user's lines, written `at` that time or now, waits to be sent or, if it `failed`, for a decision."""
    room = model.enter(room_name) if room_name != EVERYONE else model.room
    _queue(model, room, Pending(id, clean(text), model.now if at is None else at, action), failed)


def _queue(model: Model, room: Room, pending: Pending, failed: str = "") -> None:
    room.pending[pending.id] = pending
    pending.failed = failed
    room.nick_width = max(room.nick_width, min(width(model.user), WHOLE))
    room.version += 1


def again(model: Model, room: Room, pending: Pending) -> list[Effect]:
    """Sends a line once more that was refused."""
    del room.pending[pending.id]
    id = model.new_id("line")
    _queue(model, room, Pending(id, pending.text, model.now, pending.action))
    return [Again(pending.id, id)]


def may_drop(model: Model, pending: Pending) -> bool:
    """Whether a line can be given up: one that was refused, or any while nothing can be sent."""
    return bool(pending.failed) or model.state != ONLINE


def drop(room: Room, pending: Pending) -> Drop:
    """Gives a line up."""
    del room.pending[pending.id]
    room.version += 1
    return Drop(pending.id)


def discard(model: Model, room: Room) -> list[Effect]:
    """Gives up all lines of a room that can be given up."""
    return [drop(room, pending) for pending in list(room.pending.values()) if may_drop(model, pending)]
