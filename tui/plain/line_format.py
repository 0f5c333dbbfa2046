"""Events as lines of text: one per message or event, in order of time, harmless for any terminal."""

from __future__ import annotations

import time

from evchat.dialects import phrases
from evchat.protocol.names import SERVER, is_channel, user_key
from evchat.protocol.signs import DELETED
from evchat.protocol.text import harmless, lines
from tui.model import listings
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

    def answer(self, answer: Answer, command: str = "") -> list[str]:
        """The lines for an answer to a request, the `command`: of a list, one for each entry, in words."""
        facts = answer.facts
        now = int(time.time() * 1000) if facts.number("at") is None else facts.count("at")
        # Messages that were found look like messages.
        spoken = listings.spoken(command, facts, now) if command != "search" else []
        nothing = listings.empty(command, facts)
        if facts.is_list("text"):
            found: Iterable[str] = (line for sentence in facts.texts("text") for line in _lines(sentence))
        elif spoken:
            found = spoken
        elif nothing and not facts.records("content"):
            found = [nothing]
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
            return [f"{where}<{sender}> {DELETED}"]
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
        """One thing that was asked for: its name, and what there is to be said of it."""
        if "delivered" in row:
            return phrases.announced(row.count("delivered"), list(map(harmless, row.texts("missed"))))
        parts = [harmless(row.text("name"))]
        if row.is_false("online"):
            seen = row.number("seen")
            parts.append("not online" + ("" if seen is None else f", {phrases.last_seen(self._day(seen))}"))
        if (away := row.text_or_none("away")) is not None:
            parts.append(f"away: {harmless(away)}")
        channels = row.texts("channels")
        if channels:
            parts.append("in " + ", ".join(map(harmless, channels)))
        return ", ".join(part for part in parts if part)

    def _day(self, at: int) -> str:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(_seconds(at)))


def _lines(text: str) -> list[str]:
    return lines(text) if text else []


def _who(linear: LineFormat, name: str) -> str:
    """Whom a name means, for the reader."""
    return "you" if user_key(name) == user_key(linear.user) else harmless(name)


def _by(phrase: Callable[[str], str]) -> Lines:
    """A handler for what somebody did or is, in a phrase about a name."""
    return lambda linear, event: [f"* {phrase(_who(linear, event.sender))}"]


def _by_for(phrase: Callable[[str, str, str], str]) -> Lines:
    """A handler for what somebody did somewhere, with or for some words."""
    return lambda linear, event: [
        f"* {phrase(_who(linear, event.sender), harmless(event.to), harmless(event.content))}"
    ]


def _told(linear: LineFormat, event: ev.Info | ev.Stopping) -> list[str]:
    return [f"* {harmless(event.content)}"]


def _renamed(linear: LineFormat, event: ev.Renamed) -> list[str]:
    old, new = harmless(event.sender), harmless(event.content)
    # A name of one's own may have been changed already when the line is written.
    mine = user_key(linear.user) in (user_key(event.sender), user_key(event.content))
    return [f"* {phrases.renamed_you(new) if mine else phrases.renamed(old, new)}"]


def _topic(linear: LineFormat, event: ev.Topic) -> list[str]:
    by, to, topic = _who(linear, event.sender), harmless(event.to), harmless(event.content)
    if event.at is not None and event.set_at == event.at:
        return [f"* {phrases.topic_changed(by, to, topic)}"]
    return [f"* {phrases.topic(to, topic)}"] if topic else []


def _names(linear: LineFormat, event: ev.Names) -> list[str]:
    others = [harmless(name) for name in event.names or ()]
    here = ", ".join(name for name in others if user_key(name) != user_key(linear.user))
    return [
        f"* {harmless(event.to)}: with {here}" if here else f"* {harmless(event.to)}: nobody else is here"
    ]


def _kicked(linear: LineFormat, event: ev.Kicked) -> list[str]:
    name, reason = _who(linear, event.name), harmless(event.content)
    return [f"* {phrases.kicked(_who(linear, event.by), name, harmless(event.to), reason)}"]


def _moded(linear: LineFormat, event: ev.Moded) -> list[str]:
    by, to = _who(linear, event.sender), harmless(event.to)
    bans = phrases.moderated("" if event.sender == SERVER else by, to, event.bans)
    told = [harmless(text) for text in bans]
    if not told or any(change.mode != "ban" for change in event.changes):
        told.append(phrases.modes_changed(by, to, harmless(event.content)))
    return [f"* {text}" for text in told]


def _invited(linear: LineFormat, event: ev.Invited) -> list[str]:
    by, to = harmless(event.by), harmless(event.to)
    if user_key(event.name) == user_key(linear.user):
        return [f"* {phrases.invites_you(by, to)}"]
    return [f"* {phrases.invited(by, harmless(event.name), to)}"]


def _redacted(linear: LineFormat, event: ev.Redacted) -> list[str]:
    if event.history:
        return []  # it was deleted while the user was away, and lines further up are out of sight
    sent = event.sent_at
    when = "" if sent is None else time.strftime("%H:%M", time.localtime(_seconds(sent)))
    who, to, reason = _who(linear, event.sender), harmless(event.to), harmless(event.content)
    return [f"* {phrases.deleted(who, to, reason, when)}"]


def _edited(linear: LineFormat, event: ev.Edited) -> list[str]:
    if event.history:
        return []
    who, to = _who(linear, event.sender), harmless(event.to)
    return [f"* {phrases.edited(who, to, harmless(event.content))}"]


_EVENTS: dict[type[ev.ServerEvent], Lines] = {
    ev.Joined: _by_for(lambda who, to, content: phrases.joined(who, to)),
    ev.Left: _by_for(phrases.left),
    ev.Kicked: _kicked,
    ev.Invited: _invited,
    ev.Moded: _moded,
    ev.Redacted: _redacted,
    ev.Edited: _edited,
    ev.Appeared: _by(phrases.online),
    ev.Vanished: _by(phrases.offline),
    ev.Pinned: lambda linear, event: [
        "* "
        + phrases.pinned(
            harmless(event.sender),
            harmless(event.to),
            event.seq,
            harmless(event.name),
            harmless(event.content),
        )
    ],
    ev.Unpinned: lambda linear, event: [
        f"* {phrases.unpinned(harmless(event.sender), harmless(event.to), event.seq)}"
    ],
    ev.Wallops: _by_for(lambda who, to, content: phrases.wallops(who, content)),
    ev.Quit: _by_for(lambda who, to, content: phrases.disconnected(who, content)),
    ev.Renamed: _renamed,
    ev.Presence: lambda linear, event: [
        f"* {phrases.presence(harmless(event.sender), None if event.away is None else harmless(event.away))}"
    ],
    ev.Topic: _topic,
    ev.Names: _names,
    ev.Info: _told,
    ev.Stopping: _told,
}
"""What is told of each kind of event but messages; the others are for programs."""
