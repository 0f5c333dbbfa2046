"""Connecting without blocking: a name is looked up, and its addresses are tried until one takes the connection."""

from __future__ import annotations

import errno
import os
import socket
from functools import partial

from evchat.net.loop import Loop, Timer
from evchat.net.sockets import NO_DELAY, set_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    SocketAddress = tuple[int, Any]
    """A family, and an address as `socket.connect` takes it in that family: (host, port), or a path."""

STAGGER = 0.25
"""Seconds until the next address is tried beside one that has not answered (RFC 8305, section 5)."""
PATIENCE = 15.0
"""Seconds after which a server that has not taken the connection is not there."""

_UNDER_WAY = frozenset(
    {errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY, getattr(errno, "WSAEWOULDBLOCK", -1)}
)


class Dialer:
    """One attempt to reach a server, begun with `look_up` or `dial`.

    Ends with one call out of the loop: `on_connected` gets the connected, non-blocking socket, which is the owner's
    from then on; `on_failed` gets the error of the last address that was tried, `socket.gaierror` or `UnicodeError`
    for a name that has none, or `TimeoutError` after `PATIENCE` seconds. After `cancel` nothing is called.
    """

    def __init__(
        self,
        loop: Loop,
        on_connected: Callable[[socket.socket], None],
        on_failed: Callable[[Exception], None],
    ) -> None:
        self._loop = loop
        self._on_connected = on_connected
        self._on_failed = on_failed
        self._left: list[SocketAddress] = []
        self._dialled: list[socket.socket] = []
        self._error: Exception = OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
        self._over = False
        self._next: Timer | None = None
        self._give_up = loop.call_later(PATIENCE, self._out_of_patience)

    def look_up(self, host: str, port: int) -> None:
        """Dials the addresses of a host; their families take turns."""
        import threading  # here, because most addresses need no look-up

        # A thread of its own, because the system may take any time, and nobody waits for it at the end.
        threading.Thread(target=self._resolve, args=(host, port), daemon=True).start()

    def _resolve(self, host: str, port: int) -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            problem: Exception = error  # `error` is gone when the loop calls
            self._loop.call_threadsafe(lambda: self._fail(problem))
            return
        addresses = interleave([(info[0], info[4]) for info in found])
        self._loop.call_threadsafe(lambda: self.dial(addresses))

    def dial(self, addresses: Sequence[SocketAddress]) -> None:
        """Tries these addresses in order, each `STAGGER` seconds after the one before, or when that has failed."""
        self._left = list(addresses)
        self._dial_next()

    def cancel(self) -> None:
        """Gives the attempt up. Does nothing if it has ended."""
        self._over = True
        self._left = []
        self._give_up.cancel()
        if self._next is not None:
            self._next.cancel()
        for sock in self._dialled:
            self._loop.unregister(sock)
            sock.close()
        self._dialled = []

    def _dial_next(self) -> None:
        """Tries the next address; if there is none left and none under way, that was all."""
        if self._next is not None:
            self._next.cancel()
        while self._left and not self._over:
            family, address = self._left.pop(0)
            try:
                sock = socket.socket(family, socket.SOCK_STREAM)
            except OSError as error:
                self._error = error  # a system without IPv6, for instance
                continue
            sock.setblocking(False)
            number = sock.connect_ex(address)
            if number == 0 or number in _UNDER_WAY:
                self._dialled.append(sock)
                self._loop.register(sock, None, partial(self._answered, sock))
                self._loop.watch(sock, False, True)
                if self._left:
                    self._next = self._loop.call_later(STAGGER, self._dial_next)
                return
            self._error = OSError(number, os.strerror(number))
            sock.close()
        if not self._dialled:
            # Not at once: the owner has not left the method that began the attempt.
            self._loop.call_soon(lambda: self._fail(self._error))

    def _answered(self, sock: socket.socket) -> None:
        """The first address that takes the connection is the one; the others are left alone."""
        self._dialled.remove(sock)
        self._loop.unregister(sock)
        number = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number:
            self._error = OSError(number, os.strerror(number))
            sock.close()
            self._dial_next()
            return
        self.cancel()
        set_options(sock, NO_DELAY)
        self._on_connected(sock)

    def _out_of_patience(self) -> None:
        self._fail(TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)))

    def _fail(self, error: Exception) -> None:
        if not self._over:
            self.cancel()
            self._on_failed(error)


def interleave(found: Sequence[SocketAddress]) -> list[SocketAddress]:
    """The addresses with their families taking turns (RFC 8305, section 4): one that leads nowhere costs little."""
    first = [address for address in found if address[0] == found[0][0]]
    second = [address for address in found if address[0] != found[0][0]]
    mixed = []
    for index in range(max(len(first), len(second))):
        mixed += first[index : index + 1] + second[index : index + 1]
    return mixed
