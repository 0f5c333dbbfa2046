"""Both halves of a server on a loop whose clock a test turns, with clients on socket pairs."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from evchat.core.store import Store
from evchat.dialects.base import Dialect
from evchat.dialects.irc.dialect import IrcDialect
from evchat.dialects.json.dialect import JsonDialect
from evchat.dialects.text.dialect import TextDialect
from evchat.net.loop import Loop
from evchat.server.back import Back
from evchat.server.certificates import Certificates
from evchat.server.client import Client
from evchat.server.front import Front
from evchat.server.guard import Guard
from evchat.settings.model import Config, Limits
from evchat.storage.memory import MemoryStore

HANGS = 20.0
"""Seconds after which a wait counts as endless."""

HELLO = b'{"request": "hello", "content": {"version": 1, "client": "test"}}\n'


class Clock:
    """Monotonic seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Halves:
    """A front and a back. `limits` override the defaults; bugs are gathered in `bugs`."""

    def __init__(self, store: Store | None = None, **limits: Any) -> None:
        self.is_patient = True
        """Whether a pass ends only when its commit has."""
        self.clock = Clock()
        self.loop = Loop(clock=self.clock)
        self.bugs: list[BaseException] = []
        guard = Guard(self.bugs.append)
        self.limits = Limits(**limits)
        config = Config(limits=self.limits)
        self.store = store or MemoryStore()
        self.back = Back(self.loop, config, self.store, guard)
        self.dialects = {
            "json": lambda: JsonDialect(self.limits),
            "text": lambda: TextDialect(self.limits),
            "irc": lambda: IrcDialect(config, "evchat-1", 0),
        }
        self.front = Front(self.loop, self.limits, self.dialects, self.back, guard, Certificates(config))
        self.loop.before_sleep.append(self.end_pass)
        self._socks: list[socket.socket] = []

    def end_pass(self) -> None:
        """As the server does."""
        self.front.remove_closed()
        if self.back.commit_ended():
            self.front.commit_ended()
        self.front.carry_out(self.back.settle())
        self.front.flush()
        self.back.upkeep()

    def connect(
        self, dialect: Dialect | str = "text", address: str = "127.0.0.1"
    ) -> tuple[Client, socket.socket]:
        """A client, as the front knows it, and its own end of the connection."""
        ours, theirs = socket.socketpair()
        theirs.settimeout(HANGS)
        self._socks += [ours, theirs]
        made = self.dialects[dialect]() if isinstance(dialect, str) else dialect
        self.front.connect(ours, address, made)
        return list(self.front.clients.values())[-1], theirs

    def login(self, name: str, dialect: str = "text") -> tuple[Client, socket.socket]:
        """A client that has logged in, and has heard all about it."""
        client, sock = self.connect(dialect)
        said = {
            "text": f"{name}\n".encode(),
            "irc": f"NICK {name}\r\nUSER {name} 0 * :{name}\r\n".encode(),
            "json": HELLO + b'{"request": "login", "content": "%b"}\n' % name.encode(),
        }
        sock.sendall(said[dialect])
        self.run()
        assert client.authenticated, self.heard(sock)
        self.heard(sock)
        return client, sock

    def run(self, passes: int = 6, seconds: float = 0.0) -> None:
        """Some passes that wait for nothing, `seconds` later."""
        self.clock.now += seconds
        for _ in range(passes):
            self.loop.run_once(0)
            while self.is_patient and self.back.is_committing:
                self.loop.run_once(HANGS)

    def wait_for_worker(self) -> None:
        """A pass that ends when the worker has a result."""
        self.loop.run_once(HANGS)

    @staticmethod
    def heard(sock: socket.socket) -> bytes:
        """What has arrived at a client by now."""
        heard = b""
        sock.setblocking(False)
        try:
            while data := sock.recv(1 << 20):
                heard += data
        except BlockingIOError:
            pass
        sock.settimeout(HANGS)
        return heard

    def close(self) -> None:
        self.front.close("The test is over.")
        self.back.close()
        self.loop.close()
        for sock in self._socks:
            sock.close()


@contextmanager
def halves(store: Store | None = None, **limits: Any) -> Iterator[Halves]:
    """Halves in which no bug is met."""
    both = Halves(store, **limits)
    try:
        yield both
    finally:
        both.close()
    assert not both.bugs
