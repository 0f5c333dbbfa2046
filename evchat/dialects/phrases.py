"""The sentences in which the server tells people what happened: shared by text and plain JSON clients.

Nothing here is harmless yet: who writes a sentence to a client makes it so.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from evchat.dialects import times
from evchat.protocol import events as e
from evchat.protocol import modes
from evchat.protocol.command import Command
from evchat.protocol.modes import write

_SHOWN: Final = 10
"""Names in one sentence; the others are counted."""

_ACTIVE: Final = 60_000
"""Milliseconds of silence that nobody calls idle."""


def and_others(names: tuple[str, ...]) -> str:
    """Names with commas between them; beyond ten the rest is counted."""
    if len(names) <= _SHOWN:
        return ", ".join(names)
    rest = len(names) - _SHOWN
    return f"{', '.join(names[:_SHOWN])} and {rest} {'other' if rest == 1 else 'others'}"


TAKEN_BACK: Final = "(taken back)"
"""The text of a message that was taken back."""

_HOLDERS: Final = {"o": "operators", "v": "voices"}


def holders(role: str) -> str:
    """What those are called who hold a role in a channel."""
    return _HOLDERS.get(role, "some")


def because(reason: str) -> str:
    """` (reason)`, or nothing; the sentence around it has a full stop of its own."""
    return f" ({reason.removesuffix('.')})" if reason else ""


# ---- answers with more than a sentence ------------------------------------------------------------------------


def _topic(channel: str, text: str, by: str, set_at: int, now: int) -> str:
    if not text:
        return f"{channel} has no topic."
    when = f", {times.hour_seen_from(set_at, now)}" if set_at else ""
    return f"The topic of {channel} is: {text}" + (f" (set by {by}{when})" if by else "")


def _entered(event: e.Entered) -> list[str]:
    told = []
    if not event.login:
        others = tuple(name for name in event.names if name != event.name)
        if not event.names and event.users > 1:
            company = f" with {event.users - 1} others"
        else:
            company = f" with {and_others(others)}" if others else ", alone"
        hint = (
            "What you type goes there now." if event.current else f"-ch {event.channel} lets you talk there."
        )
        told.append(f"You are in {event.channel}{company}. {hint}")
    if event.topic:
        told.append(_topic(event.channel, event.topic, event.topic_by, event.topic_at, event.at))
    return told


def _sent(event: e.Sent) -> list[str]:
    told = []
    if event.kept:
        told.append(f"{event.to} is not online, and will find it in the inbox.")
    if event.away is not None:
        told.append(f"{event.to} is away: {event.away}")
    if event.duplicate:
        told.append("That had been sent before.")
    return told


def _announced(event: e.Announced) -> list[str]:
    heard = f"Your broadcast reached {event.delivered} {'user' if event.delivered == 1 else 'users'}."
    missed = f" It missed {', '.join(event.missed)}: not online." if event.missed else ""
    return [heard + missed]


def _logged_in(event: e.LoggedIn) -> list[str]:
    told = event.motd.splitlines()
    if event.unread == 1:
        told.append("1 message came while you were away. /inbox shows it.")
    elif event.unread:
        told.append(f"{event.unread} messages came while you were away. /inbox shows them.")
    if not event.channel:
        told.append(f"Hello {event.name}, you are in no channel. /channels lists them.")
    return told


def _known_as(name: str, who: e.Identity) -> str:
    return f"{name} is known as {who.realname.removesuffix('.')}."


def _whois(event: e.WhoIsTold) -> list[str]:
    person, now = event.person, event.at
    kind = "a registered name" if person.registered else "a guest"
    if not person.online:
        return [f"{person.name} ({kind}) was last seen {times.hour_seen_from(person.seen, now)}."]
    since = (
        f"{person.name} ({kind}) is online since {times.hour_seen_from(person.since, now)}, {_idle(person)}."
    )
    told = [since]
    if person.away is not None:
        told.append(f"{person.name} is away: {person.away}")
    if person.channels:
        told.append(f"You share {', '.join(person.channels)}.")
    if person.who.realname:
        told.append(_known_as(person.name, person.who))
    if person.who.bot:
        told.append(f"{person.name} is a program.")
    if person.operator:
        told.append(f"{person.name} is an operator of this server.")
    if person.address:
        told.append(f"{person.name} comes from {person.address}.")
    return told


def _people(event: e.PeopleListed) -> list[str]:
    if event.people:
        return _omitted(event.omitted)
    if event.minutes is None:
        return ["There is nobody else."]
    return [f"Nobody was here in the last {event.minutes} minutes."]


def _people_found(event: e.PeopleFound) -> list[str]:
    return _omitted(event.omitted) if event.people else [f"Nobody was found who matches {event.mask}."]


def _past(event: e.PastTold) -> list[str]:
    return [] if event.people else [f"Nobody is remembered who was called {event.name}."]


def _watched(event: e.WatchTold) -> list[str]:
    told = []
    if event.online:
        told.append(f"Online: {', '.join(person.name for person in event.online)}.")
    if event.offline:
        told.append(f"Not online: {', '.join(event.offline)}.")
    return told or ["You watch nobody."]


def _counted(event: e.Counted) -> list[str]:
    counts = event.counts
    users = f"{counts.users} {'user' if counts.users == 1 else 'users'}"
    channels = f"{counts.channels} {'channel' if counts.channels == 1 else 'channels'}"
    operators = f"{counts.operators} {'operator' if counts.operators == 1 else 'operators'}"
    return [
        f"There are {users} ({counts.invisible} invisible, {operators}) and {channels}.",
        f"{counts.strangers} more have not logged in. The most users there were at once: {counts.most}.",
    ]


def _omitted(count: int) -> list[str]:
    return [f"And {count} more."] if count else []


def _found(event: e.Found) -> list[str]:
    if not event.messages:
        return [f"Nothing was found for: {event.words}"]
    return ["There is more than this; these are the latest."] if event.more else []


def _inbox(event: e.InboxListed) -> list[str]:
    if not event.messages:
        return ["There is nothing new in your inbox."]
    return ["There is more: /inbox shows it."] if event.more and not event.kept else []


def _directs(event: e.DirectsListed) -> list[str]:
    if not event.directs:
        return ["You have no direct conversations."]
    return ["There are more; these are the latest."] if event.omitted else []


def _direct_row(direct: e.DirectInfo, now: int) -> Row:
    waiting = f"{direct.waiting} in your inbox" if direct.waiting else ""
    return direct.name, f"last message {times.hour_seen_from(direct.last, now)}", waiting


_SIGNS: Final = {modes.OPERATOR: "@", modes.VOICE: "+"}


def _names(event: e.NamesListed) -> list[str]:
    """Who is in a channel, with the sign of the highest role."""
    if not event.names:
        return [f"There is nobody in {event.channel}."]
    roles = {member.name: member.roles[:1] for member in event.members}
    shown = ", ".join(_SIGNS.get(roles.get(name, ""), "") + name for name in event.names)
    return [f"{event.channel}: {shown}"]


def _change(change: modes.Change) -> str:
    """A change of one mode in words: `+moderated`, `-key`, `+operator bob`."""
    mode = modes.BY_LETTER.get(change.letter)
    name = mode.name if mode else change.letter
    value = (
        "" if change.value is None or (change.letter == modes.KEY and not change.on) else f" {change.value}"
    )
    return ("+" if change.on else "-") + name + value


def _changes(changes: tuple[modes.Change, ...]) -> str:
    return ", ".join(map(_change, changes))


def _modes(event: e.ModesTold) -> list[str]:
    if not event.changes:
        return [f"{event.channel} has no modes."]
    return [f"The modes of {event.channel} are: {_changes(event.changes)}"]


def _mode_list(event: e.ModeListed) -> list[str]:
    mode = modes.BY_LETTER.get(event.letter)
    name = mode.name if mode else event.letter
    return [] if event.entries else [f"The list {name} of {event.channel} is empty."]


def _until(until: int, now: int) -> str:
    return f"for {times.duration(until - now)}" if until else "for good"


def _token(token: object) -> str:
    text = token if isinstance(token, str) else json.dumps(token, ensure_ascii=False)
    return text or "pong"


_SENTENCES: dict[type[e.Event], Callable[[Any], list[str]]] = {
    e.Joined: lambda x: [f"{x.name} joined {x.channel}."],
    e.Left: lambda x: [f"{x.name} left {x.channel}{because(x.reason)}."],
    e.Disconnected: lambda x: [f"{x.name} is gone{because(x.reason)}."],
    e.Renamed: lambda x: [f"{x.old} is now called {x.new}."],
    e.TopicChanged: lambda x: [
        f"{x.by} set the topic of {x.channel}: {x.text}"
        if x.text
        else f"{x.by} took the topic of {x.channel} away."
    ],
    e.PresenceChanged: lambda x: [
        f"{x.name} is back." if x.away is None else f"{x.name} is away: {x.away}",
    ],
    e.Noticed: lambda x: x.text.splitlines(),
    e.Stopping: lambda x: [x.reason],
    e.Done: lambda x: [x.text] if x.text else [],
    e.LoggedIn: _logged_in,
    e.LoggedOut: lambda x: ["Goodbye." if x.closing else "You are logged out. Log in again under any name."],
    e.Entered: _entered,
    e.Sent: _sent,
    e.Announced: _announced,
    e.ChannelsListed: lambda x: _omitted(x.omitted) if x.channels else ["There are no channels."],
    e.NamesListed: _names,
    e.Kicked: lambda x: [f"{x.by} put {x.name} out of {x.channel}{because(x.reason)}."],
    e.Invited: lambda x: [f"{x.by} invites you to {x.channel}. /join {x.channel} brings you there."],
    e.InviteTold: lambda x: [f"{x.by} invited {x.name} to {x.channel}."],
    e.ModesChanged: lambda x: [f"{x.by} changed the modes of {x.channel}: {_changes(x.changes)}"],
    e.Walloped: lambda x: [f"(operators) {x.name}: {x.text}"],
    e.ModesTold: _modes,
    e.ModeListed: _mode_list,
    e.InviteSent: lambda x: [
        f"{x.name} is invited to {x.channel}.",
        *([] if x.away is None else [f"{x.name} is away: {x.away}"]),
    ],
    e.OperatorMade: lambda x: ["You are an operator of the server now."],
    e.BanishedListed: lambda x: [] if x.bans else ["Nobody is banned from the server."],
    e.ActsTold: lambda x: [] if x.acts else ["The operators have done nothing yet."],
    e.PeopleListed: _people,
    e.WhoIsTold: _whois,
    e.PeopleFound: _people_found,
    e.PeopleTold: lambda x: [] if x.people else ["None of them is online."],
    e.PastTold: _past,
    e.WatchTold: _watched,
    e.Appeared: lambda x: [f"{x.name} is online."],
    e.Vanished: lambda x: [f"{x.name} is no longer online."],
    e.UserModesTold: lambda x: [f"Your modes: {x.letters or 'none'}."],
    e.UserModesChanged: lambda x: [
        f"Your modes have changed: {write(x.changes)}." if x.changes else "Your modes are as they were."
    ],
    e.RealnameChanged: lambda x: [
        _known_as(x.name, x.who) if x.who.realname else f"{x.name} has no real name any more."
    ],
    e.Redacted: lambda x: [f"{x.by} took a message back that was sent to {x.to}{because(x.reason)}."],
    e.Marked: lambda x: [f"You have read {x.to} up to message {x.seq}."],
    e.ConversationsListed: lambda x: [] if x.conversations else ["There are none."],
    e.Authenticated: lambda x: [f"You have proved that the account {x.account} is yours."],
    e.Counted: _counted,
    e.BlockedListed: lambda x: [
        f"You have blocked {', '.join(x.names)}." if x.names else "You have blocked nobody."
    ],
    e.TopicTold: lambda x: [_topic(x.channel, x.text, x.by, x.set_at, x.at)],
    e.Ponged: lambda x: [_token(x.token)],
    e.InboxListed: _inbox,
    e.DirectsListed: _directs,
    e.Found: _found,
    e.HistoryListed: lambda x: [] if x.messages or x.recent else [f"Nothing was said in {x.to} yet."],
}


def sentences(event: e.Event) -> list[str]:
    """What to tell a person about an event, one text a thing; nothing for what has other forms."""
    make = _SENTENCES.get(type(event))
    return make(event) if make else []


# ---- rows -----------------------------------------------------------------------------------------------------

Row = tuple[str, ...]


def _idle(person: e.Person) -> str:
    return "active" if person.idle < _ACTIVE else f"idle {times.duration(person.idle)}"


def _person_row(person: e.Person, now: int) -> Row:
    if not person.online:
        return person.name, f"last seen {times.hour_seen_from(person.seen, now)}", "", "", ""
    away = "" if person.away is None else f"away: {person.away}"
    since = f"since {times.hour_seen_from(person.since, now)}"
    return person.name, since, _idle(person), away, " ".join(person.channels)


def _past_row(past: e.Past, now: int) -> Row:
    who = past.who
    return past.name, f"until {times.hour_seen_from(past.until, now)}", who.account, who.realname


def _command_rows(commands: tuple[Command, ...]) -> list[Row]:
    return [(command.usage, command.summary) for command in commands if command.usage]


def table(event: e.Event) -> list[Row]:
    """The rows of an answer that is a list, all with the same number of cells; sentences may follow them."""
    if isinstance(event, e.PeopleListed):
        return [_person_row(person, event.at) for person in event.people]
    if isinstance(event, e.PeopleFound):
        return [_person_row(person, event.at) for person, _ in event.people]
    if isinstance(event, e.PeopleTold):
        return [_person_row(person, event.at) for person in event.people]
    if isinstance(event, e.ConversationsListed):
        return [
            (name, f"last message {times.hour_seen_from(last, event.at)}")
            for name, last in event.conversations
        ]
    if isinstance(event, e.PastTold):
        return [_past_row(past, event.at) for past in event.people]
    if isinstance(event, e.ChannelsListed):
        return [
            (row.name, f"{row.users} {'user' if row.users == 1 else 'users'}", row.topic)
            for row in event.channels
        ]
    if isinstance(event, e.ModeListed):
        return [
            (entry.mask, f"by {entry.by}", times.hour_seen_from(entry.at, event.at))
            for entry in event.entries
        ]
    if isinstance(event, e.BanishedListed):
        return [(ban.whom, f"by {ban.by}", _until(ban.until, event.at), ban.reason) for ban in event.bans]
    if isinstance(event, e.ActsTold):
        return [
            (times.hour_seen_from(act.at, event.at), act.by, act.act, act.target, act.detail)
            for act in event.acts
        ]
    if isinstance(event, e.DirectsListed):
        return [_direct_row(direct, event.at) for direct in event.directs]
    if isinstance(event, e.Helped) and not event.one:
        return _command_rows(event.commands)
    return []


def size(count: int) -> str:
    """A number of bytes in words: "64 KiB", "1000 bytes"."""
    return f"{count} bytes" if count % 1024 else f"{count // 1024} KiB"
