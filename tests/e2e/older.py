"""Clients of the older systems as they were written: they end no line, and one `recv` is one message."""

from __future__ import annotations

import re
import socket
from functools import partial

from tests.e2e.harness import Client, Server, came_alone

LISTEN = (
    "tcp://127.0.0.1:0",
    "room://127.0.0.1:0",
    "chatapp://127.0.0.1:0",
    "letschat://127.0.0.1:0",
    "wholast://127.0.0.1:0?chat=0",
)
"""A server with all of them; the first listener is for everybody else."""


def _begins(pattern: re.Pattern[bytes], data: bytes) -> bool:
    return pattern.match(data) is not None


class Older(Client):
    """A client that takes each read for a message.

    On a busy machine one read may bring two frames; that each left in a segment of its own is then seen by `segments`.
    """

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        self.frames = 0

    def hear(self, *frames: str) -> None:
        """The next frames, which are regular expressions for all of them."""
        for frame in frames:
            pattern = re.compile(frame.encode())
            try:
                self.read_until(partial(_begins, pattern))
            except TimeoutError:
                raise AssertionError(f"waited for {frame!r}, got {self.buffer!r}") from None
            match = pattern.match(self.buffer)
            assert match is not None
            self.buffer = self.buffer[match.end() :]
            self.frames += 1

    def says(self, words: str, *answer: str) -> None:
        """Sends words as they are, and hears the answer."""
        self.send(words)
        self.hear(*answer)

    def check_segments(self) -> None:
        """Each frame heard came in a segment of its own, and nothing else has come."""
        assert self.buffer == b"", self.buffer
        assert came_alone(self.sock, self.frames)

    def is_open(self) -> bool:
        """Whether the server has closed nothing, and said nothing more."""
        self.sock.setblocking(False)
        try:
            return self.sock.recv(1) != b""
        except BlockingIOError:
            return True


def connect(server: Server, scheme: str, *, second: bool = False, address: str = "127.0.0.1") -> Older:
    """A client of a system; with `second`, its second connection."""
    url = next(url for url in server.urls if url.startswith(scheme))
    found = re.fullmatch(r"\w+://[\d.]+:(\d+)(?:\?chat=(\d+))?", url)
    assert found is not None
    sock = server.new_socket()
    sock.bind((address, 0))
    sock.connect(("127.0.0.1", int(found[2] if second else found[1])))
    return Older(sock)


def wholast(server: Server, name: str, password: str = "x") -> tuple[Older, Older]:
    """Both connections of a client that has logged in."""
    client = connect(server, "wholast")
    client.hear("1800.0")
    client.says(name, "successful")
    client.says(password, "successful")
    chat = connect(server, "wholast", second=True)
    chat.says("hi", f"Hello {name}, you are .*shows what you can do[.]")
    return client, chat
