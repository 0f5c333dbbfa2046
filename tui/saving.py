"""What `/save` writes: the settings as they are now."""

from __future__ import annotations

from tui.model.model import MENTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.model import Model
    from tui.settings import Settings


def save(settings: Settings, model: Model, servers: list[str]) -> str:
    """Writes the settings as the user has changed them, with the addresses of the servers; returns a
    sentence about it.
    """
    rooms = {room.name: room.level for one in model.models for room in one.rooms.values()}
    levels = {name: level for name, level in settings.rooms.items() if name not in rooms}
    levels |= {name: level for name, level in rooms.items() if level != MENTIONS}
    return settings.save(
        model.chosen_theme,
        words=list(model.words),
        mouse=model.mouse,
        rooms=levels,
        server=servers[0],
        servers=servers[1:],
    )
