"""What was said before: CHATHISTORY, MARKREAD, the inbox, and what is played to a client that joins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from evchat.dialects import times
from evchat.dialects.irc import broadcasts, caps
from evchat.dialects.irc import numerics as n
from evchat.dialects.irc.line import safe, tagged
from evchat.protocol.authentication import Register
from evchat.protocol.base import Event, Request
from evchat.protocol.basics import Failed
from evchat.protocol.history import (
    ConversationsListed,
    GetHistory,
    GetInbox,
    HistoryListed,
    InboxListed,
    ListConversations,
)
from evchat.protocol.messages import Message
from evchat.protocol.monitor import Monitor
from evchat.protocol.read_markers import GetReadMarker, ReadMarkerMoved, ReadMarkerTold, SetReadMarker
from evchat.protocol.redaction import Redact
from evchat.protocol.user_settings import SetRealname

if TYPE_CHECKING:
    from evchat.dialects.irc.dialect import IrcDialect

Lines = list[str]


def history(dialect: IrcDialect, event: HistoryListed) -> Lines:
    """The answer to CHATHISTORY, or what is told after a join to those who did not ask for it."""
    if event.recent:
        return _playback(dialect, event.to, event.messages, event.at)
    request = dialect.asked
    target = request.to or event.to if isinstance(request, GetHistory) else event.to
    everything = event.everything if dialect.caps & caps.EVENT_PLAYBACK else event.messages
    return _batch(dialect, target, everything)


def _batch(dialect: IrcDialect, target: str, events: Sequence[Event]) -> Lines:
    """Messages, and what else happened, between the two ends of a batch; bare for who knows no batches."""
    if not dialect.caps & caps.BATCH:
        return [line for event in events for line in _told(dialect, event)]
    reference = dialect.new_reference()
    lines = [f":{dialect.hostname} BATCH +{reference} chathistory {target}"]
    for event in events:
        lines += _told(dialect, event, reference)
    return [*lines, f":{dialect.hostname} BATCH -{reference}"]


def _told(dialect: IrcDialect, event: Event, batch: str = "") -> Lines:
    """What happened once, in a batch if there is one."""
    tag = [f"batch={batch}"] if batch else []
    if isinstance(event, Message):
        return _multiline(dialect, event, batch) or _said(dialect, event, *tag)
    lines = broadcasts.lines(event, dialect.caps)[:1]  # that somebody is away is not told of the past
    if dialect.caps & caps.MESSAGE_TAGS and not isinstance(event, broadcasts.NAMED):
        tag.append(f"msgid={broadcasts.place_id(event)}")
    return [tagged(line, ";".join(tag)) if tag else line for line in lines]


def _multiline(dialect: IrcDialect, said: Message, outer: str) -> Lines:
    if said.redacted or not outer or not broadcasts.is_long(said):
        return []
    lines = broadcasts.multiline(said, dialect.caps, dialect.new_reference())
    for end in (0, -1) if lines else ():
        lines[end] = tagged(lines[end], f"batch={outer}")
    return lines


def _said(dialect: IrcDialect, said: Message, *batch: str) -> Lines:
    if said.redacted:
        return []
    return broadcasts.said(said, dialect.caps, *batch)


def _playback(dialect: IrcDialect, target: str, messages: tuple[Message, ...], now: int) -> Lines:
    """For a client that can't ask: what was said last, with its times, marked by hand where it knows none."""
    if not messages or not dialect.config.irc_playback or dialect.caps & caps.CHATHISTORY or dialect.who.bot:
        return []
    if dialect.caps & caps.SERVER_TIME:
        return _batch(dialect, target, messages)
    return [line for said in messages for line in _said(dialect, _dated(said, now))]


def _dated(said: Message, now: int) -> Message:
    """A message whose text begins with its time."""
    time = f"[{times.hour_seen_from(said.at, now)}] "
    return replace(said, text=time + said.text, joins=tuple(len(time) + join for join in said.joins))


def inbox(dialect: IrcDialect, event: InboxListed) -> Lines:
    """Direct messages that came while one was away."""
    if dialect.caps & caps.CHATHISTORY and not isinstance(dialect.asked, GetInbox):
        return []
    if not event.messages:
        return [f":{dialect.hostname} NOTICE {dialect.nick} :There is nothing new in your inbox."]
    if dialect.caps & caps.SERVER_TIME:
        return [line for said in event.messages for line in _said(dialect, said)]
    return [line for said in event.messages for line in _said(dialect, _dated(said, event.at))]


def conversations(dialect: IrcDialect, event: ConversationsListed) -> Lines:
    """The answer to CHATHISTORY TARGETS."""
    reference = dialect.new_reference()
    rows = [f"CHATHISTORY TARGETS {name} {times.utc(at)}" for name, at in event.conversations]
    if not dialect.caps & caps.BATCH:
        return [f":{dialect.hostname} {row}" for row in rows]
    return [
        f":{dialect.hostname} BATCH +{reference} draft/chathistory-targets",
        *(f"@batch={reference} :{dialect.hostname} {row}" for row in rows),
        f":{dialect.hostname} BATCH -{reference}",
    ]


# ---- read markers ---------------------------------------------------------------------------------------------


def marker(dialect: IrcDialect, target: str, at: int) -> str:
    """How far one has read a conversation."""
    return f":{dialect.hostname} MARKREAD {target} {f'timestamp={times.utc(at)}' if at else '*'}"


def marked(dialect: IrcDialect, event: ReadMarkerTold) -> Lines:
    """The answer to MARKREAD."""
    return [marker(dialect, event.to, event.read_at)]


def read_up_to(dialect: IrcDialect, event: ReadMarkerMoved) -> Lines:
    """Another session has read on."""
    return [marker(dialect, event.to, event.read_at)] if dialect.caps & caps.READ_MARKER else []


# ---- refusals -------------------------------------------------------------------------------------------------

_REGISTER: Final = {
    "already-registered": "USERNAME_EXISTS",
    "bad-password": "WEAK_PASSWORD",
    "already-logged-in": "ALREADY_AUTHENTICATED",
    "bad-name": "NEED_NICK",
    "not-logged-in": "COMPLETE_CONNECTION_REQUIRED",
    "not-allowed": "ACCOUNT_NAME_MUST_BE_NICK",
}


def failed(dialect: IrcDialect, event: Failed, request: Request | None) -> Lines | None:
    """A standard reply for what these commands asked; None if it was another one."""
    context = request.id or "" if request is not None else ""
    if isinstance(request, GetHistory | ListConversations):
        sub, _, target = context.partition(" ")
        where = f"{sub or 'TARGETS'} {target or '*'}"
        return [f":{dialect.hostname} FAIL CHATHISTORY INVALID_TARGET {where} :{safe(event.text)}"]
    if isinstance(request, GetReadMarker):
        return [marker(dialect, request.to, 0)]  # where one can't be, one has read nothing
    if isinstance(request, SetReadMarker):
        return [f":{dialect.hostname} FAIL MARKREAD INVALID_PARAMS {request.to} :{safe(event.text)}"]
    if isinstance(request, Redact):
        code = {"no-such-message": "UNKNOWN_MSGID", "not-allowed": "REDACT_FORBIDDEN"}.get(
            event.code, "INVALID_TARGET"
        )
        words = [request.to] if code == "INVALID_TARGET" else [request.to, context]
        return [f":{dialect.hostname} FAIL REDACT {code} {' '.join(words)} :{safe(event.text)}"]
    if isinstance(request, Register):
        code = _REGISTER.get(event.code, "TEMPORARILY_UNAVAILABLE")
        about = event.about if event.about.isprintable() and " " not in event.about else ""
        return [
            f":{dialect.hostname} FAIL REGISTER {code} {about.lstrip(':') or dialect.nick} :{safe(event.text)}"
        ]
    if isinstance(request, SetRealname):
        return [f":{dialect.hostname} FAIL SETNAME INVALID_REALNAME :{safe(event.text)}"]
    if isinstance(request, Monitor):
        most = str(dialect.config.limits.max_watched)
        return [dialect.numeric(n.ERR_MONLISTFULL, most, event.about or "*", text="Monitor list is full.")]
    return None
