"""What the screen needs of the system: the one seam between POSIX and Windows, and how to wait for several things."""

from __future__ import annotations

import os
import select
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Protocol

    class Console(Protocol):
        """A terminal as the system gives it, with keys and screen in the sequences of xterm.

        What `fileno` and `listen` return can be waited for with a `Poller`. `take` and `give_back` can be repeated.
        """

        environ: Mapping[str, str]
        scrolls: bool
        """Whether curses may move rows about here, and with them what was written over them."""

        def able(self) -> bool:
            """Whether it can show a screen."""

        def take(self) -> bool:
            """Has every key given to us as it is, and every byte to the terminal. False if it is gone."""

        def begin(self, curses: Any) -> Any:
            """Begins curses on the terminal, which is taken, and may change its modes by that; the root window."""

        def give_back(self, *, drop_input: bool = False) -> None:
            """Sets all modes as they were. With `drop_input`, what was typed and not read is left to nobody."""

        def close(self) -> None:
            """Gives everything back, for good."""

        def size(self) -> tuple[int, int]:
            """Columns and rows."""

        def fileno(self) -> int:
            """What to wait on for keys."""

        def read(self) -> bytes | None:
            """What was typed; None if the terminal is gone."""

        def write(self, data: bytes) -> None:
            """Writes whole characters. What a terminal that is gone does not take is dropped."""

        def listen(self) -> int:
            """From now on what happens besides keys is noticed; returns what to wait on for that."""

        def notices(self) -> list[tuple[str, int]]:
            """What was noticed: END with an exit code, RESIZED, STOP (go to the background), GO_ON (one is back)."""

        def suspend(self) -> bool:
            """Stops the program as its shell wants it, until that says to go on. False where there is no such thing."""


END, RESIZED, STOP, GO_ON = "end", "resized", "stop", "go on"

READ, WRITE = 1, 2


def size_of(target: int) -> tuple[int, int]:
    """Columns and rows of a terminal, at least one each; those of the VT100 if it is none."""
    try:
        columns, rows = os.get_terminal_size(target)
    except OSError:
        columns, rows = 80, 24
    return max(columns or 80, 1), max(rows or 24, 1)


class Poller:
    """Waits for descriptors, with `poll` where there is one; on Windows, with `select`, they must be sockets."""

    def __init__(self, *, use_poll: bool = hasattr(select, "poll")) -> None:
        self._watched: dict[int, int] = {}
        self._poll = None
        if sys.platform != "win32" and use_poll:
            self._poll = select.poll()

    def watch(self, fd: int, events: int) -> None:
        """Waits for READ and WRITE on it from now on; for 0, no more."""
        if events:
            self._watched[fd] = events
        else:
            self._watched.pop(fd, None)
        if sys.platform != "win32" and self._poll is not None:
            if events:
                self._poll.register(
                    fd, (select.POLLIN if events & READ else 0) | (select.POLLOUT if events & WRITE else 0)
                )
            else:
                self._poll.unregister(fd)

    def wait(self, milliseconds: int | None) -> list[tuple[int, int]]:
        """What is ready within that time, as (descriptor, READ and WRITE). A broken one is ready for both."""
        if sys.platform != "win32" and self._poll is not None:
            return [(fd, _told(events)) for fd, events in self._poll.poll(milliseconds)]
        seconds = None if milliseconds is None else milliseconds / 1000
        readers = [fd for fd, events in self._watched.items() if events & READ]
        writers = [fd for fd, events in self._watched.items() if events & WRITE]
        # A connection that fails is told by Windows as an exception.
        readable, writable, broken = select.select(readers, writers, writers, seconds)
        ready = dict.fromkeys(readable, READ)
        for fd in (*writable, *broken):
            ready[fd] = ready.get(fd, 0) | WRITE
        return list(ready.items())


if sys.platform != "win32":

    def _told(events: int) -> int:
        read = READ if events & ~select.POLLOUT else 0
        return read | (WRITE if events & (select.POLLOUT | select.POLLERR | select.POLLHUP) else 0)
