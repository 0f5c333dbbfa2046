"""What a pass makes the server do, counted: the same in every run, on any machine."""

from __future__ import annotations

import gc
import socket
import sqlite3
import sys
import threading
from types import FrameType
from typing import Any

from evchat.net.loop import Loop

COUNTED = {
    "calls": "calls of Python functions, in all threads",
    "sends": "system calls that send",
    "commits": "transactions of SQLite",
    "held": "objects that the garbage collector has to look at, at the end of a pass before anything is carried out",
}


class Counting:
    """Counts from `begin` to `taken`. To be made before the store opens its database, and `watch` a loop."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(COUNTED, 0)
        self._objects = 0
        self._watch_sends()
        self._watch_databases()
        threading.setprofile(self._called)

    def watch(self, loop: Loop) -> None:
        """Looks at the end of each pass, before what was decided in it is carried out."""
        loop.before_sleep.insert(0, self._decided)

    def begin(self) -> None:
        """Counts from here on."""
        gc.collect()
        gc.disable()
        self._counts.update(dict.fromkeys(COUNTED, 0))
        self._objects = gc.get_count()[0]
        sys.setprofile(self._called)

    def taken(self) -> dict[str, int]:
        """The counts since `begin`."""
        sys.setprofile(None)
        return dict(self._counts)

    def _called(self, _frame: FrameType, event: str, _what: Any) -> None:
        if event == "call":
            self._counts["calls"] += 1

    def _decided(self) -> None:
        self._counts["held"] = max(self._counts["held"], gc.get_count()[0] - self._objects)

    def _watch_sends(self) -> None:
        counts, real = self._counts, socket.socket.send

        def send(sock: socket.socket, *given: Any) -> int:
            if sock.family == socket.AF_UNIX and sock.getsockname():  # not the loop's own pair of sockets
                counts["sends"] += 1
            return real(sock, *given)

        socket.socket.send = send  # type: ignore[assignment]

    def _watch_databases(self) -> None:
        counts, real = self._counts, sqlite3.connect

        def traced(statement: str) -> None:
            counts["commits"] += statement.startswith("COMMIT")

        def connect(*given: Any, **named: Any) -> sqlite3.Connection:
            database: sqlite3.Connection = real(*given, **named)
            database.set_trace_callback(traced)
            return database

        sqlite3.connect = connect  # type: ignore[assignment]
