"""Answers to requests: what each is for, and how it is shown."""

from __future__ import annotations

from collections import Counter

from evchat.dialects import phrases
from evchat.protocol.names import user_key
from evchat.protocol.signs import DELETED, OPERATOR, VOICE, sign
from evchat.protocol.text import caseless
from tui.layout.messages import Shape
from tui.layout.rooms import shown_name
from tui.layout.screen import layout_of
from tui.model.effects import AROUND, COMMAND, HISTORY, PEOPLE, QUIET, SEARCH, TAKE, Ask
from tui.model.model import room_key
from tui.model.overlays import Item, Page
from tui.model.server_events import messages
from tui.text.rows import counted
from tui.text.times import moment
from tui.update import lists, rooms
from tui.update.messages import said, take_back
from tui.update.notices import clean, one_line, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.effects import Effect
    from tui.model.model import Model, Room
    from tui.model.record import Record
    from tui.model.server_events import Answer


def answered(model: Model, answer: Answer, purpose: tuple[str, ...]) -> list[Effect]:
    """Handles an answer; `purpose` is that of its request, empty if it answers none of ours."""
    what = purpose[0] if purpose else ""
    if answer.failed:
        if what == HISTORY:
            _history_failed(model, purpose[1])
        elif what not in (QUIET, PEOPLE):
            room = model.rooms.get(purpose[1]) if what == COMMAND else None
            tell(model, clean(answer.content), room, error=True)
        return []
    facts = answer.facts
    if what == HISTORY:
        _older(model, purpose[1], facts)
    elif what == SEARCH:
        _found(model, purpose[1], facts)
    elif what == AROUND:
        _around(model, purpose[1], int(purpose[2]), facts)
    elif what == TAKE and purpose[1] in model.rooms:
        take_back(model, model.rooms[purpose[1]], int(purpose[2]))
    elif what == PEOPLE:
        _who_is_away(model, facts)
    elif what == COMMAND:
        if purpose[2] == "ping" and len(purpose) > 3:
            _ponged(model, purpose[1], int(purpose[3]))
            return []
        return _told(model, purpose[1], purpose[2], facts)
    return []


def _who_is_away(model: Model, facts: Record) -> None:
    model.away = {
        user_key(one_line(person.text("name"))): one_line(away)
        for person in facts.records("content")
        if (away := person.text_or_none("away")) is not None
    }
    for room in model.rooms.values():
        room.version += 1


def _history_failed(model: Model, key: str) -> None:
    room = model.rooms.get(key)
    if room is not None:
        room.asking = False
        room.exhausted = True


def _older(model: Model, key: str, facts: Record) -> None:
    """Earlier messages of a room, which are above what is shown of it."""
    room = model.rooms.get(key)
    if room is None or not facts.is_list("content"):
        return
    room.asking = False
    before = len(room.log)
    for message in messages(facts):
        said(model, message)
    room.exhausted = facts.is_false("more") or len(room.log) == before


def _found(model: Model, query: str, facts: Record) -> None:
    """What the server found, behind what is found here already."""
    choice = model.choice
    if choice is None or choice.kind != "find" or choice.query != query or not facts.is_list("content"):
        return
    if not model.is_shown:
        return  # the list is that of another server
    kept = [item for item in choice.items if not isinstance(item.value, str)]
    known = {(item.value[0], item.value[1]) for item in kept}
    fresh: list[Item] = []
    for message in messages(facts):
        if message.seq is None:
            continue
        to, sender = one_line(message.to), one_line(message.sender)
        key = room_key(sender if caseless(to) == model.user_key else to)
        if (key, message.seq) not in known:
            at, text = message.at or 0, clean(message.content)
            fresh.append(lists.found_item(model, key, message.seq, at, sender, text, query))
    choice.items = kept + fresh
    choice.index = min(choice.index, max(len(choice.items) - 1, 0))
    if not fresh:
        model.hint = "The server found nothing more." if kept else "The server found nothing either."


def _around(model: Model, key: str, seq: int, facts: Record) -> None:
    """What was said around a message that is far above what is loaded: a page to read."""
    room, listed = model.rooms.get(key), messages(facts)
    if room is None or not listed:
        model.hint = "That message no longer exists."
        return
    page = Page(f"{shown_name(room)}, earlier: ↑ ↓ PgUp PgDn, Esc closes", [])
    for message in listed:
        found = message.seq == seq
        if found:
            page.top = max(len(page.rows) - lists.page_rows(model) // 2, 0)
        lead = f"{moment(message.at or 0, model.now)} {one_line(message.sender)}"
        said_then = DELETED if message.redacted else clean(message.content)
        for part in said_then.split("\n"):
            page.rows.append([(lead or " ", "key"), (part, "mention" if found else "text")])
            lead = ""
    model.page = page


def _ponged(model: Model, key: str, asked_at: int) -> None:
    """The server has answered a ping."""
    took = max(model.now - asked_at, 0)
    tell(model, f"The server answered after {took} ms.", model.rooms.get(key))


def _told(model: Model, key: str, command: str, facts: Record) -> list[Effect]:
    room = model.rooms.get(key) or model.room
    if command == "history" and facts.text("to"):
        target = model.enter(one_line(facts.text("to")))
        known = len(target.log)
        _older(model, target.key, facts)
        fresh = len(target.log) - known
        model.hint = f"{counted(fresh, 'message')} added. " if fresh > 0 else "All of that is here already. "
        model.hint += "PgUp scrolls back." if target is model.room else f"They are in {target.name}."
        return []
    if command == "inbox" and facts.is_list("content"):
        return _inbox(model, room, facts)
    if command in ("join", "part"):
        return _went(model, command, facts)
    if _told_list(model, room, command, facts):
        return []
    text = _sentence(command, facts)
    if text:
        tell(model, text, room)
    elif not model.hint and _is_confirmed(command):
        model.hint = "Done."
    return []


def _told_list(model: Model, room: Room, command: str, facts: Record) -> bool:
    """Shows an answer that is a list, or that there is nothing in it; False for any other answer."""
    from tui.model import listings

    table = listings.table(command, facts, model.now)
    if table is None:
        nothing = listings.empty(command, facts)
        if nothing:
            tell(model, nothing, room)
        return bool(nothing)
    rows = table.lines(one_line, _room_for_table(model, room) if command != "search" else 0)
    if omitted := facts.count("omitted"):
        rows.append(f"And {omitted} more.")
    # What was found in messages is to be read to its end; other rows are cut where the screen ends.
    tell(model, "\n".join(rows), room, table=command != "search")
    return True


def _room_for_table(model: Model, room: Room) -> int:
    """The cells that the rows of a table have; 0 where the screen is so narrow that they are wrapped."""
    shape = Shape(room, layout_of(model).text, bare=model.bare)
    return shape.columns - shape.indent if shape.nick else 0


def _is_confirmed(command: str) -> bool:
    """Whether nothing else shows that a command was done, if the server says nothing."""
    # Imported here: the table takes 10 ms to load, and a command that was typed has loaded it.
    from evchat.protocol.commands import COMMANDS

    return any(each.name == command and each.confirm for each in COMMANDS)


def _went(model: Model, command: str, facts: Record) -> list[Effect]:
    """One has come into channels, and goes to the first; or has left them."""
    names = [one_line(name) for name in facts.texts("channels")]
    if command == "join" and names:
        room = model.enter(names[0])
        room.joined = True
        return rooms.go(model, room)
    if command == "part":
        for name in names:
            left = model.rooms.get(room_key(name))
            if left is not None and not left.pending:
                model.leave(left)
    return []


def _inbox(model: Model, room: Room, facts: Record) -> list[Effect]:
    """A piece of the inbox: its messages go where they belong, to be read there, and the next piece is asked for."""
    listed = messages(facts)
    for message in listed:
        said(model, message)
    senders = Counter(one_line(message.sender) for message in listed)
    if senders:
        tell(model, f"Unread: {', '.join(f'{name} ({count})' for name, count in senders.items())}.", room)
    else:
        waiting = [
            f"{one.name} ({one.unread})"
            for one in model.order()
            if one.unread and not one.is_channel and one is not room
        ]
        unread = f"Unread, in the list of rooms: {', '.join(waiting)}." if waiting else ""
        tell(model, unread or phrases.NOTHING_NEW, room)
    if not listed or not facts.flag("more"):
        return []
    last = {"to": listed[-1].sender, "after": listed[-1].seq}
    return [Ask({"request": "inbox", "keep": True, **last}, COMMAND, room.key, "inbox")]


def _sentence(command: str, facts: Record) -> str:
    """What an answer says, for a person; empty if nothing needs to be said."""
    content = facts.record("content")
    match command:
        case "names":
            names = [_sign(facts, name) + one_line(name) for name in facts.texts("content")]
            return phrases.members(one_line(facts.text("to")), names)
        case "blocked":
            return phrases.blocked([one_line(name) for name in facts.texts("content")])
        case "mode" if "created" in facts:
            return phrases.modes(one_line(facts.text("to")), one_line(facts.text("content")))
        case "watch" | "watched" if content:
            here = [one_line(person.text("name")) for person in content.records("online")]
            return "\n".join(phrases.watched(here, [one_line(name) for name in content.texts("offline")]))
        case "count" if content:
            return "\n".join(phrases.counts(*map(content.count, _COUNTS)))
        case "usermode":
            modes = one_line(facts.text("content"))
            return phrases.user_modes_changed(modes) if modes[:1] in ("+", "-") else phrases.user_modes(modes)
        case "topic" if "set_at" in facts:
            return phrases.topic(
                one_line(facts.text("to")), one_line(facts.text("content")), one_line(facts.text("by"))
            )
        case "broadcast" if content and content.texts("missed"):
            missed = [one_line(name) for name in content.texts("missed")]
            return phrases.announced(content.count("delivered"), missed)
    if facts.is_list("text"):
        return "\n".join(clean(line) for line in facts.texts("text"))
    return clean(facts.text("content"))


def _sign(facts: Record, name: str) -> str:
    """What stands before a name: @ for those who keep order in the channel, + for those with a voice."""
    for key, role in (("operators", OPERATOR), ("voiced", VOICE)):
        if name in facts.texts(key):
            return sign(role)
    return ""


_COUNTS = ("users", "invisible", "operators", "channels", "strangers", "most")
