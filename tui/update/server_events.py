"""What the server says, into the model."""

from __future__ import annotations

from evchat.protocol.names import user_key
from evchat.settings.client import MAX_CHANGES_SHOWN, MAX_PEOPLE
from tui.model.effects import PEOPLE, Alert, Ask
from tui.model.model import ONLINE, REFUSED, room_key
from tui.update import answers, reading, typing_status
from tui.update.messages import redacted, said, sent
from tui.update.notices import came_or_went, clean, number, one_line, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tui.model.effects import Effect
    from tui.model.model import Model, Room

    Object = dict[str, Any]
    Handler = Callable[[Model, Object], list[Effect]]


def heard(model: Model, objects: list[Object]) -> list[Effect]:
    """Takes what the server said; what is to be done about it."""
    effects: list[Effect] = []
    for facts in objects:
        kind = facts.get("response")
        if kind == "message":
            effects += said(model, facts)
        else:
            handler = HANDLERS.get(kind) if isinstance(kind, str) else None
            if handler is not None:
                effects += handler(model, facts)
    return effects[-1:] if len(effects) > 1 and all(type(one) is Alert for one in effects) else effects


def _state(model: Model, facts: Object) -> list[Effect]:
    state = facts.get("state")
    reason = one_line(facts.get("reason"))
    before, model.state = model.state, state if isinstance(state, str) else model.state
    model.reason = reason
    model.retry_at = number(facts.get("retry_at"))
    if model.state != ONLINE:
        model.latency = None
    if model.state == before:
        return []
    if model.state == REFUSED:
        tell(model, f"{reason}\nTry another name, or a password: /login name [password]".strip(), error=True)
    elif model.state == ONLINE:
        # Who is away is told only when it changes, so what holds already has to be asked for.
        return [Ask({"request": "who"}, PEOPLE)]
    elif before == ONLINE:
        tell(model, f"{reason or 'The connection is lost.'} What you write is kept and sent later.")
    return []


def _welcome(model: Model, facts: Object) -> list[Effect]:
    content = facts.get("content")
    if isinstance(content, dict):
        limits = content.get("limits")
        most = number(limits.get("max_lines")) if isinstance(limits, dict) else None
        model.max_lines = most or model.max_lines
        motd = clean(content.get("motd"))
        if motd:
            tell(model, motd)
    return []


def _joined(model: Model, facts: Object) -> list[Effect]:
    name, to = one_line(facts.get("sender")), facts.get("to")
    if not name or not isinstance(to, str):
        return []
    key = user_key(name)
    if key == model.user_key:
        fresh = room_key(one_line(to)) not in model.rooms
        room = model.enter(one_line(to))
        room.joined = True
        room.users += fresh
        if facts.get("current") is True and not model.current:
            model.current = room.key
        return _read_before(model, room, facts)
    known = model.rooms.get(room_key(one_line(to)))
    if known is not None:
        known.users += key not in known.people
        _add_person(model, known, name)
        came_or_went(model, known, name, True, _at(model, facts))
    return []


def _read_before(model: Model, room: Room, facts: Object) -> list[Effect]:
    """One has come into a channel, and is told what one has read there."""
    read, seq = number(facts.get("read")), number(facts.get("seq"))
    if read is None or seq is None:
        return []
    if room.entered:
        return reading.told(model, room, read)
    # Who was never here has read nothing, and wants no mark before what was said all the time before.
    room.entered = True
    room.read_told = room.marker = read or seq
    return []


def _add_person(model: Model, room: Room, name: str) -> None:
    if len(room.people) >= MAX_PEOPLE:
        return
    room.people[user_key(name)] = name
    if room.lookalikes is not None:
        room.lookalikes.add(name)
    for other in model.rooms.values():
        if not other.is_channel:
            other.lookalikes = None
    room.version += 1


def _remove_person(room: Room, name: str) -> bool:
    """Takes somebody out of a room; whether they were there."""
    key = user_key(name)
    known = room.people.pop(key, None)
    room.typing.pop(key, None)
    room.operators.discard(key)
    room.voiced.discard(key)
    if known is None:
        return False
    # Who spoke here is remembered, so that somebody who comes after them with a name like theirs is found out.
    if room.lookalikes is not None and known not in room.speakers:
        room.lookalikes.discard(known)
    room.users = max(room.users - 1, 0)
    room.version += 1
    return True


def _at(model: Model, facts: Object) -> int:
    at = number(facts.get("at"))
    return model.now if at is None else at


def _left(model: Model, facts: Object) -> list[Effect]:
    name, to = one_line(facts.get("sender")), facts.get("to")
    room = model.rooms.get(room_key(one_line(to))) if isinstance(to, str) else None
    if room is None:
        return []
    if user_key(name) == model.user_key:
        _gone_from(room)
        return []
    if _remove_person(room, name):
        came_or_went(model, room, name, False, _at(model, facts))
    return []


def _kicked(model: Model, facts: Object) -> list[Effect]:
    name, by, reason = (one_line(facts.get(key)) for key in ("name", "by", "content"))
    to = facts.get("to")
    room = model.rooms.get(room_key(one_line(to))) if isinstance(to, str) else None
    if room is None or not name:
        return []
    because = f": {reason}" if reason else ""
    if user_key(name) == model.user_key:
        _gone_from(room)
        tell(model, f"{by} put you out of {room.name}{because}", room, error=True)
        return [] if model.focused else [Alert(f"{by} put you out of {room.name}{because}")]
    if _remove_person(room, name) or room.users:
        tell(model, f"{by} put {name} out{because}", room)
    return []


def _gone_from(room: Room) -> None:
    """One is no longer in a channel, and does not hear who comes and goes there."""
    room.joined = False
    room.people, room.users = {}, 0
    room.operators, room.voiced, room.typing = set(), set(), {}
    room.version += 1


def _invited(model: Model, facts: Object) -> list[Effect]:
    name, by, to = (one_line(facts.get(key)) for key in ("name", "by", "to"))
    if user_key(name) == model.user_key:
        tell(model, f"{by} invites you to {to}. /join {to} brings you there.")
        return [] if model.focused else [Alert(f"{by} invites you to {to}")]
    if name:
        tell(model, f"{by} invites {name} to {to}.", model.rooms.get(room_key(to)))
    return []


def _moded(model: Model, facts: Object) -> list[Effect]:
    room = model.rooms.get(room_key(one_line(facts.get("to"))))
    if room is None:
        return []
    by = one_line(facts.get("by")) or one_line(facts.get("sender"))
    changes = facts.get("changes")
    told: list[str] = []
    modes: list[str] = []
    for change in changes[:MAX_CHANGES_SHOWN] if isinstance(changes, list) else ():
        if not isinstance(change, dict):
            continue
        mode, value, on = (
            one_line(change.get("mode")),
            one_line(change.get("value")),
            change.get("on") is True,
        )
        if mode in _GRANTED:
            holders = room.operators if mode == "operator" else room.voiced
            (holders.add if on else holders.discard)(user_key(value))
            whom = "you" if user_key(value) == model.user_key else value
            told.append(_GRANTED[mode][on].format(by=by, name=whom))
        else:
            modes.append(f"{'' if on else 'no longer '}{mode} {value}".rstrip())
    if modes or not told:
        told.append(f"{by} changed the modes: {', '.join(modes) or one_line(facts.get('content'))}")
    room.version += 1
    tell(model, "\n".join(told), room)
    return []


_GRANTED = {
    "operator": ("{by} took the operator's role from {name}", "{by} made {name} an operator"),
    "voice": ("{by} took the voice from {name}", "{by} gave {name} a voice"),
}
"""What is told of roles that are taken or given."""


def _watched(model: Model, facts: Object) -> list[Effect]:
    """Somebody whom one watches has come or gone."""
    name = one_line(facts.get("sender"))
    if name:
        here = "is online now" if facts.get("response") == "appeared" else "is not online any more"
        tell(model, f"{name} {here}.")
    return []


def _wallops(model: Model, facts: Object) -> list[Effect]:
    tell(model, f"(operators) {one_line(facts.get('sender'))}: {one_line(facts.get('content'))}")
    return []


def _quit(model: Model, facts: Object) -> list[Effect]:
    name = one_line(facts.get("sender"))
    model.away.pop(user_key(name), None)
    for room in model.rooms.values():
        if _remove_person(room, name):
            came_or_went(model, room, name, False, _at(model, facts))
    return []


def _renamed(model: Model, facts: Object) -> list[Effect]:
    old, new = one_line(facts.get("sender")), one_line(facts.get("content"))
    if not old or not new:
        return []
    key = user_key(old)
    if key in model.away:
        model.away[user_key(new)] = model.away.pop(key)
    mine = key == model.user_key
    if mine:
        model.rename(new)
    for room in model.rooms.values():
        if key in room.people:
            users = room.users
            roles = [held for held in (room.operators, room.voiced) if key in held]
            _remove_person(room, old)
            _add_person(model, room, new)
            for held in roles:
                held.add(user_key(new))
            room.users = users
            room.speakers[new] = room.speakers.pop(old, 0)
            tell(model, f"You are {new} now." if mine else f"{old} is {new} now.", room)
    return []


def _topic(model: Model, facts: Object) -> list[Effect]:
    to = facts.get("to")
    room = model.rooms.get(room_key(one_line(to))) if isinstance(to, str) else None
    if room is None:
        return []
    topic = one_line(facts.get("content"))
    if topic == room.topic:
        return []
    known, room.topic = room.topic, topic
    if facts.get("set_at") == facts.get("at") or known:
        by = one_line(facts.get("sender"))
        tell(model, f"{by} set the topic: {topic}" if topic else f"{by} took the topic away.", room)
    return []


def _names(model: Model, facts: Object) -> list[Effect]:
    to, names = facts.get("to"), facts.get("content")
    room = model.rooms.get(room_key(one_line(to))) if isinstance(to, str) else None
    if room is None or not isinstance(names, list):
        return []
    people = [one_line(name) for name in names[:MAX_PEOPLE]]
    room.people = {user_key(name): name for name in people if name}
    room.operators, room.voiced = (
        {user_key(one_line(name)) for name in (facts.get(role) or ())[:MAX_PEOPLE]}
        if isinstance(facts.get(role), list)
        else set()
        for role in ("operators", "voiced")
    )
    room.lookalikes = None
    users = number(facts.get("users"))
    room.users = len(names) if users is None else users
    room.version += 1
    return []


def _presence(model: Model, facts: Object) -> list[Effect]:
    name, away = one_line(facts.get("sender")), facts.get("away")
    if isinstance(away, str):
        model.away[user_key(name)] = one_line(away)
    else:
        model.away.pop(user_key(name), None)
    for room in model.rooms.values():
        if user_key(name) in room.people:
            room.version += 1
    return []


def _read(model: Model, facts: Object) -> list[Effect]:
    """Another device of the user's has read up to there."""
    to, seq = facts.get("to"), number(facts.get("seq"))
    room = model.rooms.get(room_key(one_line(to))) if isinstance(to, str) else None
    if room is not None and seq is not None and seq > room.read_told:
        return reading.told(model, room, seq)
    return []


def _info(model: Model, facts: Object) -> list[Effect]:
    tell(model, clean(facts.get("content")))
    return []


def _stopping(model: Model, facts: Object) -> list[Effect]:
    tell(model, clean(facts.get("content")) or "The server is stopping.")
    return []


def _answer(model: Model, facts: Object) -> list[Effect]:
    purpose = model.asked.pop(str(facts.get("reply_to")), ())
    return answers.answered(model, facts, purpose)


def _reset(model: Model, facts: Object) -> list[Effect]:
    """The server counts a room's messages anew, as one does that keeps nothing and was started again."""
    room = model.rooms.get(room_key(one_line(facts.get("room"))))
    if room is not None:
        room.log.forget_numbers()
        room.marker = room.read_told = 0
        tell(model, "The server was started anew and has forgotten what was said before.", room)
    return []


def _gap(model: Model, facts: Object) -> list[Effect]:
    room = model.rooms.get(room_key(one_line(facts.get("room"))))
    after, before = number(facts.get("after")), number(facts.get("before"))
    if room is not None and after is not None and before is not None:
        tell(
            model,
            f"{before - after - 1} messages between are not loaded. /find looks for them on the server.",
            room,
        )
    return []


def _login(model: Model, facts: Object) -> list[Effect]:
    name = one_line(facts.get("name"))
    if name and name != model.user:
        model.rename(name)
    return []


HANDLERS: dict[str, Handler] = {
    "state": _state,
    "sent": sent,
    "welcome": _welcome,
    "login": _login,
    "joined": _joined,
    "left": _left,
    "kicked": _kicked,
    "invited": _invited,
    "moded": _moded,
    "redacted": redacted,
    "typing": typing_status.heard,
    "appeared": _watched,
    "vanished": _watched,
    "wallops": _wallops,
    "quit": _quit,
    "renamed": _renamed,
    "topic": _topic,
    "names": _names,
    "reset": _reset,
    "gap": _gap,
    "presence": _presence,
    "read": _read,
    "directs": reading.directs,
    "info": _info,
    "stopping": _stopping,
    "ok": _answer,
    "error": _answer,
}
"""What to do with each kind of object but messages."""
