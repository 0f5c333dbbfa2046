"""The load: the same for every server, and every delivery is checked.

A sender keeps `window` messages under way: it sends the next one as soon as a witness, one client of the channel, has
heard the last. Only witnesses are read meanwhile, without sleeping, so that a Python program is fast enough to keep a
server busy that is written in C. After some turns of each sender all the other clients are read, too, and checked.
When as many send as in W3 and W7, one turn is a check: all write at once, then all is read. What counts is the CPU time
that the server has used, so it does not matter that it idles while the generator checks.
"""

from __future__ import annotations

import re
import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from measure import workloads as say
from measure.workloads import Workload

_CHUNK = 1 << 20
_PATIENCE = 10.0
"""Seconds of silence after which what is missing is lost."""
_TOKEN = "~{sender:05x}.{number:06x}~"
_SIZE = 64
_PADDING = "x" * (_SIZE - len(_TOKEN.format(sender=0, number=0)))
_TAIL = 1 << 15
"""Bytes of the last that a client heard that are looked at while all connect."""
_ONE_SOURCE = 20_000
"""Connections from one local address: fewer than the 28,232 ports that Linux gives by default."""

_LINES = {
    "irc": rb":u([0-9]+)![^ \r\n]+ PRIVMSG ([^ \r\n]+) :~([0-9a-f]{5})\.([0-9a-f]{6})~" + _PADDING.encode() + rb"\r?\n",
    "json": rb'\{"response":"message","sender":"u([0-9]+)","to":"([^"]+)"[^{}\n]*"content":"'
    rb"~([0-9a-f]{5})\.([0-9a-f]{6})~" + _PADDING.encode() + rb'"[^{}\n]*\}\n',
}  # fmt: skip
"""A message as a server delivers it: who by, where to, and the token."""

Delivery = tuple[int, int, bytes]
"""A sender, the number of its message, and the channel or user to which it went."""


class Lost(Exception):
    """Nothing came any more though something was due; the text says what."""


@dataclass(slots=True)
class Wrong:
    """What must be 0 in a good run."""

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


class Peer:
    """One client: its connection, the bytes of an unfinished line, and the last number heard of each sender."""

    __slots__ = ("channel", "gone", "heard", "missed", "number", "sock", "tail")

    def __init__(self, number: int, channel: str, sock: socket.socket) -> None:
        self.number = number
        self.channel = channel
        self.sock = sock
        self.tail = b""
        self.gone = False
        self.heard: dict[int, int] = {}
        self.missed: set[tuple[int, int]] = set()


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
    latencies: list[float] | None = None
    """Seconds from the moment a message was due to each of its deliveries, if they are to be kept."""
    _due: dict[tuple[int, int], float] = field(default_factory=dict)
    _peers: list[Peer] = field(default_factory=list)
    _by_fd: dict[int, Peer] = field(default_factory=dict)
    _epoll: select.epoll = field(default_factory=select.epoll)
    _numbers: list[int] = field(default_factory=list)
    _witnesses: list[Peer] = field(default_factory=list)
    _scan: Callable[[bytes], tuple[tuple[Delivery, ...], tuple[bytes, ...]]] = field(init=False)

    def __post_init__(self) -> None:
        self._scan = _scanner(self.dialect)

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
        self._numbers = [0] * self.workload.senders
        self._witnesses = [self._witness(sender) for sender in range(self.workload.senders)]

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

    def _message(self, sender: int) -> bytes:
        self._numbers[sender] = number = self._numbers[sender] + 1
        text = _TOKEN.format(sender=sender, number=number) + _PADDING
        return say.message(self.dialect, self._target(sender), text)

    def _target(self, sender: int) -> str:
        """Where a sender's messages go: direct ones from the even to the next odd, and back."""
        return f"u{sender ^ 1}" if self.workload.direct else self.workload.channel(sender)

    def rounds(self, seconds: float) -> int:
        """Sends for so long; returns how many messages that were, all of which have arrived. Raises Lost."""
        workload = self.workload
        expected = workload.deliveries(echo=False) // workload.window * workload.turns
        end = time.monotonic() + seconds
        sent = 0
        while time.monotonic() < end:
            goal = self.heard + expected
            at_first = min(workload.window, workload.turns)
            outgoing = [
                b"".join([self._message(sender) for _ in range(at_first)])
                for sender in range(workload.senders)
            ]
            for peer, data in zip(self._peers, outgoing, strict=False):
                peer.sock.send(data)
            if workload.turns > at_first:
                self._follow_witnesses(workload.turns - at_first)
            self._until(goal)
            sent += workload.turns * workload.senders
        return sent

    def _follow_witnesses(self, more: int) -> None:
        """Lets each sender send so many more messages, each as soon as one before it has reached its witness."""
        left = [more] * self.workload.senders
        todo = sum(left)
        deadline = time.monotonic() + _PATIENCE
        with select.epoll() as watch:
            for fd in {witness.sock.fileno() for witness in self._witnesses}:
                watch.register(fd, select.EPOLLIN)
            while todo:
                if self.wrong.dropped or time.monotonic() > deadline:
                    raise Lost(f"{todo} messages could not be sent")
                ready = watch.poll(0)
                for sender, heard in self._turn([self._by_fd[fd] for fd, _ in ready]).items():
                    if count := min(heard, left[sender]):
                        left[sender] -= count
                        todo -= count
                        data = b"".join([self._message(sender) for _ in range(count)])
                        self._peers[sender].sock.send(data)

    def _witness(self, sender: int) -> Peer:
        """The client whose hearing of a sender's messages stands for all: the last of its channel but itself."""
        clients, channels = self.workload.clients, self.workload.channels
        last = max(number for number in range(sender % channels, clients, channels) if number != sender)
        return self._peers[last]

    def _turn(self, witnesses: Sequence[Peer]) -> Counter[int]:
        """Reads some witnesses; returns how many messages of each sender these have heard as their witness."""
        found: Counter[int] = Counter()
        for witness in witnesses:
            for sender, _, _ in self.take(witness, self._receive(witness), time.monotonic()):
                if self._witnesses[sender] is witness:
                    found[sender] += 1
        return found

    def at_rate(self, rate: float, seconds: float) -> None:
        """Sends so many messages a second, whatever comes back; their latencies are in `latencies`. Raises Lost."""
        self.latencies = []
        count = int(rate * seconds)
        each = self.workload.deliveries(echo=False) // self.workload.messages
        goal = self.heard + count * each
        start = time.monotonic()
        for index in range(count):
            due = start + index / rate
            while (now := time.monotonic()) < due:
                # epoll's own timeout is rounded up to milliseconds; select() on the epoll is not.
                if select.select([self._epoll], [], [], due - now)[0]:
                    self._read(0)
            sender = index % self.workload.senders
            data = self._message(sender)
            self._due[sender, self._numbers[sender]] = due
            self._peers[sender].sock.send(data)
        self._until(goal)

    def _until(self, goal: int) -> None:
        while self.heard < goal:
            if not self._read(_PATIENCE):
                self.wrong.lost += goal - self.heard
                raise Lost(f"{goal - self.heard} deliveries did not come")
            if self.wrong.dropped:
                raise Lost("the server closed a connection")

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

    def _read(self, timeout: float) -> bool:
        """Reads all that has come, and checks it; returns whether there was anything."""
        ready = self._epoll.poll(timeout)
        by_fd = self._by_fd
        come = [(peer, self._receive(peer)) for peer in [by_fd[fd] for fd, _ in ready]]
        now = time.monotonic()
        for peer, data in come:
            self.take(peer, data, now)
        return bool(ready)

    def take(self, peer: Peer, fresh: bytes, now: float) -> Sequence[Delivery]:
        """Checks what a client has received; returns the deliveries in it."""
        data = peer.tail + fresh if peer.tail else fresh
        end = data.rfind(b"\n") + 1
        peer.tail = data[end:]
        found, others = self._scan(data[:end])
        if found:
            self._check(peer, found, now)
        for line in others:
            self._other(peer, line)
        return found

    def _check(self, peer: Peer, found: Sequence[Delivery], now: float) -> None:
        heard = peer.heard
        for sender, number, target in found:
            last = heard.get(sender)
            if last is None:
                last = 0
                if self._strays(peer, sender, target):
                    self.wrong.strayed += 1
                    continue
            if number == last + 1:
                heard[sender] = number
            elif number > last:
                peer.missed.update((sender, missing) for missing in range(last + 1, number))
                heard[sender] = number
            elif (sender, number) in peer.missed:
                peer.missed.discard((sender, number))
                self.wrong.disordered += 1
            else:
                self.wrong.doubled += 1
                continue
            self.heard += 1
        if self.latencies is not None:
            due = self._due
            self.latencies += [now - due[sender, number] for sender, number, _ in found]

    def _strays(self, peer: Peer, sender: int, target: bytes) -> bool:
        """Whether the first message of a sender should not have come to this client."""
        if self.workload.direct:
            return sender != peer.number ^ 1 or target.decode() != f"u{peer.number}"
        return (
            sender == peer.number or target.decode() != peer.channel or self._target(sender) != peer.channel
        )

    def _other(self, peer: Peer, line: bytes) -> None:
        if _PADDING.encode() in line:
            self.wrong.mangled += 1
        elif line.startswith(b"PING"):
            self._pong(peer, line)

    @staticmethod
    def _pong(peer: Peer, data: bytes) -> None:
        token = re.search(rb"PING ?(:?[^\r\n]*)", data)
        if token is not None:
            peer.sock.send(b"PONG " + token[1] + b"\r\n")


def _scanner(dialect: str) -> Callable[[bytes], tuple[tuple[Delivery, ...], tuple[bytes, ...]]]:
    """A function that takes whole lines apart: into deliveries, and lines that are none.

    The members of a channel mostly receive the same bytes, so what was found in a chunk is remembered.
    """
    pattern = re.compile(_LINES[dialect])

    @lru_cache(maxsize=512)
    def scan(lines: bytes) -> tuple[tuple[Delivery, ...], tuple[bytes, ...]]:
        found = [
            (int(sender, 16), int(number, 16), target)
            for name, target, sender, number in pattern.findall(lines)
            if int(name) == int(sender, 16)
        ]
        if len(found) == lines.count(b"\n"):
            return tuple(found), ()
        rest = [line for line in lines.splitlines(keepends=True) if not pattern.fullmatch(line)]
        return tuple(found), tuple(line for line in rest if not line.startswith(b'{"response":"ok"'))

    return scan
