"""Standard input: bytes from a thread of their own, and the lines in them."""

from __future__ import annotations

import os
import socket
import threading

from evchat.settings.client import MAX_PIPED_LINE_BYTES


class Source:
    """Standard input, read in a thread of its own because not every platform can wait for it together with sockets.

    `reader` is a socket on which its bytes come. The thread reads on only when what it read was taken.
    """

    def __init__(self, fd: int) -> None:
        self.reader, self._writer = socket.socketpair()
        self._writer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
        threading.Thread(target=self._run, args=(fd,), daemon=True).start()

    def _run(self, fd: int) -> None:
        with self._writer:
            while True:
                try:
                    data = os.read(fd, 65_536)
                    if not data:
                        return
                    self._writer.sendall(data)
                except OSError:
                    return  # the terminal is gone, or nobody reads any more


class LineSplitter:
    """From bytes to lines, however the bytes are cut. Of a line that is too long only that it was there is kept."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._too_long = False

    def feed(self, data: bytes) -> list[str | None]:
        """The lines that `data` completes, without their line breaks; None for one that is too long."""
        *ends, rest = data.split(b"\n")
        found = []
        for end in ends:
            self._add(end)
            found.append(self._take())
        self._add(rest)
        return found

    def end(self) -> list[str | None]:
        """The last line, if it has no line break."""
        return [self._take()] if self._rest or self._too_long else []

    def _add(self, data: bytes) -> None:
        if self._too_long or len(self._rest) + len(data) > MAX_PIPED_LINE_BYTES:
            self._too_long = True
            self._rest.clear()
        else:
            self._rest += data

    def _take(self) -> str | None:
        line = None if self._too_long else self._rest.removesuffix(b"\r").decode("utf-8-sig", "replace")
        self._rest.clear()
        self._too_long = False
        return line
