"""The beginning of a run: settings, and what the run before has left."""

from __future__ import annotations

from tui.update.outgoing import queue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.inputs import Queued, Recalled, Started
    from tui.model.model import Model


def started(model: Model, event: Started) -> None:
    """The model as the settings want it, with its first room. The first server's are those of the desk."""
    model.levels = dict(event.levels)
    model.enter(event.channel)
    if model is not model.models[0]:
        return
    model.colours = event.colours
    model.theme = event.theme
    model.highlight(event.words)
    model.bell, model.clipboard, model.mouse = event.bell, event.clipboard, event.mouse
    model.tell_typing = event.typing
    model.settings = dict(event.settings)
    model.aliases = dict(event.settings.get("aliases", {}))
    model.logging = bool(event.settings.get("log"))


def recalled(model: Model, event: Recalled) -> None:
    """Gives the rooms what was kept of them; what there is of this run already stays."""
    model.drafts = {**event.drafts, **model.drafts}
    model.ignored |= event.ignored
    order = dict.fromkeys((*model.places, *event.rooms))
    model.places = {key: place for place, key in enumerate(order)}
    model.kept = {**event.typed, **model.kept}
    typed = model.kept.pop("", ())
    model.typed = model.typed or typed
    for room in model.rooms.values():
        if room.typed:
            model.kept[room.key] = room.typed
        model.restore(room)


def queued(model: Model, event: Queued) -> None:
    """A line waits that could not be sent before."""
    queue(model, event.room, event.id, event.text, event.action, event.failed, at=event.at)
