"""What the tests of connections share: an owner, a scene with a clock, and sockets that note what is sent."""

from __future__ import annotations

import errno
import os
import socket
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any

from evchat.net.connection import Connection
from evchat.net.hooks import Hooks, OutputLimits
from evchat.net.loop import Loop
from evchat.net.turns import Turns

HANGS = 20.0
"""Seconds after which a wait counts as endless."""


class Recorder(socket.socket):
    """A socket that notes every send, and takes only as many bytes at a time as `room` says, if set."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock.family, sock.type, fileno=sock.detach())
        self.sends: list[bytes] = []
        self.room: Iterator[int] | None = None

    def send(self, data: Any, flags: int = 0) -> int:
        data = bytes(data)
        if self.room is not None:
            data = data[: next(self.room)]
            if not data:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        sent = super().send(data, flags)
        self.sends.append(data[:sent])
        return sent


class Owner:
    """The least that a connection needs: before the loop sleeps, it is flushed if dirty, or closed."""

    def __init__(self, loop: Loop, sock: socket.socket, *, turns: Turns | None = None, **limits: Any) -> None:
        self.loop = loop
        self.read: list[bytes] = []
        self.ended = 0
        self.aborts = 0
        self.dirty = False
        self.left_out: Callable[[int], bytes] = lambda count: b""
        hooks = Hooks(
            Owner._read, Owner._ended, Owner._writable, Owner._on_closing, Owner._left_out, turns=turns
        )
        self.connection = Connection(loop, sock, hooks, self, OutputLimits(**limits))
        loop.before_sleep.append(self._before_sleep)

    def _read(self, data: bytes) -> None:
        self.read.append(data)

    def _left_out(self, count: int) -> bytes:
        return self.left_out(count)

    def _ended(self) -> None:
        self.ended += 1

    def _writable(self) -> None:
        self.dirty = True

    def _on_closing(self) -> None:
        self.aborts += 1

    def _before_sleep(self) -> None:
        if self.aborts:
            self.connection.close()
        elif self.dirty:
            self.dirty = False
            self.connection.flush()

    def say(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.connection.send(piece)
        self.loop.call_soon(self._writable)

    def say_until_blocked(self) -> bytes:
        """Says more than the kernel takes at once; returns what."""
        said = b""
        while not self.connection.pending_output:
            said += (piece := os.urandom(100_000))
            self.connection.send(piece)
            self.connection.flush()
        return said

    def until(self, condition: Callable[[], object]) -> None:
        """Runs the loop until something is so."""
        hung_at = time.monotonic() + HANGS
        while not condition():
            assert time.monotonic() < hung_at
            self.loop.run_once(HANGS)

    @property
    def heard(self) -> bytes:
        return b"".join(self.read)


def drain(sock: socket.socket) -> bytes:
    """All that lies ready to be read."""
    got = bytearray()
    try:
        while data := sock.recv(1 << 20, socket.MSG_DONTWAIT):
            got += data
    except BlockingIOError:
        pass
    return bytes(got)


def tcp_pair(family: socket.AddressFamily = socket.AF_INET) -> tuple[socket.socket, socket.socket]:
    host = "::1" if family == socket.AF_INET6 else "127.0.0.1"
    with socket.create_server((host, 0), family=family) as server:
        theirs = socket.create_connection(server.getsockname()[:2])
        ours, _ = server.accept()
    theirs.settimeout(HANGS)
    return ours, theirs


def vanish(sock: socket.socket) -> None:
    """Closes with a reset instead of a farewell."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


class Scene:
    """A connection over a socket pair with a recorder and a clock that only the test moves."""

    def __init__(self, **limits: Any) -> None:
        self.now = 1000.0
        self.loop = Loop(clock=lambda: self.now)
        ours, self.theirs = socket.socketpair()
        self.sock = Recorder(ours)
        self.owner = Owner(self.loop, self.sock, **limits)
        self.connection = self.owner.connection
        self.say = self.owner.say

    @property
    def sends(self) -> list[bytes]:
        return self.sock.sends

    def step(self, seconds: float = 0.0) -> None:
        self.now += seconds
        self.loop.run_once(0)

    def settle(self, passes: int = 5) -> None:
        for _ in range(passes):
            self.loop.run_once(0)

    def __enter__(self) -> Scene:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.connection.close()
        self.loop.close()
        self.theirs.close()


def blocked(scene: Scene, pending_output: int) -> None:
    """Lets the kernel take nothing until exactly so much output is pending."""
    scene.sock.room = iter(lambda: 0, 1)
    scene.connection.pause_reading()
    scene.connection.send(bytes(pending_output - scene.connection.pending_output))
    scene.connection.flush()
    assert scene.connection.pending_output == pending_output
