"""The sentences that tell people what happened, whatever client they read them in.

They hold other people's text as it is: whoever shows a sentence makes it harmless first.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from evchat.dialects import times
from evchat.protocol import modes
from evchat.protocol.authentication import Authenticated
from evchat.protocol.base import Event, Identity
from evchat.protocol.basics import Done, Helped, Ponged, ServerNotice, Stopping
from evchat.protocol.channels import (
    ChannelsListed,
    Entered,
    Joined,
    Left,
    NamesListed,
    TopicChanged,
    TopicTold,
)
from evchat.protocol.command import Command
from evchat.protocol.history import (
    ConversationsListed,
    DirectInfo,
    DirectsListed,
    HistoryListed,
    InboxListed,
    SearchResults,
)
from evchat.protocol.login import Disconnected, LoggedIn, LoggedOut, Renamed
from evchat.protocol.membership import Invited, InviteSent, InviteTold, Kicked
from evchat.protocol.messages import AnnouncementAccepted, MessageAccepted
from evchat.protocol.modes import ListEntry, ModeListed, ModesChanged, ModesTold, write
from evchat.protocol.monitor import MonitorOffline, MonitorOnline, MonitorTold
from evchat.protocol.operators import AuditEntry, AuditListed, OperGranted, Walloped
from evchat.protocol.people import (
    BlockedListed,
    CountsTold,
    FormerName,
    PeopleFound,
    PeopleListed,
    PeopleTold,
    Person,
    PresenceChanged,
    WhoIsTold,
    WhoWasTold,
)
from evchat.protocol.read_markers import ReadMarkerTold
from evchat.protocol.redaction import Redacted
from evchat.protocol.server_bans import ServerBan, ServerBansListed
from evchat.protocol.signs import sign
from evchat.protocol.user_settings import RealnameChanged, UserModesChanged, UserModesTold

_SHOWN: Final = 10
"""Names in one sentence; the others are counted."""

_ACTIVE: Final = 60_000
"""Milliseconds of silence that nobody calls idle."""


def counted(number: int, noun: str) -> str:
    """`1 user`, `2 users`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def and_others(names: tuple[str, ...]) -> str:
    """Names with commas between them; beyond ten the rest is counted."""
    if len(names) <= _SHOWN:
        return ", ".join(names)
    return f"{', '.join(names[:_SHOWN])} and {counted(len(names) - _SHOWN, 'other')}"


_HOLDERS: Final = {"o": "operators", "v": "operators and voiced"}


def holders(role: str) -> str:
    """The name for those who hear a message to the holders of a role."""
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


def _entered(event: Entered) -> list[str]:
    told = []
    if not event.login:
        others = tuple(name for name in event.names if name != event.name)
        if not event.names and event.users > 1:
            company = f" with {counted(event.users - 1, 'other')}"
        else:
            company = f" with {and_others(others)}" if others else ", alone"
        hint = (
            "What you type now goes there." if event.current else f"-ch {event.channel} lets you talk there."
        )
        told.append(f"You are in {event.channel}{company}. {hint}")
    if event.topic:
        told.append(_topic(event.channel, event.topic, event.topic_by, event.topic_at, event.at))
    return told


def _sent(event: MessageAccepted) -> list[str]:
    told = []
    if event.kept:
        told.append(f"{event.to} is not online, and will find it in their inbox.")
    if event.away is not None:
        told.append(f"{event.to} is away: {event.away}")
    if event.duplicate:
        told.append("Already sent.")
    return told


def _announced(event: AnnouncementAccepted) -> list[str]:
    heard = f"Your broadcast reached {counted(event.delivered, 'user')}."
    missed = f" Not online: {', '.join(event.missed)}." if event.missed else ""
    return [heard + missed]


def _logged_in(event: LoggedIn) -> list[str]:
    told = event.motd.splitlines()
    if event.unread == 1:
        told.append("1 message arrived while you were away. /inbox shows it.")
    elif event.unread:
        told.append(f"{event.unread} messages arrived while you were away. /inbox shows them.")
    if not event.channel:
        told.append(f"Hello {event.name}, you are in no channel. /channels lists them.")
    return told


def _known_as(name: str, who: Identity) -> str:
    return f"{name}'s real name is {who.realname.removesuffix('.')}."


def _whois(event: WhoIsTold) -> list[str]:
    person, now = event.person, event.at
    kind = "a registered name" if person.registered else "a guest"
    if not person.online:
        return [f"{person.name} ({kind}) was last seen {times.hour_seen_from(person.seen, now)}."]
    since = f"{person.name} ({kind}) has been online since {times.hour_seen_from(person.since, now)}, {_idle(person)}."
    told = [since]
    if person.away is not None:
        told.append(f"{person.name} is away: {person.away}")
    if person.channels:
        told.append(f"You share {', '.join(person.channels)}.")
    if person.who.realname:
        told.append(_known_as(person.name, person.who))
    if person.who.bot:
        told.append(f"{person.name} is a bot.")
    if person.operator:
        told.append(f"{person.name} is an operator of this server.")
    if person.address:
        told.append(f"{person.name} connects from {person.address}.")
    return told


def _people(event: PeopleListed) -> list[str]:
    if event.people:
        return _omitted(event.omitted)
    if event.minutes is None:
        return ["Nobody else is online."]
    return [f"Nobody was here in the last {event.minutes} minutes."]


def _people_found(event: PeopleFound) -> list[str]:
    return _omitted(event.omitted) if event.people else [f"No users match {event.mask}."]


def _past(event: WhoWasTold) -> list[str]:
    return [] if event.people else [f"No record of {event.name}."]


def _watched(event: MonitorTold) -> list[str]:
    told = []
    if event.online:
        told.append(f"Online: {', '.join(person.name for person in event.online)}.")
    if event.offline:
        told.append(f"Not online: {', '.join(event.offline)}.")
    return told or ["You are not watching anyone."]


def _counted(event: CountsTold) -> list[str]:
    counts = event.counts
    users, channels = counted(counts.users, "user"), counted(counts.channels, "channel")
    operators = counted(counts.operators, "operator")
    return [
        f"There are {users} ({counts.invisible} invisible, {operators}) and {channels}.",
        f"{counts.strangers} more have not logged in. The most users online at once: {counts.most}.",
    ]


def _omitted(count: int) -> list[str]:
    return [f"And {count} more."] if count else []


def _found(event: SearchResults) -> list[str]:
    if not event.messages:
        return [f"Nothing found for: {event.words}"]
    return ["There is more than this; these are the latest."] if event.more else []


def _inbox(event: InboxListed) -> list[str]:
    if not event.messages:
        return ["There is nothing new in your inbox."]
    return ["There is more: /inbox shows it."] if event.more and not event.kept else []


def _directs(event: DirectsListed) -> list[str]:
    if not event.directs:
        return ["You have no direct conversations."]
    return ["There are more; these are the latest."] if event.omitted else []


def _direct_row(direct: DirectInfo, now: int) -> Row:
    waiting = f"{direct.waiting} in your inbox" if direct.waiting else ""
    return direct.name, f"last message {times.hour_seen_from(direct.last, now)}", waiting


def _names(event: NamesListed) -> list[str]:
    """The members of a channel, each with the sign of the highest role."""
    if not event.names:
        return [f"Nobody is in {event.channel}."]
    signs = {member.name: sign(member.roles) for member in event.members}
    shown = ", ".join(signs.get(name, "") + name for name in event.names)
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


def _modes(event: ModesTold) -> list[str]:
    if not event.changes:
        return [f"{event.channel} has no modes."]
    return [f"The modes of {event.channel} are: {_changes(event.changes)}"]


def _mode_list(event: ModeListed) -> list[str]:
    mode = modes.BY_LETTER.get(event.letter)
    name = mode.name if mode else event.letter
    return [] if event.entries else [f"The list {name} of {event.channel} is empty."]


def _until(until: int, now: int) -> str:
    return f"for {times.duration(until - now)}" if until else "for good"


def _token(token: object) -> str:
    text = token if isinstance(token, str) else json.dumps(token, ensure_ascii=False)
    return text or "pong"


_SENTENCES: dict[type[Event], Callable[[Any], list[str]]] = {
    Joined: lambda x: [f"{x.name} joined {x.channel}."],
    Left: lambda x: [f"{x.name} left {x.channel}{because(x.reason)}."],
    Disconnected: lambda x: [f"{x.name} is gone{because(x.reason)}."],
    Renamed: lambda x: [f"{x.old} is now called {x.new}."],
    TopicChanged: lambda x: [
        f"{x.by} set the topic of {x.channel}: {x.text}"
        if x.text
        else f"{x.by} removed the topic of {x.channel}."
    ],
    PresenceChanged: lambda x: [
        f"{x.name} is back." if x.away is None else f"{x.name} is away: {x.away}",
    ],
    ServerNotice: lambda x: x.text.splitlines(),
    Stopping: lambda x: [x.reason],
    Done: lambda x: [x.text] if x.text else [],
    LoggedIn: _logged_in,
    LoggedOut: lambda x: ["Goodbye." if x.closing else "You are logged out. Log in again under any name."],
    Entered: _entered,
    MessageAccepted: _sent,
    AnnouncementAccepted: _announced,
    ChannelsListed: lambda x: _omitted(x.omitted) if x.channels else ["There are no channels."],
    NamesListed: _names,
    Kicked: lambda x: [f"{x.by} kicked {x.name} from {x.channel}{because(x.reason)}."],
    Invited: lambda x: [f"{x.by} invites you to {x.channel}. Join with /join {x.channel}."],
    InviteTold: lambda x: [f"{x.by} invited {x.name} to {x.channel}."],
    ModesChanged: lambda x: [f"{x.by} changed the modes of {x.channel}: {_changes(x.changes)}"],
    Walloped: lambda x: [f"(operators) {x.name}: {x.text}"],
    ModesTold: _modes,
    ModeListed: _mode_list,
    InviteSent: lambda x: [
        f"{x.name} is invited to {x.channel}.",
        *([] if x.away is None else [f"{x.name} is away: {x.away}"]),
    ],
    OperGranted: lambda x: ["You are an operator of the server now."],
    ServerBansListed: lambda x: [] if x.bans else ["Nobody is banned from the server."],
    AuditListed: lambda x: [] if x.acts else ["No operator has done anything yet."],
    PeopleListed: _people,
    WhoIsTold: _whois,
    PeopleFound: _people_found,
    PeopleTold: lambda x: [] if x.people else ["None of them is online."],
    WhoWasTold: _past,
    MonitorTold: _watched,
    MonitorOnline: lambda x: [f"{x.name} is online."],
    MonitorOffline: lambda x: [f"{x.name} is no longer online."],
    UserModesTold: lambda x: [f"Your modes: {x.letters or 'none'}."],
    UserModesChanged: lambda x: [
        f"Your modes have changed: {write(x.changes)}." if x.changes else "Your modes have not changed."
    ],
    RealnameChanged: lambda x: [
        _known_as(x.name, x.who) if x.who.realname else f"{x.name} no longer has a real name."
    ],
    Redacted: lambda x: [f"{x.by} deleted a message sent to {x.to}{because(x.reason)}."],
    ReadMarkerTold: lambda x: [f"You have read {x.to} up to message {x.seq}."],
    ConversationsListed: lambda x: [] if x.conversations else ["You have no conversations."],
    Authenticated: lambda x: [f"You are logged in to the account {x.account}."],
    CountsTold: _counted,
    BlockedListed: lambda x: [
        f"You have blocked {', '.join(x.names)}." if x.names else "You have not blocked anyone."
    ],
    TopicTold: lambda x: [_topic(x.channel, x.text, x.by, x.set_at, x.at)],
    Ponged: lambda x: [_token(x.token)],
    InboxListed: _inbox,
    DirectsListed: _directs,
    SearchResults: _found,
    HistoryListed: lambda x: [] if x.messages or x.recent else [f"Nothing was said in {x.to} yet."],
}


def sentences(event: Event) -> list[str]:
    """The sentences about an event, each fact in a text of its own; none for what is shown in other forms."""
    make = _SENTENCES.get(type(event))
    return make(event) if make else []


# ---- rows -----------------------------------------------------------------------------------------------------

Row = tuple[str, ...]


def _idle(person: Person) -> str:
    return "active" if person.idle < _ACTIVE else f"idle {times.duration(person.idle)}"


def _person_row(person: Person, now: int) -> Row:
    if not person.online:
        return person.name, f"last seen {times.hour_seen_from(person.seen, now)}", "", "", ""
    away = "" if person.away is None else f"away: {person.away}"
    since = f"since {times.hour_seen_from(person.since, now)}"
    return person.name, since, _idle(person), away, " ".join(person.channels)


def _past_row(past: FormerName, now: int) -> Row:
    who = past.who
    return past.name, f"until {times.hour_seen_from(past.until, now)}", who.account, who.realname


def _command_rows(commands: tuple[Command, ...]) -> list[Row]:
    return [(command.usage, command.summary) for command in commands if command.usage]


def _conversation_row(name: str, last: int, now: int) -> Row:
    return name, f"last message {times.hour_seen_from(last, now)}"


def _entry_row(entry: ListEntry, now: int) -> Row:
    return entry.mask, f"by {entry.by}", times.hour_seen_from(entry.at, now)


def _ban_row(ban: ServerBan, now: int) -> Row:
    return ban.whom, f"by {ban.by}", _until(ban.until, now), ban.reason


def _audit_row(act: AuditEntry, now: int) -> Row:
    return times.hour_seen_from(act.at, now), act.by, act.act, act.target, act.detail


ROWS: Final[dict[type[Event], Callable[[Any], list[Row]]]] = {
    PeopleListed: lambda x: [_person_row(person, x.at) for person in x.people],
    PeopleFound: lambda x: [_person_row(person, x.at) for person, _ in x.people],
    PeopleTold: lambda x: [_person_row(person, x.at) for person in x.people],
    WhoWasTold: lambda x: [_past_row(past, x.at) for past in x.people],
    ConversationsListed: lambda x: [_conversation_row(name, last, x.at) for name, last in x.conversations],
    ChannelsListed: lambda x: [(row.name, counted(row.users, "user"), row.topic) for row in x.channels],
    ModeListed: lambda x: [_entry_row(entry, x.at) for entry in x.entries],
    ServerBansListed: lambda x: [_ban_row(ban, x.at) for ban in x.bans],
    AuditListed: lambda x: [_audit_row(act, x.at) for act in x.acts],
    DirectsListed: lambda x: [_direct_row(direct, x.at) for direct in x.directs],
    Helped: lambda x: [] if x.one else _command_rows(x.commands),
}
"""The answers that are lists, and their rows, all of an answer with the same number of cells. Sentences may follow."""


def table(event: Event) -> list[Row]:
    """The rows of an answer that is a list."""
    make = ROWS.get(type(event))
    return make(event) if make else []


def size(count: int) -> str:
    """A number of bytes in words: "64 KiB", "1000 bytes"."""
    return f"{count} bytes" if count % 1024 else f"{count // 1024} KiB"
