"""Connections to clients that take one read for one frame, end no line, and expect the server never to close first."""

from __future__ import annotations

from typing import Any

from evchat.net.connection import Connection


class UnframedConnection(Connection):
    """A paced connection whose frames leave without the newline they were queued with.

    Frames that begin with `aside` go to the `second` connection of the same client; until it is there, the latest of
    them are kept. After `finish` the peer closes first, or the deadline does: no end of the output is shown before.
    """

    __slots__ = ("_aside", "_kept_aside", "first", "second")

    def __init__(self, *arguments: Any, aside: bytes, **keys: Any) -> None:
        super().__init__(*arguments, **keys)
        self._aside = aside
        self._kept_aside: list[bytes] = []
        self.second: UnframedConnection | None = None
        self.first: UnframedConnection | None = None
        """Of a second connection, the one that it belongs to, after `pair`."""

    def pair(self, second: UnframedConnection) -> None:
        """Frames that go aside go to `second` from now on, which is closed with this connection."""
        self.second, second.first = second, self

    def left_out(self, count: int) -> bytes:
        """As the first connection tells it."""
        return super().left_out(count) if self.first is None else self.first.left_out(count)

    def flush(self) -> None:
        """Passes on what may leave, here and aside."""
        self._sort()
        super().flush()
        if self.second is not None:
            self.second.queue += self._kept_aside
            self._kept_aside.clear()
            self.second.flush()

    def _sort(self) -> None:
        """Takes the newlines from what was queued since the last flush, and out of it what goes aside."""
        new = self.queue[self._counted :]
        if not new:
            return
        frames = [frame for frame in b"".join(new).split(b"\n") if frame]
        self.queue[self._counted :] = [frame for frame in frames if not frame.startswith(self._aside)]
        self._kept_aside += [self.bare(frame) + b"\n" for frame in frames if frame.startswith(self._aside)]
        del self._kept_aside[: -self.limits.pace_backlog]

    def bare(self, frame: bytes) -> bytes:
        """A frame as it leaves, wherever it goes."""
        return frame.removeprefix(self._aside).removesuffix(b"\n")

    def _shut_down(self) -> None:
        """Leaves the sending side open: these clients fail when they read the end before they have said goodbye."""
        self._shut = True
        self._finish_if_flushed()

    def close(self) -> None:
        """Closes both."""
        super().close()
        self.first = None
        if self.second is not None:
            self.second.close()
