"""The encoder for full JSON clients: every fact under a key, one object per line (docs/protocol/json.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from json.encoder import encode_basestring as quote
from typing import Any

from evchat.dialects import times
from evchat.dialects.json.requests import typing
from evchat.protocol import modes
from evchat.protocol.authentication import AccountChanged, Authenticated, ScramChallenge
from evchat.protocol.base import Answer, Event
from evchat.protocol.basics import (
    Done,
    Failed,
    Helped,
    HungUp,
    LocalReply,
    Pinged,
    Ponged,
    RequestContext,
    ServerNotice,
    Stopping,
    Welcomed,
)
from evchat.protocol.channels import (
    ChannelsListed,
    Entered,
    Joined,
    Left,
    Member,
    NamesListed,
    TopicChanged,
    TopicTold,
)
from evchat.protocol.client_tags import TagMessage
from evchat.protocol.command import Command
from evchat.protocol.editing import Edited
from evchat.protocol.history import (
    ConversationsListed,
    DirectInfo,
    DirectsListed,
    HistoryListed,
    InboxListed,
    SearchResults,
)
from evchat.protocol.login import Disconnected, LoggedIn, LoggedOut, NickConfirmed, Renamed
from evchat.protocol.membership import Invited, InviteSent, InviteTold, Kicked
from evchat.protocol.messages import AnnouncementAccepted, Message, MessageAccepted
from evchat.protocol.metadata import MetadataChanged, MetadataSubscribed, MetadataTold
from evchat.protocol.modes import ModeListed, ModesChanged, ModesTold, write
from evchat.protocol.monitor import MonitorOffline, MonitorOnline, MonitorTold
from evchat.protocol.operators import AuditListed, OperGranted, Walloped
from evchat.protocol.people import (
    BlockedListed,
    ChannelMembership,
    Counts,
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
from evchat.protocol.pins import Pinned, PinsListed, Unpinned
from evchat.protocol.read_markers import ReadMarkerMoved, ReadMarkerTold
from evchat.protocol.redaction import Redacted
from evchat.protocol.server_bans import ServerBansListed
from evchat.protocol.typed_lines import NamePrompt
from evchat.protocol.user_settings import RealnameChanged, UserModesChanged, UserModesTold

Facts = dict[str, Any]

_RAW_CONTROL = re.compile("[\x7f-\x9f]")
"""Control characters that JSON allows and that a terminal showing raw objects would obey."""

_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


# ---- messages, encoded by hand: a busy server does this most ------------------------------------------


def _message(said: Message, end: str = "\n") -> str:
    number = f'"role":{quote(said.role)}' if said.role else f'"seq":{said.seq}'
    text = (
        f'{{"response":"message","sender":{quote(said.sender)},"to":{quote(said.to)},{number},'
        f'"content":{quote(said.text)},"at":{said.at},"timestamp":"{times.iso(said.at)}"'
    )
    if said.id is not None:
        text += f',"id":{quote(said.id)}'
    if said.action:
        text += ',"action":true'
    if said.announced:
        text += ',"broadcast":true'
    if said.notice:
        text += ',"notice":true'
    if said.redacted:
        text += ',"redacted":true'
    if said.reply:
        text += f',"reply":{said.reply}'
    if said.rev:
        text += f',"edited":{said.edited},"rev":{said.rev}' if said.edited else f',"rev":{said.rev}'
    return f"{text}}}{end}"


def _sent(event: MessageAccepted) -> str:
    at = event.sent_at or event.at
    text = (
        '{"response":"ok",'
        if event.reply_to is None
        else f'{{"response":"ok","reply_to":{quote(event.reply_to)},'
    )
    number = f'"seq":{event.seq},' if event.seq else ""
    text += (
        f'"sender":"server","to":{quote(event.to)},{number}"content":"",'
        f'"at":{at},"timestamp":"{times.iso(at)}"'
    )
    if event.kept:
        text += ',"kept":true'
    if event.away is not None:
        text += f',"away":{quote(event.away)}'
    if event.duplicate:
        text += ',"duplicate":true'
    return text + "}\n"


# ---- everything else ------------------------------------------------------------------------------------------


def _frame(head: Facts, content: str, at: int) -> str:
    """An object with the facts in `head` and with `content`, which is JSON already."""
    return f'{_dump(head)[:-1]},"content":{content},"at":{at},"timestamp":"{times.iso(at)}"}}\n'


def _list(messages: tuple[Message, ...]) -> str:
    return f"[{','.join([_message(said, '') for said in messages])}]"


def _event(response: str, event: Event, sender: str, content: object, /, **facts: object) -> str:
    return _frame({"response": response, "sender": sender, **facts}, _dump(content), event.at)


def _head(response: str, event: Answer, facts: Facts) -> Facts:
    about = {} if event.reply_to is None else {"reply_to": event.reply_to}
    return {"response": response, **about, "sender": "server", **facts}


def _ok(event: Answer, content: object, /, **facts: object) -> str:
    return _frame(_head("ok", event, facts), _dump(content), event.at)


def _ok_list(event: Answer, messages: tuple[Message, ...], /, **facts: object) -> str:
    return _frame(_head("ok", event, facts), _list(messages), event.at)


def _metadata_told(event: MetadataTold) -> str:
    rows = [{"to": entry.target, "key": entry.key, "value": entry.value} for entry in event.entries]
    return _ok(event, rows, to=event.target, later=event.later)


def _history(event: HistoryListed) -> str:
    if not event.recent:
        facts: Facts = {"to": event.to, "seq": event.seq, "rev": event.rev, "more": event.more}
        if event.gone_before:
            facts["gone_before"] = event.gone_before
        return _ok_list(event, event.messages, **facts)
    head = {"response": "history", "sender": "server", "to": event.to, "seq": event.seq, "more": event.more}
    return _frame(head, _list(event.messages), event.at)


def _entered(event: Entered) -> str:
    facts = {"to": event.channel, "seq": event.seq, "rev": event.rev, "read": event.read}
    more = {"users": event.users, "current": event.current, "login": event.login}
    by = event.topic_by
    frames = [
        _event("joined", event, event.name, "", **facts, **more),
        _event("topic", event, by or "server", event.topic, to=event.channel, by=by, set_at=event.topic_at),
    ]
    if event.names:
        roles = _roles(event.members)
        frames.append(
            _event("names", event, "server", list(event.names), **facts, users=event.users, **roles)
        )
    return "".join(frames)


def _joined(event: Joined) -> str:
    # By hand, because everybody there hears it of everybody: as `_event` writes it.
    return (
        f'{{"response":"joined","sender":{quote(event.name)},"to":{quote(event.channel)},"content":"",'
        f'"at":{event.at},"timestamp":"{times.iso(event.at)}"}}\n'
    )


def _roles(members: tuple[Member, ...]) -> Facts:
    """Which members hold which roles."""
    return {
        "operators": [member.name for member in members if modes.OPERATOR in member.roles],
        "voiced": [member.name for member in members if modes.VOICE in member.roles],
    }


def _changes(changes: tuple[modes.Change, ...]) -> list[Facts]:
    return list(map(_change, changes))


def _change(change: modes.Change) -> Facts:
    table = modes.BY_LETTER
    facts: Facts = {
        "mode": table[change.letter].name if change.letter in table else change.letter,
        "letter": change.letter,
        "on": change.on,
        "value": change.value,
    }
    if change.until:
        facts["until"] = change.until
    if change.whom:
        facts["whom"] = change.whom
    return facts


def _moded(event: ModesChanged) -> str:
    line, changes = modes.write(event.changes), _changes(event.changes)
    return _event("moded", event, event.by, line, to=event.channel, by=event.by, changes=changes)


def _failed(event: Failed) -> str:
    facts: Facts = {"code": event.code}
    facts |= {"about": event.about} if event.about else {}
    facts |= {"suggestion": event.suggestion} if event.suggestion else {}
    facts |= {"free_in": event.free_in} if event.free_in else {}
    return _frame(_head("error", event, facts), quote(event.text), event.at)


def _rows(rows: Iterable[object], *keys: str) -> list[Facts]:
    return [{key: getattr(row, key) for key in keys} for row in rows]


def _pins(event: PinsListed) -> str:
    rows = [{"seq": pin.message.seq, "by": pin.by, "at": pin.at} for pin in event.pins]
    return _ok_list(event, tuple(pin.message for pin in event.pins), to=event.channel, pins=rows)


def _welcomed(event: Welcomed) -> str:
    content = _welcome(event.server, event.version, event.protocol, event.limits, event.features, event.motd)
    return _frame(_head("welcome", event, {}), content, event.at)


@lru_cache(maxsize=4)
def _welcome(
    server: str,
    version: str,
    protocol: int,
    limits: tuple[tuple[str, int], ...],
    features: tuple[str, ...],
    motd: str,
) -> str:
    """What everybody is welcomed with, until the settings change."""
    content = {
        "server": server,
        "version": version,
        "protocol": protocol,
        "limits": dict(limits),
        "features": list(features),
        "motd": motd,
    }
    return _dump(content)


def _logged_in(event: LoggedIn) -> str:
    facts: Facts = {
        "name": event.name,
        "registered": event.registered,
        "to": event.channel,
        "unread": event.unread,
    }
    if event.motd:
        facts["motd"] = event.motd
    if event.resumed:
        facts["resumed"] = True
    if event.resume:
        facts |= {"resume": event.resume, "resume_for": event.resume_for}
    return _ok(event, f"Login successful. Welcome, {event.name}.", **facts)


def _announced(event: AnnouncementAccepted) -> str:
    facts: Facts = {} if event.seq is None else {"seq": event.seq}
    if event.duplicate:
        facts["duplicate"] = True
    return _ok(event, {"delivered": event.delivered, "missed": list(event.missed)}, **facts)


def _person(person: Person) -> Facts:
    keys = ("name", "online", "registered", "since", "seen", "idle", "away", "channels", "sessions")
    who = person.who
    more = {"account": who.account, "bot": who.bot, "operator": person.operator, "realname": who.realname}
    if person.address:
        more["address"] = person.address
    if person.online:
        more["host"] = who.host
    return {key: getattr(person, key) for key in keys} | more


def _found_person(person: Person, seat: ChannelMembership | None) -> Facts:
    where = {"channel": None, "roles": ""} if seat is None else {"channel": seat.channel, "roles": seat.roles}
    return _person(person) | where


def _past(past: FormerName) -> Facts:
    return {
        "name": past.name,
        "until": past.until,
        "account": past.who.account,
        "realname": past.who.realname,
    }


def _counts(counts: Counts) -> Facts:
    keys = ("users", "invisible", "operators", "channels", "strangers", "most")
    return {key: getattr(counts, key) for key in keys}


def _signalled(event: TagMessage) -> str:
    word = typing(event.tags)
    return _event("typing", event, event.sender, word, to=event.to) if word else ""


def _people(event: PeopleListed) -> str:
    facts: Facts = {"omitted": event.omitted}
    if event.minutes is not None:
        facts["minutes"] = event.minutes
    return _ok(event, list(map(_person, event.people)), **facts)


def _direct(direct: DirectInfo) -> Facts:
    keys = ("name", "seq", "read", "unread", "waiting", "last", "rev")
    return {key: getattr(direct, key) for key in keys}


def _command(command: Command) -> Facts:
    return {
        "request": command.name,
        "aliases": list(command.aliases),
        "summary": command.summary,
        "keys": [{"key": p.key, "kind": p.kind.name.lower(), "required": p.required} for p in command.params],
        "typed": command.usage,
        "words": list(command.words),
    }


def _hung_up(event: HungUp) -> str:
    return _event("error", event, "server", event.reason, code=event.code, closing=True)


def _logged_out(event: LoggedOut) -> str:
    return _ok(event, "Goodbye." if event.closing else "You are logged out.", closing=event.closing)


_FORMS: dict[type[Event], Callable[[Any], str]] = {
    Message: _message,
    MessageAccepted: _sent,
    Joined: _joined,
    Left: lambda x: _event("left", x, x.name, x.reason, to=x.channel),
    Disconnected: lambda x: _event("quit", x, x.name, x.reason, channels=list(x.channels)),
    Renamed: lambda x: _event("renamed", x, x.old, x.new, old=x.old, new=x.new),
    TopicChanged: lambda x: _event("topic", x, x.by, x.text, to=x.channel, by=x.by, set_at=x.at),
    PresenceChanged: lambda x: _event("presence", x, x.name, x.away or "", away=x.away),
    ReadMarkerMoved: lambda x: _event("read", x, "server", "", to=x.to, seq=x.seq, read_at=x.read_at),
    Pinged: lambda x: _event("ping", x, "server", x.token),
    ServerNotice: lambda x: _event("info", x, "server", x.text),
    Stopping: lambda x: _event("stopping", x, "server", x.reason),
    HungUp: _hung_up,
    Kicked: lambda x: _event("kicked", x, x.by, x.reason, to=x.channel, by=x.by, name=x.name),
    Invited: lambda x: _event("invited", x, x.by, "", to=x.channel, by=x.by, name=x.name),
    InviteTold: lambda x: _event("invited", x, x.by, "", to=x.channel, by=x.by, name=x.name),
    ModesChanged: _moded,
    Walloped: lambda x: _event("wallops", x, x.name, x.text),
    Pinned: lambda x: _event("pinned", x, x.by, x.text, to=x.channel, seq=x.seq, name=x.sender),
    Unpinned: lambda x: _event("unpinned", x, x.by, "", to=x.channel, seq=x.seq),
    PinsListed: _pins,
    Failed: _failed,
    Done: lambda x: _ok(x, x.text, **dict(x.facts)),
    Welcomed: _welcomed,
    LoggedIn: _logged_in,
    LoggedOut: _logged_out,
    Entered: _entered,
    AnnouncementAccepted: _announced,
    ChannelsListed: lambda x: _ok(
        x,
        [{"name": row.name, "topic": row.topic, "users": row.users} for row in x.channels],
        omitted=x.omitted,
    ),
    NamesListed: lambda x: _ok(x, list(x.names), to=x.channel, **_roles(x.members)),
    ModesTold: lambda x: _ok(
        x, modes.write(x.changes), to=x.channel, created=x.created, changes=_changes(x.changes)
    ),
    ModeListed: lambda x: _ok(
        x,
        _rows(x.entries, "mask", "by", "at", "until", "whom"),
        to=x.channel,
        mode=_changes((modes.Change(True, x.letter),))[0]["mode"],
    ),
    InviteSent: lambda x: _ok(x, f"{x.name} is invited.", to=x.channel, name=x.name, away=x.away),
    OperGranted: lambda x: _ok(x, "You are now a server operator.", operator=x.name),
    ServerBansListed: lambda x: _ok(x, _rows(x.bans, "whom", "by", "at", "until", "reason")),
    AuditListed: lambda x: _ok(x, _rows(x.acts, "at", "by", "act", "target", "detail")),
    PeopleListed: _people,
    WhoIsTold: lambda x: _ok(x, _person(x.person)),
    PeopleFound: lambda x: _ok(x, [_found_person(*row) for row in x.people], omitted=x.omitted),
    PeopleTold: lambda x: _ok(x, list(map(_person, x.people))),
    MonitorTold: lambda x: _ok(x, {"online": list(map(_person, x.online)), "offline": list(x.offline)}),
    MetadataTold: _metadata_told,
    MetadataSubscribed: lambda x: _ok(x, list(x.keys), on=x.on),
    MetadataChanged: lambda x: _event("metadata", x, x.by, x.value or "", to=x.target, key=x.key),
    MonitorOnline: lambda x: _event("appeared", x, x.name, ""),
    MonitorOffline: lambda x: _event("vanished", x, x.name, ""),
    UserModesTold: lambda x: _ok(x, x.letters, name=x.name),
    UserModesChanged: lambda x: _ok(x, write(x.changes), name=x.name),
    RealnameChanged: lambda x: _event("realname", x, x.name, x.who.realname),
    AccountChanged: lambda x: _event("account", x, x.name, x.who.account),
    TagMessage: _signalled,
    Redacted: lambda x: _event(
        "redacted", x, x.by, x.reason, to=x.to, seq=x.seq, rev=x.rev, sent_at=x.sent_at
    ),
    Edited: lambda x: _event("edited", x, x.by, x.text, to=x.to, seq=x.seq, rev=x.rev, sent_at=x.sent_at),
    ReadMarkerTold: lambda x: _ok(x, "", to=x.to, seq=x.seq, read_at=x.read_at),
    ConversationsListed: lambda x: _ok(x, [{"name": name, "last": last} for name, last in x.conversations]),
    WhoWasTold: lambda x: _ok(x, list(map(_past, x.people))),
    CountsTold: lambda x: _ok(x, _counts(x.counts)),
    HistoryListed: _history,
    InboxListed: lambda x: _ok_list(x, x.messages, more=x.more),
    DirectsListed: lambda x: _ok(x, list(map(_direct, x.directs)), omitted=x.omitted),
    BlockedListed: lambda x: _ok(x, list(x.names)),
    TopicTold: lambda x: _ok(x, x.text, to=x.channel, by=x.by, set_at=x.set_at),
    SearchResults: lambda x: _ok_list(x, x.messages, more=x.more),
    Ponged: lambda x: _ok(x, x.token),
    Helped: lambda x: _ok(x, list(map(_command, x.commands))),
    Authenticated: lambda x: _ok(x, "", account=x.account),
    NamePrompt: lambda x: "",
    RequestContext: lambda x: "",
    LocalReply: lambda x: "",
    ScramChallenge: lambda x: "",
    NickConfirmed: lambda x: "",
}


def encode(event: Event) -> bytes:
    """The event's objects, one per line; empty for events that concern people only."""
    text = _FORMS[type(event)](event)
    # Two checks in C are enough for ASCII, which most objects are; the regular expression took as long as all the rest.
    if text.isascii() and "\x7f" not in text:
        return text.encode("ascii")
    if _RAW_CONTROL.search(text):
        text = _RAW_CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return text.encode("utf-8", "replace")
