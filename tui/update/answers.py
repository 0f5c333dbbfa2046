"""Answers to requests: what each is for, and how the user is told."""

from __future__ import annotations

from collections import Counter

from evchat.protocol.names import user_key
from evchat.protocol.signs import OPERATOR, TAKEN_BACK, VOICE, sign
from evchat.protocol.text import caseless
from tui.layout.rooms import shown_name
from tui.model.effects import AROUND, COMMAND, HISTORY, PEOPLE, QUIET, SEARCH, TAKE, Ask
from tui.model.model import Item, Page, room_key
from tui.text.times import day, duration, hour, moment
from tui.update import lists, rooms
from tui.update.messages import said, take_back
from tui.update.notices import clean, number, one_line, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tui.model.effects import Effect
    from tui.model.model import Model, Room

    Object = dict[str, Any]


def answered(model: Model, facts: Object, purpose: tuple[str, ...]) -> list[Effect]:
    """An `ok` or `error` came; `purpose` is that of its request, empty if it is an answer to none of ours."""
    what = purpose[0] if purpose else ""
    if facts.get("response") == "error":
        if what == HISTORY:
            _history_failed(model, purpose[1])
        elif what not in (QUIET, PEOPLE):
            room = model.rooms.get(purpose[1]) if what == COMMAND else None
            tell(model, clean(facts.get("content")), room, error=True)
        return []
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
        return _told(model, purpose[1], purpose[2], facts)
    return []


def _who_is_away(model: Model, facts: Object) -> None:
    content = facts.get("content")
    people = [person for person in content if isinstance(person, dict)] if isinstance(content, list) else []
    model.away = {
        user_key(one_line(person.get("name"))): one_line(person["away"])
        for person in people
        if isinstance(person.get("away"), str)
    }
    for room in model.rooms.values():
        room.version += 1


def _history_failed(model: Model, key: str) -> None:
    room = model.rooms.get(key)
    if room is not None:
        room.asking = False
        room.exhausted = True


def _older(model: Model, key: str, facts: Object) -> None:
    """Earlier messages of a room, which are above what is shown of it."""
    room = model.rooms.get(key)
    content = facts.get("content")
    if room is None or not isinstance(content, list):
        return
    room.asking = False
    before = len(room.log)
    for message in content:
        if isinstance(message, dict):
            said(model, {**message, "history": True})
    room.exhausted = facts.get("more") is False or len(room.log) == before


def _found(model: Model, query: str, facts: Object) -> None:
    """What the server found, behind what is found here already."""
    choice, content = model.choice, facts.get("content")
    if choice is None or choice.kind != "find" or choice.query != query or not isinstance(content, list):
        return
    kept = [item for item in choice.items if not isinstance(item.value, str)]
    known = {(item.value[0], item.value[1]) for item in kept}
    fresh: list[Item] = []
    for message in content:
        if not isinstance(message, dict) or not isinstance(message.get("seq"), int):
            continue
        to, sender = one_line(message.get("to")), one_line(message.get("sender"))
        key = room_key(sender if caseless(to) == model.user_key else to)
        if (key, message["seq"]) not in known:
            at, text = _count(message.get("at")), clean(message.get("content"))
            fresh.append(lists.found_item(model, key, message["seq"], at, sender, text, query))
    choice.items = kept + fresh
    choice.index = min(choice.index, max(len(choice.items) - 1, 0))
    if not fresh:
        model.hint = "The server found nothing more." if kept else "The server found nothing either."


def _around(model: Model, key: str, seq: int, facts: Object) -> None:
    """What was said around a message that is far above what is loaded: a page to read."""
    room, content = model.rooms.get(key), facts.get("content")
    messages = [m for m in content if isinstance(m, dict)] if isinstance(content, list) else []
    if room is None or not messages:
        model.hint = "It is not there any more."
        return
    page = Page(f"{shown_name(room)}, earlier: ↑ ↓ PgUp PgDn, Esc closes", [])
    for message in messages:
        found = message.get("seq") == seq
        if found:
            page.top = max(len(page.rows) - lists.page_rows(model) // 2, 0)
        lead = f"{moment(_count(message.get('at')), model.now)} {one_line(message.get('sender'))}"
        said_then = TAKEN_BACK if message.get("redacted") is True else clean(message.get("content"))
        for part in said_then.split("\n"):
            page.rows.append([(lead or " ", "key"), (part, "mention" if found else "text")])
            lead = ""
    model.page = page


def _told(model: Model, key: str, command: str, facts: Object) -> list[Effect]:
    room = model.rooms.get(key) or model.room
    if command == "history" and isinstance(facts.get("to"), str):
        target = model.enter(one_line(facts["to"]))
        _older(model, target.key, facts)
        return []
    if command == "inbox" and isinstance(facts.get("content"), list):
        return _inbox(model, room, facts)
    if command == "search" and isinstance(facts.get("content"), list):
        _tell_messages(model, room, facts)
        return []
    if command in ("join", "part"):
        return _went(model, command, facts)
    text = _sentence(model, command, facts)
    if text:
        tell(model, text, room)
    elif not model.hint and _is_confirmed(command):
        model.hint = "Done."
    return []


def _is_confirmed(command: str) -> bool:
    from evchat.protocol.commands import COMMANDS  # by now, as a command has been answered

    return any(each.confirm for each in COMMANDS if each.name == command)


def _went(model: Model, command: str, facts: Object) -> list[Effect]:
    """One has come into channels, and goes to the first; or has left them."""
    channels = facts.get("channels")
    names = [one_line(name) for name in channels] if isinstance(channels, list) else []
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


def _inbox(model: Model, room: Room, facts: Object) -> list[Effect]:
    """A piece of the inbox: its messages go where they belong, to be read there, and the next piece is asked for."""
    messages = [message for message in facts["content"] if isinstance(message, dict)]
    for message in messages:
        said(model, {**message, "history": True})
    senders = Counter(one_line(message.get("sender")) for message in messages)
    if senders:
        tell(
            model, f"Not read yet: {', '.join(f'{name} ({count})' for name, count in senders.items())}.", room
        )
    else:
        tell(model, "Your inbox is empty.", room)
    if not messages or facts.get("more") is not True:
        return []
    last = {"to": messages[-1].get("sender"), "after": messages[-1].get("seq")}
    return [Ask({"request": "inbox", "keep": True, **last}, COMMAND, room.key, "inbox")]


def _tell_messages(model: Model, room: Room, facts: Object) -> None:
    messages = [message for message in facts["content"] if isinstance(message, dict)]
    if not messages:
        tell(model, "Nothing was found.", room)
        return
    rows = [
        f"{hour(_count(m.get('at')))} {clean(m.get('to'))} {clean(m.get('sender'))}: {clean(m.get('content'))}"
        for m in messages
    ]
    tell(model, "\n".join(rows), room)


def _count(value: object) -> int:
    return number(value) or 0


def _sentence(model: Model, command: str, facts: Object) -> str:
    """What an answer says, for a person; empty if nothing needs to be said."""
    content = facts.get("content")
    match command:
        case "names" | "blocked":
            listed = content if isinstance(content, list) else []
            if command == "names":
                names = ", ".join(_sign(facts, name) + one_line(name) for name in listed)
                return f"In {clean(facts.get('to'))}: {names}" if names else ""
            names = ", ".join(one_line(name) for name in listed)
            return f"You block {names}." if names else "You block nobody."
        case "who" | "whoelse" | "wholast":
            people = content if isinstance(content, list) else []
            return "\n".join(_person(person) for person in people if isinstance(person, dict)) or "Nobody."
        case "whois":
            return _person(content) if isinstance(content, dict) else ""
        case "directs":
            rows = [row for row in content if isinstance(row, dict)] if isinstance(content, list) else []
            return "\n".join(map(_direct, rows)) or "You have talked with nobody yet."
        case "channels":
            rows = [row for row in content if isinstance(row, dict)] if isinstance(content, list) else []
            return "\n".join(
                f"{clean(row.get('name'))} ({_count(row.get('users'))}) {clean(row.get('topic'))}".rstrip()
                for row in rows
            )
        case "mode" if "created" in facts:
            return f"The modes of {clean(facts.get('to'))} are: {clean(content)}"
        case "mode" | "bans" | "banished" | "audit" if isinstance(content, list):
            found = [_row(row) for row in content if isinstance(row, dict)]
            return "\n".join(found) or "There is nothing on that list."
        case "find" | "look" if isinstance(content, list):
            return "\n".join(_person(person) for person in content if isinstance(person, dict)) or "Nobody."
        case "whowas" if isinstance(content, list):
            rows = [row for row in content if isinstance(row, dict)]
            return "\n".join(_past(row) for row in rows) or "Nobody is remembered who was called that."
        case "watch" | "watched" if isinstance(content, dict):
            return _watched(content)
        case "count" if isinstance(content, dict):
            return (
                f"{_count(content.get('users'))} users ({_count(content.get('invisible'))} invisible), "
                f"{_count(content.get('channels'))} channels; at most there were {_count(content.get('most'))} users."
            )
        case "usermode":
            return f"Your modes: {clean(content) or 'none'}"
        case "topic":
            if "set_at" in facts:
                return f"The topic is: {clean(content)}" if content else "There is no topic."
        case "broadcast":
            absent = content.get("missed") if isinstance(content, dict) else None
            if isinstance(absent, list) and absent:
                missed = ", ".join(one_line(name) for name in absent)
                return f"Not reached, as they are not online: {missed}"
        case "ping":
            return "The server answers."
    if isinstance(facts.get("text"), list):
        return "\n".join(clean(line) for line in facts["text"])
    return clean(content)


def _sign(facts: Object, name: object) -> str:
    """What stands before a name: @ for those who keep order in the channel, + for those with a voice."""
    for key, role in (("operators", OPERATOR), ("voiced", VOICE)):
        holders = facts.get(key)
        if isinstance(holders, list) and name in holders:
            return sign(role)
    return ""


def _direct(row: Object) -> str:
    """A row of the list of direct conversations."""
    last, unread = _count(row.get("last")), _count(row.get("unread"))
    parts = [one_line(row.get("name")), f"last message {day(last, last)} {hour(last)}"]
    return " · ".join([*parts, f"{unread} unread"] if unread else parts)


def _row(row: Object) -> str:
    """A row of a list of bans, or of what operators did."""
    moment = number(row.get("at"))
    parts = [f"{day(moment, moment)} {hour(moment)}" if moment else ""]
    parts += [one_line(row.get(key)) for key in ("mask", "whom", "act", "target", "detail")]
    if one_line(row.get("by")):
        parts.append(f"by {one_line(row['by'])}")
    until = number(row.get("until"))
    if until:
        parts.append(f"until {day(until, until)} {hour(until)}")
    parts.append(one_line(row.get("reason")))
    return " · ".join(part for part in parts if part)


def _past(past: Object) -> str:
    """A row of those who had a name before."""
    until = number(past.get("until"))
    parts = [one_line(past.get("name")), f"until {day(until, until)} {hour(until)}" if until else ""]
    return " · ".join(part for part in (*parts, one_line(past.get("realname"))) if part)


def _watched(content: Object) -> str:
    online, offline = content.get("online"), content.get("offline")
    here = (
        [one_line(x.get("name")) for x in online if isinstance(x, dict)] if isinstance(online, list) else []
    )
    gone = [one_line(x) for x in offline] if isinstance(offline, list) else []
    told = [f"Online: {', '.join(here)}" if here else "", f"Not online: {', '.join(gone)}" if gone else ""]
    return "\n".join(filter(None, told)) or "You watch nobody."


_KINDS = {"operator": "operator of the server", "bot": "a program"}
"""What somebody may be."""


def _person(person: Object) -> str:
    """A row of a list of people."""
    parts = [one_line(person.get("name"))]
    if realname := one_line(person.get("realname")):
        parts.append(f"“{realname}”")
    if account := one_line(person.get("account")):
        parts.append("registered" if user_key(account) == user_key(parts[0]) else f"account {account}")
    parts += [words for key, words in _KINDS.items() if person.get(key) is True]
    if person.get("online"):
        away = person.get("away")
        if isinstance(away, str):
            parts.append(f"away: {one_line(away)}" if away else "away")
        idle = _count(person.get("idle"))
        if idle >= 60_000:
            parts.append(f"silent for {duration(idle)}")
        channels = person.get("channels")
        if isinstance(channels, list) and channels:
            parts.append("in " + ", ".join(one_line(name) for name in channels))
    else:
        seen = number(person.get("seen"))
        parts.append(f"not online, seen {day(seen, seen)} {hour(seen)}" if seen else "not online")
    return " · ".join(part for part in parts if part)
