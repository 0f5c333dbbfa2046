"""The text dialect: lines for netcat, telnet and people."""

from __future__ import annotations

from collections.abc import Iterator

from evchat.dialects import clock, prose
from evchat.protocol import events as e
from evchat.protocol import requests as r
from evchat.protocol.lines import parse_line
from evchat.protocol.text import harmless, lines

MAX_LINE = 4096
"""Bytes of a line, without its line break."""

_GREETING = "Welcome to evchat. What is your name?"
_TOO_LONG = f"That line is too long: at most {MAX_LINE // 1024} KiB. Goodbye."

_IAC, _SE, _SB = 255, 240, 250


class _Telnet:
    """Skips telnet's option negotiation (RFC 854), however it is cut. `\\xff\\xff` is one byte of 0xFF."""

    __slots__ = ("_state",)

    def __init__(self) -> None:
        self._state = (
            0  # 0 data, 1 after IAC, 2 after WILL/WONT/DO/DONT, 3 in a subnegotiation, 4 after IAC in one
        )

    def filter(self, data: bytes) -> bytes:
        if not self._state and b"\xff" not in data:
            return data
        out = bytearray()
        state = self._state
        for byte in data:
            if state == 0:
                if byte == _IAC:
                    state = 1
                else:
                    out.append(byte)
            elif state == 1:
                state = 3 if byte == _SB else 2 if 251 <= byte <= 254 else 0
                if byte == _IAC:
                    out.append(byte)
            elif state == 2:
                state = 0
            elif state == 3:
                state = 4 if byte == _IAC else 3
            else:
                state = 0 if byte == _SE else 3
        self._state = state
        return bytes(out)


class TextDialect:
    """A person at the other end of a line."""

    name = "text"
    variant = "text"
    paced = False
    pings = False

    __slots__ = ("_buffer", "_closed", "_greet", "_telnet")

    def __init__(self, *, greet: bool = True) -> None:
        self._buffer = bytearray()
        self._telnet = _Telnet()
        self._greet = greet
        self._closed = False

    def greet(self) -> list[r.Request]:
        """Asks for a name at once."""
        self._greet = False
        return [r.Greet()]

    def receive(self, data: bytes) -> list[r.Request]:
        """A request for each line that is complete."""
        if self._closed:
            return []
        buffer = self._buffer
        buffer += self._telnet.filter(data)
        found: list[r.Request] = []
        start = 0
        while (end := buffer.find(b"\n", start)) >= 0 and not self._closed:
            self._take(bytes(buffer[start:end]), found)
            start = end + 1
        del buffer[:start]
        if len(buffer) > MAX_LINE + 1 and not self._closed:
            self._too_long(found)
        if self._closed:
            buffer.clear()
        return found

    def end(self) -> list[r.Request]:
        """A last line without a line break counts as well."""
        found: list[r.Request] = []
        if self._buffer and not self._closed:
            self._take(bytes(self._buffer), found)
            self._buffer.clear()
        return found

    def _take(self, raw: bytes, found: list[r.Request]) -> None:
        raw = raw.removesuffix(b"\r")
        if len(raw) > MAX_LINE:
            self._too_long(found)
            return
        if self._greet:
            self._greet = False
            found.append(r.Greet())
            if not raw.strip():
                return
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError:
            found.append(r.Malformed("That line is no UTF-8. Set your terminal to UTF-8.", "bad-encoding"))
            return
        found.append(parse_line(line))

    def _too_long(self, found: list[r.Request]) -> None:
        self._closed = True
        found.append(r.Malformed(_TOO_LONG, "too-long", fatal=True))

    def encode(self, event: e.Event) -> bytes:
        """The lines for a person, each with its time and safe for any terminal."""
        kind = type(event)
        if kind is e.Said:
            said = _said(event, clock.hour(event.at))  # type: ignore[arg-type]
            return "".join(line + "\n" for line in said).encode("utf-8")
        if kind is e.Greeted:
            return f"{_GREETING}\n".encode()
        time = clock.hour(event.at)
        return "".join(f"{line}\n" for line in _lines(event, time)).encode("utf-8")


def _said(said: e.Said, time: str) -> Iterator[str]:
    sender = harmless(said.sender)
    if said.own:
        before = f"{time} -> {harmless(said.to)}: "
    else:
        where = said.to if said.to.startswith("#") else "(broadcast)" if said.announced else "(private)"
        who = f"* {sender} " if said.action else f"<{sender}> "
        before = f"{time} {harmless(where)} {who}"
    for line in lines(said.text):
        yield before + line


def _lines(event: e.Event, time: str) -> Iterator[str]:
    if isinstance(event, e.Failed):
        for line in lines(event.text):
            yield f"{time} ! {line}"
        return
    if isinstance(event, e.HungUp):
        yield f"{time} ! {harmless(event.reason)}"
        return
    if isinstance(event, e.LoggedIn):
        yield f"{time} * {harmless(_hello(event))}"
    elif isinstance(event, e.Sent) and event.direct:
        for line in lines(event.text):
            text = f"* {line}" if event.action else line
            yield f"{time} -> {harmless(event.to)}: {text}"
    elif isinstance(event, e.HistoryListed | e.InboxListed | e.Found):
        for said in event.messages:
            yield from _said(said, clock.hour_seen_from(said.at, event.at))
    for sentence in prose.sentences(event):
        yield f"{time} * {harmless(sentence)}"


def _hello(event: e.LoggedIn) -> str:
    if not event.channel:
        where = "you are in no channel"
    elif not event.others and event.users > 1:
        where = f"you are in {event.channel} with {event.users - 1} others"
    elif event.others:
        where = f"you are in {event.channel} with {prose.and_others(event.others)}"
    else:
        where = f"you are alone in {event.channel}"
    return f"Hello {event.name}, {where}. /help shows what you can do."
