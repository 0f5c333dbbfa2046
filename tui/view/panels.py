"""The side panels: rooms with what is new in them, and who is here."""

from __future__ import annotations

from evchat.protocol.text import width
from tui.layout.rooms import badge, first_shown, shown_name
from tui.text.rows import cut, row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.model import Model, Room
    from tui.text.rows import Row


def rooms_rows(model: Model, height: int, columns: int) -> list[Row]:
    """The list of rooms, scrolled so that the current one is visible."""
    theme = model.theme
    rooms = model.order()
    top = first_shown(model, height)
    rows = []
    for room in rooms[top : top + height]:
        if room.key == model.current:
            style = theme["room-current"]
        elif room.mentions:
            style = theme["room-mention"]
        elif room.unread:
            style = theme["room-unread"]
        else:
            style = theme["room"]
        sign = badge(room)
        if room.pending and not sign:
            sign = "…"
        name = cut(shown_name(room), columns - 3 - width(sign) if sign else columns - 2)
        gap = max(columns - 2 - width(name) - width(sign), 0)
        rows.append(row([(f" {name}{' ' * gap}{sign} ", style)], columns, style))
    return rows


def people_rows(model: Model, room: Room, height: int, columns: int) -> list[Row]:
    """The people in the room: operators, voiced users, the others, each sorted by name; then how many more."""
    theme = model.theme
    if room.operators or room.voiced:
        order = {"@": 0, "+": 1, "": 2}
        names = sorted(room.people.items(), key=lambda item: (order[room.sign(item[0])], item))
    else:
        names = sorted(room.people.items())
    total = max(room.users, len(names))
    shown = names[:height] if total <= height else names[: max(height - 1, 0)]
    rows = []
    for key, name in shown:
        note = " hidden" if key in model.ignored else " away" if key in model.away else ""
        style = theme["person-away" if note else "person"]
        name_style = theme["suspect"] if key != model.user_key and model.alike(room, name) else style
        sign = room.sign(key)
        shown_as = cut(name, columns - 2 - len(sign) - len(note))
        rows.append(row([(f" {sign}", style), (shown_as, name_style), (note, style)], columns))
    if total > len(shown) and height > 0:
        rows.append(
            row([(f" {total - len(shown)} more" if shown else f" {total} people", theme["ghost"])], columns)
        )
    return rows
