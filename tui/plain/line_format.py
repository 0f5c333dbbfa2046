"""What happens, as lines of text: one per message or event, in the order of time, harmless for any terminal."""

from __future__ import annotations

import time

from evchat.protocol.names import is_channel, user_key
from evchat.protocol.signs import TAKEN_BACK
from evchat.protocol.text import harmless, lines
from tui.model import server_events as ev
from tui.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from tui.model.server_events import Answer

    Lines = Callable[["LineFormat", Any], list[str]]

_CLOCK = "%H:%M"
_FULL = "%Y-%m-%d %H:%M:%S"


def _seconds(at: int) -> float:
    """A time between the first and the last moment that every platform's clock can show."""
    return min(max(at, 0), 253_402_214_400_000) / 1000


class LineFormat:
    """Writes what happens to `user`. `full` puts date and seconds before each line, for logs; else it is `HH:MM`."""

    def __init__(self, user: str, *, full: bool = False) -> None:
        self.user = user
        self._form = _FULL if full else _CLOCK

    def event(self, event: ev.ServerEvent) -> list[str]:
        """The lines for what the server tells unasked; none for what nobody needs to read."""
        if isinstance(event, ev.Message):
            return self._stamped(event.at, self._message(event))
        handler = _EVENTS.get(type(event))
        return self._stamped(event.at, handler(self, event)) if handler and isinstance(event, ev.Told) else []

    def sent(self, room: str, text: str, at: int, *, action: bool = False) -> list[str]:
        """The lines for what the user has said."""
        to = "broadcast" if room == "*" else room
        facts = {"sender": self.user, "to": to, "content": text, "action": action, "broadcast": room == "*"}
        return self._stamped(at, self._message(ev.Message(facts)))

    def note(self, text: str, at: int, *, error: bool = False) -> list[str]:
        """The lines for what the program itself or the server has to say."""
        sign = "!" if error else "*"
        return [f"{self._stamp(at)}{sign} {line}" for line in lines(text) if text]

    def answer(self, answer: Answer) -> list[str]:
        """The lines for an answer to a request."""
        facts = answer.facts
        if facts.is_list("text"):
            found: Iterable[str] = (line for sentence in facts.texts("text") for line in _lines(sentence))
        else:
            found = self._content(facts)
        return [f"{self._stamp(facts.number('at'))}* {line}" for line in found]

    def _stamped(self, at: int | None, found: list[str]) -> list[str]:
        return [self._stamp(at) + line for line in found]

    def _stamp(self, at: int | None) -> str:
        seconds = time.time() if at is None else _seconds(at)
        return time.strftime(self._form, time.localtime(seconds)) + " "

    def _message(self, message: ev.Message) -> list[str]:
        sender, to = harmless(message.sender), harmless(message.to)
        if message.broadcast:
            where = "(broadcast) "
        elif is_channel(to):
            where = f"{to} "
        elif user_key(sender) == user_key(self.user):
            where = f"-> {to}: "
        else:
            where = "(private) "
        who = f"* {sender} " if message.action else f"<{sender}> "
        if message.role:
            where += "(to operators) " if message.role == "o" else "(to operators and voiced) "
        if message.notice:
            where += "(notice) "
        if message.redacted:
            return [f"{where}<{sender}> {TAKEN_BACK}"]
        return [f"{where}{who}{line}" for line in _lines(message.content)]

    def _content(self, facts: Record) -> Iterable[str]:
        """What stands under `content`, whatever it is."""
        yield from _lines(facts.text("content"))
        content = facts.record("content")
        if content is not None:
            yield from self._command(content) if "summary" in content else [self._row(content)]
        if not facts.is_list("content"):
            return
        words = [harmless(text) for text in facts.texts("content")]
        rows = facts.records("content")
        if words or not rows:
            yield ", ".join(words) or "none"
        for row, message in zip(rows, ev.messages(facts), strict=True):
            if "sender" in row:
                yield from self._stamped(message.at, self._message(message))
            elif "summary" in row:
                yield from self._command(row)
            else:
                yield self._row(row)

    def _command(self, command: Record) -> Iterable[str]:
        """What help says about a command, if it can be typed."""
        typed = harmless(command.text("typed"))
        if typed:
            yield f"{typed}: {harmless(command.text('summary'))}"

    def _row(self, row: Record) -> str:
        """A row of a list, or one thing that was asked for: its name, and what there is to be said of it."""
        if "delivered" in row:
            missed = ", ".join(map(harmless, row.texts("missed")))
            return f"{row.count('delivered')} heard it." + (f" Not online: {missed}" if missed else "")
        parts = [harmless(row.text(key)) for key in ("name", "mask", "whom", "act", "target", "detail")]
        if (by := row.text_or_none("by")) is not None:
            parts.append(f"by {harmless(by)}")
        parts.append(harmless(row.text("reason")))
        if row.is_false("online"):
            seen = row.number("seen")
            parts.append("not online" + ("" if seen is None else f", seen {self._day(seen)}"))
        if (away := row.text_or_none("away")) is not None:
            parts.append(f"away: {harmless(away)}")
        if (users := row.number("users")) is not None:
            parts.append(f"{users} in it")
        parts.append(harmless(row.text("topic")))
        channels = row.texts("channels")
        if channels:
            parts.append("in " + ", ".join(map(harmless, channels)))
        return " · ".join(part for part in parts if part)

    def _day(self, at: int) -> str:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(_seconds(at)))


def _lines(text: str) -> list[str]:
    return lines(text) if text else []


def _told(words: str) -> Lines:
    """A handler for news about somebody: `words` with what the event says put in."""

    def handle(linear: LineFormat, event: ev.Told) -> list[str]:
        who = harmless(event.sender)
        if user_key(who) == user_key(linear.user) and not isinstance(event, ev.Renamed):
            who = "you"
        content = harmless(event.content)
        said = words.format(who=who, to=harmless(event.to), content=content)
        return [f"* {said if content else said.rstrip(': ')}"]

    return handle


def _presence(linear: LineFormat, event: ev.Presence) -> list[str]:
    words = "is back" if event.away is None else f"is away: {harmless(event.away)}"
    return [f"* {harmless(event.sender)} {words}"]


def _topic(linear: LineFormat, event: ev.Topic) -> list[str]:
    topic = harmless(event.content)
    return [f"* {harmless(event.to)}: {topic}"] if topic else []


def _names(linear: LineFormat, event: ev.Names) -> list[str]:
    others = [harmless(name) for name in event.names or ()]
    here = ", ".join(name for name in others if user_key(name) != user_key(linear.user))
    return [
        f"* {harmless(event.to)}: with {here}" if here else f"* {harmless(event.to)}: nobody else is here"
    ]


def _kicked(linear: LineFormat, event: ev.Kicked) -> list[str]:
    name, reason = harmless(event.name), harmless(event.content)
    who = "you" if user_key(name) == user_key(linear.user) else name
    by, to = harmless(event.by), harmless(event.to)
    return [f"* {by} put {who} out of {to}: {reason}" if reason else f"* {by} put {who} out of {to}"]


def _invited(linear: LineFormat, event: ev.Invited) -> list[str]:
    name = harmless(event.name)
    who = "you" if user_key(name) == user_key(linear.user) else name
    return [f"* {harmless(event.by)} invites {who} to {harmless(event.to)}"]


def _redacted(linear: LineFormat, event: ev.Redacted) -> list[str]:
    if event.history:
        return []  # it was taken back while one was away, and nobody sees what stands further up
    who, to, reason = harmless(event.sender), harmless(event.to), harmless(event.content)
    where = f" in {to}" if is_channel(to) else ""
    sent = event.sent_at
    when = "" if sent is None else f" of {time.strftime('%H:%M', time.localtime(_seconds(sent)))}"
    return [f"* {who} took the message{when}{where} back{': ' if reason else ''}{reason}"]


_EVENTS: dict[type[ev.ServerEvent], Lines] = {
    ev.Joined: _told("{who} came into {to}"),
    ev.Left: _told("{who} left {to}: {content}"),
    ev.Kicked: _kicked,
    ev.Invited: _invited,
    ev.Moded: _told("{who} changed the modes of {to}: {content}"),
    ev.Redacted: _redacted,
    ev.Appeared: _told("{who} is online now"),
    ev.Vanished: _told("{who} is not online any more"),
    ev.Wallops: _told("(operators) {who}: {content}"),
    ev.Quit: _told("{who} is gone: {content}"),
    ev.Renamed: _told("{who} is {content} now"),
    ev.Presence: _presence,
    ev.Topic: _topic,
    ev.Names: _names,
    ev.Info: _told("{content}"),
    ev.Stopping: _told("The server is stopping: {content}"),
}
"""What is told of each kind of event but messages; the others are for programs."""
