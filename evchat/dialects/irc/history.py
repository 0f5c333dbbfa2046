"""Replies about the past: CHATHISTORY, MARKREAD, the inbox, and the playback at a join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evchat.dialects import times
from evchat.dialects.irc import broadcasts, caps
from evchat.dialects.irc.client import IrcClient
from evchat.dialects.irc.line import tagged
from evchat.protocol.base import Event
from evchat.protocol.history import (
    ConversationsListed,
    GetInbox,
    HistoryListed,
    InboxListed,
)
from evchat.protocol.messages import Message
from evchat.protocol.read_markers import ReadMarkerMoved, ReadMarkerTold

Lines = list[str]


def history(client: IrcClient, event: HistoryListed) -> Lines:
    """The answer to CHATHISTORY, or what is told after a join to those who did not ask for it."""
    if event.recent:
        return _playback(client, event.to, event.messages, event.at)
    target = client.line.param(1) or event.to
    everything = event.everything if client.caps & caps.EVENT_PLAYBACK else event.messages
    return _batch(client, target, everything)


def _batch(client: IrcClient, target: str, events: Sequence[Event]) -> Lines:
    """Messages, and what else happened, between the two ends of a batch; bare for who knows no batches."""
    if not client.caps & caps.BATCH:
        return [line for event in events for line in _told(client, event)]
    reference = client.new_reference()
    lines = [f":{client.hostname} BATCH +{reference} chathistory {target}"]
    for event in events:
        lines += _told(client, event, reference)
    return [*lines, f":{client.hostname} BATCH -{reference}"]


def _told(client: IrcClient, event: Event, batch: str = "") -> Lines:
    """The lines of an event of the past, in a batch if there is one."""
    tag = [f"batch={batch}"] if batch else []
    if isinstance(event, Message):
        return _multiline(client, event, batch) or _said(client, event, *tag)
    lines = broadcasts.lines(event, client.caps)[:1]  # that somebody is away is not told of the past
    if client.caps & caps.MESSAGE_TAGS and not isinstance(event, broadcasts.NAMED):
        tag.append(f"msgid={broadcasts.place_id(event)}")
    return [tagged(line, ";".join(tag)) if tag else line for line in lines]


def _multiline(client: IrcClient, said: Message, outer: str) -> Lines:
    if said.redacted or not outer or not broadcasts.is_long(said):
        return []
    lines = broadcasts.multiline(said, client.caps, client.new_reference())
    for end in (0, -1) if lines else ():
        lines[end] = tagged(lines[end], f"batch={outer}")
    return lines


def _said(client: IrcClient, said: Message, *batch: str) -> Lines:
    if said.redacted:
        return []
    return broadcasts.said(said, client.caps, *batch)


def _playback(client: IrcClient, target: str, messages: tuple[Message, ...], now: int) -> Lines:
    """For a client that can't ask: what was said last, with its times, marked by hand where it knows none."""
    if not messages or not client.config.irc_playback or client.caps & caps.CHATHISTORY or client.who.bot:
        return []
    if client.caps & caps.SERVER_TIME and client.caps & caps.BATCH:
        return _batch(client, target, messages)
    dated = messages if client.caps & caps.SERVER_TIME else tuple(_dated(said, now) for said in messages)
    return _framed(client, target, "said before you joined", dated)


def _framed(client: IrcClient, target: str, what: str, messages: Sequence[Message]) -> Lines:
    """Messages between two lines that say what they are, for a client that may show them as if they were said now.

    irssi knows their times, and shows its own.
    """
    lines = [line for said in messages for line in _said(client, said)]
    notice = f":{client.hostname} NOTICE {target} :--"
    return [f"{notice} {what} --", *lines, f"{notice} until here --"] if lines else []


def _dated(said: Message, now: int) -> Message:
    """A message whose text begins with its time."""
    time = f"[{times.hour_seen_from(said.at, now)}] "
    return replace(said, text=time + said.text, joins=tuple(len(time) + join for join in said.joins))


def inbox(client: IrcClient, event: InboxListed) -> Lines:
    """Direct messages that the user missed."""
    if client.caps & caps.CHATHISTORY and not isinstance(client.asked, GetInbox):
        return []
    if not event.messages:
        return [f":{client.hostname} NOTICE {client.nick} :There is nothing new in your inbox."]
    dates = not client.caps & caps.SERVER_TIME
    messages = [_dated(said, event.at) if dates else said for said in event.messages]
    if not dates and client.caps & caps.BATCH:
        return [line for said in messages for line in _said(client, said)]
    return _framed(client, client.nick, "sent while you were away", messages)


def conversations(client: IrcClient, event: ConversationsListed) -> Lines:
    """The answer to CHATHISTORY TARGETS."""
    reference = client.new_reference()
    rows = [f"CHATHISTORY TARGETS {name} {times.utc(at)}" for name, at in event.conversations]
    if not client.caps & caps.BATCH:
        return [f":{client.hostname} {row}" for row in rows]
    return [
        f":{client.hostname} BATCH +{reference} draft/chathistory-targets",
        *(f"@batch={reference} :{client.hostname} {row}" for row in rows),
        f":{client.hostname} BATCH -{reference}",
    ]


# ---- read markers ---------------------------------------------------------------------------------------------


def marker(client: IrcClient, target: str, at: int) -> str:
    """The read marker of a conversation, `at` milliseconds since the epoch, as a line; 0 for none."""
    return f":{client.hostname} MARKREAD {target} {f'timestamp={times.utc(at)}' if at else '*'}"


def marked(client: IrcClient, event: ReadMarkerTold) -> Lines:
    """The answer to MARKREAD."""
    return [marker(client, event.to, event.read_at)]


def read_up_to(client: IrcClient, event: ReadMarkerMoved) -> Lines:
    """Another session has read on."""
    return [marker(client, event.to, event.read_at)] if client.caps & caps.READ_MARKER else []
