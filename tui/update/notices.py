"""Notices: log entries that nobody said."""

from __future__ import annotations

from evchat.protocol.text import harmless, legible, lines
from evchat.settings.client import MAX_LABEL_CHARS, MAX_NAMES_SHOWN
from tui.model.log import COMING, ERROR, KIND, NOTICE, PRIVATE, TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.model import Model, Room

SMALL = 20
"""People in a room up to which everybody's coming and going is told; beyond it only of those who spoke lately."""

LATELY = 3_600_000
"""An hour, in milliseconds."""


def clean(text: str) -> str:
    r"""Foreign text, harmless, with `\n` between its lines."""
    if text.isascii() and text.isprintable():
        return text
    return "\n".join(lines(text))


def one_line(text: str) -> str:
    """A foreign name or label, harmless and in one line; a very long one is cut."""
    if len(text) > MAX_LABEL_CHARS:
        text = text[: MAX_LABEL_CHARS - 1] + "…"
    return harmless(text)


def phrase(text: str) -> str:
    """What somebody wrote in one line, such as a topic, legible; a very long one is cut."""
    if len(text) > MAX_LABEL_CHARS:
        text = text[: MAX_LABEL_CHARS - 1] + "…"
    return legible(text)


def tell(
    model: Model, text: str, room: Room | None = None, *, error: bool = False, table: bool = False
) -> None:
    """Shows the user alone a text, or the rows of a table, in a room, or in the one the user is in."""
    _note(model, text, room, ERROR if error else TABLE if table else PRIVATE)


def announce(model: Model, text: str, room: Room | None = None) -> None:
    """Shows what changed in a room, which everybody there sees."""
    _note(model, text, room, NOTICE)


def _note(model: Model, text: str, room: Room | None, kind: int) -> None:
    room = room or model.room
    room.coming = []
    room.log.note(model.now, "", text, kind)


def came_or_went(model: Model, room: Room, name: str, came: bool, at: int) -> None:
    """Shows that somebody joined or left, in one line with those who did so just before."""
    alike = model.alike(room, name) if came else ()
    if len(room.people) > SMALL and at - room.speakers.get(name, -LATELY) >= LATELY and not alike:
        return
    going_on = bool(room.coming) and len(room.log) and room.log[room.log.end - 1].kind & KIND == COMING
    if not going_on:
        room.coming = []
    # Who goes and comes back, or comes and goes, in one line is told as what it is now.
    room.coming = [entry for entry in room.coming if entry[0] != name] + [
        (name, alike[0] if alike else "", came)
    ]
    text = _coming(room.coming)
    if going_on:
        room.log.replace_last(at, text)
    else:
        room.log.note(at, "", text, COMING)


def _coming(people: list[tuple[str, str, bool]]) -> str:
    parts = []
    for came, words in ((True, "joined"), (False, "left")):
        names = [
            f"{name} (looks like {other})" if other else name
            for name, other, is_coming in people
            if is_coming is came
        ]
        if names:
            more = len(names) - MAX_NAMES_SHOWN
            shown = ", ".join(names[:MAX_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
            parts.append(f"{shown} {words}")
    return " · ".join(parts)
