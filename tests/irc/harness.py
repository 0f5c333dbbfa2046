"""What the IRC tests drive: servers with an `irc://` listener, an honest client, and patterns for what it hears."""

from __future__ import annotations

import base64
import os
import re
import socket
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.e2e.harness import Full, Server

DEADLINE = 5.0
"""Seconds after which an answer is not coming any more. Never waited for when all is well."""

ELSEWHERE = os.environ.get("EVCHAT_TEST_IRC_AT")
"""HOST:PORT of some other IRC server to try the tests themselves on."""


class _Any:
    """Equal to every text."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str)

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "ANY"


@dataclass(frozen=True, eq=False)
class Re:
    """Equal to every text that the pattern fits from end to end."""

    pattern: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and re.fullmatch(self.pattern, other, re.DOTALL) is not None

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, eq=False)
class Not:
    """Equal to every text that is not this one, and does not fit if it is a pattern."""

    wrong: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and not self.wrong == other  # noqa: SIM201 (patterns define == alone)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, eq=False)
class Fold:
    """Equal to this text in any case."""

    text: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and other.lower() == self.text.lower()

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, eq=False)
class Words:
    """Equal to these words in any order, separated by single spaces."""

    words: tuple[Any, ...]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str):
            return False
        return sorted(other.strip(" ").split(" ")) == sorted(self.words)

    __hash__ = None  # type: ignore[assignment]


def words(*expected: str) -> Words:
    """The words of a list whose order means nothing, such as the names in 353."""
    return Words(expected)


ANY = _Any()
"""Any one parameter, or any value of a tag."""
REST = type("Rest", (), {"__repr__": lambda _: "REST"})()
"""At the end of a pattern: any number of further parameters, none too. `ANY, REST` is one or more."""
ABSENT = type("Absent", (), {"__repr__": lambda _: "ABSENT"})()
"""As the value of a tag: that tag must not be there."""

_ESCAPES = {":": ";", "s": " ", "\\": "\\", "r": "\r", "n": "\n"}


def unescape(value: str) -> str:
    """The value of a tag as it was meant."""
    return re.sub(r"\\(.?)", lambda match: _ESCAPES.get(match[1], match[1]), value, flags=re.DOTALL)


@dataclass(frozen=True)
class Message:
    """One line. A tag without a value has the value ""."""

    tags: dict[str, str]
    source: str | None
    command: str
    params: list[str] = field(default_factory=list)

    @classmethod
    def parse(cls, line: str) -> Message:
        tags: dict[str, str] = {}
        if line.startswith("@"):
            written, _, line = line[1:].partition(" ")
            for tag in written.split(";"):
                key, _, value = tag.partition("=")
                assert re.fullmatch(r"\+?(?:[^\s/;=]+/)?[A-Za-z0-9-]+", key), f"{key!r} is no name of a tag"
                tags[key] = unescape(value)
        middle, colon, trailing = line.partition(" :")
        parts = middle.split()
        source = parts.pop(0)[1:] if parts and parts[0].startswith(":") else None
        assert parts, f"no command in {line!r}"
        return cls(tags, source, parts[0], parts[1:] + ([trailing] if colon else []))

    @property
    def nick(self) -> str | None:
        """Who it is from, without user name and host."""
        return None if self.source is None else self.source.partition("!")[0]

    def differs(
        self,
        command: str | Any = ANY,
        *params: Any,
        nick: Any = None,
        source: Any = None,
        tags: dict[str, Any] | None = None,
    ) -> str:
        """What does not fit, "" if all does. Without `params`, any do; of the tags, those named must fit."""
        if not command == self.command:  # noqa: SIM201
            return f"command {self.command!r} instead of {command!r}"
        if params:
            wanted, got = list(params), self.params
            if wanted[-1] is REST:
                wanted.pop()
                got = got[: len(wanted)]
            if not wanted == got:  # noqa: SIM201
                return f"params {self.params!r} instead of {list(params)!r}"
        if nick is not None and not nick == self.nick:  # noqa: SIM201
            return f"nick {self.nick!r} instead of {nick!r}"
        if source is not None and not source == self.source:  # noqa: SIM201
            return f"source {self.source!r} instead of {source!r}"
        for key, value in (tags or {}).items():
            if (key in self.tags) if value is ABSENT else not (key in self.tags and value == self.tags[key]):
                return f"tag {key}={self.tags.get(key)!r} instead of {value!r}"
        return ""

    def fits(self, *pattern: Any, **more: Any) -> bool:
        """Whether `differs` finds nothing."""
        return not self.differs(*pattern, **more)


def expect(message: Message, *pattern: Any, **more: Any) -> Message:
    """The message, which must fit: command, parameters, then `nick`, `source`, `tags` by name."""
    wrong = message.differs(*pattern, **more)
    assert not wrong, f"{wrong}: {message}"
    return message


def named(messages: Iterable[Message], *commands: str) -> list[Message]:
    """Those of the messages that have one of these commands."""
    return [message for message in messages if message.command in commands]


def commands(messages: Iterable[Message]) -> list[str]:
    """The commands of the messages, in order."""
    return [message.command for message in messages]


def one(messages: Sequence[Message], command: str, *params: Any, **more: Any) -> Message:
    """The only message with this command, which must fit."""
    found = named(messages, command)
    assert len(found) == 1, f"{len(found)} × {command} in {messages}"
    return expect(found[0], command, *params, **more)


def some(messages: Sequence[Message], *pattern: Any, **more: Any) -> Message:
    """The first of the messages that fits, of which there must be one."""
    for message in messages:
        if message.fits(*pattern, **more):
            return message
    raise AssertionError(f"nothing fits {pattern} {more} in {messages}")


def expect_all(messages: Sequence[Message], *patterns: tuple[Any, ...]) -> None:
    """There are as many messages as patterns, and each fits its own, in this order."""
    assert len(messages) == len(patterns), f"{len(patterns)} messages should be in {messages}"
    for message, pattern in zip(messages, patterns, strict=True):
        expect(message, *pattern)


def plain_blob(name: str, password: str, authzid: str = "") -> str:
    """What follows `AUTHENTICATE +` for SASL PLAIN."""
    return base64.b64encode(f"{authzid}\0{name}\0{password}".encode()).decode()


class IrcClient:
    """A connection to an IRC server. All that passes is printed: pytest shows it if the test fails."""

    count = 0

    def __init__(self, sock: socket.socket, label: str = "") -> None:
        IrcClient.count += 1
        self.number = IrcClient.count
        self.sock = sock
        self.buffer = b""
        self.nick: str | None = None
        """The nick it registered with."""
        self.label = label or f"client {self.number}"
        self.isupport: dict[str, str | None] = {}
        """The tokens of 005."""
        self.syncs = 0

    # What it says

    def raw(self, data: bytes) -> None:
        """Sends bytes as they are."""
        print(f"{self.label} -> {data!r}")
        self.sock.sendall(data)

    def send(self, *lines: str) -> None:
        """Sends lines, each in a segment of its own or not, as it happens."""
        for line in lines:
            print(f"{self.label} -> {line}")
            self.sock.sendall(line.encode() + b"\r\n")

    # What it hears

    def recv(self) -> Message:
        """The next message. PINGs of the server are answered and, before registration, its NOTICEs dropped."""
        while True:
            line = self.line()
            assert line is not None, f"{self.label}: the connection ended"
            message = Message.parse(line)
            if message.command == "PING":
                self.send(f"PONG :{message.params[-1]}")
            elif message.command != "NOTICE" or self.nick is not None:
                return message

    def line(self) -> str | None:
        """The next line, which must be well formed; None once the server has closed."""
        deadline = time.monotonic() + DEADLINE
        while b"\n" not in self.buffer:
            self.sock.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                data = self.sock.recv(65536)
            except TimeoutError:
                raise AssertionError(f"{self.label}: nothing came in {DEADLINE} s") from None
            except ConnectionResetError:
                data = b""
            if not data:
                assert not self.buffer, f"{self.label}: half a line at the end: {self.buffer!r}"
                return None
            self.buffer += data
        raw, _, self.buffer = self.buffer.partition(b"\n")
        print(f"{self.label} <- {raw.decode('utf-8', 'backslashreplace')}")
        assert raw.endswith(b"\r"), f"{raw!r} does not end in CR LF"
        assert b"\r" not in raw[:-1] and b"\0" not in raw, f"a control character in {raw!r}"
        return raw[:-1].decode("utf-8")

    def expect(self, *pattern: Any, **more: Any) -> Message:
        """The next message, which must fit."""
        return expect(self.recv(), *pattern, **more)

    def wait(self, *pattern: Any, **more: Any) -> Message:
        """The next message that fits; those before it are dropped."""
        while not (message := self.recv()).fits(*pattern, **more):
            pass
        return message

    def collect(self) -> list[Message]:
        """Everything that came before the answer to a PING sent now."""
        self.syncs += 1
        token = f"sync-{self.number}-{self.syncs}"
        self.send(f"PING {token}")
        messages: list[Message] = []
        while True:
            message = self.recv()
            if message.command == "PONG" and token in message.params:
                return messages
            if self.nick is None and message.fits("451", REST) and message.params[1:2] == ["PING"]:
                return messages  # a server that says so to strangers has seen the PING too
            messages.append(message)

    def ask(self, *lines: str) -> list[Message]:
        """Sends lines and collects what comes, what has been waiting before included."""
        self.send(*lines)
        return self.collect()

    def silent(self) -> None:
        """Nothing has come."""
        got = self.collect()
        assert not got, f"{self.label} should have heard nothing, but {got}"

    def closed(self) -> list[Message]:
        """The server closes the connection; what it said before."""
        messages = []
        while (line := self.line()) is not None:
            messages.append(Message.parse(line))
        return messages

    # What it does

    def cap_ls(self, version: str = "302") -> dict[str, str | None]:
        """The capabilities that the server offers, with their values."""
        self.send(f"CAP LS {version}".rstrip())
        caps: dict[str, str | None] = {}
        while True:
            message = expect(self.recv(), "CAP", ANY, "LS", REST)
            for cap in message.params[-1].split():
                name, equals, value = cap.partition("=")
                caps[name] = value if equals else None
            if len(message.params) == 3:
                return caps
            expect(message, "CAP", ANY, "LS", "*", ANY)

    def req(self, *caps: str) -> None:
        """Turns capabilities on, which must work."""
        self.send(f"CAP REQ :{' '.join(caps)}")
        expect(self.recv(), "CAP", ANY, "ACK", Re(" ?" + re.escape(" ".join(caps)) + " ?"))

    def authenticate(self, name: str, password: str) -> list[Message]:
        """SASL PLAIN up to 903; the capability must be on."""
        self.send("AUTHENTICATE PLAIN")
        expect(self.recv(), "AUTHENTICATE", "+")
        self.send(f"AUTHENTICATE {plain_blob(name, password)}")
        messages = [self.recv()]
        while messages[-1].command == "900":
            messages.append(self.recv())
        expect(messages[-1], "903")
        return messages

    def register(
        self,
        nick: str,
        caps: Iterable[str] = (),
        account: tuple[str, str] | None = None,
        *,
        username: str = "username",
        realname: str = "Realname",
        password: str | None = None,
    ) -> list[Message]:
        """Becomes somebody; everything from 001 to the end of the MOTD. `account` are its name and password."""
        self.label = nick
        caps = [*caps, *(["sasl"] if account and "sasl" not in caps else [])]
        if caps:
            self.cap_ls()
            self.req(*caps)
        if account:
            self.authenticate(*account)
        if password is not None:
            self.send(f"PASS :{password}")
        self.send(f"NICK {nick}", f"USER {username} 0 * :{realname}")
        if caps:
            self.send("CAP END")
        return self.welcomed(nick)

    def welcomed(self, nick: str) -> list[Message]:
        """Everything from 001, which must be the next answer, to the end of the MOTD and what follows at once."""
        welcome = expect(self.recv(), "001", nick, ANY)
        self.nick = nick
        messages = [welcome, *self.collect()]
        for message in named(messages, "005"):
            for token in message.params[1:-1]:
                name, equals, value = token.partition("=")
                self.isupport[name] = value if equals else None
        return messages

    def join(self, channel: str, key: str = "") -> list[Message]:
        """Enters a channel, which must work; what is heard of it."""
        messages = self.ask(f"JOIN {channel} {key}".rstrip())
        some(messages, "JOIN", Fold(channel), REST, nick=self.nick)
        some(messages, "366", self.nick, Fold(channel), ANY)
        return messages

    def quit(self) -> None:
        """Leaves, and waits until the server has seen it."""
        self.send("QUIT")
        self.closed()
        self.sock.close()

    def close(self) -> None:
        """Vanishes without a word."""
        self.sock.close()


class IrcServer(Server):
    """A server process with an `irc://` listener and, for what IRC does not say, a `json://` one."""

    def __init__(self, *arguments: str, **environ: str) -> None:
        listen = ("irc://127.0.0.1:0", "json://127.0.0.1:0")
        super().__init__("--memory", "--insecure-no-limits", *arguments, listen=listen, **environ)

    def client(self, nick: str | None = None, *args: Any, **keys: Any) -> IrcClient:
        """A client, registered if a nick is given; the rest is for `IrcClient.register`."""
        client = IrcClient(self.connect())
        if nick is not None:
            client.register(nick, *args, **keys)
        return client


class ServerElsewhere:
    """The server that EVCHAT_TEST_IRC_AT names."""

    def __init__(self) -> None:
        assert ELSEWHERE is not None
        host, _, port = ELSEWHERE.rpartition(":")
        self.where = (host, int(port))
        self.clients: list[IrcClient] = []

    def connect(self, index: int = 0) -> socket.socket:
        return socket.create_connection(self.where, DEADLINE)

    def client(self, nick: str | None = None, *args: Any, **keys: Any) -> IrcClient:
        client = IrcClient(self.connect())
        self.clients.append(client)
        if nick is not None:
            client.register(nick, *args, **keys)
        return client

    def stop(self) -> None:
        for client in self.clients:
            try:
                client.send("QUIT")
            except OSError:
                pass  # it is gone already
        for client in self.clients:
            try:
                client.closed()
            except (OSError, AssertionError):
                pass  # what still comes is nobody's business
            client.close()


def make_account(server: Any, name: str, password: str = "sesame") -> tuple[str, str]:
    """Makes an account through the JSON protocol; what `register(account=…)` takes. The name is free afterwards."""
    if ELSEWHERE:
        pytest.skip("no accounts on other servers")
    client = Full(server.connect(1), name)
    answer = client.request("register", password=password)
    assert answer["response"] == "ok", answer
    client.put({"request": "quit"})
    client.read_to_end()
    client.close()
    return name, password
