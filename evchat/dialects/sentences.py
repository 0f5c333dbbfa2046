"""Events as sentences and tables for text and plain JSON clients, worded by `phrases`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from evchat.dialects import listings, phrases, times
from evchat.dialects.tables import Row, Table
from evchat.protocol import modes, names
from evchat.protocol.authentication import Authenticated
from evchat.protocol.base import Event
from evchat.protocol.basics import Done, Ponged, ServerNotice, Stopping
from evchat.protocol.channels import (
    ChannelsListed,
    Entered,
    Joined,
    Left,
    NamesListed,
    TopicChanged,
    TopicTold,
)
from evchat.protocol.editing import Edited
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
from evchat.protocol.metadata import MetadataChanged, MetadataSubscribed, MetadataTold
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
from evchat.protocol.pins import Pinned, PinnedMessage, PinsListed, Unpinned
from evchat.protocol.read_markers import ReadMarkerTold
from evchat.protocol.redaction import Redacted
from evchat.protocol.server_bans import ServerBan, ServerBansListed
from evchat.protocol.signs import sign
from evchat.protocol.user_settings import RealnameChanged, UserModesChanged, UserModesTold

_ACTIVE: Final = 60_000
"""Milliseconds without activity before a user counts as idle."""


# ---- answers with more than a sentence ------------------------------------------------------------------------


def _topic(channel: str, text: str, by: str, set_at: int, now: int) -> str:
    return phrases.topic(channel, text, by, times.hour_seen_from(set_at, now) if set_at else "")


def _entered(event: Entered) -> list[str]:
    told = []
    if not event.login:
        others = tuple(name for name in event.names if name != event.name)
        if not event.names and event.users > 1:
            company = f" with {phrases.counted(event.users - 1, 'other')}"
        else:
            company = f" with {phrases.and_others(others)}" if others else ", alone"
        hint = (
            "What you type now goes there." if event.current else f"To talk there, use -ch {event.channel}."
        )
        told.append(f"You are in {event.channel}{company}. {hint}")
    if event.topic:
        told.append(_topic(event.channel, event.topic, event.topic_by, event.topic_at, event.at))
    return told


def _sent(event: MessageAccepted) -> list[str]:
    told = []
    if event.kept:
        told.append(f"{event.to} is offline and will find it in their inbox.")
    if event.away is not None:
        told.append(phrases.presence(event.to, event.away))
    if event.duplicate:
        told.append("Already sent.")
    return told


def _logged_in(event: LoggedIn) -> list[str]:
    told = event.motd.splitlines()
    if event.unread == 1:
        told.append("You missed 1 message. /inbox shows it.")
    elif event.unread:
        told.append(f"You missed {event.unread} messages. /inbox shows them.")
    if not event.channel:
        told.append(f"Hello {event.name}. You are not in a channel; /channels lists them.")
    return told


def hello(event: LoggedIn) -> str:
    """The first sentence after a login: where one is, and with whom."""
    if not event.channel:
        where = "you are in no channel"
    elif event.others:
        where = f"you are in {event.channel} with {phrases.and_others(event.others)}"
    elif event.users > 1:
        where = f"you are in {event.channel} with {phrases.counted(event.users - 1, 'other')}"
    else:
        where = f"you are alone in {event.channel}"
    return f"Hello {event.name}, {where}. /help shows what you can do."


def _whois(event: WhoIsTold) -> list[str]:
    person, now = event.person, event.at
    kind = "a registered name" if person.registered else "a guest"
    if not person.online:
        return [f"{person.name} ({kind}) was {phrases.last_seen(times.hour_seen_from(person.seen, now))}."]
    since = f"{person.name} ({kind}) has been online since {times.hour_seen_from(person.since, now)}, {_idle(person)}."
    told = [since]
    if person.away is not None:
        told.append(phrases.presence(person.name, person.away))
    if person.channels:
        told.append(f"You are both in {', '.join(person.channels)}.")
    if person.who.realname:
        told.append(phrases.realname(person.name, person.who.realname))
    if person.who.bot:
        told.append(f"{person.name} is a bot.")
    if person.operator:
        told.append(f"{person.name} is a server operator.")
    if person.address:
        told.append(f"{person.name} connects from {person.address}.")
    return told


def _people(event: PeopleListed) -> list[str]:
    if event.people:
        return _omitted(event.omitted)
    if event.minutes is None:
        return [phrases.NOBODY_ELSE]
    return [f"Nobody was online in the last {phrases.counted(event.minutes, 'minute')}."]


def _people_found(event: PeopleFound) -> list[str]:
    return _omitted(event.omitted) if event.people else [phrases.no_match(event.mask)]


def _counted(event: CountsTold) -> list[str]:
    counts = event.counts
    return phrases.counts(
        counts.users, counts.invisible, counts.operators, counts.channels, counts.strangers, counts.most
    )


def _omitted(count: int) -> list[str]:
    return [f"And {count} more."] if count else []


def _found(event: SearchResults) -> list[str]:
    if not event.messages:
        return [phrases.nothing_found(event.words)]
    return ["Only the latest matches are shown."] if event.more else []


def _inbox(event: InboxListed) -> list[str]:
    if not event.messages:
        return [phrases.NOTHING_NEW]
    return ["There are more: use /inbox again."] if event.more and not event.kept else []


def _directs(event: DirectsListed) -> list[str]:
    if not event.directs:
        return [phrases.NO_DIRECTS]
    return ["Only the latest are shown."] if event.omitted else []


def _names(event: NamesListed) -> list[str]:
    signs = {member.name: sign(member.roles) for member in event.members}
    return [phrases.members(event.channel, [signs.get(name, "") + name for name in event.names])]


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


def _modes_changed(event: ModesChanged) -> list[str]:
    by = "" if event.by == names.SERVER else event.by
    bans = [
        (
            change.on,
            change.value or "",
            change.whom,
            -(-(change.until - event.at) // 60_000) if change.until else 0,
        )
        for change in event.changes
        if change.letter == modes.BAN
    ]
    others = tuple(change for change in event.changes if change.letter != modes.BAN)
    told = phrases.moderated(by, event.channel, bans)
    return [*told, phrases.modes_changed(event.by, event.channel, _changes(others))] if others else told


def _mode_list(event: ModeListed) -> list[str]:
    mode = modes.BY_LETTER.get(event.letter)
    name = mode.name if mode else event.letter
    return [] if event.entries else [phrases.empty_list(name, event.channel)]


def _token(token: object) -> str:
    text = token if isinstance(token, str) else json.dumps(token, ensure_ascii=False)
    return text or "pong"


_SENTENCES: dict[type[Event], Callable[[Any], list[str]]] = {
    Joined: lambda x: [phrases.joined(x.name, x.channel)],
    Left: lambda x: [phrases.left(x.name, x.channel, x.reason)],
    Disconnected: lambda x: [phrases.disconnected(x.name, x.reason)],
    Renamed: lambda x: [phrases.renamed(x.old, x.new)],
    TopicChanged: lambda x: [phrases.topic_changed(x.by, x.channel, x.text)],
    PresenceChanged: lambda x: [phrases.presence(x.name, x.away)],
    ServerNotice: lambda x: x.text.splitlines(),
    Stopping: lambda x: [x.reason],
    Done: lambda x: [x.text] if x.text else [],
    LoggedIn: _logged_in,
    LoggedOut: lambda x: [
        "Goodbye." if x.closing else "You are logged out. You can log in again under any name."
    ],
    Entered: _entered,
    MessageAccepted: _sent,
    AnnouncementAccepted: lambda x: [phrases.announced(x.delivered, x.missed)],
    ChannelsListed: lambda x: _omitted(x.omitted) if x.channels else [phrases.NO_CHANNELS],
    NamesListed: _names,
    Kicked: lambda x: [phrases.kicked(x.by, x.name, x.channel, x.reason)],
    Invited: lambda x: [phrases.invites_you(x.by, x.channel)],
    InviteTold: lambda x: [phrases.invited(x.by, x.name, x.channel)],
    ModesChanged: _modes_changed,
    Walloped: lambda x: [phrases.wallops(x.name, x.text)],
    Pinned: lambda x: [phrases.pinned(x.by, x.channel, x.seq, x.sender, x.text)],
    Unpinned: lambda x: [phrases.unpinned(x.by, x.channel, x.seq)],
    PinsListed: lambda x: [] if x.pins else [phrases.no_pins(x.channel)],
    ModesTold: lambda x: [phrases.modes(x.channel, _changes(x.changes))],
    ModeListed: _mode_list,
    InviteSent: lambda x: [
        f"{x.name} is invited to {x.channel}.",
        *([] if x.away is None else [phrases.presence(x.name, x.away)]),
    ],
    OperGranted: lambda x: ["You are now a server operator."],
    ServerBansListed: lambda x: [] if x.bans else [phrases.NO_BANS],
    AuditListed: lambda x: [] if x.acts else [phrases.NO_AUDIT],
    PeopleListed: _people,
    WhoIsTold: _whois,
    PeopleFound: _people_found,
    PeopleTold: lambda x: [] if x.people else [phrases.NOBODY_OF_THEM],
    WhoWasTold: lambda x: [] if x.people else [phrases.no_record(x.name)],
    MonitorTold: lambda x: phrases.watched([person.name for person in x.online], x.offline),
    MetadataTold: lambda x: [phrases.metadata(e.target, e.key, e.value) for e in x.entries],
    MetadataSubscribed: lambda x: [phrases.subscribed(x.keys, x.on)],
    MetadataChanged: lambda x: [phrases.metadata(x.target, x.key, x.value)],
    MonitorOnline: lambda x: [phrases.online(x.name)],
    MonitorOffline: lambda x: [phrases.offline(x.name)],
    UserModesTold: lambda x: [phrases.user_modes(x.letters)],
    UserModesChanged: lambda x: [phrases.user_modes_changed(write(x.changes))],
    RealnameChanged: lambda x: [phrases.realname(x.name, x.who.realname)],
    Redacted: lambda x: [phrases.deleted(x.by, x.to, x.reason)],
    Edited: lambda x: [phrases.edited(x.by, x.to, x.text)],
    ReadMarkerTold: lambda x: [f"You have read {x.to} up to message {x.seq}."],
    ConversationsListed: lambda x: [] if x.conversations else ["You have no conversations."],
    Authenticated: lambda x: [f"You are logged in to the account {x.account}."],
    CountsTold: _counted,
    BlockedListed: lambda x: [phrases.blocked(x.names)],
    TopicTold: lambda x: [_topic(x.channel, x.text, x.by, x.set_at, x.at)],
    Ponged: lambda x: [_token(x.token)],
    InboxListed: _inbox,
    DirectsListed: _directs,
    SearchResults: _found,
    HistoryListed: lambda x: [] if x.messages or x.recent else [phrases.no_messages(x.to)],
}


def sentences(event: Event) -> list[str]:
    """The sentences about an event, one fact each; none for events that are shown in other forms."""
    make = _SENTENCES.get(type(event))
    return make(event) if make else []


# ---- tables ---------------------------------------------------------------------------------------------------


def _idle(person: Person) -> str:
    return "active" if person.idle < _ACTIVE else f"idle {times.duration(person.idle)}"


def _person(person: Person, now: int) -> Row:
    return listings.person(
        person.name,
        online=person.online,
        away=person.away,
        idle="" if person.idle < _ACTIVE else times.duration(person.idle),
        since=times.brief(person.since, now),
        seen=times.brief(person.seen, now),
        channels=person.channels,
        realname=person.who.realname,
        account=person.who.account,
        role=listings.role(operator=person.operator, bot=person.who.bot),
        address=person.address,
    )


def _people_table(
    people: Iterable[Person], now: int, minutes: int | None = None, mask: str | None = None, omitted: int = 0
) -> Table:
    return listings.people([_person(person, now) for person in people], minutes, mask, omitted)


def _entry_row(entry: ListEntry, letter: str, now: int) -> Row:
    mode = modes.BY_LETTER.get(letter)
    ends = times.brief(entry.until, now) if entry.until else ""
    name = mode.name if mode else letter
    return listings.list_entry(entry.mask, name, entry.whom, entry.by, times.brief(entry.at, now), ends)


def _mode_table(event: ModeListed) -> Table:
    mode = modes.BY_LETTER.get(event.letter)
    rows = [_entry_row(entry, event.letter, event.at) for entry in event.entries]
    return listings.mode_list(mode.name if mode else event.letter, event.channel, rows)


def _ban_row(ban: ServerBan, now: int) -> Row:
    ends = times.brief(ban.until, now) if ban.until else ""
    return ban.whom, ban.by, times.brief(ban.at, now), ends, ban.reason


def _pin_row(pin: PinnedMessage, now: int) -> Row:
    message = pin.message
    return str(message.seq), times.brief(message.at, now), message.sender, pin.by, message.text


def _direct_row(direct: DirectInfo, now: int) -> Row:
    unread = str(direct.unread) if direct.unread else ""
    return direct.name, times.brief(direct.last, now), unread


def _audit_row(act: AuditEntry, now: int) -> Row:
    return times.brief(act.at, now), act.by, act.act, act.target, act.detail


def _past_row(past: FormerName, now: int) -> Row:
    return past.name, times.brief(past.until, now), past.who.account, past.who.realname


TABLES: Final[dict[type[Event], Callable[[Any], Table]]] = {
    PeopleListed: lambda x: _people_table(x.people, x.at, x.minutes, omitted=x.omitted),
    PeopleFound: lambda x: _people_table(
        (person for person, _ in x.people), x.at, mask=x.mask, omitted=x.omitted
    ),
    PeopleTold: lambda x: _people_table(x.people, x.at, mask=""),
    WhoWasTold: lambda x: listings.past([_past_row(past, x.at) for past in x.people]),
    ConversationsListed: lambda x: listings.conversations(
        [(name, times.brief(last, x.at)) for name, last in x.conversations]
    ),
    ChannelsListed: lambda x: listings.channels(
        [(row.name, str(row.users), row.topic) for row in x.channels], x.omitted
    ),
    ModeListed: _mode_table,
    ServerBansListed: lambda x: listings.server_bans([_ban_row(ban, x.at) for ban in x.bans]),
    PinsListed: lambda x: listings.pins(x.channel, [_pin_row(pin, x.at) for pin in x.pins]),
    AuditListed: lambda x: listings.audit([_audit_row(act, x.at) for act in x.acts]),
    DirectsListed: lambda x: listings.directs([_direct_row(direct, x.at) for direct in x.directs]),
}
"""The answers that are lists. Sentences may follow."""


def table(event: Event) -> Table | None:
    """An answer that is a list with at least one entry, as a table."""
    make = TABLES.get(type(event))
    made = make(event) if make else None
    return made if made and made.rows else None


def spoken(event: Event) -> list[str]:
    """The entries of an answer that is a list in words, for clients without columns."""
    made = table(event)
    return made.spoken() if made else []


def details(event: WhoIsTold) -> Table:
    """What is known of one person, as a table."""
    return listings.details(_person(event.person, event.at), registered=event.person.registered)
