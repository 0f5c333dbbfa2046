"""What the user says: cut into messages, and sent to a room."""

from __future__ import annotations

from tui.model.effects import Say
from tui.text.split import parts
from tui.update.scrolling import look

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.effects import Effect
    from tui.model.model import Model

MAX_PARTS = 20
"""Messages that one text may become: beyond that it is a file, and nobody reads it in a chat."""


def say_to(model: Model, name: str, text: str, *, action: bool = False) -> list[Effect] | None:
    """Says a text somewhere, in as many messages as it takes; None, with a hint, if these are too many."""
    messages = parts(text.rstrip(), model.max_lines)
    if len(messages) > MAX_PARTS:
        model.hint = f"That is too long: {len(messages)} messages, and {MAX_PARTS} are the most."
        return None
    model.peeking = False
    room = model.room
    room.scroll = None
    room.marker = max(room.marker, room.log.last_seq)
    room.version += 1
    return [*(Say(name, part.rstrip(), action) for part in messages), *look(model, room)]
