"""The encoder of events that many clients are sent: one form for all that have the same capabilities."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any
from zlib import crc32

from evchat.dialects import times
from evchat.dialects.irc import caps
from evchat.dialects.irc.line import (
    MAX_LINE,
    Tags,
    cut,
    escape,
    fit,
    middle,
    query,
    safe,
    split_lines,
    write_tags,
    written,
)
from evchat.protocol.authentication import AccountChanged
from evchat.protocol.base import Event, Identity
from evchat.protocol.channels import Joined, Left, TopicChanged
from evchat.protocol.client_tags import TagMessage
from evchat.protocol.editing import Edited
from evchat.protocol.login import Disconnected, Renamed
from evchat.protocol.membership import Invited, InviteTold, Kicked
from evchat.protocol.messages import Message
from evchat.protocol.metadata import MetadataChanged
from evchat.protocol.modes import Change, ModesChanged, write
from evchat.protocol.names import EVERYONE
from evchat.protocol.operators import Walloped
from evchat.protocol.people import PresenceChanged
from evchat.protocol.pins import Pinned, Unpinned
from evchat.protocol.redaction import Redacted
from evchat.protocol.signs import sign
from evchat.protocol.user_settings import RealnameChanged

Lines = list[str]


def source(name: str, who: Identity) -> str:
    """`name!username@host`."""
    return f"{name}!{who.username}@{who.host}"


_TAGGED = caps.SERVER_TIME | caps.ACCOUNT_TAG | caps.MESSAGE_TAGS


def tags(event: Event, mask: int, *more: str, client: Tags = ()) -> str:
    """`@…` and a space, or nothing: what a client with these capabilities is told beside the line.

    What clients tell each other comes last.
    """
    if not mask & _TAGGED and not more:
        return ""
    parts = list(more)
    if mask & caps.SERVER_TIME:
        parts.append(f"time={times.utc(event.at)}")
    if mask & caps.ACCOUNT_TAG and event.who.account:
        parts.append(f"account={escape(event.who.account)}")
    if mask & caps.MESSAGE_TAGS and event.who.bot:
        parts.append("bot")
    if client and mask & caps.MESSAGE_TAGS and (told := write_tags(client)):
        parts.append(told)
    return f"@{';'.join(parts)} " if parts else ""


# ---- messages -------------------------------------------------------------------------------------------------


def message_id(said: Message) -> str:
    """The id of a message for all who hear it: its time, its number, and what tells its conversation from others."""
    return f"{said.at:x}-{said.seq}-{_check(said.conversation)}"


def place_id(event: Event) -> str:
    """The same of something else that can be read again."""
    place = event.place
    if place is None:
        return f"{event.at:x}"
    return f"{event.at:x}-{place.seq}.{place.part}-{_check(place.conversation)}"


@lru_cache(maxsize=1024)
def _check(conversation: str) -> str:
    return f"{crc32(conversation.encode('utf-8', 'replace')):08x}"


_ID = re.compile(r"([0-9a-f]{1,12})-([0-9]{1,15})(?:\.([0-9]{1,9}))?-[0-9a-f]{8}", re.ASCII)


def read_id(text: str) -> tuple[int, int, int] | None:
    """The time, the number, and the number behind that (0 for a message) in an id; None if the id is none of ours."""
    found = _ID.fullmatch(text)
    return (int(found[1], 16), int(found[2]), int(found[3] or 0)) if found else None


_SHORT = 300
"""Characters of a message that is not split."""

_PRINTABLE = bytes(code if 0x20 <= code < 0x7F else 0 for code in range(256))
"""As a table for `translate`, it changes all but printable ASCII."""

_REPEATED = 256
"""Characters of a client's tags that each line of a message may bear; a reply's has some forty."""


def _target(event: Message | TagMessage) -> str:
    """The target as the sender wrote it, also where fewer hear it than the sender meant."""
    return event.to if not event.role or event.moderated else sign(event.role) + event.to


_EVERYONE = "$*"
"""The target of a message to everyone: a mask of servers (RFC 2812, section 3.3.1), which matches all."""
_BROADCAST = "(broadcast) "


def _announced(event: Message) -> Message:
    """A broadcast as IRC clients are told of it: marked in its text.

    To irssi and WeeChat it is like a private message, so its sender's window is highlighted. A NOTICE would be lost in
    the server's window, which nobody looks at.
    """
    text, joins = _BROADCAST + event.text, tuple(len(_BROADCAST) + join for join in event.joins)
    to = _EVERYONE if event.to == EVERYONE else event.to
    return replace(event, to=to, text=text, joins=joins, announced=False)


def plain(event: Message, mask: int) -> bytes:
    """A message as `message` and `written` make it, if one line holds it that needs no care, as nearly always.

    It is of printable ASCII: there characters are bytes, and none can end the line or move a cursor. Empty if not.
    """
    text, who = event.text, event.who
    if len(text) > _SHORT or event.action or event.announced or event.joins:
        return b""
    line = (
        f":{event.sender}!{who.username}@{who.host} {'NOTICE' if event.notice else 'PRIVMSG'} "
        f"{_target(event) if event.role else event.to} :{text}"
    )
    if len(line) > MAX_LINE or not line.isascii() or text.isspace():
        return b""
    data = line.encode("ascii")
    if data.translate(_PRINTABLE) != data:  # a third of the time of `isprintable`
        return b""
    return written([f"{_identified(event, mask, ())}{line}"]) if mask & _TAGGED else data + b"\r\n"


def said(event: Message, mask: int, *batch: str) -> Lines:
    """A message: a line, or as many as its text needs; `batch` are tags that each of them bears."""
    if event.announced:
        event = _announced(event)
    command = "NOTICE" if event.notice else "PRIVMSG"
    head = f":{source(event.sender, event.who)} {command} {_target(event)} :"
    first = _identified(event, mask, batch) if mask & _TAGGED or batch else ""
    text = event.text
    if (
        not event.action
        and not event.joins
        and len(head) + len(text) <= MAX_LINE
        and text.isascii()
        and text.isprintable()
    ):
        return [f"{first}{head}{text}"]
    rows = [line for line, _ in _rows(event) if line.strip()] or [" "]
    pieces = [part for line in rows for part in _fitted(head, line, event.action)]
    # A msgid names one message, so of its lines only the first one has it.
    rest = _identified(event, mask, batch, named=False)
    return [(rest if index else first) + piece for index, piece in enumerate(pieces)]


def _rows(event: Message) -> Iterator[tuple[str, bool]]:
    """The lines of a message as its sender wrote them, each with whether it goes on where the one before ended."""
    start = 0
    for end in (*event.joins, len(event.text)):
        for index, row in enumerate(split_lines(event.text[start:end])):
            yield row, start > 0 and not index
        start = end


def is_long(event: Message) -> bool:
    """Whether a message may need several lines."""
    return len(event.text) > _SHORT or bool(event.joins) or not event.text.isprintable()


def _fitted(head: str, text: str, action: bool) -> Lines:
    return fit(f"{head}\x01ACTION ", text, "\x01") if action else fit(head, text)


def _identified(event: Message, mask: int, batch: tuple[str, ...], *, named: bool = True) -> str:
    """The tags of a message's line; of several lines, the first one alone is `named`, and has what is long."""
    if not named and len(write_tags(event.tags)) > _REPEATED:
        return tags(event, mask, *batch)
    if named and event.seq > 0 and mask & caps.MESSAGE_TAGS:
        return tags(event, mask, *batch, f"msgid={message_id(event)}", client=event.tags)
    return tags(event, mask, *batch, client=event.tags)


def multiline(event: Message, mask: int, reference: str) -> Lines:
    """A message of several lines as a batch, for those who understand it (IRCv3 multiline); empty if it is none."""
    if not mask & caps.MULTILINE or not mask & caps.BATCH or event.action:
        return []
    if event.announced:
        event = _announced(event)
    command = "NOTICE" if event.notice else "PRIVMSG"
    target = _target(event)
    by = source(event.sender, event.who)
    head = f":{by} {command} {target} :"
    rows = list(_rows(event))
    if len(rows) == 1 and len(fit(head, rows[0][0])) == 1:
        return []
    lines = [f"{_identified(event, mask, ())}:{by} BATCH +{reference} draft/multiline {target}"]
    for row, goes_on in rows:
        for index, line in enumerate(fit(head, row)):
            concat = ";draft/multiline-concat" if index or goes_on else ""
            lines.append(f"@batch={reference}{concat} {line}")
    return [*lines, f":{by} BATCH -{reference}"]


def message(event: Message, mask: int) -> Lines:
    """A message as it happens: in a batch if it needs one and the client knows of such."""
    if mask & caps.MULTILINE and is_long(event):
        batch = multiline(event, mask, f"m{event.seq:x}{event.at % 4096:x}")
        if batch:
            return batch
    return said(event, mask)


def signalled(event: TagMessage, mask: int) -> Lines:
    """A message from client to client: tags without a text, or a query (CTCP)."""
    target = _target(event)
    by = source(event.sender, event.who)
    if event.text:
        command = "NOTICE" if event.notice else "PRIVMSG"
        line = cut(f":{by} {command} {target} :{query(event.text)}")
        return [tags(event, mask, client=event.tags) + line]
    if not mask & caps.MESSAGE_TAGS:
        return []
    msgid = place_id(event) if event.place else f"{event.at:x}-{event.number}"
    return [f"{tags(event, mask, f'msgid={msgid}', client=event.tags)}:{by} TAGMSG {target}"]


# ---- coming and going -----------------------------------------------------------------------------------------


def join(event: Event, mask: int, name: str, channel: str, *more: str) -> Lines:
    """Somebody came into a channel; `more` are further tags."""
    who = event.who
    line = f"{tags(event, mask, *more)}:{source(name, who)} JOIN {channel}"
    if mask & caps.EXTENDED_JOIN:
        line += f" {who.account or '*'} :{safe(who.realname or name)}"
    return [line]


def _join_id(event: Joined) -> str:
    """The id of a join: the one under which it is read again, or where it is not kept one of its own."""
    return place_id(event) if event.place else f"{event.at:x}-{_check(f'{event.name} {event.channel}')}"


def _joined(event: Joined, mask: int) -> Lines:
    named = [f"msgid={_join_id(event)}"] if mask & caps.MESSAGE_TAGS else []
    lines = join(event, mask, event.name, event.channel, *named)
    if event.away is not None and mask & caps.AWAY_NOTIFY:
        lines.append(cut(f":{source(event.name, event.who)} AWAY :{safe(event.away)}"))
    return lines


def with_reason(head: str, reason: str) -> str:
    """A line with a last text, if there is one."""
    return cut(f"{head} :{safe(reason)}" if reason else head)


def part(event: Event, mask: int, name: str, channel: str, reason: str) -> Lines:
    """Somebody left a channel."""
    return [tags(event, mask) + with_reason(f":{source(name, event.who)} PART {channel}", reason)]


def _quit(event: Disconnected, mask: int) -> Lines:
    return [f"{tags(event, mask)}{cut(f':{source(event.name, event.who)} QUIT :{safe(event.reason)}')}"]


def _renamed(event: Renamed, mask: int) -> Lines:
    return [f"{tags(event, mask)}:{source(event.old, event.who)} NICK {event.new}"]


def _topic(event: TopicChanged, mask: int) -> Lines:
    head = f":{source(event.by, event.who)} TOPIC {event.channel} :{safe(event.text)}"
    named = [f"msgid={place_id(event)}"] if event.place and mask & caps.MESSAGE_TAGS else []
    return [tags(event, mask, *named) + cut(head)]


def _is_too_far(event: PresenceChanged | RealnameChanged | AccountChanged, mask: int) -> bool:
    """Whether it is of somebody whom the client only watches, and does not want to be told so much of."""
    return event.afar and not mask & caps.EXTENDED_MONITOR


def _presence(event: PresenceChanged, mask: int) -> Lines:
    if not mask & caps.AWAY_NOTIFY or _is_too_far(event, mask):
        return []
    head = f":{source(event.name, event.who)} AWAY"
    return [tags(event, mask) + (head if event.away is None else cut(f"{head} :{safe(event.away)}"))]


def _modes(event: ModesChanged, mask: int) -> Lines:
    head = f":{source(event.by, event.who)} MODE {event.channel} "
    rows: list[tuple[Change, ...]] = [()]
    for change in event.changes:
        if rows[-1] and len((head + write((*rows[-1], change))).encode("utf-8", "replace")) > MAX_LINE:
            rows.append(())
        rows[-1] = (*rows[-1], change)
    return [f"{tags(event, mask)}{head}{write(row)}" for row in rows if row]


def _kicked(event: Kicked, mask: int) -> Lines:
    head = f":{source(event.by, event.who)} KICK {event.channel} {event.name}"
    return [tags(event, mask) + cut(f"{head} :{safe(event.reason or event.by)}")]


def _invited(event: Invited, mask: int) -> Lines:
    return [f"{tags(event, mask)}:{source(event.by, event.who)} INVITE {event.name} {event.channel}"]


def _invite_told(event: InviteTold, mask: int) -> Lines:
    if not mask & caps.INVITE_NOTIFY:
        return []
    return [f"{tags(event, mask)}:{source(event.by, event.who)} INVITE {event.name} {event.channel}"]


def _walloped(event: Walloped, mask: int) -> Lines:
    return [tags(event, mask) + cut(f":{source(event.name, event.who)} WALLOPS :{safe(event.text)}")]


def _pinned(event: Pinned, mask: int) -> Lines:
    text = f"pinned message {event.seq}: <{event.sender}> {event.text}"
    return [tags(event, mask) + cut(f":{source(event.by, event.who)} NOTICE {event.channel} :{safe(text)}")]


def _unpinned(event: Unpinned, mask: int) -> Lines:
    head = f":{source(event.by, event.who)} NOTICE {event.channel}"
    return [f"{tags(event, mask)}{head} :unpinned message {event.seq}"]


def _realname(event: RealnameChanged, mask: int) -> Lines:
    if not mask & caps.SETNAME or _is_too_far(event, mask):
        return []
    return [f"{tags(event, mask)}:{source(event.name, event.who)} SETNAME :{safe(event.who.realname)}"]


def _account(event: AccountChanged, mask: int) -> Lines:
    if not mask & caps.ACCOUNT_NOTIFY or _is_too_far(event, mask):
        return []
    return [f"{tags(event, mask)}:{source(event.name, event.who)} ACCOUNT {event.who.account or '*'}"]


def _metadata(event: MetadataChanged, mask: int) -> Lines:
    if not mask & caps.METADATA:
        return []
    head = f":{source(event.by, event.who)} METADATA {middle(event.target)} {middle(event.key)} *"
    return [tags(event, mask) + (head if event.value is None else cut(f"{head} :{safe(event.value)}"))]


def _redacted(event: Redacted, mask: int) -> Lines:
    if not mask & caps.REDACTION:
        return []
    gone = Message(event.sent_at, event.conversation, event.seq, "", event.to, "")
    head = f":{source(event.by, event.who)} REDACT {event.to} {message_id(gone)}"
    return [tags(event, mask) + with_reason(head, event.reason)]


def _edited(event: Edited, mask: int) -> Lines:
    """There is no agreed form: the message is deleted and said anew where the client can do that, else corrected."""
    before = Message(event.sent_at, event.conversation, event.seq, event.by, event.to, "")
    gone = _redacted(
        Redacted(event.at, event.conversation, event.seq, event.sent_at, event.to, event.by, who=event.who),
        mask,
    )
    said_now = Message(
        event.at, event.conversation, event.seq, event.by, event.to, event.text if gone else f"* {event.text}",
        event.action, notice=event.notice, tags=(("+draft/reply", message_id(before)),), who=event.who,
    )  # fmt: skip
    return gone + message(said_now, mask)


NAMED = (Message, TagMessage, TopicChanged, Joined)
"""The events whose lines bear a `msgid` as they happen; others get one only when they are read again."""

FORMS: dict[type[Event], Callable[[Any, int], Lines]] = {
    Message: message,
    TagMessage: signalled,
    Joined: _joined,
    Left: lambda x, mask: part(x, mask, x.name, x.channel, x.reason),
    Disconnected: _quit,
    Renamed: _renamed,
    TopicChanged: _topic,
    PresenceChanged: _presence,
    ModesChanged: _modes,
    Kicked: _kicked,
    Invited: _invited,
    InviteTold: _invite_told,
    Walloped: _walloped,
    Pinned: _pinned,
    Unpinned: _unpinned,
    RealnameChanged: _realname,
    AccountChanged: _account,
    Redacted: _redacted,
    Edited: _edited,
    MetadataChanged: _metadata,
}


def lines(event: Event, mask: int) -> Lines:
    """An event's lines for a client with the capabilities in `mask`; none if it does not understand it."""
    make = FORMS.get(type(event))
    return make(event, mask) if make else []
