"""Attacks on what the process itself has: its log, its signals, its descriptors."""

from __future__ import annotations

import signal
import threading
from typing import Any

from tests.attacks.siege import Siege, objects
from tests.attacks.table import attack
from tests.e2e.harness import DEADLINE, Server


class UnreadLog(Server):
    """A server whose log is read by nobody until it has ended."""

    def __init__(self, *arguments: str, **keys: Any) -> None:
        self._ended = threading.Event()
        super().__init__(*arguments, **keys)

    def _read_log(self) -> None:
        self._ended.wait()
        super()._read_log()

    def stop(self, *, close: bool = True) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(DEADLINE)
        finally:
            self._ended.set()
        return super().stop(close=close)

    def kill(self) -> None:
        self._ended.set()
        super().kill()


@attack(
    "unread log",
    "A log that nobody reads, filled by connections and malformed requests; SIGTERM still stops the server.",
    server=UnreadLog,
)
def unread_log(siege: Siege) -> None:
    for number in range(200 * siege.size):
        siege.connect(b'{"request": "dance%d"}\n' % number + b"\xff" * 100).close()
    siege.flood(siege.guests(8), b'{"request": 5, "content": "' + b"l" * 300 + b'"}\n{]\n' * 20)


@attack("signals under load", "SIGHUP again and again while sixteen guests talk.")
def signals_under_load(siege: Siege) -> None:
    guests = siege.guests()
    done = threading.Event()

    def signals() -> None:
        while not done.wait(0.01):
            siege.server.process.send_signal(signal.SIGHUP)

    thread = threading.Thread(target=signals)
    thread.start()
    siege.flood(guests, objects({"request": "msg", "content": "x"}) * 20)
    done.set()
    thread.join()
