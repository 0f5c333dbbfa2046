"""What the clients of the older systems have in common: a segment is a line, and a frame is a segment.

They end no line, take one `recv` for one message, compare some words of the server, and fail when it closes first. So
these dialects can't keep the law of the others, that the same bytes in any pieces mean the same: the pieces are all
there is. Frames are queued with a newline, which `evchat.net.unframed` takes away again; none has one inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Final

from evchat.dialects import foreign, phrases, sentences, times
from evchat.dialects.base import Action
from evchat.dialects.pieces import pieces, utf8_size
from evchat.dialects.text.dialect import NO_HTTP, NOT_UTF8, edited
from evchat.protocol.base import Event
from evchat.protocol.basics import Failed, Helped, HungUp, Malformed, Pinged
from evchat.protocol.history import HistoryListed, InboxListed, SearchResults
from evchat.protocol.lines import parse_line
from evchat.protocol.login import LoggedIn, LoggedOut
from evchat.protocol.messages import Message, MessageAccepted
from evchat.protocol.names import MAIN, channel_key
from evchat.protocol.signs import DELETED
from evchat.protocol.text import harmless, lines
from evchat.protocol.typed_lines import Greet, NamePrompt
from evchat.settings.model import DEFAULTS, Config, Limits

LONGEST: Final = 999
"""Bytes of a frame: these clients read a thousand or 1,024 at a time."""
_CUT_OFF: Final = "unexpected end of data"
"""Why the decoder stops at a character whose last bytes have not come yet: at most three have."""

ASK_NAME: Final = "What is your name?"
_SEND_PASSWORD: Final = "Send the password now, or /login NAME for another name."
_PASSWORDS: Final = frozenset({"password-needed", "wrong-password", "server-password"})
"""The codes of refused logins after which a line is taken for a password."""


class UnframedDialect:
    """The codec for a client that ends no line. Its kinds override what is particular to them."""

    name: ClassVar[str]
    echoes: ClassVar[bool] = True
    """Whether the client hears its own messages."""
    compared: ClassVar[frozenset[str]] = frozenset()
    """The words that its client compares: no other frame may be one of them."""

    acknowledges = True
    context = False
    paced = True
    pings = False
    visits = False
    successor = None

    __slots__ = ("_begun", "_closed", "_longest", "_rest", "logged_in")

    def __init__(self, limits: Limits = DEFAULTS) -> None:
        self._longest = limits.max_line_bytes
        self._rest = b""
        """The beginning of a character that a segment has cut."""
        self._begun = False
        """Whether there was a line."""
        self._closed = False
        self.logged_in = False
        """Whether the client was told that it is."""

    @property
    def variant(self) -> str:
        """All clients of a kind get the same bytes."""
        return self.name

    def greet(self) -> Sequence[Action]:
        """Asks for a name at once."""
        return [Greet(echo=self.echoes)]

    # ---- what the client says ---------------------------------------------------------------------------------

    def receive(self, data: bytes) -> Sequence[Action]:
        """What a segment means. A newline inside separates lines as well."""
        actions: list[Action] = []
        data, self._rest = self._rest + data, b""
        *ended, last = data.split(b"\n")
        for at, raw in enumerate([*ended, last]):
            if self._closed:
                break
            if len(raw) > self._longest:
                most = phrases.size(self._longest)
                actions.append(Malformed(f"That line is too long (limit {most}).", "too-long"))
                continue
            line = self._decode(raw, last=at == len(ended))
            if line is None:
                actions.append(NOT_UTF8)
            elif line := edited(line).strip():
                actions += self._take(line)
        return actions

    def _decode(self, raw: bytes, *, last: bool) -> str | None:
        """The text of a line, or None. The beginning of a character at the end of the `last` one is kept."""
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            if not last or error.reason != _CUT_OFF:
                return None
            self._rest = raw[error.start :]
            return raw[: error.start].decode("utf-8")

    def end(self) -> Sequence[Action]:
        """Nothing: a line is complete as soon as it has come."""
        return []

    def _take(self, line: str) -> Sequence[Action]:
        if not self._begun:
            self._begun = True
            if foreign.is_http(line.encode()):
                self._closed = True
                return [NO_HTTP]
        return self.line(line)

    def line(self, line: str) -> Sequence[Action]:
        """What a line means, which is not blank: as somebody with netcat has typed it."""
        return [parse_line(line, join_moves=True)]

    # ---- what the client hears --------------------------------------------------------------------------------

    def encode(self, event: Event) -> bytes:
        """The frames of an event, the same for all clients of a kind."""
        if type(event) is Message:
            return self.message(event, times.hour(event.at))
        make = _FORMS.get(type(event))
        return make(self, event) if make is not None else self.frames(self.words(event))

    def answer(self, event: Event) -> bytes:
        """The same, for this client alone."""
        if type(event) is LoggedIn:
            self.logged_in = True
        elif type(event) is LoggedOut:
            self.logged_in = False
        elif type(event) is Failed and not self.logged_in:
            return self.not_let_in(event)
        return self.encode(event)

    def farewell(self, *, stopping: bool = False) -> bytes:
        """Nothing."""
        return b""

    def reconfigure(self, config: Config) -> bytes:
        """Lines may be as long as they may be now."""
        self._longest = config.limits.max_line_bytes
        return b""

    def words(self, event: Event) -> Sequence[str]:
        """An event in sentences, and before them the rows of a list."""
        rows = sentences.spoken(event)
        return [*(["; ".join(rows)] if rows else []), *sentences.sentences(event)]

    def place(self, said: Message) -> str:
        """Where a message was said, as a mark before it; nothing for #main."""
        if said.announced:
            return "[broadcast] "
        if not said.to.startswith("#"):
            return "[private] "
        return "" if channel_key(said.to) == MAIN else f"[{harmless(said.to)}] "

    def before(self, said: Message, time: str) -> str:
        """What stands before each line of a message, which was said at `time`."""
        sender = harmless(said.sender)
        if said.own:
            return f"-> {harmless(said.to)}: "
        return self.place(said) + (f"* {sender} " if said.action else f"{sender}: ")

    def message(self, said: Message, time: str) -> bytes:
        """A message, a frame or more for each of its lines."""
        before = self.before(said, time)
        return self.frames(lines(DELETED if said.redacted else said.text), before)

    def frames(self, texts: Iterable[str], before: str = "") -> bytes:
        """Frames with these texts, each behind `before`, cut where they are too long."""
        room = LONGEST - utf8_size(before)
        told = [before + piece for text in texts for piece in pieces(harmless(text), room) if before or piece]
        told = [f"'{frame}'" if frame in self.compared else frame for frame in told]
        return "".join([f"{frame}\n" for frame in told]).encode("utf-8", "replace")

    def prompt(self, event: NamePrompt) -> bytes:
        """Asks for a name, or for the server's password."""
        asked = "This server has a password. What is it?" if event.password else ASK_NAME
        return self.frames([f"Welcome to {event.server}. {asked}"])

    def welcome(self, event: LoggedIn) -> bytes:
        """The login succeeded."""
        return self.frames([sentences.hello(event), *self.words(event)])

    def not_let_in(self, event: Failed) -> bytes:
        """The login failed, or something was asked before it: what the next line is to be."""
        return self.frames([f"{event.text} {_SEND_PASSWORD if event.code in _PASSWORDS else ASK_NAME}"])

    def goodbye(self, event: LoggedOut) -> bytes:
        """The user has logged out."""
        return self.frames(["Goodbye." if event.closing else f"You are logged out. {ASK_NAME}"])

    def last_words(self, event: HungUp) -> bytes:
        """The server ends the connection."""
        return self.frames([event.reason])


def _failed(dialect: UnframedDialect, event: Failed) -> bytes:
    return dialect.frames([event.text])


def _messages(dialect: UnframedDialect, event: HistoryListed | InboxListed | SearchResults) -> bytes:
    told = [dialect.message(said, times.hour_seen_from(said.at, event.at)) for said in event.messages]
    return b"".join([*told, dialect.frames(dialect.words(event))])


def _sent(dialect: UnframedDialect, event: MessageAccepted) -> bytes:
    sent = b""
    if event.direct and event.text:
        sent = dialect.frames(lines(event.text), f"-> {harmless(event.to)}: {'* ' if event.action else ''}")
    return sent + dialect.frames(dialect.words(event))


def _helped(dialect: UnframedDialect, event: Helped) -> bytes:
    if not event.one:
        known = ", ".join(command.words[0] for command in event.commands if command.words)
        return dialect.frames([f"Commands: {known}. /help with one of them explains it."])
    return dialect.frames(
        f"{command.usage or command.name}   {command.summary}" for command in event.commands
    )


_FORMS: Final[dict[type[Event], Callable[[UnframedDialect, Any], bytes]]] = {
    Failed: _failed,
    Helped: _helped,
    HistoryListed: _messages,
    HungUp: lambda dialect, event: dialect.last_words(event),
    InboxListed: _messages,
    LoggedIn: lambda dialect, event: dialect.welcome(event),
    LoggedOut: lambda dialect, event: dialect.goodbye(event),
    MessageAccepted: _sent,
    NamePrompt: lambda dialect, event: dialect.prompt(event),
    Pinged: lambda _dialect, _event: b"",
    SearchResults: _messages,
}
