"""The clients of a soak: what they say in their dialect, and what they do next."""

from __future__ import annotations

import json
import random
import socket
import struct
from typing import Any

from soaking.book import Book, Failure
from soaking.wires import Wire

ROOMS = tuple(f"#room{number}" for number in range(6))

_IRC_LINES = (
    "WHO #room0", "WHOIS watcher", "LIST", "NAMES #room1", "PING x", "NONSENSE", "MOTD", "TOPIC {0} :{0} is a room",
    "AWAY :gone", "AWAY", "JOIN #room5", "PART #room5",
)  # fmt: skip

_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER: a close resets the connection, as a process does that is killed with unread bytes."""


class Person:
    """A connection, and who uses it. `gone` once it is closed; then `why` says by whom."""

    kind = "person"

    def __init__(self, book: Book, name: str, wire: Wire) -> None:
        self.book = book
        self.name = name
        self.wire = wire
        self.sock: socket.socket
        self.out = b""
        self.buffer = b""
        self.gone = False
        self.reads = True
        """Whether it takes what it is sent."""
        self.leaving = False
        self.said: list[str] = []
        """Lines of which nobody has said yet that they were taken."""

    def put(self, data: bytes) -> None:
        """Sends, as soon as the kernel takes it."""
        self.out += self.wire.pack(data)

    def begin(self) -> None:
        """Introduces itself."""
        raise NotImplementedError

    def act(self, chance: random.Random) -> None:
        """Does whatever comes into its mind."""
        raise NotImplementedError

    def receive(self, data: bytes) -> None:
        """Takes bytes from the wire."""
        said, answer = self.wire.unpack(data)
        self.out += answer
        self.buffer += said
        *lines, self.buffer = self.buffer.split(b"\n")
        for line in lines:
            self.hear(line.rstrip(b"\r"))

    def hear(self, line: bytes) -> None:
        """Takes a line."""

    def leave(self) -> None:
        """Says goodbye: the server then ends the connection, once it has taken all that came before."""
        self.leaving = True

    def closed(self) -> None:
        """The server has closed. Whom it has let go in peace, it has heard."""
        if self.leaving:
            for text in self.said:
                self.book.accept(text)

    def kill(self) -> None:
        """Dies without a word."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)


class Json(Person):
    """A full JSON client."""

    kind = "json"

    def begin(self) -> None:
        """As every person does."""
        self._ids = 0
        self._unanswered: dict[str, str] = {}
        self.ask("hello", {"version": 1, "client": "soak/1"})
        self.ask("login", self.name)
        for room in ROOMS[:3]:
            self.ask("join", room)

    def ask(self, request: str, content: Any = None, **keys: Any) -> str:
        """Makes a request; returns its id."""
        self._ids += 1
        number = f"{self.name}.{self._ids}"
        self.put(json.dumps({"request": request, "content": content, "id": number, **keys}).encode() + b"\n")
        return number

    def say(self, room: str) -> None:
        """Says a line, and expects that it is acknowledged."""
        text = self.book.say(self.name)
        self._unanswered[self.ask("msg", text, to=room)] = text

    def act(self, chance: random.Random) -> None:
        """As every person does."""
        room = chance.choice(ROOMS[:3])
        doing = chance.random()
        if doing < 0.7:
            self.say(room)
        elif doing < 0.75:
            self.ask("msg", "psst", to=chance.choice(["watcher", self.name, "nobody"]))
        elif doing < 0.8:
            self.ask("history", to=room, limit=chance.choice([1, 50, 500]))
        elif doing < 0.85:
            self.ask("search", "lorem", to=room)
        elif doing < 0.9:
            other = chance.choice(ROOMS[3:])
            self.ask(chance.choice(["join", "leave"]), other)
        else:
            self.ask(chance.choice(["names", "channels", "ping", "topics", "nonsense", "online"]))

    def hear(self, line: bytes) -> None:
        """As every person does."""
        event = json.loads(line)
        number = event.get("reply_to")
        text = self._unanswered.pop(number, None) if number else None
        if text is not None:
            if event["response"] == "ok":
                self.book.accept(text)
            else:
                self.book.events["refused"] += 1
        elif event["response"] == "error":
            self.book.events[f"error {event['code']}"] += 1

    def leave(self) -> None:
        """As every person does."""
        super().leave()
        self.ask("quit")


class Watcher(Json):
    """A full JSON client that is in every room and writes all down that it hears."""

    kind = "watcher"

    def begin(self) -> None:
        """As every person does."""
        super().begin()
        for room in ROOMS[3:]:
            self.ask("join", room)
        self.pongs = 0

    def act(self, chance: random.Random) -> None:
        """As every person does."""
        self.ask("ping")

    def hear(self, line: bytes) -> None:
        """As every person does."""
        event = json.loads(line)
        if event["response"] == "message" and event["to"].startswith("#"):
            self.book.hear(event["to"], event["seq"], event["content"])
        elif event["response"] == "error":
            raise Failure(f"the watcher got {event}")
        self.pongs += event["response"] == "ok"


class Irc(Person):
    """An IRC client."""

    kind = "irc"

    def begin(self) -> None:
        """As every person does."""
        self.put(f"NICK {self.name}\r\nUSER {self.name} 0 * :soak\r\nJOIN {','.join(ROOMS[:2])}\r\n".encode())

    def act(self, chance: random.Random) -> None:
        """As every person does."""
        room = chance.choice(ROOMS[:2])
        doing = chance.random()
        if doing < 0.7:
            text = self.book.say(self.name)
            self.said.append(text)
            self.put(f"PRIVMSG {room} :{text}\r\n".encode())
        else:
            line = chance.choice(_IRC_LINES).format(room)
            self.put(f"{line}\r\n".encode())

    def hear(self, line: bytes) -> None:
        """As every person does."""
        if line.startswith(b"PING"):
            self.put(b"PONG" + line[4:] + b"\r\n")

    def leave(self) -> None:
        """As every person does."""
        super().leave()
        self.put(b"QUIT :bye\r\n")


class Text(Person):
    """Somebody with netcat, who is in #main alone and heard by everyone there."""

    kind = "text"

    def begin(self) -> None:
        """As every person does."""
        self.put(f"{self.name}\n/join {ROOMS[0]}\n".encode())

    def act(self, chance: random.Random) -> None:
        """As every person does."""
        if chance.random() < 0.7:
            text = self.book.say(self.name)
            self.said.append(text)
            self.put(f"{text}\n".encode())
        else:
            self.put(
                chance.choice(
                    [b"/who\n", b"/help\n", b"/nonsense\n", b"/channels\n", b"\xff\xfe\n", b"/ping\n"]
                )
            )

    def leave(self) -> None:
        """As every person does."""
        super().leave()
        self.put(b"/quit\n")


class Ktn(Person):
    """A client of the course protocol, which knows nothing of rooms."""

    kind = "ktn"

    def begin(self) -> None:
        """As every person does."""
        self.put(json.dumps({"request": "login", "content": self.name}).encode())

    def act(self, chance: random.Random) -> None:
        """As every person does."""
        request, content = chance.choice(
            [("msg", "hello"), ("names", None), ("help", None), ("history", None)]
        )
        self.put(json.dumps({"request": request, "content": content}).encode())

    def receive(self, data: bytes) -> None:
        """As every person does."""
        self.out += self.wire.unpack(data)[1]

    def leave(self) -> None:
        """As every person does."""
        super().leave()
        self.put(b'{"request": "logout", "content": null}')


class Deaf(Irc):
    """An IRC client in the busiest rooms that never reads, until it is cut."""

    kind = "deaf"

    def begin(self) -> None:
        """As every person does."""
        super().begin()
        self.reads = False

    def act(self, chance: random.Random) -> None:
        """Nothing."""


class Hostile(Person):
    """Somebody who sends nonsense."""

    kind = "hostile"

    def begin(self) -> None:
        """Nothing yet."""

    def act(self, chance: random.Random) -> None:
        """As every person does."""
        self.put(chance.choice([
            chance.randbytes(200), b"A" * 5000, b"{" * 3000, b"GET / HTTP/1.1\r\n", b"\n" * 50,
            b"\x16\x03\x01\x00\x05hello",
            '{"request": "login", "content": "\u202e\\u0000"}\n'.encode(), b"NICK \r\nUSER\r\n", b'{"request": 5}\n',
        ]))  # fmt: skip


KINDS = (Json, Json, Irc, Irc, Text, Ktn, Deaf, Hostile)
"""Who comes and goes, some more often than others."""
