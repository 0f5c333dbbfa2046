"""The parser of commands about the past: CHATHISTORY, MARKREAD, REDACT (IRCv3 drafts)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from evchat.dialects import times
from evchat.dialects.irc.broadcasts import read_id
from evchat.dialects.irc.line import Line
from evchat.dialects.irc.local_requests import local
from evchat.protocol.base import Request
from evchat.protocol.basics import ReplyLocally
from evchat.protocol.history import GetHistory, ListConversations
from evchat.protocol.read_markers import GetReadMarker, SetReadMarker
from evchat.protocol.redaction import Redact

Requests = list[Request]


def _fail(code: str, *context: str, text: str) -> ReplyLocally:
    return local("fail", "CHATHISTORY", code, *context, text)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


class Selector(NamedTuple):
    """A message or another event by its id, or (`seq` is None) a time in milliseconds since the epoch."""

    at: int
    seq: int | None = None
    part: int = 0
    """The number of an event among those behind the message; 0 for the message itself."""


def _selector(text: str) -> Selector | None:
    """The selector in `msgid=` or `timestamp=`; None if it is neither."""
    kind, _, given = text.partition("=")
    if kind == "msgid":
        found = read_id(given)
        return None if found is None else Selector(*found)
    at = times.moment(given) if kind == "timestamp" else None
    return None if at is None else Selector(at)


def chathistory(line: Line) -> Requests:
    """CHATHISTORY and its subcommands."""
    sub, *rest = line.params or ("",)
    sub = sub.upper()
    if sub not in _COUNTS:
        return [_fail("INVALID_PARAMS", sub or "*", text="There is no such subcommand")]
    if len(rest) < _COUNTS[sub]:
        return [_fail("NEED_MORE_PARAMS", sub, text="Missing parameters")]
    limit = _number(rest[_COUNTS[sub] - 1])
    if limit is None:
        return [_fail("INVALID_PARAMS", sub, text="The limit must be a number")]
    if sub == "TARGETS":
        return _targets(line, limit)
    target, selectors = rest[0], rest[1 : _COUNTS[sub] - 1]
    asked = GetHistory(target, limit, mine=True, context=line)
    if sub == "LATEST" and selectors == ["*"]:
        return [asked]
    ends = [end for end in map(_selector, selectors) if end is not None]
    if len(ends) != len(selectors):
        return [_fail("INVALID_PARAMS", sub, target, text="A message is named by timestamp= or msgid=")]
    return [_bounded(sub, asked, ends)]


_COUNTS = {"BEFORE": 3, "AFTER": 3, "LATEST": 3, "AROUND": 3, "BETWEEN": 4, "TARGETS": 3}
"""The parameters of each subcommand."""

_LAST: Final = 2**53
"""A number that no message has: it makes the newest of those above another count."""


def _bounded(sub: str, asked: GetHistory, ends: list[Selector]) -> GetHistory:
    """The messages asked for, by the one or two selectors."""
    first = ends[0]
    if sub == "BEFORE":
        return _until(asked, first)
    if sub == "AFTER":
        return replace(_since(asked, first), oldest=True)
    if sub == "LATEST":
        return replace(_since(asked, first), before=_LAST)
    if sub == "AROUND":
        if first.seq is None:
            return replace(asked, around_at=first.at)
        return replace(asked, around=first.seq, around_part=first.part)
    last = ends[1]
    backwards = _place(first) > _place(last)
    if backwards:
        first, last = last, first
    return replace(_until(_since(asked, first), last), oldest=not backwards)


def _place(end: Selector) -> tuple[int, int, int]:
    return end.at, end.seq or 0, end.part


def _since(asked: GetHistory, end: Selector) -> GetHistory:
    """Everything later than this, not with it."""
    if end.seq is None:
        return replace(asked, since=end.at + 1)
    return replace(asked, after=end.seq, after_part=end.part)


def _until(asked: GetHistory, end: Selector) -> GetHistory:
    """Everything earlier than this, not with it."""
    if end.seq is None:
        return replace(asked, until=end.at)
    # What happened behind a message comes after it.
    return replace(asked, before=end.seq + (end.part > 0), before_part=end.part)


def _targets(line: Line, limit: int) -> Requests:
    ends = [_selector(text) for text in line.params[1:3]]
    times = [end.at for end in ends if end is not None and end.seq is None]
    if len(times) != 2:
        return [_fail("INVALID_PARAMS", "TARGETS", text="The times are given by timestamp=")]
    return [ListConversations(min(times) + 1, max(times), limit, earliest=True, mine=True, context=line)]


def markread(line: Line) -> Requests:
    """MARKREAD: sets the read marker, or asks for it."""
    if not line.params or not line.params[0]:
        return [local("fail", "MARKREAD", "NEED_MORE_PARAMS", "Missing parameters")]
    target = line.params[0]
    if len(line.params) == 1:
        return [GetReadMarker(target)]
    selector = _selector(line.params[1])
    if selector is None or selector.seq is not None:
        return [local("fail", "MARKREAD", "INVALID_PARAMS", target, "The time is given by timestamp=")]
    return [SetReadMarker(target, until=selector.at)]


def redact(line: Line) -> Requests:
    """REDACT: takes a message back. That there is none of an id is found out where it should be."""
    target, message = line.params[:2]
    found = read_id(message)
    at, seq = (found[0], found[1]) if found is not None and not found[2] else (0, 0)
    return [Redact(target, seq, line.param(2), at, context=line)]
