"""The connection to the server: looked up, dialled, read and written without blocking, and made again when lost."""

from __future__ import annotations

import errno
import os
import socket
import sys
import time
from random import random

from tui.connection import network
from tui.connection.session import OFFLINE, ONLINE, REFUSED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from selectors import BaseSelector
    from typing import Any

    from tui.connection.address import Address
    from tui.connection.session import Session

    Object = dict[str, Any]
    Watch = Callable[[socket.socket, int], None]
    Where = tuple[int, Any]

READ = 1
WRITE = 2
"""What to wait for: the values of `selectors.EVENT_READ` and `EVENT_WRITE`."""

SLICE = 65_536
"""Bytes read at a time, so that a key waits for no more than these."""

MOST_UNSENT = 8 << 20
"""Bytes that may wait to be sent: more than all that is under way at a time. A server that lets more wait is left."""

_STAGGER = 0.25
"""Seconds until the next address is tried beside one that has not answered (RFC 8305, section 5)."""
_PATIENCE = 15.0
"""Seconds after which a server that has not taken the connection is not there."""

_BREATHER = 1.0
"""Seconds at least between two attempts, if it is the network that hurries."""

_UNDER_WAY = frozenset(
    {errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY, getattr(errno, "WSAEWOULDBLOCK", -1)}
)


def watch_with(selector: BaseSelector, data: object) -> Watch:
    """How a `Link` tells a selector what to wait for; events come with `data`."""

    def watch(sock: socket.socket, events: int) -> None:
        known = sock in selector.get_map()
        if not events:
            if known:
                selector.unregister(sock)
        elif known:
            selector.modify(sock, events, data)
        else:
            selector.register(sock, events, data)

    return watch


class Backoff:
    """How long to wait before the next attempt: twice as long each time, 1 s to 60 s, and by chance some less or more,
    so that a server that comes back is not met by everyone at once. `chance` gives numbers from 0 to 1."""

    FIRST, MOST = 1.0, 60.0

    def __init__(self, chance: Callable[[], float] = random) -> None:
        self._chance = chance
        self._base = self.FIRST

    def next(self) -> float:
        """Seconds to wait now."""
        wait = self._base * (0.75 + self._chance() / 2)
        self._base = min(self._base * 2, self.MOST)
        return min(max(wait, self.FIRST), self.MOST)

    def reset(self) -> None:
        """It worked: begins anew."""
        self._base = self.FIRST


class Link:
    """Keeps a session connected to a server.

    It tells `watch` what to wait for (0: nothing more), and is told by `ready` when it has come. After anything has
    happened, and when `timeout` is over, `poll` does the rest.

    `clock` gives monotonic seconds, `wall` seconds since the epoch, `network` a socket that tells when the network
    has changed, so that the next attempt need not wait for its time.
    """

    def __init__(
        self,
        address: Address,
        session: Session,
        watch: Watch,
        *,
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        network: Callable[[], socket.socket | None] = network.watch,
    ) -> None:
        self.address = address
        self._session = session
        self._watch = watch
        self._backoff = backoff or Backoff()
        self._clock = clock
        self._wall = wall
        self._sock: socket.socket | None = None
        self._unsent = b""
        self._interest = 0
        self._dialled: list[socket.socket] = []
        self._to_dial: list[Where] = []
        self._dial_at: float | None = None
        self._give_up_at: float | None = None
        self._why = ""
        self._look_up: _LookUp | None = None
        self._retry_at: float | None = None
        self._tried_at = -_BREATHER
        self._hear_network = network
        self._network: socket.socket | None = None
        self._news: list[Object] = []

    @property
    def owes(self) -> bool:
        """Whether something of what was sent is still with us."""
        return bool(self._unsent or self._session.out)

    def now(self) -> int:
        """Milliseconds since the epoch, as the session counts."""
        return int(self._wall() * 1000)

    # ---- for the loop -----------------------------------------------------------------------------------------

    def open(self) -> None:
        """Connects, unless it is connected or connecting."""
        if self._sock is not None or self._dialled or self._look_up is not None:
            return
        self._retry_at = None
        self._end_network()
        self._tried_at = self._clock()
        self._give_up_at = self._clock() + _PATIENCE
        self._session.connecting(self.now())
        address = self.address
        if address.path and sys.platform != "win32":
            self._dial([(socket.AF_UNIX, address.path)])
        elif address.path:
            self._failed("Python has no UNIX sockets on this system. Name a host and a port.")
        elif address.numbers:
            self._dial([
                (socket.AF_INET6 if ":" in number else socket.AF_INET, (number, address.port))
                for number in address.numbers
            ])  # fmt: skip
        else:
            self._look_up = _LookUp(address)
            self._watch(self._look_up.reader, READ)

    reconnect_now = open

    def ready(self, sock: socket.socket, events: int) -> None:
        """`sock` is ready for what `watch` was told."""
        if sock is self._sock:
            if events & READ:
                self._read(sock)
        elif self._look_up is not None and sock is self._look_up.reader:
            found, self._why = self._look_up.answer()
            self._end_look_up()
            self._dial(found)
        elif sock in self._dialled:
            self._dialled_one(sock)
        elif sock is self._network:
            self._network_changed(sock)

    def poll(self) -> list[Object]:
        """Does what is due, sends what is to be sent, and returns what the screen should know since the last time."""
        now = self._clock()
        if self._dial_at is not None and now >= self._dial_at:
            self._dial_next()
        if self._give_up_at is not None and now >= self._give_up_at:
            self._failed(f"{self.address} does not answer.")
        if self._is_idle and (
            now >= self._retry_at if self._retry_at is not None else self._session.state == OFFLINE
        ):
            self.open()
        news = self._session.poll(self.now())
        if self._session.broken:
            self._lost("")
            news += self._session.poll(self.now())
        if self._sock is not None:
            self._flush(self._sock)
        news, self._news = self._news + news, []
        return news

    @property
    def timeout(self) -> float | None:
        """Seconds until `poll` is due, None if nothing is."""
        now = self._clock()
        due = [at - now for at in (self._dial_at, self._give_up_at, self._retry_at) if at is not None]
        if self._session.deadline is not None:
            due.append((self._session.deadline - self.now()) / 1000)
        return max(min(due), 0.0) if due else None

    def close(self) -> None:
        """Lets go of everything, at once."""
        self._end_dialling()
        self._end_network()
        self._drop()
        self._retry_at = None

    @property
    def _is_idle(self) -> bool:
        return self._sock is None and not self._dialled and self._look_up is None

    # ---- dialling ---------------------------------------------------------------------------------------------

    def _dial(self, where: list[Where]) -> None:
        self._to_dial = where
        self._dial_next()

    def _dial_next(self) -> None:
        """Tries the next address; if there is none left and none under way, that was all."""
        self._dial_at = None
        while self._to_dial:
            family, where = self._to_dial.pop(0)
            try:
                sock = socket.socket(family, socket.SOCK_STREAM)
            except OSError as error:
                self._why = _explain(error, self.address)
                continue
            sock.setblocking(False)
            problem = sock.connect_ex(where)
            if problem == 0 or problem in _UNDER_WAY:
                self._dialled.append(sock)
                self._watch(sock, WRITE)
                if self._to_dial:
                    self._dial_at = self._clock() + _STAGGER
                return
            self._why = _explain(OSError(problem, os.strerror(problem)), self.address)
            sock.close()
        if not self._dialled:
            self._failed(self._why)

    def _dialled_one(self, sock: socket.socket) -> None:
        """One of the addresses has answered: the first that takes the connection is the one."""
        self._dialled.remove(sock)
        self._watch(sock, 0)
        problem = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if problem:
            self._why = _explain(OSError(problem, os.strerror(problem)), self.address)
            sock.close()
            self._dial_next()
            return
        self._end_dialling()
        if sock.family != getattr(socket, "AF_UNIX", None):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock = sock
        self._interest = READ
        self._watch(sock, READ)
        self._session.connected(self.now())

    def _end_look_up(self) -> None:
        if self._look_up is not None:
            self._watch(self._look_up.reader, 0)
            self._look_up.close()
            self._look_up = None

    def _end_dialling(self) -> None:
        self._end_look_up()
        self._to_dial = []
        self._dial_at = self._give_up_at = None
        for sock in self._dialled:
            self._watch(sock, 0)
            sock.close()
        self._dialled = []

    def _failed(self, why: str) -> None:
        self._end_dialling()
        self._wait(why)

    # ---- the connection ---------------------------------------------------------------------------------------

    def _read(self, sock: socket.socket) -> None:
        try:
            data = sock.recv(SLICE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._lost(_explain(error, self.address))
            return
        if data:
            self._news += self._session.receive(data, self.now())
        else:
            self._lost("The server closed the connection.")

    def _flush(self, sock: socket.socket) -> None:
        out = self._session.out
        if out:
            self._unsent += b"".join(out)
            out.clear()
        if self._unsent:
            try:
                self._unsent = self._unsent[sock.send(self._unsent) :]
            except (BlockingIOError, InterruptedError):
                pass  # it goes on when the socket is writable
            except OSError as error:
                self._lost(_explain(error, self.address))
                self._news += self._session.poll(self.now())
                return
        if len(self._unsent) > MOST_UNSENT:
            self._lost("The server asks and does not listen.")
            self._news += self._session.poll(self.now())
            return
        interest = READ | WRITE if self._unsent else READ
        if interest != self._interest:
            self._interest = interest
            self._watch(sock, interest)

    def _drop(self) -> None:
        if self._sock is not None:
            self._watch(self._sock, 0)
            self._sock.close()
            self._sock = None
        self._unsent = b""

    def _network_changed(self, sock: socket.socket) -> None:
        """Whatever was in the way may be gone. Changes come in bursts, so one attempt a second is enough."""
        network.drain(sock)
        if self._retry_at is not None:
            self._retry_at = min(self._retry_at, max(self._clock(), self._tried_at + _BREATHER))

    def _end_network(self) -> None:
        if self._network is not None:
            self._watch(self._network, 0)
            self._network.close()
            self._network = None

    def _lost(self, reason: str) -> None:
        self._drop()
        if self._session.state == ONLINE:
            self._backoff.reset()
        self._wait(reason)

    def _wait(self, reason: str) -> None:
        """Until the next attempt. A server that has refused us is not asked again before the user does something."""
        if self._session.state == REFUSED:
            self._retry_at = None
            self._session.lost(self.now(), reason)
            return
        if self._network is None:
            self._network = self._hear_network()
            if self._network is not None:
                self._watch(self._network, READ)
        wait = self._backoff.next()
        self._retry_at = self._clock() + wait
        self._session.lost(self.now(), reason, self.now() + int(wait * 1000))


class _LookUp:
    """Asks for the addresses of a host in a thread of its own, because that may take any time.

    `reader` becomes readable when there is an answer.
    """

    def __init__(self, address: Address) -> None:
        import threading  # here, because most names need no look-up

        self.reader, self._writer = socket.socketpair()
        self._address = address
        self._found: list[Where] = []
        self._problem = ""
        threading.Thread(target=self._run, args=(self._writer,), daemon=True).start()

    def _run(self, writer: socket.socket) -> None:
        try:
            host, port = self._address.host, self._address.port
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            self._found = _alternate([(info[0], info[4]) for info in infos])
        except (OSError, UnicodeError) as error:
            self._problem = _explain(error, self._address)
        with writer:
            try:
                writer.send(b"!")
            except OSError:
                pass  # nobody waits for it any more

    def answer(self) -> tuple[list[Where], str]:
        """The addresses in the order in which to try them, or why there are none."""
        return self._found, self._problem

    def close(self) -> None:
        """Nobody waits any more; the thread ends by itself."""
        self.reader.close()


def _alternate(found: list[Where]) -> list[Where]:
    """The addresses with their families taking turns (RFC 8305, section 4): one that leads nowhere costs little."""
    first = [where for where in found if where[0] == found[0][0]]
    second = [where for where in found if where[0] != found[0][0]]
    mixed = []
    for index in range(max(len(first), len(second))):
        mixed += first[index : index + 1] + second[index : index + 1]
    return mixed


def _explain(error: Exception, address: Address) -> str:
    """What went wrong, for the user."""
    if isinstance(error, socket.gaierror | UnicodeError):
        return f"The host {address.host} was not found."
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ECONNREFUSED, errno.ENOENT):
        return f"No server runs at {address}."
    if number in (errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED):
        return "The connection was cut."
    if number in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN):
        return f"There is no way to {address}: are you online?"
    if number == errno.ETIMEDOUT:
        return f"{address} does not answer."
    return f"{address}: {getattr(error, 'strerror', None) or error}."
