"""The load: the same for every server, and every delivery is checked.

A sender keeps `window` messages under way: as soon as the last receiver has one, it sends the next. Connecting and
logging in is done here; the sending and checking by a few lines of C (see engine.py), because a program in Python is
too slow for it: senders that wait for the same delivery would write one after the other, and no server could read
several messages at a time as it does under load.
"""

from __future__ import annotations

import re
import select
import socket
from dataclasses import dataclass, field

from measure import workloads as say
from measure.engine import Engine, Load, Result
from measure.workloads import Workload

_CHUNK = 1 << 20
_PATIENCE = 10.0
"""Seconds of silence after which what is missing is lost."""
_TOKEN = b"~00000.000000~"
"""Where the engine writes a sender and a number."""
_SIZE = 64
_PADDING = b"x" * (_SIZE - len(_TOKEN))
_AFTER = {"irc": b"\r", "json": b'"'}
"""What follows the text of a message in the line that delivers it."""
_TAIL = 1 << 15
"""Bytes of the last that a client heard that are looked at while all connect."""
_ONE_SOURCE = 20_000
"""Connections from one local address: fewer than the 28,232 ports that Linux gives by default."""


class Lost(Exception):
    """Nothing came any more though something was due; the text says what."""


@dataclass(slots=True)
class Wrong:
    """What must be 0 in a good run: deliveries that did not come, came again or late, came too early, were changed,
    were for somebody else; and connections that were closed.
    """

    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    mangled: int = 0
    strayed: int = 0
    dropped: int = 0

    @property
    def total(self) -> int:
        """All of them together."""
        return self.lost + self.doubled + self.disordered + self.mangled + self.strayed + self.dropped

    def add(self, result: Result) -> None:
        """Counts what was wrong in a run."""
        self.lost += result.lost
        self.doubled += result.doubled
        self.disordered += result.disordered
        self.mangled += result.mangled
        self.strayed += result.strayed
        self.dropped += result.dropped


class Peer:
    """One client: its connection, and the last bytes that it heard while all connect."""

    __slots__ = ("channel", "gone", "number", "sock", "tail")

    def __init__(self, number: int, channel: str, sock: socket.socket) -> None:
        self.number = number
        self.channel = channel
        self.sock = sock
        self.tail = b""
        self.gone = False


@dataclass(slots=True)
class Generator:
    """The clients of one workload on a server's port. `quick` acknowledges at once what arrives (see Subject.nagle)."""

    workload: Workload
    dialect: str
    port: int
    quick: bool = False
    backlog: int = 256
    wrong: Wrong = field(default_factory=Wrong)
    heard: int = 0
    """Deliveries so far."""
    latencies: list[float] = field(default_factory=list)
    """Seconds from the moment a message was due to each of its deliveries, in the last run `at_rate`."""
    _peers: list[Peer] = field(default_factory=list)
    _by_fd: dict[int, Peer] = field(default_factory=dict)
    _epoll: select.epoll = field(default_factory=select.epoll)
    _engine: Engine | None = None

    # ---- connecting -------------------------------------------------------------------------------------------

    def connect(self) -> None:
        """Connects all clients, logs them in and lets them join, some at a time. Raises Lost, OSError."""
        waiting: dict[int, bytes] = {}
        todo = iter(range(self.workload.clients))
        more = True
        while more or waiting:
            while more and len(waiting) < self.backlog:
                number = next(todo, None)
                if number is None:
                    more = False
                    break
                peer = self._open(number)
                waiting[peer.sock.fileno()] = say.WELCOME[self.dialect]
            if not waiting:
                break
            ready = self._epoll.poll(_PATIENCE)
            if not ready:
                raise Lost(f"{len(waiting)} clients could not join")
            for fd, _ in ready:
                peer = self._by_fd[fd]
                peer.tail = (peer.tail + self._receive(peer))[-_TAIL:]
                if fd in waiting and waiting[fd] in peer.tail:
                    self._go_on(peer, waiting)
                elif fd in waiting and peer.tail.startswith(b"PING "):
                    self._pong(peer, peer.tail)
        self.settle()

    def _go_on(self, peer: Peer, waiting: dict[int, bytes]) -> None:
        """The next step of a client that has got the answer it was waiting for: to join, once it is logged in."""
        fd = peer.sock.fileno()
        if waiting[fd] == say.WELCOME[self.dialect]:
            waiting[fd] = say.joined(self.dialect, peer.channel)
            peer.sock.send(say.join(self.dialect, peer.channel))
        else:
            del waiting[fd]

    def _open(self, number: int) -> Peer:
        sock = socket.socket()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # leave no TIME_WAIT behind
        if source := number // _ONE_SOURCE:
            sock.bind((f"127.0.0.{source + 1}", 0))
        sock.settimeout(_PATIENCE)
        sock.connect(("127.0.0.1", self.port))
        sock.setblocking(False)
        channel = self.workload.channel(number)
        peer = Peer(number, channel, sock)
        self._peers.append(peer)
        self._by_fd[sock.fileno()] = peer
        self._epoll.register(sock, select.EPOLLIN)
        sock.send(say.login(self.dialect, f"u{number}"))
        return peer

    def settle(self, silence: float = 0.2) -> None:
        """Reads whatever is still on its way until nothing has come for some seconds."""
        while ready := self._epoll.poll(silence):
            for fd, _ in ready:
                self._receive(self._by_fd[fd])
        for peer in self._peers:
            peer.tail = b""

    def close(self) -> None:
        """Closes all connections."""
        for peer in self._peers:
            peer.sock.close()
        self._epoll.close()

    # ---- sending ----------------------------------------------------------------------------------------------

    def closed_loop(self, seconds: float) -> int:
        """Sends for so long, as much as the workload's window allows; returns how many messages that were, all of which
        have arrived. Raises Lost, RuntimeError.
        """
        result, _ = self._made().run(seconds, _PATIENCE)
        self._judge(result)
        return result.sent

    def at_rate(self, rate: float, seconds: float) -> None:
        """Sends so many messages a second, whatever comes back; their latencies are in `latencies`. Raises Lost,
        RuntimeError.
        """
        each = self.workload.deliveries(echo=False) // self.workload.messages
        result, self.latencies = self._made().run(seconds, _PATIENCE, rate, int(rate * seconds) * each)
        self._judge(result)

    def _made(self) -> Engine:
        if self._engine is None:
            self._engine = Engine(load(self.workload, self.dialect, self._peers, quick=self.quick))
        return self._engine

    def _judge(self, result: Result) -> None:
        self.heard += result.heard
        self.wrong.add(result)
        if result.dropped:
            raise Lost("the server closed a connection")
        if result.lost:
            raise Lost(f"{result.lost} deliveries did not come")

    # ---- receiving --------------------------------------------------------------------------------------------

    def _receive(self, peer: Peer) -> bytes:
        try:
            data = peer.sock.recv(_CHUNK)
            if self.quick:
                peer.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data and not peer.gone:
            peer.gone = True
            self.wrong.dropped += 1
            self._epoll.unregister(peer.sock)
        return data

    @staticmethod
    def _pong(peer: Peer, data: bytes) -> None:
        token = re.search(rb"PING ?(:?[^\r\n]*)", data)
        if token is not None:
            peer.sock.send(b"PONG " + token[1] + b"\r\n")


def load(workload: Workload, dialect: str, peers: list[Peer], *, quick: bool = False) -> Load:
    """What the clients of a workload send, in the engine's terms. Direct messages go from the even to the next odd
    client, and back.
    """
    direct, senders = workload.direct, range(workload.senders)
    targets = [f"u{sender ^ 1}" if direct else peers[sender].channel for sender in senders]
    messages = [say.message(dialect, target, (_TOKEN + _PADDING).decode()) for target in targets]
    members = [len(range(number, workload.clients, workload.channels)) for number in range(workload.channels)]
    return Load(
        sockets=[peer.sock.fileno() for peer in peers],
        channels=[peer.number % workload.channels for peer in peers],
        messages=messages,
        places=[message.index(_TOKEN) for message in messages],
        receivers=[1 if direct else members[sender % workload.channels] - 1 for sender in senders],
        window=workload.window,
        direct=direct,
        quick=quick,
        text=_PADDING,
        after=_AFTER[dialect],
    )
