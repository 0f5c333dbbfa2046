"""Handlers of server events, one per type."""

from __future__ import annotations

from evchat.dialects import phrases
from evchat.protocol.names import SERVER, user_key
from evchat.settings.client import MAX_LOGS_BYTES, MAX_PEOPLE, MAX_PEOPLE_IN_ALL
from tui.model import server_events as ev
from tui.model import session_events as se
from tui.model.effects import PEOPLE, Alert, Ask
from tui.model.model import room_key
from tui.model.session_events import ONLINE, REFUSED
from tui.text import connection
from tui.update import answers, questions, reading, typing_status
from tui.update.messages import edited, redacted, said, sent
from tui.update.notices import announce, came_or_went, clean, one_line, phrase, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tui.model.effects import Effect
    from tui.model.model import Model, Room

    Handler = Callable[[Model, Any], list[Effect]]


def heard(model: Model, events: list[ev.ServerEvent]) -> list[Effect]:
    """Takes what the server said; what is to be done about it."""
    effects: list[Effect] = []
    for event in events:
        if type(event) is ev.Message:
            effects += said(model, event)
        else:
            handler = HANDLERS.get(type(event))
            if handler is not None:
                effects += handler(model, event)
    _bound_logs(model)
    return effects[-1:] if len(effects) > 1 and all(type(one) is Alert for one in effects) else effects


def _bound_logs(model: Model) -> None:
    """Forgets the oldest of the largest logs while all together take too much."""
    logs = [room.log for room in (*model.rooms.values(), model.lobby)]
    while sum(log.size for log in logs) > MAX_LOGS_BYTES // len(model.models):
        max(logs, key=lambda log: log.size).halve()


_PATIENCE = 3_000
"""Milliseconds after which an attempt to connect is told to be without an answer."""


def _state(model: Model, event: se.State) -> list[Effect]:
    reason = one_line(event.reason)
    before, model.state = model.state, event.state
    model.reason = reason
    model.is_banned = event.state == REFUSED and event.code == "banished"
    model.retry_at = event.retry_at
    if model.state != ONLINE:
        model.latency_ms = None
    if model.state == REFUSED:
        questions.refused(model, event)
        return []
    questions.settled(model)
    if model.state == se.CONNECTING and not (before == se.CONNECTING and model.silent_from):
        model.silent_from = model.now + _PATIENCE
    if model.state == before:
        return []
    if model.state == ONLINE:
        model.last_words = ""
        # Only changes of away status are announced, so the present status has to be requested.
        return [Ask({"request": "who"}, PEOPLE)]
    if before == ONLINE and model.state == se.OFFLINE:  # else it is only logged in anew
        tell(model, connection.lost(reason, event.code))
        model.last_words = reason
    return []


def _back(model: Model, event: se.Back) -> list[Effect]:
    tell(model, connection.back(event.lasted, event.sent, event.missed))
    return []


def _welcome(model: Model, event: ev.Welcome) -> list[Effect]:
    model.max_lines = event.max_lines or model.max_lines
    model.server_name = one_line(event.server) or model.server_name
    _tell_motd(model, event.motd)
    return []


def _tell_motd(model: Model, motd: str) -> None:
    text = clean(motd)
    if text and text != model.motd:  # every connection brings it again
        tell(model, text)
        model.motd = text


def _channel(model: Model, event: ev.Told) -> Room | None:
    """The room of the channel that an event is about, if one has it."""
    return model.rooms.get(room_key(one_line(event.to)))


def _joined(model: Model, event: ev.Joined) -> list[Effect]:
    name, to = one_line(event.sender), one_line(event.to)
    if not name or not to:
        return []
    key = user_key(name)
    if key == model.user_key:
        fresh = room_key(to) not in model.rooms
        room = model.enter(to)
        room.joined = True
        room.users += fresh
        if event.current and not model.current:
            model.current = room.key
        return _read_before(model, room, event)
    known = _channel(model, event)
    if known is not None:
        known.users += key not in known.people
        _add_person(model, known, name)
        came_or_went(model, known, name, True, _at(model, event))
    return []


def _read_before(model: Model, room: Room, event: ev.Joined) -> list[Effect]:
    """The user has joined a channel, and the event says what they have read there."""
    if event.read is None or event.seq is None:
        return []
    if room.entered:
        return reading.told(model, room, event.read)
    # A newcomer has read nothing, and needs no mark before everything that was said until now.
    room.entered = True
    room.read_told = room.marker = event.read or event.seq
    return []


def _add_person(model: Model, room: Room, name: str) -> None:
    if len(room.people) >= MAX_PEOPLE or not _free_places(model):
        return
    room.people[user_key(name)] = name
    if room.lookalikes is not None:
        room.lookalikes.add(name)
    for other in model.rooms.values():
        if not other.is_channel:
            other.lookalikes = None
    room.version += 1


def _free_places(model: Model) -> int:
    """How many more people can be remembered."""
    return max(
        MAX_PEOPLE_IN_ALL // len(model.models) - sum(len(room.people) for room in model.rooms.values()), 0
    )


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


def _at(model: Model, event: ev.Told) -> int:
    return model.now if event.at is None else event.at


def _left(model: Model, event: ev.Left) -> list[Effect]:
    name = one_line(event.sender)
    room = _channel(model, event)
    if room is None:
        return []
    if user_key(name) == model.user_key:
        _gone_from(room)
        return []
    if _remove_person(room, name):
        came_or_went(model, room, name, False, _at(model, event))
    return []


def _kicked(model: Model, event: ev.Kicked) -> list[Effect]:
    name, by, reason = one_line(event.name), one_line(event.by), one_line(event.content)
    room = _channel(model, event)
    if room is None or not name:
        return []
    if user_key(name) == model.user_key:
        _gone_from(room)
        text = phrases.kicked(by, "you", room.name, reason)
        tell(model, text, room, error=True)
        return [] if model.focused else [Alert(text)]
    if _remove_person(room, name) or room.users:
        announce(model, phrases.kicked(by, name, "", reason), room)
    return []


def _gone_from(room: Room) -> None:
    """The user has left a channel, and no longer gets its joins and parts."""
    room.joined = False
    room.people, room.users = {}, 0
    room.operators, room.voiced, room.typing = set(), set(), {}
    room.version += 1


def _invited(model: Model, event: ev.Invited) -> list[Effect]:
    name, by, to = one_line(event.name), one_line(event.by), one_line(event.to)
    if user_key(name) == model.user_key:
        text = phrases.invites_you(by, to)
        tell(model, text)
        return [] if model.focused else [Alert(text)]
    if name:
        announce(model, phrases.invited(by, name, to), model.rooms.get(room_key(to)))
    return []


def _moded(model: Model, event: ev.Moded) -> list[Effect]:
    room = _channel(model, event)
    if room is None:
        return []
    by = one_line(event.by) or one_line(event.sender)
    bans = phrases.moderated("" if event.by == SERVER else by, "", event.bans)
    told = [one_line(text) for text in bans]
    modes: list[str] = []
    for change in event.changes:
        if change.mode == "ban":
            continue
        mode, value = one_line(change.mode), one_line(change.value)
        if mode in _GRANTED:
            holders = room.operators if mode == "operator" else room.voiced
            (holders.add if change.on else holders.discard)(user_key(value))
            whom = "you" if user_key(value) == model.user_key else value
            told.append(_GRANTED[mode][change.on].format(by=by, name=whom))
        else:
            modes.append(f"{'' if change.on else 'no longer '}{mode} {value}".rstrip())
    if modes or not told:
        told.append(phrases.modes_changed(by, "", ", ".join(modes) or one_line(event.content)))
    room.version += 1
    announce(model, "\n".join(told), room)
    return []


_GRANTED = {
    "operator": ("{by} took the operator's role from {name}", "{by} made {name} an operator"),
    "voice": ("{by} took the voice from {name}", "{by} gave {name} a voice"),
}
"""The wording for roles given or removed."""


def _appeared(model: Model, event: ev.Appeared) -> list[Effect]:
    if event.sender:
        tell(model, phrases.online(one_line(event.sender)))
    return []


def _vanished(model: Model, event: ev.Vanished) -> list[Effect]:
    if event.sender:
        tell(model, phrases.offline(one_line(event.sender)))
    return []


def _pinned(model: Model, event: ev.Pinned) -> list[Effect]:
    by, name = one_line(event.sender), one_line(event.name)
    announce(model, phrases.pinned(by, "", event.seq, name, one_line(event.content)), _channel(model, event))
    return []


def _unpinned(model: Model, event: ev.Unpinned) -> list[Effect]:
    announce(model, phrases.unpinned(one_line(event.sender), "", event.seq), _channel(model, event))
    return []


def _wallops(model: Model, event: ev.Wallops) -> list[Effect]:
    tell(model, phrases.wallops(one_line(event.sender), one_line(event.content)))
    return []


def _quit(model: Model, event: ev.Quit) -> list[Effect]:
    name = one_line(event.sender)
    model.away.pop(user_key(name), None)
    for room in model.rooms.values():
        if _remove_person(room, name):
            came_or_went(model, room, name, False, _at(model, event))
    return []


def _renamed(model: Model, event: ev.Renamed) -> list[Effect]:
    old, new = one_line(event.sender), one_line(event.content)
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
            announce(model, phrases.renamed_you(new) if mine else phrases.renamed(old, new), room)
    return []


def _topic(model: Model, event: ev.Topic) -> list[Effect]:
    room = _channel(model, event)
    if room is None:
        return []
    topic = phrase(event.content)
    if topic == room.topic:
        return []
    known, room.topic = room.topic, topic
    if event.set_at == event.at or known:
        by = one_line(event.sender)
        announce(model, phrases.topic_changed(by, "", topic), room)
    return []


def _names(model: Model, event: ev.Names) -> list[Effect]:
    room = _channel(model, event)
    if room is None or event.names is None:
        return []
    places = min(MAX_PEOPLE, _free_places(model) + len(room.people))
    people = [one_line(name) for name in event.names[:places]]
    room.people = {user_key(name): name for name in people if name}
    room.operators = {user_key(one_line(name)) for name in event.operators[:places]}
    room.voiced = {user_key(one_line(name)) for name in event.voiced[:places]}
    room.lookalikes = None
    room.users = len(event.names) if event.users is None else event.users
    room.version += 1
    return []


def _presence(model: Model, event: ev.Presence) -> list[Effect]:
    key = user_key(one_line(event.sender))
    if event.away is not None and (key in model.away or len(model.away) < MAX_PEOPLE):
        model.away[key] = phrase(event.away)
    else:
        model.away.pop(key, None)
    for room in model.rooms.values():
        if key in room.people:
            room.version += 1
    return []


def _read(model: Model, event: ev.Read) -> list[Effect]:
    """Another device of the user's has read up to there."""
    room = _channel(model, event)
    if room is not None and event.seq is not None and event.seq > room.read_told:
        return reading.told(model, room, event.seq)
    return []


def _info(model: Model, event: ev.Info) -> list[Effect]:
    tell(model, clean(event.content))
    return []


def _stopping(model: Model, event: ev.Stopping) -> list[Effect]:
    tell(model, clean(event.content) or "The server is stopping.")
    return []


def _answer(model: Model, event: ev.Answer) -> list[Effect]:
    return answers.answered(model, event, model.asked.pop(event.reply_to, ()))


def _reset(model: Model, event: se.Reset) -> list[Effect]:
    room = model.rooms.get(room_key(one_line(event.room)))
    if room is not None:
        room.log.forget_numbers()
        room.marker = room.read_told = 0
        tell(model, "The server was restarted and has lost all earlier messages.", room)
    return []


def _gap(model: Model, event: se.Gap) -> list[Effect]:
    room = model.rooms.get(room_key(one_line(event.room)))
    if room is not None:
        missing = event.before - event.after - 1
        tell(model, f"{missing} messages between are not loaded. /find looks for them on the server.", room)
    return []


def _login(model: Model, event: se.LoggedIn) -> list[Effect]:
    name = one_line(event.name)
    if name and name != model.user:
        model.rename(name)
    _tell_motd(model, event.motd)
    return []


HANDLERS: dict[type[ev.ServerEvent], Handler] = {
    se.State: _state,
    se.Back: _back,
    se.LineSent: sent,
    se.LoggedIn: _login,
    se.Directs: reading.directs,
    se.Reset: _reset,
    se.Gap: _gap,
    ev.Welcome: _welcome,
    ev.Answer: _answer,
    ev.Joined: _joined,
    ev.Left: _left,
    ev.Kicked: _kicked,
    ev.Invited: _invited,
    ev.Moded: _moded,
    ev.Redacted: redacted,
    ev.Edited: edited,
    ev.Typing: typing_status.heard,
    ev.Appeared: _appeared,
    ev.Vanished: _vanished,
    ev.Wallops: _wallops,
    ev.Pinned: _pinned,
    ev.Unpinned: _unpinned,
    ev.Quit: _quit,
    ev.Renamed: _renamed,
    ev.Topic: _topic,
    ev.Names: _names,
    ev.Presence: _presence,
    ev.Read: _read,
    ev.Info: _info,
    ev.Stopping: _stopping,
}
"""The handlers of all kinds of events except messages."""
