"""A relay between a client and its server, which can break the link and hears what the client says."""

from __future__ import annotations

import select
import socket
import threading

from tests.e2e.harness import DEADLINE


class Relay(threading.Thread):
    """Passes on what comes to it, one connection after the other; `drop` breaks the one that there is."""

    def __init__(self, where: tuple[str, int]) -> None:
        super().__init__(daemon=True)
        self._to = where
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.where: tuple[str, int] = self._listener.getsockname()
        self._wake, self._woken = socket.socketpair()
        self._ends = False
        self._said = bytearray()
        self._saying = threading.Condition()
        self.start()

    def run(self) -> None:
        while not self._ends:
            ready, _, _ = select.select([self._listener, self._wake], [], [])
            if self._listener in ready:
                ours, _ = self._listener.accept()
                with ours, socket.create_connection(self._to) as theirs:
                    self._pass_on({ours: theirs, theirs: ours}, ours)
            else:
                self._wake.recv(1)

    def _pass_on(self, other: dict[socket.socket, socket.socket], ours: socket.socket) -> None:
        while True:
            ready, _, _ = select.select([*other, self._wake], [], [])
            for sock in ready:
                data = sock.recv(65536)
                if sock is self._wake or not data:
                    return
                other[sock].sendall(data)
                if sock is ours:
                    with self._saying:
                        self._said += data
                        self._saying.notify_all()

    def hear(self, what: bytes, times: int = 1) -> None:
        """Waits until the client says something so many times more than it has so far."""
        with self._saying:
            wanted = self._said.count(what) + times
            assert self._saying.wait_for(lambda: self._said.count(what) >= wanted, DEADLINE), bytes(
                self._said
            )

    def drop(self) -> None:
        """The connection breaks."""
        self._woken.send(b"x")

    def close(self) -> None:
        self._ends = True
        self.drop()
        self.drop()
        self.join(DEADLINE)
        for sock in (self._listener, self._wake, self._woken):
            sock.close()
