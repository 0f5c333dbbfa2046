"""What full JSON clients hear: every fact as a key, one object a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from json.encoder import encode_basestring as quote
from typing import Any

from evchat.dialects import clock, prose
from evchat.protocol import events as e
from evchat.protocol.commands import Command

Facts = dict[str, Any]

_DUMP = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _at(at: int) -> Facts:
    return {"at": at, "timestamp": clock.iso(at)}


def _event(response: str, event: e.Event, sender: str = "server", **facts: Any) -> list[Facts]:
    return [{"response": response, "sender": sender, **facts, **_at(event.at)}]


def _ok(event: e.Answer, content: Any = None, **facts: Any) -> list[Facts]:
    return [
        {
            "response": "ok",
            "reply_to": event.reply_to,
            "sender": "server",
            "content": content,
            **facts,
            **_at(event.at),
        }
    ]


def message(said: e.Said) -> Facts:
    """A message as an object, live or from history."""
    facts: Facts = {
        "response": "message",
        "sender": said.sender,
        "to": said.to,
        "seq": said.seq,
        "content": said.text,
        **_at(said.at),
    }
    if said.id is not None:
        facts["id"] = said.id
    if said.action:
        facts["action"] = True
    if said.announced:
        facts["broadcast"] = True
    return facts


def _said(said: e.Said) -> bytes:
    """`message` by hand: this is what a busy server does most."""
    text = (
        f'{{"response":"message","sender":{quote(said.sender)},"to":{quote(said.to)},"seq":{said.seq},'
        f'"content":{quote(said.text)},"at":{said.at},"timestamp":"{clock.iso(said.at)}"'
    )
    if said.id is not None:
        text += f',"id":{quote(said.id)}'
    if said.action:
        text += ',"action":true'
    if said.announced:
        text += ',"broadcast":true'
    return f"{text}}}\n".encode()


def _sent(event: e.Sent) -> bytes:
    reply_to = "null" if event.reply_to is None else quote(event.reply_to)
    text = (
        f'{{"response":"ok","reply_to":{reply_to},"sender":"server","content":null,"to":{quote(event.to)},'
        f'"seq":{event.seq},"at":{event.sent_at},"timestamp":"{clock.iso(event.sent_at)}"'
    )
    if event.kept:
        text += ',"kept":true'
    if event.away is not None:
        text += f',"away":{quote(event.away)}'
    if event.duplicate:
        text += ',"duplicate":true'
    return f"{text}}}\n".encode()


def _entered(event: e.Entered) -> list[Facts]:
    joined = _event("joined", event, event.name, to=event.channel, current=event.current)
    by = event.topic_by or "server"
    topic = _event("topic", event, by, to=event.channel, content=event.topic, set_at=event.topic_at)
    names = _event(
        "names",
        event,
        to=event.channel,
        content=list(event.names),
        users=event.users,
        seq=event.seq,
        read=event.read,
    )
    return joined + topic + names


def _person(person: e.Person) -> Facts:
    facts: Facts = {
        "name": person.name,
        "online": person.online,
        "registered": person.registered,
        "seen": person.seen,
    }
    if person.online:
        facts |= {
            "since": person.since,
            "idle": person.idle,
            "away": person.away,
            "channels": list(person.channels),
            "sessions": person.sessions,
        }
    return facts


def _command(command: Command) -> Facts:
    return {"name": command.name, "usage": command.usage, "summary": command.summary}


def _history(event: e.HistoryListed) -> list[Facts]:
    messages = [message(said) for said in event.messages]
    if event.recent:
        return _event("history", event, to=event.to, content=messages, seq=event.seq, more=event.more)
    return _ok(event, messages, to=event.to, seq=event.seq, more=event.more)


def _welcomed(event: e.Welcomed) -> list[Facts]:
    content = {
        "server": event.server,
        "version": event.version,
        "protocol": event.protocol,
        "limits": dict(event.limits),
        "features": list(event.features),
        "motd": event.motd,
    }
    return _event("welcome", event, reply_to=event.reply_to, content=content)


def _logged_in(event: e.LoggedIn) -> list[Facts]:
    words = f"Login successful. Welcome, {event.name}."
    return _ok(event, words, name=event.name, registered=event.registered, unread=event.unread)


def _announced(event: e.Announced) -> list[Facts]:
    again = {"duplicate": True} if event.duplicate else {}
    return _ok(event, {"delivered": event.delivered, "missed": list(event.missed)}, seq=event.seq, **again)


_OBJECTS: dict[type, Callable[[Any], list[Facts]]] = {
    e.Joined: lambda x: _event("joined", x, x.name, to=x.channel),
    e.Left: lambda x: _event("left", x, x.name, to=x.channel, content=x.reason),
    e.Disconnected: lambda x: _event("quit", x, x.name, content=x.reason, channels=list(x.channels)),
    e.Renamed: lambda x: _event("renamed", x, x.old, content=x.new),
    e.TopicChanged: lambda x: _event("topic", x, x.by, to=x.channel, content=x.text, set_at=x.at),
    e.PresenceChanged: lambda x: _event("presence", x, x.name, away=x.away),
    e.ReadUpTo: lambda x: _event("read", x, to=x.to, seq=x.seq),
    e.Pinged: lambda x: _event("ping", x, content=x.token),
    e.Noticed: lambda x: _event("info", x, content=x.text),
    e.Stopping: lambda x: _event("stopping", x, content=x.reason),
    e.HungUp: lambda x: _event("error", x, reply_to=None, code=x.code, content=x.reason, closing=True),
    e.Failed: lambda x: _event("error", x, reply_to=x.reply_to, code=x.code, content=x.text),
    e.Done: lambda x: _ok(x, x.text or None, **dict(x.facts)),
    e.Welcomed: _welcomed,
    e.LoggedIn: _logged_in,
    e.LoggedOut: lambda x: _ok(x, "Goodbye." if x.closing else "Logged out."),
    e.Entered: _entered,
    e.Announced: _announced,
    e.ChannelsListed: lambda x: _ok(
        x,
        [{"name": row.name, "topic": row.topic, "users": row.users} for row in x.channels],
        omitted=x.omitted,
    ),
    e.NamesListed: lambda x: _ok(x, list(x.names), to=x.channel),
    e.PeopleListed: lambda x: _ok(x, [_person(person) for person in x.people], omitted=x.omitted),
    e.WhoIsTold: lambda x: _ok(x, _person(x.person)),
    e.HistoryListed: _history,
    e.InboxListed: lambda x: _ok(x, [message(said) for said in x.messages], more=x.more),
    e.BlockedListed: lambda x: _ok(x, list(x.names)),
    e.TopicTold: lambda x: _ok(x, x.text, to=x.channel, by=x.by, set_at=x.set_at),
    e.Found: lambda x: _ok(x, [message(said) for said in x.messages], more=x.more),
    e.Ponged: lambda x: _ok(x, x.token),
    e.Helped: lambda x: _ok(x, [_command(command) for command in x.commands], text=prose.sentences(x)),
}


def encode(event: e.Event) -> bytes:
    """The event's objects, one a line; nothing for what concerns people only."""
    kind = type(event)
    if kind is e.Said:
        return _said(event)  # type: ignore[arg-type]
    if kind is e.Sent:
        return _sent(event)  # type: ignore[arg-type]
    make = _OBJECTS.get(kind)
    if make is None:
        return b""
    return "".join(_DUMP(facts) + "\n" for facts in make(event)).encode("utf-8")
