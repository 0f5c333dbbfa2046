"""What happens, as lines of text: one per message or event, in the order of time, harmless for any terminal."""

from __future__ import annotations

import time

from evchat.protocol.names import is_channel, user_key
from evchat.protocol.signs import TAKEN_BACK
from evchat.protocol.text import harmless, lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    Object = dict[str, Any]

_CLOCK = "%H:%M"
_FULL = "%Y-%m-%d %H:%M:%S"


def _text(value: object) -> str:
    return harmless(value) if isinstance(value, str) else ""


def _lines(value: object) -> list[str]:
    return lines(value) if isinstance(value, str) and value else []


def _seconds(at: int) -> float:
    """A time between the first and the last moment that every platform's clock can show."""
    return min(max(at, 0), 253_402_214_400_000) / 1000


class Linear:
    """Writes what happens to `user`. `full` puts date and seconds before each line, for logs; else it is `HH:MM`."""

    def __init__(self, user: str, *, full: bool = False) -> None:
        self.user = user
        self._form = _FULL if full else _CLOCK

    def event(self, facts: Object) -> list[str]:
        """The lines for what the server tells unasked; none for what nobody needs to read."""
        handler = _EVENTS.get(str(facts.get("response")))
        return [self._stamp(facts.get("at")) + line for line in handler(self, facts)] if handler else []

    def sent(self, room: str, text: str, at: int, *, action: bool = False) -> list[str]:
        """The lines for what the user has said."""
        to = "broadcast" if room == "*" else room
        facts = {"sender": self.user, "to": to, "content": text, "action": action, "broadcast": room == "*"}
        return [self._stamp(at) + line for line in self._message(facts)]

    def note(self, text: str, at: int, *, error: bool = False) -> list[str]:
        """The lines for what the program itself or the server has to say."""
        sign = "!" if error else "*"
        return [f"{self._stamp(at)}{sign} {line}" for line in _lines(text)]

    def answer(self, facts: Object) -> list[str]:
        """The lines for an answer to a request."""
        text = facts.get("text")
        if isinstance(text, list):
            found: Iterable[str] = (line for sentence in text for line in _lines(sentence))
        else:
            found = self._content(facts.get("content"))
        return [f"{self._stamp(facts.get('at'))}* {line}" for line in found]

    def _stamp(self, at: object) -> str:
        seconds = _seconds(at) if isinstance(at, int) else time.time()
        return time.strftime(self._form, time.localtime(seconds)) + " "

    def _message(self, facts: Object) -> list[str]:
        sender, to = _text(facts.get("sender")), _text(facts.get("to"))
        if facts.get("broadcast") is True:
            where = "(broadcast) "
        elif is_channel(to):
            where = f"{to} "
        elif user_key(sender) == user_key(self.user):
            where = f"-> {to}: "
        else:
            where = "(private) "
        who = f"* {sender} " if facts.get("action") is True else f"<{sender}> "
        if isinstance(facts.get("role"), str):
            where += "(to operators) " if facts["role"] == "o" else "(to operators and voiced) "
        if facts.get("notice") is True:
            where += "(notice) "
        if facts.get("redacted") is True:
            return [f"{where}<{sender}> {TAKEN_BACK}"]
        return [f"{where}{who}{line}" for line in _lines(facts.get("content"))]

    def _content(self, content: object) -> Iterable[str]:
        if isinstance(content, str):
            yield from _lines(content)
        elif isinstance(content, dict):
            yield from self._command(content) if "summary" in content else [self._row(content)]
        elif isinstance(content, list):
            words = [_text(item) for item in content if isinstance(item, str)]
            if words or not content:
                yield ", ".join(words) or "none"
            for item in content:
                if isinstance(item, dict) and "sender" in item:
                    yield from (self._stamp(item.get("at")) + line for line in self._message(item))
                elif isinstance(item, dict) and "summary" in item:
                    yield from self._command(item)
                elif isinstance(item, dict):
                    yield self._row(item)

    def _command(self, command: Object) -> Iterable[str]:
        """What help says about a command, if it can be typed."""
        typed = _text(command.get("typed"))
        if typed:
            yield f"{typed}: {_text(command.get('summary'))}"

    def _row(self, row: Object) -> str:
        """A row of a list, or one thing that was asked for: its name, and what there is to be said of it."""
        if "delivered" in row:
            names, delivered = row.get("missed"), row["delivered"]
            missed = ", ".join(map(_text, names)) if isinstance(names, list) else ""
            return f"{delivered if isinstance(delivered, int) else 0} heard it." + (
                f" Not online: {missed}" if missed else ""
            )
        parts = [_text(row[key]) for key in ("name", "mask", "whom", "act", "target", "detail") if key in row]
        if isinstance(row.get("by"), str):
            parts.append(f"by {_text(row['by'])}")
        if isinstance(row.get("reason"), str):
            parts.append(_text(row["reason"]))
        if row.get("online") is False:
            seen = row.get("seen")
            parts.append("not online" + (f", seen {self._day(seen)}" if isinstance(seen, int) else ""))
        if isinstance(row.get("away"), str):
            parts.append(f"away: {_text(row['away'])}")
        if isinstance(row.get("users"), int):
            parts.append(f"{row['users']} in it")
        parts += [_text(row.get("topic"))]
        channels = row.get("channels")
        if isinstance(channels, list) and channels:
            parts.append("in " + ", ".join(map(_text, channels)))
        return " · ".join(part for part in parts if part)

    def _day(self, at: int) -> str:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(_seconds(at)))


def _told(words: str) -> Any:
    """A handler for news about somebody: `words` with the keys of the object put in."""

    def handle(linear: Linear, facts: Object) -> list[str]:
        who = _text(facts.get("sender"))
        if user_key(who) == user_key(linear.user) and facts.get("response") != "renamed":
            who = "you"
        content = _text(facts.get("content"))
        said = words.format(who=who, to=_text(facts.get("to")), content=content)
        return [f"* {said if content else said.rstrip(': ')}"]

    return handle


def _presence(linear: Linear, facts: Object) -> list[str]:
    away = facts.get("away")
    words = f"is away: {_text(away)}" if isinstance(away, str) else "is back"
    return [f"* {_text(facts.get('sender'))} {words}"]


def _topic(linear: Linear, facts: Object) -> list[str]:
    topic = _text(facts.get("content"))
    return [f"* {_text(facts.get('to'))}: {topic}"] if topic else []


def _names(linear: Linear, facts: Object) -> list[str]:
    names = facts.get("content")
    others = [_text(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []
    here = ", ".join(name for name in others if user_key(name) != user_key(linear.user))
    return [
        f"* {_text(facts.get('to'))}: with {here}"
        if here
        else f"* {_text(facts.get('to'))}: nobody else is here"
    ]


def _kicked(linear: Linear, facts: Object) -> list[str]:
    name = _text(facts.get("name"))
    who = "you" if user_key(name) == user_key(linear.user) else name
    reason = _text(facts.get("content"))
    by, to = _text(facts.get("by")), _text(facts.get("to"))
    return [f"* {by} put {who} out of {to}: {reason}" if reason else f"* {by} put {who} out of {to}"]


def _invited(linear: Linear, facts: Object) -> list[str]:
    name = _text(facts.get("name"))
    who = "you" if user_key(name) == user_key(linear.user) else name
    return [f"* {_text(facts.get('by'))} invites {who} to {_text(facts.get('to'))}"]


def _redacted(linear: Linear, facts: Object) -> list[str]:
    if facts.get("history") is True:
        return []  # it was taken back while one was away, and nobody sees what stands further up
    who, to, reason = (_text(facts.get(key)) for key in ("sender", "to", "content"))
    where = f" in {to}" if is_channel(to) else ""
    sent = facts.get("sent_at")
    when = f" of {time.strftime('%H:%M', time.localtime(_seconds(sent)))}" if isinstance(sent, int) else ""
    return [f"* {who} took the message{when}{where} back{': ' if reason else ''}{reason}"]


_EVENTS: dict[str, Any] = {
    "message": Linear._message,
    "joined": _told("{who} came into {to}"),
    "left": _told("{who} left {to}: {content}"),
    "kicked": _kicked,
    "invited": _invited,
    "moded": _told("{who} changed the modes of {to}: {content}"),
    "redacted": _redacted,
    "appeared": _told("{who} is online now"),
    "vanished": _told("{who} is not online any more"),
    "wallops": _told("(operators) {who}: {content}"),
    "quit": _told("{who} is gone: {content}"),
    "renamed": _told("{who} is {content} now"),
    "presence": _presence,
    "topic": _topic,
    "names": _names,
    "info": _told("{content}"),
    "stopping": _told("The server is stopping: {content}"),
}
"""What is told of each kind of object; the others are for programs."""
