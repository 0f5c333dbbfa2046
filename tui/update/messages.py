"""Incoming messages, and the fate of the user's own."""

from __future__ import annotations

from evchat.protocol.names import user_key
from evchat.protocol.text import width
from evchat.settings.client import MAX_ROOMS, MAX_SPEAKERS
from tui.layout.widths import WIDEST_NICK, usual
from tui.model import log
from tui.model.effects import Alert
from tui.model.model import ALL, EVERYBODY, NOTHING, room_key
from tui.model.session_events import FAILED, QUEUED
from tui.text.rows import cut
from tui.update.notices import clean, one_line, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.effects import Effect
    from tui.model.model import Model, Room
    from tui.model.server_events import Edited, Message, Redacted
    from tui.model.session_events import LineSent

_ROLES = {"o": log.TO_OPERATORS, "v": log.TO_VOICED}
"""Whom a message was for, by its role."""

_ALERT_COLUMNS = 120


def said(model: Model, message: Message) -> list[Effect]:
    """A message, live or from history."""
    to, sender, text, at = message.to, message.sender, message.content, message.at
    if not to or not sender or at is None:
        return []
    if not (sender.isascii() and sender.isprintable()):
        sender = one_line(sender)
    own = sender == model.user or user_key(sender) == model.user_key
    if model.ignored and not own and user_key(sender) in model.ignored:
        return []
    name = message.room
    room = model.wire.get(name) if name else None
    if room is None:
        room = _room_of(model, to, sender)
        if name and to != EVERYBODY:
            if len(model.wire) >= MAX_ROOMS:
                model.wire.clear()
            model.wire[name] = room
    if not (text.isascii() and text.isprintable()):
        text = clean(text)
    kind, seq, gone = log.SAID, message.seq, False
    if message.action:
        kind = log.ACTION
    elif message.notice:
        kind = log.NOTIFIED
    elif message.redacted:
        kind, text, gone = log.GONE, "", True
    if message.edited and not gone:
        kind |= log.EDITED
    if to == EVERYBODY or seq is None:
        if gone:
            return []
        kind, seq = _ROLES.get(message.role, log.BROADCAST), room.log.last_seq
    mentioned = False
    if own:
        kind |= log.OWN
    elif model.mentions(text):
        kind |= log.MENTION
        mentioned = True
    old = message.history
    last = room.log.last_seq
    if not last and not room.marker and not room.is_channel:
        room.marker = seq - 1
    if not add(room, seq, at, sender, text, kind, old=old):
        return []
    if not old or at >= room.speakers.get(sender, 0):
        _spoke(room, sender, at)
    if room.typing:
        room.typing.pop(user_key(sender), None)
    if own:
        room.marker = max(room.marker, seq)
        return []
    if model.is_read(room):
        # What was said before the user came back is new to them: the line before it stays until they leave or answer.
        if room.marker >= last and not old:
            room.marker = max(room.marker, seq)
        return []
    if gone or (old and seq <= max(room.read_told, room.marker)):
        return []
    room.unread += 1
    direct = not room.is_channel
    if mentioned or direct:
        room.mentions += 1
    if old or room.level == NOTHING or not (mentioned or direct or room.level == ALL):
        return []
    # A terminal that never told about its focus may have it or not.
    if model.focused and (model.focus_told or (room.key == model.current and model.is_shown)):
        return []
    return [_alert(model, room, sender, text)]


def redacted(model: Model, event: Redacted) -> list[Effect]:
    """A message was deleted."""
    to, sender = one_line(event.to), one_line(event.sender)
    seq, at = event.seq, event.sent_at
    if to == EVERYBODY:
        for room in (*model.rooms.values(), model.lobby):
            index = room.log.broadcast(at) if at is not None else None
            if index is not None:
                room.log.take_back(index)
        return []
    named = model.rooms.get(room_key(sender if user_key(to) == model.user_key else to))
    if named is not None and seq is not None:
        take_back(model, named, seq)
    return []


def edited(model: Model, event: Edited) -> list[Effect]:
    """A message was given another text. Nobody is alerted once more."""
    to, sender = one_line(event.to), one_line(event.sender)
    room = model.rooms.get(room_key(sender if user_key(to) == model.user_key else to))
    index = room.log.index(event.seq) if room is not None and event.seq is not None else None
    if room is not None and index is not None and not room.log[index].is_gone:
        text = clean(event.content)
        own = room.log[index].kind & log.OWN
        room.log.edit(index, text, mention=not own and model.mentions(text))
    return []


def take_back(model: Model, room: Room, seq: int) -> None:
    """Forgets what the message of that number said, here and in what is open."""
    index = room.log.index(seq)
    if index is None or room.log[index].is_gone:
        return
    entry = room.log[index]
    if room.unread and not entry.kind & log.OWN and seq > max(room.marker, room.read_told):
        room.unread -= 1
        if entry.kind & log.MENTION or not room.is_channel:
            room.mentions = max(room.mentions - 1, 0)
    room.log.take_back(index)
    choice = model.choice
    if choice is not None and choice.kind == "find" and model.is_shown:
        choice.items = [item for item in choice.items if item.value != (room.key, seq)]
        choice.index = min(choice.index, max(len(choice.items) - 1, 0))


def _spoke(room: Room, sender: str, at: int) -> None:
    """Keeps who spoke, the latest last."""
    if room.speakers.pop(sender, None) is None:
        _widen(room, sender)
        if room.lookalikes is not None:
            room.lookalikes.add(sender)
        if len(room.speakers) >= MAX_SPEAKERS:
            del room.speakers[next(iter(room.speakers))]
    room.speakers[sender] = at


def _widen(room: Room, sender: str) -> None:
    """Makes the column of names as wide as most need, now that another one stands in it."""
    if room.nick_width < min(width(sender), WIDEST_NICK):
        room.nick_width = usual([width(name) for name in (*room.speakers, sender)], WIDEST_NICK)


def _alert(model: Model, room: Room, sender: str, text: str) -> Alert:
    where = f" in {room.name}" if room.is_channel else ""
    if model.is_one_of_several:
        where += f" on {model.label}"
    return Alert(cut(f"{sender}{where}: " + text.partition("\n")[0], _ALERT_COLUMNS))


def add(room: Room, seq: int, at: int, sender: str, text: str, kind: int, *, old: bool = False) -> bool:
    """Puts a message into the room's log; False if it is there already.

    An `old` one, said before one came or while there was no connection, belongs before what was told since.
    """
    written = room.log
    if room.coming:
        room.coming = []
    is_last = seq > written.last_seq and not (old and written.ends_after(at))
    if is_last or kind & log.KIND > log.NUMBERED:
        written.append(seq, at, sender, text, kind)
        return True
    if written.has(seq):
        return False
    index = written.insert(seq, at, sender, text, kind)
    if room.scroll is not None and room.scroll.index < index:
        room.scroll.index -= 1
    return True


def _room_of(model: Model, to: str, sender: str) -> Room:
    """The room in which a message is shown: for a direct one that of the other side."""
    if to[:1] == "#":
        return model.enter(one_line(to))
    if to == EVERYBODY:
        return model.room
    name = one_line(sender if user_key(to) == model.user_key else to)
    known = room_key(name) in model.rooms
    room = model.enter(name)
    if not known and (alike := model.alike(room, name)):
        tell(model, f"{name} is not {alike[0]}, though the names look alike.", room, error=True)
    return room


def sent(model: Model, event: LineSent) -> list[Effect]:
    """Shows the new state of one of the user's own lines."""
    id, state = event.id, event.state
    room = next((room for room in (*model.rooms.values(), model.lobby) if id in room.pending), None)
    if room is None:
        return []
    pending = room.pending[id]
    room.version += 1
    reason = one_line(event.reason)
    if state == QUEUED:
        pending.failed = ""
        model.hint = reason
        return []
    if state == FAILED:
        pending.failed = reason or "The server refused it."
        if room.key != model.current:
            tell(model, f"Not sent to {room.name}: {pending.failed}", error=True)
        return []
    del room.pending[id]
    kind = log.ACTION if pending.action else log.SAID
    seq = event.seq
    at = model.now if event.at is None else event.at
    if event.room == EVERYBODY:
        room.log.note(at, model.user, pending.text, log.BROADCAST | log.OWN | log.SENT)
    elif seq is None:
        room.log.note(at, model.user, pending.text, kind | log.OWN | log.SENT)
    else:
        add(room, seq, at, model.user, pending.text, kind | log.OWN | log.SENT)
        room.marker = max(room.marker, seq) if room.marker >= seq - 1 else room.marker
    if event.away is not None:
        why = one_line(event.away)
        tell(model, f"{room.name} is away: {why}" if why else f"{room.name} is away.", room)
    elif event.kept:
        tell(model, f"{room.name} is not online and will find it in the inbox.", room)
    return []
