"""The sentences in which the server tells people what happened: shared by text and plain JSON clients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evchat.dialects import clock
from evchat.protocol import events as e
from evchat.protocol.commands import Command

_SHOWN = 10
"""Names in one sentence; the others are counted."""


def and_others(names: tuple[str, ...]) -> str:
    """Names with commas between them; beyond ten the rest is counted."""
    if len(names) <= _SHOWN:
        return ", ".join(names)
    return f"{', '.join(names[:_SHOWN])} and {len(names) - _SHOWN} others"


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""


def _topic_line(channel: str, text: str, by: str) -> str:
    return f"The topic of {channel} is: {text}" + (f" (set by {by})" if by else "")


def _entered(event: e.Entered) -> list[str]:
    lines = []
    if not event.login:
        others = tuple(name for name in event.names if name != event.name)
        if not event.names and event.users > 1:
            company = f" with {event.users - 1} others"
        else:
            company = f" with {and_others(others)}" if others else ", alone"
        hint = (
            "What you type goes there now." if event.current else f"-ch {event.channel} lets you talk there."
        )
        lines.append(f"You are in {event.channel}{company}. {hint}")
    if event.topic:
        lines.append(_topic_line(event.channel, event.topic, event.topic_by))
    return lines


def _sent(event: e.Sent) -> list[str]:
    lines = []
    if event.kept:
        lines.append(f"{event.to} is not online, and will find it in the inbox.")
    if event.away:
        lines.append(f"{event.to} is away: {event.away}")
    if event.duplicate:
        lines.append("That had been sent before.")
    return lines


def _announced(event: e.Announced) -> list[str]:
    heard = f"Your broadcast reached {event.delivered} {'user' if event.delivered == 1 else 'users'}."
    return [heard + (f" It missed {', '.join(event.missed)}: not online." if event.missed else "")]


def _channels(event: e.ChannelsListed) -> list[str]:
    if not event.channels:
        return ["There are no channels."]
    width = max(len(row.name) for row in event.channels)
    rows = [f"{row.name:{width}}  {row.users:4}  {row.topic}".rstrip() for row in event.channels]
    return rows + _omitted(event.omitted)


def _omitted(count: int) -> list[str]:
    return [f"… and {count} more."] if count else []


def _names(event: e.NamesListed) -> list[str]:
    return [
        f"{event.channel}: {', '.join(event.names)}"
        if event.names
        else f"There is nobody in {event.channel}."
    ]


def _person_row(person: e.Person, width: int, now: int) -> str:
    if not person.online:
        return f"{person.name:{width}}  last seen {clock.hour_seen_from(person.seen, now)}"
    idle = "active" if person.idle < 60_000 else f"idle {clock.duration(person.idle)}"
    parts = [f"{person.name:{width}}", f"since {clock.hour_seen_from(person.since, now)}", f"{idle:10}"]
    if person.channels:
        parts.append(" ".join(person.channels))
    if person.away:
        parts.append(f"away: {person.away}")
    return "  ".join(parts).rstrip()


def _people(event: e.PeopleListed) -> list[str]:
    if not event.people:
        return ["There is nobody else."]
    width = max(len(person.name) for person in event.people)
    return [_person_row(person, width, event.at) for person in event.people] + _omitted(event.omitted)


def _whois(event: e.WhoIsTold) -> list[str]:
    person = event.person
    kind = "a registered name" if person.registered else "a guest"
    if not person.online:
        return [f"{person.name} ({kind}) was last seen {clock.hour_seen_from(person.seen, event.at)}."]
    lines = [f"{person.name} ({kind}) is online since {clock.hour_seen_from(person.since, event.at)}, "
             f"{'active' if person.idle < 60_000 else 'idle for ' + clock.duration(person.idle)}."]  # fmt: skip
    if person.away:
        lines.append(f"{person.name} is away: {person.away}")
    if person.channels:
        lines.append(f"You share {', '.join(person.channels)}.")
    return lines


def _topic_told(event: e.TopicTold) -> list[str]:
    if not event.text:
        return [f"{event.channel} has no topic."]
    return [_topic_line(event.channel, event.text, event.by)]


def _help_row(command: Command) -> str:
    return f"{command.usage:42} {command.summary}"


def _helped(event: e.Helped) -> list[str]:
    typed = [command for command in event.commands if command.usage]
    if event.one:
        command = event.commands[0]
        also = [f"/{word}" for word in command.words[1:]]
        usage = f"{command.usage or command.name}  {command.summary}"
        return [usage + (f" Also: {', '.join(also)}." if also else "")]
    return [
        *map(_help_row, typed),
        "Any other line goes to the channel you are in; // begins one that starts with /.",
    ]


def _inbox(event: e.InboxListed) -> list[str]:
    if not event.messages:
        return ["There is nothing new in your inbox."]
    return ["There is more: /inbox shows it."] if event.more else []


def _found(event: e.Found) -> list[str]:
    if not event.messages:
        return [f"Nothing found for: {event.words}"]
    return ["There is more than this; these are the latest."] if event.more else []


def _logged_in(event: e.LoggedIn) -> list[str]:
    lines = []
    if event.motd:
        lines += event.motd.splitlines()
    if event.unread:
        messages = "A message" if event.unread == 1 else f"{event.unread} messages"
        lines.append(
            f"{messages} came while you were away. /inbox shows {'it' if event.unread == 1 else 'them'}."
        )
    return lines


_SENTENCES: dict[type, Callable[[Any], list[str]]] = {
    e.Joined: lambda x: [f"{x.name} joined {x.channel}."],
    e.Left: lambda x: [f"{x.name} left {x.channel}{_because(x.reason)}."],
    e.Disconnected: lambda x: [f"{x.name} is gone{_because(x.reason)}."],
    e.Renamed: lambda x: [f"{x.old} is now called {x.new}."],
    e.TopicChanged: lambda x: [
        f"{x.by} set the topic of {x.channel}: {x.text}"
        if x.text
        else f"{x.by} took the topic of {x.channel} away."
    ],
    e.PresenceChanged: lambda x: [f"{x.name} is away: {x.away}" if x.away else f"{x.name} is back."],
    e.Noticed: lambda x: [x.text],
    e.Stopping: lambda x: [x.reason],
    e.Done: lambda x: [x.text] if x.text else [],
    e.LoggedIn: _logged_in,
    e.LoggedOut: lambda x: ["Goodbye." if x.closing else "You are logged out. Log in again under any name."],
    e.Entered: _entered,
    e.Sent: _sent,
    e.Announced: _announced,
    e.ChannelsListed: _channels,
    e.NamesListed: _names,
    e.PeopleListed: _people,
    e.WhoIsTold: _whois,
    e.BlockedListed: lambda x: [
        f"You have blocked {', '.join(x.names)}." if x.names else "You have blocked nobody."
    ],
    e.TopicTold: _topic_told,
    e.Ponged: lambda x: [str(x.token) if x.token else "pong"],
    e.Helped: _helped,
    e.InboxListed: _inbox,
    e.Found: _found,
    e.HistoryListed: lambda x: [] if x.messages or x.recent else [f"Nothing was said in {x.to} yet."],
}


def sentences(event: e.Event) -> list[str]:
    """What to tell a person about an event, in lines that are not harmless yet; nothing for what has other forms."""
    make = _SENTENCES.get(type(event))
    return make(event) if make else []
