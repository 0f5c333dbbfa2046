"""What a client asks of the past: CHATHISTORY, MARKREAD, REDACT (IRCv3 drafts)."""

from __future__ import annotations

from typing import Any

from evchat.dialects import clock
from evchat.dialects.irc.line import Line
from evchat.dialects.irc.local import local
from evchat.dialects.irc.news import seq_of
from evchat.protocol import requests as r

Requests = list[r.Request]


def _fail(code: str, *context: str, text: str) -> r.Aside:
    return local("fail", "CHATHISTORY", code, *context, text)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _selector(text: str) -> tuple[str, int] | None:
    """`("seq", 7)` of a message's id, `("at", milliseconds)` of a time, or None."""
    kind, _, given = text.partition("=")
    if kind == "msgid":
        seq = seq_of(given)
        return None if seq is None else ("seq", seq)
    at = clock.moment(given) if kind == "timestamp" else None
    return None if at is None else ("at", at)


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
        return _targets(rest, limit)
    target, first, second = rest[0], rest[1], rest[2] if sub == "BETWEEN" else ""
    context = f"{sub} {target}"
    if sub == "LATEST" and first == "*":
        return [r.History(target, limit, id=context)]
    ends = [_selector(text) for text in ((first, second) if sub == "BETWEEN" else (first,))]
    if None in ends:
        return [_fail("INVALID_PARAMS", sub, text="A message is named by timestamp= or msgid=")]
    start, *others = [end for end in ends if end is not None]
    return [_history(sub, target, limit, start, others[0] if others else None, context)]


_COUNTS = {"BEFORE": 3, "AFTER": 3, "LATEST": 3, "AROUND": 3, "BETWEEN": 4, "TARGETS": 3}
"""The parameters of each subcommand."""


def _history(
    sub: str, target: str, limit: int, start: tuple[str, int], end: tuple[str, int] | None, context: str
) -> r.Request:
    kind, value = start
    if sub == "BEFORE":
        if kind == "seq":
            return r.History(target, limit, before=value, id=context)
        return r.History(target, limit, until=value, id=context)
    if sub == "AROUND":
        if kind == "seq":
            return r.History(target, limit, around=value, id=context)
        return r.History(target, limit, around_at=value, id=context)
    bounds: dict[str, Any] = {}
    _from(bounds, start)
    if sub == "AFTER":
        return r.History(target, limit, oldest=True, id=context, **bounds)
    if sub == "LATEST":
        return r.History(target, limit, id=context, **bounds)
    assert end is not None
    backwards = _later(start, end)
    if backwards:
        bounds.clear()
        _from(bounds, end)
        end = start
    bounds["before" if end[0] == "seq" else "until"] = end[1]
    return r.History(target, limit, oldest=not backwards, id=context, **bounds)


def _from(bounds: dict[str, Any], start: tuple[str, int]) -> None:
    """Everything later than this, not with it."""
    if start[0] == "seq":
        bounds["after"] = start[1]
    else:
        bounds["since"] = start[1] + 1


def _later(one: tuple[str, int], other: tuple[str, int]) -> bool:
    return one[0] == other[0] and one[1] > other[1]


def _targets(rest: list[str], limit: int) -> Requests:
    ends = [_selector(text) for text in rest[:2]]
    times = [end[1] for end in ends if end is not None and end[0] == "at"]
    if len(times) != 2:
        return [_fail("INVALID_PARAMS", "TARGETS", text="The times are given by timestamp=")]
    return [r.Conversations(min(times), max(times), limit)]


def markread(line: Line) -> Requests:
    """MARKREAD: sets the read marker, or asks for it."""
    if not line.params or not line.params[0]:
        return [local("fail", "MARKREAD", "NEED_MORE_PARAMS", "Missing parameters")]
    target = line.params[0]
    if len(line.params) == 1:
        return [r.Mark(target)]
    selector = _selector(line.params[1])
    if selector is None or selector[0] != "at":
        return [local("fail", "MARKREAD", "INVALID_PARAMS", target, "The time is given by timestamp=")]
    return [r.Read(target, until=selector[1])]


def redact(line: Line) -> Requests:
    """REDACT: takes a message back."""
    target, message = line.params[:2]
    seq = seq_of(message)
    if seq is None:
        return [local("fail", "REDACT", "UNKNOWN_MSGID", target, message, "There is no such message")]
    return [r.Redact(target, seq, line.param(2), id=message)]
