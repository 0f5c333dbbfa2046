"""The side panels: rooms with what is new in them, and who is here."""

from __future__ import annotations

from evchat.protocol.text import width
from tui.layout import signs
from tui.layout.rooms import Heading, Hidden, badge, listed, shown_name
from tui.text.rows import cut, row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.model import Model, Room
    from tui.text.rows import Row


def rooms_rows(model: Model, height: int, columns: int) -> list[Row]:
    """The list of rooms with their numbers, scrolled so that the current one is visible."""
    theme = model.theme
    numbers = {id(room): number for number, room in enumerate(model.all_rooms(), 1)}
    digits = len(str(len(numbers)))
    rows = []
    for entry in listed(model, height):
        if isinstance(entry, Hidden):
            style = theme["room-mention" if entry.mentions else "room-unread"]
            rows.append(row([(f" {entry.text}", style)], columns, style))
            continue
        if isinstance(entry, Heading):
            style = theme["heading"]
            name = entry.name(columns - (4 if entry.sign else 2))
            gap = columns - 2 - width(name) - width(entry.sign)
            rows.append(row([(f" {name}{' ' * gap}{entry.sign}", style)], columns, style))
            continue
        if entry is model.room:
            style = theme["room-current"]
        elif entry.mentions:
            style = theme["room-mention"]
        elif entry.unread:
            style = theme["room-unread"]
        else:
            style = theme["room"]
        sign = badge(entry)
        if entry.pending and not sign:
            sign = signs.FAILED if all(line.failed for line in entry.pending.values()) else signs.QUEUED
        number = f"{numbers[id(entry)]:>{digits}} "
        number_style = style if entry is model.room else theme["room-number"]
        space = columns - 2 - len(number)
        name = cut(shown_name(entry), space - 1 - width(sign) if sign else space)
        gap = max(space - width(name) - width(sign), 0)
        rows.append(row([(f" {number}", number_style), (f"{name}{' ' * gap}{sign} ", style)], columns, style))
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
        if key == model.user_key:
            name_style = theme["own-nick"]
        elif model.alike(room, name):
            name_style = theme["suspect"]
        else:
            name_style = style if note else model.nick_style(key)
        sign = room.sign(key)
        shown_as = cut(name, columns - 2 - len(sign) - len(note))
        rows.append(row([(f" {sign}", style), (shown_as, name_style), (note, style)], columns))
    if total > len(shown) and height > 0:
        rows.append(
            row([(f" {total - len(shown)} more" if shown else f" {total} people", theme["ghost"])], columns)
        )
    return rows
