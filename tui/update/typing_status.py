"""Typing notifications, sent and received. None of it is stored."""

from __future__ import annotations

from evchat.protocol.names import user_key
from evchat.settings.client import MAX_TYPING
from tui.model.effects import QUIET, Ask, Say
from tui.model.model import TYPING_HOLDS, room_key
from tui.model.session_events import ONLINE
from tui.update.commands import is_command
from tui.update.notices import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.effects import Effect
    from tui.model.model import Model, Room
    from tui.model.server_events import Typing

EVERY = 3_000
"""Milliseconds between two typing notifications (as in IRCv3's `typing`)."""

PEOPLE = 20
"""People in a channel from which on nobody is told: it would be noise for all and work for the server."""


def told(model: Model, room: Room, text: str, effects: list[Effect]) -> list[Effect]:
    """What the others are to be told after something was done: before, one wrote `text` in `room`."""
    now = model.room
    known = model.typing_told
    if now is room and now.draft.text is text and model.is_shown:
        return []
    if known and any(type(effect) is Say for effect in effects):
        # The message itself says so to everybody.
        model.typing_told = known = ""
    if model.state != ONLINE:
        model.typing_told = ""
        return []
    writing = model.is_shown and _may_be_told(model, now)
    if known and not (writing and known == now.key):
        model.typing_told = ""
        other = model.rooms.get(known)
        if other is None:
            return []
        # Who goes elsewhere in the middle of a line may come back to it.
        return [_sign(other, "paused" if other is not now and other.draft.text else "done")]
    if not writing or now is not room or (known and 0 <= model.now - model.typing_told_at < EVERY):
        return []
    model.typing_told, model.typing_told_at = now.key, model.now
    return [_sign(now, "active")]


def _may_be_told(model: Model, room: Room) -> bool:
    """Whether what is written in a room is a message, and those there are so few that they may know."""
    text = room.draft.text
    if not model.tell_typing or not text or text.isspace() or is_command(text) or model.search is not None:
        return False
    if room is model.lobby or text == "-":
        return False
    return not room.is_channel or (room.joined and max(room.users, len(room.people)) < PEOPLE)


def _sign(room: Room, state: str) -> Ask:
    return Ask({"request": "typing", "to": room.name, "content": state}, QUIET)


def heard(model: Model, event: Typing) -> list[Effect]:
    """Somebody is typing, or is no longer."""
    name, to = one_line(event.sender), one_line(event.to)
    key = user_key(name)
    if not name or key == model.user_key or key in model.ignored:
        return []
    room = model.rooms.get(room_key(to) if to.startswith("#") else key)
    if room is None:
        return []
    room.typing.pop(key, None)
    if event.content == "active":
        room.typing = {one: entry for one, entry in room.typing.items() if entry[1] > model.now}
        if len(room.typing) < MAX_TYPING:
            room.typing[key] = (name, model.now + TYPING_HOLDS)
    return []


def due(model: Model) -> int | None:
    """When somebody is to be seen typing no longer, in milliseconds since the epoch; None if nobody is."""
    return min((until for _, until in model.typists()), default=None) if model.room.typing else None
