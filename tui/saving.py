"""What `/save` writes: the settings as they are now."""

from __future__ import annotations

from tui.model.options import OPTIONS
from tui.update.setting import current

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.model import Model
    from tui.settings import Settings


def save(settings: Settings, model: Model, servers: list[str]) -> str:
    """Writes the settings as the user has changed them, with the addresses of the servers unless others were chosen for
    the next start; returns a sentence about it.
    """
    values = {option.name: current(model, option) for option in OPTIONS}
    if all(values[name] == settings.values[name] for name in ("server", "servers")):
        values["server"], values["servers"] = servers[0], servers[1:]
        model.settings.update(server=servers[0], servers=servers[1:])
    if values["user"] == settings.values["user"] and (values["user"] or model.user != settings.account):
        values["user"] = model.settings["user"] = model.user
    return settings.save(**values)
