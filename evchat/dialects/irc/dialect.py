"""The IRC codec of one connection: bytes to requests, events to lines, labels around the answers."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import Final

from evchat.dialects.irc import broadcasts, caps, replies
from evchat.dialects.irc.batches import Batches
from evchat.dialects.irc.client import IrcClient
from evchat.dialects.irc.commands import requests
from evchat.dialects.irc.line import (
    MAX_LINE,
    MAX_TAGS,
    Line,
    cut,
    escape,
    parse,
    safe,
    tagged,
    whole,
    written,
)
from evchat.dialects.irc.local_requests import Local, local
from evchat.dialects.irc.sasl import Sasl
from evchat.dialects.irc.transport import PLAIN, Transport
from evchat.protocol.authentication import AccountChanged
from evchat.protocol.base import Answer, Event, Request
from evchat.protocol.basics import HungUp, LocalReply, Malformed, ReplyLocally, ServerNotice, Stopping
from evchat.protocol.channels import TopicChanged
from evchat.protocol.login import Expectations, Introduce, LoggedOut, Renamed
from evchat.protocol.membership import Kicked
from evchat.protocol.messages import Message, SendMessage
from evchat.protocol.modes import ModesChanged
from evchat.protocol.pins import Pinned, Unpinned
from evchat.protocol.user_settings import RealnameChanged
from evchat.settings.model import Config

_SHORT: Final = 400
"""Bytes of a line that fits also with its sender before it."""

_FLOOD: Final = 16_000
"""Bytes without a line break beyond which a line is not a slip but an attack: the connection closes."""

_EMPTY_LINES_PER_TOKEN: Final = 32
"""Lines without a command that together count as one small request: a flood of them is slowed like any other."""

_MAX_ORDINARY: Final = 4096
"""Targets of messages that are remembered as harmless, at most 400 bytes each."""

_LABEL: Final = 64
"""Characters of a label (IRCv3 labeled-response)."""

_TRUNCATED: Final = {
    "TOPIC": (1, "max_topic_bytes"),
    "KICK": (2, "max_reason_bytes"),
    "AWAY": (0, "max_away_bytes"),
}
"""Commands whose text is truncated: which parameter that is, and the limit for its length."""

_BRACKETS: Final = ("label", "unlabel")

_OWN_ACTIONS: Final = (
    AccountChanged | Kicked | ModesChanged | Pinned | RealnameChanged | Renamed | TopicChanged | Unpinned
)
"""Events that, told to one client alone, are what it has done itself: part of the answer to its request."""

_EXPECTS: Final = tuple(
    Expectations(
        starts_in_main=in_main, inbox_at_login=True, counts_at_login=True, directs_to_itself=True,
        events_in_history=True, letter_first=True, one_account=True, leads_back=False,
    )
    for in_main in (False, True)
)  # fmt: skip
"""What RFC 2812 and IRCv3 lead clients to expect; whether they start in #main, the server's owner says."""


class IrcDialect:
    """An IRC client. `receive` depends on its bytes alone; what is negotiated holds from when it was answered."""

    name = "irc"
    paced = False
    pings = True
    context = True
    visits = False
    successor = None

    __slots__ = (
        "_batches", "_buffer", "_captured", "_closed", "_empty_lines", "_label", "_met", "_sasl", "acknowledges",
        "client",
    )  # fmt: skip

    def __init__(
        self, config: Config, version: str = "evchat", started: int = 0, transport: Transport = PLAIN
    ) -> None:
        """`version` is the server's, which runs since `started` (milliseconds since the epoch)."""
        self.client = IrcClient(config, version, started, transport)
        self._buffer = b""
        """The line that is not complete yet."""
        self._met = False
        """Whether a first line has come, so that the core knows that a login in parts has begun."""
        self._closed = False
        self._sasl: Sasl | None = None
        self._batches: Batches | None = None
        """Both are made when they are needed, which in most connections is never."""
        self._label = ""
        self._empty_lines = 0
        """Lines without a command so far."""
        self._captured: list[str] | None = None
        """The lines that answer a labelled command, until all of them are there."""
        self.acknowledges = False
        """Whether the client wants its messages back: then it has the capability echo-message."""

    @property
    def variant(self) -> tuple[str, int]:
        """Clients with the same capabilities hear the same."""
        return ("irc", self.client.caps & caps.BROADCASTS)

    # ---- what the client sends --------------------------------------------------------------------------------

    def greet(self) -> list[Request]:
        """Nothing: the client speaks first."""
        return []

    def receive(self, data: bytes) -> list[Request]:
        """The requests of each line that is complete."""
        asked: list[Request] = []
        if self._closed:
            return asked
        if self._buffer:
            data = self._buffer + data
        lines = data.split(b"\n")
        self._buffer = lines.pop()
        for raw in lines:
            if self._met and raw.startswith(b"PRIVMSG ") and (message := _plain(raw)) is not None:
                asked.append(message)
            elif len(raw) > _FLOOD:
                return self._flooded(asked)
            else:
                self._take(raw, asked)
        return self._flooded(asked) if len(self._buffer) > _FLOOD else asked

    def _flooded(self, asked: list[Request]) -> list[Request]:
        self._closed, self._buffer = True, b""
        asked.append(Malformed(f"A line has more than {_FLOOD} bytes.", "too-long", fatal=True))
        return asked

    def farewell(self, *, stopping: bool = False) -> bytes:
        """Nothing."""
        return b""

    def reconfigure(self, config: Config) -> bytes:
        """Limits and the message of the day; tokens of RPL_ISUPPORT that have changed are told at once."""
        changed = self.client.reconfigure(config)
        return written(changed) if changed and self.client.welcomed else b""

    def end(self) -> list[Request]:
        """What was not ended with a line break was not said."""
        return []

    def _take(self, raw: bytes, asked: list[Request]) -> None:
        if not self._met:
            self._met = True
            asked.append(Introduce(expects=_EXPECTS[self.client.config.irc_main]))
        # NUL is legal nowhere in a line (RFC 2812, section 2.3.1), and a byte order mark is not part of its text.
        raw = raw.rstrip(b"\r\0").removeprefix(BOM_UTF8)
        tags, _, rest = raw.partition(b" ") if raw.startswith(b"@") else (b"", b"", raw)
        if len(rest) > MAX_LINE or len(tags) >= MAX_TAGS:
            asked.append(local("too-long", early=True))
            return
        try:
            line = parse(raw.decode("utf-8").replace("\0", "").replace("\r", ""))
        except UnicodeDecodeError:
            # The line is not carried out, but FAIL names its command, and a label goes back with it.
            line = parse(raw.decode("utf-8", "replace"))
            command = line.command if line is not None and line.command.isascii() else "*"
            fail = local("fail", command, "INVALID_UTF8", "Your line was not UTF-8", early=True)
            asked += _labelled(dict(line.tags).get("label", "") if line is not None else "", [fail])
            return
        if line is not None:
            asked += self._answered(line)
            return
        self._empty_lines += 1
        if self._empty_lines % _EMPTY_LINES_PER_TOKEN == 0:
            asked.append(local("nothing", early=True))

    def _answered(self, line: Line) -> list[Request]:
        """What a line means, between the words that put its label to the answer; a batch has the label of its first."""
        label = dict(line.tags).get("label", "") if line.tags else ""
        batch = self._batches.label if self._batches is not None else ""
        asked = self._read(line)
        if self._batches is not None and self._batches.label:
            return asked if line.command == "BATCH" else _labelled(label, asked)
        return _labelled(label or batch, asked)

    def _read(self, line: Line) -> list[Request]:
        if line.command == "AUTHENTICATE":
            if self._sasl is None:
                self._sasl = Sasl(self.client.transport.mechanisms)
            return self._sasl.take(line)
        if line.command == "CAP" and line.param(0).upper() == "END":
            # IRCv3 SASL: a client that ends the negotiation in the middle of an exchange has aborted it.
            given_up = self._sasl.give_up() if self._sasl is not None else []
            return given_up + requests(line, self.client.config.limits)
        asked = self._batched(line)  # what is in a batch may need more lines, and gets them
        if asked is None and line.command in ("PRIVMSG", "NOTICE") and self._is_too_long(line):
            return [local("too-long")]
        return asked or requests(self._cut(line), self.client.config.limits)

    def _batched(self, line: Line) -> list[Request] | None:
        """What a line means to a batch; None if it is none of its business."""
        if self._batches is None:
            if line.command != "BATCH" and not (line.tags and any(name == "batch" for name, _ in line.tags)):
                return None
            self._batches = Batches(self.client.config.limits)
        return self._batches.take(line)

    def _cut(self, line: Line) -> Line:
        """A line with its text truncated to the announced length, which IRC servers do rather than refuse it."""
        if line.command not in _TRUNCATED:
            return line
        place, limit = _TRUNCATED[line.command]
        most: int = getattr(self.client.config.limits, limit)
        # A character has at most four bytes in UTF-8, so a short text is known to fit without being encoded.
        if len(line.param(place)) * 4 <= most:
            return line
        text = whole(line.params[place].encode("utf-8"), most).decode("utf-8")
        return Line(line.command, (*line.params[:place], text, *line.params[place + 1 :]), line.tags)

    def _is_too_long(self, line: Line) -> bool:
        """Whether a message would not fit a line for those who get it: rather than cut, it is refused."""
        text, target = line.param(1), line.param(0)
        if len(text) < MAX_LINE // 5:
            return False
        source = broadcasts.source(self.client.nick, self.client.who)
        head = f":{source} {line.command} {max(target.split(','), key=len)} :"
        return len(f"{head}{text}".encode()) > MAX_LINE

    # ---- what the client hears --------------------------------------------------------------------------------

    def encode(self, event: Event) -> bytes:
        """An event's lines, the same for all with these capabilities."""
        if type(event) is Message and (line := broadcasts.plain(event, self.client.caps)):
            return line
        form = broadcasts.FORMS.get(type(event))
        return written(form(event, self.client.caps) if form else self._common(event))

    def _common(self, event: Event) -> list[str]:
        """The few things that the server tells many, without their names."""
        if isinstance(event, Stopping):
            return [
                f":{self.client.hostname} NOTICE * :{safe(event.reason)}",
                f"ERROR :Closing Link: {self.client.hostname} ({safe(event.reason)})",
            ]
        if isinstance(event, ServerNotice):
            return [
                cut(f":{self.client.hostname} NOTICE * :{safe(line)}") for line in event.text.splitlines()
            ]
        return []

    def answer(self, event: Event) -> bytes:
        """What this client alone is told. Lines that answer a labelled command wait until all are there."""
        if (
            isinstance(event, LocalReply)
            and isinstance(event.payload, Local)
            and event.payload.what in _BRACKETS
        ):
            return self._bracket(event.payload)
        lines = replies.lines(self.client, event)
        self.acknowledges = bool(self.client.caps & caps.ECHO_MESSAGE)
        if self._captured is None:
            return written(lines) if lines else b""
        if isinstance(event, HungUp):  # which ends the connection, and answers nothing that was asked
            return (self._answer_whole() if self._captured else b"") + written(lines)
        # While a password is checked, what happens meanwhile is no answer.
        if not isinstance(event, Answer | LocalReply | _OWN_ACTIONS):
            return written(lines)
        self._captured += lines
        # Nothing follows the last words, so nothing would let them go.
        return self._answer_whole() if isinstance(event, LoggedOut) and event.closing else b""

    def _bracket(self, word: Local) -> bytes:
        if word.what == "unlabel":
            return self._answer_whole()
        if self.client.caps & caps.LABELED_RESPONSE and self.client.caps & caps.BATCH:
            self._label, self._captured = word.params[0], []
        return b""

    def _answer_whole(self) -> bytes:
        """The answer to a labelled command, now that all of it is there."""
        lines, self._captured = self._captured, None
        if lines is None:
            return b""
        tag = f"label={escape(self._label)}"
        if not lines:
            return written([f"@{tag} :{self.client.hostname} ACK"])
        if len(lines) == 1 or _is_one_batch(lines):
            return written([tagged(lines[0], tag), *lines[1:]])
        reference = self.client.new_reference()
        inner = [line if _batched(line) else tagged(line, f"batch={reference}") for line in lines]
        return written(
            [
                f"@{tag} :{self.client.hostname} BATCH +{reference} labeled-response",
                *inner,
                f":{self.client.hostname} BATCH -{reference}",
            ]
        )


def _plain(raw: bytes) -> SendMessage | None:
    """The message in a line after `PRIVMSG `, if it is what nearly always is sent: a short text to one channel or user.

    None for everything that has to be taken apart like other lines: lists of targets, roles before a channel, queries.
    """
    if len(raw) >= _SHORT:
        return None
    try:
        target, _, text = raw.decode("utf-8")[8:].rstrip("\r").partition(" :")
    except UnicodeDecodeError:
        return None
    if not text or "\r" in text or "\0" in text or "\x01" in text:
        return None
    if target not in _ordinary and not _is_ordinary(target):
        return None
    return SendMessage(text, target)


_ordinary: set[str] = set()
"""Targets that were looked at before, because most messages go where others have gone."""


def _is_ordinary(target: str) -> bool:
    """Whether a target is one name of a channel or user, without anything that has a meaning of its own."""
    if not target or target[0] in "@+:" or " " in target or "," in target or not target.isprintable():
        return False
    if len(_ordinary) >= _MAX_ORDINARY:
        _ordinary.clear()
    _ordinary.add(target)
    return True


def _labelled(label: str, asked: list[Request]) -> list[Request]:
    """Requests between the words that gather what they are answered, if there is a label for it."""
    if not 0 < len(label) <= _LABEL:
        return asked
    return [ReplyLocally(Local("label", (label,), True)), *asked, ReplyLocally(Local("unlabel", (), True))]


def _batched(line: str) -> bool:
    """Whether a line is in a batch already."""
    return line.startswith("@") and any(
        tag.startswith("batch=") for tag in line[1 : line.index(" ")].split(";")
    )


def _is_one_batch(lines: list[str]) -> bool:
    """Whether lines are one batch from its first to its last, which then bears the label itself."""
    words = lines[0].split(" ")
    place = 2 if lines[0].startswith("@") else 1
    if len(words) < place + 2 or words[place] != "BATCH" or not words[place + 1].startswith("+"):
        return False
    return lines[-1].endswith(f" BATCH -{words[place + 1][1:]}")
