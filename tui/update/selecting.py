"""A selected message: going from one to the next, and what can be done with it."""

from __future__ import annotations

from tui.model import log
from tui.model.effects import COMMAND, TAKE, Ask
from tui.model.keymap import shown
from tui.model.log import Entry
from tui.model.session_events import ONLINE
from tui.text import links
from tui.text.rows import cut
from tui.update import outgoing
from tui.update.line import edit
from tui.update.lists import copy, open_uri
from tui.update.scrolling import into_sight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.effects import Effect
    from tui.model.model import Model, Pending

_QUOTED = 60
"""Cells of a message that an answer quotes."""

_CHOSEN = frozenset(set(range(log.TO_VOICED + 1)) - {log.NOTICE, log.ERROR, log.COMING})
"""The kinds of entries that can be selected: messages."""


def begin(model: Model) -> list[Effect]:
    """Selects the newest message."""
    return step(model, -1)


def step(model: Model, by: int) -> list[Effect]:
    """Selects the message before or after; after the last one comes the input line."""
    room = model.room
    waiting = room.log.end + len(room.pending)
    index = waiting if model.selected is None else model.selected
    index += by
    while room.log.first <= index < waiting:
        if index >= room.log.end or room.log[index].kind & log.KIND in _CHOSEN:
            model.selected = index
            return into_sight(model, index)
        index += by
    if by > 0:
        model.selected = None
    return into_sight(model, room.log.first) if by < 0 and model.selected is not None else []


def leave(model: Model) -> list[Effect]:
    """Back to writing."""
    model.selected = None
    return []


def _entry(model: Model) -> Entry | None:
    written = model.room.log
    at = model.selected
    return written[at] if at is not None and written.first <= at < written.end else None


def _pending(model: Model) -> Pending | None:
    """The selected line, if it is one that is not sent."""
    room, at = model.room, model.selected
    index = -1 if at is None else at - room.log.end
    return list(room.pending.values())[index] if 0 <= index < len(room.pending) else None


def reply(model: Model) -> list[Effect]:
    """Begins an answer that quotes the message; a line that was refused is sent again."""
    pending = _pending(model)
    if pending is not None:
        model.selected = None
        return outgoing.again(model, model.room, pending) if pending.failed else []
    entry = _entry(model)
    if entry is None or _is_gone(model, entry):
        return []
    model.selected = None
    quoted = cut(entry.text.replace("\n", " "), _QUOTED)
    edit(model, model.editor.text_start().insert(f"{entry.sender}: “{quoted}” — ").text_end())
    return []


def drop(model: Model) -> list[Effect]:
    """Gives up a line that is not sent: it goes back into the empty line, to be changed, or away.

    A sent message is deleted at the server, after a confirmation.
    """
    pending = _pending(model)
    entry = _entry(model)
    if entry is not None:
        return _take_back(model, entry)
    if pending is None or not outgoing.may_drop(model, pending):
        model.hint = "That line is still being sent; it can't be deleted yet."
        return []
    model.selected = None
    room = model.room
    if not room.draft.text:
        edit(model, room.draft.replace(pending.text))
    return [outgoing.drop(room, pending)]


def _is_gone(model: Model, entry: Entry) -> bool:
    if entry.is_gone:
        model.hint = "Discarded."
    return entry.is_gone


def _take_back(model: Model, entry: Entry) -> list[Effect]:
    asked, model.taking = model.taking, False
    room = model.room
    keeps_order = room.is_channel and model.user_key in room.operators
    if _is_gone(model, entry):
        return []
    if not entry.is_message:
        model.hint = "That can't be deleted."
    elif not entry.kind & log.OWN and not keeps_order:
        model.hint = "You can only delete your own messages."
    elif model.state != ONLINE:
        model.hint = "You are not connected."
    elif not asked:
        model.taking = True
        key = shown((model.keymap.keys("drop") or ("",))[0])
        model.hint = f"{key} again deletes it for everybody."
    else:
        model.selected = None
        request = {"request": "redact", "to": room.name, "seq": entry.seq}
        return [Ask(request, TAKE, room.key, str(entry.seq))]
    return []


def pin(model: Model) -> list[Effect]:
    """Pins the message, if the user is an operator here; the server decides."""
    entry, room = _entry(model), model.room
    if entry is None or _is_gone(model, entry):
        return []
    if not entry.is_message or not room.is_channel:
        model.hint = "Only messages in a channel can be pinned."
        return []
    model.selected = None
    return [Ask({"request": "pin", "to": room.name, "seq": entry.seq}, COMMAND, room.key, "pin")]


def mention(model: Model) -> list[Effect]:
    """Writes the sender's name."""
    entry = _entry(model)
    model.selected = None
    if entry is not None:
        editor = model.editor
        edit(model, editor.insert(f"{entry.sender}: " if not editor.text else f"{entry.sender} "))
    return []


def copy_text(model: Model) -> list[Effect]:
    """Copies the message's text."""
    entry = _entry(model)
    if entry is None or _is_gone(model, entry):
        return []
    model.selected = None
    return copy(model, entry.text)


def open_link(model: Model) -> list[Effect]:
    """Opens the first link of the message."""
    entry = _entry(model)
    found = links.find(entry.text.replace("\n", " ")) if entry is not None else []
    if not found:
        model.hint = "It has no link."
        return []
    model.selected = None
    return open_uri(model, found[0].uri)


def mark_unread(model: Model) -> list[Effect]:
    """Counts the message and what follows as unread."""
    entry = _entry(model)
    model.selected = None
    if entry is None:
        return []
    room = model.room
    before = [one for one in room.log.between(room.log.first, entry.index) if one.is_message]
    room.marker = before[-1].seq if before else max(entry.seq - 1, 0)
    fresh = [
        one
        for one in room.log.between(entry.index, room.log.end)
        if one.is_message and not one.kind & log.OWN and not one.is_gone
    ]
    room.unread = len(fresh)
    room.mentions = sum(bool(one.kind & log.MENTION) for one in fresh)
    room.version += 1
    model.hint = "Marked as unread."
    return []
