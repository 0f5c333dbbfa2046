"""The text codec of one connection: lines for people with netcat or telnet."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable
from typing import Any

from evchat.dialects import foreign, phrases, sentences, times
from evchat.dialects.text import help_page
from evchat.dialects.text.telnet import Telnet
from evchat.protocol.authentication import Pass
from evchat.protocol.base import Event, Request
from evchat.protocol.basics import Failed, Helped, HungUp, Malformed, Ponged
from evchat.protocol.history import (
    HistoryListed,
    InboxListed,
    SearchResults,
)
from evchat.protocol.lines import parse_line
from evchat.protocol.login import LoggedIn, LoggedOut, Login, Renamed
from evchat.protocol.messages import Message, MessageAccepted
from evchat.protocol.names import user_key
from evchat.protocol.people import WhoIsTold
from evchat.protocol.signs import DELETED
from evchat.protocol.text import harmless, lines
from evchat.protocol.typed_lines import Greet, NamePrompt, TypedLine
from evchat.settings.model import DEFAULTS, Config, Limits

_ON_SCREEN = "it shows as you type"
"""What to say of a password: the terminal of a person with netcat echoes it, and nothing here can prevent that."""

_TOO_MUCH_TELNET = Malformed("A telnet option has more than 4 KiB. Goodbye.", "too-long", fatal=True)
NO_HTTP = Malformed("HTTP is not supported here.", "bad-request", fatal=True)
NOT_UTF8 = Malformed("That line is not UTF-8. Set your terminal to UTF-8 and send it again.", "bad-encoding")

# What a terminal without line editing sends. Other control characters stay; nobody is shown them raw.
_EDITING = re.compile(r"[\0\b\x7f]")


class TextDialect:
    """The codec for a person with a terminal. Without `greets` the greeting is sent with the first line."""

    name = "text"
    variant = "text"
    context = False
    acknowledges = True
    visits = False
    successor = None
    paced = False
    pings = False

    __slots__ = ("_begun", "_buffer", "_closed", "_greeted", "_most_bytes", "_telnet")

    def __init__(self, limits: Limits = DEFAULTS) -> None:
        self._most_bytes = limits.max_line_bytes
        """The longest line, without its line break."""
        self._buffer = bytearray()
        """The line that is not complete yet."""
        self._telnet = Telnet()
        self._greeted = False
        self._begun = False
        """Whether there was a line that is not blank."""
        self._closed = False

    def greet(self) -> list[Request]:
        """Asks for a name at once on ports where only this dialect is spoken."""
        self._greeted = True
        return [Greet(repeats=False)]

    def receive(self, data: bytes) -> list[Request]:
        """A request for each complete line, preceded by `Greet` if the client was not greeted yet."""
        requests: list[Request] = []
        if self._closed:
            return requests
        first, *rest = self._telnet.strip(data).split(b"\n")
        self._buffer += first
        for line in rest:
            if not self._take(requests):
                return requests
            self._buffer += line
        if not self._fits():
            requests.append(self._too_long())
        elif self._telnet.flooded:
            requests.append(self._close(_TOO_MUCH_TELNET))
        return requests

    def end(self) -> list[Request]:
        """The last line counts even without a line break, because pipes often end without one."""
        requests: list[Request] = []
        if self._buffer and not self._closed:
            self._take(requests)
        return requests

    def farewell(self, *, stopping: bool = False) -> bytes:
        """Nothing."""
        return b""

    def reconfigure(self, config: Config) -> bytes:
        """Lines may be as long as they may be now."""
        self._most_bytes = config.limits.max_line_bytes
        return b""

    def _fits(self) -> bool:
        size = len(self._buffer)
        return size <= self._most_bytes or (size == self._most_bytes + 1 and self._buffer.endswith(b"\r"))

    def _close(self, reason: Malformed) -> Malformed:
        self._closed = True
        self._buffer.clear()
        return reason

    def _too_long(self) -> Malformed:
        text = f"That line is too long (limit {phrases.size(self._most_bytes)}). Goodbye."
        return self._close(Malformed(text, "too-long", fatal=True))

    def _take(self, requests: list[Request]) -> bool:
        """Turns the line in the buffer into a request; False if nothing may follow it."""
        if not self._fits():
            requests.append(self._too_long())
            return False
        # A piped file may begin with a byte order mark, and may not be the first thing that is sent.
        raw = bytes(self._buffer.removesuffix(b"\r").removeprefix(BOM_UTF8))
        self._buffer.clear()
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError:
            line = None
        if line is not None and not line.isprintable():
            line = edited(line)
        if not self._begun and line is not None and (words := line.strip()):
            self._begun = True
            # Servers of HTTP skip blank lines in front of a request (RFC 9112, section 2.2), so these may hide one.
            if foreign.is_http(words.encode()):
                requests.append(self._close(NO_HTTP))
                return False
        if not self._greeted:
            self._greeted = True
            if line is not None and not line.strip():
                requests.append(Greet(repeats=False))
                return True
            late = line is not None and type(parse_line(line)) is TypedLine
            requests.append(Greet(late=late, repeats=False))
        requests.append(NOT_UTF8 if line is None else parse_line(line, join_moves=True))
        return True

    def encode(self, event: Event) -> bytes:
        """Lines for a person, each with its time and safe for any terminal."""
        if type(event) is Message:
            return _said(event, times.hour(event.at))
        if type(event) is NamePrompt:
            return _greeting(event)
        make = _FORMS.get(type(event))
        if make is not None:
            return b"".join(make(event))
        return _lines(times.hour(event.at), "* ", sentences.sentences(event))

    def answer(self, event: Event) -> bytes:
        """The same for everybody, but for one's own new name."""
        if type(event) is Renamed:
            return _lines(times.hour(event.at), "* ", (phrases.renamed_you(event.new),))
        return self.encode(event)


def edited(line: str) -> str:
    """`line` with its backspaces (and DEL) applied and without NUL, which telnet may send behind a carriage return."""
    if not _EDITING.search(line):
        return line
    kept: list[str] = []
    for char in line:
        if char in "\b\x7f":
            del kept[-1:]
        elif char != "\0":
            kept.append(char)
    return "".join(kept)


# ---- events that are more than sentences ----------------------------------------------------------------------


def _lines(time: str, sign: str, texts: Iterable[str]) -> bytes:
    """A line for each text. A line break inside is shown as its picture: nothing may pass for a line of ours."""
    return "".join([f"{time} {sign}{harmless(text)}\n" for text in texts]).encode("utf-8")


def _said(said: Message, time: str, *, mine: bool = False, found: bool = False) -> bytes:
    """A message, one line for each of its lines. `mine`: shown like one just sent; `found`: shown out of context."""
    sender, text = harmless(said.sender), DELETED if said.redacted else said.text
    if mine or said.own:
        before = f"{time} -> {harmless(said.to)}: "
        if said.action:
            before += f"* {sender} "
    else:
        if said.announced:
            place = "(broadcast)"
        elif said.to.startswith("#"):
            place = harmless(said.to) + (f" ({phrases.HOLDERS.get(said.role, 'some')})" if said.role else "")
        else:
            place = f"(private to {harmless(said.to)})" if found else "(private)"
        if said.action:
            before = f"{time} {place} * {sender} "
        else:
            before = f"{time} {place} -{sender}- " if said.notice else f"{time} {place} <{sender}> "
    if text.isascii() and text.isprintable():
        return f"{before}{text}\n".encode()
    return "".join([f"{before}{line}\n" for line in lines(text)]).encode("utf-8")


def _greeting(event: NamePrompt) -> bytes:
    welcome = f"Welcome to {harmless(event.server)}."
    if event.password:
        return f"{welcome} This server has a password. What is it? ({_ON_SCREEN})\n".encode()
    return f"{welcome}\n".encode() if event.answered else f"{welcome} What is your name?\n".encode()


_NEXT = {
    "server-password": f"Type it now ({_ON_SCREEN}).",
    "password-needed": f"Type it now ({_ON_SCREEN}), or press Enter to choose another name.",
    "wrong-password": "Type it again.",
}
"""What the next line is to be after a refused login, by error code."""


def _failed(event: Failed) -> list[bytes]:
    lines_ = [_lines(times.hour(event.at), "! ", (event.text,))]
    if event.code in _NEXT and isinstance(event.request, TypedLine | Login | Pass):
        lines_.append(_lines(times.hour(event.at), "* ", (_NEXT[event.code],)))
    return lines_


def _hung_up(event: HungUp) -> list[bytes]:
    return [_lines(times.hour(event.at), "! ", (event.reason,))]


def _logged_in(event: LoggedIn) -> list[bytes]:
    return [_lines(times.hour(event.at), "* ", (sentences.hello(event), *sentences.sentences(event)))]


def _logged_out(event: LoggedOut) -> list[bytes]:
    words = "Goodbye." if event.closing else "You are logged out. What is your name?"
    return [_lines(times.hour(event.at), "* ", (words,))]


def _sent(event: MessageAccepted) -> list[bytes]:
    time = times.hour(event.at)
    answer = [_lines(time, "* ", sentences.sentences(event))]
    if event.direct and event.text:
        before = f"-> {harmless(event.to)}: " + ("* " if event.action else "")
        answer.insert(0, _lines(time, before, lines(event.text)))
    return answer


def _messages(event: HistoryListed | InboxListed | SearchResults) -> list[bytes]:
    """Old messages with their own times, and the date if not today. In a history with a user, with their senders."""
    peer = user_key(event.to) if isinstance(event, HistoryListed) and event.to[:1] not in "#*" else None
    found = isinstance(event, SearchResults)
    told = [
        _said(
            said,
            times.hour_seen_from(said.at, event.at),
            mine=peer is not None and user_key(said.sender) != peer,
            found=found,
        )
        for said in event.messages
    ]
    now = times.hour(event.at)
    heading = [phrases.earlier(event.to, len(told))] if told and isinstance(event, HistoryListed) else []
    return [_lines(now, "* ", heading), *told, _lines(now, "* ", sentences.sentences(event))]


def _listed(event: Event) -> list[bytes]:
    """A table, and the sentences that follow."""
    table = sentences.table(event)
    texts = (*(table.lines() if table else ()), *sentences.sentences(event))
    return [_lines(times.hour(event.at), "* ", texts)]


def _whois(event: WhoIsTold) -> list[bytes]:
    return [_lines(times.hour(event.at), "* ", sentences.details(event).lines())]


def _ponged(event: Ponged) -> list[bytes]:
    token = sentences.sentences(event)[0]
    return [_lines(times.hour(event.at), "* ", (f"{token} (the server's time is {times.clock(event.at)})",))]


def _helped(event: Helped) -> list[bytes]:
    return [_lines(times.hour(event.at), "* ", help_page.page(event))]


_FORMS: dict[type[Event], Callable[[Any], list[bytes]]] = {
    **dict.fromkeys(sentences.TABLES, _listed),
    WhoIsTold: _whois,
    Ponged: _ponged,
    Failed: _failed,
    HungUp: _hung_up,
    LoggedIn: _logged_in,
    LoggedOut: _logged_out,
    MessageAccepted: _sent,
    HistoryListed: _messages,
    InboxListed: _messages,
    SearchResults: _messages,
    Helped: _helped,
}
